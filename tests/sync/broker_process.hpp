#pragma once
#include <sys/types.h>

#include <cstdint>
#include <functional>
#include <string>

namespace hefang::test {

/// True when mosquitto is installed; else says on stdout that the test is skipped.
[[nodiscard]] bool broker_available();

/// Polls until `condition` holds; false when it did not within `limit_ms`.
[[nodiscard]] bool eventually(const std::function<bool()>& condition, std::int64_t limit_ms = 60000);

/// A mosquitto of the test's own on a free loopback port. Started and stopped by its process id; dies with the test.
class BrokerProcess {
  public:
    BrokerProcess();
    ~BrokerProcess();
    BrokerProcess(const BrokerProcess&) = delete;
    BrokerProcess& operator=(const BrokerProcess&) = delete;

    void start();  ///< on the same port as before; returns when it takes connections
    void kill();   ///< SIGKILL: nothing is said to anyone
    void freeze();
    void thaw();
    [[nodiscard]] int port() const { return port_; }
    [[nodiscard]] std::string uri() const { return "mqtt://127.0.0.1:" + std::to_string(port_); }

  private:
    std::string folder_;
    int port_ = 0;
    pid_t pid_ = -1;
};

/// A folder of the test's own, removed at the end.
class TemporaryFolder {
  public:
    TemporaryFolder();
    ~TemporaryFolder();
    TemporaryFolder(const TemporaryFolder&) = delete;
    TemporaryFolder& operator=(const TemporaryFolder&) = delete;
    [[nodiscard]] std::string file(const std::string& name) const { return path_ + "/" + name; }
    [[nodiscard]] const std::string& path() const { return path_; }

  private:
    std::string path_;
};

}  // namespace hefang::test
