#pragma once
#include "base/units.hpp"
#include "weight/mass.hpp"

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include <tl/expected.hpp>

namespace hefang::codec {

enum class ValueForm { u16, s16, u32, s32, float32 };

/// How the bytes A B C D of a value, A the highest, follow each other on the wire. 16 bits: badc and dcba are BA.
enum class WordOrder { abcd, cdab, badc, dcba };

enum class RegisterStatus { stable, motion, zero, overload, underload, net, fault };

/// One bit of a register, or one discrete input (FC2), as wire addresses. It speaks while it equals `when`.
struct BitPlace {
    int at = 0;
    int bit = -1;  ///< −1: `at` is a discrete input
    bool when = true;
    friend bool operator==(const BitPlace&, const BitPlace&) = default;
};

struct StatusBit {
    RegisterStatus says;
    BitPlace place;
    friend bool operator==(const StatusBit&, const StatusBit&) = default;
};

/// Where a weighing indicator keeps its weight and status: wire addresses, from 0. A value, made of a data file.
struct RegisterMap {
    std::string name;
    std::string source;        ///< where it is from, and how far it is to be trusted
    int function = 3;          ///< 3: holding registers, 4: input registers
    int most_registers = 125;  ///< the most that the device gives in one request
    int at = 0;                ///< of the weight
    ValueForm form = ValueForm::s32;
    WordOrder order = WordOrder::abcd;
    std::optional<BitPlace> sign;  ///< speaks: the weight is negative (the value is a magnitude)
    MassUnit unit = MassUnit::kilogram;
    int decimals = 0;                 ///< whole numbers are digits × 10^−decimals; floats are rounded to so many
    int step = 1;                     ///< of the display, in its last decimals
    std::optional<int> divisions_at;  ///< a register that says unit, decimals and step, in Laumas' code
    std::optional<int> beat_at;       ///< a register that changes with every new value
    std::vector<StatusBit> status;
    friend bool operator==(const RegisterMap&, const RegisterMap&) = default;
};

/// What one request has to read.
struct Block {
    int first = 0;
    int count = 0;
};
/// The registers from the lowest to the highest that the map names: value and status are of one moment only when they
/// came in one answer.
[[nodiscard]] Block registers_of(const RegisterMap& map);
/// The discrete inputs likewise; count 0: none.
[[nodiscard]] Block inputs_of(const RegisterMap& map);

struct RegisterWeight {
    Grams grams;          ///< signed; 0 when over or under
    Grams step{1};        ///< of the display, at least 1 g
    bool motion = false;  ///< the device says that it moves, or does not say that it stands where it could
    bool over = false;
    bool under = false;
    bool zero = false;
    bool net = false;
    std::uint16_t beat = 0;  ///< 0 where the map has none
    friend bool operator==(const RegisterWeight&, const RegisterWeight&) = default;
};

/// Why what was read is no weight. One counter each.
enum class RegisterRefusal {
    short_block,    ///< not the registers or inputs that the map asks for
    fault,          ///< the device says that its value is none
    contradiction,  ///< over and under at once
    no_number,      ///< NaN or infinite
    out_of_range,   ///< beyond 10^12 g
    unknown_unit,   ///< the register of divisions names a unit that is no metric mass, or a code that there is not
};
[[nodiscard]] std::string_view name(RegisterRefusal reason);

/// `block` and `inputs` (0 or 1 each) are what registers_of() and inputs_of() name.
[[nodiscard]] tl::expected<RegisterWeight, RegisterRefusal> decode_registers(const RegisterMap& map,
                                                                             std::span<const std::uint16_t> block,
                                                                             std::span<const std::uint8_t> inputs);

/// The 32 bits of two registers as they came from the wire.
[[nodiscard]] std::uint32_t joined(WordOrder order, std::uint16_t first, std::uint16_t second);

}  // namespace hefang::codec
