#pragma once
#include <cstdint>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include <tl/expected.hpp>

/// TOML as a tree of plain values that know where they stand. The TOML library is seen by config_tree.cpp alone.
namespace hefang::app {

struct Place {
    std::uint32_t line = 0, column = 0;
};

struct Member;
struct Value;
using Members = std::vector<Member>;  ///< in order of their names
using Items = std::vector<Value>;
struct OtherType {};  ///< a date or time: nothing in this configuration is one

struct Value {
    std::variant<std::int64_t, double, bool, std::string, Members, Items, OtherType> is;
    Place place;
};

struct Member {
    std::string name;
    Place place;
    Value value;
};

struct TreeError {
    Place place;
    std::string what;
};

/// The whole text as a table; a text that is no TOML gives the first place where it is none. Never throws.
[[nodiscard]] tl::expected<Value, TreeError> read_tree(std::string_view text);

/// "3.5", "'text'", "a list": how a value is shown in a problem.
[[nodiscard]] std::string shown(const Value& value);

}  // namespace hefang::app
