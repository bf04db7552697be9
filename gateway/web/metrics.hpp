#pragma once
#include "base/counters.hpp"
#include "web/board.hpp"
#include "web/passages.hpp"

#include <initializer_list>
#include <string>
#include <string_view>
#include <utility>

namespace hefang::web {

/// Writer of the Prometheus text exposition format 0.0.4: one HELP and one TYPE a family, then its samples; label
/// values escaped (\\, \", \n).
class Exposition {
  public:
    using Labels = std::initializer_list<std::pair<std::string_view, std::string_view>>;

    /// Begins a family; `type` is "counter" or "gauge".
    void family(std::string_view name, std::string_view type, std::string_view help);
    /// One sample of the family begun last.
    void sample(Labels labels, std::uint64_t value);
    void sample(Labels labels, std::int64_t value);
    /// Milliseconds, written in seconds with three decimals.
    void seconds(Labels labels, std::int64_t ms);

    [[nodiscard]] std::string take() { return std::move(text_); }

  private:
    void line(Labels labels, std::string_view value);
    std::string text_;
    std::string name_;
};

struct MetricSources {
    const Board* board;  ///< null until the first one was published
    Health health;
    const Passages& passages;
    const Counters& responses;  ///< by status
    const Counters& refusals;   ///< by reason
    std::uint64_t connections;
    std::uint64_t streams;
};

[[nodiscard]] std::string metrics_text(const MetricSources& from);

}  // namespace hefang::web
