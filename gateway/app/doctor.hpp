#pragma once
#include "app/config.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include <nlohmann/json_fwd.hpp>

/// `hefang doctor`: whether what a gateway needs is there. Changes nothing but a file that it removes again.
namespace hefang::app {

/// `remark`: it works, but there is something to be done about it.
enum class Found { works, remark, fails };

struct Finding {
    std::string what;  ///< "device scale-1", "disk"
    Found found = Found::works;
    std::string detail;  ///< what was seen
    std::string todo;    ///< what to do; empty where it works
};

/// The board of the gateway that runs with this configuration; none when nobody or another program answers.
[[nodiscard]] std::optional<nlohmann::json> running_board(const Config& config);

/// Every device. Where a gateway runs it is asked (`board`); else each link is opened for a moment, all at once.
[[nodiscard]] std::vector<Finding> examine_devices(const Config& config, const nlohmann::json* board);
/// The page, the clock, the disk, the store, the inbox, the broker.
[[nodiscard]] std::vector<Finding> examine_machine(const Config& config, const nlohmann::json* board);

}  // namespace hefang::app
