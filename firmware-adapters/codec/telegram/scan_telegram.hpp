#pragma once
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include <tl/expected.hpp>

namespace hefang::codec {

/// Why a telegram, a code of it or a run of bytes is not used. One counter each.
enum class ScanRefusal {
    too_long,       ///< more than ScanFraming::longest bytes without an end; dropped up to the next end
    outside_frame,  ///< bytes between ETX and STX that are no CR, LF or blank; one refusal a run
    cut_short,      ///< a new STX, silence or the end of the connection before the telegram's end
    no_begin,       ///< the end of a telegram whose begin was dropped or never came, or that was too long
    no_prefix,      ///< the telegram does not begin with the configured prefix
    wrong_length,   ///< a telegram of another length than ScanFraming::length
    bad_sequence,   ///< no 1 to 65535 before the sequence separator, or no separator
    not_utf8,       ///< a code that is no UTF-8
    control_byte,   ///< a code with a control character other than GS
    code_too_long,  ///< a code of more than longest_code bytes
    too_many_codes  ///< more than most_codes different codes in one telegram
};
[[nodiscard]] std::string_view name(ScanRefusal reason);
/// True where a telegram ended that cannot be used: something passed the reader, and nobody knows what.
[[nodiscard]] bool ended(ScanRefusal reason);

/// How telegrams are cut out of the stream.
struct ScanFraming {
    std::string prefix;          ///< taken off the front of each telegram; empty: none
    std::string ends = "\r\n";   ///< any of these bytes ends a telegram (CR, LF, ETX, TAB); empty: silence does
    bool stx_etx = false;        ///< telegrams stand between STX and ETX instead; `ends` is not used
    std::size_t longest = 4096;  ///< bytes of one telegram, prefix included
    std::size_t length = 0;      ///< every telegram has so many, prefix included; without `ends` they end it. 0: any
    [[nodiscard]] bool by_silence() const { return ends.empty() && !stx_etx; }
};

/// One whole telegram without its prefix and end, or the reason why bytes were dropped.
using ScanFrame = tl::expected<std::string, ScanRefusal>;

/// Stream → telegrams. An empty line is no telegram (so CR LF is one end, also when split over two reads); an empty
/// telegram between STX and ETX is one (a no-read). Holds at most `longest` bytes, whatever comes in. What follows on a
/// begin that was dropped is never a telegram: with the next end it is refused as no_begin, and only then one can
/// begin. An end alone is the dropped one's own and no second refusal; anything more may be another parcel's, and is
/// one.
class ScanFramer {
  public:
    explicit ScanFramer(ScanFraming framing);
    /// Takes `bytes` and returns what they completed, in order.
    [[nodiscard]] std::vector<ScanFrame> feed(std::string_view bytes);
    /// True while a telegram, or a part of one, was heard whose end is still to come.
    [[nodiscard]] bool halfway() const { return inside_ && (framing_.stx_etx || owed_ || !held_.empty()); }
    /// It was silent for longer than a telegram ever pauses: what is halfway is cut short, or, where nothing but
    /// silence ends a telegram, whole.
    [[nodiscard]] std::vector<ScanFrame> silent();
    /// Drops what halfway() tells of, for the end of a connection. True if there was something: it is to be refused as
    /// cut_short.
    [[nodiscard]] bool drop();
    /// What comes next may be the rest of a telegram that began unheard.
    void join_midway() { skipping_ = owed_ = inside_; }

  private:
    void take(char c, std::vector<ScanFrame>& out);
    void finish(std::vector<ScanFrame>& out);

    ScanFraming framing_;
    std::string held_;
    bool inside_;            // with STX/ETX: after the STX; else always
    bool skipping_ = false;  // dropping until the next end
    bool owed_ = false;      // while skipping: of what went by since the last drop() no refusal has told
    bool noise_ = false;     // within a run of bytes outside of a frame
};

/// One code as printed. `text` is clean UTF-8 of 1 to longest_code bytes, blanks around it taken off; a GS that
/// separates GS1 elements (0x1D) stands as U+241D "␝". `aim` is the identifier ("]C1") or empty.
struct ScanCode {
    std::string text;
    std::string aim;
    friend bool operator==(const ScanCode&, const ScanCode&) = default;
};

/// What one telegram says. No codes and nothing refused: the reader says that it could not read.
struct ScanTelegram {
    std::optional<std::uint16_t> sequence;
    std::vector<ScanCode> codes;       ///< different ones, in the order sent
    std::vector<ScanRefusal> refused;  ///< one entry for each code that was left out
    friend bool operator==(const ScanTelegram&, const ScanTelegram&) = default;
};

/// How a telegram is read.
struct ScanFormat {
    bool aim = false;       ///< codes carry an AIM identifier: ']', a letter, a letter or digit. Off: nothing is cut
    std::string separator;  ///< between the codes of one telegram; empty: a telegram is one code
    std::string sequence;   ///< digits and this text stand before the codes; empty: no sequence number
    std::string position;   ///< before a code's place in the picture ("!" of "CODE!66/999"), which is cut off; or none
    std::string gs;         ///< what the reader sends in place of GS, e.g. "^]"; empty: GS itself
    std::vector<std::string> no_read{"NoRead", "NO READ", "ERROR", "?", "\x18"};  ///< any case of A–Z
    static constexpr std::size_t longest_code = 128;
    static constexpr std::size_t most_codes = 64;
};

/// Reads one telegram. A text of the no-read list, in place of all codes or of one, stands for "no code".
[[nodiscard]] tl::expected<ScanTelegram, ScanRefusal> decode_scan(std::string_view telegram, const ScanFormat& format);

/// The bytes that a reader so configured sends for `telegram`, prefix and end included; the first no-read text when it
/// has no codes.
[[nodiscard]] std::string encode_scan(const ScanTelegram& telegram, const ScanFormat& format,
                                      const ScanFraming& framing);

}  // namespace hefang::codec
