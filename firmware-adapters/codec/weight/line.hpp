#pragma once
#include "weight/indication.hpp"

#include <cstddef>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

#include <tl/expected.hpp>

namespace hefang::codec {

using LineRead = tl::expected<Indication, WeightRefusal>;

/// Stream → indications of indicators that send lines. Each byte of `ends` is an end: what lies between two ends is a
/// line, unless it is empty. Holds at most longest_line bytes, whatever comes in.
class LineParser final : public WeightParser {
  public:
    static constexpr std::size_t longest_line = 64;
    using Read = std::function<LineRead(std::string_view line)>;
    explicit LineParser(Read read, std::string ends = "\r\n") : read_(std::move(read)), ends_(std::move(ends)) {}
    [[nodiscard]] Out feed(std::string_view bytes) override;
    void drop() override { held_.clear(), skipping_ = false; }
    [[nodiscard]] std::size_t held() const override { return held_.size(); }

  private:
    void end(Out& out);

    Read read_;
    std::string ends_;
    std::string held_;
    bool skipping_ = false;  // a line that was too long, up to its end
};

/// The text without blanks around it.
[[nodiscard]] std::string_view trimmed(std::string_view text);
/// "kg", "g" or "t", in small letters, blanks around it.
[[nodiscard]] std::optional<MassUnit> unit_named(std::string_view text);
/// `w` with grams and digit of `text`: blanks, a sign, blanks, digits with at most one point.
[[nodiscard]] LineRead with_weight(Indication w, std::string_view text, std::optional<MassUnit> unit);
/// Right-aligned in `places`. `fill` '0': the sign, `plus` where it is none, then zeros; ' ': blanks and the minus
/// before the digits. What does not fit is cut off at the front, as by a display that is too short.
[[nodiscard]] std::string number_text(Grams grams, int decimals, std::size_t places, char fill = ' ', char plus = '+');

}  // namespace hefang::codec
