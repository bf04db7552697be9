#include "app/stop_signal.hpp"

#include <csignal>

namespace hefang::app {
namespace {

link::Stop* stop_request = nullptr;  // set before the signals are caught

extern "C" void on_stop_signal(int) { stop_request->request(); }  // Stop::request only stores and writes: safe here

}  // namespace

link::Stop& stop_on_signals() {
    static link::Stop stop;
    if (stop_request != nullptr) return stop;
    stop_request = &stop;
    std::signal(SIGINT, on_stop_signal);
    std::signal(SIGTERM, on_stop_signal);
    return stop;
}

}  // namespace hefang::app
