// hefang-receiver: the platform's side of contract v1, for a small site, a test or a demonstration.
#include "base/clock.hpp"
#include "base/counters.hpp"
#include "receiver/receiver.hpp"
#include "receiver/report.hpp"

#include <cstdio>
#include <string>
#include <vector>

#include <CLI/CLI.hpp>
#include <signal.h>

namespace {

namespace rx = hefang::receiver;

int complain(const hefang::Error& error) {
    std::fprintf(stderr, "hefang-receiver: %s\n", error.detail.c_str());
    return 1;
}

int print_status(const std::string& database) {
    const auto line = rx::status_line(database);
    if (!line) return complain(line.error());
    std::printf("%s\n", line->c_str());
    return 0;
}

int print_list(const std::string& database) {
    const auto done = rx::list_facts(database, [](const rx::ListedFact& f) {
        std::printf("%s %s %llu %s%s%s\n", f.gateway.c_str(), f.epoch.c_str(),
                    static_cast<unsigned long long>(f.sequence), f.type.empty() ? "?" : f.type.c_str(),
                    f.fault.empty() ? "" : " quarantined: ", f.fault.c_str());
    });
    return done ? 0 : complain(done.error());
}

int print_alarms(const std::string& database) {
    const auto done = rx::list_alarms(database, [](const rx::ListedAlarm& a) {
        std::printf("%s %s %llu %s: %s\n", a.gateway.c_str(), a.epoch.empty() ? "-" : a.epoch.c_str(),
                    static_cast<unsigned long long>(a.sequence), a.kind.c_str(), a.detail.c_str());
    });
    return done ? 0 : complain(done.error());
}

int serve(rx::ReceiverSettings settings) {
    sigset_t ends;
    sigemptyset(&ends);
    sigaddset(&ends, SIGINT);
    sigaddset(&ends, SIGTERM);
    pthread_sigmask(SIG_BLOCK, &ends, nullptr);  // before any thread, so that only sigwait() sees them
    const hefang::SystemClock clock;
    hefang::Counters counters;
    rx::Receiver receiver(std::move(settings), clock, counters);
    if (const auto started = receiver.start(); !started) return complain(started.error());
    int which = 0;
    sigwait(&ends, &which);
    receiver.stop();
    for (const auto& row : counters.rows()) {
        std::fprintf(stderr, "%s=%llu\n", row.name.c_str(), static_cast<unsigned long long>(row.value));
    }
    return 0;
}

}  // namespace

int main(int argc, char** argv) {
    CLI::App app("Stores what gateways send over MQTT, and acknowledges it (contract v1, unsigned mode)");
    rx::ReceiverSettings settings;
    settings.broker = "mqtt://127.0.0.1:1883";
    std::string database;
    bool no_ack = false, status = false;
    app.add_option("--db", database, "SQLite file; made when it is not there")->required();
    app.add_option("--broker", settings.broker, "mqtt:// to a broker on this machine")->capture_default_str();
    app.add_option("--gateway", settings.gateways, "take only these gateways");
    app.add_flag("--no-ack", no_ack, "store, but acknowledge nothing");
    app.add_flag("--status", status, "print one JSON line of what is stored, and end");
    app.fallthrough();
    app.require_subcommand(0, 1);
    const auto* list = app.add_subcommand("list", "print gateway, epoch, sequence and type of every fact, and end");
    const auto* alarms = app.add_subcommand("alarms", "print every contradiction found, and end");
    CLI11_PARSE(app, argc, argv);
    if (list->parsed()) return print_list(database);
    if (alarms->parsed()) return print_alarms(database);
    if (status) return print_status(database);
    settings.database = database;
    settings.ack = !no_ack;
    return serve(std::move(settings));
}
