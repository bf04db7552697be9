#include "scale/scale_rows.hpp"

#include "scale/scale.hpp"

#include <array>

namespace hefang::driver {
namespace {

constexpr Setting interval{
    .name = "interval_g", .form = Form::whole, .least = 1, .most = 1'000'000, .meaning = "the scale interval"};
constexpr Setting empty_below{.name = "empty_below_g",
                              .form = Form::whole,
                              .least = 1,
                              .most = 10'000'000,
                              .meaning = "less is an empty scale; default 10 intervals"};
constexpr Setting window{.name = "window_ms",
                         .form = Form::whole,
                         .least = 100,
                         .most = 10'000,
                         .meaning = "how long the display must stand still"};
constexpr Setting samples{
    .name = "samples", .form = Form::whole, .least = 2, .most = 100, .meaning = "in how many samples at least"};
constexpr Setting rearm{.name = "rearm_ms",
                        .form = Form::whole,
                        .least = 0,
                        .most = 10'000,
                        .meaning = "how long the scale must be empty before the next parcel"};
constexpr Setting silence{.name = "silence_ms",
                          .form = Form::whole,
                          .least = 500,
                          .most = 60'000,
                          .meaning = "no valid frame for so long: the scale counts as lost"};
constexpr Setting displayed_unit{
    .name = "unit", .form = Form::word, .words = "kg g t", .meaning = "what the indicator displays"};

constexpr std::array toledo_keys{
    interval,
    empty_below,
    window,
    samples,
    rearm,
    silence,
    Setting{.name = "checksum",
            .form = Form::word,
            .words = "required log_only absent",
            .meaning = "log_only: a wrong one is counted and used; absent: frames of 17 bytes"},
};
constexpr std::array xk3190_keys{
    interval,
    empty_below,
    window,
    samples,
    rearm,
    silence,
    Setting{.name = "checksum",
            .form = Form::word,
            .words = "required log_only",
            .meaning = "log_only: a wrong one is counted and used"},
    displayed_unit,
};
constexpr std::array xk3190_eq_keys{interval, empty_below, window, samples, rearm, silence, displayed_unit};
constexpr std::array line_keys{interval, empty_below, window, samples, rearm, silence};
constexpr std::array dini_keys{
    interval,
    empty_below,
    window,
    samples,
    rearm,
    silence,
    Setting{.name = "address",
            .form = Form::whole,
            .least = 0,
            .most = 99,
            .meaning = "the indicator's own, which it then sends first; none: it sends none"},
};

constexpr std::array table{
    Kind{"scale", "toledo-continuous", stream_links, toledo_keys, over_stream<ScaleDriver, scale_settings>},
    Kind{"scale", "xk3190", stream_links, xk3190_keys, over_stream<ScaleDriver, scale_settings>},
    Kind{"scale", "xk3190-eq-reversed", stream_links, xk3190_eq_keys, over_stream<ScaleDriver, scale_settings>},
    Kind{"scale", "xk3190-eq-forward", stream_links, xk3190_eq_keys, over_stream<ScaleDriver, scale_settings>},
    Kind{"scale", "and-indicator", stream_links, line_keys, over_stream<ScaleDriver, scale_settings>},
    Kind{"scale", "and-balance", stream_links, line_keys, over_stream<ScaleDriver, scale_settings>},
    Kind{"scale", "cas-continuous", stream_links, line_keys, over_stream<ScaleDriver, scale_settings>},
    Kind{"scale", "dini-continuous", stream_links, dini_keys, over_stream<ScaleDriver, scale_settings>},
};

}  // namespace

std::span<const Kind> scale_rows() { return table; }

}  // namespace hefang::driver
