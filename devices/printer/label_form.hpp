#pragma once
#include "base/result.hpp"
#include "print/label_job.hpp"
#include "reading/reading.hpp"

#include <string>
#include <vector>

namespace hefang::driver {

/// A label as the configuration draws it, one element a line: "text X Y HEIGHT FORM", "code128 X Y HEIGHT FORM" or
/// "qr X Y MODULE FORM", lengths in millimetres with at most one decimal, FORM with the {names} of driver/fill.hpp.
class LabelForm {
  public:
    /// `width`, `height` in tenths of a millimetre. Refused: a line that is none of these; the words name it.
    [[nodiscard]] static Result<LabelForm> read(const std::vector<std::string>& lines, int width, int height);

    [[nodiscard]] Result<codec::print::Label> with(const reading::Fields& fields) const;

  private:
    codec::print::Label form_;  // its texts are forms
};

}  // namespace hefang::driver
