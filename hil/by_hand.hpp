#pragma once
#include "hil/wire.hpp"
#include "link/stop.hpp"

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace CLI {
class App;
}

/// Single devices, led by hand: one command a line of the standard input. Each device is a subcommand of hefang-sim in
/// a file of its own; what they share stands here.
namespace hefang::hil {

/// Each adds its subcommand; when it is called it runs until `stop` and sets `code`, the exit code. Both must outlive
/// `program`'s parsing.
void add_scanner_by_hand(CLI::App& program, const link::Stop& stop, int& code);
void add_wedge_by_hand(CLI::App& program, const link::Stop& stop, int& code);
void add_dws_by_hand(CLI::App& program, const link::Stop& stop, int& code);
void add_scale_by_hand(CLI::App& program, const link::Stop& stop, int& code);
void add_modbus_scale_by_hand(CLI::App& program, const link::Stop& stop, int& code);
void add_sorter_by_hand(CLI::App& program, const link::Stop& stop, int& code);
void add_xray_by_hand(CLI::App& program, const link::Stop& stop, int& code);
/// anpr, llrp, radiation.
void add_gate_by_hand(CLI::App& program, const link::Stop& stop, int& code);
void add_board_by_hand(CLI::App& program, const link::Stop& stop, int& code);
void add_printer_by_hand(CLI::App& program, const link::Stop& stop, int& code);

/// Exactly one of the three says how the gateway reaches the device.
struct Where {
    std::string terminal;                  ///< name of a symbolic link to a new terminal
    std::optional<std::uint16_t> listen;   ///< the gateway connects
    std::optional<std::uint16_t> connect;  ///< the gateway listens
};
/// The options that fill `where`; one of them is required.
void add_where(CLI::App& app, Where& where);
[[nodiscard]] Result<std::unique_ptr<Wire>> wire_at(const Where& where);

/// Calls `take` for each line until the input ends (`idle` then goes on until a stop) or a stop is requested.
void each_line(
    const link::Stop& stop, const std::function<void(const std::string&)>& take,
    const std::function<void()>& idle = [] {});

using Words = std::vector<std::string>;
[[nodiscard]] Words words_of(const std::string& line);
/// The number at `at`; 0 where none stands.
[[nodiscard]] unsigned number(const Words& words, std::size_t at);
[[nodiscard]] bool is_on(const Words& words, std::size_t at);

/// Says on stderr what was not sent, and what a line was that no device understands.
void tell(const Result<void>& done);
void not_understood(const std::string& line);
/// Prints the link for the configuration, so that a script can read it.
void print_link(const std::string& address);
/// Says the error; the exit code for it.
[[nodiscard]] int complain(const Error& error);

}  // namespace hefang::hil
