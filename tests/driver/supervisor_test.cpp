#include "driver/supervisor.hpp"

#include "../link/deaf_listener.hpp"
#include "catalog/catalog.hpp"
#include "hil/scale_sim.hpp"
#include "hil/scanner_sim.hpp"
#include "played/played.hpp"
#include "plc/sorter_map.hpp"
#include "scale/scale_protocol.hpp"

#include <atomic>
#include <filesystem>
#include <thread>

#include <catch2/catch.hpp>
#include <unistd.h>

using namespace hefang;
using namespace hefang::driver;
using namespace std::chrono_literals;
using hefang::test::Posted;
using reading::CodesRead;
using reading::DeviceLost;
using reading::DeviceRestored;
using reading::WeightQuality;
using reading::WeightRead;

namespace {

constexpr BackOff::Pace quick{1ms, 8ms};

/// A clock for the rules of time alone: it goes on only where a test says so.
class MovedClock final : public Clock {
  public:
    [[nodiscard]] Now now() const override { return {{0}, {boot_ms}, ClockState::synced}; }
    std::atomic<std::int64_t> boot_ms{1'000'000};
};

/// A folder of its own that goes with the test.
struct Folder {
    std::filesystem::path path = std::filesystem::temp_directory_path() /
                                 ("hefang-" + std::to_string(::getpid()) + "-" + std::to_string(count()));
    Folder() { std::filesystem::create_directories(path); }
    ~Folder() { std::filesystem::remove_all(path); }
    static int count() {
        static std::atomic<int> n{0};
        return ++n;
    }
};

DeviceConfig config(const char* kind, const char* protocol, const std::string& link,
                    std::map<std::string, std::string> settings = {}) {
    return {DeviceId(std::string(kind) + "-1"), kind, protocol, link::parse_link(link).value(), std::move(settings)};
}

/// One device under supervision, for real.
struct Run {
    SystemClock clock;
    Posted posted;
    Supervisor supervisor{clock, quick};
    explicit Run(const DeviceConfig& device) {
        supervisor.add(device, std::move(make(device).value().driver), posted);
        supervisor.start();
    }
    [[nodiscard]] DeviceStatus status() const { return supervisor.status().at(0); }
    [[nodiscard]] std::uint64_t counter(std::string_view name) const {
        for (const auto& row : status().counters) {
            if (row.name == name) return row.value;
        }
        return 0;
    }
};

/// A driver that does what the test says, life by life.
class FakeDriver final : public Driver {
  public:
    explicit FakeDriver(std::function<Error(Context&, int)> life) : life_(std::move(life)) {}
    Error live(Context& context) override { return life_(context, ++lives_); }

  private:
    std::function<Error(Context&, int)> life_;
    int lives_ = 0;
};

template <class Predicate>
bool eventually(Predicate predicate) {
    for (int i = 0; i < 5000; ++i) {
        if (predicate()) return true;
        std::this_thread::sleep_for(1ms);
    }
    return false;
}

std::string first_code(const CodesRead& read) { return read.codes.empty() ? "-" : read.codes.front().text; }

std::string kinds(const Posted& posted) {
    std::string out;
    for (const auto& r : posted.readings()) {
        out += std::holds_alternative<DeviceLost>(r) ? 'L' : std::holds_alternative<DeviceRestored>(r) ? 'R' : '.';
    }
    return out;
}

}  // namespace

