#include "core/weigh.hpp"

#include <algorithm>

namespace hefang::core {
namespace {

constexpr std::int64_t least_load = 20;  // in intervals, minimum capacity of class III: OIML R 76-1:2006, table 3
constexpr Grams heavy_declared = 60_kg;  // declared above this and
constexpr Grams light_measured = 10_kg;  // measured below this: kilograms and grams were mixed up

Finding inspect(Reason reason) { return {reason, Verdict::inspect, ParcelClass::inspect}; }

Finding again(Reason reason, bool second) {
    return {reason, Verdict::inspect, second ? ParcelClass::inspect : ParcelClass::reweigh};
}

/// d × permille / 1000 rounded down, without overflow for any d ≥ 0.
std::int64_t share(std::int64_t d, std::int64_t permille) { return d / 1000 * permille + d % 1000 * permille / 1000; }

Grams tolerance(Grams m, Grams d, std::optional<Grams> e, const Policy& policy) {
    Grams t = std::max(Grams{share(d.count, policy.weight_tolerance_permille)}, policy.weight_tolerance);
    if (e) t = std::max(t, permissible_error(m, *e) + permissible_error(m, *e));
    return t;
}

/// The thousandth of d is not rounded: it lies within t of m exactly when its floor is not below m − t and its ceiling
/// not above m + t.
bool a_thousandth(Grams m, Grams d, Grams t) {
    const Grams floor{d.count / 1000};
    const Grams ceiling{floor.count + (d.count % 1000 == 0 ? 0 : 1)};
    return floor >= m - t && ceiling <= m + t;
}

WeightJudgement compare(Grams m, Grams d, Grams t, bool second) {
    const Grams off = abs(m - d);
    if (d > heavy_declared && m < light_measured) return {inspect(Reason::declared_weight_implausible), t};
    // Agreement comes before the thousandth: a declared weight below about 2·T lies within T of its own thousandth and
    // would be called a mistake although the scale confirms it.
    if (off <= t) return {std::nullopt, t};
    if (a_thousandth(m, d, t)) return {inspect(Reason::declared_weight_implausible), t};
    if (off - t - t <= t) return {again(Reason::weight_off, second), t};  // up to 3·T
    return {inspect(Reason::weight_far_off), t};
}

}  // namespace

Grams permissible_error(Grams m, Grams e) {
    const Grams load = abs(m);
    if (load.count <= 500 * e.count) return e;
    if (load.count <= 2'000 * e.count) return {2 * e.count};
    return {3 * e.count};
}

WeightJudgement weigh(const Weighing& w, const Policy& policy) {
    if (!w.lane_has_scale) return {};
    if (w.quality && *w.quality != reading::WeightQuality::stable)
        return {again(Reason::weight_unstable, w.second), {}};
    if (!w.quality || !w.measured) return {again(Reason::weight_missing, w.second), {}};
    const Grams m = *w.measured;
    const auto e = w.interval && w.interval->count > 0 ? w.interval : std::nullopt;
    if (e && m.count < least_load * e->count) return {};
    if (!w.declared || w.declared->count <= 0) return {inspect(Reason::declared_weight_missing), {}};
    return compare(m, *w.declared, tolerance(m, *w.declared, e, policy), w.second);
}

}  // namespace hefang::core
