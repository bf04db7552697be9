// The link as a whole: a real broker, the real receiver, a journal in memory.
#include "sync/uplink.hpp"

#include "base/log.hpp"
#include "broker_process.hpp"
#include "journal_fake.hpp"
#include "platform_probe.hpp"
#include "receiver/report.hpp"
#include "receiver_process.hpp"
#include "sync/session.hpp"

#include <atomic>

#include <catch2/catch.hpp>
#include <nlohmann/json.hpp>

using namespace hefang;
using sync::LinkState;
using sync::Uplink;
using test::eventually;
using test::ReceiverProcess;

namespace {

struct Site {
    explicit Site(std::size_t padding = 200) : journal("g1", "e1", padding) { log_from(LogLevel::error); }

    test::BrokerProcess broker;
    test::TemporaryFolder folder;
    SystemClock clock;
    Counters counters;
    test::JournalFake journal;
    std::atomic<int> told{0};
    std::unique_ptr<Uplink> uplink;
    std::unique_ptr<ReceiverProcess> platform;

    sync::UplinkSettings settings() {
        sync::UplinkSettings s;
        s.broker = broker.uri();
        s.gateway = "g1";
        s.version = "0.1.0";
        s.boot = "boot";
        s.start = "0192f3c1-77aa-7c01-9e0d-5b1f0c9f8e11";
        s.window.ack_timeout_ms = 400;
        s.window.ack_timeout_most_ms = 5000;
        s.reconnect_first_ms = 20;
        s.reconnect_most_ms = 200;
        s.connect_timeout_ms = 2000;
        s.silence_ms = 500;
        s.settled_ms = 0;
        return s;
    }
    void start_uplink(sync::UplinkSettings s) {
        uplink = std::make_unique<Uplink>(std::move(s), journal, clock, counters,
                                          [this](const sync::SyncStatus&) { ++told; });
        REQUIRE(uplink->start());
    }
    void start_uplink() { start_uplink(settings()); }
    void start_platform() { platform = std::make_unique<ReceiverProcess>(broker.uri(), folder.path()); }
    std::uint64_t commit(std::size_t facts) {
        const auto last = journal.append(facts);
        if (uplink) uplink->committed(last);
        return last;
    }
    bool all_acked() {
        return eventually([&] { return journal.cursor() == journal.position().last; });
    }
    std::uint64_t repeats() {
        return nlohmann::json::parse(
            *receiver::status_line(folder.file("r.db")))["gateways"][0]["epochs"][0]["repeats"];
    }
    /// The receiver holds 1 … last, each as the journal has it.
    void check_record() {
        std::uint64_t next = 1;
        REQUIRE(receiver::list_facts(folder.file("r.db"), [&](const receiver::ListedFact& f) {
            if (f.sequence != next || f.hash != journal.hash_at(next))
                FAIL("fact " << f.sequence << " expected " << next);
            ++next;
        }));
        CHECK(next - 1 == journal.position().last);
        std::size_t alarms = 0;
        REQUIRE(receiver::list_alarms(folder.file("r.db"), [&](const auto&) { ++alarms; }));
        CHECK(alarms == 0);
    }
};

}  // namespace

TEST_CASE("every fact arrives once in effect, in order, and is acknowledged") {
    if (!test::broker_available()) return;
    Site s;
    s.start_platform();
    s.commit(1000);
    auto patient = s.settings();  // on a busy machine an ack may take long; here nothing may be sent twice
    patient.window.ack_timeout_ms = 30'000;
    patient.window.ack_timeout_most_ms = 60'000;
    s.start_uplink(patient);
    REQUIRE(s.all_acked());
    s.commit(1);  // the journal grows while the link is idle
    REQUIRE(s.all_acked());
    for (int i = 0; i < 20; ++i) s.commit(37);
    REQUIRE(s.all_acked());
    s.check_record();
    CHECK(s.repeats() == 0);
    CHECK(s.counters.value("facts") == s.journal.position().last);
    CHECK(
        eventually([&] { return s.uplink->status().state == LinkState::online && s.uplink->status().acked == 1741; }));
    CHECK(s.uplink->status().last_ack.has_value());
    CHECK(s.told > 0);
    s.uplink->stop();
    CHECK(s.uplink->status().state == LinkState::offline);
    CHECK(eventually([&] {
        return nlohmann::json::parse(*receiver::status_line(s.folder.file("r.db")))["gateways"][0]["state"] ==
               "stopped";
    }));
}

