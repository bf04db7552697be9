#include "app/plant.hpp"

#include <algorithm>

namespace hefang::app {

Result<std::unique_ptr<Plant>> Plant::build(const Config& config, CoreMailbox& mailbox, const Clock& clock,
                                            driver::Surroundings around) {
    std::unique_ptr<Plant> plant(new Plant(clock));
    for (const auto& device : config.devices) {
        auto made = driver::make(device, around);
        if (!made) return fail(made.error().code, "device " + device.id.text() + ": " + made.error().detail);
        auto& inlet = mailbox.inlet(device_inlet);
        plant->inlets_.push_back({device.id.text(), &inlet});
        plant->sinks_.push_back(std::make_unique<MailboxSink>(inlet));
        if (made->sorter != nullptr) plant->outputs_.emplace_back(device.id, made->sorter);
        plant->supervisor_.add(device, std::move(made->driver), *plant->sinks_.back());
    }
    return plant;
}

std::vector<driver::SorterOutput*> Plant::sorters(const std::vector<core::LaneModel>& lanes) const {
    std::vector<driver::SorterOutput*> out;
    for (const auto& lane : lanes) {
        const auto at =
            std::find_if(outputs_.begin(), outputs_.end(), [&](const auto& o) { return o.first == lane.sorter; });
        out.push_back(at == outputs_.end() ? nullptr : at->second);
    }
    return out;
}

}  // namespace hefang::app
