#pragma once
#include <string>
#include <vector>

/// One function a subcommand: prints its answer on stdout, each failure as one clear line on stderr, and returns the
/// exit code. `json`: a program reads stdout.
namespace hefang::app {

constexpr int exit_ok = 0;
constexpr int exit_failed = 1;  ///< it was done, and the answer is bad (refused file, broken chain, number unknown)
constexpr int exit_usage = 2;   ///< the configuration or the command line is wrong
constexpr int exit_nobody = 3;  ///< import: no gateway took the files

[[nodiscard]] int run_command(const std::string& config);
[[nodiscard]] int check_command(const std::string& config, bool json);
/// Waits at most `wait_s` for each outcome.
[[nodiscard]] int import_command(const std::string& config, const std::vector<std::string>& files, bool json,
                                 int wait_s);
[[nodiscard]] int track_command(const std::string& config, const std::string& number, bool json);
[[nodiscard]] int verify_command(const std::string& config, bool json);

struct DecodeOptions {
    int budget_ms = 150;           ///< for each picture
    bool upc_e = false;            ///< told as well
    std::vector<int> itf_lengths;  ///< empty: even lengths from 6 on
    std::string worker;            ///< path of the image worker; empty: the one that belongs to this program
};
/// Reads paths of pictures from stdin, one a line, and writes one line of JSON each to stdout, as soon as it is known.
[[nodiscard]] int decode_command(const DecodeOptions& options);

}  // namespace hefang::app
