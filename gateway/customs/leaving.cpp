#include "customs/leaving.hpp"

#include "base/text.hpp"
#include "customs/kept_name.hpp"
#include "customs/redact.hpp"
#include "digest/sha256.hpp"

#include <sys/stat.h>

#include <cstdio>
#include <string_view>
#include <vector>

#include <fcntl.h>

namespace hefang::customs {
namespace {

constexpr std::string_view aside = ".leaving-";

std::string aside_name(const std::string& name) { return std::string(aside) + name; }

tl::unexpected<Error> changed(const std::string& name) {
    return fail(Errc::busy, printable(name) + " changed after it was judged");
}

Result<void> rename_new(const Folder& from, const std::string& name, const Folder& to, const std::string& wanted) {
    if (::renameat2(from.fd(), name.c_str(), to.fd(), wanted.c_str(), RENAME_NOREPLACE) == 0) return {};
    return tl::unexpected(system_error("cannot rename", name));
}

Result<void> give_back(const Folder& inbox, const std::string& name) {
    const auto goes_to = [&](const std::string& n) {
        return rename_new(inbox, aside_name(name), inbox, n).has_value();
    };
    if (auto back = kept_name(name, hex(sha256(aside_name(name))), goes_to); !back) return tl::unexpected(back.error());
    return inbox.sync();
}

/// Its file is another one, or the same written to since: back with it.
Result<void> give_back_changed(const Folder& inbox, const std::string& name) {
    if (auto back = give_back(inbox, name); !back) return back;
    return changed(name);
}

Result<void> put_aside(const Folder& inbox, const std::string& name, const Original& judged) {
    const auto now = stamp_of(inbox.fd(), name);
    if (!now) return tl::unexpected(system_error("cannot stat", name));
    if (*now != judged.stamp()) return changed(name);
    if (auto renamed = rename_new(inbox, name, inbox, aside_name(name)); !renamed) return renamed;
    return stamp_of(inbox.fd(), aside_name(name)) == judged.stamp() ? Result<void>{} : give_back_changed(inbox, name);
}

/// Two writes of one tick of the clock leave the same stamp: only the content decides.
bool still_holds(const Original& judged, const std::string& sha256) {
    const auto identity = judged.identity();
    return identity && identity->sha256 == sha256 && judged.unchanged();
}

}  // namespace

Result<void> leave(const Folder& inbox, const std::string& name, const Original& judged, const std::string& sha256) {
    if (auto put = put_aside(inbox, name, judged); !put) return put;
    if (!still_holds(judged, sha256)) return give_back_changed(inbox, name);
    auto removed = inbox.remove(aside_name(name));
    if (removed || !inbox.has(aside_name(name))) return removed;
    auto back = give_back(inbox, name);
    return back ? removed : back;
}

Result<void> move_whole(const Folder& inbox, const std::string& name, const Original& judged, const Folder& to,
                        const std::string& kept) {
    if (auto put = put_aside(inbox, name, judged); !put) return put;
    // Of another user's file the folder alone keeps others away.
    (void)::fchmod(judged.fd(), 0600);
    auto moved = rename_new(inbox, aside_name(name), to, kept);
    if (!moved) {
        auto back = give_back(inbox, name);
        return back ? moved : back;
    }
    if (::fsync(judged.fd()) != 0) return tl::unexpected(system_error("cannot sync", kept));
    if (auto synced = to.sync(); !synced) return synced;
    return inbox.sync();
}

Result<void> keep_whole(const Original& judged, const std::string& sha256, const Folder& to, const std::string& kept) {
    // By its descriptor, so that no file that took its name meanwhile goes with it.
    const auto open_file = "/proc/self/fd/" + std::to_string(judged.fd());
    const bool linked = ::fchmod(judged.fd(), 0600) == 0 &&
                        ::linkat(AT_FDCWD, open_file.c_str(), to.fd(), kept.c_str(), AT_SYMLINK_FOLLOW) == 0;
    if (linked) {
        if (!still_holds(judged, sha256)) {
            ::unlinkat(to.fd(), kept.c_str(), 0);
            return changed(kept);
        }
        if (::fsync(judged.fd()) != 0) return tl::unexpected(system_error("cannot sync", kept));
        return to.sync();
    }
    // Another user's file: only a copy can be made private.
    auto draft = Draft::in(to);
    if (!draft) return tl::unexpected(draft.error());
    const auto copied = copy_without(judged, {}, [&](std::string_view bytes) { return draft->write(bytes); });
    if (!copied) return tl::unexpected(copied.error());
    if (*copied != sha256) return changed(kept);
    return draft->keep_as(kept);
}

Result<void> give_back_all(const Folder& inbox) {
    std::vector<std::string> names;
    auto listed = inbox.each_name([&](std::string_view name) {
        if (name.starts_with(aside)) names.emplace_back(name.substr(aside.size()));
    });
    for (const auto& name : names)
        if (auto back = give_back(inbox, name); !back) listed = std::move(back);
    return listed;
}

}  // namespace hefang::customs
