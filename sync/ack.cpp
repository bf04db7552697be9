#include "sync/ack.hpp"

#include "sync/topics.hpp"

#include <algorithm>

#include <nlohmann/json.hpp>

namespace hefang::sync {
namespace {

using nlohmann::json;

const std::string* text(const json& object, const char* name) {
    const auto at = object.find(name);
    return at == object.end() ? nullptr : at->get_ptr<const json::string_t*>();
}

bool is_texts(const json& value) {
    return std::all_of(value.begin(), value.end(), [](const json& v) { return v.is_string(); });
}

}  // namespace

std::string_view counter_of(AckFault fault) {
    switch (fault) {
        case AckFault::too_large: return "ack-too-large";
        case AckFault::not_json: return "ack-not-json";
        case AckFault::audience: return "ack-wrong-audience";
        case AckFault::members: return "ack-bad-members";
    }
    return "ack-bad-members";
}

tl::expected<Ack, AckFault> parse_ack(std::string_view payload, std::string_view gateway) {
    if (payload.size() > down_bytes) return tl::unexpected(AckFault::too_large);
    const json object = json::parse(payload.begin(), payload.end(), nullptr, false);
    if (!object.is_object()) return tl::unexpected(AckFault::not_json);
    const std::string* aud = text(object, "aud");
    if (aud == nullptr) return tl::unexpected(AckFault::members);
    if (*aud != gateway) return tl::unexpected(AckFault::audience);

    const std::string* epoch = text(object, "epoch");
    const std::string* through = text(object, "through");
    const std::string* head = text(object, "head");
    if (epoch == nullptr || epoch->empty() || through == nullptr || head == nullptr || !is_hash(*head)) {
        return tl::unexpected(AckFault::members);
    }
    const auto number = parse_counter(*through);
    if (!number || (*number == 0) != (*head == no_head())) return tl::unexpected(AckFault::members);

    Ack ack{*epoch, *number, *head, 0};
    if (const auto images = object.find("images"); images != object.end()) {
        if (!images->is_object() || !is_texts(*images)) return tl::unexpected(AckFault::members);
    }
    if (const auto list = object.find("quarantined"); list != object.end()) {
        if (!list->is_array() || !is_texts(*list)) return tl::unexpected(AckFault::members);
        ack.quarantined = list->size();
    }
    return ack;
}

}  // namespace hefang::sync
