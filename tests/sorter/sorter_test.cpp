#include "sorter/sorter.hpp"

#include "hil/sorter_sim.hpp"
#include "link/modbus.hpp"
#include "link/tcp_link.hpp"

#include <linux/sockios.h>
#include <sys/ioctl.h>
#include <sys/socket.h>

#include <algorithm>
#include <array>
#include <atomic>
#include <condition_variable>
#include <thread>
#include <vector>

#include <catch2/catch.hpp>
#include <poll.h>

using namespace hefang;
using namespace std::chrono_literals;
using driver::SorterDriver;
using hil::SorterSim;
using reading::SorterCommand;

namespace {

/// Keeps every reading; waits for the first that fits.
class Probe final : public driver::Sink {
  public:
    bool post(reading::Reading&& r, const link::Stop&) override {
        if (fails_at_inductions && std::holds_alternative<reading::Induction>(r)) throw std::bad_alloc();
        const std::lock_guard lock(mutex_);
        all_.push_back(std::move(r));
        came_.notify_all();
        return true;
    }

    /// The n-th reading (from 1) of kind T for which `fits`; nothing after 5 s.
    template <class T>
    std::optional<T> wait(
        std::size_t n, const std::function<bool(const T&)>& fits = [](const T&) { return true; }) {
        std::optional<T> found;
        std::unique_lock lock(mutex_);
        came_.wait_for(lock, 5s, [&] {
            std::size_t seen = 0;
            for (const auto& r : all_) {
                const auto* const t = std::get_if<T>(&r);
                if (t != nullptr && fits(*t) && ++seen == n) found = *t;
            }
            return found.has_value();
        });
        return found;
    }

    template <class T>
    std::vector<T> all() {
        const std::lock_guard lock(mutex_);
        std::vector<T> out;
        for (const auto& r : all_) {
            if (const auto* const t = std::get_if<T>(&r)) out.push_back(*t);
        }
        return out;
    }

    std::vector<std::size_t> kinds() {
        const std::lock_guard lock(mutex_);
        std::vector<std::size_t> out;
        for (const auto& r : all_) out.push_back(r.index());
        return out;
    }

    std::atomic<bool> fails_at_inductions{false};

  private:
    std::mutex mutex_;
    std::condition_variable came_;
    std::vector<reading::Reading> all_;
};

/// A simulated sorter with the driver on a thread that calls live() again 20 ms after each end.
struct Line {
    /// `first`: what happens at the PLC before the driver connects.
    explicit Line(
        hil::SorterPlcSettings plc = {.travel_ms = 150, .leave_ms = 10},
        const std::function<void(SorterSim&)>& first = [](SorterSim&) {}, std::int64_t answer_ms = 300)
        : sim(SorterSim::start(plc).value()),
          sorter(driver::make_sorter({.id = DeviceId("sorter-1"),
                                      .host = "127.0.0.1",
                                      .port = (first(*sim), sim->port()),
                                      .heartbeat_ms = 50,
                                      .answer_ms = answer_ms},
                                     [this] { return core.load(); })),
          thread([this] {
              driver::Driver::Context context{clock, probe, counters, stop, [this](driver::Sign) { ++alive; }};
              context.condition = [this](std::string_view text) {
                  const std::lock_guard lock(mutex);
                  conditions.emplace_back(text);
              };
              while (!stop.requested()) {
                  const Error why = sorter->live(context);
                  const std::lock_guard lock(mutex);
                  ends.push_back(why);
                  static_cast<void>(stop.wait_for(20ms));
              }
          }) {}
    ~Line() {
        stop.request();
        thread.join();
    }

