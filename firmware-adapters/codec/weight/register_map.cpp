#include "weight/register_map.hpp"

#include <algorithm>
#include <array>
#include <bit>
#include <cmath>

namespace hefang::codec {
namespace {

using Refused = tl::unexpected<RegisterRefusal>;

constexpr double most_digits = 1e12;

std::uint16_t swapped(std::uint16_t word) { return static_cast<std::uint16_t>(word << 8 | word >> 8); }

bool is_wide(ValueForm form) { return form != ValueForm::u16 && form != ValueForm::s16; }

struct Scale {
    MassUnit unit;
    int decimals;
    int step;
};

/// The low byte of Laumas' register of divisions, by its value: 100 … 0.0001 (manual of TLB, register 40014; the table
/// itself is from general knowledge, to be confirmed on the device).
struct Division {
    int decimals;
    int step;
};
constexpr std::array divisions{Division{0, 100}, Division{0, 50}, Division{0, 20}, Division{0, 10}, Division{0, 5},
                               Division{0, 2},   Division{0, 1},  Division{1, 5},  Division{1, 2},  Division{1, 1},
                               Division{2, 5},   Division{2, 2},  Division{2, 1},  Division{3, 5},  Division{3, 2},
                               Division{3, 1},   Division{4, 5},  Division{4, 2},  Division{4, 1}};
/// The high byte likewise; what follows is pounds, newtons, pieces: no mass in metric units.
constexpr std::array units{MassUnit::kilogram, MassUnit::gram, MassUnit::tonne};

/// One answer, by wire addresses.
class Answer {
  public:
    Answer(const RegisterMap& map, std::span<const std::uint16_t> block, std::span<const std::uint8_t> inputs)
        : block_(block), inputs_(inputs), first_(registers_of(map).first), first_input_(inputs_of(map).first) {}
    [[nodiscard]] std::uint16_t word(int at) const { return block_[static_cast<std::size_t>(at - first_)]; }
    [[nodiscard]] bool speaks(const BitPlace& place) const {
        const bool on = place.bit < 0 ? inputs_[static_cast<std::size_t>(place.at - first_input_)] != 0
                                      : (word(place.at) >> place.bit & 1) != 0;
        return on == place.when;
    }

