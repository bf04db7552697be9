#pragma once
#include "base/result.hpp"

#include <cstdint>
#include <filesystem>
#include <functional>
#include <string>

namespace hefang::receiver {

/// One JSON line: what is stored of each gateway and each epoch, its presence, and how many alarms there are. Reads
/// only; may run beside a receiver.
[[nodiscard]] Result<std::string> status_line(const std::filesystem::path& database);

struct ListedFact {
    std::string gateway, epoch;
    std::uint64_t sequence = 0;
    std::string type;   ///< empty when it could not be read
    std::string fault;  ///< why it is quarantined; empty when it is understood
    std::string hash;   ///< hexadecimal
};

/// Every fact stored, by gateway, epoch and sequence.
[[nodiscard]] Result<void> list_facts(const std::filesystem::path& database,
                                      const std::function<void(const ListedFact&)>& each);

struct ListedAlarm {
    std::string gateway, epoch;
    std::uint64_t sequence = 0;
    std::string kind, detail;
};

[[nodiscard]] Result<void> list_alarms(const std::filesystem::path& database,
                                       const std::function<void(const ListedAlarm&)>& each);

}  // namespace hefang::receiver
