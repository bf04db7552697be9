#include "display/display_rows.hpp"

#include "display/display.hpp"
#include "driver/settings.hpp"

#include <array>
#include <utility>

namespace hefang::driver {
namespace {

constexpr std::array display_keys{
    Setting{.name = "form",
            .form = Form::text,
            .most = 512,
            .meaning = "what is sent, with the display's own control characters; {plate} stands for a value"},
    Setting{.name = "rest", .form = Form::text, .most = 512, .meaning = "what is sent when nothing is to be shown"},
    Setting{
        .name = "encoding", .form = Form::word, .words = "utf-8 gbk", .meaning = "how the display reads characters"},
    Setting{.name = "most_bytes", .form = Form::whole, .least = 1, .most = 4096, .meaning = "a longer text is cut"},
    Setting{.name = "repeat_s",
            .form = Form::whole,
            .least = 1,
            .most = 3600,
            .meaning = "the same text is sent again after so long"},
};

Result<Made> make_display(const DeviceConfig& config, const Surroundings& around) {
    auto endpoint = link::make_endpoint(config.link);
    if (!endpoint) return tl::unexpected(endpoint.error());
    auto encoder = Encoder::open(text(config, "encoding", "utf-8"));
    if (!encoder) return tl::unexpected(encoder.error());
    DisplaySettings s;
    s.id = config.id;
    s.form = text(config, "form", "{text}\r\n");
    s.rest = text(config, "rest", "");
    s.most_bytes = static_cast<std::size_t>(whole(config, "most_bytes", static_cast<std::int64_t>(s.most_bytes)));
    s.repeat = std::chrono::seconds(whole(config, "repeat_s", 5));
    auto driver =
        std::make_unique<DisplayDriver>(std::move(s), std::move(*encoder), std::move(*endpoint), around.core_alive);
    DisplayOutput* const output = driver.get();
    return Made{.driver = std::move(driver), .display = output};
}

constexpr std::array table{
    Kind{"display", "", stream_links, display_keys, make_display, true},
};

}  // namespace

std::span<const Kind> display_rows() { return table; }

}  // namespace hefang::driver
