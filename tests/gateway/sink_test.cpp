#include "app/sink.hpp"

#include <thread>

#include <catch2/catch.hpp>

using namespace hefang;
using namespace hefang::app;

TEST_CASE("what a device has in hand when the stop comes still finds its way, while the core takes") {
    const bool core_takes = GENERATE(true, false);
    CoreMailbox mailbox;
    auto& inlet = mailbox.inlet(1);
    MailboxSink sink(inlet);
    link::Stop stop;
    REQUIRE(sink.post(reading::Induction{DeviceId("sorter-1"), {1}, 7, 1, 300, {1}}, stop));
    stop.request();
    std::thread core;
    if (core_takes) core = std::thread([&] { (void)mailbox.take(1, std::chrono::milliseconds(1'000)); });
    CHECK(sink.post(reading::Induction{DeviceId("sorter-1"), {2}, 7, 2, 300, {2}}, stop) ==
          core_takes);  // else it gives up
    if (core_takes) core.join();
    CHECK(mailbox.waiting() == 1);
}