    reading::SorterSession up(std::size_t n = 1) {
        const auto began = probe.wait<reading::SorterUp>(n);
        REQUIRE(began);
        CHECK(began->session != 0);
        return began->session;
    }
    std::string down(std::size_t n = 1) {
        const auto ended = probe.wait<reading::SorterDown>(n);
        REQUIRE(ended);
        return ended->detail;
    }
    std::uint16_t induct(std::optional<std::uint16_t> number = std::nullopt) {
        const auto before = probe.all<reading::Induction>().size();
        const auto sequence = sim->induct(number);
        const auto seen = probe.wait<reading::Induction>(before + 1);
        REQUIRE(seen);
        CHECK(seen->sequence == sequence);
        return sequence;
    }
    SorterCommand command(reading::SorterSession session, std::uint16_t sequence, std::uint16_t chute,
                          std::uint16_t revision = 1) const {
        return {session, sequence, revision, chute, 7, clock.now().boot + 5000};
    }
    /// The first thing that the PLC's belt did with `sequence`; nothing after 5 s.
    std::optional<hil::Diversion> diversion(std::uint16_t sequence) const {
        const auto end = std::chrono::steady_clock::now() + 5s;
        while (std::chrono::steady_clock::now() < end) {
            for (const auto& d : sim->diversions()) {
                if (d.sequence == sequence) return d;
            }
            std::this_thread::sleep_for(1ms);
        }
        return std::nullopt;
    }

    SystemClock clock;
    Probe probe;
    Counters counters;
    link::Stop stop;
    std::atomic<bool> core{true};
    std::atomic<int> alive{0};
    std::mutex mutex;
    std::vector<Error> ends;
    std::vector<std::string> conditions;
    std::unique_ptr<SorterSim> sim;
    std::unique_ptr<SorterDriver> sorter;
    std::thread thread;
};

/// A second Modbus client, by hand: what it asked lies in the PLC's socket when ask() returns, served or not.
class Rival {
  public:
    explicit Rival(int port)
        : socket_(link::connect_tcp(link::numeric("127.0.0.1", static_cast<std::uint16_t>(port)).value().front(),
                                    std::chrono::steady_clock::now() + 5s, never_)
                      .value()) {}
    void ask(const std::vector<std::uint8_t>& pdu) {
        std::vector<std::uint8_t> request{0, 1, 0, 0, 0, static_cast<std::uint8_t>(pdu.size() + 1), 1};
        request.insert(request.end(), pdu.begin(), pdu.end());
        const auto size = static_cast<ssize_t>(request.size());
        REQUIRE(::send(socket_.get(), request.data(), request.size(), MSG_NOSIGNAL) == size);
        int on_the_way = -1;
        for (int i = 0; i < 5000 && on_the_way != 0; ++i) {
            if (on_the_way > 0) std::this_thread::sleep_for(1ms);
            REQUIRE(::ioctl(socket_.get(), SIOCOUTQ, &on_the_way) == 0);
        }
        REQUIRE(on_the_way == 0);
    }
    void await_answer() {
        pollfd p{socket_.get(), POLLIN, 0};
        REQUIRE(::poll(&p, 1, 5000) == 1);
    }

  private:
    link::Stop never_;
    link::Descriptor socket_;
};

bool counted(const Counters& counters, std::string_view name, std::uint64_t at_least) {
    for (int i = 0; i < 5000 && counters.value(name) < at_least; ++i) std::this_thread::sleep_for(1ms);
    return counters.value(name) >= at_least;
}

}  // namespace

TEST_CASE("sorter: an item is announced, commanded, acknowledged, diverted and confirmed") {
    Line line;
    const auto session = line.up();
    const auto sequence = line.induct();
    line.sorter->want({line.command(session, sequence, 5)});

    const auto ack = line.probe.wait<reading::CommandAcked>(1);
    REQUIRE(ack);
    CHECK(ack->session == session);
    CHECK(ack->sequence == sequence);
    CHECK(ack->revision == 1);
    CHECK(ack->code == reading::AckCode::accepted);
    line.sorter->want({});
    const auto confirmed = line.probe.wait<reading::Confirmed>(1);
    REQUIRE(confirmed);
    CHECK(confirmed->sequence == sequence);
    CHECK(confirmed->chute == 5);
    CHECK(confirmed->result == reading::Left::diverted);
    CHECK(line.sim->received().size() == 1);
    CHECK(line.sim->received()[0].entry.reason == 7);
    CHECK(line.counters.value("command-unanswered") == 0);
    CHECK(line.alive > 2);
    // SorterUp, Induction, CommandAcked, Confirmed, as they stand in reading::Reading
    CHECK(line.probe.kinds() == std::vector<std::size_t>{2, 4, 6, 7});
}

