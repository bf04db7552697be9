#include "core/assess.hpp"

#include <algorithm>
#include <array>
#include <tuple>

#include "core/fold.hpp"

namespace hefang::core {
namespace {

constexpr std::int64_t day_s = 86'400;
constexpr std::int64_t life_s = 183 * day_s;  // a waybill number is unique for six months within one logistics company
constexpr std::size_t receipts_told = 32;

// Verdict by status, by DocState.
constexpr std::array<Reason, doc_state_count> state_reasons{
    Reason::not_declared,       Reason::not_declared,  Reason::technical_fault,  Reason::awaiting_release,
    Reason::await_arrival,      Reason::awaiting_release, Reason::manual_review, Reason::unknown_status,
    Reason::customs_released,   Reason::customs_closed, Reason::refused,         Reason::redeclared_data_missing,
    Reason::suspended,          Reason::inspect_ordered, Reason::detained,       Reason::released_after_detention,
    Reason::detained,           Reason::return_ordered};

Finding plain(Reason reason) {
    const auto& row = text_of(reason);
    return {reason, row.verdict, row.parcel_class};
}

/// The order of versions of one declaration; at the same second a removal wins, then a change.
auto order_of(const Version& v) { return std::tie(v.app_time.second, v.type, v.digest); }

const Version* version_in_force(const Inventory& inventory) {
    const Version* newest = nullptr;
    for (const auto& v : inventory.versions) {
        if (v.app_status != 2) continue;
        if (newest == nullptr || order_of(*newest) < order_of(v)) newest = &v;
    }
    return newest;
}

struct Stream {
    const Inventory* inventory;
    const Version* version;  ///< in force; null: nothing was declared
    Folded folded;
    [[nodiscard]] std::int64_t declared_at() const { return version != nullptr ? version->app_time.second.value_or(0) : 0; }
    [[nodiscard]] bool ended() const { return version == nullptr || version->type == AppType::remove; }
    /// What customs said against it does not end with the declarant's word.
    [[nodiscard]] bool held_by_customs() const { return folded.state >= DocState::suspended; }
    [[nodiscard]] bool alive() const { return folded.state != DocState::refused && (!ended() || held_by_customs()); }
};

Stream fold_stream(const Inventory& inventory, const Policy& policy, const Now& now) {
    Stream stream{&inventory, version_in_force(inventory), {}};
    FoldRules rules;
    rules.inspect_min_s = policy.inspect_min_s;
    if (now.clock != ClockState::unsynced) rules.releases_count_until = now.wall.ms / 1000 + policy.future_limit_s;
    for (const auto& v : inventory.versions) {
        if (v.app_status != 2 || !v.app_time.second) continue;
        const auto at = *v.app_time.second;
        rules.life_from = std::min(rules.life_from.value_or(at - day_s), at - day_s);
        rules.life_to = std::max(rules.life_to.value_or(at + life_s), at + life_s);
        rules.newest_declaration = std::max(rules.newest_declaration.value_or(at), at);
    }
    stream.folded = fold(inventory.receipts, rules);
    return stream;
}

std::string text_of_status(std::int32_t status) {
    return status == unreadable_status ? "unreadable" : std::to_string(status);
}

void tell_ground(const Stream& stream, Ground& ground) {
    const auto& folded = stream.folded;
    ground.state = letter_of(folded.state);
    ground.source = "inbox";
    if (folded.in_force != nullptr) {
        ground.status = text_of_status(folded.in_force->status);
        ground.status_time = folded.in_force->time.raw;
        ground.invt_no = folded.in_force->invt_no;
    }
    if (stream.version != nullptr) {
        if (!stream.version->invt_no.empty()) ground.invt_no = stream.version->invt_no;
        ground.bill_no = stream.version->bill_no;
        ground.declared_at = stream.version->app_time.raw;
    }
    ground.receipt_count = static_cast<std::int64_t>(folded.used.size());
    const auto skip = folded.used.size() > receipts_told ? folded.used.size() - receipts_told : 0;
    for (std::size_t i = skip; i < folded.used.size(); ++i)
        ground.receipts.push_back({text_of_status(folded.used[i]->status), folded.used[i]->time.raw});
}

void find(const Stream& stream, Assessment& out) {
    const auto state = stream.folded.state;
    out.findings.push_back(plain(state_reasons[static_cast<std::size_t>(state)]));
    if (stream.ended() && state != DocState::none && state != DocState::declaring) out.findings.push_back(plain(Reason::not_declared));
    const bool free = state == DocState::released || state == DocState::closed;
    if (stream.folded.timeless_release && !free) out.findings.push_back(plain(Reason::receipt_time_missing));
    out.alarm = out.alarm || stream.folded.alarm;
}

}  // namespace

Assessment assess(const Clearance& clearance, const Policy& policy, const Now& now) {
    Assessment out;
    std::vector<Stream> streams;
    for (const auto& inventory : clearance.inventories) streams.push_back(fold_stream(inventory, policy, now));
    if (streams.empty()) {
        out.findings.push_back(plain(Reason::no_inventory));
        return out;
    }
    const auto newer_first = [](const Stream& a, const Stream& b) {
        return std::forward_as_tuple(b.declared_at(), a.inventory->agent_code, a.inventory->cop_no) <
               std::forward_as_tuple(a.declared_at(), b.inventory->agent_code, b.inventory->cop_no);
    };
    std::sort(streams.begin(), streams.end(), newer_first);

    std::vector<const Stream*> alive;
    for (const auto& s : streams) {
        const bool earlier_life = !alive.empty() && alive.front()->declared_at() - s.declared_at() > life_s;
        if (s.alive() && !earlier_life) alive.push_back(&s);
    }
    const Stream& told = alive.empty() ? streams.front() : *alive.front();
    tell_ground(told, out.ground);
    out.ground.declarations = static_cast<std::int64_t>(alive.size());
    if (told.version != nullptr && told.version->gross.count > 0) out.declared = told.version->gross;
    find(told, out);
    for (std::size_t i = 1; i < alive.size(); ++i) find(*alive[i], out);
    if (alive.size() > 1) out.findings.push_back(plain(Reason::two_declarations));
    return out;
}

}  // namespace hefang::core
