#include "sync/presence.hpp"

#include "sync/topics.hpp"

#include <optional>

#include <nlohmann/json.hpp>

namespace hefang::sync {
namespace {

using nlohmann::json;

std::optional<std::string> text(const json& object, const char* name) {
    const auto at = object.find(name);
    if (at == object.end() || !at->is_string()) return std::nullopt;
    return at->get<std::string>();
}

std::optional<std::uint64_t> counter(const json& object, const char* name) {
    const auto digits = text(object, name);
    return digits ? parse_counter(*digits) : std::nullopt;
}

}  // namespace

std::string to_json(const Presence& p) {
    const json object{{"state", p.state},
                      {"boot", p.boot},
                      {"start", p.start},
                      {"n", p.n},
                      {"epoch", p.epoch},
                      {"last", std::to_string(p.last)},
                      {"acked", std::to_string(p.acked)},
                      {"feed", std::to_string(p.feed)},
                      {"version", p.version}};
    return object.dump(-1, ' ', false, json::error_handler_t::replace);
}

Result<Presence> parse_presence(std::string_view payload) {
    if (payload.size() > presence_bytes) return fail(Errc::refused, "presence: larger than its limit");
    const json object = json::parse(payload.begin(), payload.end(), nullptr, false);
    if (!object.is_object()) return fail(Errc::refused, "presence: no JSON object");
    const auto state = text(object, "state"), boot = text(object, "boot"), start = text(object, "start"),
               epoch = text(object, "epoch"), version = text(object, "version");
    const auto last = counter(object, "last"), acked = counter(object, "acked"), feed = counter(object, "feed");
    const auto n = object.find("n");
    if (!state || !boot || !start || !epoch || !version || !last || !acked || !feed || n == object.end() ||
        !n->is_number_unsigned()) {
        return fail(Errc::refused, "presence: a member is missing or has the wrong type");
    }
    if (*state != "online" && *state != "offline" && *state != "stopped") {
        return fail(Errc::refused, "presence: state is none of online, offline, stopped");
    }
    if (epoch->empty() || epoch->size() > gateway_id_bytes || start->size() > gateway_id_bytes) {
        return fail(Errc::refused, "presence: epoch or start has a wrong length");
    }
    return Presence{*state, *boot, *start, n->get<std::uint64_t>(), *epoch, *last, *acked, *feed, *version};
}

}  // namespace hefang::sync
