#include "receiver/slices.hpp"

#include "base/text.hpp"
#include "sync/topics.hpp"

#include <algorithm>
#include <array>
#include <bitset>
#include <limits>

namespace hefang::receiver {
namespace {

constexpr std::size_t none = std::string_view::npos;
constexpr std::uint64_t most_sequence = std::numeric_limits<std::int64_t>::max();

std::size_t skip_space(std::string_view text, std::size_t at) {
    while (at < text.size() && (text[at] == ' ' || text[at] == '\t' || text[at] == '\n' || text[at] == '\r')) ++at;
    return at;
}

/// Behind the string that begins at `at`; none when it does not end.
std::size_t skip_string(std::string_view text, std::size_t at) {
    for (++at; at < text.size(); ++at) {
        if (text[at] == '\\')
            ++at;
        else if (text[at] == '"')
            return at + 1;
    }
    return none;
}

bool ends_scalar(char c) { return c == ',' || c == ']' || c == '}' || c == ' ' || c == '\t' || c == '\n' || c == '\r'; }

/// Behind the value that begins at `at`; none when it does not end, its brackets do not fit or are too deep.
std::size_t skip_value(std::string_view text, std::size_t at) {
    if (at >= text.size() || text[at] == ',' || text[at] == ':' || text[at] == ']' || text[at] == '}') return none;
    if (text[at] == '"') return skip_string(text, at);
    if (text[at] != '{' && text[at] != '[') {
        while (at < text.size() && !ends_scalar(text[at])) ++at;
        return at;
    }
    std::bitset<depth_limit> is_object;
    std::size_t depth = 0;
    while (at < text.size()) {
        const char c = text[at];
        if (c == '"') {
            if ((at = skip_string(text, at)) == none) return none;
            continue;
        }
        if (c == '{' || c == '[') {
            if (depth == depth_limit) return none;
            is_object[depth++] = c == '{';
        } else if (c == '}' || c == ']') {
            if (is_object[--depth] != (c == '}')) return none;
            if (depth == 0) return at + 1;
        }
        ++at;
    }
    return none;
}

/// The inside of a string without escapes; none for anything else.
std::optional<std::string_view> plain(std::string_view value) {
    if (value.size() < 2 || value.front() != '"' || value.find('\\') != none) return std::nullopt;
    return value.substr(1, value.size() - 2);
}

/// The members that a fact's envelope is read from, as written, in the order of `names`.
constexpr std::array<std::string_view, 9> names{"specversion", "id",   "source",   "type",    "time",
                                                "epoch",       "data", "sequence", "prevhash"};
enum Member : std::size_t { specversion, id, source, type, time, epoch, data, sequence, prevhash };

struct Members {
    std::array<std::string_view, names.size()> values;
    bool doubled = false;
    bool whole = false;
};

Members read_members(std::string_view fact) {
    Members out;
    std::size_t at = skip_space(fact, 0);
    if (at >= fact.size() || fact[at] != '{') return out;
    at = skip_space(fact, at + 1);
    while (at < fact.size() && fact[at] == '"') {
        const std::size_t name_end = skip_string(fact, at);
        if (name_end == none) return out;
        const auto name = fact.substr(at + 1, name_end - at - 2);
        at = skip_space(fact, name_end);
        if (at >= fact.size() || fact[at] != ':') return out;
        at = skip_space(fact, at + 1);
        const std::size_t end = skip_value(fact, at);
        if (end == none) return out;
        if (const auto* found = std::find(names.begin(), names.end(), name); found != names.end()) {
            auto& value = out.values[static_cast<std::size_t>(found - names.begin())];
            out.doubled = out.doubled || !value.empty();
            value = fact.substr(at, end - at);
        }
        at = skip_space(fact, end);
        if (at < fact.size() && fact[at] == '}') return out.whole = skip_space(fact, at + 1) == fact.size(), out;
        if (at >= fact.size() || fact[at] != ',') return out;
        at = skip_space(fact, at + 1);
    }
    return out;
}

bool is_versioned(std::string_view name) {
    const std::size_t v = name.rfind(".v");
    return name.starts_with("hefang.") && v != none && v > 7 && sync::parse_counter(name.substr(v + 2)).has_value();
}

std::string fault_of(const Members& m, std::string_view fact, std::string_view gateway, const Envelope& envelope) {
    if (!m.whole) return "not one whole JSON object";
    if (m.doubled) return "a member stands twice";
    if (fact.size() > sync::fact_bytes) return "larger than 32 KiB";
    if (!is_clean_utf8(fact)) return "not clean UTF-8";
    if (m.values[specversion] != "\"1.0\"") return "specversion is not 1.0";
    const auto is = [](std::string_view value, const std::string& text) {
        return plain(value) == std::string_view(text);
    };
    if (!is(m.values[source], "urn:hefang:" + std::string(gateway))) return "source is another gateway";
    if (!is(m.values[id], std::string(envelope.epoch) + "/" + std::to_string(envelope.sequence))) {
        return "id is not epoch/sequence";
    }
    if (envelope.prevhash.empty()) return "prevhash is missing or no hash";
    if (!is_versioned(envelope.type)) return "type is not hefang.<name>.v<n>";
    if (!plain(m.values[time])) return "time is missing";
    if (m.values[data].empty() || m.values[data].front() != '{') return "data is no object";
    if (envelope.sequence == 1 && !envelope.type.starts_with("hefang.epoch.opened.v")) {
        return "the first fact of an epoch is not epoch.opened";
    }
    return {};
}

}  // namespace

Result<std::vector<std::string_view>> slice_array(std::string_view text, std::size_t most) {
    const auto refuse = [](const char* why) { return fail(Errc::refused, std::string("batch: ") + why); };
    std::vector<std::string_view> out;
    std::size_t at = skip_space(text, 0);
    if (at >= text.size() || text[at] != '[') return refuse("no JSON array");
    at = skip_space(text, at + 1);
    if (at < text.size() && text[at] == ']') {
        if (skip_space(text, at + 1) != text.size()) return refuse("something follows the array");
        return out;
    }
    while (true) {
        const std::size_t end = skip_value(text, at);
        if (end == none) return refuse("an element does not end, or is nested too deeply");
        if (out.size() == most) return refuse("too many elements");
        out.push_back(text.substr(at, end - at));
        at = skip_space(text, end);
        if (at >= text.size()) return refuse("the array does not end");
        if (text[at] == ']') break;
        if (text[at] != ',') return refuse("elements are not separated by commas");
        at = skip_space(text, at + 1);
    }
    if (skip_space(text, at + 1) != text.size()) return refuse("something follows the array");
    return out;
}

std::optional<Envelope> read_envelope(std::string_view fact, std::string_view gateway) {
    const Members m = read_members(fact);
    const auto key_epoch = plain(m.values[epoch]);
    const auto digits = plain(m.values[sequence]);
    const std::uint64_t number = digits ? sync::parse_counter(*digits).value_or(0) : 0;
    if (!key_epoch || key_epoch->empty() || key_epoch->size() > sync::gateway_id_bytes || !is_clean_utf8(*key_epoch) ||
        number == 0 || number > most_sequence) {
        return std::nullopt;
    }
    Envelope out{*key_epoch, number, {}, {}, {}};
    if (const auto hash = plain(m.values[prevhash]); hash && sync::is_hash(*hash)) out.prevhash = *hash;
    if (const auto name = plain(m.values[type]); name && name->size() <= 128 && is_clean_utf8(*name)) out.type = *name;
    out.fault = fault_of(m, fact, gateway, out);
    return out;
}

}  // namespace hefang::receiver
