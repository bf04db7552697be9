#pragma once
#include "link/address.hpp"
#include "link/descriptor.hpp"
#include "link/stop.hpp"

#include <chrono>
#include <filesystem>

namespace hefang::link {

/// True when the name of a serial device is there; other links have none.
[[nodiscard]] bool has_name(const LinkAddress& address);

/// Watches for the name of a serial device: an adapter that is plugged in again gets its name in /dev/serial/by-id. The
/// folder may go with the last adapter; then the nearest folder above it that exists is watched. For one thread.
class NameWatch {
  public:
    /// What happens to the name from now on is seen. Links without a name never arrive.
    explicit NameWatch(const LinkAddress& address);

    enum class Woken { stopped, arrived, nothing };
    /// Waits at most `limit`. `arrived`: the name was made, or its rights were changed, and it exists.
    [[nodiscard]] Woken wait_for(std::chrono::milliseconds limit, const Stop& stop);

  private:
    /// Watches the nearest folder that exists.
    void watch();
    /// Reads what was told; true when the name itself is meant, and is there.
    [[nodiscard]] bool told();

    std::filesystem::path name_;   ///< empty: a link without a name
    std::filesystem::path entry_;  ///< of the watched folder: the next step towards name_
    Descriptor notices_;
    int watched_ = -1;
};

}  // namespace hefang::link
