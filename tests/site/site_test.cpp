#include "catalog/catalog.hpp"
#include "driver/supervisor.hpp"
#include "hil/scale_sim.hpp"
#include "hil/scanner_sim.hpp"
#include "hil/sorter_sim.hpp"
#include "played/played.hpp"

#include <algorithm>
#include <filesystem>
#include <iterator>
#include <set>
#include <thread>
#include <utility>

#include <catch2/catch.hpp>
#include <unistd.h>

/// A site with one of each device that the catalogue has, on real lines, through every fault at once.
using namespace hefang;
using namespace hefang::driver;
using namespace std::chrono_literals;
namespace fs = std::filesystem;

namespace {

template <class Predicate>
bool eventually(Predicate predicate) {
    for (int i = 0; i < 8'000; ++i) {
        if (predicate()) return true;
        std::this_thread::sleep_for(5ms);
    }
    return false;
}

std::ptrdiff_t entries_of(const char* folder) {
    return std::distance(fs::directory_iterator(folder), fs::directory_iterator());
}

enum class Fault { unplug, silence, noise, wrong };

/// A simulator as the site uses it: it says something that no other device says, and is hurt.
class Actor {
  public:
    virtual ~Actor() = default;
    [[nodiscard]] virtual DeviceConfig config() const = 0;
    virtual void hurt(Fault fault) = 0;
    virtual void heal(Fault fault) = 0;
    /// Says the `n`-th thing of its own; true once it was heard. Called again and again until then.
    [[nodiscard]] virtual bool speaks(int n) = 0;

    [[nodiscard]] DeviceStatus status() const {
        for (auto& status : supervisor->status())
            if (status.id == config().id) return status;
        return {};
    }
    [[nodiscard]] std::uint64_t counter(std::string_view name) const {
        const auto now = status();
        for (const auto& row : now.counters)
            if (row.name == name) return row.value;
        return 0;
    }

    test::Posted posted;
    const Supervisor* supervisor = nullptr;
};

class ScaleActor final : public Actor {
  public:
    ScaleActor(int number, std::string protocol, const fs::path& folder)
        : number_(number), protocol_(std::move(protocol)), sim_(wire_in(folder), settings()) {
        sim_.run();
    }
    DeviceConfig config() const override {
        return {DeviceId("scale-" + protocol_),
                "scale",
                protocol_,
                link::parse_link(sim_.address()).value(),
                {{"interval_g", "5"}, {"window_ms", "100"}, {"rearm_ms", "20"}, {"silence_ms", "500"}}};
    }
    void hurt(Fault fault) override {
        if (fault == Fault::unplug) sim_.unplug();
        if (fault == Fault::silence) sim_.silence(true);
        if (fault == Fault::noise) (void)sim_.noise(500);
        if (fault == Fault::wrong) sim_.wrong_checksum(20);
    }
    void heal(Fault fault) override {
        if (fault == Fault::unplug) REQUIRE(sim_.plug());
        if (fault == Fault::silence) sim_.silence(false);
        sim_.clear();
        emptied_at_ = counter("frames") + 40;  // by then the driver has seen that the plate is empty
    }
    bool speaks(int n) override {
        if (counter("frames") < emptied_at_) return false;
        const Grams load{2'000 + 1'000 * number_ + 10 * n};       // no other device, and this one only once, shows this
        if (std::exchange(shown_, load) != load) sim_.put(load);  // each put begins a ramp
        const auto said = posted.all<reading::WeightRead>();
        return std::any_of(said.begin(), said.end(), [&](const auto& w) {
            return w.grams == load && w.quality == reading::WeightQuality::stable;
        });
    }

  private:
    static std::unique_ptr<hil::Wire> wire_in(const fs::path& folder) {
        static int count = 0;
        return hil::PtyWire::open(folder / ("scale-" + std::to_string(++count))).value();
    }
    hil::ScaleSimSettings settings() const {
        hil::ScaleSimSettings out;
        out.protocol = protocol_;
        out.period = 10ms;
        return out;
    }
    int number_;
    std::string protocol_;
    hil::ScaleSim sim_;
    std::uint64_t emptied_at_ = 0;
    Grams shown_;
};

class ScannerActor final : public Actor {
  public:
    ScannerActor(std::string name, std::unique_ptr<hil::Wire> wire) : name_(std::move(name)), sim_(std::move(wire)) {}
    DeviceConfig config() const override {
        return {DeviceId("scanner-" + name_), "scanner", "", link::parse_link(sim_.address()).value(), {}};
    }
    void hurt(Fault fault) override {
        if (fault == Fault::unplug) sim_.unplug();
        if (fault == Fault::noise) (void)sim_.noise(500);
        if (fault == Fault::wrong) (void)sim_.raw(name_ + "-HALF");  // runs into the next one
    }
    void heal(Fault fault) override {
        if (fault == Fault::unplug) (void)eventually([&] { return sim_.plug().has_value(); });
    }
    bool speaks(int n) override {
        const auto text = name_ + "-" + std::to_string(n);
        (void)sim_.scan(text);
        std::this_thread::sleep_for(10ms);
        const auto said = posted.all<reading::CodesRead>();
        return std::any_of(said.begin(), said.end(),
                           [&](const auto& read) { return !read.codes.empty() && read.codes[0].text == text; });
    }

