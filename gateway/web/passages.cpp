#include "web/passages.hpp"

#include <algorithm>
#include <vector>

#include <nlohmann/json.hpp>

namespace hefang::web {
namespace {

using nlohmann::json;

std::string text_at(const json& object, const char* name) {
    const auto at = object.find(name);
    return at != object.end() && at->is_string() ? at->get<std::string>() : std::string{};
}

/// Members of the row as "a":1,"b":2 — the fact's own values, picked by name.
std::string row_members(std::uint64_t sequence, const json& fact, const json& data) {
    json row = {{"sequence", std::to_string(sequence)}, {"time", text_at(fact, "time")}};
    for (const char* name : {"passage", "revision", "attempt", "lane", "verdict", "class", "reasons", "freshness",
                             "weight", "xray", "chute"}) {
        if (const auto at = data.find(name); at != data.end()) row[name] = *at;
    }
    if (const auto what = data.find("what"); what != data.end() && what->is_object() && what->contains("waybill")) {
        row["waybill"] = text_at(*what, "waybill");
    }
    const std::string object = row.dump(-1, ' ', false, json::error_handler_t::replace);
    return object.substr(1, object.size() - 2);
}

std::string actuation(const json& data) {
    json out = json::object();
    for (const char* name : {"revision", "commanded", "actual", "result"}) {
        if (const auto at = data.find(name); at != data.end()) out[name] = *at;
    }
    return out.dump(-1, ' ', false, json::error_handler_t::replace);
}

void decided(std::deque<Passages::Row>& rows, Passages::Row row) {
    const auto same = std::find_if(rows.begin(), rows.end(), [&](const auto& r) { return r.passage == row.passage; });
    if (same != rows.end()) {
        row.actuated = std::move(same->actuated);
        rows.erase(same);
    }
    rows.push_back(std::move(row));
    if (rows.size() > Passages::per_lane) rows.pop_front();
}

}  // namespace

void Passages::take(std::uint64_t sequence, std::string_view bytes, bool live) {
    if (sequence <= last_) return;
    last_ = sequence;
    const json fact = json::parse(bytes, nullptr, false);
    if (!fact.is_object() || !fact.contains("data") || !fact["data"].is_object()) {
        ++unreadable_;
        return;
    }
    const json& data = fact["data"];
    const auto type = text_at(fact, "type");
    const auto lane = text_at(data, "lane");
    const auto passage = text_at(data, "passage");
    if (type == "hefang.passage.decided.v1") {
        if (live) count({lane, text_at(data, "verdict"), text_at(data, "class")});
        if (!lanes_.contains(lane) && lanes_.size() >= lane_limit) return;
        decided(lanes_[lane], {sequence, passage, row_members(sequence, fact, data), {}});
    } else if (type == "hefang.passage.actuated.v1") {
        for (auto& [id, rows] : lanes_) {
            const auto at =
                std::find_if(rows.rbegin(), rows.rend(), [&](const Row& r) { return r.passage == passage; });
            if (at != rows.rend()) at->actuated = actuation(data);
        }
    }
}

void Passages::count(const Verdicts::key_type& key) {
    if (verdicts_.size() < verdict_limit || verdicts_.contains(key)) ++verdicts_[key];
}

std::string Passages::to_json(std::string_view lane, std::size_t limit) const {
    std::vector<const Row*> newest;
    for (const auto& [id, rows] : lanes_) {
        if (!lane.empty() && id != lane) continue;
        const auto most = static_cast<std::ptrdiff_t>(std::min(limit, rows.size()));
        std::for_each(rows.end() - most, rows.end(), [&](const Row& row) { newest.push_back(&row); });
    }
    std::sort(newest.begin(), newest.end(), [](const Row* a, const Row* b) { return a->sequence > b->sequence; });
    std::string out = R"({"passages":[)";
    for (const Row* row : newest) {
        if (!out.ends_with('[')) out += ',';
        out += '{' + row->json;
        if (!row->actuated.empty()) out += R"(,"actuated":)" + row->actuated;
        out += '}';
    }
    return out + "]}";
}

}  // namespace hefang::web
