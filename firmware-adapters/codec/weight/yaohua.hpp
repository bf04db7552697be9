#pragma once
#include "base/units.hpp"
#include "weight/indication.hpp"
#include "weight/mass.hpp"

#include <string>
#include <string_view>

namespace hefang::codec {

/// The Yaohua XK3190 continuous output, tF=0: STX, sign, six digits, number of decimals, two characters of checksum,
/// ETX (manuals of the XK3190-A9 and D9; frames captured in public test data). It says nothing of stability, unit,
/// gross or net, or overload.
/// With `log_only` a frame with a wrong checksum is used, unless its decimals came as a raw byte.
/// The number of decimals may come as '0'…'4' or as the raw bytes 0…4 (seen in the field).
class YaohuaParser final : public WeightParser {
  public:
    /// `unit` is what the indicator displays: the frame does not say. `checksum`: required or log_only.
    YaohuaParser(Checksum checksum, MassUnit unit) : checksum_(checksum), unit_(unit) {}
    [[nodiscard]] Out feed(std::string_view bytes) override;
    void drop() override { held_.clear(); }
    [[nodiscard]] std::size_t held() const override { return held_.size(); }

  private:
    std::size_t take(std::string_view at, Out& out);

    Checksum checksum_;
    MassUnit unit_;
    std::string held_;
    bool noise_ = false;
};

/// Digits of either form of the XK3190 family: sign, six digits, number of decimals ('0'…'4').
[[nodiscard]] std::string yaohua_digits(Grams grams, int decimals);
/// Two characters of hexadecimal: the exclusive or of `bytes`, high half first.
[[nodiscard]] std::string xor_text(std::string_view bytes);

/// The frame of `grams` in kilograms with `decimals` (0…4); `raw_decimals` for the variant that sends them as a number.
[[nodiscard]] std::string encode_yaohua(Grams grams, int decimals, bool raw_decimals = false);

}  // namespace hefang::codec
