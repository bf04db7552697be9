#pragma once
#include "app/turn.hpp"
#include "evidence/event.hpp"
#include "shim/vfs_shim.hpp"
#include "store/reader.hpp"
#include "store/store.hpp"

#include <filesystem>
#include <string>
#include <vector>

#include <catch2/catch.hpp>
#include <stdlib.h>

namespace hefang::app::test {

/// A clock that the test moves. Starts in 2026, synced.
struct HandClock final : Clock {
    mutable std::int64_t boot = 1'000'000;
    std::int64_t wall = 1'795'400'000'000;
    ClockState state = ClockState::synced;
    [[nodiscard]] Now now() const override { return {{wall + boot}, {boot}, state}; }
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
    bool checks_inbox = false;                                ///< [policy] inbox_quiet_for_min
    std::size_t parked_limit = 200'000;
    std::vector<std::uint64_t> grew;  ///< what the uplink was told
    std::unique_ptr<store::Store> store;
    std::unique_ptr<Turn> turn;

    Bench(const Clock& c, std::string path, std::string vfs_name = {})
        : clock(c), folder(std::move(path)), vfs(std::move(vfs_name)) {}

    Result<void> open(StoreLimits limits = {}) {
        store::StoreOptions options;
        options.path = folder;
        options.vfs = vfs;
        options.envelope.gateway = "test-gw";
        options.parked_limit = parked_limit;
        auto opened = store::Store::open(std::move(options), clock.now());
        if (!opened) return tl::unexpected(opened.error());
        store = std::move(*opened);
        Outlets outlets;
        outlets.sorters = {&sorter};
        outlets.committed = [this](std::uint64_t n, std::string bytes) { left.emplace_back(n, std::move(bytes)); };
        outlets.journal_grew = [this](std::uint64_t last) { grew.push_back(last); };
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
        labelled(sequence, {waybill}, session);
    }
    void labelled(std::uint16_t sequence, const std::vector<std::string>& texts, std::uint64_t session = 7) {
        post(reading::Induction{DeviceId("sorter-1"), at(), session, sequence, 300, at()});
        std::vector<reading::Code> codes;
        for (const auto& text : texts) codes.push_back({text, ""});
        post(reading::CodesRead{DeviceId("reader-1"), at(), sequence, std::move(codes)});
    }
    /// Every fact of this type that left, in order.
    template <class F>
    [[nodiscard]] std::vector<F> facts_left() const {
        std::vector<F> out;
        for (const auto& [n, bytes] : left) {
            const auto event = evidence::parse_event(bytes);
            REQUIRE(event);
            if (const auto* one = std::get_if<F>(&event->fact)) out.push_back(*one);
        }
        return out;
    }
    /// Turns, with the clock moved on by `step_ms` before each.
    void turns(int count, const HandClock& hand, std::int64_t step_ms = 1'001) {
        for (int i = 0; i < count; ++i) {
            hand.boot += step_ms;
            turn->turn();
        }
    }
    /// Every passage.decided that left, by waybill.
    [[nodiscard]] std::vector<std::string> waybills_left() const {
        std::vector<std::string> out;
        for (const auto& d : facts_left<core::PassageDecided>()) out.push_back(d.waybill);
        return out;
    }
};

/// An open bench.
struct Opened {
    HandClock clock;
    Folder folder;
    Bench bench{clock, folder.path};
    explicit Opened(std::size_t parked_limit = 200'000) {
        bench.parked_limit = parked_limit;
        REQUIRE(bench.open());
    }
};

/// Likewise on a disk that the test makes fail.
struct Shimmed {
    HandClock clock;
    Folder folder;
    hefang::test::VfsShim shim;
    Bench bench{clock, folder.path, shim.name()};
    explicit Shimmed(const std::string& vfs) : shim(vfs) { REQUIRE(bench.open()); }
};

inline core::Version version_of(Grams gross) {
    core::Version v;
    v.app_status = 2;
    v.app_time = core::customs_time("20261122080000");
    v.gross = gross;
    v.logistics_code = "3601180001";
    return v;
}

inline core::Receipt receipt_of(int status, const char* time) {
    core::Receipt r;
    r.status = status;
    r.time = core::customs_time(time);
    return r;
}

inline core::StreamKeys keys_of(const std::string& waybill) { return {"3601980001", "cop-" + waybill, "", ""}; }

inline customs::Judged judged_as(const char* kind) {
    customs::Judged judged;
    judged.kind = kind;
    judged.sha256 = std::string(64, 'a');
    return judged;
}

inline std::string waybill(int i) { return "YT" + std::to_string(10'000 + i); }

/// A judged file with the inventories of waybill(0) … waybill(n - 1), each with keys of its own.
inline std::shared_ptr<PendingImport> declarations_of(int n, const std::string& name) {
    auto judged = judged_as("CEB621");
    for (int i = 0; i < n; ++i) judged.declarations.push_back({keys_of(waybill(i)), waybill(i), version_of(1000_g)});
    return std::make_shared<PendingImport>(name, std::move(judged));
}

/// A judged file with a receipt each for these waybills.
inline std::shared_ptr<PendingImport> receipts_of(const std::string& name,
                                                  const std::vector<std::pair<std::string, int>>& rows) {
    auto judged = judged_as("CEB622");
    for (const auto& [waybill, status] : rows)
        judged.receipts.push_back({keys_of(waybill), receipt_of(status, "20261123093000")});
    return std::make_shared<PendingImport>(name, std::move(judged));
}

/// A judged file with one inventory and one receipt.
inline std::shared_ptr<PendingImport> file_of(const std::string& waybill, int status, const char* time) {
    auto judged = judged_as("CEB621");
    judged.declarations.push_back({keys_of(waybill), waybill, version_of(1000_g)});
    judged.receipts.push_back({keys_of(waybill), receipt_of(status, time)});
    return std::make_shared<PendingImport>(waybill + ".xml", std::move(judged));
}

/// Every passage.decided of the journal in `folder`, by waybill.
inline std::vector<std::string> decided_in(const std::string& folder) {
    auto reader = store::Reader::open(folder);
    REQUIRE(reader);
    std::vector<std::string> out;
    for (std::uint64_t from = 1;;) {
        const auto facts = reader->facts(from, 1'000);
        REQUIRE(facts);
        if (facts->empty()) return out;
        for (const auto& entry : *facts) {
            const auto event = evidence::parse_event(entry.bytes);
            REQUIRE(event);
            if (const auto* d = std::get_if<core::PassageDecided>(&event->fact)) out.push_back(d->waybill);
            from = entry.sequence + 1;
        }
    }
}

inline void import(Bench& bench, const std::shared_ptr<PendingImport>& file) {
    auto& inlet = bench.mailbox.inlet(1);
    if (file->found == BootTime{}) file->found = bench.at();
    REQUIRE(inlet.post(Message(FileJudged{file})));
    for (int i = 0; i < 100 && !file->wait(std::chrono::milliseconds(0)); ++i) bench.turn->turn();
    REQUIRE(file->wait(std::chrono::milliseconds(0)));
}

}  // namespace hefang::app::test
