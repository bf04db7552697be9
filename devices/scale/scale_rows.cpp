#include "scale/scale_rows.hpp"

#include "scale/scale.hpp"
#include "scale/scale_protocol.hpp"

#include <array>
#include <deque>
#include <vector>

namespace hefang::driver {
namespace {

constexpr std::array every_scale{
    Setting{.name = "interval_g", .form = Form::whole, .least = 1, .most = 1'000'000, .meaning = "the scale interval"},
    Setting{.name = "empty_below_g",
            .form = Form::whole,
            .least = 1,
            .most = 10'000'000,
            .meaning = "less is an empty scale; default 10 intervals"},
    Setting{.name = "window_ms",
            .form = Form::whole,
            .least = 100,
            .most = 10'000,
            .meaning = "how long the display must stand still"},
    Setting{.name = "samples", .form = Form::whole, .least = 2, .most = 100, .meaning = "in how many samples at least"},
    Setting{.name = "rearm_ms",
            .form = Form::whole,
            .least = 0,
            .most = 10'000,
            .meaning = "how long the scale must be empty before the next parcel"},
    Setting{.name = "silence_ms",
            .form = Form::whole,
            .least = 500,
            .most = 60'000,
            .meaning = "no valid frame for so long: the scale counts as lost; never less than 2 answers and 1 s"},
};
constexpr std::array where_asked{
    Setting{.name = "poll_ms",
            .form = Form::whole,
            .least = 20,
            .most = 500,  // more than Stability::least_gap_ms between two samples is silence
            .meaning = "from one question to the next, at least"},
    Setting{.name = "answer_ms",
            .form = Form::whole,
            .least = 50,
            .most = 20'000,
            .meaning = "an answer later than this is none"},
};
constexpr Setting shows{.name = "shows",
                        .form = Form::word,
                        .words = "gross net",
                        .meaning = "what the display must show for its weight to be used"};

std::vector<Setting> keys_of(const ScaleProtocol& protocol) {
    std::vector<Setting> keys(every_scale.begin(), every_scale.end());
    if (protocol.ask != nullptr) keys.insert(keys.end(), where_asked.begin(), where_asked.end());
    if (protocol.says_net) keys.push_back(shows);
    keys.insert(keys.end(), protocol.settings.begin(), protocol.settings.end());
    return keys;
}

}  // namespace

std::span<const Kind> scale_rows() {
    static const auto keys = [] {
        std::deque<std::vector<Setting>> all;
        for (const auto& protocol : scale_protocols()) all.push_back(keys_of(protocol));
        return all;
    }();
    static const auto table = [] {
        std::vector<Kind> rows;
        for (const auto& protocol : scale_protocols())
            rows.push_back(
                {"scale", protocol.name, stream_links, keys[rows.size()], over_stream<ScaleDriver, scale_settings>});
        return rows;
    }();
    return table;
}

}  // namespace hefang::driver
