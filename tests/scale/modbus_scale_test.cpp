#include "scale/modbus_scale.hpp"

#include "hil/modbus_scale_sim.hpp"
#include "played/played.hpp"

#include <atomic>
#include <functional>
#include <thread>

#include <catch2/catch.hpp>
#include <unistd.h>

using namespace hefang;
using namespace hefang::driver;
using namespace std::chrono_literals;
using hefang::hil::ModbusScaleSim;
using reading::WeightQuality;
using reading::WeightRead;

namespace {

std::shared_ptr<codec::RegisterMap> laumas() {
    auto map = std::make_shared<codec::RegisterMap>();
    map->at = 7;
    map->form = codec::ValueForm::u32;
    map->sign = codec::BitPlace{6, 7};
    map->divisions_at = 13;
    map->status = {{codec::RegisterStatus::fault, {6, 0}},
                   {codec::RegisterStatus::overload, {6, 2}},
                   {codec::RegisterStatus::stable, {6, 11}}};
    return map;
}

/// Of the made-up scale that has a heartbeat.
std::shared_ptr<codec::RegisterMap> with_heartbeat() {
    auto map = std::make_shared<codec::RegisterMap>();
    map->function = 4;
    map->at = 10;
    map->order = codec::WordOrder::cdab;
    map->unit = codec::MassUnit::gram;
    map->beat_at = 12;
    map->status = {{codec::RegisterStatus::stable, {9, 0}}, {codec::RegisterStatus::fault, {9, 2}}};
    return map;
}

std::shared_ptr<codec::RegisterMap> minebea() {
    auto map = std::make_shared<codec::RegisterMap>();
    map->at = 16;
    map->status = {{codec::RegisterStatus::fault, {32}},
                   {codec::RegisterStatus::overload, {33}},
                   {codec::RegisterStatus::stable, {38}}};
    return map;
}

std::string temporary(const char* name) { return "/tmp/hefang-modbus-" + std::to_string(::getpid()) + "-" + name; }

/// One driver on a thread of its own, one life after the other, as the supervisor leads it.
class Led {
  public:
    Led(const std::string& link, std::shared_ptr<codec::RegisterMap> map, std::shared_ptr<link::ModbusLines> lines = {},
        const char* id = "scale-1", std::chrono::milliseconds back_off = 20ms)
        : back_off_(back_off) {
        ModbusScaleSettings s;
        s.id = DeviceId(id);
        s.link = link::parse_link(link).value();
        s.map = std::move(map);
        s.poll = 10ms;
        s.answer = 200ms;
        s.silence = 500ms;
        s.rule.window_ms = 100;
        s.rule.samples = 3;
        s.rule.rearm_ms = 30;
        driver_ = std::make_unique<ModbusScaleDriver>(s, lines ? lines : std::make_shared<link::ModbusLines>());
        thread_ = std::thread([this] { lead(); });
    }
    ~Led() {
        stop.request();
        thread_.join();
    }
    [[nodiscard]] std::vector<WeightRead> weights() const { return posted.all<WeightRead>(); }
    [[nodiscard]] std::string last_error() const {
        const std::lock_guard lock(mutex_);
        return error_;
    }

    test::Posted posted;
    Counters counters;
    link::Stop stop;
    std::atomic<int> signs{0};

  private:
    void lead() {
        Driver::Context context{clock_, posted, counters, stop, [this](Sign) { ++signs; }};
        while (!stop.requested()) {
            const auto error = driver_->live(context);
            {
                const std::lock_guard lock(mutex_);
                error_ = error.detail;
            }
            (void)stop.wait_for(back_off_);
        }
    }
    const std::chrono::milliseconds back_off_;
    SystemClock clock_;
    std::unique_ptr<ModbusScaleDriver> driver_;
    mutable std::mutex mutex_;
    std::string error_;  // guarded by mutex_
    std::thread thread_;
};

/// Waits at most 8 s.
bool soon(const std::function<bool()>& what) {
    for (int i = 0; i < 1600; ++i) {
        if (what()) return true;
        std::this_thread::sleep_for(5ms);
    }
    return what();
}

/// `grams` are put on the plate, weighed stable as `said`, and taken off.
void weigh(ModbusScaleSim& sim, Led& led, std::int64_t grams, std::int64_t said) {
    const auto before = led.weights().size();
    sim.put(Grams{grams}, 40ms);
    CHECK(led.posted.wait_for<WeightRead>(before + 1));
    const auto weights = led.weights();
    REQUIRE(weights.size() == before + 1);
    CHECK(weights.back().grams == Grams{said});
    CHECK(weights.back().quality == WeightQuality::stable);
    const auto values = led.counters.value("values");
    sim.clear();
    CHECK(soon([&] { return led.counters.value("values") > values + 10; }));  // empty for longer than rearm_ms
}

}  // namespace

TEST_CASE("modbus scale: one parcel is one stable weight, over TCP and over a line") {
    const bool line = GENERATE(false, true);
    CAPTURE(line);
    auto sim = line ? ModbusScaleSim::over_line("laumas-tlb", temporary("a")) : ModbusScaleSim::over_tcp("laumas-tlb");
    REQUIRE(sim);
    Led led((*sim)->address(), laumas());
    weigh(**sim, led, 1235, 1235);
    weigh(**sim, led, 20'000, 20'000);
    CHECK(led.signs > 0);
    CHECK(led.counters.value("stable") == 2);
}

