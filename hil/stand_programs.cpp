#include "hil/stand.hpp"

#include <filesystem>
#include <fstream>
#include <system_error>

#include <nlohmann/json.hpp>

namespace hefang::hil {
namespace {

namespace fs = std::filesystem;
using nlohmann::json;

constexpr Ms start_limit{30'000};

Result<void> write_file(const std::string& path, const std::string& text) {
    std::ofstream out(path, std::ios::binary | std::ios::trunc);
    out << text;
    if (!out.flush()) return fail(Errc::unreachable, path + ": cannot be written");
    return {};
}

}  // namespace

Result<void> Stand::start_broker() {
    const auto program = broker_program();
    if (!program) return tl::unexpected(program.error());
    auto child = Child::start({*program, "-c", folder_ + "/mosquitto.conf"}, folder_ + "/mosquitto.log",
                              folder_ + "/mosquitto.log");
    if (!child) return tl::unexpected(child.error());
    broker_ = std::move(*child);
    if (!eventually(stop_, start_limit, [&] { return takes_connections(broker_port_); }))
        return fail(Errc::timeout, "the broker does not start");
    return {};
}

std::string Stand::receiver_db() const {
    return (spec_.platform_folder.empty() ? folder_ : spec_.platform_folder) + "/receiver.db";
}

Result<void> Stand::start_receiver() {
    auto child = Child::start({spec_.program_folder + "hefang-receiver", "--broker",
                               "mqtt://127.0.0.1:" + std::to_string(broker_port_), "--db", receiver_db()},
                              folder_ + "/receiver.log", folder_ + "/receiver.log");
    if (!child) return tl::unexpected(child.error());
    receiver_ = std::move(*child);
    return {};
}

Result<void> Stand::start_gateway() {
    auto child = Child::start({spec_.program_folder + "hefang", "run", "--config", folder_ + "/site.toml"},
                              folder_ + "/hefang.out", folder_ + "/hefang.log");
    if (!child) return tl::unexpected(child.error());
    gateway_ = std::move(*child);
    const auto up = [&] { return !gateway_.running() || http_get(port_, "/api/v1/facts?from=1&max=1").has_value(); };
    if (!eventually(stop_, start_limit, up)) return fail(Errc::timeout, "the gateway does not answer");
    if (!gateway_.running()) return fail(Errc::closed, "the gateway ended while it started: " + last_words());
    return {};
}

Result<void> Stand::end_gateway() {
    constexpr Ms end_limit{30'000};
    const auto began = std::chrono::steady_clock::now();
    gateway_.end(end_limit);
    if (std::chrono::steady_clock::now() - began >= end_limit)
        return fail(Errc::timeout, "the gateway did not end by itself");
    return {};
}

Result<void> Stand::await_devices(Ms limit) {
    std::string missing = "the board";
    const auto all_up = [&] {
        const auto body = http_get(port_, "/api/v1/board");
        const auto board = body ? json::parse(*body, nullptr, false) : json();
        if (!board.is_object() || !board.contains("devices")) return false;
        missing.clear();
        for (const auto& device : board.at("devices"))
            if (device.value("state", "") != "up") missing += " " + device.value("id", std::string());
        return missing.empty();
    };
    if (!eventually(stop_, limit, all_up)) return fail(Errc::timeout, "not up in time:" + missing);
    for (const auto& line : lines)
        if (line->sorter && !await_session(*line->sorter, limit))
            return fail(Errc::timeout, line->spec.id + ": no session with the PLC");
    return {};
}

/// The gateway takes a session for agreed when it saw two echoes of its heartbeat in it; two beats more are its turns.
bool Stand::await_session(const SorterSim& sorter, Ms limit) const {
    constexpr int enough = 5;
    auto before = sorter.status();
    int beats = 0;
    return eventually(stop_, limit, [&] {
        const auto now = sorter.status();
        if (now.accepted_session == 0 || now.accepted_session != before.accepted_session) {
            beats = 0;
        } else if (now.edge_heartbeat != before.edge_heartbeat) {
            ++beats;
        }
        before = now;
        return beats >= enough;
    });
}

Result<void> Stand::start_all() {
    if (auto done = start_broker(); !done) return done;
    if (auto done = start_receiver(); !done) return done;
    if (auto done = start_gateway(); !done) return done;
    return await_devices();
}

Result<std::string> Stand::drop(const std::string& xml, const std::string& kind) {
    const auto name = kind + "-" + std::to_string(++files_) + ".xml";
    const auto inbox = folder_ + "/store/inbox/";
    if (auto done = write_file(inbox + "." + name, xml); !done) return tl::unexpected(done.error());
    std::error_code error;
    fs::rename(inbox + "." + name, inbox + name, error);
    if (error) return fail(Errc::unreachable, inbox + name + ": " + error.message());
    return name;
}

Result<Ran> Stand::run(std::vector<std::string> arguments, Ms limit) {
    std::vector<std::string> all{spec_.program_folder + "hefang"};
    all.insert(all.end(), arguments.begin(), arguments.end());
    all.insert(all.begin() + 2, {"--config", folder_ + "/site.toml"});
    return run_to_end(all, folder_ + "/messages", limit);
}

Result<Ran> Stand::run_receiver(std::vector<std::string> arguments) {
    arguments.insert(arguments.begin(), {spec_.program_folder + "hefang-receiver", "--db", receiver_db()});
    return run_to_end(arguments, folder_ + "/messages", Ms(60'000));
}

Result<void> Stand::import(const std::vector<std::pair<std::string, std::string>>& kind_and_xml) {
    std::vector<std::string> arguments{"import"};
    for (const auto& [kind, xml] : kind_and_xml) {
        arguments.push_back(folder_ + "/messages/" + kind + "-" + std::to_string(++files_) + ".xml");
        if (auto done = write_file(arguments.back(), xml); !done) return done;
    }
    const auto ran = run(std::move(arguments), Ms(120'000));
    if (!ran) return tl::unexpected(ran.error());
    if (ran->code != 0) return fail(Errc::refused, "hefang import: " + ran->out + ran->error);
    return {};
}

Result<void> Stand::await_synced(Ms limit) {
    std::string state = "no answer";
    const auto synced = [&] {
        const auto body = http_get(port_, "/api/v1/board");
        const auto board = body ? json::parse(*body, nullptr, false) : json();
        if (!board.is_object() || !board.contains("sync")) return false;
        const auto& sync = board.at("sync");
        state = sync.value("state", "") + ", acknowledged " + sync.value("acked", "") + " of " + sync.value("last", "");
        return sync.value("state", "") == "online" && sync.value("acked", "") == sync.value("last", "-") &&
               look().value_or(1) == 0 && sync.value("last", "") == std::to_string(journal.last());
    };
    if (!eventually(stop_, limit, synced)) return fail(Errc::timeout, "the platform did not get everything: " + state);
    return {};
}

}  // namespace hefang::hil
