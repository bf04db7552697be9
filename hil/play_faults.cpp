#include "hil/play.hpp"

#include <algorithm>

/// What goes wrong in a story, and what it waits for.
namespace hefang::hil {
namespace {

constexpr Ms step_limit{30'000};
constexpr Ms watchdog_limit{1'500};  ///< from the core's standstill to a PLC that obeys nobody

std::size_t count_of(const JournalView& journal, const char* type) {
    const auto at = journal.types().find(std::string("hefang.") + type + ".v1");
    return at == journal.types().end() ? 0 : at->second;
}

}  // namespace

Result<void> Player::fault(const Step& step) {
    const auto& f = step.name;
    const auto every_session_ends = [&] { losses_ += stand_.lines.size(); };
    if (f == "gateway-kill") return stand_.kill_gateway(), Result<void>();
    if (f == "gateway-start") return stand_.start_gateway().and_then([&] { return stand_.await_devices(); });
    if (f == "gateway-freeze") return stand_.freeze_gateway(), every_session_ends(), Result<void>();
    if (f == "gateway-thaw") return stand_.thaw_gateway(), Result<void>();
    if (f == "broker-stop") return stand_.stop_broker(), Result<void>();
    if (f == "broker-start") return stand_.start_broker();
    if (f == "receiver-stop") return stand_.stop_receiver(), Result<void>();
    if (f == "receiver-start") return stand_.start_receiver();
    if (f == "disk-fill") return every_session_ends(), stand_.fill_disk();
    if (f == "disk-free") return stand_.free_disk(), Result<void>();
    auto& line = *stand_.lines[step.line];
    if (f == "scanner-plug") return line.scanner->plug();
    if (f == "plc-restart") return line.sorter->restart(), ++losses_, Result<void>();
    if (f == "scanner-unplug") return line.scanner->unplug(), ++losses_, Result<void>();
    if (f == "miss-divert") return line.sorter->miss_diverts(1), Result<void>();
    if (f == "skip-number") {  // an item that the PLC never told of
        line.last_sequence = codec::sorter::next_sequence(line.last_sequence);
        return {};
    }
    return fail(Errc::refused, "no fault is named '" + f + "'");
}

Result<void> Player::wait_for(const std::string& what) {
    const auto& j = stand_.journal;
    if (what == "decided")
        return await("every decision", step_limit, [&] {
            return std::all_of(passed_.begin(), passed_.end(), [&](const Passed& p) { return decided(p); });
        });
    if (what == "ended")
        return await("the end of every passage", step_limit, [&] {
            return std::all_of(passed_.begin(), passed_.end(), [&](const Passed& p) { return ended(p); });
        });
    if (what == "lost")
        return await("the loss of a device", step_limit, [&] { return count_of(j, "device.lost") >= losses_; });
    if (what == "devices") {
        const auto back = await("all devices back", step_limit, [&] {
            return count_of(j, "device.lost") >= losses_ &&
                   count_of(j, "device.restored") == count_of(j, "device.lost");
        });
        return back ? stand_.await_devices() : back;
    }
    if (what == "synced") return stand_.await_synced(Ms(90'000));
    if (what == "plc-alone") return wait_for_lonely_plcs();
    if (what == "stopped") return wait_for_health(false);
    if (what == "running") return wait_for_health(true);
    return fail(Errc::refused, "no wait is named '" + what + "'");
}

/// http_get() answers only a 200, which /healthz gives while turns complete.
Result<void> Player::wait_for_health(bool good) {
    const auto holds = [&] { return http_get(stand_.port(), "/healthz").has_value() == good; };
    if (eventually(stand_.stop(), step_limit, holds)) return {};
    return fail(Errc::timeout,
                std::string("/healthz does not say that the gateway is ") + (good ? "running" : "stopped"));
}

/// Asks the PLCs only: a frozen gateway answers nobody.
Result<void> Player::wait_for_lonely_plcs() const {
    const auto alone = [&] {
        return std::all_of(stand_.lines.begin(), stand_.lines.end(),
                           [](const auto& line) { return line->sorter->status().accepted_session == 0; });
    };
    if (eventually(stand_.stop(), watchdog_limit, alone)) return {};
    return fail(Errc::timeout, "a PLC still obeys a gateway that has stood still for " +
                                   std::to_string(watchdog_limit.count()) + " ms");
}

}  // namespace hefang::hil