TEST_CASE("sorter: a revision before the divert replaces, after it comes too late; an unknown item is said so") {
    Line line({.travel_ms = 800, .leave_ms = 10});
    const auto session = line.up();
    const auto sequence = line.induct();
    line.sorter->want({line.command(session, sequence, 1, 1)});
    REQUIRE(line.probe.wait<reading::CommandAcked>(1));
    line.sorter->want({line.command(session, sequence, 3, 2)});
    REQUIRE(line.probe.wait<reading::CommandAcked>(1, [](const auto& a) { return a.revision == 2; }));
    CHECK(line.diversion(sequence)->chute == 3);

    line.sorter->want({line.command(session, sequence, 1, 3), line.command(session, 999, 1)});
    const auto late = line.probe.wait<reading::CommandAcked>(1, [](const auto& a) { return a.revision == 3; });
    REQUIRE(late);
    CHECK(late->code == reading::AckCode::too_late);
    const auto unknown = line.probe.wait<reading::CommandAcked>(1, [](const auto& a) { return a.sequence == 999; });
    REQUIRE(unknown);
    CHECK(unknown->code == reading::AckCode::unknown_sequence);
}

TEST_CASE("sorter: manual mode and a full chute refuse; a missed divert is confirmed as missed") {
    Line line({.travel_ms = 800, .leave_ms = 10});
    const auto session = line.up();
    line.sim->set_full(4, true);
    const auto full = line.induct();
    line.sorter->want({line.command(session, full, 4)});
    CHECK(line.probe.wait<reading::CommandAcked>(1)->code == reading::AckCode::lane_full);
    line.sim->set_full(4, false);
    line.sim->set_manual(true);
    const auto manual = line.induct();
    line.sorter->want({line.command(session, manual, 4)});
    CHECK(line.probe.wait<reading::CommandAcked>(2)->code == reading::AckCode::not_in_auto);
    line.sim->set_manual(false);
    REQUIRE(line.diversion(manual)->by_default);

    line.sim->miss_diverts(1);
    const auto missed = line.induct();
    line.sorter->want({line.command(session, missed, 4)});
    const auto confirmed = line.probe.wait<reading::Confirmed>(1, [&](const auto& c) { return c.sequence == missed; });
    REQUIRE(confirmed);
    CHECK(confirmed->result == reading::Left::missed);
    CHECK(confirmed->chute == 2);
}

TEST_CASE("sorter: more than eight outstanding commands all arrive, in order") {
    Line line({.travel_ms = 1500, .leave_ms = 10});
    const auto session = line.up();
    std::vector<SorterCommand> wanted;
    for (int i = 0; i < 30; ++i) wanted.push_back(line.command(session, line.induct(), 3));
    line.sorter->want(wanted);
    REQUIRE(line.probe.wait<reading::CommandAcked>(30));
    const auto received = line.sim->received();
    REQUIRE(received.size() == 30);
    for (std::size_t i = 0; i < received.size(); ++i) CHECK(received[i].entry.sequence == wanted[i].sequence);
    REQUIRE(line.probe.wait<reading::Confirmed>(30, [](const auto& c) { return c.chute == 3; }));
    CHECK(line.probe.all<reading::TrackingLost>().empty());
}

TEST_CASE("sorter: a PLC that stops answering ends the session") {
    Line line;
    const auto first = line.up();
    line.sim->freeze(true);
    CHECK_THAT(line.down(), Catch::Contains("no answer in time"));
    line.sim->freeze(false);
    CHECK(line.up(2) != first);
}

