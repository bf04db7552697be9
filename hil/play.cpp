#include "hil/play.hpp"

#include <algorithm>

namespace hefang::hil {
namespace {

constexpr Ms step_limit{30'000};
constexpr std::size_t memory_every = 50;  // parcels

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
        if (const auto looked = stand_.look(); !looked && looked.error().code == Errc::corrupt)
            trouble = tl::unexpected(looked.error());
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
    if (passed_.size() % memory_every == 0) resident_.push_back(stand_.resident_kib());
    // A pulled cable sends nothing, and that is then the story's point.
    (void)line.scan(step.parcel.codes, p.slot);
    if (line.xray) line.xray->pass(p.slot, *manner_named(step.parcel.xray));
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
    (void)stand_.stop().wait_for(
        Ms(400));  // the plate must be seen empty before the next parcel; nothing tells when it was
    return done;
}

Player::Memory Player::memory() const {
    if (resident_.empty()) return {};
    const auto settled = resident_.begin() + static_cast<std::ptrdiff_t>(resident_.size() / 10);
    const auto mib = [](long kib) { return static_cast<double>(kib) / 1024; };
    const auto largest = *std::max_element(settled, resident_.end());
    return {mib(largest), mib(largest - *settled)};
}

}  // namespace hefang::hil
