#pragma once
#include "base/result.hpp"
#include "customs/folder.hpp"
#include "customs/original.hpp"

#include <string>

/// How a file leaves the inbox. It is put aside under a name of ours first, where nobody opens it, and leaves only if
/// it is then still the file that was judged; else it goes back under its name and is for the next round.
namespace hefang::customs {

/// Removes the file. Errc::busy: the name stands for another file, stamp or content than `judged` with `sha256`.
[[nodiscard]] Result<void> leave(const Folder& inbox, const std::string& name, const Original& judged,
                                 const std::string& sha256);

/// Moves the file whole, of whatever length, to `kept` in `to`, which no other file may bear. Errc::busy: the name
/// stands for another file or stamp.
[[nodiscard]] Result<void> move_whole(const Folder& inbox, const std::string& name, const Original& judged,
                                      const Folder& to, const std::string& kept);

/// Keeps a file of at most limits::file_bytes as it is under `kept` in `to`; in the inbox it stays. Errc::busy: its
/// content is another one than `sha256` says; nothing of it is kept then.
[[nodiscard]] Result<void> keep_whole(const Original& judged, const std::string& sha256, const Folder& to,
                                      const std::string& kept);

/// Gives back what a crash left aside, under a name of ours when its own bears another file meanwhile. Goes on behind
/// what cannot go back.
[[nodiscard]] Result<void> give_back_all(const Folder& inbox);

}  // namespace hefang::customs
