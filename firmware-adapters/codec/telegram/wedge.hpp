#pragma once
#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace hefang::codec {

/// One key of a keyboard's layout, by the kernel's number for it (<linux/input-event-codes.h>).
struct WedgeKey {
    std::uint16_t code;
    char plain, shifted;
};
/// The US layout, which readers are set to when they leave the factory: printable keys, blank, TAB, ENTER, BACKSPACE,
/// ESC. Both ENTER keys give CR. Source: the kernel's header and its US key map; the digits of the keypad count as
/// typed with NumLock on.
[[nodiscard]] std::span<const WedgeKey> us_layout();

/// `struct input_event` as the kernel writes it on this machine: a time of two longs, type, code, value.
struct WedgeEvent {
    std::uint16_t type = 0, code = 0;
    std::int32_t value = 0;
};
constexpr std::size_t wedge_event_size = 2 * sizeof(long) + 8;
[[nodiscard]] std::string encode_event(const WedgeEvent& event);

namespace wedge {
// What of <linux/input-event-codes.h> is used.
constexpr std::uint16_t ev_syn = 0, ev_key = 1, syn_report = 0, syn_dropped = 3;
constexpr std::uint16_t enter = 28, left_ctrl = 29, left_shift = 42, right_shift = 54, left_alt = 56, caps_lock = 58;
constexpr std::uint16_t f8 = 66, num_lock = 69, scroll_lock = 70, right_ctrl = 97, right_alt = 100;
constexpr std::uint16_t left_meta = 125, right_meta = 126;
constexpr std::int32_t up = 0, down = 1, again = 2;
}  // namespace wedge

/// Why events are not text. One counter each.
enum class WedgeRefusal {
    not_an_event,  ///< bytes that are no record; one refusal a run
    events_lost,   ///< the kernel says that its buffer ran over
    unknown_key    ///< a key or chord that stands for no character
};
[[nodiscard]] std::string_view name(WedgeRefusal reason);

struct WedgeKeys {
    bool f8_is_gs = false;  ///< F8 stands for GS, as some readers send it
};

/// Records of a keyboard's events → the text that was typed, ENTER as CR. Only key-downs count, so overlapping keys and
/// missing key-ups are nothing, and auto-repeat is none. Ctrl with a key gives the control character (Ctrl-] is GS),
/// Alt with digits of the keypad the character of that number (Alt-029 is GS). What cannot be told, a key without
/// character or events that were lost, stands in the text as SUB (0x1A), which no code may hold; after a loss nothing
/// more is told up to the next ENTER, TAB or silent(). Holds less than one record.
class WedgeDecoder {
  public:
    struct Out {
        std::string text;
        std::vector<WedgeRefusal> refused;
    };
    explicit WedgeDecoder(WedgeKeys keys) : keys_(keys) {}
    [[nodiscard]] Out feed(std::string_view bytes);
    /// A pause that no reader makes within a telegram: keys whose release was missed are up, and a loss is over.
    void silent();

  private:
    void take(const WedgeEvent& event, Out& out);
    void press(std::uint16_t code, Out& out);
    void say(char c, Out& out);
    void unknown(Out& out);
    void lose(WedgeRefusal reason, Out& out);
    [[nodiscard]] bool compose(std::uint16_t code);
    void end_composing(Out& out);

    WedgeKeys keys_;
    std::string held_;        // of a record
    unsigned modifiers_ = 0;  // one bit a key
    bool caps_ = false;
    bool noise_ = false;                // within a run of bytes that are no record
    bool dropped_ = false;              // up to the next SYN_REPORT events are worthless
    bool damaged_ = false;              // up to the next end nothing is told
    std::optional<unsigned> composed_;  // digits typed with Alt held
};

/// The events of a reader that types `text`: chords for capitals and control characters, CR as ENTER. `overlapping`:
/// the next key goes down before the one before goes up, where no chord forbids it. Characters that no key gives are
/// left out.
[[nodiscard]] std::string encode_typed(std::string_view text, bool overlapping);

}  // namespace hefang::codec
