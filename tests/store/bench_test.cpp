#include <chrono>
#include <cstdio>
#include <random>

#include "scratch.hpp"
#include "store/verify.hpp"

// What the store reaches on this machine; not run by ctest: test_store "[.bench]".

using namespace hefang;
using namespace hefang::test;

namespace {

double seconds_of(const std::function<void()>& work) {
    const auto begun = std::chrono::steady_clock::now();
    work();
    return std::chrono::duration<double>(std::chrono::steady_clock::now() - begun).count();
}

core::PassageDecided parcel(const std::string& waybill) {
    auto f = decided(waybill, core::Verdict::release);
    f.ground = {"800", "20261123091455012", "inbox", "R", "40022026I000123456", "999-12345675",
                {{"120", "20261123090000000"}, {"800", "20261123091455012"}}, 2, 1, "20261122080000"};
    f.weight = core::WeightTaken{Grams{1284}, Grams{1290}, Grams{50}, true, DeviceId("scale-1")};
    f.sorter = DeviceId("sorter-1"), f.session = 42, f.sequence = 7;
    return f;
}

std::string waybill_of(std::uint32_t n) { return "YT88" + std::to_string(1'000'000'000U + (n * 2'654'435'761U) % 1'000'000'000U); }

}  // namespace

TEST_CASE("how fast", "[.bench]") {
    constexpr std::uint32_t declared = 100'000, scans = 100'000;
    const Scratch scratch;
    auto store = open_store(options_at(scratch));

    const evidence::EventWriter writer({"ncbz-bw03-g07", "", store->epoch(), "", "+08:00", {}});
    std::string bytes;
    const core::Fact fact = parcel("YT8876543210987");
    const double write = seconds_of([&] { for (std::uint64_t i = 0; i < 200'000; ++i) writer.write(fact, i, {}, noon, bytes); });
    std::printf("write one fact       %8.2f us, %zu bytes\n", write * 5, bytes.size());

    const double declare = seconds_of([&] {
        core::Version version;
        version.app_status = 2, version.goods = "奶粉";
        core::Receipt receipt;
        receipt.status = 800, receipt.time.raw = "20261123091455012";
        for (std::uint32_t n = 0; n < declared;) {
            REQUIRE(store->begin());
            for (const auto end = n + 500; n < end; ++n) {
                version.digest = sha256(std::to_string(n));
                REQUIRE(store->put_declaration({"360196K001", "COP" + std::to_string(n), "", ""}, waybill_of(n), version));
                REQUIRE(store->put_receipt({"360196K001", "COP" + std::to_string(n), "B2026" + std::to_string(n), ""}, receipt));
            }
            REQUIRE(store->commit());
            REQUIRE(store->checkpoint_if(false));
        }
    });
    std::printf("declaration+receipt  %8.0f pairs/s\n", declared / declare);

    std::vector<double> single;
    for (int i = 0; i < 2000; ++i) {
        const std::vector<core::Fact> one{parcel(waybill_of(static_cast<std::uint32_t>(i)))};
        single.push_back(seconds_of([&] { REQUIRE(turn(*store, one)); }) * 1e6);
        REQUIRE(store->checkpoint_if(true));
    }
    std::sort(single.begin(), single.end());
    std::printf("single commit        %8.0f us p50, %.0f us p99\n", single[1000], single[1980]);

    std::mt19937 random(1);
    const double burst = seconds_of([&] {
        for (std::uint32_t n = 0; n < scans;) {
            std::vector<core::Fact> facts;
            REQUIRE(store->begin());
            for (const auto end = n + 512; n < end; ++n) {
                const auto waybill = waybill_of(static_cast<std::uint32_t>(random()) % declared);
                REQUIRE(store->clearance(waybill).inventories.size() == 1);
                (void)store->history(waybill);
                facts.emplace_back(parcel(waybill));
            }
            REQUIRE(store->append(facts, noon));
            REQUIRE(store->commit());
            REQUIRE(store->checkpoint_if(false));
        }
    });
    std::printf("burst of 512         %8.0f rows/s (look-up, history, commit, checkpoints)\n", scans / burst);

    std::size_t left = *store->index_some(0);
    const auto lag = left;
    const double index = seconds_of([&] { while (left > 0) left = *store->index_some(512), (void)*store->checkpoint_if(false); });
    std::printf("index                %8.0f facts/s over %zu\n", static_cast<double>(lag) / index, lag);

    std::uint64_t rows = 0;
    const double check = seconds_of([&] {
        const auto seen = store::verify(scratch.path());
        REQUIRE(seen);
        REQUIRE(seen->good());
        rows = seen->rows;
    });
    std::printf("verify               %8.0f rows/s over %llu\n", static_cast<double>(rows) / check, static_cast<unsigned long long>(rows));
    store.reset();
    const double reopen = seconds_of([&] { store = open_store(options_at(scratch)); });
    std::printf("open                 %8.1f ms\n", reopen * 1e3);
}
