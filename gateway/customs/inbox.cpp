#include "customs/inbox.hpp"

#include "base/log.hpp"
#include "base/text.hpp"
#include "customs/kept_name.hpp"
#include "customs/leaving.hpp"
#include "customs/limits.hpp"
#include "customs/redact.hpp"
#include "digest/sha256.hpp"

#include <sys/stat.h>

#include <algorithm>
#include <cstdio>

#include <fcntl.h>

namespace hefang::customs {
namespace {

constexpr const char* as_it_came = "kept: as it came, for 30 days\n";
constexpr const char* redacted = "kept: without the text of personal elements\n";
constexpr const char* known_only = "kept: with the text of known, not personal elements only\n";
constexpr const char* expired = "kept: no longer, the 30 days are over\n";

Result<Folder> private_folder(const Folder& inbox, const std::string& name) {
    auto folder = inbox.below(name);
    if (!folder) return folder;
    if (::fchmod(folder->fd(), 0700) != 0) return tl::unexpected(system_error("cannot make private", folder->path()));
    Draft::discard(*folder);
    return folder;
}

Sink into(Draft& draft) {
    return [&draft](std::string_view bytes) { return draft.write(bytes); };
}

/// Keeps the draft under the first fitting name, unless it is there already.
Result<std::string> settle(const Folder& folder, Draft& draft, Result<std::string> name) {
    if (!name || folder.has(*name)) return name;
    if (auto kept = draft.keep_as(*name); !kept) return tl::unexpected(kept.error());
    return name;
}

bool free_or_holding(const Folder& folder, const std::string& name, const std::string& content) {
    return !folder.has(name) || folder.holds(name, content);
}

}  // namespace

Result<std::unique_ptr<Inbox>> Inbox::open(const std::string& folder, const Clock& clock) {
    auto inbox = Folder::open(folder);
    if (!inbox) return tl::unexpected(inbox.error());
    if (auto back = give_back_all(*inbox); !back) log(LogLevel::error, "inbox", back.error().detail);
    auto done = private_folder(*inbox, "done");
    if (!done) return tl::unexpected(done.error());
    auto refused = private_folder(*inbox, "refused");
    if (!refused) return tl::unexpected(refused.error());
    return std::unique_ptr<Inbox>(new Inbox(*std::move(inbox), *std::move(done), *std::move(refused), clock));
}

Inbox::Inbox(Folder inbox, Folder done, Folder refused, const Clock& clock)
    : inbox_(std::move(inbox)),
      done_(std::move(done)),
      refused_(std::move(refused)),
      arrivals_(inbox_, clock, counters_) {}

Result<std::vector<std::string>> Inbox::ready() {
    auto found = arrivals_.ready();
    if (!found) return tl::unexpected(found.error());
    rename_hostile(found->hostile);
    return std::move(found->names);
}

void Inbox::rename_hostile(const std::vector<std::string>& names) {
    std::set<std::string> stuck;
    for (const auto& name : names) {
        const auto ours = "hostile-name-" + hex(sha256(name)).substr(0, 16);
        const auto said = printable(name, 800);
        if (::renameat2(inbox_.fd(), name.c_str(), inbox_.fd(), ours.c_str(), RENAME_NOREPLACE) == 0) {
            counters_.add("names-refused");
            log(LogLevel::warn, "inbox", "a file's name was " + said + "; it is taken as " + ours);
            continue;
        }
        const auto fault = system_error("cannot rename", name);
        if (!stuck_.contains(name)) {
            counters_.add("names-stuck");
            log(LogLevel::error, "inbox", fault.detail + "; the file stays and is not read");
        }
        stuck.insert(name);
    }
    stuck_ = std::move(stuck);
}

Result<Original> Inbox::original(const std::string& name) const {
    if (name.find('/') != std::string::npos) return fail(Errc::refused, printable(name) + " is no plain file name");
    return Original::open(inbox_.fd(), name);
}

Result<Inbox::Examined> Inbox::judge(const std::string& name) const {
    const auto file = original(name);
    if (!file) return tl::unexpected(file.error());
    Examined out;
    if (auto judged = customs::judge(*file)) {
        out.identity = {judged->sha256, file->stamp()};
        out.judged = *std::move(judged);
    } else {
        if (judged.error().code != Errc::refused) return tl::unexpected(judged.error());
        auto identity = file->identity();
        if (!identity) return tl::unexpected(identity.error());
        out.identity = *std::move(identity);
        out.judged.sha256 = out.identity.sha256;
        out.judged.bytes = out.identity.stamp.bytes;
        out.refusal = judged.error().detail;
    }
    if (!file->unchanged()) return fail(Errc::busy, printable(name) + " was written to while it was read");
    return out;
}

Result<Original> Inbox::judged_file(const std::string& name, const Identity& identity) const {
    auto file = original(name);
    if (file && file->stamp() != identity.stamp) return fail(Errc::busy, name + " changed after it was judged");
    return file;
}

Result<Inbox::Kept> Inbox::finish(const std::string& name, const Identity& identity, const Judged& judged) {
    const auto file = judged_file(name, identity);
    if (!file) return tl::unexpected(file.error());
    Kept kept;
    auto done = keep_done(*file, name, identity.sha256, judged.personal);
    if (!done) return tl::unexpected(done.error());
    kept.done = *std::move(done);
    if (!judged.refusals.empty()) {
        auto refused = keep_refused_nodes(*file, name, identity.sha256, judged);
        if (!refused) return tl::unexpected(refused.error());
        kept.refused = *std::move(refused);
    }
    if (auto removed = remove(*file, name, identity.sha256); !removed) return tl::unexpected(removed.error());
    counters_.add("files-finished");
    if (!judged.refusals.empty()) counters_.add("nodes-refused", judged.refusals.size());
    return kept;
}

Result<std::string> Inbox::keep_done(const Original& file, const std::string& name, const std::string& sha256,
                                     const std::vector<Span>& personal) {
    auto draft = Draft::in(done_);
    if (!draft) return tl::unexpected(draft.error());
    const auto read = copy_without(file, personal, into(*draft));
    if (!read) return tl::unexpected(read.error());
    if (*read != sha256) return fail(Errc::busy, name + " changed after it was judged");
    const auto fits = [&](const std::string& n) { return !done_.has(n) || draft->same_as(n); };
    return settle(done_, *draft, kept_name(name, sha256, fits));
}

Result<std::string> Inbox::keep_refused_nodes(const Original& file, const std::string& name, const std::string& sha256,
                                              const Judged& judged) {
    const auto all = judged.declarations.size() + judged.receipts.size() + judged.refusals.size();
    std::string reason = name + ": " + std::to_string(judged.refusals.size()) + " of " + std::to_string(all) +
                         " nodes are refused\nSHA-256 of the file: " + sha256 + "\n" + redacted;
    for (const auto& r : judged.refusals)
        reason += "line " + std::to_string(r.line) + ": " + r.element + " " + r.why + "\n";
    auto draft = Draft::in(refused_);
    if (!draft) return tl::unexpected(draft.error());
    const auto read = copy_refused(file, judged, into(*draft));
    if (!read) return tl::unexpected(read.error());
    if (*read != sha256) return fail(Errc::busy, name + " changed after it was judged");
    return keep_with_reason(*draft, name, sha256, reason);
}

Result<std::string> Inbox::keep_with_reason(Draft& draft, const std::string& name, const std::string& sha256,
                                            const std::string& reason) {
    const auto fits = [&](const std::string& n) {
        return (!refused_.has(n) || draft.same_as(n)) && free_or_holding(refused_, reason_name(n), reason);
    };
    auto settled = settle(refused_, draft, kept_name(name, sha256, fits));
    if (!settled) return settled;
    if (auto written = keep_text(refused_, reason_name(*settled), reason); !written)
        return tl::unexpected(written.error());
    return settled;
}

Result<Inbox::Kept> Inbox::refuse(const std::string& name, const Identity& identity, const std::string& why) {
    const auto file = judged_file(name, identity);
    if (!file) return tl::unexpected(file.error());
    const auto reason = name + ": the whole file is refused\nSHA-256 of the file: " + identity.sha256 + "\n" +
                        printable(why, 2'000) + "\n";
    if (file->size() > limits::file_bytes) {
        auto moved = keep_oversized(*file, name, identity.sha256, reason + as_it_came);
        if (!moved) return tl::unexpected(moved.error());
        counters_.add("files-refused");
        return Kept{"", *std::move(moved)};
    }
    const auto personal = unknown_or_personal(*file);
    auto kept = personal ? keep_redacted(*file, *personal, name, identity.sha256, reason + known_only)
                         : keep_as_it_came(*file, name, identity.sha256, reason + as_it_came);
    if (!kept) return tl::unexpected(kept.error());
    if (auto removed = remove(*file, name, identity.sha256); !removed) return tl::unexpected(removed.error());
    counters_.add("files-refused");
    return Kept{"", *std::move(kept)};
}

Result<std::string> Inbox::keep_redacted(const Original& file, const std::vector<Span>& personal,
                                         const std::string& name, const std::string& sha256,
                                         const std::string& reason) {
    auto draft = Draft::in(refused_);
    if (!draft) return tl::unexpected(draft.error());
    const auto read = copy_without(file, personal, into(*draft));
    if (!read) return tl::unexpected(read.error());
    if (*read != sha256) return fail(Errc::busy, name + " changed after it was judged");
    return keep_with_reason(*draft, name, sha256, reason);
}

Result<std::string> Inbox::keep_as_it_came(const Original& file, const std::string& name, const std::string& sha256,
                                           const std::string& reason) {
    const auto same_file = [&](const std::string& n) {
        const auto there = Original::open(refused_.fd(), n);
        if (!there || there->size() != file.size()) return false;
        const auto identity = there->identity();
        return identity && identity->sha256 == sha256;
    };
    const auto fits = [&](const std::string& n) {
        return free_or_holding(refused_, reason_name(n), reason) && (!refused_.has(n) || same_file(n));
    };
    const auto keep = [&](const std::string& n) { return keep_whole(file, sha256, refused_, n); };
    return keep_behind_reason(kept_name(name, sha256, fits), reason, keep);
}

Result<std::string> Inbox::keep_oversized(const Original& file, const std::string& name, const std::string& sha256,
                                          const std::string& reason) {
    // Its SHA-256 is that of its begin only: no other file is ever taken for the same.
    const auto fits = [&](const std::string& n) {
        return !refused_.has(n) && free_or_holding(refused_, reason_name(n), reason);
    };
    const auto move = [&](const std::string& n) { return move_whole(inbox_, name, file, refused_, n); };
    return keep_behind_reason(kept_name(name, sha256, fits), reason, move);
}

/// The reason comes first, because without one nothing would ever expire; it goes again when the file is not kept.
Result<std::string> Inbox::keep_behind_reason(Result<std::string> settled, const std::string& reason,
                                              const std::function<Result<void>(const std::string&)>& keep) {
    if (!settled) return settled;
    const auto reason_file = reason_name(*settled);
    const bool there = refused_.has(reason_file);
    if (auto written = keep_text(refused_, reason_file, reason); !written) return tl::unexpected(written.error());
    if (refused_.has(*settled)) return settled;
    auto kept = keep(*settled);
    if (kept) return settled;
    if (!there && !refused_.has(*settled)) (void)refused_.remove(reason_file);
    return tl::unexpected(kept.error());
}

/// What was judged is kept by now; what else bears its name is for the next round.
Result<void> Inbox::remove(const Original& file, const std::string& name, const std::string& sha256) const {
    auto left = leave(inbox_, name, file, sha256);
    return !left && left.error().code == Errc::busy ? Result<void>{} : left;
}

Result<void> Inbox::expire(WallTime now) {
    auto reasons = refused_.names();
    if (!reasons) return tl::unexpected(reasons.error());
    auto all = expire_parts(now);
    for (const auto& reason : *reasons) {
        const auto name = reason.substr(0, reason.size() - std::min(reason.size(), reason_name("").size()));
        if (name.empty() || reason != reason_name(name)) continue;
        if (auto done = expire_one(name, now); !done) all = std::move(done);
    }
    return all;
}

Result<void> Inbox::expire_parts(WallTime now) {
    std::vector<std::string> old;
    auto listed = inbox_.each_name([&](const char* name) {
        if (!std::string_view(name).starts_with(import_part)) return;
        const auto stamp = stamp_of(inbox_.fd(), name);
        if (stamp && now.ms - stamp->changed_ns / 1'000'000 > limits::part_ms) old.emplace_back(name);
    });
    for (const auto& name : old)
        if (auto removed = inbox_.remove(name); !removed) listed = std::move(removed);
    return listed;
}

Result<void> Inbox::expire_one(const std::string& name, WallTime now) {
    const auto reason = reason_name(name);
    auto text = refused_.read(reason, limits::reason_bytes);
    if (!text || !text->content.ends_with(as_it_came) || now.ms - text->changed.ms <= limits::as_it_came_ms) return {};
    if (refused_.has(name)) {
        if (auto removed = refused_.remove(name); !removed) return removed;
        counters_.add("as-came-expired");
    }
    text->content.replace(text->content.size() - std::string_view(as_it_came).size(), std::string::npos, expired);
    return keep_text(refused_, reason, text->content);
}

std::optional<WallTime> Inbox::alive_at() const {
    struct stat s {};
    if (::fstatat(inbox_.fd(), ".alive", &s, AT_SYMLINK_NOFOLLOW) != 0) return std::nullopt;
    return wall_time_of(s.st_mtim);
}

}  // namespace hefang::customs
