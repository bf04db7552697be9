#pragma once
#include <algorithm>
#include <chrono>
#include <cstdio>
#include <filesystem>
#include <string>
#include <vector>

#include <stdlib.h>

namespace hefang::bench {

using Steady = std::chrono::steady_clock;

[[nodiscard]] inline double seconds_since(Steady::time_point from) {
    return std::chrono::duration<double>(Steady::now() - from).count();
}

/// One line of the table: a figure beside its floor of the same run.
struct Row {
    std::string figure, measured, floor, ratio, aim, samples;
};

/// Prints at once, so that a run that is ended early has said what it measured.
inline void print(const Row& row) {
    std::printf("%-46s %22s %22s %9s  %-22s %s\n", row.figure.c_str(), row.measured.c_str(), row.floor.c_str(),
                row.ratio.c_str(), row.aim.c_str(), row.samples.c_str());
    std::fflush(stdout);
}

[[nodiscard]] inline std::string format(const char* form, double value) {
    char text[64];
    std::snprintf(text, sizeof text, form, value);
    return text;
}

/// Sorts `values`; the value below which `share` of them lie. Microseconds in, microseconds out.
[[nodiscard]] inline double percentile(std::vector<double>& values, double share) {
    if (values.empty()) return 0;
    std::sort(values.begin(), values.end());
    return values[std::min(values.size() - 1, static_cast<std::size_t>(share * static_cast<double>(values.size())))];
}

struct Folder {
    std::string path;
    explicit Folder(const std::filesystem::path& in = std::filesystem::temp_directory_path()) {
        std::string name = in / "hefang-bench-XXXXXX";
        path = ::mkdtemp(name.data());
    }
    ~Folder() {
        std::error_code ignored;
        std::filesystem::remove_all(path, ignored);
    }
    Folder(const Folder&) = delete;
    Folder& operator=(const Folder&) = delete;
};

struct Scale {
    double seconds = 60;       ///< of each latency run
    int passages = 1'000'000;  ///< in the history of the burst and of verify
    int inventories = 1'000'000;
    int imported = 100'000;
    int belt_frames = 200;  ///< pictures of each set of labels
};

void bench_burst(const Scale& scale);
void bench_latency(const Scale& scale);
void bench_import(const Scale& scale);
void bench_verify(const Scale& scale);
void bench_drain(const Scale& scale);
void bench_start(const Scale& scale);
void bench_devices(const Scale& scale);
void bench_camera(const Scale& scale);

}  // namespace hefang::bench
