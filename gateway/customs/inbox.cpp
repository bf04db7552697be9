#include "customs/inbox.hpp"

#include "base/text.hpp"
#include "customs/kept_name.hpp"
#include "customs/limits.hpp"
#include "customs/redact.hpp"
#include "digest/sha256.hpp"

#include <sys/stat.h>

#include <algorithm>

#include <fcntl.h>

namespace hefang::customs {
namespace {

constexpr const char* as_it_came = "kept: as it came, for 30 days\n";
constexpr const char* redacted = "kept: without the text of personal elements\n";
constexpr const char* expired = "kept: no longer, the 30 days are over\n";
constexpr std::int64_t as_it_came_ms = std::int64_t{30} * 24 * 3'600 * 1'000;

Result<Folder> private_folder(const std::string& path) {
    auto folder = Folder::open(path);
    if (folder && ::fchmod(folder->fd(), 0700) != 0) return tl::unexpected(system_error("cannot make private", path));
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
    auto done = private_folder(folder + "/done");
    if (!done) return tl::unexpected(done.error());
    auto refused = private_folder(folder + "/refused");
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
    for (const auto& name : found->hostile) {
        const auto wanted = "hostile-name-" + hex(sha256(name)).substr(0, 16);
        auto kept = refuse_as(name, wanted, "its name was " + printable(name, 800) + ", which no file may have here");
        if (!kept) return tl::unexpected(kept.error());
        counters_.add("names-refused");
    }
    return std::move(found->names);
}

Result<Original> Inbox::original(const std::string& name) const {
    if (name.find('/') != std::string::npos) return fail(Errc::refused, printable(name) + " is no plain file name");
    return Original::open(inbox_.fd(), name);
}

Result<Judged> Inbox::judge(const std::string& name) const {
    return original(name).and_then([](Original&& file) { return customs::judge(file); });
}

Result<Identity> Inbox::identity(const std::string& name) const {
    return original(name).and_then([](Original&& file) { return file.identity(); });
}

Result<Inbox::Kept> Inbox::finish(const std::string& name, const Judged& judged) {
    auto file = original(name);
    if (!file) return tl::unexpected(file.error());
    Kept kept;
    {
        auto draft = Draft::in(done_);
        if (!draft) return tl::unexpected(draft.error());
        const auto read = copy_without(*file, judged.personal, into(*draft));
        if (!read) return tl::unexpected(read.error());
        if (read->sha256 != judged.sha256) return fail(Errc::busy, name + " changed after it was judged");
        const auto fits = [&](const std::string& n) { return !done_.has(n) || draft->same_as(n); };
        auto settled = settle(done_, *draft, kept_name(name, judged.sha256, fits));
        if (!settled) return tl::unexpected(settled.error());
        kept.done = *std::move(settled);
    }
    if (!judged.refusals.empty()) {
        auto refused = keep_refused_nodes(*file, name, judged);
        if (!refused) return tl::unexpected(refused.error());
        kept.refused = *std::move(refused);
    }
    if (auto removed = remove(*file, name); !removed) return tl::unexpected(removed.error());
    counters_.add("files-finished");
    if (!judged.refusals.empty()) counters_.add("nodes-refused", judged.refusals.size());
    return kept;
}

Result<std::string> Inbox::keep_refused_nodes(const Original& file, const std::string& name, const Judged& judged) {
    const auto all = judged.declarations.size() + judged.receipts.size() + judged.refusals.size();
    std::string reason = name + ": " + std::to_string(judged.refusals.size()) + " of " + std::to_string(all) +
                         " nodes are refused\nSHA-256 of the file: " + judged.sha256 + "\n" + redacted;
    for (const auto& r : judged.refusals)
        reason += "line " + std::to_string(r.line) + ": " + r.element + " " + r.why + "\n";
    auto draft = Draft::in(refused_);
    if (!draft) return tl::unexpected(draft.error());
    if (auto copied = copy_refused(file, judged, into(*draft)); !copied) return tl::unexpected(copied.error());
    const auto fits = [&](const std::string& n) {
        return (!refused_.has(n) || draft->same_as(n)) && free_or_holding(refused_, reason_name(n), reason);
    };
    auto settled = settle(refused_, *draft, kept_name(name, judged.sha256, fits));
    if (!settled) return settled;
    if (auto written = keep_text(refused_, reason_name(*settled), reason); !written)
        return tl::unexpected(written.error());
    return settled;
}

Result<Inbox::Kept> Inbox::refuse(const std::string& name, const Error& error) {
    auto kept = refuse_as(name, name, error.detail);
    if (kept) counters_.add("files-refused");
    return kept;
}

Result<Inbox::Kept> Inbox::refuse_as(const std::string& name, const std::string& wanted, const std::string& why) {
    auto file = original(name);
    if (!file) return tl::unexpected(file.error());
    const auto identity = file->identity();
    if (!identity) return tl::unexpected(identity.error());
    const auto reason = wanted + ": the whole file is refused\nSHA-256 of the file: " + identity->sha256 + "\n" +
                        printable(why, 2'000) + "\n";
    const auto personal = personal_of(*file);
    auto kept = personal ? keep_redacted(*file, *personal, wanted, identity->sha256, reason + redacted)
                         : keep_as_it_came(*file, name, wanted, identity->sha256, reason + as_it_came);
    if (!kept) return tl::unexpected(kept.error());
    if (inbox_.has(name)) {
        if (auto removed = remove(*file, name); !removed) return tl::unexpected(removed.error());
    }
    return Kept{"", *std::move(kept)};
}

Result<std::string> Inbox::keep_redacted(const Original& file, const std::vector<Span>& personal,
                                         const std::string& wanted, const std::string& sha256,
                                         const std::string& reason) {
    auto draft = Draft::in(refused_);
    if (!draft) return tl::unexpected(draft.error());
    const auto read = copy_without(file, personal, into(*draft));
    if (!read) return tl::unexpected(read.error());
    if (read->sha256 != sha256) return fail(Errc::busy, wanted + " is being changed");
    const auto fits = [&](const std::string& n) {
        return (!refused_.has(n) || draft->same_as(n)) && free_or_holding(refused_, reason_name(n), reason);
    };
    auto settled = settle(refused_, *draft, kept_name(wanted, sha256, fits));
    if (!settled) return settled;
    if (auto written = keep_text(refused_, reason_name(*settled), reason); !written)
        return tl::unexpected(written.error());
    return settled;
}

Result<std::string> Inbox::keep_as_it_came(const Original& file, const std::string& name, const std::string& wanted,
                                           const std::string& sha256, const std::string& reason) {
    const auto same_file = [&](const std::string& n) {
        const auto there = Original::open(refused_.fd(), n);
        if (!there || there->size() != file.size()) return false;
        const auto identity = there->identity();
        return identity && identity->sha256 == sha256;
    };
    const auto fits = [&](const std::string& n) {
        return free_or_holding(refused_, reason_name(n), reason) && (!refused_.has(n) || same_file(n));
    };
    auto settled = kept_name(wanted, sha256, fits);
    if (!settled) return settled;
    if (auto written = keep_text(refused_, reason_name(*settled), reason); !written)
        return tl::unexpected(written.error());
    if (refused_.has(*settled)) return settled;
    if (::fchmod(file.fd(), 0600) != 0) {  // another user's file: only a copy can be made private
        auto draft = Draft::in(refused_);
        if (!draft) return tl::unexpected(draft.error());
        if (auto copied = copy_without(file, {}, into(*draft)); !copied) return tl::unexpected(copied.error());
        return settle(refused_, *draft, std::move(settled));
    }
    if (::renameat(inbox_.fd(), name.c_str(), refused_.fd(), settled->c_str()) != 0) {
        return tl::unexpected(system_error("cannot move", name));
    }
    if (auto synced = refused_.sync(); !synced) return tl::unexpected(synced.error());
    if (auto synced = inbox_.sync(); !synced) return tl::unexpected(synced.error());
    return settled;
}

Result<void> Inbox::remove(const Original& file, const std::string& name) const {
    struct stat s {};
    if (::fstatat(inbox_.fd(), name.c_str(), &s, AT_SYMLINK_NOFOLLOW) != 0) {
        return tl::unexpected(system_error("cannot stat", name));
    }
    // A new file that was renamed over the one we kept is for the next round.
    if (s.st_ino != file.inode()) return {};
    return inbox_.remove(name);
}

Result<void> Inbox::expire(WallTime now) {
    auto reasons = refused_.names();
    if (!reasons) return tl::unexpected(reasons.error());
    for (const auto& reason : *reasons) {
        const auto name = reason.substr(0, reason.size() - std::min(reason.size(), reason_name("").size()));
        if (name.empty() || reason != reason_name(name)) continue;
        auto text = refused_.read(reason, limits::reason_bytes);
        if (!text || !text->content.ends_with(as_it_came) || now.ms - text->changed.ms <= as_it_came_ms) continue;
        if (refused_.has(name)) {
            if (auto removed = refused_.remove(name); !removed) return removed;
            counters_.add("as-came-expired");
        }
        text->content.replace(text->content.size() - std::string_view(as_it_came).size(), std::string::npos, expired);
        if (auto written = keep_text(refused_, reason, text->content); !written) return written;
    }
    return {};
}

std::optional<WallTime> Inbox::alive_at() const {
    struct stat s {};
    if (::fstatat(inbox_.fd(), ".alive", &s, AT_SYMLINK_NOFOLLOW) != 0) return std::nullopt;
    return wall_time_of(s.st_mtim);
}

}  // namespace hefang::customs
