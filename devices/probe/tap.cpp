#include "probe/tap.hpp"

#include <algorithm>
#include <utility>

namespace hefang::probe {
namespace {

using Ms = std::chrono::milliseconds;

class TappedLink final : public link::Link {
  public:
    TappedLink(std::unique_ptr<link::Link> link, const Listener& listener)
        : link_(std::move(link)), listener_(listener) {}
    Result<std::size_t> read_some(std::span<char> into, Ms limit, const link::Stop& stop) override {
        listener_.taken();
        auto n = link_->read_some(into, limit, stop);
        if (n) listener_.received({into.data(), *n});
        return n;
    }
    Result<void> write_all(std::string_view bytes, Ms limit, const link::Stop& stop) override {
        auto done = link_->write_all(bytes, limit, stop);
        if (done) listener_.sent(bytes);
        return done;
    }
    void close() noexcept override { link_->close(); }
    [[nodiscard]] std::optional<link::LineErrors> line_errors() const override { return link_->line_errors(); }

  private:
    std::unique_ptr<link::Link> link_;
    const Listener& listener_;
};

class TappedEndpoint final : public link::Endpoint {
  public:
    TappedEndpoint(std::unique_ptr<link::Endpoint> endpoint, const Listener& listener)
        : endpoint_(std::move(endpoint)), listener_(listener) {}
    Result<std::unique_ptr<link::Link>> open(Ms limit, const link::Stop& stop) override {
        auto link = endpoint_->open(limit, stop);
        if (!link) return link;
        listener_.opened();
        return std::make_unique<TappedLink>(std::move(*link), listener_);
    }

  private:
    std::unique_ptr<link::Endpoint> endpoint_;
    const Listener& listener_;
};

class PlayedLink final : public link::Link {
  public:
    explicit PlayedLink(const Recording& recording) : recording_(recording) {}
    Result<std::size_t> read_some(std::span<char> into, Ms, const link::Stop& stop) override {
        if (stop.requested()) return fail(Errc::closed, "stop requested");
        while (piece_ < recording_.size() && at_ == recording_[piece_].size()) ++piece_, at_ = 0;
        if (piece_ == recording_.size()) return fail(Errc::closed, "the recording is over");
        const auto& piece = recording_[piece_];
        const auto n = std::min(into.size(), piece.size() - at_);
        std::copy_n(piece.begin() + static_cast<std::ptrdiff_t>(at_), n, into.begin());
        at_ += n;
        return n;
    }
    Result<void> write_all(std::string_view, Ms, const link::Stop&) override { return {}; }
    void close() noexcept override {}

  private:
    const Recording& recording_;
    std::size_t piece_ = 0, at_ = 0;
};

class PlayedEndpoint final : public link::Endpoint {
  public:
    explicit PlayedEndpoint(const Recording& recording) : recording_(recording) {}
    Result<std::unique_ptr<link::Link>> open(Ms, const link::Stop&) override {
        return std::make_unique<PlayedLink>(recording_);
    }

  private:
    const Recording& recording_;
};

}  // namespace

std::unique_ptr<link::Endpoint> tapped(std::unique_ptr<link::Endpoint> endpoint, const Listener& listener) {
    return std::make_unique<TappedEndpoint>(std::move(endpoint), listener);
}

std::unique_ptr<link::Endpoint> played(const Recording& recording) {
    return std::make_unique<PlayedEndpoint>(recording);
}

}  // namespace hefang::probe
