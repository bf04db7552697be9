#include "app/config_tree.hpp"

#include "base/text.hpp"

#include <algorithm>
#include <exception>
#include <sstream>
#include <type_traits>
#include <utility>
#include <vector>

// toml++ 3.3.0 meets some malformed table headers ("[.a]", "[[[") with an assertion, and without assertions with
// undefined behaviour, instead of a refusal. Its own hook turns the assertion into an exception of ours.
namespace hefang::app {
struct TomlGaveUp : std::exception {};
[[noreturn]] inline void toml_gave_up() { throw TomlGaveUp(); }
}  // namespace hefang::app
#undef NDEBUG
#define TOML_ASSERT(expr) (static_cast<bool>(expr) ? void() : ::hefang::app::toml_gave_up())
#define TOML_ENABLE_FORMATTERS 0
#include <toml++/toml.h>

namespace hefang::app {
namespace {

Place place_of(const toml::source_region& region) { return {region.begin.line, region.begin.column}; }

Value value_of(const toml::node& node);

Members members_of(const toml::table& table) {
    Members out;
    for (const auto& [key, node] : table) {
        out.push_back({std::string(key.str()), place_of(key.source()), value_of(node)});
    }
    return out;
}

Items items_of(const toml::array& array) {
    Items out;
    for (const auto& node : array) out.push_back(value_of(node));
    return out;
}

Value value_of(const toml::node& node) {
    const auto place = place_of(node.source());
    if (const auto* v = node.as_integer()) return {v->get(), place};
    if (const auto* v = node.as_floating_point()) return {v->get(), place};
    if (const auto* v = node.as_boolean()) return {v->get(), place};
    if (const auto* v = node.as_string()) return {v->get(), place};
    if (const auto* v = node.as_table()) return {members_of(*v), place};
    if (const auto* v = node.as_array()) return {items_of(*v), place};
    return {OtherType{}, place};
}

struct Show {
    std::string operator()(std::int64_t v) const { return std::to_string(v); }
    std::string operator()(double v) const {
        std::ostringstream out;
        out << v;
        return out.str();
    }
    std::string operator()(bool v) const { return v ? "true" : "false"; }
    std::string operator()(const std::string& v) const { return "'" + printable(v) + "'"; }
    std::string operator()(const Members&) const { return "a table"; }
    std::string operator()(const Items&) const { return "a list"; }
    std::string operator()(const OtherType&) const { return "a date or time"; }
};

bool gives_up(std::string_view text) {
    try {
        (void)toml::parse(text);
    } catch (const TomlGaveUp&) {
        return true;
    } catch (const std::exception&) {
    }
    return false;
}

/// The line at which the parser gave up: it reads from the front, so every text of fewer lines passes that point not.
std::uint32_t line_given_up(std::string_view text) {
    std::vector<std::size_t> ends;
    for (auto at = text.find('\n'); at != std::string_view::npos; at = text.find('\n', at + 1)) ends.push_back(at + 1);
    const auto line =
        std::partition_point(ends.begin(), ends.end(), [&](std::size_t end) { return !gives_up(text.substr(0, end)); });
    return static_cast<std::uint32_t>(line - ends.begin()) + 1;
}

constexpr std::ptrdiff_t most_dots = 64;

/// The first line with so many dots that a key of it could nest tables deeper than a stack is; 0: none.
/// toml++ bounds nested brackets itself, not dotted keys.
std::uint32_t line_too_deep(std::string_view text) {
    for (std::uint32_t number = 1; !text.empty(); ++number) {
        const auto line = text.substr(0, text.find('\n'));
        const auto first = line.find_first_not_of(" \t");
        const bool comment = first != std::string_view::npos && line[first] == '#';
        if (!comment && std::count(line.begin(), line.end(), '.') > most_dots) return number;
        text.remove_prefix(std::min(text.size(), line.size() + 1));
    }
    return 0;
}

}  // namespace

tl::expected<Value, TreeError> read_tree(std::string_view text) {
    if (const auto line = line_too_deep(text); line > 0) {
        return tl::unexpected(TreeError{{line, 1}, "more than 64 dots in one line"});
    }
    try {
        const toml::table root = toml::parse(text);
        return Value{members_of(root), {1, 1}};
    } catch (const toml::parse_error& error) {
        return tl::unexpected(TreeError{place_of(error.source()), printable(error.description(), 240)});
    } catch (const TomlGaveUp&) {
        return tl::unexpected(TreeError{{line_given_up(text), 1}, "a table's name is wrong: [name] or [[name]]"});
    } catch (const std::exception& error) {
        return tl::unexpected(TreeError{{}, printable(error.what(), 240)});
    }
}

std::string shown(const Value& value) { return std::visit(Show{}, value.is); }

}  // namespace hefang::app
