#pragma once
#include "weight/indication.hpp"
#include "weight/mass.hpp"

#include <string>
#include <string_view>

namespace hefang::codec {

/// The command mode of the Yaohua XK3190 family, tF=1 (manuals of the XK3190-A9+ and DS3, with printed questions;
/// answers captured in public test data): STX, address A…Z, command, data, two characters of checksum over all from the
/// address on, ETX. Asked and taken here: gross, tare and net.
enum class YaohuaCommand : char { gross = 'B', tare = 'C', net = 'D' };

[[nodiscard]] std::string yaohua_question(char address, YaohuaCommand command);

/// Answers of one address to one command: sign, six digits, number of decimals. Finds its way back into the stream by
/// one byte at a time; holds less than one frame.
class YaohuaAnswerParser final : public WeightParser {
  public:
    /// `unit` is what the indicator displays: the answer does not say.
    YaohuaAnswerParser(char address, YaohuaCommand command, MassUnit unit)
        : address_(address), command_(command), unit_(unit) {}
    [[nodiscard]] Out feed(std::string_view bytes) override;
    void drop() override { held_.clear(); }
    [[nodiscard]] std::size_t held() const override { return held_.size(); }

  private:
    std::size_t take(std::string_view at, Out& out);

    char address_;
    YaohuaCommand command_;
    MassUnit unit_;
    std::string held_;
    bool noise_ = false;
};

/// The answer of `grams` in kilograms with `decimals` (0…4).
[[nodiscard]] std::string encode_yaohua_answer(char address, YaohuaCommand command, Grams grams, int decimals);

}  // namespace hefang::codec
