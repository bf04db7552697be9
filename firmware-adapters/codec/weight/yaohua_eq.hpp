#pragma once
#include "base/units.hpp"
#include "weight/indication.hpp"
#include "weight/mass.hpp"

#include <span>
#include <string>
#include <string_view>

namespace hefang::codec {

/// A frame without end and without checksum: a letter of `begins`, then so many bytes. They say nothing of stability or
/// overload, and of the unit nothing either.
struct EqForm {
    std::string_view name;    ///< the protocol, as the configuration says it
    std::string_view begins;  ///< the first byte is one of these; 'N' says net, 'G' and '=' do not
    std::size_t places;       ///< of the weight with its point
    enum class Sign { first, last, among_blanks } sign;  ///< first, last: a byte of its own, '0' or '-'
    bool low_digit_first;
    std::string_view source;       ///< of the layout, and how far it is to be trusted
    std::string_view unconfirmed;  ///< what is still to be seen on the device
    [[nodiscard]] std::size_t length() const { return 1 + places + (sign == Sign::among_blanks ? 0 : 1); }
};

/// THE table of them. One frame does not tell which of the "=" forms it is; only a '-' does.
[[nodiscard]] std::span<const EqForm> eq_forms();
/// The row of that name, or null.
[[nodiscard]] const EqForm* eq_form(std::string_view name);

/// A frame counts when the next one begins right behind it: only that shows that no byte of it was lost or is one too
/// many. So a weight comes one frame late. Holds one frame.
class EqParser final : public WeightParser {
  public:
    /// `form` outlives the parser. `unit` is what the indicator displays: the frame does not say.
    EqParser(const EqForm& form, MassUnit unit) : form_(&form), unit_(unit) {}
    [[nodiscard]] Out feed(std::string_view bytes) override;
    void drop() override { held_.clear(); }
    [[nodiscard]] std::size_t held() const override { return held_.size(); }

  private:
    void finish(Out& out);

    const EqForm* form_;
    MassUnit unit_;
    std::string held_;    // from the first byte on
    bool noise_ = false;  // within a run of bytes that begin no frame
};

/// The frame of `grams` in kilograms with `decimals` (0…4).
[[nodiscard]] std::string encode_eq(Grams grams, int decimals, const EqForm& form, bool net = false);

}  // namespace hefang::codec
