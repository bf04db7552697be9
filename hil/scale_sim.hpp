#pragma once
#include "base/units.hpp"
#include "hil/wire.hpp"
#include "weight/mass.hpp"

#include <chrono>
#include <cstdint>
#include <memory>
#include <mutex>
#include <random>
#include <string>
#include <thread>
#include <vector>

namespace hefang::hil {

/// The protocols that a ScaleSim speaks, by the names of the configuration.
[[nodiscard]] std::vector<std::string> scale_protocols();

struct ScaleSimSettings {
    std::string protocol = "toledo-continuous";            ///< one of scale_protocols()
    codec::Checksum checksum = codec::Checksum::required;  ///< toledo: absent leaves it out
    int decimals = 3;                                      ///< of the display, in kilograms
    Grams step{5};                                         ///< the display moves in these
    Grams capacity{60'000};                                ///< above: out of range
    unsigned ramp_frames = 6;                              ///< so many frames from one load to the next, in motion
    std::chrono::milliseconds period{50};                  ///< between two frames
    std::uint32_t seed = 1;                                ///< of the wobble on the ramp and of the noise
};

struct ScaleDialect;

/// A scale indicator at the end of a wire that sends its display all the time. All members may be called from any
/// thread. tick() is one frame, for tests that own the time; run() ticks on a thread of its own.
class ScaleSim {
  public:
    /// Throws std::invalid_argument for a protocol that it does not speak.
    explicit ScaleSim(std::unique_ptr<Wire> wire, const ScaleSimSettings& settings = {});
    ~ScaleSim() { stop(); }
    ScaleSim(const ScaleSim&) = delete;
    ScaleSim& operator=(const ScaleSim&) = delete;

    [[nodiscard]] std::string address() const { return wire_->address(); }

    /// A load lies on the plate from now on; the display follows over the ramp.
    void put(Grams load);
    void clear() { put(Grams{0}); }
    /// Sends the next frame. Fails where the wire does; the display goes on all the same.
    [[nodiscard]] Result<void> tick();
    /// Ticks every `period` until stop().
    void run();
    void stop();

    // Faults.
    /// The next so many frames carry a wrong one; of a protocol without, another byte that no frame has there.
    void wrong_checksum(unsigned frames);
    void silence(bool on);  ///< no frames
    [[nodiscard]] Result<void> noise(std::size_t bytes);
    void unplug();
    [[nodiscard]] Result<void> plug();

  private:
    [[nodiscard]] std::string next_frame();

    std::mutex mutex_;
    const std::unique_ptr<Wire> wire_;
    const ScaleSimSettings settings_;
    const ScaleDialect& dialect_;
    std::mt19937 random_;
    Grams from_;
    Grams load_;
    unsigned ramp_left_ = 0;
    unsigned wrong_ = 0;
    bool silent_ = false;
    std::jthread thread_;
};

}  // namespace hefang::hil
