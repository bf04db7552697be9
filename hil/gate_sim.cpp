#include "hil/gate_sim.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <utility>

namespace hefang::hil {
namespace {

constexpr std::chrono::milliseconds patience{2'000};
constexpr std::chrono::milliseconds look{20};
constexpr std::string_view boundary = "myboundary";

/// The value of a field in a header, by its name with the colon.
std::string field_of(const std::string& header, const std::string& name) {
    const auto at = header.find("\r\n" + name + ": ");
    if (at == std::string::npos) return {};
    const auto begin = at + name.size() + 4;
    return header.substr(begin, header.find("\r\n", begin) - begin);
}

Result<std::string> read_header(link::Link& link, std::chrono::milliseconds limit, const link::Stop& stop) {
    std::string header;
    std::array<char, 1'000> buffer{};
    while (header.find("\r\n\r\n") == std::string::npos) {
        const auto n = link.read_some(buffer, limit, stop);
        if (!n) return tl::unexpected(n.error());
        header.append(buffer.data(), *n);
    }
    return header;
}

}  // namespace

std::string jpeg_like(std::size_t bytes, unsigned number) {
    std::string out = "\xFF\xD8\xFF\xE0";
    while (out.size() < bytes) out += static_cast<char>(number++ * 31);
    return out;
}

HikvisionSim::HikvisionSim(std::uint16_t port, std::string path, std::optional<http::Credentials> who)
    : port_(port), path_(std::move(path)), who_(std::move(who)) {}

Result<int> HikvisionSim::push(const codec::PlateEvent& event, int count, std::size_t pictures) {
    auto body =
        codec::encode_part(boundary, "Content-Disposition: form-data; name=\"anpr.xml\"; filename=\"anpr.xml\"\r\n",
                           "application/xml", codec::encode_hikvision(event, count));
    for (std::size_t i = 0; i < pictures; ++i)
        body += codec::encode_part(boundary, "Content-Disposition: form-data; name=\"detectionPicture.jpg\"\r\n",
                                   "image/jpeg", jpeg_like(2'000, static_cast<unsigned>(i)));
    return push_body("multipart/form-data; boundary=" + std::string(boundary),
                     body + "--" + std::string(boundary) + "--\r\n");
}

Result<int> HikvisionSim::heartbeat() { return push_body("application/xml", codec::encode_hikvision_heartbeat()); }

Result<int> HikvisionSim::push_body(const std::string& content_type, const std::string& body) {
    std::string challenge;
    auto status = send(content_type, body, {}, challenge);
    if (!status || *status != 401 || !who_) return status;
    const auto asked = http::parse_challenge(challenge);
    if (!asked) return status;
    const auto cnonce = http::random_word();
    return send(content_type, body, http::authorization(*asked, *who_, {"POST", path_, 1, cnonce}), challenge);
}

Result<int> HikvisionSim::send(const std::string& content_type, const std::string& body,
                               const std::string& authorization, std::string& challenge) {
    if (!link_) {
        auto link = link::TcpClientLink::open({"127.0.0.1", port_}, stop_);
        if (!link) return tl::unexpected(link.error());
        link_ = std::move(*link);
    }
    std::string all = "POST " + path_ + " HTTP/1.1\r\nHost: gateway\r\nContent-Type: " + content_type +
                      "\r\nContent-Length: " + std::to_string(body.size()) + "\r\n" +
                      (authorization.empty() ? "" : "Authorization: " + authorization + "\r\n") + "\r\n" + body;
    const bool cut = std::exchange(cut_, false);
    if (cut) all.resize(all.size() - body.size() / 2);
    std::string_view left(all);
    while (!left.empty()) {
        const auto piece = piece_ == 0 ? left : left.substr(0, piece_);
        left.remove_prefix(piece.size());
        if (auto sent = link_->write_all(piece, patience, stop_); !sent) {
            link_.reset();
            return tl::unexpected(sent.error());
        }
        if (!left.empty() && pause_.count() > 0) std::this_thread::sleep_for(pause_);
    }
    if (cut) {
        link_.reset();
        return fail(Errc::closed, "cut on demand");
    }
    const auto answer = read_header(*link_, patience, stop_);
    if (!answer) {
        link_.reset();
        return tl::unexpected(answer.error());
    }
    if (answer->find("Connection: close") != std::string::npos) link_.reset();
    challenge = field_of(*answer, "WWW-Authenticate");
    int status = 0;
    const auto at = answer->find(' ') + 1;
    std::from_chars(answer->data() + at, answer->data() + std::min(answer->size(), at + 3), status);
    return status;
}

ServedSim::~ServedSim() { unplug(); }

Result<void> ServedSim::plug() {
    unplug();
    endpoint_ = std::make_unique<link::TcpListenEndpoint>(link::TcpListenAddress{"127.0.0.1", port_});
    const auto bound = endpoint_->listen();
    if (!bound) return tl::unexpected(bound.error());
    port_ = *bound;
    stop_ = std::make_unique<link::Stop>();
    thread_ = std::jthread([this] {
        while (!stop_->requested()) {
            auto link = endpoint_->open(look, *stop_);
            if (link) serve(**link, *stop_);
        }
    });
    return {};
}

void ServedSim::unplug() {
    if (stop_) stop_->request();
    if (thread_.joinable()) thread_.join();
    endpoint_.reset();
}

void ServedSim::queue(std::string bytes) {
    const std::lock_guard lock(mutex_);
    queued_.push_back(std::move(bytes));
}

bool ServedSim::send_queued(link::Link& link, const link::Stop& stop) {
    std::vector<std::string> now;
    {
        const std::lock_guard lock(mutex_);
        now.swap(queued_);
    }
    return std::all_of(now.begin(), now.end(),
                       [&](const std::string& bytes) { return link.write_all(bytes, patience, stop).has_value(); });
}

DahuaSim::DahuaSim(std::optional<http::Credentials> who, std::uint16_t port)
    : ServedSim(port), who_(std::move(who)), gate_(who_.value_or(http::Credentials{})) {}

void DahuaSim::event(const codec::PlateEvent& event, bool picture) {
    auto bytes = codec::encode_part(boundary, "", "text/plain", codec::encode_dahua(event));
    if (picture) bytes += codec::encode_part(boundary, "", "image/jpeg", jpeg_like(3'000, ++events_));
    queue(std::move(bytes));
}

void DahuaSim::serve(link::Link& link, const link::Stop& stop) {
    const auto header = read_header(link, patience, stop);
    if (!header || !header->starts_with("GET ")) return;
    const auto target = header->substr(4, header->find(' ', 4) - 4);
    if (who_ && !gate_.admits(field_of(*header, "Authorization"), "GET", target)) {
        (void)link.write_all(
            "HTTP/1.1 401 Unauthorized\r\nWWW-Authenticate: " + gate_.challenge() + "\r\nContent-Length: 0\r\n\r\n",
            patience, stop);
        return;
    }
    int seconds = 5;
    if (const auto at = target.find("heartbeat="); at != std::string::npos)
        std::from_chars(target.data() + at + 10, target.data() + target.size(), seconds);
    if (!link.write_all("HTTP/1.1 200 OK\r\nContent-Type: multipart/x-mixed-replace; boundary=" +
                            std::string(boundary) + "\r\n\r\n",
                        patience, stop))
        return;
    ++served_;
    auto beat = std::chrono::steady_clock::now();
    std::array<char, 100> buffer{};
    for (;;) {
        const auto n = link.read_some(buffer, look, stop);
        if (!n && n.error().code != Errc::timeout) return;
        if (silent()) continue;
        if (!send_queued(link, stop)) return;
        if (std::chrono::steady_clock::now() < beat) continue;
        beat += std::chrono::seconds(seconds);
        if (!link.write_all(codec::encode_part(boundary, "", "text/plain", "Heartbeat\r\n"), patience, stop)) return;
    }
}

LlrpSim::LlrpSim(std::uint16_t port) : ServedSim(port) {}

void LlrpSim::report(const std::vector<codec::llrp::Tag>& tags) {
    using codec::llrp::Type;
    queue(codec::llrp::encode({static_cast<std::uint16_t>(Type::ro_access_report), 1, codec::llrp::report_body(tags)}));
}

std::vector<std::uint16_t> LlrpSim::heard() const {
    const std::lock_guard lock(heard_mutex_);
    return heard_;
}

std::string LlrpSim::answer(const codec::llrp::Message& message) {
    using codec::llrp::Type;
    const auto reply = [&](Type type, std::uint16_t status = 0) {
        return codec::llrp::encode({static_cast<std::uint16_t>(type), message.id, codec::llrp::status_body(status)});
    };
    switch (static_cast<Type>(message.type)) {
        case Type::set_reader_config: {
            std::uint32_t period = 0;
            for (const char c : std::string_view(message.body).substr(std::min<std::size_t>(message.body.size(), 6)))
                period = period << 8 | static_cast<unsigned char>(c);
            keepalive_ = std::chrono::milliseconds(period);
            return reply(Type::set_reader_config_response);
        }
        case Type::delete_rospec: return reply(Type::delete_rospec_response, 100);  // there was none
        case Type::add_rospec: return reply(Type::add_rospec_response, rospec_);
        case Type::enable_rospec: return reply(Type::enable_rospec_response);
        case Type::start_rospec: ++served_; return reply(Type::start_rospec_response);
        case Type::close_connection_response:
        case Type::set_reader_config_response:
        case Type::close_connection:
        case Type::add_rospec_response:
        case Type::delete_rospec_response:
        case Type::start_rospec_response:
        case Type::enable_rospec_response:
        case Type::ro_access_report:
        case Type::keepalive:
        case Type::reader_event_notification:
        case Type::keepalive_ack:
        case Type::error_message: break;
    }
    return {};
}

void LlrpSim::serve(link::Link& link, const link::Stop& stop) {
    using codec::llrp::Type;
    const auto hello = codec::llrp::encode({static_cast<std::uint16_t>(Type::reader_event_notification), 0,
                                            codec::llrp::connection_event_body(connection_, 946'751'440'503'067)});
    if (!link.write_all(hello, patience, stop)) return;
    codec::llrp::Framer framer;
    keepalive_ = {};
    std::uint32_t id = 1'000;
    auto beat = std::chrono::steady_clock::now();
    std::array<char, 4'096> buffer{};
    for (;;) {
        const auto n = link.read_some(buffer, look, stop);
        if (!n && n.error().code != Errc::timeout) return;
        if (n) {
            for (const auto& message : framer.feed({buffer.data(), *n}).messages) {
                {
                    const std::lock_guard lock(heard_mutex_);
                    heard_.push_back(message.type);
                }
                const auto bytes = answer(message);
                if (!silent() && !bytes.empty() && !link.write_all(bytes, patience, stop)) return;
            }
        }
        if (silent()) continue;
        if (!send_queued(link, stop)) return;
        if (keepalive_.count() == 0 || std::chrono::steady_clock::now() < beat) continue;
        beat = std::chrono::steady_clock::now() + keepalive_;
        if (!link.write_all(codec::llrp::encode({static_cast<std::uint16_t>(Type::keepalive), ++id, {}}), patience,
                            stop))
            return;
    }
}

PortalSim::PortalSim(std::unique_ptr<Wire> wire, std::string line, std::chrono::milliseconds period)
    : wire_(std::move(wire)), line_(std::move(line)), period_(period) {
    thread_ = std::jthread([this] {
        do {
            const std::lock_guard lock(mutex_);
            if (!silent_ && !line_.empty()) (void)wire_->send(line_ + "\r\n");
        } while (!stop_.wait_for(period_));
    });
}

PortalSim::~PortalSim() { stop_.request(); }

void PortalSim::say(std::string line) {
    const std::lock_guard lock(mutex_);
    line_ = std::move(line);
    if (!silent_) (void)wire_->send(line_ + "\r\n");
}

Result<void> PortalSim::raw(std::string_view bytes) {
    const std::lock_guard lock(mutex_);
    return wire_->send(bytes);
}

void PortalSim::silence(bool on) {
    const std::lock_guard lock(mutex_);
    silent_ = on;
}

void PortalSim::unplug() {
    const std::lock_guard lock(mutex_);
    wire_->unplug();
}

Result<void> PortalSim::plug() {
    const std::lock_guard lock(mutex_);
    return wire_->plug();
}

}  // namespace hefang::hil
