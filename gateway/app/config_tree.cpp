#include "app/config_tree.hpp"

#include "base/text.hpp"

#include <exception>
#include <sstream>
#include <type_traits>
#include <utility>

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

}  // namespace

tl::expected<Value, TreeError> read_tree(std::string_view text) {
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
