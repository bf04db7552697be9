#pragma once
#include <stdlib.h>

#include <filesystem>
#include <string>
#include <vector>

#include "app/turn.hpp"
#include "evidence/event.hpp"
#include "shim/vfs_shim.hpp"
#include "store/store.hpp"

namespace hefang::app::test {

/// A clock that the test moves. Starts in 2026, synced.
struct HandClock final : Clock {
    mutable std::int64_t boot = 1'000'000;
    std::int64_t wall = 1'795'400'000'000;
    [[nodiscard]] Now now() const override { return {{wall + boot}, {boot}, ClockState::synced}; }
};

struct Folder {
    std::string path;
    Folder() {
        std::string name = std::filesystem::temp_directory_path() / "hefang-turn-XXXXXX";
        path = ::mkdtemp(name.data());
    }
    ~Folder() { std::filesystem::remove_all(path); }
};

/// Commands as the sorter's driver would hear them.
struct HeardSorter final : driver::SorterOutput {
    std::vector<std::vector<reading::SorterCommand>> heard;
    void want(std::vector<reading::SorterCommand> commands) override { heard.push_back(std::move(commands)); }
    [[nodiscard]] std::vector<std::uint16_t> sequences() const {
        std::vector<std::uint16_t> out;
        for (const auto& set : heard)
            for (const auto& c : set) out.push_back(c.sequence);
        return out;
    }
};

inline core::SiteModel one_lane() {
    core::SiteModel site;
    core::LaneModel lane;
    lane.id = LaneId("line-1");
    lane.readers = {DeviceId("reader-1")};
    lane.sorter = DeviceId("sorter-1");
    std::array<std::optional<std::int32_t>, core::class_count> chutes{};
    chutes[static_cast<std::size_t>(core::ParcelClass::release)] = 1;
    chutes[static_cast<std::size_t>(core::ParcelClass::inspect)] = 2;
    chutes[static_cast<std::size_t>(core::ParcelClass::hold)] = 3;
    lane.chutes = core::with_fallbacks(chutes);
    site.lanes.push_back(lane);
    site.policy.version = "test-1";
    return site;
}

/// The turn over a real store in a folder, without threads: devices are what the test posts.
struct Bench {
    const Clock& clock;
    std::string folder, vfs;
    CoreMailbox mailbox;
    CoreMailbox::Inlet& inlet = mailbox.inlet(device_inlet);
    HeardSorter sorter;
    std::vector<std::pair<std::uint64_t, std::string>> left;  ///< facts that left the turn
    bool checks_inbox = false;  ///< [policy] inbox_quiet_for_min
    std::unique_ptr<store::Store> store;
    std::unique_ptr<Turn> turn;

    Bench(const Clock& c, std::string path, std::string vfs_name = {}) : clock(c), folder(std::move(path)), vfs(std::move(vfs_name)) {}

    Result<void> open(StoreLimits limits = {}) {
        store::StoreOptions options;
        options.path = folder;
        options.vfs = vfs;
        options.envelope.gateway = "test-gw";
        auto opened = store::Store::open(std::move(options), clock.now());
        if (!opened) return tl::unexpected(opened.error());
        store = std::move(*opened);
        Outlets outlets;
        outlets.sorters = {&sorter};
        outlets.committed = [this](std::uint64_t n, std::string bytes) { left.emplace_back(n, std::move(bytes)); };
        auto site = one_lane();
        site.policy.inbox_quiet_for_min = checks_inbox ? 10 : 0;
        turn = std::make_unique<Turn>(std::move(site), *store, clock, mailbox, std::move(outlets), limits);
        return turn->begin();
    }
    void close() {
        turn.reset();
        store.reset();
    }

    void post(reading::Reading r) { (void)inlet.post(Message(std::move(r))); }
    [[nodiscard]] BootTime at() const { return clock.now().boot; }
    /// Up so long ago that nothing from before can still be read.
    void sorter_up(std::uint64_t session = 7) { post(reading::SorterUp{DeviceId("sorter-1"), at() + -1'000, session}); }
    void parcel(std::uint16_t sequence, const std::string& waybill, std::uint64_t session = 7) {
        post(reading::Induction{DeviceId("sorter-1"), at(), session, sequence, 300});
        post(reading::CodesRead{DeviceId("reader-1"), at(), sequence, {{waybill, ""}}});
    }
    /// Every passage.decided that left, by waybill.
    [[nodiscard]] std::vector<std::string> waybills_left() const {
        std::vector<std::string> out;
        for (const auto& [n, bytes] : left) {
            const auto event = evidence::parse_event(bytes);
            if (!event) continue;
            if (const auto* d = std::get_if<core::PassageDecided>(&event->fact)) out.push_back(d->waybill);
        }
        return out;
    }
};

}  // namespace hefang::app::test
