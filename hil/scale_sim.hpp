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
    std::chrono::milliseconds period{50};                  ///< between two frames, and of listening for questions
    std::uint32_t seed = 1;                                ///< of the wobble on the ramp and of the noise
};

/// What the display shows.
struct ScaleDisplay {
    Grams grams;  ///< net with a tare
    Grams tare;
    bool preset = false;
    bool motion = false;
    bool over = false;
};

struct ScaleDialect;

/// A scale indicator at the end of a wire that sends its display all the time, or when it is asked. All members may be
/// called from any thread. tick() is one frame, or one look for questions, for tests that own the time; run() ticks on
/// a thread of its own.
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
    /// Somebody sets a tare: the display shows net from now on; 0: gross again. Of protocols that say it.
    void tare(Grams tare, bool preset = false);
    /// Sends the next frame, or answers what was asked. Fails where the wire does; the display goes on all the same.
    [[nodiscard]] Result<void> tick();
    /// Ticks every `period` until stop().
    void run();
    void stop();

    // Faults.
    /// The next so many frames carry a wrong one; of a protocol without, another byte that no frame has there.
    void wrong_checksum(unsigned frames);
    void silence(bool on);  ///< no frames
    /// Every frame in pieces of so many bytes, a pause between them: a slow line. 0: in one piece.
    void split(std::size_t bytes, std::chrono::milliseconds pause);
    /// The next so many answers come only just before the answer to the question after them.
    void late(unsigned answers);
    [[nodiscard]] Result<void> noise(std::size_t bytes);
    void unplug();
    [[nodiscard]] Result<void> plug();

  private:
    [[nodiscard]] ScaleDisplay next_display();
    [[nodiscard]] Result<void> answer();
    [[nodiscard]] Result<void> send_frame(const ScaleDisplay& shown);
    [[nodiscard]] Result<void> send(const std::string& bytes);

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
    bool streams_ = false;  // once asked to
    Grams tare_;
    bool preset_ = false;
    unsigned records_ = 0;  // of the indicator's own memory
    std::string heard_;     // of a question that has begun
    unsigned late_ = 0;
    std::string held_back_;
    std::size_t piece_ = 0;
    std::chrono::milliseconds pause_{0};
    std::jthread thread_;
};

}  // namespace hefang::hil
