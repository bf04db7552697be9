#include "app/commands.hpp"
#include "app/gateway.hpp"
#include "app/load_or_tell.hpp"
#include "app/stop_signal.hpp"

#include <csignal>
#include <cstdio>

namespace hefang::app {

int run_command(const std::string& config) {
    const auto loaded = load_or_tell(config);
    if (!loaded) return exit_usage;
    const auto& stop = stop_on_signals();
    std::signal(SIGPIPE, SIG_IGN);
    auto gateway = Gateway::open(*loaded);
    if (!gateway) {
        std::fprintf(stderr, "hefang: %s\n", gateway.error().detail.c_str());
        return exit_failed;
    }
    const auto& host = loaded->web.host;
    const bool six = host.find(':') != std::string::npos;
    std::printf("http://%s%s%s:%u/\n", six ? "[" : "", host.c_str(), six ? "]" : "", (*gateway)->port());
    std::fflush(stdout);
    (*gateway)->run(stop);
    return exit_ok;
}

}  // namespace hefang::app
