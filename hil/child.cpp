#include "hil/child.hpp"

#include <sys/prctl.h>
#include <sys/wait.h>

#include <array>
#include <cerrno>
#include <csignal>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <system_error>
#include <thread>
#include <utility>

#include <fcntl.h>
#include <unistd.h>

namespace hefang::hil {
namespace {

tl::unexpected<Error> failed(const std::string& what) {
    return fail(Errc::unreachable, what + ": " + std::generic_category().message(errno));
}

/// In the new process, between fork and exec: nothing here may allocate.
[[noreturn]] void become(char* const* arguments, int in, int out, int error, pid_t parent) {
    ::setpgid(0, 0);
    ::prctl(PR_SET_PDEATHSIG, SIGKILL);
    if (::getppid() != parent) ::_exit(126);  // it died before the tie held
    sigset_t none;
    ::sigemptyset(&none);
    ::sigprocmask(SIG_SETMASK, &none, nullptr);
    ::dup2(in, 0);
    ::dup2(out, 1);
    ::dup2(error, 2);
    ::execv(arguments[0], arguments);
    ::_exit(127);
}

std::string text_of(const std::string& file) {
    std::ifstream in(file, std::ios::binary);
    return {std::istreambuf_iterator<char>(in), {}};
}

}  // namespace

Child::Child(Child&& other) noexcept : pid_(std::exchange(other.pid_, -1)) {}

Child& Child::operator=(Child&& other) noexcept {
    if (this != &other) {
        end();
        pid_ = std::exchange(other.pid_, -1);
    }
    return *this;
}

Result<Child> Child::start(const std::vector<std::string>& arguments, const std::string& out_file,
                           const std::string& error_file) {
    if (::access(arguments.front().c_str(), X_OK) != 0) return failed(arguments.front());
    std::vector<std::string> copies = arguments;
    std::vector<char*> pointers;
    for (auto& copy : copies) pointers.push_back(copy.data());
    pointers.push_back(nullptr);
    const auto open_log = [](const std::string& file) {
        return ::open(file.c_str(), O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0600);
    };
    const int in = ::open("/dev/null", O_RDONLY | O_CLOEXEC);
    const int out = open_log(out_file);
    const int error = open_log(error_file);
    Child child;
    const pid_t parent = ::getpid();
    if (in >= 0 && out >= 0 && error >= 0) {
        child.pid_ = ::fork();
        if (child.pid_ == 0) become(pointers.data(), in, out, error, parent);
    }
    const int why = errno;
    for (const int fd : {in, out, error})
        if (fd >= 0) ::close(fd);
    errno = why;
    if (child.pid_ < 0) return failed(arguments.front());
    return child;
}

bool Child::running() {
    if (pid_ > 0 && ::waitpid(pid_, nullptr, WNOHANG) == pid_) pid_ = -1;
    return pid_ > 0;
}

void Child::end(Ms patience) noexcept {
    if (pid_ <= 0) return;
    ::kill(pid_, SIGTERM);
    thaw();  // a frozen one could not end by itself
    const auto until = std::chrono::steady_clock::now() + patience;
    while (running() && std::chrono::steady_clock::now() < until) std::this_thread::sleep_for(Ms(5));
    kill();
}

void Child::kill() noexcept {
    if (pid_ <= 0) return;
    ::kill(pid_, SIGKILL);
    while (::waitpid(pid_, nullptr, 0) < 0 && errno == EINTR) {
    }
    pid_ = -1;
}

void Child::freeze() const noexcept {
    if (pid_ > 0) ::kill(pid_, SIGSTOP);
}

void Child::thaw() const noexcept {
    if (pid_ > 0) ::kill(pid_, SIGCONT);
}

Result<Ran> run_to_end(const std::vector<std::string>& arguments, const std::string& scratch, Ms limit) {
    static int count = 0;  // main thread only, as Child::start
    const std::string base = scratch + "/run-" + std::to_string(++count);
    auto child = Child::start(arguments, base + ".out", base + ".err");
    if (!child) return tl::unexpected(child.error());
    Ran ran;
    const auto until = std::chrono::steady_clock::now() + limit;
    int status = 0;
    const pid_t pid = child->pid();
    for (;;) {
        siginfo_t info{};
        if (::waitid(P_PID, static_cast<id_t>(pid), &info, WEXITED | WNOHANG | WNOWAIT) == 0 && info.si_pid == pid) {
            status = info.si_status;
            ran.code = info.si_code == CLD_EXITED ? status : 128 + status;
            break;
        }
        if (std::chrono::steady_clock::now() >= until) break;
        std::this_thread::sleep_for(Ms(5));
    }
    child->end();
    ran.out = text_of(base + ".out");
    ran.error = text_of(base + ".err");
    return ran;
}

std::string own_folder() {
    std::error_code error;
    const auto self = std::filesystem::read_symlink("/proc/self/exe", error);
    return self.parent_path().string() + "/";
}

Result<std::string> broker_program() {
    for (const char* path : {"/usr/sbin/mosquitto", "/usr/bin/mosquitto", "/usr/local/sbin/mosquitto"})
        if (::access(path, X_OK) == 0) return path;
    return fail(Errc::not_found, "mosquitto is not installed (apt-get install mosquitto)");
}

bool eventually(const link::Stop& stop, Ms limit, const std::function<bool()>& condition) {
    const auto until = std::chrono::steady_clock::now() + limit;
    while (!condition()) {
        if (std::chrono::steady_clock::now() >= until || stop.wait_for(Ms(5))) return false;
    }
    return true;
}

}  // namespace hefang::hil
