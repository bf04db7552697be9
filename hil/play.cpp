#include "hil/play.hpp"

#include <algorithm>

namespace hefang::hil {
namespace {

constexpr Ms step_limit{30'000};

std::size_t count_of(const JournalView& journal, const char* type) {
    const auto at = journal.types().find(std::string("hefang.") + type + ".v1");
    return at == journal.types().end() ? 0 : at->second;
}

}  // namespace

bool Player::decided(const Passed& p) const {
    return !stand_.journal.of_slot(stand_.lines[p.line]->spec.id, p.slot).empty();
}

bool Player::ended(const Passed& p) const {
    const auto all = stand_.journal.of_slot(stand_.lines[p.line]->spec.id, p.slot);
    return !all.empty() && stand_.journal.end_of(all.back()->passage) != nullptr;
}

Result<void> Player::await(const std::string& what, Ms limit, const std::function<bool()>& condition) {
    Result<void> trouble;
    const auto held = [&] {
        if (const auto looked = stand_.look(); !looked && looked.error().code == Errc::corrupt) trouble = tl::unexpected(looked.error());
        return !trouble || condition();
    };
    if (!eventually(stand_.stop(), limit, held)) return fail(Errc::timeout, "waited in vain for: " + what);
    return trouble;
}

Result<void> Player::play() {
    due_.assign(stand_.lines.size(), std::chrono::steady_clock::now());
    for (std::size_t i = 0; i < due_.size(); ++i)
        due_[i] += Ms(story_.interval_ms * static_cast<std::int64_t>(i) / static_cast<std::int64_t>(due_.size()));
    for (const auto& step : story_.steps) {
        if (stand_.stop().requested()) return fail(Errc::closed, "stopped");
        if (auto done = take(step); !done) return done;
    }
    return wait_for("ended");
}

Result<void> Player::take(const Step& step) {
    switch (step.what) {
        case Step::What::parcel: return feed(step);
        case Step::What::fault: return fault(step);
        case Step::What::wait: return wait_for(step.name);
        case Step::What::rest: (void)stand_.stop().wait_for(Ms(step.ms)); return {};
        case Step::What::receipt: break;
    }
    auto document = step.parcel.documents.front();
    document.receipts = {step.said};
    const auto name = stand_.drop(stand_.writer.receipts({document}), "CEB622");
    if (!name) return tl::unexpected(name.error());
    return await("the taking of " + *name, step_limit, [&] { return stand_.journal.took_file(*name); });
}

void Player::keep_pace(std::size_t line) {
    auto& due = due_[line];
    const auto now = std::chrono::steady_clock::now();
    if (due > now) (void)stand_.stop().wait_for(std::chrono::ceil<Ms>(due - now));
    due += Ms(story_.interval_ms);
}

Result<void> Player::feed(const Step& step) {
    auto& line = *stand_.lines[step.line];
    if (story_.interval_ms > 0) keep_pace(step.line);
    Passed p{step.line, 0, line.sorter->status().accepted_session, step.parcel, step.truth};
    p.slot = line.induct();
    passed_.push_back(p);
    // A pulled cable sends nothing, and that is then the story's point.
    (void)line.scan(step.parcel.codes, p.slot);
    return line.scale ? weigh(line, step.parcel) : Result<void>();
}

Result<void> Player::weigh(Line& line, const Parcel& parcel) {
    switch (parcel.on_scale) {
        case OnScale::nothing: break;
        case OnScale::settles: line.scale->put(Grams{parcel.grams}); break;
        case OnScale::restless:
            for (int i = 1; i <= 3; ++i) {
                line.scale->put(Grams{parcel.grams + 300 * i});
                (void)stand_.stop().wait_for(Ms(90));  // shorter than any window of rest: it shall not settle
            }
            line.scale->clear();
    }
    const auto last = passed_.back();
    auto done = await("the decision of item " + std::to_string(last.slot), step_limit, [&] { return decided(last); });
    line.scale->clear();
    (void)stand_.stop().wait_for(Ms(400));  // the plate must be seen empty before the next parcel; nothing tells when it was
    return done;
}

Result<void> Player::fault(const Step& step) {
    auto& line = *stand_.lines[step.line];
    const auto& f = step.name;
    if (f == "plc-restart") return line.sorter->restart(), ++losses_, Result<void>();
    if (f == "scanner-unplug") return line.scanner->unplug(), ++losses_, Result<void>();
    if (f == "scanner-plug") return line.scanner->plug();
    if (f == "skip-number") {  // an item that the PLC never told of
        line.last_sequence = codec::sorter::next_sequence(line.last_sequence);
        return {};
    }
    if (f == "miss-divert") return line.sorter->miss_diverts(1), Result<void>();
    if (f == "gateway-kill") return stand_.kill_gateway(), Result<void>();
    if (f == "gateway-start") {
        if (auto done = stand_.start_gateway(); !done) return done;
        return stand_.await_devices();
    }
    if (f == "broker-stop") return stand_.stop_broker(), Result<void>();
    if (f == "broker-start") return stand_.start_broker();
    return fail(Errc::refused, "no fault is named '" + f + "'");
}

Result<void> Player::wait_for(const std::string& what) {
    const auto& j = stand_.journal;
    if (what == "decided")
        return await("every decision", step_limit, [&] {
            return std::all_of(passed_.begin(), passed_.end(), [&](const Passed& p) { return decided(p); });
        });
    if (what == "ended")
        return await("the end of every passage", step_limit, [&] {
            return std::all_of(passed_.begin(), passed_.end(), [&](const Passed& p) { return ended(p); });
        });
    if (what == "lost")
        return await("the loss of a device", step_limit, [&] { return count_of(j, "device.lost") >= losses_; });
    if (what == "devices") {
        const auto back = await("all devices back", step_limit, [&] {
            return count_of(j, "device.lost") >= losses_ && count_of(j, "device.restored") == count_of(j, "device.lost");
        });
        return back ? stand_.await_devices() : back;
    }
    if (what == "synced") return stand_.await_synced(Ms(90'000));
    return fail(Errc::refused, "no wait is named '" + what + "'");
}

}  // namespace hefang::hil
