#include "worker/worker.hpp"

#include "base/text.hpp"

#include <sys/socket.h>
#include <sys/wait.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <csignal>
#include <cstring>
#include <filesystem>
#include <system_error>
#include <utility>

#include <fcntl.h>
#include <spawn.h>
#include <unistd.h>

extern char** environ;

namespace hefang::worker {
namespace {

using Ms = std::chrono::milliseconds;
using Steady = std::chrono::steady_clock;

constexpr std::size_t most_words = 400;  // bytes kept of what it prints

struct Pair {
    link::Descriptor ours, its;
};

/// A pipe of which our end never waits; nor does its own when we do not read: what does not fit is lost.
Result<Pair> complaint_pipe() {
    std::array<int, 2> ends{};
    if (::pipe2(ends.data(), O_CLOEXEC | O_NONBLOCK) != 0) return fail(Errc::full, "pipe: " + link::system_text(errno));
    return Pair{link::Descriptor(ends[0]), link::Descriptor(ends[1])};
}

Result<Pair> socket_pair() {
    std::array<int, 2> ends{};
    if (::socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends.data()) != 0)
        return fail(Errc::full, "socketpair: " + link::system_text(errno));
    Pair pair{link::Descriptor(ends[0]), link::Descriptor(ends[1])};
    if (::fcntl(ends[0], F_SETFL, O_NONBLOCK) != 0) return fail(Errc::full, "fcntl: " + link::system_text(errno));
    return pair;
}

/// Runs `program` with `talk` as stdin and stdout and `complaints` as stderr, and nothing else of ours.
Result<pid_t> spawn(const std::string& program, int talk, int complaints) {
    posix_spawn_file_actions_t actions;
    posix_spawnattr_t attributes;
    ::posix_spawn_file_actions_init(&actions);
    ::posix_spawnattr_init(&attributes);
    ::posix_spawn_file_actions_adddup2(&actions, talk, 0);
    ::posix_spawn_file_actions_adddup2(&actions, talk, 1);
    ::posix_spawn_file_actions_adddup2(&actions, complaints, 2);
    sigset_t none;
    ::sigemptyset(&none);
    ::posix_spawnattr_setsigmask(&attributes, &none);
    // A group of its own: a Ctrl-C at the terminal ends the gateway, which then ends its worker.
    ::posix_spawnattr_setflags(&attributes, POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETPGROUP);
    std::string path = program;
    std::array<char*, 2> arguments{path.data(), nullptr};
    pid_t pid = -1;
    const int error = ::posix_spawn(&pid, program.c_str(), &actions, &attributes, arguments.data(), environ);
    ::posix_spawn_file_actions_destroy(&actions);
    ::posix_spawnattr_destroy(&attributes);
    if (error == 0) return pid;
    return fail(error == ENOENT || error == EACCES ? Errc::not_found : Errc::unreachable,
                program + ": " + link::system_text(error));
}

/// "killed by signal 6 (Aborted)" of a process that ended, or is ended here.
std::string end_of(pid_t pid) {
    ::kill(pid, SIGKILL);
    int status = 0;
    while (::waitpid(pid, &status, 0) < 0 && errno == EINTR) {
    }
    if (WIFEXITED(status)) return "ended with code " + std::to_string(WEXITSTATUS(status));
    const int signal = WTERMSIG(status);
    return "killed by signal " + std::to_string(signal) + " (" + ::strsignal(signal) + ")";
}

}  // namespace

std::string worker_program() {
    std::error_code error;
    const auto self = std::filesystem::read_symlink("/proc/self/exe", error);
    auto beside = (self.parent_path() / "hefang-vision").string();
    return ::access(beside.c_str(), X_OK) == 0 ? beside : "/usr/bin/hefang-vision";
}

Worker::Worker(std::string program, WorkerLimits limits, Counters& counters)
    : program_(std::move(program)), limits_(limits), counters_(counters) {}

Worker::~Worker() { end(); }

void Worker::end() noexcept {
    if (pid_ > 0) (void)end_of(std::exchange(pid_, -1));
    link_.reset();
    complaints_.reset();
}

