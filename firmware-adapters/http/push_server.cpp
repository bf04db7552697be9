#include "http/push_server.hpp"

#include <algorithm>
#include <array>
#include <utility>

namespace hefang::http {
namespace {

constexpr std::chrono::milliseconds drain{200};  // for what the client still sends behind an answer that ends it

std::string_view phrase(int status) {
    switch (status) {
        case 200: return "OK";
        case 400: return "Bad Request";
        case 401: return "Unauthorized";
        case 404: return "Not Found";
        case 405: return "Method Not Allowed";
        case 408: return "Request Timeout";
        case 413: return "Payload Too Large";
        case 415: return "Unsupported Media Type";
        case 431: return "Request Header Fields Too Large";
        case 503: return "Service Unavailable";
        default: return "Refused";
    }
}

}  // namespace

PushServer::PushServer(link::HttpListenAddress address, std::optional<Credentials> who, PushLimits limits)
    : address_(std::move(address)),
      limits_(limits),
      endpoint_(link::TcpListenAddress{address_.host, address_.port}),
      reader_(limits.body_bytes) {
    if (who) gate_.emplace(*std::move(who));
}

Result<std::uint16_t> PushServer::listen() { return endpoint_.listen(); }

void PushServer::hang_up() {
    link_.reset();
    reader_ = RequestReader(limits_.body_bytes);
}

Result<Push> PushServer::next(std::chrono::milliseconds limit, Counters& counters, const link::Stop& stop) {
    const auto until = Clock::now() + limit;
    for (;;) {
        if (!link_) {
            const auto left = std::chrono::ceil<std::chrono::milliseconds>(until - Clock::now());
            auto link = endpoint_.accept(std::max(left, std::chrono::milliseconds(0)), stop);
            if (!link) return tl::unexpected(link.error());
            link_ = std::move(*link);
            counters.add("connections");
            began_ = Clock::now();
            waits_ = true;
        }
        if (reader_.complete()) {
            if (fits(counters, stop)) return Push{reader_.field("Content-Type"), reader_.take_body()};
            continue;
        }
        if (auto done = read_some(until, counters, stop); !done) return tl::unexpected(done.error());
    }
}

/// One read. What ends the connection is no error: the next one is waited for.
Result<void> PushServer::read_some(Clock::time_point until, Counters& counters, const link::Stop& stop) {
    if (waits_ && reader_.begun()) {
        waits_ = false;
        began_ = Clock::now();
    }
    link_->may_be_replaced(waits_);
    const auto ends = began_ + (waits_ ? limits_.idle : limits_.request);
    const auto left = std::chrono::ceil<std::chrono::milliseconds>(std::min(until, ends) - Clock::now());
    std::array<char, 16'384> buffer{};
    const auto n = link_->read_some(buffer, std::max(left, std::chrono::milliseconds(0)), stop);
    if (n) {
        counters.add("bytes", *n);
        const auto fault = reader_.feed({buffer.data(), *n});
        if (fault != Fault::none) {
            give_up(fault, counters, stop);
        } else if (reader_.asks_to_continue()) {
            (void)link_->write_all("HTTP/1.1 100 Continue\r\n\r\n", limits_.write, stop);
        }
        return {};
    }
    if (stop.requested()) return tl::unexpected(n.error());
    if (n.error().code != Errc::timeout) {
        if (!waits_) counters.add("refused-http-cut-short");
        hang_up();
    } else if (Clock::now() >= ends) {
        if (waits_) {
            hang_up();
        } else {
            refuse(408, counters, stop);
        }
    } else if (Clock::now() >= until) {
        return tl::unexpected(n.error());
    }
    return {};
}

/// Whether the complete request is a push for us; else it was answered.
bool PushServer::fits(Counters& counters, const link::Stop& stop) {
    const auto target = reader_.target();
    const auto method = reader_.method();
    if (target.substr(0, target.find('?')) != address_.path) return answer(404, counters, stop), false;
    if (method != "POST" && method != "PUT") return answer(405, counters, stop), false;
    if (gate_ && !gate_->admits(reader_.field("Authorization"), method, target))
        return answer(401, counters, stop), false;
    return true;
}

void PushServer::answer(int status, Counters& counters, const link::Stop& stop) {
    if (!link_) return;
    if (status != 200) counters.add("refused-http-" + std::to_string(status));
    const bool keep = reader_.keep_alive();
    const auto fields = status == 401   ? "WWW-Authenticate: " + gate_->challenge() + "\r\n"
                        : status == 405 ? std::string("Allow: POST, PUT\r\n")
                                        : std::string();
    send(status, fields, keep, stop);
    if (!keep || !link_) return hang_up();
    began_ = Clock::now();
    waits_ = true;
    if (const auto fault = reader_.next(); fault != Fault::none) give_up(fault, counters, stop);
}

void PushServer::give_up(Fault fault, Counters& counters, const link::Stop& stop) {
    refuse(fault == Fault::header_too_long ? 431 : fault == Fault::body_too_long ? 413 : 400, counters, stop);
}

/// Answers what cannot be read to its end, and hangs up; closing over unread bytes would reset the answer away.
void PushServer::refuse(int status, Counters& counters, const link::Stop& stop) {
    counters.add("refused-http-" + std::to_string(status));
    send(status, {}, false, stop);
    std::array<char, 16'384> rest{};
    const auto until = Clock::now() + drain;
    while (link_ && Clock::now() < until && link_->read_some(rest, drain, stop)) {
    }
    hang_up();
}

void PushServer::send(int status, const std::string& fields, bool keep, const link::Stop& stop) {
    const auto text = "HTTP/1.1 " + std::to_string(status) + " " + std::string(phrase(status)) + "\r\n" + fields +
                      (keep ? "" : "Connection: close\r\n") + "Content-Length: 0\r\n\r\n";
    if (!link_->write_all(text, limits_.write, stop)) link_.reset();
}

}  // namespace hefang::http
