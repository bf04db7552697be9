#pragma once
#include "base/units.hpp"

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace hefang::codec {

/// One frame of the Moon MS-1 (made up; source: "Moon MS-1 manual" p. 7 [M], not yet seen on a device):
/// STX, 'S' at rest, 'U' in motion or 'O' overload, '+' or '-', six digits of grams, the XOR of all of these but STX as
/// two hex digits, ETX.
struct MoonWeight {
    Grams grams;  ///< 0 when overload
    bool motion = false;
    bool overload = false;
    friend bool operator==(const MoonWeight&, const MoonWeight&) = default;
};

/// Why a frame is not used. One counter each.
enum class MoonRefusal { bad_length, bad_checksum, bad_layout };
[[nodiscard]] std::string_view name(MoonRefusal reason);

/// Stream → weights. Holds less than frame_length bytes, whatever comes in.
class MoonParser {
  public:
    static constexpr std::size_t frame_length = 12;
    struct Out {
        std::vector<MoonWeight> weights;
        std::vector<MoonRefusal> refused;
    };
    [[nodiscard]] Out feed(std::string_view bytes);
    /// Forgets a frame that has begun: for a new connection.
    void drop() { held_.clear(); }
    [[nodiscard]] std::size_t held() const { return held_.size(); }

  private:
    void end(Out& out);
    std::string held_;  // from STX on
};

/// The other half of the pair: what the scale sends. For simulators and tests.
[[nodiscard]] std::string moon_frame(const MoonWeight& weight);

}  // namespace hefang::codec
