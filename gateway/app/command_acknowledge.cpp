#include "app/commands.hpp"
#include "app/load_or_tell.hpp"
#include "app/restore.hpp"
#include "base/text.hpp"

#include <algorithm>
#include <cstdio>

namespace hefang::app {
namespace {

constexpr std::size_t longest_name = 64;

int failed(const std::string& why) {
    std::fprintf(stderr, "hefang: %s\n", why.c_str());
    return exit_failed;
}

bool is_watched(const Config& config, const DeviceId& device) {
    return std::any_of(config.lanes.begin(), config.lanes.end(), [&](const core::LaneModel& lane) {
        return std::any_of(lane.alarms.begin(), lane.alarms.end(), [&](const auto& a) { return a.device == device; });
    });
}

Result<void> record(store::Store& store, const core::Fact& fact, const Now& now) {
    if (auto done = store.begin(); !done) return done;
    auto done = store.append({&fact, 1}, now);
    if (done) done = store.commit();
    if (!done) store.rollback();
    return done;
}

}  // namespace

int acknowledge_command(const std::string& config, const std::string& device, const std::string& by) {
    const auto loaded = load_or_tell(config);
    if (!loaded) return exit_usage;
    if (by.empty() || by.size() > longest_name || !is_clean_utf8(by)) {
        std::fprintf(stderr, "hefang: --by needs the name of who answers for it: 1 to 64 bytes\n");
        return exit_usage;
    }
    const DeviceId id(device);
    if (!is_watched(*loaded, id)) {
        std::fprintf(stderr, "hefang: '%s' is a device whose alarm locks no lane\n", printable(device, 60).c_str());
        return exit_usage;
    }
    const SystemClock clock;
    store::StoreOptions options;
    options.path = loaded->store.path.string();
    options.envelope = envelope_of(*loaded, boot_id());
    auto store = store::Store::open(std::move(options), clock.now());
    if (!store) {
        const bool runs = store.error().code == Errc::busy;
        return failed(store.error().detail +
                      (runs ? "; stop the gateway, look at the area, and acknowledge then" : ""));
    }
    const auto state = restored(site_model(*loaded), **store);
    if (!state) return failed(state.error().detail);
    if (!state->alarms.contains(id)) return failed("no alarm of '" + device + "' waits to be acknowledged");
    if (const auto done = record(**store, core::AlarmAcknowledged{id, by}, clock.now()); !done)
        return failed("not acknowledged: " + done.error().detail);
    std::printf("acknowledged: the alarm of '%s', by %s; its lanes are free once it says clear\n", device.c_str(),
                by.c_str());
    return exit_ok;
}

}  // namespace hefang::app
