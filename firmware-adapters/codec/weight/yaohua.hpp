#pragma once
#include "base/units.hpp"
#include "weight/mass.hpp"

#include <string>
#include <string_view>
#include <vector>

namespace hefang::codec {

/// One frame of the Yaohua XK3190 continuous output, tF=0: STX, sign, six digits, number of decimals, two characters
/// of checksum, ETX. It says nothing of stability, unit, gross or net, or overload.
struct YaohuaWeight {
    Grams grams;  ///< as displayed, signed
    Grams digit;  ///< the worth of the last digit, at least 1 g: the display's step or a part of it
    friend bool operator==(const YaohuaWeight&, const YaohuaWeight&) = default;
};

enum class YaohuaRefusal {
    noise,         ///< bytes that begin no frame; one refusal a run
    bad_layout,    ///< an STX without sign, digits, decimals 0…4 or ETX where they must be: skipped by one byte
    bad_checksum,  ///< `log_only`: the frame was used all the same, unless its decimals came as a raw byte
};
[[nodiscard]] std::string_view name(YaohuaRefusal reason);

/// Stream → weights. Finds its way back into the stream by one byte at a time; holds less than one frame.
/// The number of decimals may come as '0'…'4' or as the raw bytes 0…4 (seen in the field).
class YaohuaParser {
  public:
    struct Out {
        std::vector<YaohuaWeight> weights;
        std::vector<YaohuaRefusal> refused;
    };
    /// `unit` is what the indicator displays: the frame does not say. `checksum`: required or log_only.
    YaohuaParser(Checksum checksum, MassUnit unit) : checksum_(checksum), unit_(unit) {}
    [[nodiscard]] Out feed(std::string_view bytes);
    /// Forgets a frame that has begun: for a new connection.
    void drop() { held_.clear(); }

  private:
    std::size_t take(std::string_view at, Out& out);

    Checksum checksum_;
    MassUnit unit_;
    std::string held_;
    bool noise_ = false;
};

/// The frame of `grams` in kilograms with `decimals` (0…4); `raw_decimals` for the variant that sends them as a number.
[[nodiscard]] std::string encode_yaohua(Grams grams, int decimals, bool raw_decimals = false);

}  // namespace hefang::codec
