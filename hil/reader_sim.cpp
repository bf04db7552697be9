#include "hil/reader_sim.hpp"

#include <utility>

namespace hefang::hil {
namespace {

/// A whole command without its frame; empty where there is none.
std::string body_of(std::string_view command, const codec::ScanFraming& framing) {
    codec::ScanFramer framer(framing);
    const auto frames = framer.feed(command);
    return frames.empty() ? std::string() : frames.front().value_or("");
}

}  // namespace

ReaderSim::ReaderSim(std::unique_ptr<Wire> wire, const codec::ReaderProfile& profile, codec::ScanFormat format,
                     std::uint32_t seed)
    : profile_(profile),
      framing_(codec::framing_of(profile)),
      scanner_(std::move(wire), framing_, std::move(format), seed),
      commands_(framing_) {}

Result<void> ReaderSim::show(std::vector<codec::ScanCode> codes) {
    shown_ = std::move(codes);
    if (!looking_ || shown_.empty()) return {};
    looking_ = false;
    return scanner_.scan(shown_);
}

Result<void> ReaderSim::serve() {
    const auto bytes = scanner_.received();
    for (const auto& command : commands_.feed(bytes)) {
        if (!command || deaf_) continue;
        if (auto done = obey(*command); !done) return done;
    }
    return {};
}

Result<void> ReaderSim::obey(const std::string& command) {
    if (command == body_of(profile_.trigger_on, framing_)) {
        if (auto done = answer(0); !done) return done;
        looking_ = shown_.empty();
        return looking_ ? Result<void>() : scanner_.scan(shown_);
    }
    if (command == body_of(profile_.trigger_off, framing_)) {
        if (auto done = answer(1); !done) return done;
        return std::exchange(looking_, false) ? scanner_.no_read() : Result<void>();
    }
    return {};
}

/// The profile's text for it, where it has a fixed one: others are silent by default.
Result<void> ReaderSim::answer(std::size_t which) {
    if (which >= profile_.taken.size() || profile_.taken[which].find('*') != std::string_view::npos) return {};
    const std::string text(profile_.taken[which]);
    return scanner_.raw(framing_.stx_etx ? "\x02" + text + "\x03" : text + framing_.ends);
}

}  // namespace hefang::hil
