#include "app/doctor.hpp"
#include "base/clock.hpp"
#include "link/link.hpp"
#include "link/tcp_link.hpp"
#include "store/reader.hpp"

#include <array>
#include <cerrno>
#include <system_error>

#include <fcntl.h>
#include <nlohmann/json.hpp>
#include <unistd.h>

namespace hefang::app {
namespace {

using namespace std::chrono_literals;
using nlohmann::json;
namespace fs = std::filesystem;

constexpr std::size_t longest_answer = 1024 * 1024;  // of the running gateway's page
constexpr auto answer_limit = 3s;

std::string reason() { return std::generic_category().message(errno); }

Finding works(std::string what, std::string detail) { return {std::move(what), Found::works, std::move(detail), {}}; }
Finding fails(std::string what, std::string detail, std::string todo) {
    return {std::move(what), Found::fails, std::move(detail), std::move(todo)};
}
Finding remark(std::string what, std::string detail, std::string todo) {
    return {std::move(what), Found::remark, std::move(detail), std::move(todo)};
}

std::string page_of(const Config& config) {
    const bool six = config.web.host.find(':') != std::string::npos;
    return (six ? "[" + config.web.host + "]" : config.web.host) + ":" + std::to_string(config.web.port);
}

/// The body of the answer to a GET; empty when there is none.
std::string get(const Config& config, const std::string& target) {
    const link::Stop never;
    auto link = link::open_link(link::TcpAddress{config.web.host, config.web.port}, answer_limit, never);
    if (!link) return {};
    const auto asked = "GET " + target + " HTTP/1.1\r\nHost: " + page_of(config) + "\r\nConnection: close\r\n\r\n";
    if (!(*link)->write_all(asked, answer_limit, never)) return {};
    std::string answer;
    std::array<char, 16'384> buffer{};
    while (answer.size() < longest_answer) {
        const auto n = (*link)->read_some(buffer, answer_limit, never);
        if (!n) break;
        answer.append(buffer.data(), *n);
    }
    const auto head = answer.find("\r\n\r\n");
    return head == std::string::npos ? std::string() : answer.substr(head + 4);
}

Finding page(const Config& config, const json* board) {
    const auto url = "http://" + page_of(config) + "/";
    if (board != nullptr) {
        const auto mode = board->value("mode", ""), detail = board->value("detail", "");
        const auto said = url + " answers: " + mode + (detail.empty() ? "" : ", " + detail);
        return mode == "stopped" ? fails("gateway", said, "read what stops it above") : works("gateway", said);
    }
    if (config.web.port == 0) return remark("gateway", "the page's port is 0: it cannot be asked", "give it a port");
    link::TcpListenEndpoint listener({config.web.host, config.web.port});
    const auto bound = listener.listen();
    if (bound) return works("gateway", "does not run; " + url + " is free for it");
    return fails("gateway", bound.error().detail + ", but it is not this gateway that answers",
                 "end that program, or give [web] listen another port");
}

Finding clock() {
    const SystemClock clock;
    switch (clock.now().clock) {
        case ClockState::synced: return works("clock", "is synchronised");
        case ClockState::holdover: return remark("clock", "was synchronised", "look at chrony or systemd-timesyncd");
        case ClockState::unsynced: break;
    }
    return fails("clock", "is not synchronised", "start chrony or systemd-timesyncd, with a time server it can reach");
}

/// A file that is written, synced and removed: what every commit needs.
Result<void> synced_file(const fs::path& folder) {
    auto name = (folder / "doctor-XXXXXX").string();
    const link::Descriptor file(::mkostemp(name.data(), O_CLOEXEC));
    if (!file.valid()) return fail(Errc::refused, name + ": " + reason());
    const bool written = ::write(file.get(), "x", 1) == 1 && ::fsync(file.get()) == 0;
    const auto why = reason();
    ::unlink(name.c_str());
    if (!written) return fail(Errc::refused, name + ": " + why);
    return {};
}

std::string gib(std::int64_t bytes) {
    return std::to_string(bytes / (1 << 30)) + "." + std::to_string(bytes % (1 << 30) * 10 / (1 << 30)) + " GiB";
}

Finding disk(const Config& config) {
    const auto& store = config.store;
    std::error_code failed;
    const auto room = fs::space(store.path, failed);
    if (failed) {
        return fails("disk", store.path.string() + ": " + failed.message(),
                     "make it, for the user that runs the gateway: install -d -o hefang " + store.path.string());
    }
    if (const auto done = synced_file(store.path); !done)
        return fails("disk", done.error().detail, "give the user that runs the gateway the right to write there");
    const auto free = static_cast<std::int64_t>(room.available);
    const auto said = store.path.string() + ": writes are synced, " + gib(free) + " free";
    if (free < store.free_bytes.back()) {
        return fails("disk", said + ", below the last of store.free_gib: lanes stop", "make room");
    }
    if (free < store.free_bytes.front())
        return remark("disk", said + ", below the first of store.free_gib", "make room");
    return works("disk", said);
}

Finding journal(const Config& config) {
    auto reader = store::Reader::open(config.store.path.string());
    if (!reader && reader.error().code == Errc::unreachable)
        return remark("store", "there is none yet: " + reader.error().detail,
                      "the gateway makes it at its first start");
    const auto last = reader ? reader->last() : tl::unexpected(reader.error());
    if (!last) return fails("store", last.error().detail, "run 'hefang verify', and keep the folder as it is");
    return works("store", "opens, " + std::to_string(*last) + " facts");
}

Finding inbox(const Config& config) {
    const auto folder = (config.store.path / "inbox").string();
    std::error_code failed;
    if (!fs::exists(folder, failed)) return remark("inbox", folder + " is not there yet", "the gateway makes it");
    if (::access(folder.c_str(), R_OK | W_OK | X_OK) == 0) return works("inbox", folder + " can be read and written");
    return fails("inbox", folder + ": " + reason(),
                 "give this user, and the transfer client's, the right to write there");
}

Finding broker(const Config& config, const json* board) {
    if (!config.platform) return works("platform", "none: the gateway works alone");
    if (board != nullptr) {
        const auto sync = board->value("sync", json::object());
        const auto state = sync.value("state", "");
        const auto said = config.platform->uri() + ": " + state + " " + sync.value("detail", "");
        if (state == "online") return works("platform", said);
        return fails("platform", said, "is the broker there, and does the receiver run?");
    }
    const link::Stop never;
    const auto link =
        link::open_link(link::TcpAddress{config.platform->host, config.platform->port}, answer_limit, never);
    if (link) return works("platform", config.platform->uri() + " takes connections");
    return fails("platform", link.error().detail, "start the broker, or correct [platform] broker");
}

}  // namespace

std::optional<json> running_board(const Config& config) {
    if (config.web.port == 0) return std::nullopt;
    auto board = json::parse(get(config, "/api/v1/board"), nullptr, false);
    if (!board.is_object() || !board.contains("gateway") || board["gateway"] != config.site.gateway)
        return std::nullopt;
    return board;
}

std::vector<Finding> examine_machine(const Config& config, const json* board) {
    return {page(config, board), clock(), disk(config), journal(config), inbox(config), broker(config, board)};
}

}  // namespace hefang::app
