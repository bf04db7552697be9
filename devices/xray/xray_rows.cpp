#include "xray/xray_rows.hpp"

#include "xray/xray.hpp"

#include <array>
#include <memory>
#include <variant>

namespace hefang::driver {
namespace {

constexpr std::int64_t path_bytes = 200;
constexpr std::int64_t word_bytes = 64;

constexpr Setting field(std::string_view name, std::string_view meaning, bool required = false) {
    return {.name = name, .form = Form::text, .required = required, .most = path_bytes, .meaning = meaning};
}
constexpr Setting words(std::string_view name, std::string_view meaning) {
    return {.name = name, .form = Form::list, .most = word_bytes, .meaning = meaning};
}

constexpr std::array keys{
    Setting{.name = "views", .form = Form::whole, .least = 1, .most = 4, .meaning = "pictures of one parcel"},
    Setting{.name = "view_separator",
            .form = Form::text,
            .most = 4,
            .meaning = "stands before the view's digit in a picture's name; with several views only"},
    field("result_field", "where the side-car has the result: \"Inspection/Result\", for an attribute \"Scan/@result\"",
          true),
    field("scan_field", "where it has the machine's own id of the scan, by which a later judgement is known"),
    field("sequence_field", "where it has the parcel's induction number"),
    field("operator_field", "where it names who judged"),
    field("view_field", "where it names the view that it judges; without this it judges all of them"),
    field("time_field", "where it has the machine's own time"),
    field("tip_field", "where it says that a threat was projected for training"),
    words("clear_words", "results that mean clear; default clear, pass, 0"),
    words("suspect_words", "results that mean suspect; default suspect, alarm, reject, 1"),
    words("no_decision_words", "results that mean that nobody decided"),
    words("fault_words", "results that mean that the machine is at fault"),
    Setting{.name = "rescan_ms",
            .form = Form::whole,
            .least = 500,
            .most = 5'000,
            .meaning = "how often the folder is looked through beside what the system tells of it"},
    Setting{.name = "largest_mib", .form = Form::whole, .least = 1, .most = 256, .meaning = "the largest file taken"},
};

Result<Made> xray(const DeviceConfig& config, const Surroundings& around) {
    if (!std::holds_alternative<link::FolderAddress>(config.link))
        return fail(Errc::refused, "an X-ray machine needs a folder link");
    return Made{std::make_unique<XrayDriver>(xray_settings(config), around.keep), nullptr};
}

constexpr std::array table{
    Kind{"xray", "", "folder", keys, xray},
};

}  // namespace

std::span<const Kind> xray_rows() { return table; }

}  // namespace hefang::driver
