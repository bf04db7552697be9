#pragma once
#include "driver/driver.hpp"
#include "driver/wanted.hpp"
#include "io/barrier.hpp"
#include "io/io.hpp"
#include "io/patient_sink.hpp"

#include <cstdint>
#include <optional>

namespace hefang::driver {

/// Channels of one module that has flashes. Loop and photo-eye are wired so that the circuit is closed while they are
/// clear, the end contacts so that it is closed while the arm is there, the emergency opening so that it is closed at
/// rest: a broken cable reads as taken, as not there, as drawn.
struct BarrierSettings {
    DeviceId id;
    link::LinkAddress link;
    const codec::board::Map* map = nullptr;
    int loop = 0, photo_eye = 1, end_open = 2, end_closed = 3;
    std::optional<int> emergency;
    int open = 0, close = 1, stop = 2, green = 3;
    int pulse_ms = 400;
    Barrier::Settings moves;
    std::int64_t poll_ms = 50;
    std::int64_t debounce_ms = 50;  ///< of what is told; the interlock takes every look as it is
    std::int64_t answer_ms = 300;
};

/// A barrier and its traffic light behind a module. Movements are pulses that the board ends by itself, green is held
/// by flashes: when this program is gone, no relay stays energised, the barrier rests and the light is red. What it
/// does and sees is told as BarrierTold, its contacts (loop, photo-eye, end-open, end-closed, emergency) as
/// ContactChanged. Nothing is kept over a restart of the program: it moves only after its contacts were read.
/// Counters: opened, closed (pulses given), stopped, emergency, faults, readback-wrong (a pulse did not show on its
/// relay), output-stuck (a relay was on that was not commanded, and is switched off), contact-changes, switched,
/// untold.
class BarrierDriver final : public Driver, public BarrierOutput {
  public:
    static constexpr int pulse_tries = 3;  ///< for a pulse that does not show on its relay

    BarrierDriver(BarrierSettings settings, IoSurroundings around);

    [[nodiscard]] Error live(Context& context) override;
    void want(std::optional<reading::OpenWish> wish) override { wish_.set(std::move(wish)); }

  private:
    class Conversation;

    const BarrierSettings settings_;
    const IoSurroundings around_;
    Wanted<std::optional<reading::OpenWish>> wish_;
    PatientSink told_;  // the device's thread; over all lives, so that nothing is lost between them
    Barrier barrier_;   // the device's thread; over all lives, so that a wish is used up once
};

}  // namespace hefang::driver
