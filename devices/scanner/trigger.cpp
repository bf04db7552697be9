#include "scanner/trigger.hpp"

namespace hefang::driver {

void TriggerCycle::rest(BootTime now, std::chrono::milliseconds time) {
    phase_ = Phase::resting;
    due_ = now + time.count();
}

void TriggerCycle::begin(BootTime now) { rest(now, std::chrono::milliseconds(0)); }

TriggerCycle::Act TriggerCycle::act(BootTime now) {
    if (now < due_) return Act::none;
    switch (phase_) {
        case Phase::resting:
            phase_ = Phase::looking;
            due_ = now + settings_.look.count();
            return Act::on;
        case Phase::looking:
            phase_ = Phase::ending;
            due_ = now + TriggerSettings::answer.count();
            return settings_.off.empty() ? Act::none : Act::off;
        case Phase::ending: return Act::broken;
    }
    return Act::broken;
}

void TriggerCycle::answered(BootTime now) { rest(now, settings_.pause); }

void TriggerCycle::obeyed(bool taken, BootTime now) {
    if (!taken || phase_ == Phase::ending) rest(now, TriggerSettings::answer);
}

}  // namespace hefang::driver
