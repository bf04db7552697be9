#pragma once
#include <string>
#include <vector>

/// One function a subcommand: prints its answer on stdout, each failure as one clear line on stderr, and returns the
/// exit code. `json`: a program reads stdout.
namespace hefang::app {

constexpr int exit_ok = 0;
constexpr int exit_failed =
    1;  ///< it was done, and the answer is bad (refused file, broken chain, number unknown, nothing heard)
constexpr int exit_usage = 2;   ///< the configuration or the command line is wrong
constexpr int exit_nobody = 3;  ///< import: no gateway took the files

[[nodiscard]] int run_command(const std::string& config);
[[nodiscard]] int check_command(const std::string& config, bool json);
/// Waits at most `wait_s` for each outcome.
[[nodiscard]] int import_command(const std::string& config, const std::vector<std::string>& files, bool json,
                                 int wait_s);
[[nodiscard]] int track_command(const std::string& config, const std::string& number, bool json);
/// Only while no gateway runs on the store: an alarm is not acknowledged in passing.
[[nodiscard]] int acknowledge_command(const std::string& config, const std::string& device, const std::string& by);
[[nodiscard]] int verify_command(const std::string& config, bool json);
/// exit_failed when something that the gateway needs does not work.
[[nodiscard]] int doctor_command(const std::string& config, bool json);

struct ProbeOptions {
    std::string link;                   ///< as in a configuration
    std::string as;                     ///< "KIND" or "KIND/PROTOCOL"; empty: raw bytes only
    std::vector<std::string> settings;  ///< "key=value" of the device
    std::string registers;              ///< "ADDRESS" or "ADDRESS:COUNT" of a Modbus device; empty: not asked for
    int seconds = 10;                   ///< 0: until a stop
    bool json = false;
};
/// exit_failed when nothing came that could be used.
[[nodiscard]] int probe_command(const ProbeOptions& options);

struct DecodeOptions {
    int budget_ms = 150;           ///< for each picture
    bool upc_e = false;            ///< told as well
    std::vector<int> itf_lengths;  ///< empty: even lengths from 6 on
    std::string worker;            ///< path of the image worker; empty: the one that belongs to this program
};
/// Reads paths of pictures from stdin, one a line, and writes one line of JSON each to stdout, as soon as it is known.
[[nodiscard]] int decode_command(const DecodeOptions& options);

}  // namespace hefang::app
