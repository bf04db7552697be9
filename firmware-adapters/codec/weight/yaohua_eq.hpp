#pragma once
#include "base/units.hpp"
#include "weight/mass.hpp"

#include <string>
#include <string_view>
#include <vector>

namespace hefang::codec {

/// The "=" formats of the Yaohua XK3190 family, nine bytes, '=' first (manuals of the XK3190-A26, formats 1 and 2, and
/// XK3190-A23p, with printed frames):
///   reversed: '=', seven of the weight with its point, low digit first, '0' or '-'   3.000 is "=000.3000"
///   forward:  '=', '0' or '-', seven of the weight with its point, high digit first  3.000 is "=0003.000"
/// They say nothing of stability, unit, gross or net, or overload, and have no checksum. One frame does not tell which
/// of the two it is; only a '-' does.
enum class EqOrder { reversed, forward };

struct EqWeight {
    Grams grams;  ///< as displayed, signed
    Grams digit;  ///< the worth of the last digit, at least 1 g
    friend bool operator==(const EqWeight&, const EqWeight&) = default;
};

enum class EqRefusal {
    noise,       ///< bytes that begin no frame; one refusal a run
    bad_layout,  ///< not eight bytes between one '=' and the next, or no sign where it must be: skipped to the next '='
    bad_number,  ///< not digits with at most one point
    too_large    ///< beyond any scale
};
[[nodiscard]] std::string_view name(EqRefusal reason);

/// Stream → weights. A frame counts when the next one begins right behind it: only that shows that no byte of it was
/// lost or is one too many. So a weight comes one frame late. Holds one frame.
class EqParser {
  public:
    struct Out {
        std::vector<EqWeight> weights;
        std::vector<EqRefusal> refused;
    };
    /// `unit` is what the indicator displays: the frame does not say.
    EqParser(EqOrder order, MassUnit unit) : order_(order), unit_(unit) {}
    [[nodiscard]] Out feed(std::string_view bytes);
    /// Forgets a frame that has begun: for a new connection.
    void drop() { held_.clear(); }
    [[nodiscard]] std::size_t held() const { return held_.size(); }

  private:
    void finish(Out& out);

    EqOrder order_;
    MassUnit unit_;
    std::string held_;    // from the '=' on
    bool noise_ = false;  // within a run of bytes that begin no frame
};

/// The frame of `grams` in kilograms with `decimals` (0…4).
[[nodiscard]] std::string encode_eq(Grams grams, int decimals, EqOrder order);

}  // namespace hefang::codec
