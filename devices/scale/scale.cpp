#include "scale/scale.hpp"

#include "base/text.hpp"

#include <algorithm>
#include <array>
#include <utility>

namespace hefang::driver {
namespace {

using Ms = std::chrono::milliseconds;
using reading::WeightQuality;

constexpr Ms patience{15'000};    // longer than any back-off: a listening device waits for nothing
constexpr Ms write_limit{1'000};  // a question is a few bytes

std::string_view counter_of(WeightQuality quality) {
    switch (quality) {
        case WeightQuality::stable: return "stable";
        case WeightQuality::unstable: return "unstable";
        case WeightQuality::overload: return "overload";
        case WeightQuality::wrong_tare: return "wrong-tare";
    }
    return "unstable";
}

std::string_view name_of(codec::MassUnit unit) {
    switch (unit) {
        case codec::MassUnit::gram: return "g";
        case codec::MassUnit::kilogram: return "kg";
        case codec::MassUnit::tonne: return "t";
    }
    return "kg";
}

reading::WeightRecord record_of(const codec::Indication& shown, const std::string& raw) {
    reading::WeightRecord record;
    record.unit = name_of(shown.unit);
    record.net = shown.net;
    record.tare = shown.tare;
    record.preset_tare = shown.preset;
    record.raw = to_hex(std::string_view(raw).substr(0, reading::longest_raw_frame));
    return record;
}

std::string bytes_of(ScaleProtocol::Bytes bytes, const ScaleSettings& settings) {
    return bytes != nullptr ? bytes(settings) : std::string();
}

}  // namespace

ScaleDriver::ScaleDriver(ScaleSettings settings, std::unique_ptr<link::Endpoint> endpoint)
    : settings_(std::move(settings)),
      endpoint_(std::move(endpoint)),
      parser_(settings_.protocol->parser(settings_)),
      question_(bytes_of(settings_.protocol->ask, settings_)),
      keep_order_(bytes_of(settings_.protocol->keep, settings_)),
      asking_(settings_.ask),
      stability_(settings_.rule) {}

Error ScaleDriver::live(Context& context) {
    auto link = endpoint_->open(patience, context.stop);
    if (!link) return link.error();
    parser_->drop();
    Life life{context, **link, context.clock.now().boot};
    auto end = converse(life);
    if (keeping_) not_kept(life);  // the load would never be said again
    return end;
}

Error ScaleDriver::converse(Life& life) {
    auto& context = life.context;
    asking_.begin(life.valid);
    if (const auto sent = send(life, bytes_of(settings_.protocol->start, settings_)); !sent) return sent.error();
    std::array<char, 1024> buffer{};
    for (;;) {
        if (const auto sent = ask(life); !sent) return sent.error();
        auto until = life.valid + settings_.silence.count();
        if (!question_.empty()) until = std::min(until, asking_.next());
        const Ms left(std::max<std::int64_t>(until - context.clock.now().boot, 0));
        const auto n = life.link.read_some(buffer, left, context.stop);
        if (!n && n.error().code != Errc::timeout) return n.error();
        const auto at = context.clock.now().boot;
        if (n) hear(life, {buffer.data(), *n}, at);
        if (life.stopped) return {Errc::closed, "stop requested"};
        if (at - life.valid >= settings_.silence.count()) {
            return {Errc::timeout,
                    life.heard ? "no valid frame: check protocol, baud and parity" : "the scale is silent"};
        }
    }
}

Result<void> ScaleDriver::send(Life& life, const std::string& bytes) {
    if (bytes.empty()) return {};
    return life.link.write_all(bytes, write_limit, life.context.stop);
}

/// Gives up an answer that is overdue; asks when it is time.
Result<void> ScaleDriver::ask(Life& life) {
    if (question_.empty()) return {};
    const auto now = life.context.clock.now().boot;
    if (asking_.given_up(now)) {
        life.context.counters.add("no-answer");
        parser_->drop();
        stability_.distrust();
        if (std::exchange(order_in_flight_, false) && keeping_ && keeping_->orders >= most_keep_orders) not_kept(life);
    }
    if (!asking_.due(now)) return {};
    parser_->drop();
    order_in_flight_ = keeping_.has_value();
    if (keeping_) ++keeping_->orders;
    asking_.asked(now);
    return send(life, keeping_ ? keep_order_ : question_);
}

void ScaleDriver::hear(Life& life, std::string_view bytes, BootTime at) {
    auto& counters = life.context.counters;
    life.heard = true;
    counters.add("bytes", bytes.size());
    const auto out = parser_->feed(bytes);
    for (const auto reason : out.refused) counters.add("refused-" + std::string(codec::name(reason)));
    counters.add("frames", out.weights.size());
    const bool busy = std::count(out.refused.begin(), out.refused.end(), codec::WeightRefusal::busy) != 0;
    // One that sends by itself though it is to be asked leaves no quiet to ask in: it is no use, and must not seem so.
    const bool expected = question_.empty() || asking_.in_flight();
    if (expected && (busy || !out.weights.empty())) {
        life.valid = at;
        life.heard = false;
        life.context.alive(Sign::data);
    }
    if (!question_.empty()) return hear_answer(life, out, at);
    for (std::size_t i = 0; i < out.weights.size() && !life.stopped; ++i) took(life, out.weights[i], out.raw[i], at);
}

void ScaleDriver::hear_answer(Life& life, const Out& out, BootTime at) {
    const auto said = out.weights.size() + out.refused.size();
    if (!asking_.in_flight()) {  // an end of a line may come behind its answer
        if (said > 0 || parser_->held() > 0) unasked(life, at);
        return;
    }
    if (said > 1) return unasked(life, at);  // nobody knows which of them is the answer
    if (said == 0) return;
    asking_.answered(at);
    const bool ordered = std::exchange(order_in_flight_, false);
    if (ordered && keeping_ && (out.weights.empty() || out.weights[0].alibi.empty())) {
        if (keeping_->orders >= most_keep_orders) not_kept(life);
    } else if (ordered) {
        took_record(life, out.weights[0], out.raw[0]);
    } else if (!out.weights.empty() && out.weights[0].alibi.empty()) {
        took(life, out.weights[0], out.raw[0], at);
    }
}

/// What came before may have been the answer to an earlier question as well.
void ScaleDriver::unasked(Life& life, BootTime at) {
    life.context.counters.add("refused-unasked");
    asking_.disturbed(at);
    order_in_flight_ = false;
    parser_->drop();
    stability_.distrust();
    if (keeping_ && keeping_->orders >= most_keep_orders) not_kept(life);
}

Grams ScaleDriver::interval_of(const codec::Indication& shown) const {
    return settings_.interval.value_or(shown.digit);
}

// Too far below zero is an empty scale; over capacity is not.

void ScaleDriver::took(Life& life, const codec::Indication& shown, const std::string& raw, BootTime at) {
    if (shown.rest == codec::Rest::not_zeroed) return life.context.counters.add("not-zeroed");
    const auto interval = interval_of(shown);
    stability_.interval(interval, settings_.empty_below.value_or(Grams{interval.count * 10}));
    const bool over = shown.rest == codec::Rest::over;
    const auto said = stability_.feed({at, shown.grams, shown.rest == codec::Rest::motion, over});
    if (!said) return;
    switch (said->settled) {
        case codec::Settled::stable: return settled(life, *said, shown, raw);
        case codec::Settled::unstable: return say(life, *said, WeightQuality::unstable, {});
        case codec::Settled::overload: return say(life, *said, WeightQuality::overload, {});
    }
}

void ScaleDriver::settled(Life& life, const codec::Weighing& said, const codec::Indication& shown,
                          const std::string& raw) {
    if (shown.net != settings_.shows_net) return say(life, said, WeightQuality::wrong_tare, record_of(shown, raw));
    if (keep_order_.empty()) return say(life, said, WeightQuality::stable, record_of(shown, raw));
    keeping_ = Kept{said, shown};
}

/// The indicator's answer to the order to keep the weighing that settled: it counts when it is of that weighing.
void ScaleDriver::took_record(Life& life, const codec::Indication& record, const std::string& raw) {
    auto kept = *keeping_;
    const auto tare = record.tare.value_or(Grams{});
    const auto grams = settings_.shows_net ? record.grams - tare : record.grams;
    const bool same = abs(grams - kept.weighing.grams) <= interval_of(kept.indication);
    if (record.alibi == codec::not_kept || record.rest != codec::Rest::stable || !same) {
        if (kept.orders >= most_keep_orders) not_kept(life);
        return;
    }
    keeping_.reset();
    kept.weighing.grams = grams;
    auto written = record_of(record, raw);
    written.net = settings_.shows_net;
    written.alibi = record.alibi;
    written.copy = true;
    say(life, kept.weighing, WeightQuality::stable, std::move(written));
}

/// A weighing that ought to be on the indicator's record and is not counts for nothing.
void ScaleDriver::not_kept(Life& life) {
    life.context.counters.add("not-kept");
    const auto said = std::exchange(keeping_, std::nullopt)->weighing;
    say(life, said, WeightQuality::unstable, {});
}

void ScaleDriver::say(Life& life, const codec::Weighing& said, WeightQuality quality, reading::WeightRecord record) {
    life.context.counters.add(counter_of(quality));
    const bool posted = life.context.sink.post(
        reading::WeightRead{settings_.id, said.at, said.grams, quality, std::move(record)}, life.context.stop);
    if (!posted) life.stopped = true;
}

}  // namespace hefang::driver
