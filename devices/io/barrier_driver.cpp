#include "io/barrier_driver.hpp"

#include <array>
#include <chrono>
#include <string>
#include <utility>
#include <vector>

namespace hefang::driver {

using reading::BarrierEvent;

namespace {

std::vector<InputWire> wires_of(const BarrierSettings& s) {
    std::vector<InputWire> out{{"loop", s.loop, true},
                               {"photo-eye", s.photo_eye, true},
                               {"end-open", s.end_open, false},
                               {"end-closed", s.end_closed, false}};
    if (s.emergency) out.push_back({"emergency", *s.emergency, true});
    return out;
}

std::string_view counter_of(BarrierEvent event) {
    switch (event) {
        case BarrierEvent::opening: return "opened";
        case BarrierEvent::closing: return "closed";
        case BarrierEvent::stopped: return "stopped";
        case BarrierEvent::emergency: return "emergency";
        case BarrierEvent::fault: return "faults";
        case BarrierEvent::opened:
        case BarrierEvent::passed:
        case BarrierEvent::closed:
        case BarrierEvent::emergency_over:
        case BarrierEvent::unknown: break;
    }
    return {};
}

}  // namespace

/// One life of the connection, on the device's thread.
class BarrierDriver::Conversation {
  public:
    Conversation(BarrierDriver& driver, Context& context, Board board)
        : driver_(driver),
          set_(driver.settings_),
          outer_(context),
          context_{context.clock, driver.told_,  context.counters, context.stop,
                   context.alive, context.trial, context.condition},
          board_(std::move(board)),
          wires_(wires_of(set_)),
          contacts_(set_.id, wires_, set_.debounce_ms),
          green_(set_.green) {}

    Error run() {
        Error why{Errc::closed, "stop was requested"};
        while (!context_.stop.requested()) {
            if (auto done = look(); !done) {
                why = done.error();
                break;
            }
            driver_.wish_.wait(std::chrono::milliseconds(set_.poll_ms), context_.stop);
        }
        if (context_.stop.requested()) switch_off();
        (void)contacts_.lose(context_);
        const auto lost = driver_.barrier_.step(now(), std::nullopt, std::nullopt, false);
        tell(lost.told);
        (void)driver_.told_.hand_on(outer_, driver_.around_.core_alive);
        return why;
    }

  private:
    [[nodiscard]] BootTime now() const { return context_.clock.now().boot; }
    [[nodiscard]] std::array<int, 3> movements() const { return {set_.open, set_.close, set_.stop}; }

    Result<void> look();
    [[nodiscard]] BarrierSeen seen(const Board::Levels& levels) const;
    Result<void> switch_off_stuck(const Board::Levels& levels);
    Result<void> give(Pulse pulse);
    void tell(const std::vector<BarrierAct::Told>& told);
    void tell_fault(std::string_view why);
    void switch_off();

