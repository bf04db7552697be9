#include "web/routes.hpp"

#include "base/text.hpp"
#include "core/verdict.hpp"
#include "web/metrics.hpp"
#include "web/restricted.hpp"
#include "web/target.hpp"

#include <algorithm>
#include <charconv>
#include <set>

#include <nlohmann/json.hpp>

namespace hefang::web {
namespace {

using nlohmann::json;
using Query = std::map<std::string, std::string>;

constexpr std::size_t facts_default = 100, facts_most = 1000, facts_bytes = 1 << 20, facts_chunk = 64;
constexpr std::size_t number_limit = 128;  // bytes of a tracked number

constexpr std::string_view fallback_page = R"(<!doctype html>
<html lang="zh-CN"><head><meta charset="utf-8"><title>Hefang 核放</title></head><body>
<h1>Hefang 核放</h1>
<p>本程序未包含操作页面；网关照常运行。数据接口：</p>
<p lang="en">This program was built without the operator page; the gateway itself runs. What it knows is here:</p>
<ul><li><a href="/api/v1/board">/api/v1/board</a></li><li><a href="/api/v1/passages">/api/v1/passages</a></li>
<li><a href="/api/v1/facts">/api/v1/facts</a></li><li><a href="/api/v1/reasons">/api/v1/reasons</a></li>
<li><a href="/healthz">/healthz</a></li><li><a href="/metrics">/metrics</a></li></ul>
</body></html>
)";

Response ok(std::string body) {
    Response out;
    out.body = std::move(body);
    return out;
}

/// A whole decimal number within [low, high]; `otherwise` when the parameter is absent, none when it is wrong.
std::optional<std::uint64_t> number(const Query& query, const std::string& name, std::uint64_t otherwise,
                                    std::uint64_t low, std::uint64_t high) {
    const auto at = query.find(name);
    if (at == query.end()) return otherwise;
    std::uint64_t value = 0;
    const char* end = at->second.data() + at->second.size();
    const auto [stop, error] = std::from_chars(at->second.data(), end, value);
    if (error != std::errc{} || stop != end || value < low || value > high) return std::nullopt;
    return value;
}

Response live(std::string_view last_event_id) {
    Response out;
    out.type = "text/event-stream; charset=utf-8";
    out.live = true;
    if (last_event_id.empty()) return out;
    const auto after = number({{"id", std::string(last_event_id)}}, "id", 0, 0, ~std::uint64_t{0} - 1);
    if (!after) return refusal(400, "bad-event-id", "Last-Event-ID must be a sequence");
    out.live_after = *after;
    return out;
}

bool only(const Query& query, const std::set<std::string_view>& allowed) {
    return std::all_of(query.begin(), query.end(), [&](const auto& pair) { return allowed.contains(pair.first); });
}

Response wrong_query(std::string_view detail) { return refusal(400, "bad-query", detail); }

std::string reasons_json() {
    json rows = json::array();
    for (int n = 1; n <= core::reason_count; ++n) {
        const auto& text = core::text_of(static_cast<core::Reason>(n));
        rows.push_back({{"number", n},
                        {"code", text.code},
                        {"verdict", core::name_of(text.verdict)},
                        {"class", core::name_of(text.parcel_class)},
                        {"zh", text.zh},
                        {"en", text.en}});
    }
    return json{{"reasons", std::move(rows)}}.dump();
}

int status_of(Errc code) {
    switch (code) {
        case Errc::not_found: return 404;
        case Errc::refused: return 400;
        case Errc::corrupt: return 500;
        case Errc::unreachable:
        case Errc::timeout:
        case Errc::closed:
        case Errc::full:
        case Errc::busy: return 503;
    }
    return 500;
}

/// "null", or scheme://authority where the authority must be the Host that was asked.
bool same_origin(std::string_view origin, std::string_view host) {
    for (const std::string_view scheme : {"http://", "https://"}) {
        if (origin.starts_with(scheme)) return origin.substr(scheme.size()) == host;
    }
    return false;
}

/// A browser names no Origin when another site's page only embeds (images, scripts, opaque fetches); following a link
/// to here is allowed.
bool of_other_site(const Request& request) {
    const bool own = request.fetch_site.empty() || request.fetch_site == "same-origin" || request.fetch_site == "none";
    return !own && request.fetch_mode != "navigate";
}

bool names_etag(std::string_view list, const std::string& etag) {
    return list == "*" || list.find(etag) != std::string_view::npos;
}

}  // namespace

Response refusal(int status, std::string_view code, std::string_view detail) {
    const json error = {{"error", {{"code", code}, {"detail", detail}}}};
    Response out;
    out.status = status;
    out.body = error.dump(-1, ' ', false, json::error_handler_t::replace);
    out.refused = code;
    if (status == 405) out.fields.emplace_back("Allow", "GET, HEAD");
    return out;
}

Routes::Routes(Sources from) : from_(std::move(from)) {
    from_.hosts.insert(from_.hosts.end(), {"127.0.0.1", "localhost", "[::1]"});
}

Health Routes::health() const {
    auto health = from_.health();
    if (health.mode == Mode::running && board_ && board_->mode == Mode::degraded) {
        health.mode = Mode::degraded;
        health.detail = board_->detail;
    }
    return health;
}

Response Routes::decide(const Request& request) {
    auto refused = unfit(request);
    return refused ? std::move(*refused) : route(request);
}

Response Routes::counted(Response response) const {
    from_.responses.add(std::to_string(response.status));
    if (!response.refused.empty()) from_.refusals.add(response.refused);
    return response;
}

