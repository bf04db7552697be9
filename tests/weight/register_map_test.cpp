#include "weight/register_map.hpp"

#include <array>
#include <bit>
#include <limits>

#include <catch2/catch.hpp>

using namespace hefang;
using namespace hefang::codec;

namespace {

using Words = std::vector<std::uint16_t>;
using Bits = std::vector<std::uint8_t>;

RegisterMap laumas() {
    RegisterMap map;
    map.at = 7;
    map.form = ValueForm::u32;
    map.sign = BitPlace{6, 7};
    map.divisions_at = 13;
    map.status = {{RegisterStatus::fault, {6, 0}},    {RegisterStatus::overload, {6, 2}},
                  {RegisterStatus::overload, {6, 3}}, {RegisterStatus::stable, {6, 11}},
                  {RegisterStatus::zero, {6, 12}},    {RegisterStatus::underload, {6, 5}}};
    return map;
}

/// Registers 6 to 13 of it.
Words laumas_block(std::uint16_t status, std::uint32_t weight, std::uint16_t divisions) {
    return {status,   static_cast<std::uint16_t>(weight >> 16), static_cast<std::uint16_t>(weight), 0, 0, 0, 0,
            divisions};
}

RegisterMap value(ValueForm form, WordOrder order, int decimals = 0, MassUnit unit = MassUnit::kilogram) {
    RegisterMap map;
    map.form = form;
    map.order = order;
    map.decimals = decimals;
    map.unit = unit;
    return map;
}

}  // namespace

TEST_CASE("register map: one block from the lowest to the highest place, inputs beside it") {
    CHECK(registers_of(laumas()).first == 6);
    CHECK(registers_of(laumas()).count == 8);
    CHECK(inputs_of(laumas()).count == 0);
    RegisterMap map = value(ValueForm::s32, WordOrder::abcd);
    map.at = 16;
    map.status = {{RegisterStatus::fault, {32}}, {RegisterStatus::stable, {38}}};
    CHECK(registers_of(map).first == 16);
    CHECK(registers_of(map).count == 2);
    CHECK(inputs_of(map).first == 32);
    CHECK(inputs_of(map).count == 7);
    map.beat_at = 20;
    CHECK(registers_of(map).count == 5);
    map.form = ValueForm::u16;
    map.beat_at.reset();
    CHECK(registers_of(map).count == 1);
}

