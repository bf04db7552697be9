#include "probe/speaker.hpp"

#include "catalog/catalog.hpp"

#include <algorithm>
#include <optional>
#include <thread>
#include <tuple>

namespace hefang::probe {
namespace {

constexpr std::chrono::milliseconds longest_try{1000};

/// Takes all and keeps nothing.
struct Nowhere final : driver::Sink {
    bool post(reading::Reading&&, const link::Stop& stop) override { return !stop.requested(); }
};

/// Stands for a line that was recorded; the recording is played instead of it.
const link::SerialAddress recorded{"/dev/null"};

std::optional<Speaker> tried(const driver::Kind& row, const Recording& recording) {
    driver::DeviceConfig config{DeviceId("probe"), std::string(row.kind), std::string(row.protocol), recorded, {}};
    driver::Surroundings around;
    around.core_alive = [] { return false; };
    around.endpoint = [&](const link::LinkAddress&) -> Result<std::unique_ptr<link::Endpoint>> {
        return played(recording);
    };
    auto made = driver::make(config, around);
    if (!made) return std::nullopt;  // it needs settings that nobody can guess, or another link
    Speaker out{config.kind, config.protocol};
    SystemClock clock;
    Nowhere nowhere;
    Counters counters;
    link::Stop stop;
    // A driver that asks keeps its pace, however fast the recording answers.
    std::jthread limit([&] {
        if (!stop.wait_for(longest_try)) stop.request();
    });
    const auto alive = [&](driver::Sign sign) { out.frames += sign == driver::Sign::data ? 1 : 0; };
    driver::Driver::Context context{clock, nowhere, counters, stop, alive};
    (void)made->driver->live(context);
    stop.request();
    for (const auto& counter : counters.rows())
        if (counter.name.starts_with("refused-")) out.refused += counter.value;
    return out.frames == 0 ? std::nullopt : std::optional(std::move(out));
}

}  // namespace

std::vector<Speaker> speakers_of(const Recording& recording) {
    std::vector<Speaker> out;
    for (const auto& row : driver::catalog()) {
        if (row.kind != "scale" || row.links.find("serial") == std::string_view::npos) continue;
        if (auto speaker = tried(row, recording)) out.push_back(std::move(*speaker));
    }
    std::stable_sort(out.begin(), out.end(), [](const Speaker& a, const Speaker& b) {
        return std::tuple(b.frames, a.refused) < std::tuple(a.frames, b.refused);
    });
    return out;
}

}  // namespace hefang::probe
