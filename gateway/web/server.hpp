#pragma once
#include "base/result.hpp"
#include "web/archive.hpp"
#include "web/asset.hpp"
#include "web/board.hpp"

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <span>
#include <string>
#include <vector>

namespace hefang::web {

/// What a client may cost. Defaults are the product's; tests make them small.
struct Limits {
    std::size_t header_bytes = 16 * 1024;          ///< of request line and fields; more is 431
    std::size_t connections = 128;                 ///< streams among them; more is 503
    std::size_t streams = 64;                      ///< event streams; more is 503
    std::size_t waiting_messages = 256;            ///< of one stream
    std::chrono::milliseconds behind{500};         ///< a stream with that many waiting for longer is dropped
    std::size_t committed_waiting = 4096;          ///< facts that wait for the web thread; beyond, streams must resume
    std::chrono::milliseconds request{5000};       ///< for a whole header, and how long an idle connection stays
    std::chrono::milliseconds write{10000};        ///< for one write to make its way
    std::chrono::milliseconds board_every{200};    ///< at most one board event in this time
    std::chrono::milliseconds health_every{1000};  ///< the stream's sign of life
};

struct ServerOptions {
    std::string listen = "127.0.0.1:8080";  ///< port 0: any free one. Loopback only until accounts exist
    std::vector<std::string> hosts;         ///< names allowed as Host besides the loopback names, lower case, no port
    std::span<const Asset> assets = embedded_assets();
    Limits limits;
};

/// The HTTP side of the gateway: one thread, loopback only, GET and HEAD only. Reads through the ports given to it and
/// shows only what was committed before it was handed in.
class Server {
  public:
    /// `archive` and what `health` uses must outlive the server; both are called on the web thread only.
    Server(ServerOptions options, Archive& archive, std::function<Health()> health);
    ~Server();  ///< stops
    Server(const Server&) = delete;
    Server& operator=(const Server&) = delete;

    /// Listens, starts the thread and waits until it has read the newest passages; returns the bound port. `refused`:
    /// the address is malformed or not loopback; `busy`: it is taken. Once only.
    [[nodiscard]] Result<std::uint16_t> start();
    /// Ends all connections and the thread, within 1 s as long as the archive keeps its 100 ms. Idempotent.
    void stop();

    /// The newest board replaces an older one that was not sent yet. Any thread, never blocks for a client.
    void publish(std::shared_ptr<const Board> board);
    /// A fact, after its commit, in order of sequence. Any thread, never blocks for a client.
    void committed(std::uint64_t sequence, std::string bytes);

  private:
    struct Web;
    std::unique_ptr<Web> web_;
};

}  // namespace hefang::web
