#include "scratch.hpp"
#include "store/verify.hpp"

#include <chrono>
#include <cstdio>
#include <ctime>
#include <random>

// What the store reaches on this machine; not run by ctest: test_store "[.bench]". Rates are by the wall clock, with
// the rate by processor time beside it: on a busy machine only the second says something of the program.

using namespace hefang;
using namespace hefang::test;

namespace {

double seconds_of(const std::function<void()>& work) {
    const auto begun = std::chrono::steady_clock::now();
    work();
    return std::chrono::duration<double>(std::chrono::steady_clock::now() - begun).count();
}

void show_rate(const char* what, double count, const std::function<void()>& work) {
    const std::clock_t begun = std::clock();
    const double wall = seconds_of(work);
    const double processor = static_cast<double>(std::clock() - begun) / CLOCKS_PER_SEC;
    std::printf("%-44s %9.0f/s by the clock, %9.0f/s of processor time\n", what, count / wall, count / processor);
}

core::PassageDecided parcel(const std::string& waybill) {
    auto f = decided(waybill, core::Verdict::release);
    f.ground = {"800",
                "20261123091455012",
                "inbox",
                "R",
                "40022026I000123456",
                "999-12345675",
                {{"120", "20261123090000000"}, {"800", "20261123091455012"}},
                2,
                1,
                "20261122080000",
                {}};
    f.weight =
        core::WeightTaken{Grams{1284}, Grams{1290}, Grams{50}, Grams{5}, core::Weighed::stable, DeviceId("scale-1")};
    f.sorter = DeviceId("sorter-1"), f.session = 42, f.sequence = 7;
    return f;
}

std::string waybill_of(std::uint32_t n) {
    return "YT88" + std::to_string(1'000'000'000U + (n * 2'654'435'761U) % 1'000'000'000U);
}

}  // namespace

TEST_CASE("how fast", "[.bench]") {
    constexpr std::uint32_t declared = 100'000, scans = 100'000;
    const Scratch scratch;
    auto store = open_store(options_at(scratch));

    const evidence::EventWriter writer({"ncbz-bw03-g07", "", store->epoch(), "", "+08:00", {}});
    std::string bytes;
    const core::Fact fact = parcel("YT8876543210987");
    show_rate("write a fact as bytes", 200'000, [&] {
        for (std::uint64_t i = 0; i < 200'000; ++i) writer.write(fact, i, {}, noon, bytes);
    });
    std::printf("%-44s %9zu bytes\n", "a fact", bytes.size());

    show_rate("declaration and receipt", declared, [&] {
        core::Version version;
        version.app_status = 2, version.goods = "奶粉";
        core::Receipt receipt;
        receipt.status = 800, receipt.time.raw = "20261123091455012";
        for (std::uint32_t n = 0; n < declared;) {
            REQUIRE(store->begin());
            for (const auto end = n + 500; n < end; ++n) {
                version.digest = sha256(std::to_string(n));
                REQUIRE(
                    store->put_declaration({"360196K001", "COP" + std::to_string(n), "", ""}, waybill_of(n), version));
                REQUIRE(store->put_receipt({"360196K001", "COP" + std::to_string(n), "B2026" + std::to_string(n), ""},
                                           receipt));
            }
            REQUIRE(store->commit());
            REQUIRE(store->checkpoint_if(store::Pace::busy));
        }
    });

    std::vector<double> single;
    for (int i = 0; i < 2000; ++i) {
        const std::vector<core::Fact> one{parcel(waybill_of(static_cast<std::uint32_t>(i)))};
        single.push_back(seconds_of([&] { REQUIRE(turn(*store, one)); }) * 1e6);
        REQUIRE(store->checkpoint_if(store::Pace::quiet));
    }
    std::sort(single.begin(), single.end());
    std::printf("%-44s %9.0f us p50, %.0f us p99\n", "single commit", single[1000], single[1980]);

    std::mt19937 random(1);
    show_rate("turn of 512: look-up, history, commit", scans, [&] {
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
            REQUIRE(store->checkpoint_if(store::Pace::busy));
        }
    });

    std::size_t left = *store->index_some(0);
    show_rate("index of passages", static_cast<double>(left), [&] {
        while (left > 0) left = *store->index_some(512), (void)*store->checkpoint_if(store::Pace::busy);
    });

    show_rate("verify", static_cast<double>(store->head().sequence), [&] {
        const auto seen = store::verify(scratch.path());
        REQUIRE(seen);
        REQUIRE(seen->good());
    });
    store.reset();
    const double reopen = seconds_of([&] { store = open_store(options_at(scratch)); });
    std::printf("%-44s %9.1f ms\n", "open", reopen * 1e3);
}
