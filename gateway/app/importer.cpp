#include "app/importer.hpp"

#include <algorithm>
#include <tuple>

#include "base/log.hpp"

namespace hefang::app {
namespace {

constexpr int look_again_ms = 500;

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
    : inbox_(std::move(inbox)), inlet_(mailbox.inlet(import_inlet)), clock_(clock) {}

Importer::~Importer() { stop(); }

void Importer::start() { thread_ = std::thread([this] { run(); }); }

void Importer::stop() {
    stop_.request();
    if (thread_.joinable()) thread_.join();
}

void Importer::run() {
    while (!stop_.requested()) {
        watch_sign_of_life();
        take_ready();
        expire_daily();
        if (!stop_.requested()) (void)inbox_->wait(stop_.fd(), look_again_ms);
    }
}

void Importer::watch_sign_of_life() {
    const auto alive = inbox_->alive_at();
    if (!alive || alive->ms == alive_ms_) return;
    const bool first = alive_ms_ == 0;  // what was there before the start says nothing of now
    alive_ms_ = alive->ms;
    if (!first) (void)inlet_.post(InboxAlive{});
}

void Importer::take_ready() {
    const auto names = inbox_->ready();
    if (!names) {
        counters_.add("inbox-unreadable");
        return;
    }
    waiting_ = static_cast<std::int64_t>(names->size());
    for (const auto& name : *names) {
        if (stop_.requested()) return;
        take_file(name);
        --waiting_;
    }
}

/// The judged file, or one that only tells why it was refused; null when it cannot be read now.
std::shared_ptr<PendingImport> Importer::judge(const std::string& name) {
    auto judged = inbox_->judge(name);
    if (judged) {
        sort_by_key(*judged);
        return std::make_shared<PendingImport>(name, std::move(*judged));
    }
    const auto identity = judged.error().code == Errc::refused ? inbox_->identity(name) : tl::unexpected(judged.error());
    if (!identity) {
        counters_.add("files-unreadable-now");
        log(LogLevel::warn, "inbox", name + " cannot be read now: " + identity.error().detail);
        return nullptr;
    }
    customs::Judged nothing;
    nothing.sha256 = identity->sha256;
    nothing.bytes = identity->bytes;
    return std::make_shared<PendingImport>(name, std::move(nothing), judged.error().detail);
}

void Importer::take_file(const std::string& name) {
    const auto file = judge(name);
    if (!file || !hand_over(file)) return;
    if (file->end() == PendingImport::End::put_off) {
        counters_.add("files-put-off");
        return;
    }
    counters_.add("files-taken");
    const auto filed = file->refusal().empty() ? inbox_->finish(name, file->judged())
                                               : inbox_->refuse(name, Error{Errc::refused, file->refusal()});
    if (!filed) {
        counters_.add("files-not-filed");
        log(LogLevel::error, "inbox", name + " was taken but not filed away: " + filed.error().detail);
    }
}

void Importer::expire_daily() {
    const Now now = clock_.now();
    if (expired_at_ && now.boot - *expired_at_ < 24 * 3'600'000) return;
    expired_at_ = now.boot;
    if (!inbox_->expire(now.wall)) counters_.add("not-expired");
}

bool Importer::hand_over(const std::shared_ptr<PendingImport>& file) {
    Message message(FileJudged{file});
    while (!inlet_.post(std::move(message))) {
        if (stop_.requested()) return false;
        (void)inlet_.wait_for_room(std::chrono::milliseconds(100));
    }
    while (!file->wait(std::chrono::milliseconds(100)))
        if (stop_.requested()) return false;
    return true;
}

}  // namespace hefang::app
