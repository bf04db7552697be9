#include "telegram/wedge.hpp"

#include "bytes/feed.hpp"
#include "bytes/hex.hpp"

#include <catch2/catch.hpp>

using namespace hefang::codec;
using namespace hefang::codec::wedge;

namespace {

using enum WedgeRefusal;
using Refusals = std::vector<WedgeRefusal>;

std::string key(std::uint16_t code, std::int32_t value) { return encode_event({ev_key, code, value}); }
std::string press(std::uint16_t code) { return key(code, down) + key(code, up); }
std::string with(std::uint16_t modifier, std::uint16_t code) {
    return key(modifier, down) + press(code) + key(modifier, up);
}
const std::string report = encode_event({ev_syn, syn_report, 0});
const std::string dropped = encode_event({ev_syn, syn_dropped, 0});
constexpr std::uint16_t a = 30, b = 48, one = 2, two = 3, bracket = 27;

struct Typed {
    std::string text;
    Refusals refused;
    friend bool operator==(const Typed&, const Typed&) = default;
};

Typed typed(std::string_view stream, std::size_t piece, WedgeKeys keys = {}) {
    WedgeDecoder decoder(keys);
    Typed all;
    for (; !stream.empty(); stream.remove_prefix(std::min(piece, stream.size()))) {
        auto out = decoder.feed(stream.substr(0, piece));
        all.text += out.text;
        all.refused.insert(all.refused.end(), out.refused.begin(), out.refused.end());
    }
    return all;
}

}  // namespace

