#pragma once
#include "base/units.hpp"
#include "weight/mass.hpp"

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace hefang::codec {

/// What an indicator's own word says of the load. Only with `stable` and `motion` are there grams.
enum class Rest : std::uint8_t {
    stable,
    motion,
    over,       ///< beyond capacity
    under,      ///< too far below zero: an empty scale
    not_zeroed  ///< since power-up, or the zero is out of its range: what it shows is no weight
};

/// One display of an indicator, whatever its protocol. What a protocol does not say has its default: an indicator
/// without a word of rest is `stable`, one without gross and net shows gross.
struct Indication {
    Grams grams{};   ///< as displayed, signed; 0 where `rest` has none
    Grams digit{1};  ///< the worth of the last digit, at least 1 g: the display's step or a part of it
    Rest rest = Rest::stable;
    bool net = false;  ///< the display shows net: gross minus tare
    MassUnit unit = MassUnit::kilogram;
    std::optional<Grams> tare = {};  ///< where the protocol says it
    bool preset = false;             ///< the tare was keyed in, not weighed
    /// Of an answer to the order to keep the weighing: its number in the indicator's own record, or `not_kept`.
    std::string alibi = {};
    friend bool operator==(const Indication&, const Indication&) = default;
};
constexpr std::string_view not_kept = "NO";

/// Why bytes are not used. One counter each, by name().
enum class WeightRefusal : std::uint8_t {
    noise,          ///< bytes that begin no frame; one refusal a run
    too_long,       ///< more than a line may have, without an end; dropped up to the next end
    bad_layout,     ///< a frame without what must stand at its places: another length, status, comma, sign, digits
    bad_checksum,   ///< `log_only`: the frame was used all the same
    other_address,  ///< another address than the configured one, or none; or an address where none is configured
    other_status,   ///< a word of rest that the layout does not have, e.g. QT (a number of pieces)
    other_kind,     ///< neither gross nor net: a tare, a total, raw points
    no_digits,      ///< a blank weight that is not out of range
    bad_number,     ///< not: blanks, a sign, blanks, digits with at most one point
    other_unit,     ///< pounds, ounces, none: not converted
    too_large,      ///< beyond any scale
    busy,           ///< the indicator is there and cannot do it now
    not_understood  ///< the indicator says that it does not know, or did not hear, the question
};
[[nodiscard]] std::string_view name(WeightRefusal reason);

/// Stream → indications. Finds its way back into the stream by itself; what it holds is bounded.
class WeightParser {
  public:
    struct Out {
        std::vector<Indication> weights;
        std::vector<std::string> raw;  ///< the frame of each weight, byte by byte; as many as weights
        std::vector<WeightRefusal> refused;
        void take(const Indication& weight, std::string_view frame) {
            weights.push_back(weight);
            raw.emplace_back(frame);
        }
    };
    virtual ~WeightParser() = default;
    [[nodiscard]] virtual Out feed(std::string_view bytes) = 0;
    /// Forgets a frame that has begun: for a new connection, or for a new question.
    virtual void drop() = 0;
    /// Bytes of a frame that has begun.
    [[nodiscard]] virtual std::size_t held() const = 0;
};

/// The frames of `take` in `bytes`, for parsers that find their way one byte at a time: `take(at)` says how many bytes
/// at the front of `at` are done with; 0: more are needed. `held` keeps what is left, less than one frame.
template <class Take>
void cut_frames(std::string& held, std::string_view bytes, const Take& take) {
    while (!bytes.empty()) {
        const auto piece = bytes.substr(0, 256);
        bytes.remove_prefix(piece.size());
        held += piece;
        std::size_t used = 0;
        while (used < held.size()) {
            const auto n = take(std::string_view(held).substr(used));
            if (n == 0) break;
            used += n;
        }
        held.erase(0, used);
    }
}

}  // namespace hefang::codec
