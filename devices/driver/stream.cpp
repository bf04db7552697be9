#include "driver/stream.hpp"

#include <utility>

namespace hefang::driver {
namespace {

class CountedLink final : public link::Link {
  public:
    CountedLink(std::unique_ptr<link::Link> link, link::LineErrors before, Counters& counters)
        : link_(std::move(link)), seen_(before), counters_(counters) {}
    Result<std::size_t> read_some(std::span<char> into, std::chrono::milliseconds limit,
                                  const link::Stop& stop) override {
        auto n = link_->read_some(into, limit, stop);
        count();
        return n;
    }
    Result<void> write_all(std::string_view bytes, std::chrono::milliseconds limit, const link::Stop& stop) override {
        return link_->write_all(bytes, limit, stop);
    }
    void close() noexcept override { link_->close(); }
    [[nodiscard]] std::optional<link::LineErrors> line_errors() const override { return link_->line_errors(); }

  private:
    void count() {
        const auto now = link_->line_errors();
        if (!now) return;
        const auto before = std::exchange(seen_, *now);
        add("line-overrun", now->overrun - before.overrun);  // modulo 2^32, as the kernel counts
        add("line-framing", now->framing - before.framing);
        add("line-parity", now->parity - before.parity);
    }
    void add(std::string_view name, std::uint32_t count) {
        if (count > 0) counters_.add(name, count);
    }

    std::unique_ptr<link::Link> link_;
    link::LineErrors seen_;
    Counters& counters_;
};

}  // namespace

Result<std::unique_ptr<link::Link>> CountedEndpoint::open(std::chrono::milliseconds limit, const link::Stop& stop) {
    auto link = endpoint_->open(limit, stop);
    if (!link || counters_ == nullptr) return link;
    const auto before = (*link)->line_errors();
    if (!before) return link;
    return std::make_unique<CountedLink>(std::move(*link), *before, *counters_);
}

}  // namespace hefang::driver
