#include "base/counters.hpp"

#include <algorithm>

namespace hefang {

void Counters::add(std::string_view name, std::uint64_t by) {
    const std::lock_guard lock(mutex_);
    const auto at = std::find_if(cells_.begin(), cells_.end(), [&](const Cell& c) { return c.name == name; });
    if (at != cells_.end()) {
        at->value += by;
    } else {
        cells_.push_back({std::string(name), by});
    }
}

std::uint64_t Counters::value(std::string_view name) const {
    const std::lock_guard lock(mutex_);
    const auto at = std::find_if(cells_.begin(), cells_.end(), [&](const Cell& c) { return c.name == name; });
    return at == cells_.end() ? 0 : at->value;
}

std::vector<Counters::Row> Counters::rows() const {
    const std::lock_guard lock(mutex_);
    std::vector<Row> out;
    for (const auto& c : cells_) out.push_back({c.name, c.value});
    return out;
}

}  // namespace hefang
