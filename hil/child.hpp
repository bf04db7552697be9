#pragma once
#include "base/result.hpp"
#include "link/stop.hpp"

#include <sys/types.h>

#include <chrono>
#include <cstdint>
#include <functional>
#include <string>
#include <vector>

namespace hefang::hil {

using Ms = std::chrono::milliseconds;

/// A program that runs beside the simulators. It has a process group of its own, so that a Ctrl-C at the terminal ends
/// only the simulator, which then ends its children in order; it dies with the simulator in any case. Start it on the
/// main thread: the kernel ties the child's life to the thread that made it.
class Child {
  public:
    Child() = default;
    ~Child() { end(); }
    Child(Child&& other) noexcept;
    Child& operator=(Child&& other) noexcept;

    /// `arguments`: path first. Its output and its complaints are appended to the two files.
    [[nodiscard]] static Result<Child> start(const std::vector<std::string>& arguments, const std::string& out_file,
                                             const std::string& error_file);

    [[nodiscard]] bool running();
    [[nodiscard]] pid_t pid() const { return pid_; }
    /// SIGTERM, after `patience` SIGKILL; returns when it is gone.
    void end(Ms patience = Ms(3000)) noexcept;
    /// kill -9; returns when it is gone.
    void kill() noexcept;
    /// SIGSTOP: every thread of it stands still until thaw(); kill() works all the same.
    void freeze() const noexcept;
    void thaw() const noexcept;

  private:
    pid_t pid_ = -1;
};

/// Runs to its end; its exit code and both outputs. Stopped after `limit`: then the code is -1.
struct Ran {
    int code = -1;
    std::string out, error;
};
[[nodiscard]] Result<Ran> run_to_end(const std::vector<std::string>& arguments, const std::string& scratch, Ms limit);

/// Where programs that are installed together with this one lie; with a trailing '/'.
[[nodiscard]] std::string own_folder();
[[nodiscard]] Result<std::string> broker_program();
/// A port of the loopback that nobody listens on now.
[[nodiscard]] Result<std::uint16_t> free_port();
[[nodiscard]] bool takes_connections(std::uint16_t port);

/// Looks every few milliseconds until `condition` holds; false after `limit`, or when a stop is requested.
[[nodiscard]] bool eventually(const link::Stop& stop, Ms limit, const std::function<bool()>& condition);

/// GET from 127.0.0.1; the body of a 200.
[[nodiscard]] Result<std::string> http_get(std::uint16_t port, const std::string& target);

}  // namespace hefang::hil
