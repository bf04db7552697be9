#include "vision/confine.hpp"
#include "vision/serve.hpp"

#include <sys/prctl.h>

#include <csignal>
#include <cstdio>

#include <unistd.h>

/// hefang-vision: the worker that parses pictures for the gateway. Requests on stdin, answers on stdout.
int main() {
    // Ends with its parent even while it stands still; a parent that is gone already shows as the end of stdin.
    ::prctl(PR_SET_PDEATHSIG, SIGKILL);
    // Libraries print where they like: only answers may reach stdout.
    const int out = ::dup(STDOUT_FILENO);
    if (out < 0 || ::dup2(STDERR_FILENO, STDOUT_FILENO) < 0) return 1;
    if (!hefang::vision::confine()) {
        std::fputs("hefang-vision: the kernel refuses to confine it\n", stderr);
        return 1;
    }
    return hefang::vision::serve(STDIN_FILENO, out, hefang::vision::allow_cpu_seconds);
}
