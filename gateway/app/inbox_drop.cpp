#include "app/inbox_drop.hpp"

#include "customs/inbox.hpp"
#include "customs/original.hpp"
#include "digest/sha256.hpp"

#include <sys/stat.h>

#include <array>
#include <cerrno>
#include <csignal>
#include <cstdio>
#include <memory>

#include <fcntl.h>
#include <unistd.h>

namespace hefang::app {
namespace {

using customs::system_error;

/// Holds back the signals that end a command, so that it can clear up first; they act when this goes.
class SignalsHeld {
  public:
    SignalsHeld() {
        ::sigemptyset(&held_);
        for (const int signal : ending) ::sigaddset(&held_, signal);
        ::pthread_sigmask(SIG_BLOCK, &held_, &before_);
    }
    ~SignalsHeld() { ::pthread_sigmask(SIG_SETMASK, &before_, nullptr); }
    SignalsHeld(const SignalsHeld&) = delete;
    SignalsHeld& operator=(const SignalsHeld&) = delete;

    [[nodiscard]] static bool wanted() {
        sigset_t waiting;
        ::sigpending(&waiting);
        for (const int signal : ending)
            if (::sigismember(&waiting, signal) == 1) return true;
        return false;
    }

  private:
    static constexpr std::array ending{SIGINT, SIGTERM, SIGHUP};
    sigset_t held_{}, before_{};
};

/// The copy while it is written; gone with this unless it got its name.
class Part {
  public:
    [[nodiscard]] static Result<std::unique_ptr<Part>> in(int folder) {
        const auto name = std::string(customs::import_part) + std::to_string(::getpid());
        customs::Fd fd(::openat(folder, name.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, 0600));
        if (!fd.open()) return tl::unexpected(system_error("cannot write into the inbox", name));
        return std::unique_ptr<Part>(new Part(folder, name, std::move(fd)));
    }
    ~Part() {
        if (!name_.empty()) ::unlinkat(folder_, name_.c_str(), 0);
    }
    Part(const Part&) = delete;
    Part& operator=(const Part&) = delete;

    [[nodiscard]] Result<void> write(std::string_view bytes) const {
        while (!bytes.empty()) {
            const auto n = ::write(fd_.get(), bytes.data(), bytes.size());
            if (n < 0 && errno == EINTR) continue;
            if (n < 0) return tl::unexpected(system_error("cannot write into the inbox", name_));
            bytes.remove_prefix(static_cast<std::size_t>(n));
        }
        return {};
    }
    /// The service that reads it runs as the folder's owner.
    [[nodiscard]] Result<void> hand_to_owner() const {
        struct stat s {};
        if (::fstat(folder_, &s) != 0) return tl::unexpected(system_error("cannot stat", "the inbox"));
        if (::geteuid() == 0 && ::fchown(fd_.get(), s.st_uid, s.st_gid) != 0)
            return tl::unexpected(system_error("cannot give to the inbox's owner", name_));
        return {};
    }
    [[nodiscard]] bool keep_as(const std::string& name) {
        if (::renameat2(folder_, name_.c_str(), folder_, name.c_str(), RENAME_NOREPLACE) != 0) return false;
        name_.clear();
        return true;
    }
    [[nodiscard]] Result<void> sync() const {
        if (::fsync(fd_.get()) != 0) return tl::unexpected(system_error("cannot sync", name_));
        return {};
    }

  private:
    Part(int folder, std::string name, customs::Fd fd) : folder_(folder), name_(std::move(name)), fd_(std::move(fd)) {}

    int folder_;
    std::string name_;
    customs::Fd fd_;
};

/// Copies and gives the SHA-256.
Result<std::string> copy(const customs::Original& from, const Part& to) {
    Sha256 hash;
    Result<void> written;
    const auto read = from.each_piece([&](std::string_view piece) {
        hash.update(piece);
        written = SignalsHeld::wanted() ? Result<void>(fail(Errc::refused, "interrupted")) : to.write(piece);
        return written.has_value();
    });
    if (!read) return tl::unexpected(read.error());
    if (!written) return tl::unexpected(written.error());
    return hex(hash.finish());
}

/// Under its own name when that is free and may be shown, else under one made from its content.
Result<void> name_it(Part& part, const std::filesystem::path& source, const std::string& sha256) {
    const auto own = source.filename().string();
    const auto with_hash = source.stem().string() + "-" + sha256.substr(0, 8) + source.extension().string();
    for (const auto& name : {own, with_hash, "import-" + sha256.substr(0, 16) + ".xml"})
        if (customs::is_fit_name(name) && part.keep_as(name)) return {};
    return tl::unexpected(system_error("cannot be put into the inbox:", own));
}

}  // namespace

Result<std::string> drop_into(const std::filesystem::path& inbox, const std::filesystem::path& source) {
    if (customs::is_left_alone(source.filename().string())) {
        return fail(Errc::refused,
                    "the inbox reads no file of such a name (a dot in front, .tmp or .part behind, done, "
                    "refused)");
    }
    // A link is followed, as with cp.
    std::error_code missing;
    const auto real = std::filesystem::canonical(source, missing);
    const auto from = customs::Original::open(missing ? source.string() : real.string());
    if (!from) return tl::unexpected(from.error());
    const customs::Fd folder(::open(inbox.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
    if (!folder.open()) return tl::unexpected(system_error("cannot open the folder", inbox.string()));

    const SignalsHeld held;
    auto part = Part::in(folder.get());
    if (!part) return tl::unexpected(part.error());
    auto sha256 = copy(*from, **part);
    if (!sha256) return sha256;
    auto done = (*part)->hand_to_owner();
    if (done) done = (*part)->sync();
    if (done) done = name_it(**part, source, *sha256);
    if (!done) return tl::unexpected(done.error());
    return sha256;
}

}  // namespace hefang::app
