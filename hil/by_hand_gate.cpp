#include "hil/by_hand.hpp"
#include "hil/gate_sim.hpp"

#include <cstdio>
#include <memory>

#include <CLI/CLI.hpp>

namespace hefang::hil {
namespace {

struct AnprOptions {
    std::string vendor = "hikvision";
    std::uint16_t port = 0;
    std::string path = "/anpr";
    std::string user, password;
};

codec::PlateEvent event_of(const Words& words) {
    codec::PlateEvent event;
    if (words[0] != "none") event.plate = words[0];
    if (words.size() > 1) event.colour = words[1];
    event.confidence = 95;
    event.line = 1;
    event.time = words.size() > 2 ? words[2] : "2026-01-01T00:00:00+08:00";
    return event;
}

void tell_status(const Result<int>& status) {
    if (status) {
        std::fprintf(stderr, "answered %d\n", *status);
    } else {
        std::fprintf(stderr, "not answered: %s\n", status.error().detail.c_str());
    }
}

int run_hikvision(const AnprOptions& options, const std::optional<http::Credentials>& who, const link::Stop& stop) {
    HikvisionSim camera(options.port, options.path, who);
    print_link("http-listen://127.0.0.1:" + std::to_string(options.port) + options.path);
    codec::PlateEvent last;
    each_line(stop, [&](const std::string& line) {
        const auto words = words_of(line);
        if (words.empty()) return;
        if (words[0] == "!heartbeat") return tell_status(camera.heartbeat());
        if (words[0] == "!again") return tell_status(camera.push(last, 2));
        if (words[0] == "!cut") return camera.cut_next();
        if (words[0] == "!unplug") return camera.unplug();
        if (words[0] == "!split") return camera.split(number(words, 1), std::chrono::milliseconds(number(words, 2)));
        if (words[0][0] == '!') return not_understood(line);
        last = event_of(words);
        tell_status(camera.push(last));
    });
    return 0;
}

/// Faults that every server has; false when the line is none of them.
bool served_line(ServedSim& sim, const Words& words) {
    if (words[0] == "!silence") return sim.silence(is_on(words, 1)), true;
    if (words[0] == "!unplug") return sim.unplug(), true;
    if (words[0] == "!plug") return tell(sim.plug()), true;
    return false;
}

int run_dahua(const AnprOptions& options, const std::optional<http::Credentials>& who, const link::Stop& stop) {
    DahuaSim camera(who, options.port);
    if (const auto done = camera.plug(); !done) return complain(done.error());
    print_link(camera.address());
    each_line(stop, [&](const std::string& line) {
        const auto words = words_of(line);
        if (words.empty() || served_line(camera, words)) return;
        if (words[0] == "!noise") return camera.raw(std::string(number(words, 1), '\x5A'));
        if (words[0][0] == '!') return not_understood(line);
        camera.event(event_of(words));
    });
    return 0;
}

int run_llrp(std::uint16_t port, const link::Stop& stop) {
    LlrpSim reader(port);
    if (const auto done = reader.plug(); !done) return complain(done.error());
    print_link(reader.address());
    each_line(stop, [&](const std::string& line) {
        const auto words = words_of(line);
        if (words.empty() || served_line(reader, words)) return;
        if (words[0] == "!busy") return reader.refuse_connections(is_on(words, 1) ? 1 : 0);
        if (words[0] == "!noise") return reader.raw(std::string(number(words, 1), '\x5A'));
        const bool hex = words[0].find_first_not_of("0123456789abcdef") == std::string::npos;
        if (!hex || words[0].size() % 2 != 0) return not_understood(line);
        const auto antenna = words.size() > 1 ? number(words, 1) : 1;
        reader.report({{words[0], static_cast<std::uint16_t>(antenna), std::int8_t{-60}, {}, 1}});
    });
    return 0;
}

int run_portal(const Where& where, const std::string& line, unsigned period_ms, const link::Stop& stop) {
    auto wire = wire_at(where);
    if (!wire) return complain(wire.error());
    PortalSim portal(std::move(*wire), line, std::chrono::milliseconds(period_ms));
    print_link(portal.address());
    each_line(stop, [&](const std::string& said) {
        const auto words = words_of(said);
        if (words.empty()) return;
        if (words[0] == "!silence") return portal.silence(is_on(words, 1));
        if (words[0] == "!noise") return tell(portal.raw(std::string(number(words, 1), '\x5A')));
        if (words[0] == "!unplug") return portal.unplug();
        if (words[0] == "!plug") return tell(portal.plug());
        if (words[0][0] == '!') return not_understood(said);
        portal.say(said);
    });
    return 0;
}

}  // namespace

void add_gate_by_hand(CLI::App& program, const link::Stop& stop, int& code) {
    auto options = std::make_shared<AnprOptions>();
    auto* anpr = program.add_subcommand("anpr", "a plate camera: each line of the input is a vehicle");
    anpr->add_option("--vendor", options->vendor, "hikvision pushes, dahua is asked")
        ->check(CLI::IsMember({"hikvision", "dahua"}))
        ->capture_default_str();
    anpr->add_option("--port", options->port, "of 127.0.0.1: hikvision: the gateway's; dahua: its own, 0 a free one");
    anpr->add_option("--path", options->path, "hikvision: the gateway's")->capture_default_str();
    anpr->add_option("--user", options->user, "for digest access");
    anpr->add_option("--password", options->password, "for digest access");
    anpr->footer(
        "Lines: PLATE [COLOUR [TIME]] · none · hikvision: !again · !heartbeat · !cut · !split N MS · !unplug\n"
        "       dahua: !silence on|off · !noise N · !unplug · !plug\n"
        "Example: echo 京A12345 blue | hefang-sim anpr --port 8090 --path /anpr/1");
    anpr->callback([options, &stop, &code] {
        std::optional<http::Credentials> who;
        if (!options->user.empty()) who = http::Credentials{options->user, options->password};
        code = options->vendor == "dahua" ? run_dahua(*options, who, stop) : run_hikvision(*options, who, stop);
    });

    auto port = std::make_shared<std::uint16_t>(0);
    auto* llrp = program.add_subcommand("llrp", "an RFID reader: each line of the input is a tag");
    llrp->add_option("--listen", *port, "port of 127.0.0.1; 0: a free one");
    llrp->footer("Lines: EPC [ANTENNA] · !busy on|off · !silence on|off · !noise N · !unplug · !plug");
    llrp->callback([port, &stop, &code] { code = run_llrp(*port, stop); });

    struct PortalOptions {
        Where where;
        std::string line = "CLEAR";
        unsigned period_ms = 1'000;
    };
    auto portal_options = std::make_shared<PortalOptions>();
    auto* portal = program.add_subcommand("radiation", "a radiation portal or trace detector that writes lines");
    add_where(*portal, portal_options->where);
    portal->add_option("--line", portal_options->line, "what it says until the input says another line")
        ->capture_default_str();
    portal->add_option("--period", portal_options->period_ms, "ms between two lines")->capture_default_str();
    portal->footer(
        "Lines: any text (said from now on, every period) · !silence on|off · !noise N · !unplug · !plug\n"
        "Example: hefang-sim radiation --listen 9300   (alarm = [\"ALARM\"], clear = [\"CLEAR\"])");
    portal->callback([portal_options, &stop, &code] {
        code = run_portal(portal_options->where, portal_options->line, portal_options->period_ms, stop);
    });
}

}  // namespace hefang::hil
