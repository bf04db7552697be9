#include "weight/indication.hpp"

namespace hefang::codec {

std::string_view name(WeightRefusal reason) {
    switch (reason) {
        case WeightRefusal::noise: return "noise";
        case WeightRefusal::too_long: return "too-long";
        case WeightRefusal::bad_layout: return "bad-layout";
        case WeightRefusal::bad_checksum: return "bad-checksum";
        case WeightRefusal::other_address: return "other-address";
        case WeightRefusal::other_status: return "other-status";
        case WeightRefusal::other_kind: return "other-kind";
        case WeightRefusal::no_digits: return "no-digits";
        case WeightRefusal::bad_number: return "bad-number";
        case WeightRefusal::other_unit: return "other-unit";
        case WeightRefusal::too_large: return "too-large";
        case WeightRefusal::busy: return "busy";
        case WeightRefusal::not_understood: return "not-understood";
    }
    return "unknown";
}

}  // namespace hefang::codec
