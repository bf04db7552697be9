// The only translation unit that includes Beast and Asio: they are private to it, and slow to compile.
#include "web/server.hpp"

// The thread sanitizer does not know fences; the mutex of Asio's queue orders the same accesses.
#ifdef __SANITIZE_THREAD__
#define BOOST_ASIO_DISABLE_FENCED_BLOCK
#endif

#include "base/log.hpp"
#include "web/intake.hpp"
#include "web/restricted.hpp"
#include "web/routes.hpp"

#include <algorithm>
#include <array>
#include <chrono>
#include <csignal>
#include <deque>
#include <future>
#include <optional>
#include <thread>
#include <unordered_set>
#include <utility>

#include <boost/asio.hpp>
#include <boost/beast/core.hpp>
#include <boost/beast/http.hpp>

namespace hefang::web {
namespace {
namespace asio = boost::asio;
namespace beast = boost::beast;
namespace http = boost::beast::http;
using asio::ip::tcp;
}  // namespace
}  // namespace hefang::web

// In the order in which they need each other.
// clang-format off
#include "hub.ipp"
#include "stream.ipp"
#include "connection.ipp"
// clang-format on

namespace hefang::web {
namespace {

constexpr int backlog = 64;
constexpr std::size_t turned_away_at_once = 32;  // connections over the limit that still get an answer
constexpr std::size_t primed_facts = 4096, primed_chunk = 256;
constexpr int send_buffer = 64 * 1024;  // of one socket: what a client that does not read can pile up in the kernel
constexpr std::chrono::milliseconds accept_pause{100};

Result<tcp::endpoint> parse_listen(const std::string& listen) {
    const auto wrong = [&](std::string_view why) {
        return fail(Errc::refused, "web listen \"" + listen + "\": " + std::string(why));
    };
    const auto colon = listen.rfind(':');
    if (colon == std::string::npos) return wrong("address:port is needed, e.g. 127.0.0.1:8080");
    auto name = listen.substr(0, colon);
    const auto digits = listen.substr(colon + 1);
    if (digits.empty() || digits.size() > 5 || digits.find_first_not_of("0123456789") != std::string::npos ||
        std::stoi(digits) > 65535) {
        return wrong("the port must be 0 to 65535");
    }
    if (name == "localhost") name = "127.0.0.1";
    if (name.size() > 2 && name.front() == '[' && name.back() == ']') name = name.substr(1, name.size() - 2);
    boost::system::error_code error;
    const auto address = asio::ip::make_address(name, error);
    if (error) return wrong("the address must be an IP address or localhost");
    if (!address.is_loopback())
        return wrong("until accounts exist only a loopback address is allowed, e.g. 127.0.0.1:8080");
    return tcp::endpoint(address, static_cast<std::uint16_t>(std::stoi(digits)));
}

/// As a client writes it in Host.
std::string host_of(const asio::ip::address& address) {
    return address.is_v6() ? '[' + address.to_string() + ']' : address.to_string();
}

}  // namespace

struct Server::Web {
    Web(ServerOptions o, Archive& archive, std::function<Health()> health)
        : options(std::move(o)),
          intake(options.limits.committed_waiting),
          hub(archive, options.limits,
              {archive, std::move(health), options.hosts, options.assets, responses, refusals}) {
        hub.refusals = &refusals;
    }

    ServerOptions options;
    Counters responses, refusals;
    Intake intake;
    asio::io_context io{1};
    tcp::acceptor acceptor{io};
    asio::steady_timer pause{io}, board_timer{io}, health_timer{io};
    bool board_resting = false, board_waiting = false;
    Hub hub;
    std::thread thread;

