#include "vision/confine.hpp"

#include <linux/audit.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/syscall.h>

#include <array>
#include <cerrno>
#include <cstddef>
#include <ctime>

namespace hefang::vision {
namespace {

#if defined(__x86_64__)
constexpr unsigned own_architecture = AUDIT_ARCH_X86_64;
#elif defined(__aarch64__)
constexpr unsigned own_architecture = AUDIT_ARCH_AARCH64;
#else
#error "which calls are denied is known for x86-64 and arm64"
#endif

/// What opens something new: files, sockets, programs, other processes.
constexpr std::array denied{
    __NR_socket,   __NR_socketpair, __NR_connect, __NR_bind,           __NR_execve,
    __NR_execveat, __NR_openat,     __NR_ptrace,  __NR_io_uring_setup,
#ifdef __NR_open
    __NR_open,     __NR_creat,      __NR_fork,    __NR_vfork,
#endif
#ifdef __NR_openat2
    __NR_openat2,
#endif
};

bool limit(int what, rlim_t most) {
    const rlimit both{most, most};
    return ::setrlimit(static_cast<__rlimit_resource>(what), &both) == 0;
}

bool deny_calls() {
    std::array<sock_filter, 6 + 2 * denied.size()> program{};
    std::size_t n = 0;
    const auto add = [&](sock_filter f) { program[n++] = f; };
    add(BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(seccomp_data, arch)));
    add(BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, own_architecture, 1, 0));
    add(BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_KILL_PROCESS));
    add(BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(seccomp_data, nr)));
    for (const auto call : denied) {
        add(BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, static_cast<unsigned>(call), 0, 1));
        add(BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ERRNO | EACCES));
    }
    add(BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW));
    sock_fprog filter{static_cast<unsigned short>(n), program.data()};
    return ::prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, &filter) == 0;
}

}  // namespace

bool confine() {
#if !defined(__SANITIZE_ADDRESS__) && !defined(__SANITIZE_THREAD__)  // their shadow takes terabytes of addresses
    if (!limit(RLIMIT_AS, most_memory)) return false;
#endif
    const bool limited = limit(RLIMIT_CORE, 0) && limit(RLIMIT_FSIZE, 0);
    return limited && ::prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) == 0 && deny_calls();
}

void allow_cpu_seconds() {
    std::timespec used{};
    ::clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &used);
    rlimit both{};
    if (::getrlimit(RLIMIT_CPU, &both) != 0) return;
    both.rlim_cur = static_cast<rlim_t>(used.tv_sec) + most_cpu_s;
    if (both.rlim_max != RLIM_INFINITY && both.rlim_cur > both.rlim_max) both.rlim_cur = both.rlim_max;
    ::setrlimit(RLIMIT_CPU, &both);
}

}  // namespace hefang::vision