TEST_CASE("a broker that is killed and started again in mid-stream loses nothing") {
    if (!test::broker_available()) return;
    Site s;
    s.start_platform();
    s.start_uplink();
    for (int round = 0; round < 3; ++round) {
        s.commit(3000);
        const auto before = s.journal.cursor();
        REQUIRE(eventually([&] { return s.journal.cursor() > before; }));
        s.broker.kill();
        s.commit(500);
        REQUIRE(eventually([&] { return s.uplink->status().state != LinkState::online; }));
        s.broker.start();
        REQUIRE(s.all_acked());
    }
    s.check_record();
    CHECK(s.counters.value("reconnects") >= 3);
}

TEST_CASE("a broker that hangs and wakes loses nothing") {
    if (!test::broker_available()) return;
    Site s;
    s.start_platform();
    s.start_uplink();
    s.commit(200);
    REQUIRE(s.all_acked());
    SECTION("for a while: the same connection goes on") {
        s.broker.freeze();
        s.commit(5000);
        REQUIRE(eventually([&] { return s.counters.value("ack-timeouts") > 0; }));
        CHECK(eventually([&] { return s.uplink->status().state == LinkState::connecting; }));
        s.broker.thaw();
        REQUIRE(s.all_acked());
        CHECK(s.counters.value("reconnects") == 0);
    }
    SECTION("for long: our own liveness gives the connection up, long before the keep-alive") {
        s.uplink->stop();
        auto settings = s.settings();
        settings.confirm_timeout_ms = 600;
        settings.connect_timeout_ms = 1000;
        s.start_uplink(settings);
        REQUIRE(eventually([&] { return s.uplink->status().state == LinkState::online; }));
        s.broker.freeze();
        s.commit(5000);
        REQUIRE(eventually([&] { return s.counters.value("broker-stalled") > 0; }));
        REQUIRE(eventually([&] { return s.uplink->status().state == LinkState::offline; }));
        CHECK(s.uplink->status().detail.find("confirmed nothing") != std::string::npos);
        s.broker.thaw();
        REQUIRE(s.all_acked());
    }
    CHECK(eventually([&] { return s.uplink->status().state == LinkState::online; }));
    s.check_record();
}

TEST_CASE("without a platform the broker's confirmation moves nothing, and all is sent again") {
    if (!test::broker_available()) return;
    Site s;
    s.commit(100);
    s.start_uplink();
    REQUIRE(eventually([&] { return s.counters.value("ack-timeouts") >= 2; }));
    CHECK(s.counters.value("facts") >= 200);
    CHECK(s.journal.cursor() == 0);
    CHECK(s.uplink->status().state == LinkState::connecting);
    CHECK(s.uplink->status().detail.find("platform") != std::string::npos);
    s.start_platform();
    REQUIRE(s.all_acked());
    s.check_record();
}

TEST_CASE("facts that are delivered twice are counted and kept once") {
    if (!test::broker_available()) return;
    Site s;
    s.start_platform();
    s.commit(200);
    s.start_uplink();
    REQUIRE(s.all_acked());
    s.uplink->stop();
    s.journal.forget_cursor();  // e.g. a gateway whose store was restored
    s.start_uplink();  // facts go out at once, before the platform's answer to presence can say that it has them
    REQUIRE(s.all_acked());
    CHECK(eventually([&] { return s.repeats() > 0; }));
    s.check_record();
}

TEST_CASE("a receiver that goes away and comes back goes on where its database ends") {
    if (!test::broker_available()) return;
    Site s;
    s.start_platform();
    s.start_uplink();
    for (int round = 0; round < 3; ++round) {
        s.commit(1500);
        const auto before = s.journal.cursor();
        REQUIRE(eventually([&] { return s.journal.cursor() > before; }));
        s.platform->kill();
        s.commit(200);
        s.start_platform();
        REQUIRE(s.all_acked());
    }
    s.check_record();
}

TEST_CASE("two receivers share the stream and one record") {
    if (!test::broker_available()) return;
    Site s;
    s.start_platform();
    ReceiverProcess second(s.broker.uri(), s.folder.path(), "second");
    s.start_uplink();
    for (int i = 0; i < 40; ++i) s.commit(100);
    REQUIRE(s.all_acked());
    s.check_record();
    s.platform->stop();
    second.stop();
    CHECK(s.platform->counter("facts") > 0);
    CHECK(second.counter("facts") > 0);
}

