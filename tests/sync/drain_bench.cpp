// Not part of a test run: test_sync "[.bench]" in a release build says how fast a backlog drains.
#include "broker_process.hpp"
#include "journal_fake.hpp"
#include "receiver_process.hpp"
#include "sync/uplink.hpp"

#include <sys/resource.h>

#include <chrono>
#include <cstdio>

#include <catch2/catch.hpp>

using namespace hefang;

namespace {

double cpu_seconds() {
    rusage use{};
    getrusage(RUSAGE_SELF, &use);
    const auto seconds = [](const timeval& t) {
        return static_cast<double>(t.tv_sec) + static_cast<double>(t.tv_usec) / 1e6;
    };
    return seconds(use.ru_utime) + seconds(use.ru_stime);
}

}  // namespace

TEST_CASE("a backlog drains, measured", "[.bench]") {
    if (!test::broker_available()) return;
    constexpr std::uint64_t facts = 100000;
    test::BrokerProcess broker;
    test::TemporaryFolder folder;
    test::ReceiverProcess platform(broker.uri(), folder.path());
    SystemClock clock;
    Counters counters;
    test::JournalFake journal("g1", "0192f3c1-77aa-7c01-9e0d-5b1f0c9f8e11", 750);  // about 1,300 bytes a fact
    journal.append(facts);
    sync::UplinkSettings settings;
    settings.broker = broker.uri();
    settings.gateway = "g1";
    sync::Uplink uplink(settings, journal, clock, counters, {});
    const double cpu = cpu_seconds();
    const auto began = std::chrono::steady_clock::now();
    REQUIRE(uplink.start());
    REQUIRE(test::eventually([&] { return journal.cursor() == facts; }, 120000));
    const double seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - began).count();
    const double used = cpu_seconds() - cpu;
    platform.stop();
    std::printf(
        "%llu facts of %zu bytes stored and acknowledged in %.2f s: %.0f facts/s; gateway %.1f us CPU a fact; "
        "%llu batches, %llu commits, %llu acks, %llu ack timeouts\n",
        static_cast<unsigned long long>(facts), journal.fact_at(facts).size(), seconds,
        static_cast<double>(facts) / seconds, used * 1e6 / static_cast<double>(facts),
        static_cast<unsigned long long>(counters.value("batches")),
        static_cast<unsigned long long>(platform.counter("commits")),
        static_cast<unsigned long long>(counters.value("acks")),
        static_cast<unsigned long long>(counters.value("ack-timeouts")));
}
