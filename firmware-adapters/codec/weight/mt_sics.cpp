#include "weight/mt_sics.hpp"

#include <algorithm>

namespace hefang::codec {
namespace {

constexpr std::size_t places = 10;

/// The word at the front of `line`, taken off with the blanks behind it.
std::string_view next_word(std::string_view& line) {
    const auto word = line.substr(0, line.find(' '));
    line.remove_prefix(word.size());
    line.remove_prefix(std::min(line.find_first_not_of(' '), line.size()));
    return word;
}

}  // namespace

LineRead read_mt_sics(std::string_view line, MassUnit unit) {
    const auto refuse = [](WeightRefusal reason) { return tl::unexpected(reason); };
    line = trimmed(line);
    const auto command = next_word(line);
    if (command == "ES" || command == "ET" || command == "EL") return refuse(WeightRefusal::not_understood);
    if (command != "S") return refuse(WeightRefusal::bad_layout);
    const auto status = next_word(line);
    Indication w;
    if (status == "D") w.rest = Rest::motion;
    if (status == "S" || status == "D") {
        const auto value = next_word(line);
        if (value.empty()) return refuse(WeightRefusal::no_digits);
        return with_weight(w, value, line.empty() ? unit : unit_named(line));
    }
    if (!line.empty()) return refuse(WeightRefusal::bad_layout);
    if (status == "I") return refuse(WeightRefusal::busy);
    if (status != "+" && status != "-") return refuse(WeightRefusal::other_status);
    w.rest = status == "+" ? Rest::over : Rest::under;
    return w;
}

std::string encode_mt_sics(const Indication& weight, int decimals) {
    const auto value = [&] { return number_text(weight.grams, decimals, places) + " kg\r\n"; };
    switch (weight.rest) {
        case Rest::stable: return "S S " + value();
        case Rest::motion: return "S D " + value();
        case Rest::over: return "S +\r\n";
        case Rest::under: return "S -\r\n";
        case Rest::not_zeroed: break;
    }
    return "S I\r\n";
}

}  // namespace hefang::codec
