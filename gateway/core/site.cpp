#include "core/site.hpp"

namespace hefang::core {
namespace {

struct Fallback {
    ParcelClass from, to;
};
// In an order in which each row's target is already settled.
constexpr std::array fallbacks{
    Fallback{ParcelClass::inspect, ParcelClass::hold},    Fallback{ParcelClass::wait, ParcelClass::hold},
    Fallback{ParcelClass::nodata, ParcelClass::hold},     Fallback{ParcelClass::noread, ParcelClass::hold},
    Fallback{ParcelClass::reject, ParcelClass::hold},     Fallback{ParcelClass::return_, ParcelClass::hold},
    Fallback{ParcelClass::other_flow, ParcelClass::hold}, Fallback{ParcelClass::damaged, ParcelClass::hold},
    Fallback{ParcelClass::security, ParcelClass::hold},   Fallback{ParcelClass::reweigh, ParcelClass::inspect},
    Fallback{ParcelClass::detain, ParcelClass::inspect},
};

}  // namespace

std::array<std::int32_t, class_count> with_fallbacks(
    const std::array<std::optional<std::int32_t>, class_count>& configured) {
    std::array<std::int32_t, class_count> chutes{};
    for (std::size_t i = 0; i < class_count; ++i) chutes[i] = configured[i].value_or(0);
    for (const auto& [from, to] : fallbacks) {
        auto& chute = chutes[static_cast<std::size_t>(from)];
        if (chute == 0) chute = chutes[static_cast<std::size_t>(to)];
    }
    return chutes;
}

}  // namespace hefang::core