TEST_CASE("sorter: an induction whose answer came late says since when its item may have been there") {
    Line line(
        {.travel_ms = 3000, .leave_ms = 10}, [](SorterSim&) {}, 900);
    line.up();
    line.sim->freeze(true);
    std::this_thread::sleep_for(50ms);  // a look is under way
    const auto at_the_eye = line.clock.now().boot;
    line.sim->induct();
    std::this_thread::sleep_for(150ms);
    line.sim->freeze(false);
    const auto seen = line.probe.wait<reading::Induction>(1);
    REQUIRE(seen);
    CHECK(seen->not_before <= at_the_eye);
    CHECK(seen->at - at_the_eye >= 150);
    CHECK(at_the_eye - seen->not_before < 500);  // not merely "some time"
}

TEST_CASE("sorter: a heartbeat of the PLC that stands still ends the session") {
    Line line;
    line.up();
    const auto began = line.clock.now().boot;
    line.sim->freeze_heartbeat(true);
    CHECK_THAT(line.down(), Catch::Contains("heartbeat stands still"));
    CHECK(line.clock.now().boot - began > 850);  // the last beat was up to 100 ms earlier
    CHECK(line.clock.now().boot - began < 1500);
    CHECK(line.probe.all<reading::SorterUp>().size() == 1);  // and none begins without it
}

TEST_CASE("sorter: an echo that stands still ends the session") {
    Line line;
    line.up();
    line.sim->freeze_echo(true);
    CHECK_THAT(line.down(), Catch::Contains("does not see our heartbeat"));
}

TEST_CASE("sorter: a reset connection ends the session, and the next one is another") {
    Line line;
    const auto first = line.up();
    line.sim->reset_connections();
    line.down();
    CHECK(line.up(2) != first);
}

TEST_CASE("sorter: a second client that offers a session ends ours, and it is said") {
    Line line;
    line.up();
    auto other = link::Modbus::connect("127.0.0.1", line.sim->port(), 1, 300ms, line.stop);
    REQUIRE(other);
    REQUIRE(other->write_registers(codec::sorter::reg_edge_session, std::array<std::uint16_t, 1>{1}));
    CHECK_THAT(line.down(), Catch::Contains("another client"));
}

TEST_CASE("sorter: what happened before a second client showed up is said, then the session ends") {
    std::optional<Rival> rival;
    // Connected first, it is served first: its session and the confirmation come to us in one answer.
    const auto connect = [&](SorterSim& sim) {
        rival.emplace(sim.port());
        rival->ask({3, 0, 0, 0, 1});
        rival->await_answer();
    };
    Line line({.travel_ms = 300, .leave_ms = 10}, connect, 5000);
    line.up();
    const auto sequence = line.induct();
    line.sim->freeze(true);
    REQUIRE(line.diversion(sequence));  // the belt runs on
    rival->ask({16, 0, codec::sorter::reg_edge_session, 0, 1, 2, 0, 1});
    line.sim->freeze(false);
    CHECK_THAT(line.down(), Catch::Contains("another client"));
    const auto confirmed = line.probe.all<reading::Confirmed>();
    REQUIRE(confirmed.size() == 1);
    CHECK(confirmed[0].sequence == sequence);
}

TEST_CASE("sorter: an exception ends the session as a lost connection does") {
    Line line;
    line.up();
    line.probe.fails_at_inductions = true;
    line.sim->induct();
    CHECK_THAT(line.down(), Catch::Contains("internal"));
    line.probe.fails_at_inductions = false;
    line.up(2);
}

TEST_CASE("sorter: what keeps the PLC from obeying is said as the device's condition") {
    Line line;
    line.up();
    line.sim->set_manual(true);
    const auto said = [&](std::size_t n, const std::string& text) {
        for (int i = 0; i < 5000; ++i) {
            {
                const std::lock_guard lock(line.mutex);
                if (line.conditions.size() >= n && line.conditions[n - 1] == text) return true;
            }
            std::this_thread::sleep_for(1ms);
        }
        return false;
    };
    CHECK(said(1, ""));
    CHECK(said(2, "manual mode"));
    line.sim->set_manual(false);
    CHECK(said(3, ""));
}

