#pragma once
#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include <tl/expected.hpp>

/// Lines of text of radiation portals and trace detectors. Makers' words differ and none is public: a site says them,
/// from the maker's manual. Pure.
namespace hefang::codec {

/// Begins of lines, as bytes. The longest that fits counts; of two alike the one of the earlier list.
struct AlarmWords {
    std::vector<std::string> alarm;    ///< an alarm stands
    std::vector<std::string> clear;    ///< none stands; nothing else ever says that
    std::vector<std::string> reading;  ///< a measured value follows
    std::vector<std::string> ignored;  ///< neither: a sign of life
};

struct AlarmSaid {
    bool alarm = false;
    friend bool operator==(const AlarmSaid&, const AlarmSaid&) = default;
};
/// `channel` is the word of the line's begin, `value` the first number behind it as written: digits, at most one sign
/// and one point, at most 16 bytes.
struct ValueSaid {
    std::string channel, value;
    friend bool operator==(const ValueSaid&, const ValueSaid&) = default;
};
struct LifeSaid {
    friend bool operator==(const LifeSaid&, const LifeSaid&) = default;
};
using LineSaid = std::variant<AlarmSaid, ValueSaid, LifeSaid>;

enum class AlarmRefusal {
    unknown_line,  ///< begins with none of the words
    no_value,      ///< a word of a reading and no number behind it
};
[[nodiscard]] std::string_view name(AlarmRefusal reason);

[[nodiscard]] tl::expected<LineSaid, AlarmRefusal> decode_alarm_line(std::string_view line, const AlarmWords& words);

}  // namespace hefang::codec
