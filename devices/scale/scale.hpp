#pragma once
#include "driver/config.hpp"
#include "driver/driver.hpp"
#include "link/link.hpp"
#include "scale/asking.hpp"
#include "scale/scale_protocol.hpp"
#include "weight/mass.hpp"
#include "weight/stability.hpp"

#include <chrono>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

namespace hefang::driver {

/// The keys of a protocol that it does not know keep their defaults.
struct ScaleSettings {
    DeviceId id;
    const ScaleProtocol* protocol = nullptr;
    codec::Checksum checksum = codec::Checksum::required;
    codec::MassUnit unit = codec::MassUnit::kilogram;  ///< where the frames do not say
    std::optional<int> address;                        ///< two digits before each line
    char letter = 'A';                                 ///< an address of one letter
    std::string command;                               ///< where the protocol knows several questions
    bool shows_net = false;                            ///< what the display must show
    AskRule ask;                                       ///< where it is asked
    std::optional<Grams> interval;                     ///< d; else the display's own step
    std::optional<Grams> empty_below;                  ///< else 10 d
    codec::StabilityRule rule;                         ///< interval and empty_below are taken from above
    std::chrono::milliseconds silence{2000};           ///< no valid frame for so long: the device counts as lost
};

/// Reads `config`, which passed check(). The window is 1000 ms by default, and 400 ms where the indicator's own word of
/// rest has a say as well.
[[nodiscard]] ScaleSettings scale_settings(const DeviceConfig& config);

/// An indicator that sends its display all the time, or gives it when asked. Says each load once, when it settled, or
/// went without. Where the protocol can keep a weighing on the indicator's own record, one that settled is ordered kept
/// first; one that is not kept in most_keep_orders orders is said as unstable.
/// The load on the plate is remembered from life to life of the link: a pulled cable does not weigh a parcel twice.
/// Counters: bytes, frames, stable, unstable, overload, wrong-tare, not-zeroed, not-kept, no-answer (in time),
/// refused-unasked (what no question waits for), refused-<reason of the codec>.
class ScaleDriver final : public Driver {
  public:
    static constexpr int most_keep_orders = 3;

    ScaleDriver(ScaleSettings settings, std::unique_ptr<link::Endpoint> endpoint);
    [[nodiscard]] Error live(Context& context) override;

  private:
    using Out = codec::WeightParser::Out;
    struct Kept {  // settled, and not yet on the indicator's record
        codec::Weighing weighing;
        codec::Indication indication;
        int orders = 0;
    };
    struct Life {
        Context& context;
        link::Link& link;
        BootTime valid;      // of the last valid frame
        bool heard = false;  // bytes came since
        bool stopped = false;
    };

    [[nodiscard]] Error converse(Life& life);
    [[nodiscard]] Result<void> send(Life& life, const std::string& bytes);
    [[nodiscard]] Result<void> ask(Life& life);
    void hear(Life& life, std::string_view bytes, BootTime at);
    void hear_answer(Life& life, const Out& out, BootTime at);
    void unasked(Life& life, BootTime at);
    void took(Life& life, const codec::Indication& shown, const std::string& raw, BootTime at);
    void settled(Life& life, const codec::Weighing& said, const codec::Indication& shown, const std::string& raw);
    void took_record(Life& life, const codec::Indication& record, const std::string& raw);
    void not_kept(Life& life);
    void say(Life& life, const codec::Weighing& said, reading::WeightQuality quality, reading::WeightRecord record);
    [[nodiscard]] Grams interval_of(const codec::Indication& shown) const;

    ScaleSettings settings_;
    std::unique_ptr<link::Endpoint> endpoint_;
    std::unique_ptr<codec::WeightParser> parser_;
    std::string question_, keep_order_;  // empty: there is none
    Asking asking_;
    codec::Stability stability_;
    std::optional<Kept> keeping_;
    bool order_in_flight_ = false;
};

}  // namespace hefang::driver