TEST_CASE("at most 4,096 facts wait for the platform's ack") {
    if (!test::broker_available()) return;
    Site s(0);
    test::PlatformProbe probe(s.broker.port());
    s.commit(5000);
    auto settings = s.settings();
    settings.window.ack_timeout_ms = 60000;
    s.start_uplink(settings);
    REQUIRE(eventually([&] { return probe.newest() == 4096; }));
    CHECK_FALSE(eventually([&] { return probe.newest() > 4096; }, 200));
    probe.ack("g1", "e1", 904, s.journal.hash_at(904));
    CHECK(eventually([&] { return probe.newest() == 5000; }));
    CHECK(s.counters.value("ack-timeouts") == 0);
    CHECK(probe.largest_batch() <= sync::batch_bytes);
}

TEST_CASE("at most 2 MiB wait for the platform's ack, in messages of at most 128 KiB") {
    if (!test::broker_available()) return;
    Site s(30000);
    test::PlatformProbe probe(s.broker.port());
    s.commit(100);
    auto settings = s.settings();
    settings.window.ack_timeout_ms = 60000;
    s.start_uplink(settings);
    REQUIRE(eventually([&] { return probe.newest() >= 64; }));
    CHECK_FALSE(eventually([&] { return probe.bytes() > (2U << 20); }, 200));
    CHECK(probe.largest_batch() <= sync::batch_bytes);
    CHECK(probe.largest_batch() > 4 * 30000);
    probe.ack("g1", "e1", probe.newest(), s.journal.hash_at(probe.newest()));
    CHECK(eventually([&] { return probe.newest() == 100; }));
}

TEST_CASE("a contradiction between the platform and the journal stops the sending, with an alarm") {
    if (!test::broker_available()) return;
    Site s;
    test::PlatformProbe probe(s.broker.port());
    s.commit(10);
    s.start_uplink();
    REQUIRE(eventually([&] { return probe.newest() == 10; }));
    std::string says;
    SECTION("another hash") {
        probe.ack("g1", "e1", 5, std::string(64, 'e'));
        says = "hash of fact 5";
    }
    SECTION("an ack ahead of what was ever committed") {
        probe.ack("g1", "e1", 11, std::string(64, 'e'));
        says = "journal ends at 10";
    }
    REQUIRE(eventually([&] { return s.uplink->status().state == LinkState::alarm; }));
    CHECK(s.uplink->status().detail.find(says) != std::string::npos);
    CHECK(s.journal.cursor() == 0);
    const auto sent = s.counters.value("facts");
    s.commit(10);
    CHECK_FALSE(eventually([&] { return s.counters.value("facts") > sent; }, 900));  // two ack time-outs
    probe.ack("g1", "e1", 5, s.journal.hash_at(5));  // a good ack later does not hide it
    CHECK(eventually([&] { return s.counters.value("acks-ignored-in-alarm") > 0; }));
    CHECK(s.uplink->status().state == LinkState::alarm);
    s.journal.open_epoch("e2");  // the only way on
    s.commit(3);
    CHECK(eventually([&] { return s.uplink->status().state != LinkState::alarm && probe.newest_of("e2") == 3; }));
}

TEST_CASE("an ack of what is acknowledged already is compared too: a platform whose record changed is found out") {
    if (!test::broker_available()) return;
    Site s;
    test::PlatformProbe probe(s.broker.port());
    s.commit(10);
    s.start_uplink();
    REQUIRE(eventually([&] { return probe.newest() == 10; }));
    probe.ack("g1", "e1", 10, s.journal.hash_at(10));
    REQUIRE(s.all_acked());
    probe.ack("g1", "e1", 10, s.journal.hash_at(10));
    REQUIRE(eventually([&] { return s.counters.value("acks") == 2; }));
    CHECK(s.uplink->status().state == LinkState::online);
    probe.ack("g1", "e1", 10, std::string(64, 'e'));
    CHECK(eventually([&] { return s.uplink->status().state == LinkState::alarm; }));
    CHECK(s.uplink->status().detail.find("hash of fact 10") != std::string::npos);
}

