#include "core/places.hpp"

#include <algorithm>

namespace hefang::core {
namespace {

template <class Has>
std::vector<std::string> codes_without(const reading::CodesRead& read, Has&& has) {
    std::vector<std::string> out;
    for (const auto& code : read.codes)
        if (!has(code.text)) out.push_back(code.text);
    return out;
}

bool contains(const std::vector<std::string>& codes, const std::string& text) {
    return std::find(codes.begin(), codes.end(), text) != codes.end();
}

}  // namespace

Places places_at(State& state, std::size_t index, const LaneModel& model, BootTime at) {
    auto& lane = state.lanes[index];
    Places found;
    for (auto& slot : lane.slots)
        if (slot.session != 0 && model.read_window.may_be_for(slot.earliest, slot.opened, at))
            found.undecided.push_back(&slot);
    for (auto& place : lane.passed) {
        if (!model.read_window.may_be_for(place.earliest, place.opened, at)) continue;
        if (state.open.at_slot(model.sorter, lane.session, place.sequence) != nullptr) found.decided.push_back(&place);
    }
    return found;
}

bool has_code(const Slot& slot, const std::string& text) {
    return std::any_of(slot.codes.begin(), slot.codes.end(), [&](const auto& code) { return code.text == text; });
}

std::vector<std::string> new_codes(const Slot& slot, const reading::CodesRead& read) {
    return codes_without(read, [&](const std::string& text) { return has_code(slot, text); });
}

std::vector<std::string> new_codes(const OpenPassage& open, const reading::CodesRead& read) {
    const auto& d = open.decided;
    return codes_without(read, [&](const std::string& text) { return text == d.waybill || contains(d.codes, text); });
}

}  // namespace hefang::core
