#pragma once
#include "app/config.hpp"
#include "app/inputs.hpp"
#include "app/sink.hpp"
#include "catalog/catalog.hpp"
#include "driver/supervisor.hpp"

#include <functional>
#include <memory>
#include <string>
#include <vector>

namespace hefang::app {

/// The devices of the site: one driver, one thread, one inlet of the mailbox each.
class Plant {
  public:
    [[nodiscard]] static Result<std::unique_ptr<Plant>> build(const Config& config, CoreMailbox& mailbox,
                                                              const Clock& clock, driver::Surroundings around);

    /// Outputs in the order of `lanes`; null where a lane has no sorter.
    [[nodiscard]] std::vector<driver::SorterOutput*> sorters(const std::vector<core::LaneModel>& lanes) const;
    void start() { supervisor_.start(); }
    void stop() { supervisor_.stop(); }

    struct Inlet {
        std::string device;
        const CoreMailbox::Inlet* inlet;
    };
    [[nodiscard]] std::vector<driver::DeviceStatus> status() const { return supervisor_.status(); }
    [[nodiscard]] const std::vector<Inlet>& inlets() const { return inlets_; }

  private:
    explicit Plant(const Clock& clock) : supervisor_(clock) {}
    std::vector<std::unique_ptr<MailboxSink>> sinks_;
    std::vector<Inlet> inlets_;
    std::vector<std::pair<DeviceId, driver::SorterOutput*>> outputs_;
    driver::Supervisor supervisor_;  // last: its threads use the rest
};

}  // namespace hefang::app
