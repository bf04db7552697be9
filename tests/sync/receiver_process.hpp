#pragma once
#include <sys/types.h>

#include <cstdint>
#include <string>

namespace hefang::test {

/// A receiver in a process of its own, as in the field: this very program, run again with a hidden test case that
/// serves. (Two clients of the MQTT library in one process need 2 s to connect.)
class ReceiverProcess {
  public:
    /// Returns when it is subscribed. `name` tells several on one database apart.
    ReceiverProcess(const std::string& broker, const std::string& folder, const std::string& name = "r");
    ~ReceiverProcess();  ///< SIGKILL when it still runs
    ReceiverProcess(const ReceiverProcess&) = delete;
    ReceiverProcess& operator=(const ReceiverProcess&) = delete;

    void kill();
    void stop();  ///< SIGTERM; its counters can be read afterwards
    [[nodiscard]] std::uint64_t counter(const std::string& name) const;

  private:
    void end(int signal);
    std::string ready_, counters_;
    pid_t pid_ = -1;
};

}  // namespace hefang::test
