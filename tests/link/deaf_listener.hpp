#pragma once
#include "link/descriptor.hpp"

#include <netinet/in.h>
#include <sys/socket.h>

#include <cstdint>
#include <vector>

#include <catch2/catch.hpp>

namespace hefang::test {

/// A port of this machine where a connect is neither taken nor refused: the queue of its listener is full.
class DeafListener {
  public:
    DeafListener() {
        at_.sin_family = AF_INET;
        at_.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
        socklen_t size = sizeof at_;
        REQUIRE(::bind(listener_.get(), bytes(), size) == 0);
        REQUIRE(::listen(listener_.get(), 0) == 0);
        REQUIRE(::getsockname(listener_.get(), bytes(), &size) == 0);
        for (int i = 0; i < 4; ++i) {
            waiting_.emplace_back(::socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0));
            ::connect(waiting_.back().get(), bytes(), size);
        }
    }
    [[nodiscard]] std::uint16_t port() const { return ntohs(at_.sin_port); }

  private:
    sockaddr* bytes() { return reinterpret_cast<sockaddr*>(&at_); }

    sockaddr_in at_{};
    link::Descriptor listener_{::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)};
    std::vector<link::Descriptor> waiting_;
};

}  // namespace hefang::test
