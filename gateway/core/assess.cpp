#include "core/assess.hpp"

#include "core/fold.hpp"

#include <algorithm>
#include <array>
#include <limits>
#include <tuple>

namespace hefang::core {
namespace {

constexpr std::int32_t declared_status = 2;  // appStatus 申报; 1 (暂存) declares nothing
constexpr std::size_t receipts_told = 32;

// Verdict by status, by DocState; verdict and class are those of the reason.
constexpr std::array<Reason, doc_state_count> state_reasons{
    Reason::not_declared,     Reason::not_declared,     Reason::technical_fault, Reason::awaiting_release,
    Reason::await_arrival,    Reason::awaiting_release, Reason::manual_review,   Reason::unknown_status,
    Reason::customs_released, Reason::customs_closed,   Reason::refused,         Reason::redeclared_data_missing,
    Reason::suspended,        Reason::inspect_ordered,  Reason::detained,        Reason::released_after_detention,
    Reason::detained,         Reason::return_ordered};

Finding plain(Reason reason) {
    const auto& row = text_of(reason);
    return {reason, row.verdict, row.parcel_class};
}

bool counts(const Version& v) { return v.app_status == declared_status; }

/// The place of a version in time. Without a readable time a removal comes last and anything else first: it holds.
std::int64_t place_of(const Version& v) {
    using limits = std::numeric_limits<std::int64_t>;
    return v.app_time.second.value_or(v.type == AppType::remove ? limits::max() : limits::min());
}

/// At the same second a removal beats a change and a change a creation; between two of one kind the content's digest
/// decides: arbitrary, but the same on every gateway.
bool replaces(const Version& later, const Version& earlier) {
    const auto key = [](const Version& v) { return std::tuple(place_of(v), v.type, std::tie(v.digest, v)); };
    return key(earlier) < key(later);
}

const Version* version_in_force(const Inventory& inventory) {
    const Version* newest = nullptr;
    for (const auto& v : inventory.versions)
        if (counts(v) && (newest == nullptr || replaces(v, *newest))) newest = &v;
    return newest;
}

/// appTimes of the versions of the life that the version in force belongs to.
std::vector<std::int64_t> times_of_life(const Inventory& inventory, const Version* in_force) {
    std::vector<std::int64_t> times;
    if (in_force == nullptr) return times;
    times.reserve(inventory.versions.size());
    for (const auto& v : inventory.versions) {
        if (!counts(v) || !v.app_time.second) continue;
        const bool earlier_life = in_force->app_time.second && *v.app_time.second < *in_force->app_time.second - life_s;
        if (!earlier_life) times.push_back(*v.app_time.second);
    }
    return times;
}

/// When the declarant gave the number back to this parcel: appTime of the first version after the last removal. Nothing
/// when it was never taken away. A version that names another waybill is a removal here.
std::optional<std::int64_t> declared_anew_at(const Inventory& inventory) {
    const Version* removal = nullptr;
    for (const auto& v : inventory.versions)
        if (counts(v) && v.type == AppType::remove && (removal == nullptr || replaces(v, *removal))) removal = &v;
    if (removal == nullptr) return std::nullopt;
    const Version* first = nullptr;
    for (const auto& v : inventory.versions)
        if (counts(v) && replaces(v, *removal) && (first == nullptr || replaces(*first, v))) first = &v;
    return first != nullptr ? first->app_time.second : removal->app_time.second;
}

/// One stream, folded.
struct Stream {
    const Inventory* inventory;
    const Version* version;  ///< in force; null: nothing was declared
    Folded folded;

