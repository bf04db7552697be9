#include "scanner/scanner.hpp"

#include <algorithm>
#include <array>
#include <utility>

namespace hefang::driver {
namespace {

using Ms = std::chrono::milliseconds;

constexpr Ms patience{15'000};  // longer than any back-off: a listening device waits for nothing
constexpr Ms idle{60'000};
constexpr Ms send_limit{1'000};
constexpr std::string_view ack = "\x06";

tl::unexpected<Error> stopped() { return fail(Errc::closed, "stop requested"); }

template <class Reason>
void refuse(Reason reason, Driver::Context& context) {
    context.counters.add("refused-" + std::string(codec::name(reason)));
}

}  // namespace

ScannerDriver::ScannerDriver(ScannerSettings settings, std::unique_ptr<link::Endpoint> endpoint)
    : settings_(std::move(settings)), endpoint_(std::move(endpoint)), framer_(settings_.framing) {
    if (settings_.trigger) trigger_.emplace(*settings_.trigger);
}

Error ScannerDriver::live(Context& context) {
    auto link = endpoint_->open(patience, context.stop);
    if (!link) return link.error();
    link_ = std::move(*link);
    begin(context);
    auto phase = settings_.joins_midway ? Phase::joining : Phase::on_trial;
    std::array<char, 4096> buffer{};
    for (;;) {
        if (phase == Phase::on_trial && context.trial.count() == 0) phase = stands(context);
        const bool looks = trigger_ && phase != Phase::joining;
        if (looks) {
            if (const auto done = pull_trigger(context); !done) return ended(done.error(), context);
        }
        auto until = wait_began_ + limit(phase, context).count();
        if (looks) until = std::min(until, trigger_->due());
        const Ms left(std::max<std::int64_t>(until - context.clock.now().boot, 0));
        const auto n = link_->read_some(buffer, left, context.stop);
        Result<void> done;
        if (n) {
            if (std::exchange(phase, std::max(phase, Phase::on_trial)) == Phase::joining) framer_.join_midway();
            done = took_bytes({buffer.data(), *n}, phase, context);
        } else if (n.error().code == Errc::timeout) {
            const bool over = context.clock.now().boot - wait_began_ >= limit(phase, context).count();
            if (over) done = wait_over(phase, context);
        } else {
            done = tl::unexpected(n.error());
        }
        if (!done) return ended(done.error(), context);
    }
}

/// A telegram that was halfway when the link ended, for whatever reason, is cut.
Error ScannerDriver::ended(Error why, Context& context) {
    link_.reset();
    if (!framer_.drop()) return why;
    const auto done = took_refused(codec::ScanRefusal::cut_short, heard_, context);
    return done ? why : done.error();
}

void ScannerDriver::begin(Context& context) {
    const auto now = context.clock.now().boot;
    wait_began_ = now;
    if (settings_.wedge) wedge_.emplace(*settings_.wedge);
    if (trigger_) trigger_->begin(now);
}

Result<void> ScannerDriver::pull_trigger(Context& context) {
    switch (trigger_->act(context.clock.now().boot)) {
        case TriggerCycle::Act::none: return {};
        case TriggerCycle::Act::on: return send(trigger_->settings().on, context);
        case TriggerCycle::Act::off: return send(trigger_->settings().off, context);
        case TriggerCycle::Act::broken: break;
    }
    return fail(Errc::timeout, "the reader answers no trigger: it must send a text when it read nothing");
}

/// How long the present wait may take.
Ms ScannerDriver::limit(Phase phase, const Context& context) const {
    if (framer_.halfway() || phase == Phase::joining) return settings_.gap;
    if (phase == Phase::on_trial) return context.trial;
    return settings_.silence.count() > 0 ? settings_.silence : idle;
}

ScannerDriver::Phase ScannerDriver::stands(Context& context) {
    context.alive(Sign::link);
    return Phase::stands;
}

/// Nothing came for as long as the wait may take.
Result<void> ScannerDriver::wait_over(Phase& phase, Context& context) {
    wait_began_ = context.clock.now().boot;
    if (wedge_) wedge_->silent();
    const auto frames = framer_.silent();
    for (const auto& frame : frames) {
        if (auto done = took(frame, heard_, context); !done) return done;
        if (frame) phase = Phase::stands;
    }
    if (!frames.empty()) return {};
    if (phase == Phase::joining) {
        phase = Phase::on_trial;
    } else if (phase == Phase::on_trial) {
        phase = stands(context);
    } else if (settings_.silence.count() > 0) {
        return fail(Errc::timeout, "silent for " + std::to_string(settings_.silence.count() / 1000) + " s");
    }
    return {};
}

Result<void> ScannerDriver::took_bytes(std::string_view bytes, Phase& phase, Context& context) {
    const auto now = context.clock.now().boot;
    if (wedge_ && now - heard_ > settings_.gap.count()) wedge_->silent();
    heard_ = wait_began_ = now;
    context.counters.add("bytes", bytes.size());
    context.alive(Sign::link);
    std::string typed;
    if (wedge_) {
        auto out = wedge_->feed(bytes);
        for (const auto reason : out.refused) refuse(reason, context);
        typed = std::move(out.text);
        bytes = typed;
    }
    for (const auto& frame : framer_.feed(bytes)) {
        if (auto done = took(frame, heard_, context); !done) return done;
        if (frame) phase = Phase::stands;
    }
    return {};
}

Result<void> ScannerDriver::took(const codec::ScanFrame& frame, BootTime at, Context& context) {
    if (!frame) return took_refused(frame.error(), at, context);
    context.alive(Sign::data);
    if (says_nothing(*frame, at, context)) return {};
    context.counters.add("telegrams");
    auto done = settings_.dws ? took_dws(*frame, at, context) : took_telegram(*frame, at, context);
    if (done && settings_.acknowledge) return send(ack, context);
    return done;
}

/// Heartbeats and answers to commands.
bool ScannerDriver::says_nothing(std::string_view telegram, BootTime at, Context& context) {
    if (std::find(settings_.ignored.begin(), settings_.ignored.end(), telegram) != settings_.ignored.end()) {
        context.counters.add("ignored");
        return true;
    }
    const auto answer = codec::answer_of(telegram, settings_.profile);
    if (answer == codec::Answer::none) return false;
    const bool taken = answer == codec::Answer::taken;
    context.counters.add(taken ? "command-answers" : "commands-refused");
    if (trigger_) trigger_->obeyed(taken, at);
    return true;
}

Result<void> ScannerDriver::took_telegram(std::string_view telegram, BootTime at, Context& context) {
    auto decoded = codec::decode_scan(telegram, settings_.format);
    if (trigger_) trigger_->answered(at);
    if (!decoded) {
        refuse(decoded.error(), context);
        context.counters.add("unreadable");
        return post(reading::CodesRead{settings_.id, at, {}, {}}, context);
    }
    if (trigger_ && decoded->codes.empty() && decoded->refused.empty())
        return context.counters.add("empty-looks"), Result<void>();
    return post(read_of(std::move(*decoded), at, context), context);
}

reading::CodesRead ScannerDriver::read_of(codec::ScanTelegram&& telegram, BootTime at, Context& context) const {
    reading::CodesRead said{settings_.id, at, telegram.sequence, {}};
    for (auto& code : telegram.codes) said.codes.push_back({std::move(code.text), std::move(code.aim)});
    for (const auto reason : telegram.refused) refuse(reason, context);
    context.counters.add("codes", said.codes.size());
    if (said.codes.empty()) context.counters.add(telegram.refused.empty() ? "no-reads" : "unreadable");
    return said;
}

/// The codes first: where no sorter counts the parcels they open the place that the weight then joins.
Result<void> ScannerDriver::took_dws(std::string_view telegram, BootTime at, Context& context) {
    auto said = codec::decode_dws(telegram, *settings_.dws);
    if (!said) {
        refuse(said.error(), context);
        context.counters.add("unreadable");
        return post(reading::CodesRead{settings_.id, at, {}, {}}, context);
    }
    for (const auto reason : said->refused) refuse(reason, context);
    if (auto done = post(read_of(std::move(said->codes), at, context), context); !done) return done;
    if (said->size) context.counters.add("sizes");
    if (!said->weight) return {};
    context.counters.add("weights");
    return post(reading::WeightRead{settings_.id, at, *said->weight}, context);
}

/// The same of a telegram that cannot be used, and of bytes that form none.
Result<void> ScannerDriver::took_refused(codec::ScanRefusal reason, BootTime at, Context& context) {
    refuse(reason, context);
    if (!codec::ended(reason)) return {};
    context.counters.add("unreadable");
    return post(reading::CodesRead{settings_.id, at, {}, {}}, context);
}

Result<void> ScannerDriver::send(std::string_view bytes, const Context& context) {
    return link_->write_all(bytes, send_limit, context.stop);
}

/// Fails when stop was requested before there was room for the reading.
Result<void> ScannerDriver::post(reading::Reading&& reading, Context& context) {
    if (!context.sink.post(std::move(reading), context.stop)) return stopped();
    return {};
}

}  // namespace hefang::driver
