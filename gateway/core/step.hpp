#pragma once
#include "core/clearance.hpp"
#include "core/fact.hpp"
#include "core/register.hpp"
#include "core/site.hpp"
#include "core/state.hpp"
#include "reading/reading.hpp"

#include <functional>
#include <string>
#include <variant>
#include <vector>

namespace hefang::core {

/// The register took something new about `waybill` (already visible in Register); `receipt` when it was one.
struct RegisterChanged {
    std::string waybill;
    std::optional<Receipt> receipt;
};
/// Time passed: deadlines are looked at.
struct Tick {};
/// The process began: what lay on belts before is of sessions that ended.
struct Started {};

using Input = std::variant<reading::Reading, RegisterChanged, Tick, Started>;

/// What one step may use beside the state.
struct Surroundings {
    const SiteModel& site;
    const Register& known;
    Now now;
    Freshness freshness = Freshness::not_checked;
    const std::function<std::string()>& new_id;  ///< UUIDv7s
    /// Called with each fact as it is decided, before anything else is decided: the caller appends it to the open
    /// transaction and returns its journal sequence, so that Register::history() sees it.
    const std::function<std::uint64_t(const Fact&)>& record;
};

/// Takes one input: joins readings to slots, decides what is due, records the facts and evolves the state with them.
/// No I/O of its own; the same inputs, register and times give the same facts.
void step(State& state, const Input& input, const Surroundings& around);

/// The boot time at which step(Tick) has something to do; `latest` when nothing is due before.
[[nodiscard]] BootTime next_deadline(const State& state, const SiteModel& site, BootTime latest);

/// The commands wanted of the sorter of lane `index`: all not yet acknowledged, of the session now, still valid. First
/// those that take an earlier one back, last those of overdue passages.
[[nodiscard]] std::vector<reading::SorterCommand> wanted(const State& state, const SiteModel& site, std::size_t index,
                                                         BootTime now);

/// The same, for the sorter's driver, once what was decided is on disk: from now on these passages were commanded.
[[nodiscard]] std::vector<reading::SorterCommand> hand_out(State& state, const SiteModel& site, std::size_t index,
                                                           BootTime now);

}  // namespace hefang::core