TEST_CASE("back-off doubles to its limit, with chance, and begins anew after life") {
    BackOff pace({500ms, 10s}, 7);
    BackOff same({500ms, 10s}, 7);
    std::int64_t middle = 500;
    bool varied = false;
    for (int i = 0; i < 20; ++i) {
        const auto got = pace.next().count();
        CHECK(got == same.next().count());
        CHECK(got >= std::max<std::int64_t>(500, middle - middle / 4));
        CHECK(got <= std::min<std::int64_t>(10'000, middle + middle / 4));
        varied = varied || got != middle;
        middle = std::min<std::int64_t>(middle * 2, 10'000);
    }
    CHECK(varied);
    pace.reset();
    CHECK(pace.next() <= 625ms);
}

TEST_CASE("loss and return are said on change only") {
    SystemClock clock;
    Posted posted;
    Supervisor supervisor(clock, quick);
    std::atomic<int> lives{0};
    auto life = [&](Driver::Context& c, int n) -> Error {
        lives = n;
        if (n == 3 || n == 4 || n == 7) {
            c.alive(Sign::data);
            c.alive(Sign::data);
        }
        if (n == 9) {
            (void)c.stop.wait_for(60s);
            return {Errc::closed, "stop requested"};
        }
        return {Errc::unreachable, "no luck \x01 " + std::to_string(n)};
    };
    const auto device = config("scanner", "", "serial:///dev/none");
    supervisor.add(device, std::make_unique<FakeDriver>(life), posted);
    CHECK(supervisor.status().at(0).state == DeviceState::stopped);
    supervisor.start();
    REQUIRE(eventually([&] { return lives == 9; }));
    // Never up, up and lost at once twice, lost for long, up and lost again.
    CHECK(kinds(posted) == "LRLRLRL");
    CHECK(posted.all<DeviceLost>().front().detail == "no luck \\x01 1");
    const auto status = supervisor.status().at(0);
    CHECK(status.state == DeviceState::lost);
    CHECK(status.last_error == "no luck \\x01 8");
    CHECK(status.last_data.has_value());
    CHECK(status.kind == "scanner");
    CHECK(status.link == "serial:///dev/none?baud=9600&bits=8&parity=none&stop=1");
    supervisor.stop();
    CHECK(supervisor.status().at(0).state == DeviceState::stopped);
    supervisor.stop();
    CHECK(kinds(posted) == "LRLRLRL");  // an end that was asked for is no loss
}

TEST_CASE("a device that lets itself be opened and hangs up is said a few times, then not any more") {
    struct Row {
        const char* why;
        bool speaks;
        int lives;
        std::size_t facts;
        std::int64_t least_trial;
    };
    const auto row = GENERATE(values<Row>({
        {"hangs up before it says anything: the back-off grows, and with it the trial", false, 8, 2, 48},
        {"says something each time: the back-off begins anew", true, 15, 20, 60'000},
    }));
    INFO(row.why);
    const MovedClock clock;  // every life ends within the moment in which it began
    Posted posted;
    Supervisor supervisor(clock, {1ms, 60s});
    std::atomic<int> lives{0};
    std::atomic<std::int64_t> trial{0};
    auto life = [&](Driver::Context& c, int n) -> Error {
        c.alive(row.speaks ? Sign::data : Sign::link);
        trial = c.trial.count();
        lives = n;
        return {Errc::closed, "hung up"};
    };
    const auto device = config("scanner", "", "serial:///dev/none");
    supervisor.add(device, std::make_unique<FakeDriver>(life), posted);
    supervisor.start();
    REQUIRE(eventually([&] { return lives >= row.lives; }));
    CHECK(supervisor.status().at(0).last_data.has_value());
    supervisor.stop();
    CHECK(kinds(posted).size() == row.facts);
    CHECK(posted.all<DeviceRestored>().size() == posted.all<DeviceLost>().size());
    CHECK(trial >= row.least_trial);
}

TEST_CASE("a device that came and went counts again once it stands") {
    MovedClock clock;
    Posted posted;
    Supervisor supervisor(clock, {1ms, 20ms});
    std::atomic<int> lives{0};
    std::atomic<std::size_t> before_its_time{0};
    auto life = [&](Driver::Context& c, int n) -> Error {
        lives = n;
        c.alive(Sign::data);
        if (n <= 10) return {Errc::closed, "hung up"};
        clock.boot_ms += 19;
        c.alive(Sign::data);
        before_its_time = posted.all<DeviceRestored>().size();
        clock.boot_ms += 1;
        c.alive(Sign::data);
        (void)c.stop.wait_for(60s);
        return {Errc::closed, "stop requested"};
    };
    supervisor.add(config("scanner", "", "serial:///dev/none"), std::make_unique<FakeDriver>(life), posted);
    supervisor.start();
    REQUIRE(posted.wait_for<DeviceRestored>(11));
    CHECK(before_its_time == 10);
    CHECK(posted.all<DeviceLost>().size() == 10);
    CHECK(lives == 11);
    CHECK(supervisor.status().at(0).state == DeviceState::up);
}

TEST_CASE("what a device says of itself stands beside its state until its life ends") {
    SystemClock clock;
    Posted posted;
    Supervisor supervisor(clock, quick);
    std::atomic<bool> over{false};
    const std::string said = "emergency \x01 stop, " + codec::sorter::condition(0xFFFF & ~codec::sorter::state_running);
    const std::string shown = "emergency \\x01" + said.substr(std::string("emergency \x01").size());
    auto life = [&](Driver::Context& c, int n) -> Error {
        if (n == 1) {
            c.alive(Sign::data);
            c.condition(said);
            while (!over && !c.stop.wait_for(1ms)) {
            }
        } else {
            (void)c.stop.wait_for(60s);
        }
        return {Errc::closed, "over"};
    };
    supervisor.add(config("scanner", "", "serial:///dev/none"), std::make_unique<FakeDriver>(life), posted);
    supervisor.start();
    REQUIRE(eventually([&] { return supervisor.status().at(0).condition == shown; }));
    over = true;
    REQUIRE(eventually([&] { return supervisor.status().at(0).condition.empty(); }));
}

TEST_CASE("a driver that throws is a device that fails") {
    SystemClock clock;
    Posted posted;
    Supervisor supervisor(clock, quick);
    const auto device = config("scanner", "", "serial:///dev/none");
    supervisor.add(device, std::make_unique<FakeDriver>([](Driver::Context&, int) -> Error {
                       throw std::runtime_error("broken");
                   }),
                   posted);
    supervisor.start();
    REQUIRE(posted.wait_for<DeviceLost>(1));
    CHECK_THAT(posted.all<DeviceLost>()[0].detail, Catch::Contains("broken"));
}

TEST_CASE("stop ends within a second, whatever the devices are doing") {
    SystemClock clock;
    Posted posted;
    Supervisor supervisor(clock, {60s, 60s});
    Folder folder;
    auto wire = hil::PtyWire::open(folder.path / "tty").value();
    const auto silent = config("scanner", "", wire->address());
    auto listening = config("scanner", "", "tcp-listen://127.0.0.1:1");
    listening.link = link::TcpListenAddress{"127.0.0.1", 0};  // a port that the kernel chooses
    const test::DeafListener deaf;
    auto sorter = config("sorter", "", "modbus-tcp://127.0.0.1:" + std::to_string(deaf.port()));
    sorter.settings["answer_ms"] = "600";
    const auto absent = config("scale", "xk3190", "serial:///dev/no-such-device");
    auto blocked = [&](Driver::Context& c, int) -> Error {
        c.alive(Sign::data);
        return {Errc::closed, "the sink was full until the stop"};
    };
    posted.fill(true);
    supervisor.add(silent, std::move(make(silent).value().driver), posted);
    supervisor.add(listening, std::move(make(listening).value().driver), posted);
    supervisor.add(absent, std::move(make(absent).value().driver), posted);
    supervisor.add(silent, std::make_unique<FakeDriver>(blocked), posted);
    supervisor.add(sorter, std::move(make(sorter).value().driver), posted);
    supervisor.start();
    REQUIRE(eventually([&] { return supervisor.status().at(3).state == DeviceState::up; }));
    const auto begin = std::chrono::steady_clock::now();
    supervisor.stop();
    CHECK(std::chrono::steady_clock::now() - begin < 1s);
}

TEST_CASE("a scanner whose cable is pulled comes back by itself") {
    Folder folder;
    hil::ScannerSim sim(hil::PtyWire::open(folder.path / "reader").value());
    Run run(config("scanner", "", sim.address()));
    REQUIRE(run.posted.wait_for<DeviceRestored>(1));
    REQUIRE(sim.scan("BEFORE"));
    REQUIRE(run.posted.wait_for<CodesRead>(1));
    for (int round = 1; round <= 3; ++round) {
        CAPTURE(round);
        const auto n = static_cast<std::size_t>(round);
        const auto bytes = run.counter("bytes");
        REQUIRE(sim.raw("HALF"));
        REQUIRE(eventually([&] { return run.counter("bytes") >= bytes + 4; }));
        sim.unplug();
        REQUIRE(run.posted.wait_for<DeviceLost>(n));
        CHECK(run.status().state == DeviceState::lost);
        REQUIRE(sim.plug());
        REQUIRE(run.posted.wait_for<DeviceRestored>(n + 1));
        REQUIRE(sim.scan("REST"));
        REQUIRE(sim.scan("AFTER" + std::to_string(round)));
        REQUIRE(run.posted.wait_for<CodesRead>(3 * n + 1));
        const auto read = run.posted.all<CodesRead>();
        CHECK(read[3 * n - 2].codes.empty());  // HALF: a parcel passed
        CHECK(read[3 * n - 1].codes.empty());  // for all that is known the rest of HALF
        REQUIRE(read[3 * n].codes.size() == 1);
        CHECK(read[3 * n].codes[0].text == "AFTER" + std::to_string(round));
    }
    CHECK(kinds(run.posted) == "R..LR...LR...LR..");
    CHECK(run.counter("losses") == 3);
}

TEST_CASE("a scanner over TCP, either side connecting, and every fault of its wire") {
    const bool listens = GENERATE(false, true);
    CAPTURE(listens);
    std::unique_ptr<hil::Wire> wire;
    if (listens) {
        link::TcpListenEndpoint probe({"127.0.0.1", 0});
        wire = std::make_unique<hil::TcpClientWire>(probe.listen().value());
    } else {
        wire = hil::TcpServerWire::open().value();
    }
    hil::ScannerSim sim(std::move(wire));
    Run run(config("scanner", "", sim.address()));
    REQUIRE(eventually([&] { return sim.scan("ONE").has_value(); }));
    REQUIRE(run.posted.wait_for<CodesRead>(1));
    sim.split(1, 0ms);
    REQUIRE(sim.scan("TWO"));
    REQUIRE(run.posted.wait_for<CodesRead>(2));
    REQUIRE(sim.noise(100'000));
    REQUIRE(sim.raw("\r\n"));
    REQUIRE(sim.no_read());
    REQUIRE(run.posted.wait_for<CodesRead>(3));
    CHECK(run.counter("refused-too-long") == 1);
    REQUIRE(run.posted.wait_for<CodesRead>(4));
    sim.unplug();
    REQUIRE(run.posted.wait_for<DeviceLost>(1));
    REQUIRE(eventually([&] { return sim.plug().has_value(); }));
    REQUIRE(eventually([&] { return sim.scan("THREE").has_value(); }));
    REQUIRE(sim.scan("FOUR"));
    REQUIRE(run.posted.wait_for<CodesRead>(6));
    const auto read = run.posted.all<CodesRead>();
    CHECK(read[1].codes.at(0).text == "TWO");
    CHECK(read[2].codes.empty());  // the noise had an end
    CHECK(read[3].codes.empty());
    CHECK(first_code(read[0]) == (listens ? "ONE" : "-"));  // where we connect it could be the rest of one
    CHECK(first_code(read[4]) == (listens ? "THREE" : "-"));
    CHECK(first_code(read[5]) == "FOUR");
}

TEST_CASE("a full sink holds the device back and nothing is lost") {
    auto server = hil::TcpServerWire::open().value();
    hil::ScannerSim sim(std::move(server));
    Run run(config("scanner", "", sim.address()));
    REQUIRE(eventually([&] { return sim.scan("C0").has_value(); }));
    REQUIRE(run.posted.wait_for<CodesRead>(1));
    run.posted.fill(true);
    for (int i = 1; i <= 2000; ++i) REQUIRE(sim.scan("C" + std::to_string(i)));
    run.posted.fill(false);
    REQUIRE(run.posted.wait_for<CodesRead>(2001));
    const auto read = run.posted.all<CodesRead>();
    CHECK(read[0].codes.empty());  // for all that is known the rest of one
    for (int i = 1; i <= 2000; ++i)
        CHECK(read[static_cast<std::size_t>(i)].codes.at(0).text == "C" + std::to_string(i));
}

namespace {

/// A simulated scale on a pty, and its driver.
struct Weighed {
    Folder folder;
    std::int64_t load;  // of a gram: kilograms where the display has no decimals
    hil::ScaleSim sim;
    Run run;
    explicit Weighed(const std::string& protocol)
        : load(protocol.find("whole") != std::string::npos ? 1000 : 1),
          sim(hil::PtyWire::open(folder.path / "scale").value(), settings(protocol, load)),
          run(config("scale", protocol.c_str(), sim.address(), said(protocol, load))) {
        sim.run();
    }
    static hil::ScaleSimSettings settings(const std::string& protocol, std::int64_t load) {
        hil::ScaleSimSettings s;
        s.protocol = protocol;
        s.period = 5ms;
        if (load == 1000) s.decimals = 0, s.step = Grams{1000}, s.capacity = Grams{60'000'000};
        return s;
    }
    static std::map<std::string, std::string> said(const std::string& protocol, std::int64_t load) {
        std::map<std::string, std::string> out{{"interval_g", load == 1000 ? "1000" : "5"},
                                               {"window_ms", "100"},
                                               {"rearm_ms", "20"},
                                               {"silence_ms", "500"}};
        if (scale_protocol(protocol)->ask != nullptr) out.insert({{"poll_ms", "20"}, {"answer_ms", "400"}});
        return out;
    }
    /// By then the driver has seen the plate as it is now.
    [[nodiscard]] bool seen(std::uint64_t frames = 20) {
        const auto before = run.counter("frames");
        return eventually([&] { return run.counter("frames") > before + frames; });
    }
    void put(std::int64_t grams) { sim.put(Grams{grams * load}); }
    [[nodiscard]] std::vector<std::int64_t> stable() const {
        std::vector<std::int64_t> out;
        for (const auto& w : run.posted.all<WeightRead>())
            out.push_back(w.quality == WeightQuality::stable ? w.grams.count / load : -1);
        return out;
    }
};

}  // namespace

TEST_CASE("a scale simulator and the driver agree over every protocol, also behind wrong frames") {
    struct Row {
        const char* protocol;
        const char* refusal;  // of a frame whose checksum, or else another byte, is wrong
    };
    const auto row = GENERATE(values<Row>({
        {"toledo-continuous", "refused-bad-checksum"},
        {"toledo-short", "refused-bad-checksum"},
        {"xk3190", "refused-bad-checksum"},
        {"xk3190-eq-reversed", "refused-bad-layout"},
        {"xk3190-eq-forward", "refused-bad-layout"},
        {"xk315-eq", "refused-bad-layout"},
        {"xk3190-c602", "refused-bad-number"},
        {"and-indicator", "refused-other-unit"},
        {"and-balance", "refused-other-unit"},
        {"cas-continuous", "refused-other-unit"},
        {"dini-continuous", "refused-other-unit"},
        {"rice-lake", "refused-other-unit"},
        {"rice-lake-av", "refused-other-unit"},
        {"cardinal", "refused-other-unit"},
        {"cardinal-whole", "refused-other-unit"},
        {"cardinal-sb400", "refused-other-unit"},
        {"cardinal-sb400-whole", "refused-other-unit"},
        {"sartorius", "refused-other-unit"},
        {"sartorius-22", "refused-other-unit"},
        {"radwag", "refused-other-unit"},
        {"xk3190-a12", "refused-bad-checksum"},
        {"xk3190-a12-old", "refused-other-unit"},
        {"sma", "refused-other-unit"},
        {"dini-extended", "refused-other-unit"},
        {"mt-sics", "refused-other-unit"},
        {"xk3190-command", "refused-bad-checksum"},
        {"nci", "refused-other-unit"},
        {"and-indicator-request", "refused-other-unit"},
        {"and-balance-request", "refused-other-unit"},
        {"cardinal-sb400-request", "refused-other-unit"},
        {"sartorius-request", "refused-other-unit"},
        {"sartorius-22-request", "refused-other-unit"},
        {"radwag-request", "refused-other-unit"},
        {"dini-request", "refused-other-unit"},
        {"dini-extended-request", "refused-other-unit"},
        {"dini-alibi", "refused-other-unit"},
    }));
    INFO(row.protocol);
    Weighed scale(row.protocol);
    REQUIRE(scale.run.posted.wait_for<DeviceRestored>(1));
    scale.put(1235);
    REQUIRE(scale.run.posted.wait_for<WeightRead>(1));
    scale.sim.clear();
    scale.sim.wrong_checksum(6);
    REQUIRE(eventually([&] { return scale.run.counter(row.refusal) >= 5; }));
    REQUIRE(scale.seen(10));
    scale.put(2500);
    REQUIRE(scale.run.posted.wait_for<WeightRead>(2));
    CHECK(scale.stable() == std::vector<std::int64_t>{1235, 2500});
    const auto record = scale.run.posted.all<WeightRead>()[0].record;
    CHECK_FALSE(record.raw.empty());
    CHECK(record.alibi == (row.protocol == std::string_view("dini-alibi") ? "00000-000001" : ""));
}

TEST_CASE("a scale, whether it is asked or not, through every fault of its line and a pulled cable") {
    const std::string protocol =
        GENERATE("toledo-continuous", "xk3190-eq-forward", "and-indicator", "mt-sics", "dini-alibi");
    CAPTURE(protocol);
    Weighed scale(protocol);
    auto& sim = scale.sim;
    auto& posted = scale.run.posted;
    REQUIRE(posted.wait_for<DeviceRestored>(1));
    scale.put(1235);
    REQUIRE(posted.wait_for<WeightRead>(1));
    sim.clear();
    REQUIRE(sim.noise(300));
    sim.split(3, 1ms);
    REQUIRE(scale.seen());
    scale.put(2500);
    REQUIRE(posted.wait_for<WeightRead>(2));
    sim.split(0, 0ms);
    sim.silence(true);
    REQUIRE(posted.wait_for<DeviceLost>(1));
    sim.silence(false);
    REQUIRE(posted.wait_for<DeviceRestored>(2));
    sim.unplug();
    REQUIRE(posted.wait_for<DeviceLost>(2));
    sim.clear();
    REQUIRE(sim.plug());
    REQUIRE(posted.wait_for<DeviceRestored>(3));
    REQUIRE(scale.seen());
    scale.put(800);
    REQUIRE(posted.wait_for<WeightRead>(3));
    CHECK(scale.stable() == std::vector<std::int64_t>{1235, 2500, 800});
}

TEST_CASE("a scale that answers too late is weighed by what it says afterwards, and once") {
    Weighed scale("mt-sics");
    REQUIRE(scale.run.posted.wait_for<DeviceRestored>(1));
    scale.put(1235);
    REQUIRE(scale.run.posted.wait_for<WeightRead>(1));
    scale.sim.clear();
    REQUIRE(scale.seen());
    scale.sim.late(2);  // two answers come just before the third
    scale.put(2500);
    REQUIRE(eventually([&] { return scale.run.counter("no-answer") >= 2; }));
    REQUIRE(eventually([&] { return scale.run.counter("refused-unasked") >= 1; }));
    REQUIRE(scale.run.posted.wait_for<WeightRead>(2));
    CHECK(scale.stable() == std::vector<std::int64_t>{1235, 2500});
}

TEST_CASE("a scale on which somebody sets a tare says no weight to use until it is gone") {
    Weighed scale("toledo-continuous");
    REQUIRE(scale.run.posted.wait_for<DeviceRestored>(1));
    REQUIRE(scale.seen());
    scale.sim.tare(Grams{200}, true);
    scale.put(1235);
    REQUIRE(scale.run.posted.wait_for<WeightRead>(1));
    scale.sim.clear();
    scale.sim.tare(Grams{0});
    REQUIRE(scale.seen());
    scale.put(1235);
    REQUIRE(scale.run.posted.wait_for<WeightRead>(2));
    const auto read = scale.run.posted.all<WeightRead>();
    CHECK(read[0].quality == WeightQuality::wrong_tare);
    CHECK(read[0].grams == Grams{1035});
    CHECK(read[0].record.tare == Grams{200});
    CHECK(read[0].record.preset_tare);
    CHECK(read[1].quality == WeightQuality::stable);
    CHECK(read[1].grams == Grams{1235});
}
