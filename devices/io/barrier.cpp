#include "io/barrier.hpp"

#include <utility>

namespace hefang::driver {

using reading::BarrierEvent;

void Barrier::tell(BarrierAct& act, BarrierEvent event, std::string_view why) const {
    act.told.push_back({event, why, passage_});
}

/// Where the arm is shows only once the inputs are read again.
void Barrier::lose(BarrierAct& act) {
    if (phase_ != Phase::unknown) tell(act, BarrierEvent::unknown, "its inputs cannot be read");
    if (phase_ == Phase::closing) closes_unseen_ = true;
    phase_ = Phase::unknown;
    position_.reset();
    last_look_.reset();
    clear_since_.reset();
    tried_ = 0;
}

void Barrier::watch_clear(BootTime now, const BarrierSeen& seen) {
    const bool unbroken = last_look_ && now >= *last_look_ && now - *last_look_ <= longest_gap_ms;
    if (!unbroken) clear_since_.reset();
    last_look_ = now;
    if (!seen.loop_clear || !seen.eye_clear) {
        clear_since_.reset();
    } else if (!clear_since_) {
        clear_since_ = now;
    }
}

bool Barrier::clear_long_enough(BootTime now) const {
    return clear_since_ && now - *clear_since_ >= settings_.clear_ms;
}

bool Barrier::wanted(BootTime now, const std::optional<reading::OpenWish>& wish, bool core_alive) const {
    return core_alive && wish && !wish->passage.empty() && now < wish->valid_until && wish->passage != used_;
}

void Barrier::take_wish(const std::string& passage) {
    if (passage == passage_) return;
    passage_ = passage;
    entered_ = false;
    tried_ = 0;
    fault_told_ = false;
    if (opened_by_emergency_ && *opened_by_emergency_ != passage) opened_by_emergency_.reset();
}

bool Barrier::hold_for_emergency(const BarrierSeen& seen, const std::string& passage, BarrierAct& act) {
    if (seen.emergency != std::exchange(emergency_, seen.emergency)) {
        tell(act, seen.emergency ? BarrierEvent::emergency : BarrierEvent::emergency_over,
             seen.emergency ? "the emergency opening is drawn" : "the emergency opening is released");
        if (seen.emergency && !opened_by_emergency_) opened_by_emergency_ = passage;
    }
    if (seen.emergency) {
        phase_ = Phase::stopped;
        closes_unseen_ = false;
    }
    return seen.emergency;
}

void Barrier::say_position(const BarrierSeen& seen, BarrierAct& act) {
    std::optional<BarrierEvent> position;
    if (seen.at_open) position = BarrierEvent::opened;
    if (seen.at_closed) position = BarrierEvent::closed;
    if (position == position_) return;
    position_ = position;
    if (position) tell(act, *position, "the end contact says so");
}

bool Barrier::drive(BootTime now, Phase phase, Pulse pulse, std::string_view why, BarrierAct& act) {
    if (phase_ != phase) {
        if (std::exchange(phase_, phase) != Phase::stopped) tried_ = 0;
    } else if (now - moved_at_ < settings_.move_ms && now >= moved_at_) {
        return true;
    }
    closes_unseen_ = false;
    if (tried_ >= tries) return false;
    ++tried_;
    moved_at_ = now;
    act.pulse = pulse;
    tell(act, pulse == Pulse::open ? BarrierEvent::opening : BarrierEvent::closing, why);
    return true;
}

void Barrier::toward_open(BootTime now, const BarrierSeen& seen, BarrierAct& act) {
    if (!seen.at_open) {
        if (!drive(now, Phase::opening, Pulse::open, "a wish stands", act) && !std::exchange(fault_told_, true))
            tell(act, BarrierEvent::fault, "it does not open");
        return;
    }
    phase_ = Phase::open;
    tried_ = 0;
    act.green = true;
    if (!seen.loop_clear || !seen.eye_clear) entered_ = true;
    if (!entered_ || !clear_long_enough(now)) return;
    used_ = passage_;
    act.green = false;
    tell(act, BarrierEvent::passed, "loop or photo-eye were taken and are clear again");
}

void Barrier::toward_closed(BootTime now, const BarrierSeen& seen, BarrierAct& act) {
    if (seen.at_closed) {
        phase_ = Phase::resting;
        tried_ = 0;
        fault_told_ = false;
        opened_by_emergency_.reset();
        closes_unseen_ = false;
        return;
    }
    if (!seen.loop_clear || !seen.eye_clear) {
        if (phase_ == Phase::closing || closes_unseen_) {
            closes_unseen_ = false;
            act.pulse = Pulse::stop;
            tell(act, BarrierEvent::stopped, seen.loop_clear ? "the photo-eye is taken" : "the loop is taken");
            phase_ = Phase::stopped;
        }
        tried_ = 0;
        fault_told_ = false;
        return;
    }
    if (opened_by_emergency_ || !clear_long_enough(now)) return;
    if (!drive(now, Phase::closing, Pulse::close, "no wish stands; loop and photo-eye are clear", act) &&
        !std::exchange(fault_told_, true))
        tell(act, BarrierEvent::fault, "it does not close");
}

BarrierAct Barrier::step(BootTime now, const std::optional<BarrierSeen>& seen,
                         const std::optional<reading::OpenWish>& wish, bool core_alive) {
    BarrierAct act;
    if (!seen) {
        lose(act);
        return act;
    }
    watch_clear(now, *seen);
    const bool open = wanted(now, wish, core_alive);
    if (hold_for_emergency(*seen, open ? wish->passage : std::string(), act)) return act;
    if (open) take_wish(wish->passage);
    if (seen->at_open && seen->at_closed) {
        if (phase_ == Phase::closing) act.pulse = Pulse::stop;
        phase_ = Phase::stopped;
        if (!std::exchange(fault_told_, true)) tell(act, BarrierEvent::fault, "both end contacts at once");
        return act;
    }
    say_position(*seen, act);
    if (open) {
        toward_open(now, *seen, act);
    } else {
        toward_closed(now, *seen, act);
    }
    return act;
}

}  // namespace hefang::driver
