#pragma once
#include "base/units.hpp"
#include "weight/mass.hpp"

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace hefang::codec {

/// One frame of the Mettler Toledo continuous output:
/// STX, status A, B, C, six digits of the indicated weight, six of the tare, CR, and a checksum where configured.
struct ToledoWeight {
    Grams grams;  ///< as indicated (gross or net), signed; 0 when the digits are blank
    Grams tare;
    Grams step;  ///< the display's own step, from status A; at least 1 g
    bool net = false;
    bool motion = false;
    bool out_of_range = false;  ///< over capacity, or too far below zero
    bool not_zeroed = false;    ///< since power-up
    bool negative = false;      ///< the sign as sent, also where there are no digits
    friend bool operator==(const ToledoWeight&, const ToledoWeight&) = default;
};

enum class ToledoRefusal {
    noise,         ///< bytes that begin no frame; one refusal a run
    bad_layout,    ///< an STX without CR, status bits or digits where they must be: skipped by one byte
    bad_checksum,  ///< `log_only`: the frame was used all the same
    no_digits,     ///< a blank weight that is not out of range
    other_unit,    ///< pounds, ounces: not converted
    too_large      ///< beyond any scale
};
[[nodiscard]] std::string_view name(ToledoRefusal reason);

/// Stream → weights. Finds its way back into the stream by one byte at a time; holds less than one frame.
class ToledoParser {
  public:
    struct Out {
        std::vector<ToledoWeight> weights;
        std::vector<ToledoRefusal> refused;
    };
    explicit ToledoParser(Checksum checksum = Checksum::required) : checksum_(checksum) {}
    [[nodiscard]] Out feed(std::string_view bytes);
    /// Forgets a frame that has begun: for a new connection.
    void drop() { held_.clear(); }

  private:
    [[nodiscard]] std::size_t length() const { return checksum_ == Checksum::absent ? 17 : 18; }
    std::size_t take(std::string_view at, Out& out);

    Checksum checksum_;
    std::string held_;
    bool noise_ = false;
};

/// The frame of `weight` in kilograms with `decimals` (0…5) behind the point, in steps of 1, 2 or 5 digits as
/// `weight.step` says; blanks for leading zeros. `checksum` absent: 17 bytes.
[[nodiscard]] std::string encode_toledo(const ToledoWeight& weight, int decimals, Checksum checksum);

}  // namespace hefang::codec
