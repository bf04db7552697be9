#include "core/weigh.hpp"

#include <algorithm>

namespace hefang::core {
namespace {

constexpr std::int64_t least_load = 20;            // in intervals: below it is no weighing
constexpr Grams heavy_declared = 60_kg;            // declared above this and
constexpr Grams light_measured = 10_kg;            // measured below this: the unit was mistaken
constexpr std::int64_t far_off = 3;                // times T

Finding again(Reason reason, bool second) {
    return {reason, Verdict::inspect, second ? ParcelClass::inspect : ParcelClass::reweigh};
}
Finding inspect(Reason reason) { return {reason, Verdict::inspect, ParcelClass::inspect}; }

bool implausible(Grams declared, Grams measured, Grams allowed) {
    const Grams grams_for_kilograms{declared.count / 1000};
    if (abs(grams_for_kilograms - measured) <= allowed) return true;
    return declared > heavy_declared && measured < light_measured;
}

}  // namespace

Grams in_service_error(Grams m, Grams e) {
    if (m.count <= 500 * e.count) return e;
    if (m.count <= 2'000 * e.count) return {2 * e.count};
    return {3 * e.count};
}

WeightJudgement weigh(const Weighing& w, const Policy& policy) {
    if (!w.lane_has_scale) return {};
    if (!w.quality) return {again(Reason::weight_missing, w.second), {}};
    if (*w.quality != reading::WeightQuality::stable || !w.measured) return {again(Reason::weight_unstable, w.second), {}};
    const Grams m = *w.measured;
    if (w.interval && m.count < least_load * w.interval->count) return {};
    if (!w.declared || w.declared->count <= 0) return {inspect(Reason::declared_weight_missing), {}};
    const Grams d = *w.declared;
    Grams allowed{std::max(d.count * policy.weight_tolerance_permille / 1000, policy.weight_tolerance.count)};
    if (w.interval) allowed = std::max(allowed, in_service_error(m, *w.interval));
    const Grams off = abs(m - d);
    if (off <= allowed) return {std::nullopt, allowed};
    if (implausible(d, m, allowed)) return {inspect(Reason::declared_weight_implausible), allowed};
    if (off.count <= far_off * allowed.count) return {again(Reason::weight_off, w.second), allowed};
    return {inspect(Reason::weight_far_off), allowed};
}

}  // namespace hefang::core
