#include "app/scale_map.hpp"

#include "app/config_parts.hpp"
#include "base/text.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <optional>
#include <system_error>
#include <utility>

namespace hefang::app {
namespace {

using codec::BitPlace;
using codec::RegisterMap;
using codec::RegisterStatus;
using codec::ValueForm;
using codec::WordOrder;

constexpr std::size_t most_bytes = 64 * 1024;
constexpr std::size_t most_places = 8;  ///< of one word of status
constexpr int last_address = 65535;
constexpr std::string_view ending = ".toml";

template <class Value>
struct Named {
    std::string_view word;
    Value value;
};
constexpr std::array forms{Named<ValueForm>{"u16", ValueForm::u16}, Named<ValueForm>{"s16", ValueForm::s16},
                           Named<ValueForm>{"u32", ValueForm::u32}, Named<ValueForm>{"s32", ValueForm::s32},
                           Named<ValueForm>{"float32", ValueForm::float32}};
constexpr std::array orders{Named<WordOrder>{"abcd", WordOrder::abcd}, Named<WordOrder>{"cdab", WordOrder::cdab},
                            Named<WordOrder>{"badc", WordOrder::badc}, Named<WordOrder>{"dcba", WordOrder::dcba}};
constexpr std::array mass_units{Named<codec::MassUnit>{"kg", codec::MassUnit::kilogram},
                                Named<codec::MassUnit>{"g", codec::MassUnit::gram},
                                Named<codec::MassUnit>{"t", codec::MassUnit::tonne}};
constexpr std::array statuses{Named<RegisterStatus>{"stable", RegisterStatus::stable},
                              Named<RegisterStatus>{"motion", RegisterStatus::motion},
                              Named<RegisterStatus>{"zero", RegisterStatus::zero},
                              Named<RegisterStatus>{"overload", RegisterStatus::overload},
                              Named<RegisterStatus>{"underload", RegisterStatus::underload},
                              Named<RegisterStatus>{"net", RegisterStatus::net},
                              Named<RegisterStatus>{"fault", RegisterStatus::fault}};

/// The value that the word of `key` names; none when it is missing or wrong, which is reported.
template <class Value, std::size_t n>
std::optional<Value> one_of(Section& section, std::string_view key, const std::array<Named<Value>, n>& allowed) {
    std::vector<std::string> words;
    for (const auto& named : allowed) words.emplace_back(named.word);
    const auto word = section.one_of(key, words);
    if (!word) return std::nullopt;
    const auto at = std::find_if(allowed.begin(), allowed.end(), [&](const auto& a) { return a.word == word->text; });
    return at->value;
}

std::optional<int> number(std::string_view text, int most) {
    int value = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
    if (error != std::errc{} || end != text.data() + text.size() || value < 0 || value > most) return std::nullopt;
    return value;
}

/// "6.11": bit 11 of register 6; "input 38": a discrete input; "!" before either: speaks while it is 0.
std::optional<BitPlace> place_of(std::string_view text) {
    BitPlace place;
    if (text.starts_with('!')) {
        place.when = false;
        text.remove_prefix(1);
    }
    constexpr std::string_view input = "input ";
    if (text.starts_with(input)) {
        const auto at = number(text.substr(input.size()), last_address);
        if (!at) return std::nullopt;
        place.at = *at;
        return place;
    }
    const auto point = text.find('.');
    if (point == std::string_view::npos) return std::nullopt;
    const auto at = number(text.substr(0, point), last_address);
    const auto bit = number(text.substr(point + 1), 15);
    if (!at || !bit) return std::nullopt;
    place.at = *at;
    place.bit = *bit;
    return place;
}

std::vector<BitPlace> places(Section& section, std::string_view key) {
    std::vector<BitPlace> out;
    const auto words = section.words(key);
    if (words.size() > most_places)
        section.wrong(words.back().place, key, "too long a list", "at most " + std::to_string(most_places) + " places");
    for (const auto& word : words) {
        if (const auto place = place_of(word.text)) {
            out.push_back(*place);
        } else {
            section.wrong(word.place, key, "'" + printable(word.text, 60) + "'",
                          "\"register.bit\" (bit 0 to 15, 0 the lowest), or \"input N\"; ! before it: while it is 0");
        }
    }
    return out;
}

/// The table `key`; none, reported unless `optional`, when there is none.
std::optional<Section> table(Section& root, std::string_view key, bool optional) {
    const auto* member = optional ? root.find(key) : root.need(key, "[" + std::string(key) + "]");
    if (member == nullptr) return std::nullopt;
    if (const auto* members = std::get_if<Members>(&member->value.is))
        return Section("[" + std::string(key) + "]", *members, member->place, root.problems());
    root.wrong(member->value.place, key, shown(member->value), "a table: [" + std::string(key) + "]");
    return std::nullopt;
}

/// Unit, decimals and step: said by the map, or by a register of the device.
void read_display(Section& weight, RegisterMap& map) {
    const auto at = weight.whole("divisions_at", 0, last_address);
    if (at) map.divisions_at = static_cast<int>(*at);
    if (weight.find("divisions_at") == nullptr) (void)weight.need("unit", "unit = \"kg\"");
    for (const std::string_view key : {"unit", "decimals", "step"}) {
        const auto* said = weight.find(key);
        if (said != nullptr && weight.find("divisions_at") != nullptr)
            weight.wrong(said->value.place, key, shown(said->value), "left out: divisions_at says it");
    }
    if (const auto unit = one_of(weight, "unit", mass_units)) map.unit = *unit;
    map.decimals = static_cast<int>(weight.whole("decimals", 0, 6).value_or(0));
    map.step = static_cast<int>(weight.whole("step", 1, 1000).value_or(1));
}

void read_weight(Section weight, RegisterMap& map) {
    (void)weight.need("at", "at = 7 (the wire address, from 0)");
    map.at = static_cast<int>(weight.whole("at", 0, last_address).value_or(0));
    (void)weight.need("form", "form = \"s32\"");
    map.form = one_of(weight, "form", forms).value_or(ValueForm::s32);
    map.order = one_of(weight, "order", orders).value_or(WordOrder::abcd);
    const auto signs = places(weight, "sign");
    const auto* sign = weight.find("sign");
    if (signs.size() > 1) weight.wrong(sign->value.place, "sign", "a list", "one place");
    if (!signs.empty()) map.sign = signs.front();
    if (sign != nullptr && map.form != ValueForm::u16 && map.form != ValueForm::u32)
        weight.wrong(sign->value.place, "sign", shown(sign->value), "left out: this form has a sign of its own");
    read_display(weight, map);
    weight.end();
}

/// Source and how far to trust it: every map says both.
void read_origin(Section& root, RegisterMap& map) {
    (void)root.need("device", "device = \"maker and model\"");
    (void)root.text("device");
    (void)root.need("source", "source = \"manual, edition, page\"");
    const auto source = root.text("source", 500);
    (void)root.need("confidence", "confidence = \"to-confirm\"");
    const auto confidence = root.one_of("confidence", {"tried", "manual", "code", "to-confirm"});
    (void)root.text("unconfirmed", 500);
    if (source && confidence) map.source = confidence->text + ": " + source->text;
}

/// What one request can carry.
void check_reach(Section& root, const RegisterMap& map) {
    const auto registers = codec::registers_of(map);
    const auto says = [](const codec::Block& b) {
        return std::to_string(b.count) + " from " + std::to_string(b.first) + " to " +
               std::to_string(b.first + b.count - 1);
    };
    if (registers.count > map.most_registers) {
        root.problems().add(root.place(), "the places of the map span " + says(registers) + " registers",
                            "at most " + std::to_string(map.most_registers) +
                                ": value and status must come in one answer, so leave out what lies far away");
    }
    if (registers.first + registers.count - 1 > last_address)
        root.problems().add(root.place(), "the weight ends behind the last address", "at most 65534 for 32 bits");
    if (const auto inputs = codec::inputs_of(map); inputs.count > 64)
        root.problems().add(root.place(), "the map spans " + says(inputs) + " inputs", "at most 64");
}

RegisterMap read_map(Section& root, std::string name) {
    RegisterMap map;
    map.name = std::move(name);
    read_origin(root, map);
    map.function = static_cast<int>(root.whole("function", 3, 4).value_or(3));
    map.most_registers = static_cast<int>(root.whole("most_registers", 1, 125).value_or(125));
    if (const auto beat = root.whole("heartbeat_at", 0, last_address)) map.beat_at = static_cast<int>(*beat);
    if (auto weight = table(root, "weight", false)) read_weight(*weight, map);
    if (auto status = table(root, "status", true)) {
        for (const auto& [word, says] : statuses) {
            for (const auto& place : places(*status, word)) map.status.push_back({says, place});
        }
        status->end();
    }
    root.end();
    if (root.problems().none()) check_reach(root, map);
    return map;
}

std::vector<Problem> whole_file(const std::filesystem::path& file, std::string what, std::string should) {
    return {{file.string(), 0, 0, std::move(what), std::move(should)}};
}

}  // namespace

tl::expected<RegisterMap, std::vector<Problem>> parse_scale_map(std::string_view text,
                                                                const std::filesystem::path& file) {
    Problems problems(file.string());
    if (text.size() > most_bytes) return tl::unexpected(whole_file(file, "is too long", "at most 64 KiB"));
    const auto tree = read_tree(text);
    if (!tree) {
        problems.add(tree.error().place, "not TOML: " + tree.error().what, "");
        return tl::unexpected(problems.sorted());
    }
    Section root("the map", std::get<Members>(tree->is), {1, 1}, problems);
    auto map = read_map(root, file.stem().string());
    if (!problems.none()) return tl::unexpected(problems.sorted());
    return map;
}

tl::expected<RegisterMap, std::vector<Problem>> load_scale_map(const std::filesystem::path& file) {
    const auto text = bytes_of(file, most_bytes);
    if (!text) return tl::unexpected(whole_file(file, text.error(), "a readable register map"));
    return parse_scale_map(*text, file);
}

std::filesystem::path shipped_scale_maps() {
    std::error_code ignored;
    return std::filesystem::read_symlink("/proc/self/exe", ignored).parent_path().parent_path() /
           "share/hefang/scale-maps";
}

std::vector<std::string> shipped_scale_map_names() {
    std::vector<std::string> names;
    std::error_code none;
    for (const auto& entry : std::filesystem::directory_iterator(shipped_scale_maps(), none)) {
        if (entry.path().extension() == ending) names.push_back(entry.path().stem().string());
    }
    std::sort(names.begin(), names.end());
    return names;
}

std::shared_ptr<const RegisterMap> scale_map_of(Section& device, const std::filesystem::path& base) {
    const auto word = device.text("map");
    if (!word) return nullptr;
    std::filesystem::path file;
    if (word->text.ends_with(ending)) {
        file = base / word->text;
    } else {
        const auto names = shipped_scale_map_names();
        if (std::find(names.begin(), names.end(), word->text) == names.end()) {
            std::string known;
            for (const auto& name : names) known += (known.empty() ? "" : ", ") + name;
            const auto near = nearest(word->text, names);
            device.wrong(word->place, "map", "'" + printable(word->text, 60) + "'",
                         near ? "did you mean '" + *near + "'?"
                              : "one of " + known + ", or the path of a file that ends in .toml");
            return nullptr;
        }
        file = shipped_scale_maps() / (word->text + std::string(ending));
    }
    auto map = load_scale_map(file);
    if (map) return std::make_shared<const RegisterMap>(*std::move(map));
    device.wrong(word->place, "map", "'" + printable(word->text, 60) + "'",
                 "a map that can be read: see its own faults");
    device.problems().add(map.error());
    return nullptr;
}

}  // namespace hefang::app
