// Part of server.cpp: what all connections share. The web thread only.
#pragma once

namespace hefang::web {
namespace {

using Message = std::shared_ptr<const std::string>;

class Stream;
class Connection;

struct Hub {
    Hub(Archive& a, const Limits& l, Routes::Sources sources) : archive(a), limits(l), routes(std::move(sources)) {}

    Archive& archive;
    const Limits limits;
    Routes routes;
    Counters* refusals = nullptr;
    std::uint64_t last = 0;  ///< newest sequence that streams may be told of
    Message board, health;   ///< newest event of each kind; null until there is one
    std::unordered_set<Connection*> connections;
    std::unordered_set<Stream*> streams;

    [[nodiscard]] std::size_t occupied() const { return connections.size() + streams.size(); }
};

Message event_of(std::string_view name, std::string_view data) {
    return std::make_shared<std::string>("event: " + std::string(name) + "\ndata: " + std::string(data) + "\n\n");
}

/// `bytes` is canonical JSON: one line, so one data field.
Message fact_event(std::uint64_t sequence, std::string bytes) {
    return std::make_shared<std::string>("id: " + std::to_string(sequence) +
                                         "\nevent: fact\ndata: " + for_staff(std::move(bytes)) + "\n\n");
}

/// The number of the client counts no more; the id makes it resume after `last` from now on.
Message reset_event(std::uint64_t last) {
    const auto number = std::to_string(last);
    return std::make_shared<std::string>("id: " + number + "\nevent: reset\ndata: {\"last\":\"" + number + "\"}\n\n");
}

/// Status line and fields. No value of it comes from a request.
std::string header_text(const Response& response, std::size_t length, bool keep) {
    const auto status = static_cast<http::status>(response.status);
    std::string out =
        "HTTP/1.1 " + std::to_string(response.status) + ' ' + std::string(http::obsolete_reason(status)) + "\r\n";
    const auto field = [&](std::string_view name, std::string_view value) {
        out += std::string(name) + ": " + std::string(value) + "\r\n";
    };
    field("Server", "hefang");
    if (response.status != 304) field("Content-Type", response.type);
    if (!response.live && response.status != 304) field("Content-Length", std::to_string(length));
    bool cached = false;
    for (const auto& [name, value] : response.fields) {
        field(name, value);
        cached = cached || name == "Cache-Control";
    }
    if (!cached) field("Cache-Control", "no-store");
    field("Content-Security-Policy",
          "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; "
          "base-uri 'none'; form-action 'none'; frame-ancestors 'none'");
    field("X-Content-Type-Options", "nosniff");
    field("X-Frame-Options", "DENY");
    field("Referrer-Policy", "no-referrer");
    field("Cross-Origin-Resource-Policy", "same-origin");
    field("Cross-Origin-Opener-Policy", "same-origin");
    if (!keep) field("Connection", "close");
    return out + "\r\n";
}

}  // namespace
}  // namespace hefang::web