TEST_CASE("register map: status and weight of one block") {
    struct Row {
        const char* why;
        Words block;
        tl::expected<RegisterWeight, RegisterRefusal> want;
    };
    const auto refused = [](RegisterRefusal why) { return tl::unexpected(why); };
    const std::vector<Row> rows{
        {"1560 divisions of 1 kg, at rest (the frame of the fact sheet)", laumas_block(0x0800, 1560, 6),
         RegisterWeight{Grams{1'560'000}, Grams{1000}}},
        {"the same, not at rest", laumas_block(0, 1560, 6), RegisterWeight{Grams{1'560'000}, Grams{1000}, true}},
        {"below zero: the sign is a bit of the status", laumas_block(0x0880, 15, 6),
         RegisterWeight{Grams{-15'000}, Grams{1000}}},
        {"0.005 kg", laumas_block(0x0800, 1235, 13), RegisterWeight{Grams{1235}, Grams{5}}},
        {"grams", laumas_block(0x0800, 1235, 0x0106), RegisterWeight{Grams{1235}, Grams{1}}},
        {"tonnes, 0.02", laumas_block(0x0800, 1234, 0x020B), RegisterWeight{Grams{12'340'000}, Grams{20'000}}},
        {"steps of 100 kg", laumas_block(0x0800, 1500, 0), RegisterWeight{Grams{1'500'000}, Grams{100'000}}},
        {"0.0001 kg is below a gram: the step is one", laumas_block(0x0800, 12345, 18),
         RegisterWeight{Grams{1235}, Grams{1}}},
        {"at zero", laumas_block(0x1800, 0, 6), RegisterWeight{Grams{0}, Grams{1000}, false, false, false, true}},
        {"overload has no weight", laumas_block(0x0804, 9999, 6), RegisterWeight{Grams{0}, Grams{1000}, false, true}},
        {"the second word of overload counts too", laumas_block(0x0808, 9999, 6),
         RegisterWeight{Grams{0}, Grams{1000}, false, true}},
        {"underload", laumas_block(0x0820, 9999, 6), RegisterWeight{Grams{0}, Grams{1000}, false, false, true}},
        {"a broken cell", laumas_block(0x0801, 1560, 6), refused(RegisterRefusal::fault)},
        {"fault goes before overload", laumas_block(0x0805, 1560, 6), refused(RegisterRefusal::fault)},
        {"over and under at once", laumas_block(0x0824, 1560, 6), refused(RegisterRefusal::contradiction)},
        {"pounds", laumas_block(0x0800, 1560, 0x0306), refused(RegisterRefusal::unknown_unit)},
        {"a code behind the last division", laumas_block(0x0800, 1560, 19), refused(RegisterRefusal::unknown_unit)},
        {"more than 10^12 g", laumas_block(0x0800, 0xFFFFFFFF, 0x0200), refused(RegisterRefusal::out_of_range)},
    };
    for (const auto& row : rows) {
        INFO(row.why);
        CHECK(decode_registers(laumas(), row.block, {}) == row.want);
    }
}

TEST_CASE("register map: 12.34 in all four orders, each read as no other") {
    struct Row {
        WordOrder order;
        Words wire;
    };
    const std::array rows{Row{WordOrder::abcd, {0x4145, 0x70A4}}, Row{WordOrder::cdab, {0x70A4, 0x4145}},
                          Row{WordOrder::badc, {0x4541, 0xA470}}, Row{WordOrder::dcba, {0xA470, 0x4541}}};
    for (const auto& sent : rows) {
        CHECK(joined(sent.order, sent.wire[0], sent.wire[1]) == 0x414570A4);
        for (const auto& read : rows) {
            const auto got = decode_registers(value(ValueForm::float32, read.order, 2), sent.wire, {});
            CHECK((got && got->grams == Grams{12'340}) == (read.order == sent.order));
        }
    }
}

TEST_CASE("register map: forms of a value") {
    struct Row {
        const char* why;
        RegisterMap map;
        Words block;
        std::int64_t grams;
    };
    const std::vector<Row> rows{
        {"16 bits without sign", value(ValueForm::u16, WordOrder::abcd), {0xFFFF}, 65'535'000},
        {"16 bits with sign", value(ValueForm::s16, WordOrder::abcd), {0xFFFF}, -1'000},
        {"16 bits, bytes turned", value(ValueForm::s16, WordOrder::badc), {0x0201}, 258'000},
        {"16 bits, cdab: there is one word only", value(ValueForm::s16, WordOrder::cdab), {0x0102}, 258'000},
        {"32 bits with sign", value(ValueForm::s32, WordOrder::abcd), {0xFFFF, 0xFFFE}, -2'000},
        {"low word first: 500 is 01 F4 00 00", value(ValueForm::s32, WordOrder::cdab), {0x01F4, 0}, 500'000},
        {"three decimals", value(ValueForm::s32, WordOrder::abcd, 3), {0, 1235}, 1'235},
        {"grams", value(ValueForm::s32, WordOrder::abcd, 0, MassUnit::gram), {0, 1235}, 1'235},
        {"1560.0", value(ValueForm::float32, WordOrder::abcd, 3), {0x44C3, 0}, 1'560'000},
        {"-0.5", value(ValueForm::float32, WordOrder::abcd, 3), {0xBF00, 0}, -500},
    };
    for (const auto& row : rows) {
        INFO(row.why);
        const auto got = decode_registers(row.map, row.block, {});
        REQUIRE(got);
        CHECK(got->grams == Grams{row.grams});
    }
}

TEST_CASE("register map: a float that is no weight is refused") {
    const auto decode = [](float f) {
        const auto bits = std::bit_cast<std::uint32_t>(f);
        return decode_registers(value(ValueForm::float32, WordOrder::abcd, 3),
                                Words{static_cast<std::uint16_t>(bits >> 16), static_cast<std::uint16_t>(bits)}, {});
    };
    using Limits = std::numeric_limits<float>;
    CHECK(decode(Limits::quiet_NaN()).error() == RegisterRefusal::no_number);
    CHECK(decode(Limits::infinity()).error() == RegisterRefusal::no_number);
    CHECK(decode(-Limits::infinity()).error() == RegisterRefusal::no_number);
    CHECK(decode(Limits::max()).error() == RegisterRefusal::out_of_range);
    CHECK(decode(-Limits::max()).error() == RegisterRefusal::out_of_range);
    CHECK(decode(2e9F).error() == RegisterRefusal::out_of_range);
    CHECK(decode(1e8F)->grams == Grams{100'000'000'000});
    CHECK(decode(Limits::denorm_min())->grams == Grams{0});
}

TEST_CASE("register map: status in discrete inputs, and a bit that speaks while it is 0") {
    RegisterMap map = value(ValueForm::s32, WordOrder::abcd);
    map.status = {{RegisterStatus::fault, {32}},
                  {RegisterStatus::stable, {34}},
                  {RegisterStatus::fault, {2, 15, false}},
                  {RegisterStatus::motion, {2, 12}},
                  {RegisterStatus::net, {2, 11}}};
    const auto decode = [&](std::uint16_t status, Bits inputs) {
        return decode_registers(map, Words{0, 7, status}, inputs);
    };
    CHECK(decode(0x8000, {0, 0, 1}) == RegisterWeight{Grams{7000}, Grams{1000}});
    CHECK(decode(0x8000, {0, 0, 0})->motion);
    CHECK(decode(0x9000, {0, 0, 1})->motion);  // both say it: one is enough
    CHECK(decode(0x8800, {0, 0, 1})->net);
    CHECK(decode(0x8000, {1, 0, 1}).error() == RegisterRefusal::fault);
    CHECK(decode(0x0000, {0, 0, 1}).error() == RegisterRefusal::fault);
}

TEST_CASE("register map: another number of registers or inputs is refused, and every reason has a name") {
    const auto whole = laumas_block(0x0800, 1560, 6);
    for (std::size_t n = 0; n < whole.size(); ++n)
        CHECK(decode_registers(laumas(), std::span(whole).first(n), {}).error() == RegisterRefusal::short_block);
    CHECK(decode_registers(laumas(), Words(9), {}).error() == RegisterRefusal::short_block);
    CHECK(decode_registers(laumas(), whole, Bits{1}).error() == RegisterRefusal::short_block);
    CHECK(name(RegisterRefusal::short_block) == "short-block");
    CHECK(name(RegisterRefusal::fault) == "fault");
    CHECK(name(RegisterRefusal::contradiction) == "contradiction");
    CHECK(name(RegisterRefusal::no_number) == "no-number");
    CHECK(name(RegisterRefusal::out_of_range) == "out-of-range");
    CHECK(name(RegisterRefusal::unknown_unit) == "unknown-unit");
}
