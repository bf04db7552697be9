#pragma once
#include "link/descriptor.hpp"
#include "link/link.hpp"

#include <string>

namespace hefang::link {

/// A Link over a descriptor that poll() understands; the descriptor is non-blocking.
class FdLink : public Link {
  public:
    /// `end`: what the end of the stream means here.
    FdLink(Descriptor fd, std::string name, Error end)
        : fd_(std::move(fd)), name_(std::move(name)), end_{end.code, name_ + ": " + end.detail} {}
    [[nodiscard]] Result<std::size_t> read_some(std::span<char> into, std::chrono::milliseconds limit,
                                                const Stop& stop) override;
    [[nodiscard]] Result<void> write_all(std::string_view bytes, std::chrono::milliseconds limit,
                                         const Stop& stop) override;
    void close() noexcept override { fd_.reset(); }

  protected:
    [[nodiscard]] const Descriptor& descriptor() const { return fd_; }
    [[nodiscard]] const std::string& name() const { return name_; }
    /// A further descriptor (−1: none): once it is readable, and ours is not, the conversation ends with `closed`.
    void ended_by(int fd, std::string why) { rival_ = fd, rival_says_ = std::move(why); }

  private:
    /// Waits until `events` of the descriptor are there.
    [[nodiscard]] Result<void> ready(short events, std::chrono::steady_clock::time_point until, const Stop& stop);

    Descriptor fd_;
    std::string name_;
    Error end_;
    int rival_ = -1;
    std::string rival_says_;
};

/// "Connection refused", for the errno value.
[[nodiscard]] std::string system_text(int error);

}  // namespace hefang::link
