#include "io/contact_set.hpp"

namespace hefang::driver {

using reading::ContactState;

ContactSet::ContactSet(DeviceId id, const std::vector<InputWire>& wires, std::int64_t debounce_ms)
    : id_(std::move(id)) {
    for (const auto& wire : wires) contacts_.emplace_back(wire, Contact(debounce_ms));
}

bool ContactSet::look(std::span<const std::uint8_t> circuits, Driver::Context& context) {
    const BootTime now = context.clock.now().boot;
    for (auto& [wire, contact] : contacts_) {
        const auto changed = contact.look(is_active(wire, circuits), now);
        if (!changed) continue;
        context.counters.add("contact-changes");
        const auto state = *changed ? ContactState::active : ContactState::inactive;
        if (!context.sink.post(reading::ContactChanged{id_, now, wire.name, state}, context.stop)) return false;
    }
    return true;
}

bool ContactSet::lose(Driver::Context& context) {
    const BootTime now = context.clock.now().boot;
    for (auto& [wire, contact] : contacts_) {
        if (!contact.state()) continue;
        contact.forget();
        if (!context.sink.post(reading::ContactChanged{id_, now, wire.name, ContactState::unknown}, context.stop))
            return false;
    }
    return true;
}

}  // namespace hefang::driver
