#include "app/commands.hpp"
#include "app/gateway.hpp"
#include "app/load_or_tell.hpp"

#include <csignal>
#include <cstdio>

namespace hefang::app {
namespace {

link::Stop* stop_request = nullptr;  // of the one gateway of this process; set before the signals are caught

extern "C" void on_stop_signal(int) { stop_request->request(); }  // Stop::request only stores and writes: safe here

}  // namespace

int run_command(const std::string& config) {
    const auto loaded = load_or_tell(config);
    if (!loaded) return exit_usage;
    static link::Stop stop;
    stop_request = &stop;
    std::signal(SIGINT, on_stop_signal);
    std::signal(SIGTERM, on_stop_signal);
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
