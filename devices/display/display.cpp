#include "display/display.hpp"

#include "driver/fill.hpp"

#include <array>
#include <utility>

namespace hefang::driver {
namespace {

/// How many control characters of `value` became spaces.
std::size_t calm(std::string& value) {
    std::size_t out = 0;
    for (char& c : value) {
        if (static_cast<unsigned char>(c) >= 0x20 && c != 0x7F) continue;
        c = ' ';
        ++out;
    }
    return out;
}

}  // namespace

DisplayDriver::DisplayDriver(DisplaySettings settings, Encoder encoder, std::unique_ptr<link::Endpoint> endpoint,
                             std::function<bool()> core_alive)
    : settings_(std::move(settings)),
      encoder_(std::move(encoder)),
      endpoint_(std::move(endpoint)),
      core_alive_(std::move(core_alive)) {}

std::string DisplayDriver::encoded(const std::string& text, Context& context) const {
    auto out = encoder_.encode(text, settings_.most_bytes);
    if (out.refused > 0) context.counters.add("refused-character", out.refused);
    if (out.cut) context.counters.add("refused-too-long");
    return std::move(out.bytes);
}

std::string DisplayDriver::text_now(Context& context) {
    auto wanted = core_alive_() ? wanted_.get() : std::nullopt;
    if (!wanted) return encoded(settings_.rest, context);
    std::size_t calmed = 0;
    for (auto& [name, value] : *wanted) calmed += calm(value);
    if (calmed > 0) context.counters.add("refused-character", calmed);
    const auto text = fill(settings_.form, *wanted);
    if (text) return encoded(*text, context);
    context.counters.add("refused-form");
    return encoded(settings_.rest, context);
}

Error DisplayDriver::converse(link::Link& link, Context& context) {
    const BootTime begin = context.clock.now().boot;
    std::optional<std::optional<reading::Fields>> shown;  // with the core's state: what the sent bytes were made of
    bool shown_alive = false;
    BootTime sent_at{};
    while (!context.stop.requested()) {
        const BootTime now = context.clock.now().boot;
        if (now - begin >= context.trial.count()) context.alive(Sign::link);
        const auto wanted = wanted_.get();
        const bool alive = core_alive_();
        const bool again = now < sent_at || now - sent_at >= settings_.repeat.count();
        if (!shown || *shown != wanted || shown_alive != alive || again) {
            const auto bytes = text_now(context);
            shown = wanted, shown_alive = alive, sent_at = now;
            if (!bytes.empty()) {
                if (auto sent = link.write_all(bytes, write_limit, context.stop); !sent) return sent.error();
                context.counters.add("texts");
            }
        }
        std::array<char, 256> answers{};  // a display that answers is read and not understood
        const auto n = link.read_some(answers, std::chrono::milliseconds(1), context.stop);
        if (!n && n.error().code != Errc::timeout) return n.error();
        wanted_.wait(look, context.stop);
    }
    return {Errc::closed, "stop was requested"};
}

Error DisplayDriver::live(Context& context) {
    auto link = endpoint_->open(std::chrono::seconds(1), context.stop);
    return link ? converse(**link, context) : link.error();
}

}  // namespace hefang::driver