  private:
    std::string name_;
    hil::ScannerSim sim_;
};

class SorterActor final : public Actor {
  public:
    DeviceConfig config() const override {
        return {DeviceId("sorter-1"),
                "sorter",
                "",
                link::parse_link("modbus-tcp://127.0.0.1:" + std::to_string(sim_->port())).value(),
                {}};
    }
    void hurt(Fault fault) override {
        if (fault == Fault::unplug) sim_->reset_connections();
        if (fault == Fault::silence) sim_->freeze(true);
        if (fault == Fault::noise) sim_->freeze_heartbeat(true);
        if (fault == Fault::wrong) sim_->restart();
    }
    void heal(Fault fault) override {
        if (fault == Fault::silence) sim_->freeze(false);
        if (fault == Fault::noise) sim_->freeze_heartbeat(false);
        inducted_.reset();
    }
    bool speaks(int) override {
        if (!inducted_ || ++asked_ % 100 == 0) {  // an item that came while no session stood is not told
            const auto ups = posted.all<reading::SorterUp>().size();
            const auto downs = posted.all<reading::SorterDown>().size();
            if (ups <= downs) return false;
            inducted_ = sim_->induct();
            since_ = posted.all<reading::Induction>().size();
        }
        const auto said = posted.all<reading::Induction>();
        return std::any_of(said.begin() + static_cast<std::ptrdiff_t>(std::min(since_, said.size())), said.end(),
                           [&](const auto& i) { return i.sequence == *inducted_; });
    }

  private:
    std::unique_ptr<hil::SorterSim> sim_ = hil::SorterSim::start({.travel_ms = 150, .leave_ms = 10}).value();
    std::optional<std::uint16_t> inducted_;
    std::size_t since_ = 0;
    int asked_ = 0;
};

/// One of each: the scanner over each of its links, a scale of each protocol that a simulator speaks, a sorter.
std::vector<std::unique_ptr<Actor>> site_in(const fs::path& folder) {
    std::vector<std::unique_ptr<Actor>> out;
    out.push_back(std::make_unique<ScannerActor>("PTY", hil::PtyWire::open(folder / "reader").value()));
    out.push_back(std::make_unique<ScannerActor>("DIALLED", hil::TcpServerWire::open().value()));
    link::TcpListenEndpoint free_port({"127.0.0.1", 0});
    const auto port = free_port.listen().value();
    out.push_back(std::make_unique<ScannerActor>("DIALS", std::make_unique<hil::TcpClientWire>(port)));
    int number = 0;
    for (const auto& protocol : hil::scale_protocols())
        out.push_back(std::make_unique<ScaleActor>(++number, protocol, folder));
    out.push_back(std::make_unique<SorterActor>());
    return out;
}

/// What every device said is its own, each weight once.
void check_attribution(const std::vector<std::unique_ptr<Actor>>& site) {
    for (const auto& actor : site) {
        const auto id = actor->config().id;
        INFO(id.text());
        std::multiset<std::int64_t> weights;
        for (const auto& reading : actor->posted.readings())
            CHECK(std::visit([](const auto& r) { return r.device; }, reading) == id);
        for (const auto& w : actor->posted.all<reading::WeightRead>())
            if (w.quality == reading::WeightQuality::stable) weights.insert(w.grams.count);
        for (const auto weight : weights) {
            INFO(weight << " g");
            CHECK(weights.count(weight) == 1);
        }
        for (const auto& read : actor->posted.all<reading::CodesRead>())
            for (const auto& code : read.codes)
                CHECK("scanner-" + code.text.substr(0, code.text.find('-')) == id.text());
    }
}

}  // namespace

TEST_CASE(
    "one of each device through every fault: all heal by themselves, nothing goes astray, nothing is left behind") {
    const fs::path folder = fs::temp_directory_path() / ("hefang-site-" + std::to_string(::getpid()));
    fs::create_directories(folder);
    const auto fds = entries_of("/proc/self/fd"), tasks = entries_of("/proc/self/task");
    {
        const auto site = site_in(folder);
        std::set<std::pair<std::string, std::string>> played;
        const SystemClock clock;
        Supervisor supervisor(clock, {5ms, 50ms});
        for (const auto& actor : site) {
            actor->supervisor = &supervisor;
            const auto config = actor->config();
            played.emplace(config.kind, config.protocol);
            supervisor.add(config, std::move(make(config).value().driver), actor->posted);
        }
        for (const auto& row : catalog()) {
            if (!played.contains({std::string(row.kind), std::string(row.protocol)}))
                WARN("not in this site: " << row.kind << " " << row.protocol);
        }
        supervisor.start();
        int n = 0;
        const auto all_speak = [&] {
            ++n;
            std::vector<Actor*> unheard;
            for (const auto& actor : site) unheard.push_back(actor.get());
            const bool all = eventually([&] {
                std::erase_if(unheard, [&](auto* actor) { return actor->speaks(n); });
                return unheard.empty();
            });
            for (const auto* actor : unheard) {
                INFO(actor->config().id.text() << ": " << actor->status().last_error);
                FAIL_CHECK("was not heard");
            }
            REQUIRE(all);
            for (const auto& actor : site) {
                INFO(actor->config().id.text() << ": " << actor->status().last_error);
                CHECK(actor->status().state == DeviceState::up);
            }
        };
        all_speak();
        for (const auto fault : {Fault::unplug, Fault::silence, Fault::noise, Fault::wrong}) {
            INFO("fault " << static_cast<int>(fault));
            for (const auto& actor : site) actor->hurt(fault);
            std::this_thread::sleep_for(fault == Fault::silence ? 1s : 300ms);
            for (const auto& actor : site) actor->heal(fault);
            all_speak();
        }
        supervisor.stop();
        check_attribution(site);
        for (const auto& actor : site) CHECK(actor->counter("lives") >= 2);
    }
    CHECK(entries_of("/proc/self/fd") == fds);
    CHECK(entries_of("/proc/self/task") == tasks);
    fs::remove_all(folder);
}
