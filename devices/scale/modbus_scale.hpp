#pragma once
#include "driver/driver.hpp"
#include "driver/kind.hpp"
#include "link/modbus.hpp"
#include "weight/register_map.hpp"
#include "weight/stability.hpp"

#include <chrono>
#include <memory>
#include <optional>
#include <span>

namespace hefang::driver {

struct ModbusScaleSettings {
    DeviceId id;
    link::LinkAddress link;                         ///< modbus-tcp or modbus-rtu
    std::shared_ptr<const codec::RegisterMap> map;  ///< never null
    std::chrono::milliseconds poll{50};             ///< from the begin of one look to the next
    std::chrono::milliseconds answer{500};          ///< limit of the connect and of each answer
    std::chrono::milliseconds silence{2000};        ///< no valid value, or a heartbeat unchanged, for so long: lost
    std::optional<Grams> interval;                  ///< d; else the step that map or device say
    std::optional<Grams> empty_below;               ///< else 10 d
    codec::StabilityRule rule;                      ///< interval and empty_below are taken from above
};

/// Reads `config`, which passed check(). The window is 1000 ms by default, and 400 ms where the device's own word of
/// rest has a say as well.
[[nodiscard]] ModbusScaleSettings modbus_scale_settings(const DeviceConfig& config);

/// An indicator whose weight stands in registers. Says each load once, when it settled, or went without. Weight and
/// status come from one answer; status that stands in discrete inputs is read before and after the weight, and counts
/// as motion when it changed in between. Where the map has a heartbeat, a value counts only once with each beat: a
/// register that stands still is silence, never rest. The load on the plate is remembered from life to life of the
/// link. Counters: looks, values, stable, unstable, overload, net, inputs-changed, not-new, frozen, refused-<reason>.
class ModbusScaleDriver final : public Driver {
  public:
    ModbusScaleDriver(ModbusScaleSettings settings, std::shared_ptr<link::ModbusLines> lines);
    [[nodiscard]] Error live(Context& context) override;

  private:
    struct Look {
        std::vector<std::uint16_t> block;
        std::vector<std::uint8_t> inputs;
        bool straddled = false;
    };
    [[nodiscard]] Result<Look> look(link::Modbus& link) const;
    /// The value of one look, if it is a new one; what it is not is counted.
    [[nodiscard]] std::optional<codec::RegisterWeight> value_of(const Look& look, Counters& counters);
    [[nodiscard]] bool took(const codec::RegisterWeight& weight, BootTime at, Context& context);

    const ModbusScaleSettings settings_;
    const std::shared_ptr<link::ModbusLines> lines_;
    const codec::Block registers_;
    const codec::Block inputs_;
    codec::Stability stability_;
    std::optional<std::uint16_t> beat_;  // of this life
    bool still_ = false;                 // the last look was like the one before by its beat
};

/// The rows of the catalogue for scales over Modbus.
[[nodiscard]] std::span<const Kind> modbus_scale_rows();

}  // namespace hefang::driver