    /// When it was declared; a stream that declares nothing belongs to no time.
    [[nodiscard]] std::optional<std::int64_t> declared_at() const {
        return version != nullptr ? version->app_time.second : std::nullopt;
    }
    /// Declared and not removed by its declarant.
    [[nodiscard]] bool live() const { return version != nullptr && version->type != AppType::remove; }
    [[nodiscard]] bool alive() const { return live() && folded.state != DocState::refused; }
    /// What customs holds does not end with the declarant's word.
    [[nodiscard]] bool held_by_customs() const {
        return folded.state == DocState::unknown || folded.state >= DocState::suspended;
    }
    /// Detained or sent back by word of customs that is not older than `second`, or of no time.
    [[nodiscard]] bool kept_by_customs_since(std::int64_t second) const {
        if (folded.state < DocState::detained || folded.in_force == nullptr) return false;
        return folded.in_force->time.second.value_or(second) >= second;
    }
};

/// Distrust of the future needs a clock that can be trusted; a clock in holdover still can.
std::int64_t latest_time(const Policy& policy, const Now& now) {
    const bool trusted = now.clock != ClockState::unsynced;
    return trusted ? now.wall.ms / 1000 + policy.future_limit_s : std::numeric_limits<std::int64_t>::max();
}

Stream fold_stream(const Inventory& inventory, const Policy& policy, const Now& now) {
    Stream stream{&inventory, version_in_force(inventory), {}};
    const auto times = times_of_life(inventory, stream.version);
    FoldRules rules;
    rules.inspect_min_s = policy.inspect_min_s;
    rules.releases_until = latest_time(policy, now);
    rules.declared_at = times;
    if (stream.version != nullptr) rules.in_force_since = stream.version->app_time.second;
    if (stream.live()) rules.releases_after = declared_anew_at(inventory);
    stream.folded = fold(inventory.receipts, rules);
    return stream;
}

/// The streams of the newest life, the one that speaks for the waybill first. A waybill number is unique within one
/// logistics company for six months only: what was declared longer before the newest declaration is another parcel's,
/// unless customs detained it within that time.
std::vector<Stream> streams_of_newest_life(const Clearance& clearance, const Policy& policy, const Now& now) {
    std::vector<Stream> streams;
    streams.reserve(clearance.inventories.size());
    std::optional<std::int64_t> newest;  // a mistyped year makes nobody else's declaration old
    const auto latest = latest_time(policy, now);
    for (const auto& inventory : clearance.inventories) {
        streams.push_back(fold_stream(inventory, policy, now));
        const auto at = streams.back().declared_at();
        if (at && *at <= latest) newest = std::max(newest, at);
    }
    std::erase_if(streams, [&](const Stream& s) {
        return newest && s.declared_at() && *s.declared_at() < *newest - life_s &&
               !s.kept_by_customs_since(*newest - life_s);
    });
    std::sort(streams.begin(), streams.end(), [](const Stream& a, const Stream& b) {
        const auto key = [](const Stream& s) {
            return std::tuple(!s.alive(), !s.live(), s.version == nullptr, -s.declared_at().value_or(0),
                              std::tie(s.inventory->agent_code, s.inventory->cop_no));
        };
        return key(a) < key(b);
    });
    return streams;
}

/// The inventory's number as the version, else the receipt in force, else the newest receipt that has one gives it.
std::string invt_no_of(const Stream& stream) {
    if (stream.version != nullptr && !stream.version->invt_no.empty()) return stream.version->invt_no;
    const auto& folded = stream.folded;
    if (folded.in_force != nullptr && !folded.in_force->invt_no.empty()) return folded.in_force->invt_no;
    const auto has = [](const Receipt* r) { return !r->invt_no.empty(); };
    const auto at = std::find_if(folded.known.rbegin(), folded.known.rend(), has);
    return at == folded.known.rend() ? std::string() : (*at)->invt_no;
}

Ground ground_of(const Stream& stream) {
    Ground ground;
    const auto& folded = stream.folded;
    ground.state = letter_of(folded.state);
    ground.source = "inbox";
    ground.invt_no = invt_no_of(stream);
    if (folded.in_force != nullptr) {
        ground.status = text_of_status(folded.in_force->status);
        ground.status_time = folded.in_force->time.raw;
    }
    if (stream.version != nullptr) {
        ground.bill_no = stream.version->bill_no;
        ground.declared_at = stream.version->app_time.raw;
    }
    const auto count = folded.known.size();
    ground.receipt_count = static_cast<std::int64_t>(count);
    ground.receipts.reserve(std::min(count, receipts_told));
    for (auto i = count - std::min(count, receipts_told); i < count; ++i)
        ground.receipts.push_back({text_of_status(folded.known[i]->status), folded.known[i]->time.raw});
    return ground;
}

/// What one stream says of its parcel. `told`: it is the one that speaks for the waybill.
void add_findings(const Stream& stream, bool told, Assessment& out) {
    const auto& folded = stream.folded;
    if (told && !stream.live()) out.findings.push_back(plain(Reason::not_declared));
    const bool speaks = stream.live() ? told || stream.alive() : stream.held_by_customs();
    if (!speaks) return;
    for (const auto word : folded.alarms) {
        auto& alarms = out.ground.alarms;
        if (std::find(alarms.begin(), alarms.end(), word) == alarms.end()) alarms.emplace_back(word);
    }
    const auto status = plain(state_reasons[static_cast<std::size_t>(folded.state)]);
    out.findings.push_back(status);
    // The reason only says why a release that is there does not free, or why none ever will: where the parcel goes, its
    // state alone decides.
    if ((folded.release_set_aside && status.verdict != Verdict::release) || folded.timeless_hold)
        out.findings.push_back({Reason::receipt_time_missing, status.verdict, status.parcel_class});
}

/// Two parcels may carry this number, and nobody can tell which of them lies on the line.
bool ambiguous(const std::vector<Stream>& streams) {
    const Stream* first = nullptr;
    std::size_t alive = 0;
    for (const auto& s : streams) {
        if (!s.live()) continue;
        if (s.alive() && ++alive > 1) return true;
        if (first != nullptr && s.version->logistics_code != first->version->logistics_code) return true;
        first = first != nullptr ? first : &s;
    }
    return false;
}

}  // namespace

std::string text_of_status(std::int32_t status) {
    return status == unreadable_status ? "unreadable" : std::to_string(status);
}

Assessment assess(const Clearance& clearance, const Policy& policy, const Now& now) {
    Assessment out;
    if (clearance.inventories.empty()) {
        out.findings.push_back(plain(Reason::no_inventory));
        return out;
    }
    const auto streams = streams_of_newest_life(clearance, policy, now);
    const Stream& told = streams.front();
    out.ground = ground_of(told);
    out.ground.declarations = std::count_if(streams.begin(), streams.end(), [](const Stream& s) { return s.live(); });
    if (told.live() && told.version->gross.count > 0) out.declared = told.version->gross;
    for (const auto& s : streams) add_findings(s, &s == &told, out);
    if (ambiguous(streams)) out.findings.push_back(plain(Reason::two_declarations));
    return out;
}

}  // namespace hefang::core
