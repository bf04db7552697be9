#include "live_site.hpp"

using namespace hefang;
using namespace hefang::app::test;

TEST_CASE("with a sync of 300 ms no command, screen event or publish of a decision is seen for 300 ms") {
    LiveSite site("live-slow", 5'000);
    SECTION("and with a quick disk all three are") {
        const auto from = Steady::now();
        (void)site.parcel("QUICK");
        const auto seen = site.watch(Ms(5'000));
        REQUIRE(seen.all());
        CHECK(*seen.commanded - from < Ms(5'000));
    }
    SECTION("slow") {
        site.shim.sync_delay_ms = 300;
        const auto from = Steady::now();
        (void)site.parcel("SLOW");
        const auto seen = site.watch(Ms(5'000));
        REQUIRE(seen.all());
        CHECK(*seen.commanded - from >= Ms(300));
        CHECK(*seen.shown - from >= Ms(300));
        CHECK(*seen.published - from >= Ms(300));
    }
}

TEST_CASE(
    "with a disk that fails nothing of a decision is ever seen; with space again it is shown, and not commanded") {
    LiveSite site("live-fails", 1'000);
    site.shim.fail_every_sync = true;
    const auto sequence = site.parcel("NEVER");
    CHECK(site.watch(Ms(2'500)).none());
    CHECK_FALSE(site.healthy());
    CHECK(site.line().sorter->status().accepted_session == 0);
    const auto left = site.left(sequence);
    REQUIRE(left);
    CHECK(left->by_default);

    site.shim.reset();
    CHECK(site.eventually(Ms(5'000), [&] { return site.healthy(); }));
    const auto seen = site.watch(Ms(2'000));
    CHECK(seen.shown);
    CHECK(seen.published);
    CHECK_FALSE(seen.commanded);
}

TEST_CASE("a commit that is stuck for 3 s stops the heartbeat within 1.5 s, and what passes goes to the default") {
    LiveSite site("live-stuck", 2'700);
    const auto decided = site.parcel("DECIDED");
    REQUIRE(site.watch(Ms(2'000)).all());

    site.shim.sync_delay_ms = 3'000;
    const auto from = Steady::now();
    const auto undecided = site.parcel("STUCK");
    auto beat = site.line().sorter->status().edge_heartbeat;
    auto beaten = from;
    while (Steady::now() - from < Ms(2'900)) {
        const auto now = site.line().sorter->status().edge_heartbeat;
        if (now != beat) beaten = Steady::now();
        beat = now;
        CHECK(site.watch(Ms(5)).none());
    }
    CHECK(beaten - from < Ms(1'500));
    CHECK(site.line().sorter->status().accepted_session == 0);

    site.shim.reset();
    REQUIRE(site.stand->await_devices());  // a new session with the PLC
    CHECK(site.watch(Ms(1'000)).commanded == std::nullopt);
    for (const auto sequence : {decided, undecided}) {
        const auto left = site.left(sequence);
        REQUIRE(left);
        CHECK(left->by_default);
        CHECK(left->chute == 2);
    }
    const auto next = site.parcel("NEXT");
    REQUIRE(site.watch(Ms(5'000)).all());
    REQUIRE(site.eventually(Ms(5'000), [&] { return site.left(next).has_value(); }));
    CHECK_FALSE(site.left(next)->by_default);
}
