#pragma once
#include "base/result.hpp"
#include "hil/pty.hpp"
#include "link/link.hpp"
#include "link/stop.hpp"
#include "link/tcp_link.hpp"

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

namespace hefang::hil {

/// The simulator's end of a device's cable. For one thread.
class Wire {
  public:
    virtual ~Wire() = default;
    /// The link that a configuration names to reach this end.
    [[nodiscard]] virtual std::string address() const = 0;
    /// Fails with closed while it is unplugged or nobody is connected; the bytes are then lost, as on a real line.
    [[nodiscard]] virtual Result<void> send(std::string_view bytes) = 0;
    /// What the gateway sent since the last call, or the last most_heard bytes of it; empty where nobody is connected.
    [[nodiscard]] virtual std::string received() = 0;
    static constexpr std::size_t most_heard = 4096;
    virtual void unplug() = 0;
    [[nodiscard]] virtual Result<void> plug() = 0;
};

/// Serial, behind a name that stays the same from plug to plug.
class PtyWire final : public Wire {
  public:
    /// `name`: path of the symbolic link, e.g. in a temporary folder. Plugged from the start.
    [[nodiscard]] static Result<std::unique_ptr<PtyWire>> open(std::string name);
    [[nodiscard]] std::string address() const override { return "serial://" + name_; }
    [[nodiscard]] Result<void> send(std::string_view bytes) override { return pty_.write(bytes); }
    [[nodiscard]] std::string received() override { return pty_.read(); }
    void unplug() override { pty_.unplug(); }
    [[nodiscard]] Result<void> plug() override;

  private:
    PtyWire(std::string name, Pty pty) : name_(std::move(name)), pty_(std::move(pty)) {}
    std::string name_;
    Pty pty_;
};

/// The device is a TCP server on the loopback; the gateway connects to it.
class TcpServerWire final : public Wire {
  public:
    /// `port` 0: a free one, kept from plug to plug.
    [[nodiscard]] static Result<std::unique_ptr<TcpServerWire>> open(std::uint16_t port = 0);
    [[nodiscard]] std::string address() const override { return "tcp://127.0.0.1:" + std::to_string(port_); }
    [[nodiscard]] Result<void> send(std::string_view bytes) override;
    [[nodiscard]] std::string received() override;
    void unplug() override;
    [[nodiscard]] Result<void> plug() override;

  private:
    [[nodiscard]] Result<void> meet();

    link::Stop stop_;
    std::string heard_;
    std::uint16_t port_ = 0;
    std::unique_ptr<link::TcpListenEndpoint> endpoint_;
    std::unique_ptr<link::Link> peer_;
};

/// The device connects to the gateway, which listens.
class TcpClientWire final : public Wire {
  public:
    explicit TcpClientWire(std::uint16_t port) : port_(port) {}
    [[nodiscard]] std::string address() const override { return "tcp-listen://127.0.0.1:" + std::to_string(port_); }
    /// Connects first where it is not connected.
    [[nodiscard]] Result<void> send(std::string_view bytes) override;
    [[nodiscard]] std::string received() override;
    void unplug() override { peer_.reset(); }
    [[nodiscard]] Result<void> plug() override;

  private:
    [[nodiscard]] Result<void> meet();

    link::Stop stop_;
    std::string heard_;
    std::uint16_t port_;
    std::unique_ptr<link::Link> peer_;
};

}  // namespace hefang::hil
