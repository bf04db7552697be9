#include "http/get_stream.hpp"

#include "base/text.hpp"

#include <array>
#include <utility>

namespace hefang::http {
namespace {

std::string host_of(const link::HttpAddress& address) {
    const bool six = address.host.find(':') != std::string::npos;
    return (six ? "[" + address.host + "]" : address.host) + ":" + std::to_string(address.port);
}

}  // namespace

Result<void> GetStream::take(std::chrono::milliseconds limit, const link::Stop& stop) {
    std::array<char, 16'384> buffer{};
    const auto n = link_->read_some(buffer, limit, stop);
    if (!n) return tl::unexpected(n.error());
    switch (reader_.feed({buffer.data(), *n})) {
        case Fault::none: return {};
        case Fault::header_too_long: return fail(Errc::refused, "the answer's header is too long");
        case Fault::body_too_long:
        case Fault::malformed: break;
    }
    return fail(Errc::refused, "the answer is no HTTP");
}

Result<void> GetStream::ask(const link::HttpAddress& address, const std::string& target, const std::string& field,
                            const link::Stop& stop) {
    const auto until = std::chrono::steady_clock::now() + answer_limit;
    const auto text = "GET " + target + " HTTP/1.1\r\nHost: " + host_of(address) + "\r\nUser-Agent: hefang\r\n" +
                      (field.empty() ? "" : "Authorization: " + field + "\r\n") + "\r\n";
    if (auto sent = link_->write_all(text, answer_limit, stop); !sent) return sent;
    while (!reader_.header_complete()) {
        const auto left = std::chrono::ceil<std::chrono::milliseconds>(until - std::chrono::steady_clock::now());
        if (left.count() <= 0) return fail(Errc::timeout, link::to_text(address) + ": no answer within the limit");
        if (auto done = take(left, stop); !done) return done;
    }
    return {};
}

Result<GetStream> GetStream::open(const link::HttpAddress& address, const std::string& target,
                                  const std::optional<Credentials>& who, const link::Stop& stop) {
    std::string field;
    for (;;) {
        auto link = link::open_link(link::TcpAddress{address.host, address.port}, answer_limit, stop);
        if (!link) return tl::unexpected(link.error());
        GetStream stream(std::move(*link));
        if (auto done = stream.ask(address, target, field, stop); !done) return tl::unexpected(done.error());
        const auto status = stream.reader_.status();
        if (status == 200) return stream;
        const auto refused = [&](const std::string& why) {
            return fail(Errc::refused, link::to_text(address) + " answers " + std::to_string(status) + why);
        };
        if (status != 401) return refused("");
        if (!field.empty()) return refused(": user name or password is wrong");
        if (!who) return refused(": it wants a username and a password_file");
        const auto challenge = parse_challenge(stream.reader_.field("WWW-Authenticate"));
        if (!challenge) return refused(" and offers no digest access");
        const auto cnonce = random_word();
        field = authorization(*challenge, *who, {"GET", target, 1, cnonce});
    }
}

Result<std::string> GetStream::read(std::chrono::milliseconds limit, const link::Stop& stop) {
    const auto until = std::chrono::steady_clock::now() + limit;
    for (;;) {
        if (auto body = reader_.take_body(); !body.empty()) return body;
        if (reader_.complete()) return fail(Errc::closed, "the answer ended");
        const auto left = std::chrono::ceil<std::chrono::milliseconds>(until - std::chrono::steady_clock::now());
        if (left.count() <= 0) return fail(Errc::timeout, "nothing within the limit");
        if (auto done = take(left, stop); !done) return tl::unexpected(done.error());
    }
}

}  // namespace hefang::http
