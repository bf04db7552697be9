#pragma once
#include "driver/config.hpp"
#include "driver/driver.hpp"
#include "link/link.hpp"
#include "weight/mass.hpp"
#include "weight/stability.hpp"
#include "weight/toledo.hpp"
#include "weight/weight_line.hpp"
#include "weight/yaohua.hpp"
#include "weight/yaohua_eq.hpp"

#include <chrono>
#include <memory>
#include <optional>
#include <string_view>
#include <variant>
#include <vector>

namespace hefang::driver {

enum class ScaleProtocol { toledo_continuous, xk3190, xk3190_eq_reversed, xk3190_eq_forward, line };

struct ScaleSettings {
    DeviceId id;
    ScaleProtocol protocol = ScaleProtocol::toledo_continuous;
    codec::Checksum checksum = codec::Checksum::required;
    codec::MassUnit unit = codec::MassUnit::kilogram;  ///< xk3190… only: its frames do not say
    const codec::LineLayout* layout = nullptr;         ///< line only
    std::optional<int> address;                        ///< line only, where the layout is addressed
    std::optional<Grams> interval;                     ///< d; else the display's own step
    std::optional<Grams> empty_below;                  ///< else 10 d
    codec::StabilityRule rule;                         ///< interval and empty_below are taken from above
    std::chrono::milliseconds silence{2000};           ///< no valid frame for so long: the device counts as lost
};

/// Reads `config`, which passed check(). The window is 1000 ms by default, and 400 ms where the indicator's own word of
/// rest has a say as well: everywhere but with xk3190….
[[nodiscard]] ScaleSettings scale_settings(const DeviceConfig& config);

/// An indicator that sends its display all the time. Says each load once, when it settled, or went without.
/// The load on the plate is remembered from life to life of the link: a pulled cable does not weigh a parcel twice.
/// Counters: bytes, frames, stable, unstable, overload, not-zeroed, refused-<reason of the codec>.
class ScaleDriver final : public Driver {
  public:
    ScaleDriver(ScaleSettings settings, std::unique_ptr<link::Endpoint> endpoint);
    [[nodiscard]] Error live(Context& context) override;

  private:
    struct Frame {
        Grams grams;
        Grams step;
        bool motion = false;
        bool overload = false;
        bool usable = true;
    };
    using Parser = std::variant<codec::ToledoParser, codec::YaohuaParser, codec::EqParser, codec::LineParser>;

    static Parser parser_for(const ScaleSettings& settings);
    static Frame frame_of(const codec::ToledoWeight& w);
    static Frame frame_of(const codec::YaohuaWeight& w);
    static Frame frame_of(const codec::EqWeight& w);
    static Frame frame_of(const codec::LineWeight& w);
    /// The frames in `bytes`; refusals are counted.
    std::vector<Frame> parse(std::string_view bytes, Counters& counters);
    [[nodiscard]] bool took(const Frame& frame, BootTime at, Context& context);

    ScaleSettings settings_;
    std::unique_ptr<link::Endpoint> endpoint_;
    Parser parser_;
    codec::Stability stability_;
};

}  // namespace hefang::driver