TEST_CASE("an ack that the journal's owner had no room for is handed to it again") {
    if (!test::broker_available()) return;
    Site s;
    test::PlatformProbe probe(s.broker.port());
    s.commit(10);
    s.start_uplink();
    REQUIRE(eventually([&] { return probe.newest() == 10; }));
    s.journal.set_full(true);
    probe.ack("g1", "e1", 10, s.journal.hash_at(10));
    REQUIRE(eventually([&] { return s.journal.ack_calls() == 1; }));
    s.journal.set_full(false);
    probe.ack("g1", "e1", 10, s.journal.hash_at(10));
    CHECK(eventually([&] { return s.journal.cursor() == 10; }));
    probe.ack("g1", "e1", 10, s.journal.hash_at(10));
    CHECK(eventually([&] { return s.counters.value("acks") == 3; }));
    CHECK(s.journal.ack_calls() == 2);
}

TEST_CASE("an ack that cannot be compared now is no alarm; the next one counts") {
    if (!test::broker_available()) return;
    Site s;
    test::PlatformProbe probe(s.broker.port());
    s.commit(10);
    s.start_uplink();
    REQUIRE(eventually([&] { return probe.newest() == 10; }));
    s.journal.set_failing(true);
    probe.ack("g1", "e1", 10, s.journal.hash_at(10));
    REQUIRE(eventually([&] { return s.counters.value("acks-unverified") == 1; }));
    CHECK(s.uplink->status().state != LinkState::alarm);
    CHECK(s.journal.cursor() == 0);
    s.journal.set_failing(false);
    probe.ack("g1", "e1", 10, s.journal.hash_at(10));
    CHECK(eventually([&] { return s.journal.cursor() == 10; }));
}

TEST_CASE("acks that say nothing new or nothing sensible change nothing and are counted") {
    if (!test::broker_available()) return;
    Site s;
    test::PlatformProbe probe(s.broker.port());
    s.commit(20);
    s.start_uplink();
    REQUIRE(eventually([&] { return probe.newest() == 20; }));
    probe.ack("g1", "e1", 10, s.journal.hash_at(10));
    REQUIRE(eventually([&] { return s.journal.cursor() == 10; }));

    probe.ack("g1", "e0", 15, std::string(64, 'e'));
    probe.ack("g1", "e1", 9, std::string(64, 'e'));
    probe.ack("g1", "e1", 0, std::string(64, '0'));
    probe.say("hefang/v1/g1/down/ack", "rubbish");
    probe.say("hefang/v1/g1/down/ack", R"({"aud":"g2"})");
    probe.say("hefang/v1/g1/down/ack", R"({"aud":"g1","through":20})");
    probe.say("hefang/v1/g1/down/ack", std::string(sync::down_bytes + 1, ' '));
    probe.say("hefang/v1/g1/down/feed", R"({"aud":"g1","feed":"1","type":"clearance.put"})");
    probe.say("hefang/v1/g1/down/beacon", R"({"aud":"g1","now":"2026-11-23T02:15:00.000Z","feed":"1"})");
    probe.say("hefang/v1/g1/down/other", "{}");
    const std::pair<const char*, std::uint64_t> wants[] = {
        {"acks-other-epoch", 1},        {"acks-behind", 2},   {"ack-not-json", 1}, {"ack-wrong-audience", 1},
        {"ack-bad-members", 1},         {"ack-too-large", 1}, {"acks-refused", 4}, {"feed-refused-unsigned", 1},
        {"beacon-refused-unsigned", 1}, {"topic-refused", 1}};
    for (const auto& [name, count] : wants) {
        INFO(name);
        CHECK(eventually([&, n = name, c = count] { return s.counters.value(n) == c; }));
    }
    CHECK(s.journal.cursor() == 10);
    CHECK(s.uplink->status().state != LinkState::alarm);
    probe.ack("g1", "e1", 20, s.journal.hash_at(20));
    CHECK(eventually([&] { return s.journal.cursor() == 20; }));
}

