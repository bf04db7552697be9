#pragma once
#include "app/config.hpp"
#include "base/result.hpp"
#include "link/stop.hpp"

#include <cstdint>
#include <memory>
#include <string>

namespace hefang::app {

struct GatewayOptions {
    std::string vfs;   ///< SQLite VFS of the store; empty: the system's. For tests that make the disk fail.
    std::string boot;  ///< the kernel's boot id; empty: read it
};

/// One gateway of one site: store, core, devices, import, web and sync, wired. Everything lives from open() to the
/// destructor, which ends every thread.
class Gateway {
  public:
    /// Takes the store's lock, replays, binds the web address. Devices start with run().
    [[nodiscard]] static Result<std::unique_ptr<Gateway>> open(const Config& config,
                                                               const GatewayOptions& options = {});
    ~Gateway();

    /// Runs turns on the calling thread until `stop` is requested; then ends devices first, writes a last snapshot.
    /// Tells systemd when it is ready and, while turns complete, that it lives.
    void run(const link::Stop& stop);

    /// Of the page; also when the configuration says 0.
    [[nodiscard]] std::uint16_t port() const;

  private:
    struct Parts;
    explicit Gateway(std::unique_ptr<Parts> parts);
    std::unique_ptr<Parts> parts_;
};

}  // namespace hefang::app
