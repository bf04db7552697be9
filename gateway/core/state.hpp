#pragma once
#include "base/clock.hpp"
#include "core/fact.hpp"
#include "core/site.hpp"
#include "reading/reading.hpp"

#include <array>
#include <cstdint>
#include <deque>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <unordered_map>
#include <vector>

namespace hefang::core {

/// The place of one parcel on a line, from its induction (or, without sorter, its first reading) to its decision.
/// Lives in memory only: a restart ends the PLC session, and the PLC's default takes what lay on the belt.
struct Slot {
    reading::SorterSession session = 0;  ///< 0: no place on a sorter
    std::uint16_t sequence = 0;
    BootTime opened;                   ///< when its induction was seen
    BootTime earliest;                 ///< it cannot have come before
    WallTime event;                    ///< of the opening
    std::uint64_t read_order = 0;      ///< order of the first telegram within the lane; 0: none came yet
    std::vector<DeviceId> answered;    ///< readers that sent their telegram for this slot
    std::vector<reading::Code> codes;  ///< of distinct text, in order of reading
    std::optional<reading::WeightRead> weight;
    bool weights_clash = false;  ///< one weight, two candidate parcels
    bool tracking_lost = false;
    bool image_unsure = false;          ///< no scan is surely its own
    std::optional<BootTime> last_read;  ///< of the newest telegram without sequence that joined
};

/// What the PLC said to the command of one revision. `too_late`: the item was past its divert, what was in force before
/// stays. `unknown_item`: it has no such item, any more or yet. `refused`: any other no; nothing is in force any more.
enum class Answer : std::uint8_t { none, accepted, too_late, unknown_item, refused };

/// A decided passage that still lies on a sorter's belt. All but `decided` and `fact` is no part of the journal.
struct OpenPassage {
    PassageDecided decided;        ///< the newest revision
    std::uint64_t fact = 0;        ///< journal sequence of that revision, for the snapshot
    BootTime valid_until{};        ///< of this revision's command
    BootTime confirm_until{};      ///< later it is overdue
    Answer answer = Answer::none;  ///< to this revision
    bool given = false;            ///< this revision's command was handed to the sorter's driver
    bool may_be_released = false;  ///< this or an earlier revision was release, and the PLC still may do it
    bool overdue = false;          ///< not confirmed by confirm_until: what the PLC does with it is not known
};

/// A decided place of the live session, as long as a reading may have been, or may yet be, for its item.
struct Passed {
    std::uint16_t sequence = 0;
    BootTime opened, earliest;
    std::optional<BootTime> last_read, weighed;
};

/// Not confirmed in time, and that not yet acted upon.
[[nodiscard]] inline bool is_late(const OpenPassage& open, const Now& now) {
    return !open.overdue && now.boot > open.confirm_until;
}

/// Open passages by id, by slot and by every code of their labels.
class OpenPassages {
  public:
    void put(OpenPassage passage);
    /// Also when the id is unknown.
    void erase(const PassageId& id);
    [[nodiscard]] OpenPassage* find(const PassageId& id);
    [[nodiscard]] OpenPassage* at_slot(const DeviceId& sorter, std::uint64_t session, std::uint16_t sequence);
    /// Those whose label has `code`, as the waybill or beside it.
    [[nodiscard]] std::vector<PassageId> with_code(const std::string& code) const;
    [[nodiscard]] const std::map<PassageId, OpenPassage>& all() const { return by_id_; }
    [[nodiscard]] std::map<PassageId, OpenPassage>& all() { return by_id_; }

  private:
    using SlotKey = std::pair<DeviceId, std::pair<std::uint64_t, std::uint16_t>>;
    void forget(const OpenPassage& passage);
    std::map<PassageId, OpenPassage> by_id_;
    std::map<SlotKey, PassageId> by_slot_;
    std::unordered_multimap<std::string, PassageId> by_code_;
};

/// A telegram or weight that came before its induction was seen.
struct Floating {
    reading::Reading reading;
    BootTime at;  ///< of the reading
};

struct ImageOfScan {
    std::uint8_t view = 1;
    ImageUsed used;
};
struct JudgedView {
    reading::Screening result = reading::Screening::no_decision;
    BootTime at;  ///< of the newest word on it
};
/// The newest judgement, as evidence.
struct Judgement {
    std::string operator_id, time, sha256;
};

/// What an inspection machine said of one parcel so far. It was handed over between `not_before` and `at`: the time of
/// its first word, be it a picture or a judgement.
struct Scan {
    std::string id;
    BootTime not_before, at;
    std::optional<std::uint16_t> sequence;
    std::uint8_t views = 1;
    std::vector<ImageOfScan> images;
    std::array<std::optional<JudgedView>, max_views> results;
    Judgement judgement;
    std::optional<BootTime> tip_at;  ///< a projected threat was judged
    bool contradicts = false;        ///< two pictures of one view, or two numbers
    bool given_up = false;           ///< no place took it
    PassageId owner;                 ///< the passage that was decided by it; empty: none
};

struct LaneState {
    reading::SorterSession session = 0;  ///< the PLC conversation now; 0: none
    std::deque<Slot> slots;              ///< undecided, in order of opening
    std::deque<Passed> passed;           ///< decided, by opening: those within reach of a reading, and the newest
    std::vector<Floating> floating;
    std::deque<Scan> scans;                ///< in order of arrival
    bool images_unsure = false;            ///< which image is whose is not known, until the line was empty
    BootTime images_stirred;               ///< when a place was opened or a scan came last
    bool next_unsure = false;              ///< the next induction has lost tracking
    std::optional<BootTime> unsure_until;  ///< so has what may have come until then
    std::uint64_t reads = 0;               ///< telegrams that opened or joined a slot
    std::deque<std::pair<BootTime, std::string>> recent;  ///< texts read within same_parcel_ms, the newest last
    std::set<DeviceId> clear;                             ///< alarm devices that say so now; all others lock the lane
    bool commands_changed = false;                        ///< the sorter's wanted set must be handed over
};

/// Everything the core keeps in memory. Open passages, lost devices and alarms are folds of the journal (`evolve`); the
/// rest begins anew with the process.
struct State {
    std::vector<LaneState> lanes;  ///< parallel to SiteModel::lanes
    OpenPassages open;
    std::map<DeviceId, std::uint64_t> lost;    ///< devices now lost → journal sequence of the fact that says so
    std::map<DeviceId, std::uint64_t> alarms;  ///< raised and not acknowledged → the fact that says so
    std::optional<Now> before;                 ///< of the last tick, to notice a stepped clock
    BootTime confirm_due;                      ///< until then no open passage is late; 0: not known
};

[[nodiscard]] State fresh_state(const SiteModel& site);

/// Folds one committed fact: the same function live and in replay. `sequence` is its number in the journal.
void evolve(State& state, const Fact& fact, std::uint64_t sequence);

/// Sequences of the facts from which evolve() makes the durable part of `state` anew: what a snapshot keeps.
[[nodiscard]] std::vector<std::uint64_t> facts_that_matter(const State& state);

}  // namespace hefang::core
