#include "app/config_tree.hpp"

#include "base/text.hpp"

#include <algorithm>
#include <exception>
#include <sstream>
#include <utility>
#include <vector>

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
    } catch (const std::exception& error) {
        return tl::unexpected(TreeError{{}, printable(error.what(), 240)});
    }
}

std::string shown(const Value& value) { return std::visit(Show{}, value.is); }

}  // namespace hefang::app