TEST_CASE("sorter: nobody listens: one clear error, no session") {
    Probe probe;
    Counters counters;
    link::Stop stop;
    SystemClock clock;
    driver::Driver::Context context{clock, probe, counters, stop, [](driver::Sign) {}};
    auto sim = SorterSim::start({}).value();
    const int port = sim->port();
    sim.reset();
    const auto sorter =
        driver::make_sorter({.id = DeviceId("s"), .host = "127.0.0.1", .port = port}, [] { return true; });
    const Error why = sorter->live(context);
    CHECK(why.code == Errc::unreachable);
    CHECK_THAT(why.detail, Catch::Contains(std::to_string(port)));
    CHECK(probe.kinds().empty());
}

TEST_CASE("sorter: no session begins while the core does not turn") {
    Probe probe;
    Counters counters;
    link::Stop stop;
    SystemClock clock;
    std::atomic<int> alive{0};
    driver::Driver::Context context{clock, probe, counters, stop, [&](driver::Sign) { ++alive; }};
    const auto sim = SorterSim::start({}).value();
    const auto sorter = driver::make_sorter(
        {.id = DeviceId("s"), .host = "127.0.0.1", .port = sim->port(), .heartbeat_ms = 20}, [] { return false; });
    Error why{};
    std::thread thread([&] { why = sorter->live(context); });
    for (int i = 0; i < 5000 && alive < 3; ++i) std::this_thread::sleep_for(1ms);
    stop.request();
    thread.join();
    CHECK(alive >= 3);  // the PLC is seen to live
    CHECK(why.code == Errc::closed);
    CHECK(sim->status().edge_heartbeat == 0);
    CHECK(sim->status().edge_session == 0);
    CHECK(probe.kinds().empty());
}

TEST_CASE("sorter: a PLC restart between induction and command: the old command never enters the new session") {
    Line line({.travel_ms = 3000, .leave_ms = 10});
    const auto first = line.up();
    line.induct();
    const auto stale = line.command(first, 1, 4);
    line.sim->restart();
    CHECK_THAT(line.down(), Catch::Contains("started anew"));
    line.sorter->want({stale});  // the core had not seen SorterDown yet
    const auto second = line.up(2);
    CHECK(second != first);
    CHECK(line.induct() == 1);  // the same number, another item
    CHECK(counted(line.counters, "command-other-session", 1));
    CHECK(line.sim->received().empty());

    line.sorter->want({stale, line.command(second, 1, 5)});
    REQUIRE(line.probe.wait<reading::CommandAcked>(1));
    REQUIRE(line.sim->received().size() == 1);
    CHECK(line.sim->received()[0].entry.chute == 5);
    CHECK(line.counters.value("command-other-session") == 1);  // counted once, not at each want()
}

TEST_CASE("sorter: a PLC restart between command and confirmation ends the session without a confirmation") {
    Line line({.travel_ms = 400, .leave_ms = 10});
    const auto session = line.up();
    const auto sequence = line.induct();
    line.sorter->want({line.command(session, sequence, 4)});
    REQUIRE(line.probe.wait<reading::CommandAcked>(1));
    line.sim->restart();
    line.down();
    line.up(2);
    CHECK(line.sim->received().size() == 1);  // not sent again, though still wanted
    CHECK(line.probe.all<reading::Confirmed>().empty());
}

TEST_CASE("sorter: a core that does not turn stops the heartbeat, and all goes to the default chute") {
    Line line({.travel_ms = 1400, .leave_ms = 10});
    const auto first = line.up();
    const auto commanded = line.induct();
    line.sorter->want({line.command(first, commanded, 4)});
    REQUIRE(line.probe.wait<reading::CommandAcked>(1));
    const auto later = line.induct();

    const auto silent = line.clock.now().boot;
    line.core = false;
    line.sorter->want({line.command(first, later, 4)});  // comes too late: the core counts as dead
    CHECK_THAT(line.down(), Catch::Contains("the core stopped turning, and the PLC ended the session"));
    CHECK(line.clock.now().boot - silent < 1500);
    REQUIRE(line.diversion(commanded));
    CHECK(line.diversion(commanded)->by_default);
    CHECK(line.diversion(commanded)->chute == 2);
    CHECK(line.diversion(later)->by_default);
    CHECK(line.probe.all<reading::SorterUp>().size() == 1);  // no session without a core

    line.core = true;
    const auto second = line.up(2);
    CHECK(second != first);
    CHECK(line.counters.value("command-unsent") == 1);
    CHECK(line.sim->received().size() == 1);  // nothing of the old session came after it
}

