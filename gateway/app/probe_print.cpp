#include "app/probe_print.hpp"

#include "base/text.hpp"
#include "probe/hex_view.hpp"
#include "probe/word_order.hpp"

#include <cmath>
#include <cstdio>

#include <nlohmann/json.hpp>

namespace hefang::app {
namespace {

using nlohmann::json;

void say(const std::string& text) {
    std::printf("%s\n", text.c_str());
    std::fflush(stdout);
}

void say_json(const json& line) { say(line.dump(-1, ' ', false, json::error_handler_t::replace)); }

template <class... Values>
std::string format(const char* form, Values... values) {
    char text[128];
    std::snprintf(text, sizeof text, form, values...);
    return text;
}

json json_of(const probe::OrderedWord& word) {
    json out{{"u32", word.bits}, {"s32", word.as_signed()}};
    out["float"] = std::isfinite(word.as_float()) ? json(word.as_float()) : json(nullptr);
    return out;
}

std::string text_of(const probe::OrderedWord& word) {
    return format("  %s  u32 %10u  s32 %11d  float %.9g", std::string(word.order).c_str(), word.bits, word.as_signed(),
                  static_cast<double>(word.as_float()));
}

constexpr auto nothing_came =
    "nothing came: is the cable right, is the device set to send by itself, is the baud rate right?";
constexpr auto nobody_speaks =
    "no scale protocol of this version finds a valid frame: check baud, bits and parity, and whether the bytes look "
    "like those of the manual";
constexpr auto nothing_valid =
    "nothing that came was valid: check protocol, baud, bits and parity, or listen without --as";

}  // namespace

std::int64_t ProbePrint::ms() const {
    return std::chrono::duration_cast<std::chrono::milliseconds>(std::chrono::steady_clock::now() - begun_).count();
}

std::string ProbePrint::stamp() const {
    const auto now = static_cast<long long>(ms());
    return format("%5lld.%03lld ", now / 1000, now % 1000);
}

void ProbePrint::line(std::string_view mark, const std::string& text) { say(stamp() + std::string(mark) + ' ' + text); }

void ProbePrint::opened(const link::LinkAddress& address) {
    if (json_) return say_json(json{{"ms", ms()}, {"opened", link::to_text(address)}});
    say(link::to_text(address) + ": open.  < received  > sent  = decoded  ! refused");
}

void ProbePrint::bytes(std::string_view way, std::string_view bytes) {
    if (json_) return say_json(json{{"ms", ms()}, {way, to_hex(bytes)}});
    for (const auto& text : probe::hex_view(bytes)) line(way == "in" ? "<" : ">", text);
}

void ProbePrint::reading(const std::string& text) {
    if (json_) return say_json(json{{"ms", ms()}, {"reading", text}});
    line("=", text);
}

void ProbePrint::refusals(const Counters& counters) {
    for (const auto& row : counters.rows()) {
        if (!row.name.starts_with("refused-")) continue;
        auto& before = refused_[row.name];
        const auto more = row.value - std::exchange(before, row.value);
        if (more == 0) continue;
        if (json_) {
            say_json(json{{"ms", ms()}, {"refused", row.name.substr(8)}, {"count", more}});
        } else {
            line("!", row.name + (more > 1 ? " x " + std::to_string(more) : ""));
        }
    }
}

void ProbePrint::lost(const Error& error) {
    if (json_) return say_json(json{{"ms", ms()}, {"lost", error.detail}});
    line("-", "lost: " + error.detail);
}

void ProbePrint::registers(int first, std::span<const std::uint16_t> values) {
    auto block = json::array(), words = json::array();
    std::string hex;
    for (const auto value : values) {
        hex += format("%04X ", static_cast<unsigned>(value));
        block.push_back(value);
    }
    if (!json_) line("<", format("registers %d to %d: ", first, first + static_cast<int>(values.size()) - 1) + hex);
    for (std::size_t i = 0; i + 1 < values.size(); i += 2) {
        const auto at = first + static_cast<int>(i);
        json row{{"address", at}};
        if (!json_) say(format("            at %d", at));
        for (const auto& word : probe::word_orders(values[i], values[i + 1])) {
            row[std::string(word.order)] = json_of(word);
            if (!json_) say("            " + text_of(word));
        }
        words.push_back(row);
    }
    if (json_) say_json(json{{"ms", ms()}, {"first", first}, {"registers", block}, {"words", words}});
}

void ProbePrint::speakers(const std::vector<probe::Speaker>& speakers, bool heard) {
    if (json_) {
        auto rows = json::array();
        for (const auto& s : speakers)
            rows.push_back({{"kind", s.kind}, {"protocol", s.protocol}, {"frames", s.frames}, {"refused", s.refused}});
        return say_json(json{{"ms", ms()}, {"heard", heard}, {"speaks", rows}});
    }
    if (!heard) return say(nothing_came);
    if (speakers.empty()) return say(nobody_speaks);
    say("what speaks here:");
    for (const auto& s : speakers)
        say(format("  %s/%-24s %6llu valid frame(s), %llu refused", s.kind.c_str(), s.protocol.c_str(),
                   static_cast<unsigned long long>(s.frames), static_cast<unsigned long long>(s.refused)));
}

void ProbePrint::totals(std::uint64_t valid, const Counters& counters) {
    auto rows = json::object();
    std::string text;
    for (const auto& row : counters.rows()) {
        rows[row.name] = row.value;
        text += (text.empty() ? "" : ", ") + row.name + " " + std::to_string(row.value);
    }
    if (json_) return say_json(json{{"ms", ms()}, {"valid", valid}, {"counters", rows}});
    say(text.empty() ? nothing_came : "in all: " + text);
    if (valid == 0 && !text.empty()) say(nothing_valid);
}

}  // namespace hefang::app
