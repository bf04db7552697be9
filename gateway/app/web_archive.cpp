#include "app/web_archive.hpp"

#include "base/clock.hpp"
#include "base/text.hpp"
#include "number/identify.hpp"

#include <nlohmann/json.hpp>

namespace hefang::app {
namespace {

constexpr std::size_t web_track_facts = 200;

nlohmann::json receipt_json(const core::Receipt& receipt) {
    return {{"status", receipt.status == core::unreadable_status ? "unreadable" : std::to_string(receipt.status)},
            {"time", receipt.time.raw},
            {"taken", receipt.taken_ms == 0 ? std::string() : rfc3339({receipt.taken_ms})}};
}

nlohmann::json inventory_json(const core::Inventory& inventory) {
    nlohmann::json out{{"agent", inventory.agent_code}, {"copNo", inventory.cop_no}};
    out["versions"] = nlohmann::json::array();
    for (const auto& v : inventory.versions)
        out["versions"].push_back({{"appType", static_cast<int>(v.type)},
                                   {"appStatus", v.app_status},
                                   {"appTime", v.app_time.raw},
                                   {"grossGrams", v.gross.count},
                                   {"invtNo", v.invt_no},
                                   {"preNo", v.pre_no},
                                   {"billNo", v.bill_no},
                                   {"goods", v.goods},
                                   {"logisticsCode", v.logistics_code}});
    out["receipts"] = nlohmann::json::array();
    for (const auto& r : inventory.receipts) out["receipts"].push_back(receipt_json(r));
    return out;
}

}  // namespace

Result<std::string> track_json(store::Reader& reader, const std::string& number, std::size_t max) {
    if (number.empty() || number.size() > 128 || !is_clean_utf8(number))
        return fail(Errc::refused, "a number is 1 to 128 bytes of text without control characters");
    const auto track = reader.track(number, max);
    if (!track) return tl::unexpected(track.error());
    if (track->facts.empty() && !track->clearance.known()) {
        const auto doubt = number::doubt_of(number);
        return fail(Errc::not_found, "nothing is known of " + printable(number) + (doubt.empty() ? "" : "; ") + doubt);
    }
    nlohmann::json head{{"number", number}, {"waybills", track->waybills}, {"cut", track->cut}};
    if (track->clearance.gap != core::Gap::none)
        head["gap"] = track->clearance.gap == core::Gap::too_many ? "too-many" : "damaged";
    head["inventories"] = nlohmann::json::array();
    for (const auto& inventory : track->clearance.inventories) head["inventories"].push_back(inventory_json(inventory));
    std::string out = head.dump();
    out.pop_back();  // the facts go in as the bytes they are
    out += ",\"facts\":[";
    for (std::size_t i = 0; i < track->facts.size(); ++i) out += (i == 0 ? "" : ",") + track->facts[i].bytes;
    return out + "]}";
}

std::vector<web::Archive::Entry> WebArchive::facts(std::uint64_t from, std::size_t max) {
    std::vector<Entry> out;
    auto read = reader_.facts(from, max);
    if (!read) return out;
    for (auto& entry : *read) out.push_back({entry.sequence, std::move(entry.bytes)});
    return out;
}

std::uint64_t WebArchive::last() { return reader_.last().value_or(0); }

Result<std::string> WebArchive::track_json(const std::string& number) {
    return app::track_json(reader_, number, web_track_facts);
}

}  // namespace hefang::app
