#include "bench/site.hpp"
#include "bench/table.hpp"
#include "hil/child.hpp"
#include "store/reader.hpp"
#include "sync/uplink.hpp"

#include <sys/resource.h>

#include <condition_variable>
#include <mutex>

#include <mqtt/async_client.h>

namespace hefang::bench {
namespace {

double own_cpu_seconds() {
    rusage usage{};
    ::getrusage(RUSAGE_SELF, &usage);
    const auto of = [](const timeval& t) {
        return static_cast<double>(t.tv_sec) + static_cast<double>(t.tv_usec) / 1e6;
    };
    return of(usage.ru_utime) + of(usage.ru_stime);
}

/// Bare Paho: QoS 1, one fact a message, 64 on the way; messages a second.
class Floor : public mqtt::iaction_listener {
  public:
    double run(const std::string& uri, const std::string& payload, int count) {
        mqtt::create_options create(MQTTVERSION_5);
        create.set_max_buffered_messages(4096);
        mqtt::async_client client(uri, "bench-floor", create);
        mqtt::connect_options connect;
        connect.set_mqtt_version(MQTTVERSION_5);
        connect.set_max_inflight(128);
        client.connect(connect)->wait_for(std::chrono::seconds(5));
        const auto from = Steady::now();
        for (int i = 0; i < count; ++i) {
            {
                std::unique_lock lock(mutex_);
                room_.wait(lock, [&] { return under_way_ < 64; });
                ++under_way_;
            }
            client.publish(mqtt::make_message("bench/floor", payload, 1, false), nullptr, *this);
        }
        std::unique_lock lock(mutex_);
        room_.wait(lock, [&] { return under_way_ == 0; });
        const double rate = count / seconds_since(from);
        lock.unlock();
        client.disconnect()->wait_for(std::chrono::seconds(5));
        return rate;
    }
    void on_success(const mqtt::token&) override { done(); }
    void on_failure(const mqtt::token&) override { done(); }

  private:
    void done() {
        const std::lock_guard lock(mutex_);
        --under_way_;
        room_.notify_one();
    }
    std::mutex mutex_;
    std::condition_variable room_;
    int under_way_ = 0;
};

Result<hil::Child> start_broker(const std::string& folder, std::uint16_t port) {
    const auto program = hil::broker_program();
    if (!program) return tl::unexpected(program.error());
    const auto file = folder + "/broker.conf";
    std::FILE* out = std::fopen(file.c_str(), "w");
    std::fprintf(out,
                 "listener %u 127.0.0.1\nallow_anonymous true\nmax_inflight_messages 0\nmax_queued_messages "
                 "0\npersistence false\n",
                 port);
    std::fclose(out);
    return hil::Child::start({*program, "-c", file}, folder + "/broker.out", folder + "/broker.err");
}

}  // namespace

void bench_drain(const Scale& scale) {
    Folder folder;
    const auto count = static_cast<std::uint64_t>(std::min(scale.passages, 200'000));
    TurnSite site(folder.path, 4);
    for (std::uint64_t next = 0; site.facts < count;) {
        while (next < count && site.scan(static_cast<int>(next % 4), scattered(next))) ++next;
        site.turn->turn();
    }
    const auto port = hil::free_port().value();
    auto broker = start_broker(folder.path, port);
    link::Stop stop;
    if (!broker || !hil::eventually(stop, hil::Ms(5'000), [&] { return hil::takes_connections(port); })) {
        std::fprintf(stderr, "drain: no broker\n");
        return;
    }
    const auto uri = "mqtt://127.0.0.1:" + std::to_string(port);
    const auto sample = store::Reader::open(folder.path)->journal_tail(1)->front().bytes;
    const double floor = Floor().run("tcp://127.0.0.1:" + std::to_string(port), sample, 40'000);
    auto receiver = hil::Child::start(
        {hil::own_folder() + "hefang-receiver", "--broker", uri, "--db", folder.path + "/platform.db"},
        folder.path + "/receiver.out", folder.path + "/receiver.err");
    auto& acks = site.mailbox.inlet(app::ack_inlet);
    store::StoreOutbox outbox(std::move(*store::Reader::open(folder.path)),
                              [&](std::uint64_t through, const std::string& head) {
                                  return acks.post(app::Message(app::PlatformAck{through, head}));
                              });
    Counters counters;
    sync::UplinkSettings settings;
    settings.broker = uri;
    settings.gateway = "bench-gw";
    settings.version = "bench";
    sync::Uplink uplink(settings, outbox, site.clock, counters, [](const sync::SyncStatus&) {});
    (void)uplink.start();
    const auto cursor = [&] { return site.store->cursor("platform").value_or(0); };
    const auto last = site.store->head().sequence;
    while (cursor() == 0 && receiver) site.turn->turn();  // until the first ack: connected, subscribed, answering
    const auto begun = cursor();
    const auto from = Steady::now();
    const double cpu = own_cpu_seconds();
    while (cursor() < last && seconds_since(from) < 120) site.turn->turn();
    const double rate = static_cast<double>(cursor() - begun) / seconds_since(from);
    const double micros = (own_cpu_seconds() - cpu) * 1e6 / static_cast<double>(cursor() - begun);
    uplink.stop();
    print({"drain, stored and acknowledged", format("%.0f facts/s", rate), format("%.0f publishes/s", floor),
           format("%.2f", rate / floor), ">= 20000/s and 0.6", std::to_string(cursor() - begun) + " facts"});
    print({"drain, CPU of the gateway's side a fact", format("%.1f us", micros), "-", "-", "<= 10 us",
           std::to_string(cursor() - begun) + " facts"});
}

}  // namespace hefang::bench