TEST_CASE("sorter: a core that comes back before the PLC noticed begins a new session all the same") {
    Line line;
    const auto first = line.up();
    line.core = false;
    REQUIRE(counted(line.counters, "core-silent", 1));
    line.core = true;
    line.down();
    CHECK(line.up(2) != first);
}

TEST_CASE("sorter: a PLC without a watchdog is found out") {
    Line line;
    line.up();
    line.sim->ignore_watchdog(true);
    line.core = false;
    CHECK_THAT(line.down(), Catch::Contains("did not end the session by itself"));
    CHECK(line.counters.value("plc-without-watchdog") == 1);
}

TEST_CASE("sorter: a command whose time is over is never written") {
    Line line;
    const auto session = line.up();
    const auto sequence = line.induct();
    auto expired = line.command(session, sequence, 4);
    expired.valid_until = line.clock.now().boot + -1;
    line.sorter->want({expired});
    REQUIRE(counted(line.counters, "command-expired", 1));
    CHECK(line.diversion(sequence)->by_default);
    CHECK(line.sim->received().empty());
}

TEST_CASE("sorter: a skipped number and an overrun ring are said before what follows them") {
    Line line;
    line.up();
    line.induct();
    SECTION("skipped") {
        line.sim->skip_sequences(1);
        CHECK(line.induct() == 3);
        const auto lost = line.probe.wait<reading::TrackingLost>(1);
        REQUIRE(lost);
        CHECK_THAT(lost->detail, Catch::Contains("induction 3 came after 1"));
        CHECK(line.probe.kinds() == std::vector<std::size_t>{2, 4, 5, 4});
    }
    SECTION("overrun") {
        line.sim->induct_burst(11);
        REQUIRE(line.probe.wait<reading::Induction>(9));
        const auto lost = line.probe.all<reading::TrackingLost>();
        REQUIRE(lost.size() == 1);
        CHECK_THAT(lost[0].detail, Catch::Contains("3 inductions were overwritten"));
        CHECK(line.probe.all<reading::Induction>().back().sequence == 12);
    }
    SECTION("eight at once are not an overrun") {
        line.sim->induct_burst(8);
        REQUIRE(line.probe.wait<reading::Induction>(9));
        CHECK(line.probe.all<reading::TrackingLost>().empty());
    }
    CHECK(line.counters.value("tracking-lost") == line.probe.all<reading::TrackingLost>().size());
}

TEST_CASE("sorter: the number after 65535 is 1, and nothing is lost") {
    Line line;
    line.up();
    line.induct(65534);
    CHECK(line.induct() == 65535);
    CHECK(line.induct() == 1);
    CHECK(line.probe.all<reading::TrackingLost>().empty());
}

TEST_CASE("sorter: a dropped confirmation is no confirmation of another item") {
    Line line({.travel_ms = 60, .leave_ms = 10});
    const auto session = line.up();
    line.sim->drop_confirmations(1);
    const auto silent = line.induct();
    const auto said = line.induct();
    line.sorter->want({line.command(session, silent, 3), line.command(session, said, 3)});
    const auto confirmed = line.probe.wait<reading::Confirmed>(1);
    REQUIRE(confirmed);
    CHECK(confirmed->sequence == said);
    CHECK(line.sim->diversions().size() == 2);
}

TEST_CASE("sorter: want() before any session is kept but not obeyed") {
    Line line;
    line.sorter->want({line.command(1, 1, 4)});
    line.up();
    CHECK(counted(line.counters, "command-other-session", 1));
    CHECK(line.sim->received().empty());
}
