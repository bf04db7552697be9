#include "weight/register_map.hpp"

#include <cstdlib>
#include <cstring>

// Any map over any registers: a weight within its range, or a reason that has a name.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    using namespace hefang;
    using namespace hefang::codec;
    std::size_t at = 0;
    const auto next = [&] { return at < size ? data[at++] : std::uint8_t{0}; };
    const auto place = [&] {
        const int bit = next() % 17 - 1;
        return BitPlace{next() % 100, bit, next() % 2 == 0};
    };
    RegisterMap map;
    map.at = next() % 100;
    map.form = static_cast<ValueForm>(next() % 5);
    map.order = static_cast<WordOrder>(next() % 4);
    map.unit = static_cast<MassUnit>(next() % 3);
    map.decimals = next() % 7;
    map.step = next() + 1;
    if (next() % 2 == 0) map.sign = place();
    if (next() % 2 == 0) map.divisions_at = next() % 100;
    if (next() % 2 == 0) map.beat_at = next() % 100;
    for (int i = next() % 8; i > 0; --i) map.status.push_back({static_cast<RegisterStatus>(next() % 7), place()});

    std::vector<std::uint16_t> block(static_cast<std::size_t>(registers_of(map).count));
    std::vector<std::uint8_t> inputs(static_cast<std::size_t>(inputs_of(map).count));
    for (auto& word : block) word = static_cast<std::uint16_t>(next() << 8 | next());
    for (auto& bit : inputs) bit = next() % 2;
    const auto weight = decode_registers(map, block, inputs);
    if (!weight) return name(weight.error()) == "unknown" ? std::abort(), 0 : 0;
    if (std::llabs(weight->grams.count) > 1'000'000'000'000 || weight->step.count < 1) std::abort();
    if ((weight->over || weight->under) && weight->grams.count != 0) std::abort();
    return 0;
}