    BarrierDriver& driver_;
    const BarrierSettings& set_;
    Context& outer_;
    Context context_;  // whose sink is driver_.told_
    Board board_;
    const std::vector<InputWire> wires_;
    ContactSet contacts_;
    HeldRelay green_;
    std::optional<int> pulsed_;  // the relay that was pulsed last
    BootTime pulsed_until_{};
    bool stuck_told_ = false;
};

BarrierSeen BarrierDriver::Conversation::seen(const Board::Levels& levels) const {
    const auto active = [&](std::size_t wire) { return is_active(wires_[wire], levels.inputs); };
    return {!active(0), !active(1), active(2), active(3), wires_.size() > 4 && active(4)};
}

Result<void> BarrierDriver::Conversation::look() {
    const auto levels = board_.read();
    if (!levels) return tl::unexpected(levels.error());
    context_.alive(Sign::data);
    const auto act = driver_.barrier_.step(now(), seen(*levels), driver_.wish_.get(), driver_.around_.core_alive());
    const bool green_on = levels->outputs[static_cast<std::size_t>(set_.green)] != 0;
    // The movement first: a stop waits for no lamp. Told is also what could not be done for want of a link.
    const auto done =
        give(act.pulse)
            .and_then([&] { return green_.follow(board_, act.green, green_on, now(), context_.counters); })
            .and_then([&] { return act.pulse == Pulse::none ? switch_off_stuck(*levels) : Result<void>{}; });
    (void)contacts_.look(levels->inputs, context_);
    tell(act.told);
    if (!driver_.told_.hand_on(outer_, driver_.around_.core_alive)) return fail(Errc::closed, "stop was requested");
    return done;
}

/// A movement relay that is on without a pulse of ours would move the barrier, or keep it from moving.
Result<void> BarrierDriver::Conversation::switch_off_stuck(const Board::Levels& levels) {
    bool stuck = false;
    for (const int channel : movements()) {
        const bool ours = pulsed_ == channel && now() <= pulsed_until_;
        if (levels.outputs[static_cast<std::size_t>(channel)] == 0 || ours) continue;
        stuck = true;
        context_.counters.add("output-stuck");
        if (auto done = board_.set(channel, false); !done) return done;
    }
    if (stuck && !stuck_told_) tell_fault("a relay was on that nobody commanded");
    stuck_told_ = stuck;
    return {};
}

/// The pulse, with nothing else of the movements on; it has to show on its relay.
Result<void> BarrierDriver::Conversation::give(Pulse pulse) {
    if (pulse == Pulse::none) return {};
    const int channel = pulse == Pulse::open ? set_.open : pulse == Pulse::close ? set_.close : set_.stop;
    const bool other = pulsed_ && *pulsed_ != channel && now() <= pulsed_until_;
    const int before = pulsed_.value_or(channel);
    for (int i = 0; i < pulse_tries; ++i) {
        if (other && pulse != Pulse::stop && i == 0) {
            if (auto off = board_.set(before, false); !off) return off;
        }
        if (auto flashed = board_.flash(channel, set_.pulse_ms); !flashed) return flashed;
        pulsed_ = channel;
        // The flash may begin late by as much as an answer may take, and it is rounded up.
        pulsed_until_ = now() + set_.pulse_ms + codec::board::flash_step_ms + set_.answer_ms;
        auto shown = board_.read_outputs();
        if (!shown) return tl::unexpected(shown.error());
        if ((*shown)[static_cast<std::size_t>(channel)] != 0) {
            return other && pulse == Pulse::stop ? board_.set(before, false) : Result<void>{};
        }
        context_.counters.add("readback-wrong");
    }
    tell_fault("a pulse does not show on its relay");
    return {};
}

void BarrierDriver::Conversation::tell(const std::vector<BarrierAct::Told>& told) {
    for (const auto& one : told) {
        if (const auto counter = counter_of(one.event); !counter.empty()) context_.counters.add(counter);
        if (one.event == BarrierEvent::fault || one.event == BarrierEvent::emergency) context_.condition(one.why);
        if (one.event == BarrierEvent::emergency_over || one.event == BarrierEvent::closed) context_.condition({});
        (void)driver_.told_.post(reading::BarrierTold{set_.id, now(), one.event, std::string(one.why), one.passage},
                                 context_.stop);
    }
}

void BarrierDriver::Conversation::tell_fault(std::string_view why) { tell({{BarrierEvent::fault, why, {}}}); }

/// Whatever a failed write leaves on, the board switches off. Nothing is stopped: a barrier that opens may go on.
void BarrierDriver::Conversation::switch_off() { (void)board_.set(set_.green, false); }

BarrierDriver::BarrierDriver(BarrierSettings settings, IoSurroundings around)
    : settings_(std::move(settings)), around_(std::move(around)), barrier_(settings_.moves) {}

Error BarrierDriver::live(Context& context) {
    auto link = link::Modbus::open(settings_.link, *around_.lines, std::chrono::milliseconds(settings_.answer_ms),
                                   context.stop);
    if (!link) return link.error();
    return Conversation(*this, context, Board(std::move(*link), *settings_.map)).run();
}

}  // namespace hefang::driver
