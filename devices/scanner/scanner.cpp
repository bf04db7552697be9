#include "scanner/scanner.hpp"

#include "driver/settings.hpp"

#include <algorithm>
#include <array>
#include <utility>

namespace hefang::driver {
namespace {

constexpr std::chrono::milliseconds patience{15'000};  // longer than any back-off: a listening device waits for nothing
constexpr std::chrono::milliseconds idle{60'000};

/// "crlf" stands for either byte: readers that send CR, LF or both are served by it.
codec::ScanFraming framing_of(const DeviceConfig& config) {
    codec::ScanFraming framing;
    framing.prefix = text(config, "prefix", "");
    const auto suffix = text(config, "suffix", "crlf");
    framing.stx_etx = suffix == "stx-etx";
    framing.ends = suffix == "cr"    ? "\r"
                   : suffix == "lf"  ? "\n"
                   : suffix == "etx" ? "\x03"
                   : suffix == "tab" ? "\t"
                                     : "\r\n";
    return framing;
}

}  // namespace

ScannerSettings scanner_settings(const DeviceConfig& config) {
    ScannerSettings s;
    s.id = config.id;
    s.framing = framing_of(config);
    s.format.aim = text(config, "aim", "false") == "true";
    s.format.separator = text(config, "separator", "");
    s.format.sequence = text(config, "sequence", "");
    s.format.no_read = list(config, "no_read", s.format.no_read);
    s.ignored = list(config, "ignore", {});
    // A lost segment on TCP comes again after 200 ms and more; on a serial line a pause is an end.
    const bool serial = std::holds_alternative<link::SerialAddress>(config.link);
    s.gap = std::chrono::milliseconds(whole(config, "gap_ms", serial ? 100 : 2000));
    // A reader that dials in begins with a telegram. A line is joined wherever it is, also behind a device server.
    s.joins_midway = !std::holds_alternative<link::TcpListenAddress>(config.link);
    s.silence = std::chrono::seconds(whole(config, "silence_s", 0));
    return s;
}

ScannerDriver::ScannerDriver(ScannerSettings settings, std::unique_ptr<link::Endpoint> endpoint)
    : settings_(std::move(settings)), endpoint_(std::move(endpoint)), framer_(settings_.framing) {}

Error ScannerDriver::live(Context& context) {
    auto link = endpoint_->open(patience, context.stop);
    if (!link) return link.error();
    auto phase = settings_.joins_midway ? Phase::joining : Phase::on_trial;
    std::array<char, 4096> buffer{};
    for (;;) {
        if (phase == Phase::on_trial && context.trial.count() == 0) phase = stands(context);
        const auto n = (*link)->read_some(buffer, limit(phase, context), context.stop);
        if (n) {
            if (std::exchange(phase, std::max(phase, Phase::on_trial)) == Phase::joining) framer_.join_midway();
            if (!took_bytes({buffer.data(), *n}, phase, context)) return {Errc::closed, "stop requested"};
            continue;
        }
        const bool cut = framer_.drop();
        if (cut && !took_refused(codec::ScanRefusal::cut_short, heard_, context))
            return {Errc::closed, "stop requested"};
        if (n.error().code != Errc::timeout) return n.error();
        if (cut) continue;
        if (phase == Phase::joining) {
            phase = Phase::on_trial;
        } else if (phase == Phase::on_trial) {
            phase = stands(context);
        } else if (settings_.silence.count() > 0) {
            return {Errc::timeout, "silent for " + std::to_string(settings_.silence.count() / 1000) + " s"};
        }
    }
}

/// How long the next read may wait.
std::chrono::milliseconds ScannerDriver::limit(Phase phase, const Context& context) const {
    if (framer_.halfway() || phase == Phase::joining) return settings_.gap;
    if (phase == Phase::on_trial) return context.trial;
    return settings_.silence.count() > 0 ? settings_.silence : idle;
}

ScannerDriver::Phase ScannerDriver::stands(Context& context) {
    context.alive(Sign::link);
    return Phase::stands;
}

bool ScannerDriver::took_bytes(std::string_view bytes, Phase& phase, Context& context) {
    heard_ = context.clock.now().boot;
    context.counters.add("bytes", bytes.size());
    context.alive(Sign::link);
    for (const auto& frame : framer_.feed(bytes)) {
        if (!took(frame, heard_, context)) return false;
        if (frame) phase = Phase::stands;
    }
    return true;
}

/// False when stop was requested before there was room for the reading.
bool ScannerDriver::took(const codec::ScanFrame& frame, BootTime at, Context& context) {
    if (!frame) return took_refused(frame.error(), at, context);
    context.alive(Sign::data);
    if (std::find(settings_.ignored.begin(), settings_.ignored.end(), *frame) != settings_.ignored.end()) {
        context.counters.add("ignored");
        return true;
    }
    context.counters.add("telegrams");
    reading::CodesRead said{settings_.id, at, {}, {}};
    if (auto telegram = codec::decode_scan(*frame, settings_.format)) {
        said.sequence = telegram->sequence;
        for (auto& code : telegram->codes) said.codes.push_back({std::move(code.text), std::move(code.aim)});
        for (const auto reason : telegram->refused) refuse(reason, context);
        context.counters.add("codes", said.codes.size());
        if (said.codes.empty()) context.counters.add(telegram->refused.empty() ? "no-reads" : "unreadable");
    } else {
        refuse(telegram.error(), context);
        context.counters.add("unreadable");
    }
    return context.sink.post(std::move(said), context.stop);
}

/// The same of a telegram that cannot be used, and of bytes that form none.
bool ScannerDriver::took_refused(codec::ScanRefusal reason, BootTime at, Context& context) {
    refuse(reason, context);
    if (!codec::ended(reason)) return true;
    context.counters.add("unreadable");
    return context.sink.post(reading::CodesRead{settings_.id, at, {}, {}}, context.stop);
}

void ScannerDriver::refuse(codec::ScanRefusal reason, Context& context) {
    context.counters.add("refused-" + std::string(codec::name(reason)));
}

}  // namespace hefang::driver
