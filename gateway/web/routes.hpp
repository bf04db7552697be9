#pragma once
#include "base/counters.hpp"
#include "web/archive.hpp"
#include "web/asset.hpp"
#include "web/board.hpp"
#include "web/passages.hpp"

#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace hefang::web {

/// One GET or HEAD, header fields already taken apart. Views live as long as the call.
struct Request {
    std::string_view method, target;
    std::vector<std::string_view> hosts, origins;  ///< every value that came
    std::string_view if_none_match, last_event_id;
    std::string_view fetch_site, fetch_mode;  ///< whose page asks, and for what; empty when the client does not say
    bool gzip = false;                        ///< the client accepts it
    bool body = false;                        ///< a body follows the header
};

/// `live`: no body; the connection becomes an event stream that begins after `live_after` (none: with what comes next).
struct Response {
    int status = 200;
    std::string type = "application/json; charset=utf-8";
    std::string body;
    std::string_view embedded;  ///< used instead of `body` when not empty; lives as long as the program
    std::vector<std::pair<std::string_view, std::string>> fields;
    std::string refused;  ///< the word of the refusal; empty when it was answered
    bool live = false;
    std::optional<std::uint64_t> live_after;
};

/// {"error":{"code","detail"}} with `code` a stable word, counted by the caller under that word.
[[nodiscard]] Response refusal(int status, std::string_view code, std::string_view detail);

/// What the gateway answers to which target; knows nothing of sockets. All on the web thread.
class Routes {
  public:
    struct Sources {
        Archive& archive;
        std::function<Health()> health;
        std::vector<std::string> hosts;  ///< allowed besides the loopback names
        std::span<const Asset> assets;
        Counters& responses;
        Counters& refusals;
    };

    explicit Routes(Sources from);

    [[nodiscard]] Response answer(const Request& request) { return counted(decide(request)); }
    /// Counts by status, and by reason when it is a refusal; what answer() gave is counted already.
    [[nodiscard]] Response counted(Response response) const;

    /// A further name that this gateway answers under, lower case, no port. Before the first request only.
    void allow_host(std::string name) { from_.hosts.push_back(std::move(name)); }
    void board(std::shared_ptr<const Board> board) { board_ = std::move(board); }
    [[nodiscard]] Passages& passages() { return passages_; }
    /// As the source says it; the board knows better whether it runs degraded.
    [[nodiscard]] Health health() const;
    [[nodiscard]] const Board* board() const { return board_.get(); }
    /// Gauges for /metrics.
    void occupancy(std::size_t connections, std::size_t streams) {
        connections_ = connections;
        streams_ = streams;
    }

  private:
    [[nodiscard]] Response decide(const Request& request);
    [[nodiscard]] std::optional<Response> unfit(const Request& request) const;
    [[nodiscard]] Response route(const Request& request);
    [[nodiscard]] Response asset(const Request& request, std::string_view path) const;
    [[nodiscard]] Response facts(const std::map<std::string, std::string>& query);
    [[nodiscard]] Response passages(const std::map<std::string, std::string>& query) const;
    [[nodiscard]] Response track(const std::string& number);
    [[nodiscard]] Response metrics() const;

    Sources from_;
    std::shared_ptr<const Board> board_;
    Passages passages_;
    std::size_t connections_ = 0, streams_ = 0;
};

}  // namespace hefang::web