TEST_CASE("modbus scale: status in discrete inputs") {
    auto sim = ModbusScaleSim::over_tcp("minebea-pr5410");
    REQUIRE(sim);
    Led led((*sim)->address(), minebea());
    weigh(**sim, led, 70'000, 70'000);  // 10 steps of 1 kg are an empty scale
    CHECK(led.counters.value("looks") > 0);
}

TEST_CASE("modbus scale: overload and fault are never a weight") {
    auto sim = ModbusScaleSim::over_tcp("laumas-tlb");
    REQUIRE(sim);
    Led led((*sim)->address(), laumas());
    REQUIRE(soon([&] { return led.counters.value("values") > 3; }));
    SECTION("overload is said once the load has gone") {
        (*sim)->overload(true);
        (*sim)->put(Grams{90'000}, 0ms);
        const auto values = led.counters.value("values");
        CHECK(soon([&] { return led.counters.value("values") > values + 5; }));
        CHECK(led.weights().empty());
        (*sim)->clear();
        (*sim)->overload(false);
        REQUIRE(led.posted.wait_for<WeightRead>(1));
        CHECK(led.weights()[0].quality == WeightQuality::overload);
        CHECK(led.weights()[0].grams == Grams{0});
    }
    SECTION("a fault is refused, counted, and in the end the scale is lost") {
        (*sim)->fault(true);
        (*sim)->put(Grams{5000}, 0ms);
        CHECK(soon([&] { return led.last_error().starts_with("no valid value"); }));
        CHECK(led.counters.value("refused-fault") > 0);
        CHECK(led.weights().empty());
    }
}

TEST_CASE("modbus scale: it heals from every fault by itself, and no load is said twice") {
    const bool line = GENERATE(false, true);
    CAPTURE(line);
    auto sim = line ? ModbusScaleSim::over_line("laumas-tlb", temporary("b")) : ModbusScaleSim::over_tcp("laumas-tlb");
    REQUIRE(sim);
    Led led((*sim)->address(), laumas());
    (*sim)->put(Grams{1235}, 0ms);
    REQUIRE(led.posted.wait_for<WeightRead>(1));
    const auto lives_on = [&] {
        const auto values = led.counters.value("values");
        CHECK(soon([&] { return led.counters.value("values") > values + 20; }));
        CHECK(led.weights().size() == 1);
    };
    const auto says = [&](const char* what) {
        CHECK(soon([&] { return led.last_error().find(what) != std::string::npos; }));
    };
    (*sim)->silence(true);
    says("no answer in time");
    (*sim)->silence(false);
    lives_on();
    (*sim)->exceptions(3);
    says("Slave device or server is busy");
    lives_on();
    (*sim)->late(300ms);
    lives_on();
    (*sim)->unplug();
    CHECK(soon([&] { return led.last_error().find("busy") == std::string::npos; }));
    REQUIRE((*sim)->plug());
    lives_on();
    (*sim)->clear();
    const auto values = led.counters.value("values");
    CHECK(soon([&] { return led.counters.value("values") > values + 10; }));
    weigh(**sim, led, 3000, 3000);
}

TEST_CASE("modbus scale: a map for another function is refused by the device, and said") {
    auto sim = ModbusScaleSim::over_tcp("laumas-tlb");
    REQUIRE(sim);
    auto map = laumas();
    map->function = 4;
    Led led((*sim)->address(), map);
    CHECK(soon([&] { return led.last_error().find("Illegal function") != std::string::npos; }));
    CHECK(led.signs == 0);
}

TEST_CASE("modbus scale: registers that stand still are silence, never rest") {
    auto sim = ModbusScaleSim::over_tcp("example");
    REQUIRE(sim);
    Led led((*sim)->address(), with_heartbeat());
    weigh(**sim, led, 1235, 1235);
    (*sim)->put(Grams{5000}, 10ms);  // half of it while it moves
    (*sim)->freeze(true);
    CHECK(soon([&] { return led.last_error().find("stand still") != std::string::npos; }));
    CHECK(led.counters.value("frozen") > 0);
    CHECK(led.counters.value("not-new") > 0);
    const int signs = led.signs;
    std::this_thread::sleep_for(600ms);  // a life that begins finds them as they were: no sign of life
    CHECK(led.signs == signs);
    CHECK(led.weights().size() == 1);
    (*sim)->freeze(false);
    CHECK(led.posted.wait_for<WeightRead>(2));
    CHECK(led.weights().back().grams == Grams{5000});
}

TEST_CASE("modbus scale: two on one line, and one that is not there") {
    // The far ends of one line are one process on a real site too; here the absent unit shares the terminal of a sim.
    auto sim = ModbusScaleSim::over_line("laumas-tlb", temporary("c"), 7);
    REQUIRE(sim);
    const auto lines = std::make_shared<link::ModbusLines>();
    const auto at = [&](int unit) { return "modbus-rtu://" + temporary("c") + "?unit=" + std::to_string(unit); };
    Led good(at(7), laumas(), lines);
    Led absent(at(8), laumas(), lines, "scale-2", 500ms);  // the least of the supervisor
    weigh(**sim, good, 1235, 1235);
    CHECK(soon([&] { return absent.last_error().find("no answer in time") != std::string::npos; }));
    weigh(**sim, good, 2000, 2000);
    CHECK(absent.signs == 0);
    CHECK(absent.weights().empty());
}
