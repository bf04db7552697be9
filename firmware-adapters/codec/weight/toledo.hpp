#pragma once
#include "weight/indication.hpp"
#include "weight/mass.hpp"

#include <string>
#include <string_view>

namespace hefang::codec {

/// The Mettler Toledo continuous output (manuals of the IND and Jagxtreme terminals, and of others that imitate it):
/// STX, status A, B, C, six digits of the indicated weight, six of the tare, CR, and a checksum where configured.
/// `short_form`: without the six of the tare (Cardinal's manuals; the rest as above). Bit 6 of status C for a tare that
/// was keyed in is set by some models only: to be confirmed on the device.
enum class ToledoForm { full, short_form };

/// Finds its way back into the stream by one byte at a time; holds less than one frame.
class ToledoParser final : public WeightParser {
  public:
    explicit ToledoParser(Checksum checksum = Checksum::required, ToledoForm form = ToledoForm::full)
        : checksum_(checksum), form_(form) {}
    [[nodiscard]] Out feed(std::string_view bytes) override;
    void drop() override { held_.clear(); }
    [[nodiscard]] std::size_t held() const override { return held_.size(); }

  private:
    std::size_t take(std::string_view at, Out& out);

    Checksum checksum_;
    ToledoForm form_;
    std::string held_;
    bool noise_ = false;
};

/// The frame of `weight` in kilograms with `decimals` (0…5) behind the point, in steps of 1, 2 or 5 digits as
/// `weight.digit` says; blanks for leading zeros. `checksum` absent: a byte less.
[[nodiscard]] std::string encode_toledo(const Indication& weight, int decimals, Checksum checksum,
                                        ToledoForm form = ToledoForm::full);

}  // namespace hefang::codec
