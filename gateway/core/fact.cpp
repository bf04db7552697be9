#include "core/fact.hpp"

#include <array>
#include <string_view>

namespace hefang::core {
namespace {

// In the order of Fact's alternatives.
constexpr std::array<std::string_view, std::variant_size_v<Fact>> names{
    "epoch.opened",    "message.taken", "receipt.taken", "passage.decided", "passage.actuated", "device.lost",
    "device.restored", "clock.stepped", "store.refused", "reading.taken",   "alarm.raised",     "alarm.acknowledged",
};

}  // namespace

std::string_view name_of(const Fact& fact) { return names[fact.index()]; }

std::string_view name_of(Actuation result) {
    switch (result) {
        case Actuation::diverted: return "diverted";
        case Actuation::missed: return "missed";
        case Actuation::recirculated: return "recirculated";
        case Actuation::lost: return "lost";
        case Actuation::late: return "late";
        case Actuation::unknown: break;
    }
    return "unknown";
}

std::string_view name_of(Weighed came) {
    switch (came) {
        case Weighed::nothing: return "none";
        case Weighed::stable: return "stable";
        case Weighed::unstable: return "unstable";
        case Weighed::overload: return "overload";
        case Weighed::wrong_tare: return "wrong-tare";
        case Weighed::clash: break;
    }
    return "clash";
}

std::string_view name_of(Screened came) {
    switch (came) {
        case Screened::clear: return "clear";
        case Screened::suspect: return "suspect";
        case Screened::no_decision: return "no-decision";
        case Screened::fault: return "fault";
        case Screened::unjudged: return "unjudged";
        case Screened::tip: return "tip";
        case Screened::view_missing: return "view-missing";
        case Screened::missing: return "missing";
        case Screened::unsure: break;
    }
    return "unsure";
}

std::string_view name_of(Freshness freshness) {
    switch (freshness) {
        case Freshness::not_checked: return "not-checked";
        case Freshness::fresh: return "fresh";
        case Freshness::degraded: return "degraded";
        case Freshness::stale: break;
    }
    return "stale";
}

}  // namespace hefang::core
