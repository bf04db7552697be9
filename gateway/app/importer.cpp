#include "app/importer.hpp"

#include "base/log.hpp"

#include <algorithm>
#include <tuple>
#include <utility>

namespace hefang::app {
namespace {

constexpr int look_again_ms = 500;
// The register had no room: that does not change within a moment.
constexpr Importer::Wait no_room{60'000, 60'000};
constexpr Importer::Wait unreadable{500, 60'000};
constexpr Importer::Wait not_filed{1'000, 300'000};

/// Rows go in by key, so that neighbours in the file of the register are written together.
void sort_by_key(customs::Judged& judged) {
    std::stable_sort(judged.declarations.begin(), judged.declarations.end(),
                     [](const auto& a, const auto& b) { return a.waybill < b.waybill; });
    std::stable_sort(judged.receipts.begin(), judged.receipts.end(), [](const auto& a, const auto& b) {
        return std::tie(a.keys.agent_code, a.keys.cop_no) < std::tie(b.keys.agent_code, b.keys.cop_no);
    });
}

}  // namespace

Importer::Importer(std::unique_ptr<customs::Inbox> inbox, CoreMailbox& mailbox, const Clock& clock)
    : inbox_(std::move(inbox)), inlet_(mailbox.inlet(import_inlet)), clock_(clock), alive_(inbox_->alive_at()) {}

Importer::~Importer() { stop(); }

void Importer::start() {
    thread_ = std::thread([this] { run(); });
}

void Importer::stop() {
    stop_.request();
    if (thread_.joinable()) thread_.join();
}

void Importer::run() {
    while (!stop_.requested()) {
        look();
        if (!stop_.requested()) (void)inbox_->wait(stop_.fd(), look_again_ms);
    }
}

void Importer::look() {
    watch_sign_of_life();
    take_ready();
    expire_daily();
}

/// What was there before the start says nothing of now. A touch that finds no room in the mailbox is told later, with
/// the time when it was noticed; called wherever this thread waits, so that it is noticed soon.
void Importer::watch_sign_of_life() {
    if (const auto alive = inbox_->alive_at(); alive && alive != alive_) {
        alive_ = alive;
        untold_ = clock_.now().boot;
    }
    if (untold_ && inlet_.post(InboxAlive{*untold_})) untold_.reset();
}

void Importer::take_ready() {
    const auto names = inbox_->ready();
    const auto found = clock_.now().boot;
    if (!names) {
        counters_.add("inbox-unreadable");
        return;
    }
    std::erase_if(later_, [&](const auto& l) { return !inbox_->stamp(l.first); });
    waiting_ = static_cast<std::int64_t>(names->size());
    for (const auto& name : *names) {
        if (stop_.requested()) return;
        if (is_due(name)) take_file(name, found);
        watch_sign_of_life();
    }
    settle();
}

bool Importer::is_due(const std::string& name) const {
    const auto later = later_.find(name);
    return later == later_.end() || clock_.now().boot >= later->second.due ||
           inbox_->stamp(name) != later->second.stamp;
}

void Importer::put_off(const std::string& name, BootTime found, const customs::Stamp& stamp, const Wait& wait,
                       std::string committed) {
    auto& later = later_[name];
    const bool again = later.stamp == stamp && later.committed == committed;
    const auto wait_ms = again ? std::clamp(2 * later.wait_ms, wait.first_ms, wait.most_ms) : wait.first_ms;
    later = {found, stamp, std::move(committed), wait_ms, clock_.now().boot + wait_ms};
}

void Importer::take_file(const std::string& name, BootTime found) {
    const auto later = later_.find(name);
    auto committed = later == later_.end() ? std::string() : later->second.committed;
    if (later != later_.end() && inbox_->stamp(name) == later->second.stamp) found = later->second.found;
    auto file = inbox_->judge(name);
    if (!file) {
        counters_.add("files-unreadable-now");
        put_off(name, found, inbox_->stamp(name).value_or(customs::Stamp{}), unreadable, std::move(committed));
        log(LogLevel::warn, "inbox", name + " cannot be read now: " + file.error().detail);
        return;
    }
    sort_by_key(file->judged);
    const auto pending = std::make_shared<PendingImport>(name, std::move(file->judged), std::move(file->refusal));
    pending->found = found;
    settle();
    if (committed == file->identity.sha256) return file_away(*pending, file->identity);
    hand_over(pending, file->identity);
}

void Importer::hand_over(std::shared_ptr<PendingImport> file, const customs::Identity& identity) {
    Message message(FileJudged{file});
    while (!inlet_.post(std::move(message))) {
        if (stop_.requested()) return;
        watch_sign_of_life();
        (void)inlet_.wait_for_room(std::chrono::milliseconds(100));
    }
    under_way_ = UnderWay{std::move(file), identity};
}

/// Waits until the core has finished with what is under way, and files it away. On a stop request it stays in the
/// inbox.
void Importer::settle() {
    if (!under_way_) return;
    const UnderWay done = *std::exchange(under_way_, std::nullopt);
    while (!done.file->wait(std::chrono::milliseconds(100))) {
        if (stop_.requested()) return;
        watch_sign_of_life();
    }
    if (done.file->end() == PendingImport::End::put_off) {
        counters_.add("files-put-off");
        return put_off(done.file->name(), done.file->found, done.identity.stamp, no_room, {});
    }
    counters_.add("files-taken");
    file_away(*done.file, done.identity);
}

void Importer::file_away(const PendingImport& file, const customs::Identity& identity) {
    const auto& name = file.name();
    const auto filed = file.refusal().empty() ? inbox_->finish(name, identity, file.judged())
                                              : inbox_->refuse(name, identity, file.refusal());
    if (filed) {
        later_.erase(name);
        --waiting_;
        return;
    }
    counters_.add("files-not-filed");
    put_off(name, file.found, identity.stamp, not_filed, identity.sha256);
    log(LogLevel::error, "inbox", name + " was taken but not filed away: " + filed.error().detail);
}

void Importer::expire_daily() {
    const Now now = clock_.now();
    // A clock that nobody set may be years ahead.
    if (now.clock == ClockState::unsynced) return;
    if (expired_at_ && now.boot - *expired_at_ < 24 * 3'600'000) return;
    expired_at_ = now.boot;
    if (!inbox_->expire(now.wall)) counters_.add("not-expired");
}

}  // namespace hefang::app
