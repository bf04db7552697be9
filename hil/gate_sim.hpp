#pragma once
#include "gatewire/llrp.hpp"
#include "gatewire/plate_event.hpp"
#include "hil/wire.hpp"
#include "http/digest_access.hpp"
#include "link/stop.hpp"
#include "link/tcp_link.hpp"

#include <atomic>
#include <chrono>
#include <cstdint>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <thread>
#include <vector>

/// What stands at a gate, as the gateway meets it over real sockets. Faults on demand; nothing is random.
namespace hefang::hil {

/// A picture that any JPEG reader would open no further than its first bytes; the same number, the same bytes.
[[nodiscard]] std::string jpeg_like(std::size_t bytes, unsigned number);

/// A Hikvision camera: connects to the gateway's address and pushes. All members on one thread.
class HikvisionSim {
  public:
    HikvisionSim(std::uint16_t port, std::string path, std::optional<http::Credentials> who = {});
    /// The event as XML and `pictures` JPEGs, with digest access where the gateway asks for it; the status of the
    /// answer. `count` is activePostCount.
    [[nodiscard]] Result<int> push(const codec::PlateEvent& event, int count = 1, std::size_t pictures = 1);
    [[nodiscard]] Result<int> heartbeat();
    /// Any body.
    [[nodiscard]] Result<int> push_body(const std::string& content_type, const std::string& body);

    // Faults.
    /// Pieces of at most `bytes`, `pause` apart; 0: whole.
    void split(std::size_t bytes, std::chrono::milliseconds pause) { piece_ = bytes, pause_ = pause; }
    /// The next push ends in the middle of its body.
    void cut_next() { cut_ = true; }
    void unplug() { link_.reset(); }

  private:
    [[nodiscard]] Result<int> send(const std::string& content_type, const std::string& body,
                                   const std::string& authorization, std::string& challenge);
    std::uint16_t port_;
    std::string path_;
    std::optional<http::Credentials> who_;
    link::Stop stop_;
    std::unique_ptr<link::Link> link_;
    std::size_t piece_ = 0;
    std::chrono::milliseconds pause_{0};
    bool cut_ = false;
};

/// A server on the loopback with one client at a time, on a thread of its own. plug() and the rest from any thread.
class ServedSim {
  public:
    virtual ~ServedSim();
    [[nodiscard]] std::uint16_t port() const { return port_; }
    void unplug();
    [[nodiscard]] Result<void> plug();
    /// While it is on nothing is sent, though the connection stands.
    void silence(bool on) { silent_ = on; }
    /// How often a client was served so far that it could be told something.
    [[nodiscard]] int served() const { return served_; }

  protected:
    explicit ServedSim(std::uint16_t port) : port_(port) {}
    /// The conversation with one client, until it ends or `stop`.
    virtual void serve(link::Link& link, const link::Stop& stop) = 0;
    void queue(std::string bytes);
    /// Sends what queue() holds; false when the client is gone.
    [[nodiscard]] bool send_queued(link::Link& link, const link::Stop& stop);
    [[nodiscard]] bool silent() const { return silent_; }
    std::atomic<int> served_{0};

  private:
    std::uint16_t port_;
    std::atomic<bool> silent_{false};
    std::mutex mutex_;
    std::vector<std::string> queued_;  // guarded by mutex_
    std::unique_ptr<link::Stop> stop_;
    std::unique_ptr<link::TcpListenEndpoint> endpoint_;
    std::jthread thread_;
};

/// A Dahua camera that is asked for its stream; says Heartbeat as often as it was asked to.
class DahuaSim final : public ServedSim {
  public:
    explicit DahuaSim(std::optional<http::Credentials> who = {}, std::uint16_t port = 0);
    ~DahuaSim() override { unplug(); }
    [[nodiscard]] std::string address() const { return "http://127.0.0.1:" + std::to_string(port()); }
    void event(const codec::PlateEvent& event, bool picture = true);
    /// Bytes as they are.
    void raw(std::string bytes) { queue(std::move(bytes)); }

  private:
    void serve(link::Link& link, const link::Stop& stop) override;
    std::optional<http::Credentials> who_;
    http::Gate gate_;  // the thread's
    std::atomic<unsigned> events_{0};
};

/// An LLRP reader; takes any RO spec.
class LlrpSim final : public ServedSim {
  public:
    explicit LlrpSim(std::uint16_t port = 0);
    ~LlrpSim() override { unplug(); }
    [[nodiscard]] std::string address() const { return "tcp://127.0.0.1:" + std::to_string(port()); }
    void report(const std::vector<codec::llrp::Tag>& tags);
    void raw(std::string bytes) { queue(std::move(bytes)); }
    /// Status of the next connection attempts (1: another client has it), and of the answers to ADD_ROSPEC.
    void refuse_connections(std::uint16_t status) { connection_ = status; }
    void refuse_rospec(std::uint16_t status) { rospec_ = status; }
    /// Types of the messages that came, in order.
    [[nodiscard]] std::vector<std::uint16_t> heard() const;

  private:
    void serve(link::Link& link, const link::Stop& stop) override;
    [[nodiscard]] std::string answer(const codec::llrp::Message& message);
    std::atomic<std::uint16_t> connection_{0}, rospec_{0};
    mutable std::mutex heard_mutex_;
    std::vector<std::uint16_t> heard_;        // guarded by heard_mutex_
    std::chrono::milliseconds keepalive_{0};  // the thread's, as asked for
};

/// A portal or detector: the same line again and again on a thread of its own, another one on demand.
class PortalSim {
  public:
    PortalSim(std::unique_ptr<Wire> wire, std::string line, std::chrono::milliseconds period);
    ~PortalSim();
    [[nodiscard]] std::string address() const { return wire_->address(); }
    /// From now on this line, at once and every period.
    void say(std::string line);
    [[nodiscard]] Result<void> raw(std::string_view bytes);
    void silence(bool on);
    void unplug();
    [[nodiscard]] Result<void> plug();

  private:
    std::mutex mutex_;
    const std::unique_ptr<Wire> wire_;  // guarded by mutex_, as the rest
    std::string line_;
    bool silent_ = false;
    const std::chrono::milliseconds period_;
    link::Stop stop_;
    std::jthread thread_;
};

}  // namespace hefang::hil
