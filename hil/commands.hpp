#pragma once
#include "link/stop.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

/// The subcommands of hefang-sim. Each runs on the main thread until it is done or a stop is requested, leaves no child
/// behind, and returns the exit code.
namespace hefang::hil {

struct DemoOptions {
    std::int64_t seconds = 0;  ///< 0: until it is stopped
    std::uint16_t port = 0;    ///< of the page; 0: a free one
    std::uint32_t seed = 1;
    std::string bin;  ///< where the programs are; empty: beside this one
};
[[nodiscard]] int demo(const DemoOptions& options, const link::Stop& stop);

struct ScenarioOptions {
    std::vector<std::string> files;
    bool keep = false;
    std::string bin;
};
[[nodiscard]] int scenario(const ScenarioOptions& options, const link::Stop& stop);

struct CrashOptions {
    int cycles = 20;
    std::uint32_t seed = 1;
    int readers = 4;
    std::int64_t restart_limit_ms = 1000;  ///< for the first scan after a start
    bool keep = false;
    std::string bin;
};
[[nodiscard]] int crash(const CrashOptions& options, const link::Stop& stop);

}  // namespace hefang::hil