  private:
    std::span<const std::uint16_t> block_;
    std::span<const std::uint8_t> inputs_;
    int first_;
    int first_input_;
};

tl::expected<Scale, RegisterRefusal> scale_of(const RegisterMap& map, const Answer& answer) {
    if (!map.divisions_at) return Scale{map.unit, map.decimals, map.step};
    const auto code = answer.word(*map.divisions_at);
    const std::size_t unit = code >> 8, division = code & 0xFF;
    if (unit >= units.size() || division >= divisions.size()) return Refused(RegisterRefusal::unknown_unit);
    return Scale{units[unit], divisions[division].decimals, divisions[division].step};
}

/// The value as digits of the display, without its sign bit.
tl::expected<std::int64_t, RegisterRefusal> digits_of(const RegisterMap& map, const Answer& answer, int decimals) {
    const auto first = answer.word(map.at);
    const bool turned = map.order == WordOrder::badc || map.order == WordOrder::dcba;
    const auto narrow = turned ? swapped(first) : first;
    const auto wide = is_wide(map.form) ? joined(map.order, first, answer.word(map.at + 1)) : 0;
    switch (map.form) {
        case ValueForm::u16: return narrow;
        case ValueForm::s16: return static_cast<std::int16_t>(narrow);
        case ValueForm::u32: return wide;
        case ValueForm::s32: return static_cast<std::int32_t>(wide);
        case ValueForm::float32: break;
    }
    const double value = std::bit_cast<float>(wide);
    if (!std::isfinite(value)) return Refused(RegisterRefusal::no_number);
    const double digits = value * std::pow(10, decimals);
    if (std::abs(digits) > most_digits) return Refused(RegisterRefusal::out_of_range);
    return std::llround(digits);
}

/// The status bits as flags of a weight; what no bit says stays as a weight begins.
tl::expected<RegisterWeight, RegisterRefusal> status_of(const RegisterMap& map, const Answer& answer) {
    RegisterWeight weight;
    bool fault = false, moves = false, stands = false, could_stand = false;
    for (const auto& bit : map.status) {
        const bool on = answer.speaks(bit.place);
        switch (bit.says) {
            case RegisterStatus::stable: could_stand = true, stands = stands || on; break;
            case RegisterStatus::motion: moves = moves || on; break;
            case RegisterStatus::zero: weight.zero = weight.zero || on; break;
            case RegisterStatus::overload: weight.over = weight.over || on; break;
            case RegisterStatus::underload: weight.under = weight.under || on; break;
            case RegisterStatus::net: weight.net = weight.net || on; break;
            case RegisterStatus::fault: fault = fault || on; break;
        }
    }
    if (fault) return Refused(RegisterRefusal::fault);
    if (weight.over && weight.under) return Refused(RegisterRefusal::contradiction);
    weight.motion = moves || (could_stand && !stands);
    if (map.beat_at) weight.beat = answer.word(*map.beat_at);
    return weight;
}

Block span_of(int least, int most) { return most < least ? Block{} : Block{least, most - least + 1}; }

}  // namespace

std::uint32_t joined(WordOrder order, std::uint16_t first, std::uint16_t second) {
    const auto join = [](std::uint16_t high, std::uint16_t low) { return std::uint32_t{high} << 16 | low; };
    switch (order) {
        case WordOrder::abcd: return join(first, second);
        case WordOrder::cdab: return join(second, first);
        case WordOrder::badc: return join(swapped(first), swapped(second));
        case WordOrder::dcba: return join(swapped(second), swapped(first));
    }
    return 0;
}

Block registers_of(const RegisterMap& map) {
    int least = map.at, most = map.at + (is_wide(map.form) ? 1 : 0);
    const auto take = [&](int at) { least = std::min(least, at), most = std::max(most, at); };
    if (map.sign && map.sign->bit >= 0) take(map.sign->at);
    if (map.divisions_at) take(*map.divisions_at);
    if (map.beat_at) take(*map.beat_at);
    for (const auto& bit : map.status) {
        if (bit.place.bit >= 0) take(bit.place.at);
    }
    return span_of(least, most);
}

Block inputs_of(const RegisterMap& map) {
    int least = 0x10000, most = -1;
    const auto take = [&](const BitPlace& place) {
        if (place.bit < 0) least = std::min(least, place.at), most = std::max(most, place.at);
    };
    if (map.sign) take(*map.sign);
    for (const auto& bit : map.status) take(bit.place);
    return span_of(least, most);
}

std::string_view name(RegisterRefusal reason) {
    switch (reason) {
        case RegisterRefusal::short_block: return "short-block";
        case RegisterRefusal::fault: return "fault";
        case RegisterRefusal::contradiction: return "contradiction";
        case RegisterRefusal::no_number: return "no-number";
        case RegisterRefusal::out_of_range: return "out-of-range";
        case RegisterRefusal::unknown_unit: return "unknown-unit";
    }
    return "unknown";
}

tl::expected<RegisterWeight, RegisterRefusal> decode_registers(const RegisterMap& map,
                                                               std::span<const std::uint16_t> block,
                                                               std::span<const std::uint8_t> inputs) {
    const auto fits = [](const Block& wanted, std::size_t size) {
        return size == static_cast<std::size_t>(wanted.count);
    };
    if (!fits(registers_of(map), block.size()) || !fits(inputs_of(map), inputs.size()))
        return Refused(RegisterRefusal::short_block);
    const Answer answer(map, block, inputs);
    auto weight = status_of(map, answer);
    if (!weight) return weight;
    const auto scale = scale_of(map, answer);
    if (!scale) return Refused(scale.error());
    if (const auto step = to_grams(scale->step, -scale->decimals, scale->unit); step && step->count > 0)
        weight->step = *step;
    if (weight->over || weight->under) return weight;
    auto digits = digits_of(map, answer, scale->decimals);
    if (!digits) return Refused(digits.error());
    if (map.sign && answer.speaks(*map.sign)) *digits = -*digits;
    const auto grams = to_grams(*digits, -scale->decimals, scale->unit);
    if (!grams) return Refused(RegisterRefusal::out_of_range);
    weight->grams = *grams;
    return weight;
}

}  // namespace hefang::codec