std::optional<Response> Routes::unfit(const Request& request) const {
    if (request.hosts.size() != 1) return refusal(400, "bad-host", "exactly one Host is needed");
    const auto host = host_name(request.hosts.front());
    if (!host) return refusal(400, "bad-host", "the Host is malformed");
    if (std::find(from_.hosts.begin(), from_.hosts.end(), *host) == from_.hosts.end()) {
        return refusal(421, "wrong-host", "this gateway does not answer under that name");
    }
    const bool own = std::all_of(request.origins.begin(), request.origins.end(),
                                 [&](auto origin) { return same_origin(origin, request.hosts.front()); });
    if (!own || of_other_site(request))
        return refusal(403, "wrong-origin", "requests of other sites' pages are refused");
    if (request.method != "GET" && request.method != "HEAD") return refusal(405, "bad-method", "GET and HEAD only");
    if (request.body) return refusal(413, "body", "a request here has no body");
    return std::nullopt;
}

Response Routes::route(const Request& request) {
    const auto target = parse_target(request.target);
    if (!target && target.error().code == Errc::full) return refusal(414, "long-target", target.error().detail);
    if (!target) return refusal(400, "bad-target", target.error().detail);
    const auto& [path, query] = *target;
    if (path.size() == 4 && path[0] == "api" && path[1] == "v1" && path[2] == "track" && query.empty())
        return track(path[3]);
    std::string name;
    for (const auto& segment : path) {
        if (segment.find('/') != std::string::npos) return refusal(404, "not-found", "there is nothing here");
        name += '/' + segment;
    }
    if (name == "/api/v1/passages") return passages(query);
    if (name == "/api/v1/facts") return facts(query);
    if (!query.empty() && name.starts_with("/api/")) return wrong_query("this route takes no parameters");
    if (name == "/api/v1/board") {
        return board_ ? ok(to_json(*board_)) : refusal(503, "starting", "the first turn is not over yet");
    }
    if (name == "/api/v1/reasons") return ok(reasons_json());
    if (name == "/api/v1/live") return live(request.last_event_id);
    if (name == "/metrics") return metrics();
    if (name == "/healthz") {
        const auto said = health();
        auto out = ok(to_json(said));
        if (!healthy(said)) out.status = 503;
        return out;
    }
    return asset(request, name.empty() ? "/" : name);
}

Response Routes::asset(const Request& request, std::string_view path) const {
    Response out;
    const auto at =
        std::find_if(from_.assets.begin(), from_.assets.end(), [&](const Asset& a) { return a.path == path; });
    if (at == from_.assets.end()) {
        if (path != "/" || !from_.assets.empty()) return refusal(404, "not-found", "there is nothing here");
        out.type = "text/html; charset=utf-8";
        out.embedded = fallback_page;
        return out;
    }
    const std::string etag = '"' + std::string(at->hash) + (request.gzip ? "-gzip\"" : "\"");
    out.type = at->type;
    out.fields.emplace_back("ETag", etag);
    out.fields.emplace_back("Vary", "Accept-Encoding");
    out.fields.emplace_back("Cache-Control", path == "/" ? "no-cache" : "public, max-age=31536000, immutable");
    if (names_etag(request.if_none_match, etag)) {
        out.status = 304;
        return out;
    }
    out.embedded = request.gzip ? at->gzip : at->plain;
    if (request.gzip) out.fields.emplace_back("Content-Encoding", "gzip");
    return out;
}

Response Routes::facts(const Query& query) {
    const auto from = number(query, "from", 1, 1, ~std::uint64_t{0} - facts_most);
    const auto most = number(query, "max", facts_default, 1, facts_most);
    if (!from || !most || !only(query, {"from", "max"}))
        return wrong_query("from >= 1 and max 1 to 1000 are known here");
    std::string list;
    std::uint64_t next = *from;
    std::size_t count = 0;
    while (count < *most && list.size() < facts_bytes) {
        const auto chunk = from_.archive.facts(next, std::min<std::size_t>(facts_chunk, *most - count));
        for (const auto& entry : chunk) {
            if (count++ > 0) list += ',';
            list += for_staff(entry.bytes);
            next = entry.sequence + 1;
        }
        if (chunk.size() < facts_chunk) break;
    }
    const auto last = std::to_string(from_.archive.last());
    return ok(R"({"last":")" + last + R"(","next":")" + std::to_string(next) + R"(","facts":[)" + list + "]}");
}

Response Routes::passages(const Query& query) const {
    const auto limit = number(query, "limit", Passages::limit_default, 1, Passages::per_lane);
    if (!limit || !only(query, {"lane", "limit"})) return wrong_query("lane and limit 1 to 200 are known here");
    const auto lane = query.find("lane");
    return ok(passages_.to_json(lane == query.end() ? std::string_view{} : std::string_view(lane->second), *limit));
}

Response Routes::track(const std::string& number) {
    if (number.size() > number_limit) return refusal(400, "bad-number", "a number has at most 128 bytes");
    auto found = from_.archive.track_json(number);
    if (found) return ok(for_staff(std::move(*found)));
    const auto status = status_of(found.error().code);
    return refusal(status,
                   status == 404   ? "not-found"
                   : status == 400 ? "bad-number"
                                   : "archive",
                   found.error().detail);
}

Response Routes::metrics() const {
    auto out =
        ok(metrics_text({board_.get(), health(), passages_, from_.responses, from_.refusals, connections_, streams_}));
    out.type = "text/plain; version=0.0.4; charset=utf-8";
    return out;
}

}  // namespace hefang::web