TEST_CASE("presence is retained, repeated, and ends as stopped or as the will") {
    if (!test::broker_available()) return;
    Site s;
    test::PlatformProbe probe(s.broker.port());
    auto settings = s.settings();
    settings.presence_every_ms = 150;
    s.commit(2);
    s.start_uplink(settings);
    REQUIRE(eventually([&] { return probe.presences("online") >= 3; }));
    const auto p = probe.last_presence();
    CHECK(p.start == settings.start);
    CHECK(p.n == 1);
    CHECK(p.epoch == "e1");
    CHECK(p.last == 2);
    CHECK(p.boot == "boot");
    test::PlatformProbe late(s.broker.port());
    CHECK(eventually([&] { return late.presences("online") >= 1; }));  // retained
    SECTION("a clean end") {
        s.uplink->stop();
        CHECK(eventually([&] { return probe.presences("stopped") == 1; }));
        CHECK_FALSE(eventually([&] { return probe.presences("offline") > 0; }, 100));
    }
    SECTION("another client takes the name: the will tells the first one's end") {
        const test::PlatformProbe thief(s.broker.port(), "g1");
        CHECK(eventually([&] { return probe.presences("offline") == 1; }));
        CHECK(eventually([&] { return probe.last_presence().n == 2; }));
    }
}

TEST_CASE("a connection that we give up ends with the will, not with a goodbye") {
    if (!test::broker_available()) return;
    Site s;
    test::PlatformProbe probe(s.broker.port());
    auto settings = s.settings();
    settings.confirm_timeout_ms = 600;
    settings.reconnect_first_ms = settings.reconnect_most_ms = 600000;  // no second connection that would take it over
    settings.seed = 1;
    s.start_uplink(settings);
    REQUIRE(eventually([&] { return probe.presences("online") >= 1; }));
    s.broker.freeze();
    s.commit(100);
    REQUIRE(eventually([&] { return s.counters.value("broker-stalled") > 0; }));
    REQUIRE(eventually([&] { return s.uplink->status().state == LinkState::offline; }));
    s.broker.thaw();
    CHECK(eventually([&] { return probe.presences("offline") == 1; }));
    CHECK(probe.presences("online") == 1);
}

TEST_CASE("a session that connects has nothing to do before its time limit, whatever waits for an ack") {
    Counters counters;
    test::JournalFake journal("g1", "e1");
    sync::UplinkSettings settings;
    settings.broker = "mqtt://127.0.0.1:1";  // nobody listens there; what comes of it is not asked for
    settings.gateway = "g1";
    sync::Standing standing{sync::Window(settings.window), {}, {}, {}, 0};
    const BootTime before{1000}, now{1000 + settings.window.ack_timeout_ms};
    standing.window.open("e1", 0, 65535);
    standing.window.sent(10, 1000, before);
    REQUIRE(standing.window.deadline() == now);
    const sync::Session session(settings, journal, counters, standing, 1, now, [](sync::LinkEvent&&) {});
    CHECK(session.wake_at(now) == now + settings.connect_timeout_ms);
}

TEST_CASE("a journal that cannot be read for a while is said and asked again") {
    if (!test::broker_available()) return;
    Site s;
    s.start_platform();
    s.journal.set_failing(true);
    s.commit(10);
    s.start_uplink();
    REQUIRE(eventually([&] { return s.counters.value("outbox-failed") > 0; }));
    CHECK(eventually([&] { return s.uplink->status().detail.find("disk is away") != std::string::npos; }));
    s.journal.set_failing(false);
    REQUIRE(s.all_acked());
    CHECK(eventually([&] { return s.uplink->status().detail.empty(); }));
}

TEST_CASE("a link that cannot be used says so at the start; one without a broker keeps trying") {
    Counters counters;
    SystemClock clock;
    test::JournalFake journal("g1", "e1");
    sync::UplinkSettings s;
    s.gateway = "g1";
    s.broker = "mqtt://10.0.0.5:1883";
    CHECK_FALSE(Uplink(s, journal, clock, counters, {}).start());
    s.broker = "mqtts://127.0.0.1:8883";
    CHECK_FALSE(Uplink(s, journal, clock, counters, {}).start());
    s.broker = "mqtt://127.0.0.1:1";  // nobody listens there
    s.gateway = "g/1";
    CHECK_FALSE(Uplink(s, journal, clock, counters, {}).start());
    s.gateway = "g1";
    s.reconnect_first_ms = 10;
    s.reconnect_most_ms = 20;
    Uplink uplink(s, journal, clock, counters, {});
    REQUIRE(uplink.start());
    CHECK_FALSE(uplink.start());
    CHECK(eventually([&] { return counters.value("reconnects") >= 3; }));
    CHECK(eventually([&] { return uplink.status().detail.find("cannot connect") != std::string::npos; }));
    uplink.stop();
}
