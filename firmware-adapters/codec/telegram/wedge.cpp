#include "telegram/wedge.hpp"

#include <algorithm>
#include <array>
#include <cstring>
#include <utility>

namespace hefang::codec {
namespace {

using namespace wedge;

constexpr char gs = '\x1D';
constexpr char sub = '\x1A';               // "substitute": ASCII's own sign for a character that was lost
constexpr unsigned most_composed = 9'999;  // "Alt-0nnn"

// Of a record that may be one; the kernel's own limits of type and code.
constexpr std::int64_t most_seconds = std::int64_t{1} << 32;  // so that a key going down is never taken for a time
constexpr std::int64_t most_micros = 999'999;
constexpr std::int32_t most_syn_value = 1;  // 1: of an auto-repeat
constexpr std::uint16_t most_type = 0x1F, most_code = 0x2FF;

constexpr std::array modifier_keys{left_shift, right_shift, left_ctrl, right_ctrl,
                                   left_alt,   right_alt,   left_meta, right_meta};
constexpr unsigned shift = 0b11, ctrl = 0b1100, alt = 0b110000, meta = 0b11000000;

template <class T>
T number_at(std::string_view bytes, std::size_t at) {
    T out{};
    std::memcpy(&out, bytes.data() + at, sizeof out);
    return out;
}

bool can_be(const WedgeEvent& event) {
    switch (event.type) {
        case ev_syn: return event.code <= syn_dropped && event.value >= 0 && event.value <= most_syn_value;
        case ev_key: return event.code <= most_code && event.value >= up && event.value <= again;
        default: return event.type <= most_type && event.code <= most_code;
    }
}

/// The record at the front of `bytes`, or nothing where none can begin.
std::optional<WedgeEvent> record(std::string_view bytes) {
    const auto seconds = number_at<long>(bytes, 0), micros = number_at<long>(bytes, sizeof(long));
    const WedgeEvent event{number_at<std::uint16_t>(bytes, 2 * sizeof(long)),
                           number_at<std::uint16_t>(bytes, 2 * sizeof(long) + 2),
                           number_at<std::int32_t>(bytes, 2 * sizeof(long) + 4)};
    const bool timed = seconds >= 0 && seconds < most_seconds && micros >= 0 && micros <= most_micros;
    if (!timed || !can_be(event)) return std::nullopt;
    return event;
}

const WedgeKey* key_of(std::uint16_t code) {
    const auto keys = us_layout();
    const auto at = std::find_if(keys.begin(), keys.end(), [&](const auto& k) { return k.code == code; });
    return at == keys.end() ? nullptr : &*at;
}

unsigned modifier_of(std::uint16_t code) {
    const auto at = std::find(modifier_keys.begin(), modifier_keys.end(), code);
    return at == modifier_keys.end() ? 0 : 1U << (at - modifier_keys.begin());
}

bool is_letter(char c) { return c >= 'a' && c <= 'z'; }

/// Ctrl with the key of `c`: ASCII's columns 4 and 5 become 0 and 1.
std::optional<char> controlled(char c) {
    if (is_letter(c)) c = static_cast<char>(c - 'a' + 'A');
    if (c <= '@' || c > '_') return std::nullopt;
    return static_cast<char>(c & 0x1F);
}

}  // namespace

std::string_view name(WedgeRefusal reason) {
    switch (reason) {
        case WedgeRefusal::not_an_event: return "not-an-event";
        case WedgeRefusal::events_lost: return "events-lost";
        case WedgeRefusal::unknown_key: return "unknown-key";
    }
    return "unknown";
}

std::string encode_event(const WedgeEvent& event) {
    std::string out(wedge_event_size, '\0');
    std::memcpy(out.data() + 2 * sizeof(long), &event.type, 2);
    std::memcpy(out.data() + 2 * sizeof(long) + 2, &event.code, 2);
    std::memcpy(out.data() + 2 * sizeof(long) + 4, &event.value, 4);
    return out;
}

WedgeDecoder::Out WedgeDecoder::feed(std::string_view bytes) {
    Out out;
    held_.append(bytes);
    std::string_view rest = held_;
    while (rest.size() >= wedge_event_size) {
        const auto event = record(rest);
        if (event) {
            take(*event, out);
        } else if (!noise_) {
            lose(WedgeRefusal::not_an_event, out);
        }
        noise_ = !event;
        rest.remove_prefix(event ? wedge_event_size : 1);
    }
    held_ = std::string(rest);
    return out;
}

void WedgeDecoder::silent() {
    modifiers_ = 0;
    composed_.reset();
    damaged_ = false;
}

void WedgeDecoder::take(const WedgeEvent& event, Out& out) {
    if (event.type == ev_syn && event.code == syn_dropped) {
        dropped_ = true;
        return lose(WedgeRefusal::events_lost, out);
    }
    if (event.type == ev_syn && event.code == syn_report) dropped_ = false;
    if (event.type != ev_key || dropped_) return;
    if (const auto bit = modifier_of(event.code); bit != 0) {
        modifiers_ = event.value == up ? modifiers_ & ~bit : modifiers_ | bit;
        if ((modifiers_ & alt) == 0) end_composing(out);
    } else if (event.value == down) {
        press(event.code, out);
    }
}

void WedgeDecoder::press(std::uint16_t code, Out& out) {
    if (code == num_lock || code == scroll_lock) return;
    if (code == caps_lock) {
        caps_ = !caps_;
        return;
    }
    if (code == f8 && keys_.f8_is_gs) return say(gs, out);
    const auto* key = key_of(code);
    if (key == nullptr || (modifiers_ & meta) != 0) return unknown(out);
    if ((modifiers_ & alt) != 0) {
        if (!compose(code)) unknown(out);
        return;
    }
    const bool upper = (modifiers_ & shift) != 0;
    if ((modifiers_ & ctrl) != 0) {
        const auto c = controlled(upper && !is_letter(key->plain) ? key->shifted : key->plain);
        return c ? say(*c, out) : unknown(out);
    }
    say(upper != (caps_ && is_letter(key->plain)) ? key->shifted : key->plain, out);
}

/// A digit of the keypad, typed with Alt held.
bool WedgeDecoder::compose(std::uint16_t code) {
    constexpr std::uint16_t first = 71, last = 82;  // the keypad's 7 and 0; its signs are no digits
    const auto* key = key_of(code);
    if (code < first || code > last || key->plain < '0' || key->plain > '9') return false;
    composed_ = std::min(composed_.value_or(0) * 10 + static_cast<unsigned>(key->plain - '0'), most_composed);
    return true;
}

void WedgeDecoder::end_composing(Out& out) {
    if (!composed_) return;
    const auto number = *std::exchange(composed_, std::nullopt);
    return number >= 1 && number <= 0x7F ? say(static_cast<char>(number), out) : unknown(out);
}

void WedgeDecoder::say(char c, Out& out) {
    if (c == '\r' || c == '\n' || c == '\t') damaged_ = false;
    if (!damaged_) out.text += c;
}

void WedgeDecoder::unknown(Out& out) {
    out.refused.push_back(WedgeRefusal::unknown_key);
    say(sub, out);
}

void WedgeDecoder::lose(WedgeRefusal reason, Out& out) {
    out.refused.push_back(reason);
    modifiers_ = 0;
    composed_.reset();
    if (!damaged_) out.text += sub;
    damaged_ = true;
}

std::string encode_typed(std::string_view text, bool overlapping) {
    std::string out;
    const auto event = [&](std::uint16_t code, std::int32_t value) {
        out += encode_event({ev_key, code, value}) + encode_event({ev_syn, syn_report, 0});
    };
    std::optional<std::uint16_t> lies;  // a key that is still down
    const auto release = [&] {
        if (lies) event(*std::exchange(lies, std::nullopt), up);
    };
    for (const char c : text) {
        const bool chord = c == gs;
        const char wanted = chord ? ']' : c;
        const auto keys = us_layout();
        const auto key = std::find_if(keys.begin(), keys.end(),
                                      [&](const auto& k) { return k.plain == wanted || k.shifted == wanted; });
        if (key == keys.end()) continue;
        const auto with = chord ? left_ctrl : key->plain != wanted ? left_shift : std::uint16_t{0};
        if (with != 0 || lies == key->code) release();
        if (with != 0) event(with, down);
        event(key->code, down);
        release();
        lies = key->code;
        if (!overlapping || with != 0) release();
        if (with != 0) event(with, up);
    }
    release();
    return out;
}

}  // namespace hefang::codec