Result<void> Worker::start(const link::Stop& stop) {
    if (running()) return {};
    auto talk = socket_pair();
    if (!talk) return tl::unexpected(talk.error());
    auto complaints = complaint_pipe();
    if (!complaints) return tl::unexpected(complaints.error());
    const auto pid = spawn(program_, talk->its.get(), complaints->its.get());
    if (!pid) return tl::unexpected(pid.error());
    counters_.add("worker-starts");
    pid_ = *pid;
    link_ = std::make_unique<link::FdLink>(std::move(talk->ours), program_, Error{Errc::unreachable, "it ended"});
    complaints_ = std::move(complaints->ours);
    words_.clear();
    framer_ = codec::SightFramer(codec::longest_answer);
    talk->its.reset();  // so that its end is seen
    const auto hello = message(limits_.start, stop);
    if (!hello) return tl::unexpected(failed(hello.error()));
    const auto said = codec::decode_hello(*hello);
    if (!said) return tl::unexpected(failed({Errc::corrupt, "its hello is " + std::string(name(said.error()))}));
    if (said->version != codec::sight_version) {
        end();
        return fail(Errc::refused, program_ + " is of another version of the gateway");
    }
    return {};
}

Result<std::string> Worker::message(Ms limit, const link::Stop& stop) {
    const auto until = Steady::now() + limit;
    std::array<char, 1U << 14U> buffer{};
    for (;;) {
        auto whole = framer_.next();
        if (!whole) return fail(Errc::corrupt, "its message is " + std::string(name(whole.error())));
        if (*whole) return **std::move(whole);
        const auto left = std::chrono::ceil<Ms>(until - Steady::now());
        const auto n = link_->read_some(buffer, std::max(left, Ms(0)), stop);
        if (!n) return tl::unexpected(n.error());
        framer_.feed({buffer.data(), *n});
    }
}

std::string Worker::last_words() {
    std::array<char, 4096> buffer{};
    for (;;) {
        const auto n = ::read(complaints_.get(), buffer.data(), buffer.size());
        if (n <= 0) break;
        words_.append(buffer.data(), static_cast<std::size_t>(n));
        if (words_.size() > most_words) words_.erase(0, words_.size() - most_words);
    }
    std::string_view line = words_;
    while (line.ends_with('\n')) line.remove_suffix(1);
    if (const auto begin = line.rfind('\n'); begin != std::string_view::npos) line.remove_prefix(begin + 1);
    return printable(line, 200);
}

Error Worker::failed(const Error& why) {
    Error out = why;
    if (why.code == Errc::closed) {  // a stop request is no fault of the worker
        end();
        return out;
    }
    counters_.add(why.code == Errc::timeout   ? "worker-hangs"
                  : why.code == Errc::corrupt ? "worker-garbage"
                                              : "worker-deaths");
    const auto ended = end_of(std::exchange(pid_, -1));
    const auto words = last_words();
    end();
    if (why.code == Errc::timeout) {
        out.detail = "the image worker hung and was ended";
    } else if (why.code == Errc::corrupt) {
        out.detail = "the image worker answered nonsense: " + why.detail;
    } else {
        out = {Errc::unreachable, "the image worker died: " + ended};
    }
    if (!words.empty()) out.detail += ": " + words;
    return out;
}

Result<codec::SightAnswer> Worker::look(codec::SightRequest request, const link::Stop& stop) {
    if (request.pixels.size() > codec::most_pixel_bytes) {
        counters_.add("refused-too-large");
        return fail(Errc::refused, "too-large: more than " + std::to_string(codec::most_pixel_bytes >> 20U) + " MiB");
    }
    if (auto started = start(stop); !started) return tl::unexpected(started.error());
    counters_.add("pictures");
    request.id = ++id_;
    const auto limit = limits_.beyond + Ms(request.options.budget_ms);
    const auto sent = link_->write_all(codec::encode(request), limit, stop);
    auto said = sent ? message(limit, stop) : Result<std::string>(tl::unexpected(sent.error()));
    if (!said) return tl::unexpected(failed(said.error()));
    (void)last_words();
    auto answer = codec::decode_answer(*said);
    if (!answer) return tl::unexpected(failed({Errc::corrupt, "its answer is " + std::string(name(answer.error()))}));
    if (answer->id != request.id) return tl::unexpected(failed({Errc::corrupt, "it answered another question"}));
    if (answer->refusal != codec::SightRefusal::none) {
        counters_.add("refused-" + std::string(name(answer->refusal)));
        return fail(Errc::refused, std::string(name(answer->refusal)));
    }
    counters_.add("codes", answer->codes.size());
    return *std::move(answer);
}

}  // namespace hefang::worker
