#include "link/link.hpp"

#include "link/hid_link.hpp"
#include "link/serial_link.hpp"
#include "link/tcp_link.hpp"

namespace hefang::link {
namespace {

class SerialEndpoint final : public Endpoint {
  public:
    explicit SerialEndpoint(SerialAddress address) : address_(std::move(address)) {}
    Result<std::unique_ptr<Link>> open(std::chrono::milliseconds, const Stop&) override {
        auto link = SerialLink::open(address_);
        if (!link) return tl::unexpected(link.error());
        return std::unique_ptr<Link>(std::move(*link));
    }

  private:
    SerialAddress address_;
};

class HidEndpoint final : public Endpoint {
  public:
    explicit HidEndpoint(HidAddress address) : address_(std::move(address)) {}
    Result<std::unique_ptr<Link>> open(std::chrono::milliseconds, const Stop&) override {
        return HidLink::open(address_);
    }

  private:
    HidAddress address_;
};

class TcpClientEndpoint final : public Endpoint {
  public:
    explicit TcpClientEndpoint(TcpAddress address) : address_(std::move(address)) {}
    Result<std::unique_ptr<Link>> open(std::chrono::milliseconds, const Stop& stop) override {
        return TcpClientLink::open(address_, stop);
    }

  private:
    TcpAddress address_;
};

struct ToEndpoint {
    using Made = Result<std::unique_ptr<Endpoint>>;
    Made operator()(const SerialAddress& a) const { return std::make_unique<SerialEndpoint>(a); }
    Made operator()(const TcpAddress& a) const { return std::make_unique<TcpClientEndpoint>(a); }
    Made operator()(const TcpListenAddress& a) const { return std::make_unique<TcpListenEndpoint>(a); }
    Made operator()(const ModbusTcpAddress& a) const { return no_stream(a); }
    Made operator()(const ModbusRtuAddress& a) const { return no_stream(a); }
    Made operator()(const FolderAddress& a) const { return no_stream(a); }
    Made operator()(const HttpListenAddress& a) const { return no_stream(a); }
    Made operator()(const HttpAddress& a) const { return no_stream(a); }
    Made operator()(const HidAddress& a) const { return std::make_unique<HidEndpoint>(a); }
    static Made no_stream(const LinkAddress& a) { return fail(Errc::refused, to_text(a) + " is no stream of bytes"); }
};

}  // namespace

Result<std::unique_ptr<Endpoint>> make_endpoint(const LinkAddress& address) {
    return std::visit(ToEndpoint{}, address);
}

Result<std::unique_ptr<Link>> open_link(const LinkAddress& address, std::chrono::milliseconds limit, const Stop& stop) {
    auto endpoint = make_endpoint(address);
    if (!endpoint) return tl::unexpected(endpoint.error());
    return (*endpoint)->open(limit, stop);
}

}  // namespace hefang::link
