#pragma once
#include "base/clock.hpp"
#include "plc/sorter_map.hpp"
#include "reading/reading.hpp"

#include <cstddef>
#include <cstdint>
#include <optional>
#include <vector>

namespace hefang::driver {

/// Which of the wanted commands stand in the 8 slots of the PLC's command block. Pure: no socket, no clock, one thread.
/// A command keeps its slot until it is answered, withdrawn or over, or, once the PLC had its time to answer, until
/// another one needs it; the others wait in the order in which the core named them. A changed chute needs a higher
/// revision: {sequence, revision} is what the PLC and we go by.
class SorterSlots {
  public:
    struct Refused {
        std::size_t other_session = 0;  ///< of an ended (or never begun) conversation
        std::size_t no_sequence = 0;    ///< sequence 0 does not exist
        std::size_t superseded = 0;     ///< a higher revision of the same item stands in the same set
    };

    /// Replaces the whole set of wanted commands; what is not of `session` never enters. What was refused already in
    /// the last set is not counted again.
    Refused replace(const std::vector<reading::SorterCommand>& wanted, reading::SorterSession session);

    struct Fill {
        codec::sorter::Commands block;  ///< its session is left to the caller
        std::size_t fresh = 0;          ///< commands in it that were never sent: 0 means nothing needs to be written
        std::size_t expired = 0;        ///< dropped now because `now` had passed their valid_until
        std::size_t displaced = 0;  ///< unanswered for longer than `patience_ms`: gave their slot to one that waited
    };
    /// The block to write at `now`. Commands in it count as sent: a write that fails ends the conversation anyway.
    [[nodiscard]] Fill fill(BootTime now, std::int64_t patience_ms);

    /// The PLC answered {sequence, revision}: its slot is free again.
    void answered(std::uint16_t sequence, std::uint16_t revision);

    /// Commands that were sent before `now` − `limit_ms` and have no answer; each is named once.
    [[nodiscard]] std::vector<reading::SorterCommand> unanswered(BootTime now, std::int64_t limit_ms);

    /// Wanted, not answered, not over.
    [[nodiscard]] std::size_t open() const;
    /// Those of open() that were never sent.
    [[nodiscard]] std::size_t waiting() const;

  private:
    enum class State { waiting, sent, over, done };  // over: its time passed before a slot was free
    struct Entry {
        reading::SorterCommand command;
        State state = State::waiting;
        std::optional<std::size_t> slot;
        BootTime sent_at{};
        std::optional<BootTime> unanswered_since{};  // sent then; none: not sent, or already named
    };

    /// A slot for one more: a free one, else that of the command which has waited longest for its answer.
    [[nodiscard]] std::optional<std::size_t> make_room(BootTime now, std::int64_t patience_ms, Fill& out);
    [[nodiscard]] std::size_t count(State state) const;
    Entry* find(std::uint16_t sequence, std::uint16_t revision);

    std::vector<Entry> entries_;                   // in the order of the core
    std::vector<reading::SorterCommand> refused_;  // of the last set
};

}  // namespace hefang::driver