    Result<std::uint16_t> listen();
    void run(std::promise<void> primed);
    void prime();
    void accept();
    void welcome(tcp::socket socket);
    void drain();
    void show_board();
    void beat();
    void finish();
};

Result<std::uint16_t> Server::Web::listen() {
    const auto endpoint = parse_listen(options.listen);
    if (!endpoint) return tl::unexpected(endpoint.error());
    boost::system::error_code error;
    acceptor.open(endpoint->protocol(), error);
    if (!error) acceptor.set_option(tcp::acceptor::reuse_address(true), error);
    if (!error) acceptor.bind(*endpoint, error);
    if (!error) acceptor.listen(backlog, error);
    if (!error) hub.routes.allow_host(host_of(endpoint->address()));
    if (error) {
        const auto code = error == asio::error::address_in_use ? Errc::busy : Errc::unreachable;
        return fail(code, "web listen \"" + options.listen + "\": " + error.message());
    }
    return acceptor.local_endpoint().port();
}

void Server::Web::run(std::promise<void> primed) {
    sigset_t all;
    sigfillset(&all);
    pthread_sigmask(SIG_BLOCK, &all, nullptr);  // signals belong to the thread that waits for them
    prime();
    primed.set_value();
    accept();
    beat();
    io.run();
}

/// Fills the lanes' newest passages from the journal's end.
void Server::Web::prime() {
    hub.last = std::max(hub.last, hub.archive.last());  // an archive that is silent for a moment says 0
    std::uint64_t next = hub.last > primed_facts ? hub.last - primed_facts + 1 : 1;
    while (next <= hub.last) {
        const auto entries = hub.archive.facts(next, primed_chunk);
        for (const auto& entry : entries) hub.routes.passages().take(entry.sequence, entry.bytes, false);
        if (entries.empty()) break;
        next = entries.back().sequence + 1;
    }
}

void Server::Web::accept() {
    acceptor.async_accept([this](auto error, tcp::socket socket) {
        if (!acceptor.is_open()) return;
        if (!error) {
            welcome(std::move(socket));
            return accept();
        }
        refusals.add("accept-failed");  // e.g. no descriptor left: rest, or this would spin
        pause.expires_after(accept_pause);
        pause.async_wait([this](auto stopped) {
            if (!stopped && acceptor.is_open()) accept();
        });
    });
}

void Server::Web::welcome(tcp::socket socket) {
    boost::system::error_code ignored;
    socket.set_option(tcp::no_delay(true), ignored);
    socket.set_option(asio::socket_base::send_buffer_size(send_buffer), ignored);
    const auto occupied = hub.occupied();
    if (occupied >= options.limits.connections + turned_away_at_once) return refusals.add("connections-full");
    const auto connection = std::make_shared<Connection>(hub, std::move(socket));
    if (occupied >= options.limits.connections)
        return connection->turn_away("connections-full", "too many connections");
    connection->read();
}

/// Takes what other threads handed in.
void Server::Web::drain() {
    auto batch = intake.take();
    if (batch.board) {
        hub.routes.board(batch.board);
        hub.board = event_of("board", to_json(*batch.board));
        show_board();
    }
    const std::vector<Stream*> streams(hub.streams.begin(), hub.streams.end());
    for (auto& fact : batch.facts) {
        if (fact.sequence <= hub.last && fact.sequence <= hub.routes.passages().last()) continue;  // primed already
        hub.routes.passages().take(fact.sequence, fact.bytes, true);
        hub.last = std::max(hub.last, fact.sequence);
        if (streams.empty()) continue;
        const auto message = fact_event(fact.sequence, std::move(fact.bytes));
        for (Stream* stream : streams) stream->fact(fact.sequence, message);
    }
    if (!batch.overflowed) return;
    refusals.add("committed-overflow");
    prime();
    for (Stream* stream : streams) stream->drop("committed-overflow");
}

void Server::Web::show_board() {
    if (board_resting) {
        board_waiting = true;
        return;
    }
    const std::vector<Stream*> streams(hub.streams.begin(), hub.streams.end());
    for (Stream* stream : streams) stream->board();
    board_resting = true;
    board_timer.expires_after(options.limits.board_every);
    board_timer.async_wait([this](auto stopped) {
        if (stopped) return;
        board_resting = false;
        if (std::exchange(board_waiting, false)) show_board();
    });
}

void Server::Web::beat() {
    hub.health = event_of("health", to_json(hub.routes.health()));
    const std::vector<Stream*> streams(hub.streams.begin(), hub.streams.end());
    for (Stream* stream : streams) stream->health();
    health_timer.expires_after(options.limits.health_every);
    health_timer.async_wait([this](auto stopped) {
        if (!stopped && acceptor.is_open()) beat();
    });
}

/// Ends every operation, so that run() returns by itself and nothing is left behind.
void Server::Web::finish() {
    boost::system::error_code ignored;
    acceptor.close(ignored);
    pause.cancel();
    board_timer.cancel();
    health_timer.cancel();
    const std::vector<Connection*> connections(hub.connections.begin(), hub.connections.end());
    for (Connection* connection : connections) connection->close();
    const std::vector<Stream*> streams(hub.streams.begin(), hub.streams.end());
    for (Stream* stream : streams) stream->drop({});
}

Server::Server(ServerOptions options, Archive& archive, std::function<Health()> health)
    : web_(std::make_unique<Web>(std::move(options), archive, std::move(health))) {}

Server::~Server() { stop(); }

Result<std::uint16_t> Server::start() {
    auto port = web_->listen();
    if (!port) return port;
    std::promise<void> primed;
    auto ready = primed.get_future();
    web_->thread = std::thread([web = web_.get(), p = std::move(primed)]() mutable { web->run(std::move(p)); });
    ready.wait();
    return port;
}

void Server::stop() {
    if (!web_->thread.joinable()) return;
    asio::post(web_->io, [web = web_.get()] { web->finish(); });
    web_->thread.join();
}

void Server::publish(std::shared_ptr<const Board> board) {
    if (board && web_->intake.put(std::move(board))) asio::post(web_->io, [web = web_.get()] { web->drain(); });
}

void Server::committed(std::uint64_t sequence, std::string bytes) {
    if (web_->intake.put(sequence, std::move(bytes))) asio::post(web_->io, [web = web_.get()] { web->drain(); });
}

}  // namespace hefang::web
