#include "io/wiring.hpp"

#include "base/text.hpp"

#include <algorithm>
#include <charconv>
#include <optional>

namespace hefang::driver {
namespace {

constexpr std::size_t longest_name = 32;

std::vector<std::string> words_of(std::string_view line) {
    std::vector<std::string> out;
    while (!line.empty()) {
        const auto word = line.substr(0, line.find(' '));
        line.remove_prefix(std::min(line.size(), word.size() + 1));
        if (!word.empty()) out.emplace_back(word);
    }
    return out;
}

std::optional<int> channel_of(const std::string& word, int channels) {
    int channel = 0;
    const auto [end, fault] = std::from_chars(word.data(), word.data() + word.size(), channel);
    if (fault != std::errc{} || end != word.data() + word.size() || channel < 0 || channel >= channels)
        return std::nullopt;
    return channel;
}

/// Names stand in counters and facts: lower-case words with '-'.
bool is_name(const std::string& word) {
    return word.size() <= longest_name && std::all_of(word.begin(), word.end(), [](char c) {
               return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-';
           });
}

/// What is wrong with the channel and the name of a line; nothing when both are good and new.
template <class Wire>
std::optional<std::string> fault_of(const std::vector<std::string>& words, int channels,
                                    const std::vector<Wire>& before) {
    const auto channel = channel_of(words[0], channels);
    if (!channel) return "the channel is one of 0 to " + std::to_string(channels - 1);
    if (!is_name(words[1])) return "a name is up to 32 of a-z, 0-9 and '-'";
    for (const auto& wire : before) {
        if (wire.channel == *channel) return "channel " + words[0] + " is taken by " + wire.name;
        if (wire.name == words[1]) return "the name stands twice";
    }
    return std::nullopt;
}

tl::unexpected<Error> refuse(const std::string& line, const std::string& what) {
    return fail(Errc::refused, "'" + printable(line, 60) + "': " + what);
}

}  // namespace

Result<std::vector<InputWire>> input_wires(const std::vector<std::string>& lines, const codec::board::Map& map) {
    std::vector<InputWire> out;
    for (const auto& line : lines) {
        const auto words = words_of(line);
        if (words.size() != 3 || (words[2] != "no" && words[2] != "nc"))
            return refuse(line, "an input reads \"CHANNEL NAME no\" (active when the circuit closes) or \"… nc\"");
        if (const auto fault = fault_of(words, map.inputs, out)) return refuse(line, *fault);
        out.push_back({words[1], *channel_of(words[0], map.inputs), words[2] == "nc"});
    }
    return out;
}

Result<std::vector<OutputWire>> output_wires(const std::vector<std::string>& lines, const codec::board::Map& map) {
    std::vector<OutputWire> out;
    for (const auto& line : lines) {
        const auto words = words_of(line);
        const bool stays = words.size() == 3 && words[2] == "stays";
        if (words.size() != 2 && !stays)
            return refuse(line, "an output reads \"CHANNEL NAME\" or \"CHANNEL NAME stays\"");
        if (const auto fault = fault_of(words, map.outputs, out)) return refuse(line, *fault);
        if (stays && words[1].starts_with("open"))
            return refuse(line, "nothing may stay open when the gateway is gone: this needs a board with flashes");
        if (stays == map.first_flash.has_value())
            return refuse(line, stays ? "this board switches off by itself: leave \"stays\" out"
                                      : "this board never switches off by itself; \"stays\" behind the name says that "
                                        "the output may stay on when the gateway is gone");
        out.push_back({words[1], *channel_of(words[0], map.outputs), stays});
    }
    return out;
}

}  // namespace hefang::driver
