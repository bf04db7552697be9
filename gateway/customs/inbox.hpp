#pragma once
#include "base/clock.hpp"
#include "base/counters.hpp"
#include "base/result.hpp"
#include "customs/arrivals.hpp"
#include "customs/folder.hpp"
#include "customs/judge.hpp"

#include <functional>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

namespace hefang::customs {

/// What the name of a copy begins with that an import is still writing into the inbox.
constexpr std::string_view import_part = ".import-";

/// The folder into which transfer clients drop customs messages, with `done/` and `refused/` below it. A file is taken
/// in these steps: ready() names it, judge() reads it, the caller commits what it says and the fact that it was taken,
/// and only then finish() or refuse() lets it leave. Each step may be repeated after a crash at any point: it ends in
/// the same files. One thread; one owner a folder.
class Inbox {
  public:
    /// Under which names a file was kept; empty when nothing of it went there.
    struct Kept {
        std::string done, refused;
    };

    /// `folder` is the inbox itself ("<store.path>/inbox"); what is missing is made. `done/` and `refused/` are
    /// readable by the owner only, and no links; what a crash left half written there is removed, and what it
    /// left put aside goes back. The clock lives longer than the inbox.
    [[nodiscard]] static Result<std::unique_ptr<Inbox>> open(const std::string& folder, const Clock& clock);

    /// Names of the files to take now, in order of name. To be asked at least once a second: a file that nobody closed
    /// while we watched counts once it was the same for limits::quiet_ms. A file with a hostile name gets one of ours,
    /// made from the hash of its name, and is named in a later call; one that cannot be renamed stays, and stops
    /// nobody.
    [[nodiscard]] Result<std::vector<std::string>> ready();
    [[nodiscard]] Arrivals::Woke wait(int stop_fd, int limit_ms) const { return arrivals_.wait(stop_fd, limit_ms); }
    /// Of the file that bears the name now; none when there is none.
    [[nodiscard]] std::optional<Stamp> stamp(const std::string& name) const { return stamp_of(inbox_.fd(), name); }

    /// One file as it was judged. The later steps take this very file only.
    struct Examined {
        Identity identity;
        Judged judged;        ///< empty when the whole file is refused
        std::string refusal;  ///< why it is; empty when it is not
    };
    /// A failure means that the file cannot be read now (busy: it was written to meanwhile); try again later.
    [[nodiscard]] Result<Examined> judge(const std::string& name) const;

    /// The file goes to `done/` and its refused nodes with a reason to `refused/`, all without personal data, then it
    /// leaves. Errc::busy: the name now stands for something else than what was judged, which stays.
    [[nodiscard]] Result<Kept> finish(const std::string& name, const Identity& identity, const Judged& judged);
    /// The whole file goes to `refused/` with the reason: when it is well-formed with the text of known, not personal
    /// elements only, else as it came. Errc::busy as above.
    [[nodiscard]] Result<Kept> refuse(const std::string& name, const Identity& identity, const std::string& why);
    /// Removes files that were kept as they came once that was 30 days ago; their reasons stay and say so. Removes
    /// copies that an import which was killed left unfinished a day ago. Goes on behind what it cannot remove, and says
    /// so.
    [[nodiscard]] Result<void> expire(WallTime now);

    /// When the transfer client last touched `.alive`; none when it never did.
    [[nodiscard]] std::optional<WallTime> alive_at() const;
    /// files-finished, files-refused, nodes-refused, names-refused, names-stuck, entries-ignored, as-came-expired,
    /// inotify-missing
    [[nodiscard]] const Counters& counters() const { return counters_; }

  private:
    Inbox(Folder inbox, Folder done, Folder refused, const Clock& clock);

    void rename_hostile(const std::vector<std::string>& names);
    [[nodiscard]] Result<Original> original(const std::string& name) const;
    [[nodiscard]] Result<Original> judged_file(const std::string& name, const Identity& identity) const;
    [[nodiscard]] Result<std::string> keep_done(const Original& file, const std::string& name,
                                                const std::string& sha256, const std::vector<Span>& personal);
    [[nodiscard]] Result<std::string> keep_refused_nodes(const Original& file, const std::string& name,
                                                         const std::string& sha256, const Judged& judged);
    [[nodiscard]] Result<std::string> keep_redacted(const Original& file, const std::vector<Span>& personal,
                                                    const std::string& name, const std::string& sha256,
                                                    const std::string& reason);
    [[nodiscard]] Result<std::string> keep_with_reason(Draft& draft, const std::string& name, const std::string& sha256,
                                                       const std::string& reason);
    [[nodiscard]] Result<std::string> keep_as_it_came(const Original& file, const std::string& name,
                                                      const std::string& sha256, const std::string& reason);
    [[nodiscard]] Result<std::string> keep_oversized(const Original& file, const std::string& name,
                                                     const std::string& sha256, const std::string& reason);
    [[nodiscard]] Result<std::string> keep_behind_reason(Result<std::string> settled, const std::string& reason,
                                                         const std::function<Result<void>(const std::string&)>& keep);
    [[nodiscard]] Result<void> expire_one(const std::string& name, WallTime now);
    [[nodiscard]] Result<void> expire_parts(WallTime now);
    [[nodiscard]] Result<void> remove(const Original& file, const std::string& name, const std::string& sha256) const;

    Folder inbox_, done_, refused_;
    std::set<std::string> stuck_;  ///< hostile names that could not be changed, said once
    Counters counters_;
    Arrivals arrivals_;
};

}  // namespace hefang::customs
