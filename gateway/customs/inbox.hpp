#pragma once
#include "base/clock.hpp"
#include "base/counters.hpp"
#include "base/result.hpp"
#include "customs/arrivals.hpp"
#include "customs/folder.hpp"
#include "customs/judge.hpp"

#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace hefang::customs {

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
    /// readable by the owner only. The clock lives longer than the inbox.
    [[nodiscard]] static Result<std::unique_ptr<Inbox>> open(const std::string& folder, const Clock& clock);

    /// Names of the files to take now, in order of name. To be asked at least once a second: a file that nobody closed
    /// while we watched counts once it was the same for limits::quiet_ms. A file with a hostile name goes to `refused/`
    /// under a name made from its hash.
    [[nodiscard]] Result<std::vector<std::string>> ready();
    [[nodiscard]] Arrivals::Woke wait(int stop_fd, int limit_ms) const { return arrivals_.wait(stop_fd, limit_ms); }

    /// Errc::refused: call refuse(). Any other failure: the file cannot be read now; try again later.
    [[nodiscard]] Result<Judged> judge(const std::string& name) const;
    /// For the fact about a file that was refused whole.
    [[nodiscard]] Result<Identity> identity(const std::string& name) const;

    /// The file goes to `done/` and its refused nodes with a reason to `refused/`, all without personal data, then it
    /// leaves. Errc::busy: it is no longer what was judged, and stays.
    [[nodiscard]] Result<Kept> finish(const std::string& name, const Judged& judged);
    /// The whole file goes to `refused/` with the reason: without personal data when it is well-formed, else as it
    /// came.
    [[nodiscard]] Result<Kept> refuse(const std::string& name, const Error& error);
    /// Removes files that were kept as they came once that was 30 days ago; their reasons stay and say so.
    [[nodiscard]] Result<void> expire(WallTime now);

    /// When the transfer client last touched `.alive`; none when it never did.
    [[nodiscard]] std::optional<WallTime> alive_at() const;
    /// files-finished, files-refused, nodes-refused, names-refused, entries-ignored, as-came-expired, inotify-missing
    [[nodiscard]] const Counters& counters() const { return counters_; }

  private:
    Inbox(Folder inbox, Folder done, Folder refused, const Clock& clock);

    [[nodiscard]] Result<Original> original(const std::string& name) const;
    [[nodiscard]] Result<std::string> keep_refused_nodes(const Original& original, const std::string& name,
                                                         const Judged& judged);
    [[nodiscard]] Result<Kept> refuse_as(const std::string& name, const std::string& wanted, const std::string& why);
    [[nodiscard]] Result<std::string> keep_redacted(const Original& original, const std::vector<Span>& personal,
                                                    const std::string& wanted, const std::string& sha256,
                                                    const std::string& reason);
    [[nodiscard]] Result<std::string> keep_as_it_came(const Original& original, const std::string& name,
                                                      const std::string& wanted, const std::string& sha256,
                                                      const std::string& reason);
    [[nodiscard]] Result<void> remove(const Original& original, const std::string& name) const;

    Folder inbox_, done_, refused_;
    Counters counters_;
    Arrivals arrivals_;
};

}  // namespace hefang::customs
