#pragma once
#include "base/clock.hpp"
#include "evidence/limits.hpp"

#include <charconv>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace hefang::evidence {

/// Appends JSON in canonical form (RFC 8785) to a buffer of the caller's. The caller names members in ascending order
/// of their ASCII names; nothing here sorts. Names are written as they are: letters and digits only.
class CanonicalWriter {
  public:
    explicit CanonicalWriter(std::string& out) : out_(out) {}

    void open_object() { open('{'); }
    void open_object(std::string_view name) { key(name), open('{'); }
    void close_object() { close('}'); }
    void open_array(std::string_view name) { key(name), open('['); }
    void close_array() { close(']'); }
    void element() { separate(); }

    /// Text is cleaned and cut to `max` bytes (see append_text).
    void text(std::string_view name, std::string_view value, std::size_t max = id_bytes) {
        key(name), string(value, max);
    }
    /// Empty text stands for "none": no member.
    void text_if(std::string_view name, std::string_view value, std::size_t max = id_bytes) {
        if (!value.empty()) text(name, value, max);
    }
    /// Two texts, each cut on its own, as one: `left` + `right`.
    void joined(std::string_view name, std::string_view left, std::string_view right, std::size_t max = id_bytes);
    void text_element(std::string_view value, std::size_t max) { separate(), string(value, max); }
    void integer(std::string_view name, std::int64_t value);
    void boolean(std::string_view name, bool value) { key(name), out_ += value ? "true" : "false"; }
    /// A counter that may pass 2^53, as a decimal string.
    void counter(std::string_view name, std::uint64_t value);
    void time(std::string_view name, WallTime value);

  private:
    void open(char bracket) { out_ += bracket, first_ = true; }
    void close(char bracket) { out_ += bracket, first_ = false; }
    void separate() {
        if (!first_) out_ += ',';
        first_ = false;
    }
    /// One append for comma, name and colon: a fact has 70 of them. Names are literals of at most 32 letters.
    void key(std::string_view name) {
        char text[40] = ",\"";
        const std::size_t end = name.copy(text + 2, sizeof text - 4) + 2;
        text[end] = '"', text[end + 1] = ':';
        const std::size_t from = first_ ? 1 : 0;
        out_.append(text + from, end + 2 - from);
        first_ = false;
    }
    void string(std::string_view value, std::size_t max);

    std::string& out_;
    bool first_ = true;
};

/// `value` as the inside of a JSON string: cut to at most `max` bytes at a character's border; bytes that are no clean
/// UTF-8 (controls, broken sequences) become the four characters \xNN first. Clean text within `max` is kept exactly.
void append_text(std::string& out, std::string_view value, std::size_t max);

/// "2026-11-23T02:15:07.412Z" appended; times outside of the years 1 to 9999 are written as the nearer end.
void append_time(std::string& out, WallTime value);

/// Reads exactly what append_time writes; none for anything else.
[[nodiscard]] std::optional<WallTime> parse_time(std::string_view text);

}  // namespace hefang::evidence
