#include "hil/scale_sim.hpp"

#include "hil/scale_dialects.hpp"

#include <algorithm>
#include <condition_variable>
#include <stdexcept>
#include <utility>

namespace hefang::hil {
namespace {

constexpr std::size_t longest_question = 64;

const ScaleDialect& dialect_of(const std::string& protocol) {
    for (const auto& row : scale_dialects())
        if (row.protocol == protocol) return row;
    throw std::invalid_argument("no scale speaks '" + protocol + "'");
}

Grams rounded(Grams grams, Grams step) {
    const auto half = grams.count < 0 ? -(step.count / 2) : step.count / 2;
    return Grams{(grams.count + half) / step.count * step.count};
}

}  // namespace

std::vector<std::string> scale_protocols() {
    std::vector<std::string> names;
    for (const auto& row : scale_dialects()) names.emplace_back(row.protocol);
    return names;
}

ScaleSim::ScaleSim(std::unique_ptr<Wire> wire, const ScaleSimSettings& settings)
    : wire_(std::move(wire)), settings_(settings), dialect_(dialect_of(settings.protocol)), random_(settings.seed) {}

void ScaleSim::put(Grams load) {
    const std::lock_guard lock(mutex_);
    from_ = load_;
    load_ = load;
    ramp_left_ = settings_.ramp_frames;
}

void ScaleSim::tare(Grams tare, bool preset) {
    const std::lock_guard lock(mutex_);
    tare_ = tare;
    preset_ = preset;
}

/// The display now; steps the ramp.
ScaleDisplay ScaleSim::next_display() {
    Grams shown = load_;
    const bool motion = ramp_left_ > 0;
    if (motion) {
        const auto total = static_cast<std::int64_t>(settings_.ramp_frames);
        const auto done = total - static_cast<std::int64_t>(ramp_left_);
        --ramp_left_;
        shown = from_ + Grams{(load_ - from_).count * done / total};
        const auto wobble = static_cast<std::int64_t>(random_() % 7) - 3;
        if (load_.count != 0) shown = shown + Grams{wobble * settings_.step.count};
    }
    shown = rounded(shown, settings_.step);
    return {shown - tare_, tare_, preset_, motion, shown > settings_.capacity};
}

Result<void> ScaleSim::tick() {
    const std::lock_guard lock(mutex_);
    if (!dialect_.questions.empty()) {
        if (auto done = answer(); !done || !streams_) return done;
    }
    return send_frame(next_display());
}

/// Answers every question that has come.
Result<void> ScaleSim::answer() {
    heard_ += wire_->received();
    for (;;) {
        const Question* next = nullptr;
        auto at = std::string::npos;
        for (const auto& question : dialect_.questions) {
            const auto found = heard_.find(question.bytes);
            if (found < at) next = &question, at = found;
        }
        if (next == nullptr) break;
        heard_.erase(0, at + next->bytes.size());
        streams_ = next->asks == Asks::stream;
        if (streams_) continue;
        const auto shown = next_display();
        const bool good = !shown.motion && !shown.over && shown.grams + shown.tare >= Grams{0};
        const auto done = next->asks == Asks::record ? send(scale_record(shown, settings_, good ? ++records_ : 0))
                                                     : send_frame(shown);
        if (!done) return done;
    }
    const char end = dialect_.questions.front().bytes.back();
    if (heard_.empty() || (heard_.back() != end && heard_.size() <= longest_question)) return {};
    heard_.clear();
    return dialect_.not_understood.empty() ? Result<void>{} : send(std::string(dialect_.not_understood));
}

Result<void> ScaleSim::send_frame(const ScaleDisplay& shown) {
    auto frame = dialect_.frame(shown, settings_);
    if (silent_) return {};
    if (wrong_ > 0) {
        --wrong_;
        auto& broken = frame[frame.size() - dialect_.broken(settings_)];
        broken = static_cast<char>(broken ^ 1);
    }
    if (late_ > 0) {
        --late_;
        held_back_ += frame;
        return {};
    }
    return send(std::exchange(held_back_, {}) + frame);
}

Result<void> ScaleSim::send(const std::string& bytes) {
    if (silent_) return {};
    const auto piece = piece_ > 0 ? piece_ : bytes.size();
    for (std::size_t i = 0; i < bytes.size(); i += piece) {
        if (i > 0) std::this_thread::sleep_for(pause_);
        if (auto done = wire_->send(std::string_view(bytes).substr(i, piece)); !done) return done;
    }
    return {};
}

void ScaleSim::run() {
    if (thread_.joinable()) return;
    thread_ = std::jthread([this](const std::stop_token& stop) {
        std::mutex mutex;
        std::condition_variable_any rest;
        std::unique_lock lock(mutex);
        auto next = std::chrono::steady_clock::now();
        while (!stop.stop_requested()) {
            (void)tick();  // nobody connected: a real indicator does not mind either
            next += settings_.period;
            rest.wait_until(lock, stop, next, [] { return false; });
        }
    });
}

void ScaleSim::stop() {
    if (!thread_.joinable()) return;
    thread_.request_stop();
    thread_.join();
}

void ScaleSim::wrong_checksum(unsigned frames) {
    const std::lock_guard lock(mutex_);
    wrong_ = frames;
}

void ScaleSim::silence(bool on) {
    const std::lock_guard lock(mutex_);
    silent_ = on;
}

void ScaleSim::split(std::size_t bytes, std::chrono::milliseconds pause) {
    const std::lock_guard lock(mutex_);
    piece_ = bytes;
    pause_ = pause;
}

void ScaleSim::late(unsigned answers) {
    const std::lock_guard lock(mutex_);
    late_ = answers;
}

Result<void> ScaleSim::noise(std::size_t bytes) {
    const std::lock_guard lock(mutex_);
    std::string junk;
    while (junk.size() < bytes) junk += static_cast<char>(random_());
    return wire_->send(junk);
}

void ScaleSim::unplug() {
    const std::lock_guard lock(mutex_);
    wire_->unplug();
}

Result<void> ScaleSim::plug() {
    const std::lock_guard lock(mutex_);
    return wire_->plug();
}

}  // namespace hefang::hil