TEST_CASE("wedge: events become text the same however they are split") {
    struct Row {
        const char* why;
        std::string events;
        Typed want;
    };
    const auto row = GENERATE(values<Row>({
        {"a key down is a character, a key up is none", press(one), {"1", {}}},
        {"reports between are nothing", key(one, down) + report + key(one, up) + report, {"1", {}}},
        {"scan codes and LEDs are nothing",
         encode_event({4, 4, 458'782}) + press(one) + encode_event({17, 1, 1}),
         {"1", {}}},
        {"auto-repeat is no second character",
         key(one, down) + key(one, again) + key(one, again) + key(one, up),
         {"1", {}}},
        {"the order is that of the keys going down",
         key(18, down) + key(49, down) + key(18, up) + key(49, up),
         {"en", {}}},
        {"ups that never come", key(one, down) + key(two, down) + key(one, down), {"121", {}}},
        {"Shift", with(left_shift, a) + press(a) + with(right_shift, one), {"Aa!", {}}},
        {"both Shifts held, one released",
         key(left_shift, down) + key(right_shift, down) + key(left_shift, up) + press(a) + key(right_shift, up) +
             press(a),
         {"Aa", {}}},
        {"Shift repeating is still one Shift", key(left_shift, down) + key(left_shift, again) + press(a), {"A", {}}},
        {"Caps Lock is for letters alone", press(caps_lock) + press(a) + press(one) + with(left_shift, b), {"A1b", {}}},
        {"Caps Lock twice", press(caps_lock) + press(caps_lock) + press(a), {"a", {}}},
        {"Num Lock and Scroll Lock say nothing", press(num_lock) + press(71) + press(scroll_lock), {"7", {}}},
        {"the keypad",
         press(79) + press(80) + press(81) + press(83) + press(82) + press(98) + press(78) + press(96),
         {"123.0/+\r", {}}},
        {"ENTER and TAB", press(one) + press(enter) + press(two) + press(15), {"1\r2\t", {}}},
        {"Ctrl-] is GS",
         press(one) + with(left_ctrl, bracket) + press(two),
         {"1\x1D"
          "2",
          {}}},
        {"with the other Ctrl", with(right_ctrl, bracket), {"\x1D", {}}},
        {"Ctrl-J and Ctrl-M end a line", with(left_ctrl, 36) + with(left_ctrl, 50), {"\n\r", {}}},
        {"Ctrl with Shift: Ctrl-^ is RS",
         key(left_ctrl, down) + with(left_shift, 7) + key(left_ctrl, up),
         {"\x1E", {}}},
        {"Ctrl with a digit is nothing known", with(left_ctrl, one), {"\x1A", {unknown_key}}},
        {"Alt-029 on the keypad is GS",
         key(left_alt, down) + press(82) + press(80) + press(73) + key(left_alt, up) + press(one),
         {"\x1D"
          "1",
          {}}},
        {"Alt-65 is A", key(right_alt, down) + press(77) + press(76) + key(right_alt, up), {"A", {}}},
        {"Alt-127 is the last that one byte can say",
         key(left_alt, down) + press(79) + press(80) + press(71) + key(left_alt, up),
         {"\x7F", {}}},
        {"Alt-128 stands for no ASCII",
         key(left_alt, down) + press(79) + press(80) + press(72) + key(left_alt, up),
         {"\x1A", {unknown_key}}},
        {"Alt-0 neither", key(left_alt, down) + press(82) + key(left_alt, up), {"\x1A", {unknown_key}}},
        {"Alt alone is nothing", key(left_alt, down) + key(left_alt, up) + press(one), {"1", {}}},
        {"Alt with a letter: a character of another layout", with(left_alt, a), {"\x1A", {unknown_key}}},
        {"a key of no character must not shorten a number",
         press(one) + press(103) + press(two),
         {"1\x1A"
          "2",
          {unknown_key}}},
        {"a key with Meta is a command", with(left_meta, a), {"\x1A", {unknown_key}}},
        {"F8 is no character unless the site says so", press(f8), {"\x1A", {unknown_key}}},
        {"ESC and BACKSPACE stay what they are, and no code takes them", press(1) + press(14), {"\x1B\b", {}}},
        {"events lost: nothing more is told before the end",
         press(one) + dropped + press(two) + report + press(two) + press(enter) + press(one),
         {"1\x1A\r1", {events_lost}}},
        {"what comes up to the next report is worthless, an ENTER too",
         dropped + press(enter) + report + press(one) + press(enter),
         {"\x1A\r", {events_lost}}},
        {"a Shift held over a loss is not believed",
         key(left_shift, down) + dropped + report + press(enter) + press(a),
         {"\x1A\ra", {events_lost}}},
        {"lost twice in one telegram",
         dropped + report + dropped + report + press(enter),
         {"\x1A\r", {events_lost, events_lost}}},
    }));
    INFO(row.why);
    for (const std::size_t piece : {std::size_t{1}, std::size_t{7}, wedge_event_size, row.events.size()}) {
        CAPTURE(piece);
        CHECK(typed(row.events, piece) == row.want);
    }
}

TEST_CASE("wedge: the record of a 64-bit kernel, byte by byte") {
    REQUIRE(wedge_event_size == 24);
    const std::string time(16, '\0');
    CHECK(typed(time + bytes("01 00 02 00 01 00 00 00"), 24) == Typed{"1", {}});
    CHECK(typed(time + bytes("01 00 02 00 00 00 00 00"), 24) == Typed{});
    CHECK(typed(time + bytes("00 00 00 00 00 00 00 00"), 24) == Typed{});
}

TEST_CASE("wedge: half a record, or noise, before whole ones is found and never a digit") {
    const auto scan = press(one) + press(two) + press(enter);
    for (std::size_t cut = 1; cut < wedge_event_size; ++cut) {
        CAPTURE(cut);
        const auto got = typed(press(a).substr(cut) + scan, 24);
        // The rest of the record before is noise, at whose end the line is damaged up to its ENTER.
        CHECK(got.text.ends_with("\x1A\r"));
        CHECK(got.refused == Refusals{not_an_event});
    }
    const auto after = typed(scan + noise(500, 7) + scan + scan, 24);
    CHECK(after.text.starts_with("12\r"));
    CHECK(after.text.ends_with("\r12\r"));
}

TEST_CASE("wedge: a pause ends what was missed") {
    WedgeDecoder decoder({});
    (void)decoder.feed(key(left_shift, down));
    decoder.silent();
    CHECK(decoder.feed(press(a)).text == "a");
    (void)decoder.feed(dropped + report);
    decoder.silent();
    CHECK(decoder.feed(press(a)).text == "a");
    (void)decoder.feed(key(left_alt, down) + press(79));
    decoder.silent();
    CHECK(decoder.feed(key(left_alt, up) + press(a)).text == "a");
}

TEST_CASE("wedge: F8 is GS where the site says so") {
    CHECK(typed(press(one) + press(f8) + press(two), 24, {true}) == Typed{"1\x1D"
                                                                          "2",
                                                                          {}});
}

TEST_CASE("wedge: 1 MB of noise is taken in bounded memory") {
    WedgeDecoder decoder({});
    std::size_t refused = 0, said = 0;
    const auto junk = noise(1'000'000, 3);
    for (std::size_t at = 0; at < junk.size(); at += 4096) {
        const auto out = decoder.feed(std::string_view(junk).substr(at, 4096));
        refused += out.refused.size();
        said += out.text.size();
    }
    CHECK(refused > 0);
    CHECK(said <= junk.size() / wedge_event_size);
    decoder.silent();
    CHECK(decoder.feed(std::string(wedge_event_size, '\xFF') + press(enter) + press(one)).text.ends_with("1"));
}

TEST_CASE("wedge: every character of the layout, typed and read again, with keys overlapping or not") {
    std::string all;
    for (const auto& key : us_layout()) {
        all += key.plain;
        all += key.shifted;
    }
    all +=
        "\x1D"
        "AA11aa";
    for (const bool overlapping : {false, true}) {
        CAPTURE(overlapping);
        CHECK(typed(encode_typed(all, overlapping), 24) == Typed{all, {}});
    }
    const auto one_by_one = encode_typed("EN", false), overlap = encode_typed("en", true);
    CHECK(typed(one_by_one, 24).text == "EN");
    CHECK(overlap.substr(2 * wedge_event_size, wedge_event_size) == key(49, down));  // n goes down before e goes up
}
