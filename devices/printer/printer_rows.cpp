#include "printer/printer_rows.hpp"

#include "driver/settings.hpp"
#include "printer/printer.hpp"

#include <algorithm>
#include <array>
#include <utility>

namespace hefang::driver {
namespace {

constexpr std::array printer_keys{
    Setting{.name = "width_mm", .form = Form::whole, .least = 10, .most = 300, .meaning = "width of a label"},
    Setting{.name = "height_mm", .form = Form::whole, .least = 10, .most = 300, .meaning = "height of a label"},
    Setting{.name = "dots_per_mm", .form = Form::word, .words = "8 12", .meaning = "8: 203 dpi; 12: 300 dpi"},
    Setting{
        .name = "font",
        .form = Form::text,
        .most = 32,
        .meaning = "a font in the printer; for Chinese one that holds it, as E:SIMSUN.TTF (ZPL), SIMSUN.TTF (TSPL)"},
    Setting{.name = "label",
            .form = Form::list,
            .most = 600,
            .meaning = "elements: \"text|code128|qr X Y SIZE FORM\" in mm; {waybill} stands for the job's value"},
    Setting{.name = "job_s",
            .form = Form::whole,
            .least = 1,
            .most = 3600,
            .meaning = "a job that could not be sent for so long is told as not printed"},
    Setting{.name = "answer_ms", .form = Form::whole, .least = 100, .most = 10'000, .meaning = "limit of each answer"},
};

Result<LabelForm> form_of(const DeviceConfig& config) {
    return LabelForm::read(list(config, "label", {"code128 5 5 12 {waybill}", "text 5 25 4 {reason}"}),
                           static_cast<int>(whole(config, "width_mm", 100)) * 10,
                           static_cast<int>(whole(config, "height_mm", 50)) * 10);
}

/// A font's name stands in the printer's own commands: nothing in it may end them.
bool is_font(const std::string& name) {
    return std::all_of(name.begin(), name.end(), [](char c) {
        return (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || c == '.' || c == ':' ||
               c == '-' || c == '_';
    });
}

std::optional<Problem> printer_fault(const DeviceConfig& config) {
    if (!is_font(text(config, "font", "0")))
        return Problem{"font", "a font's name is of letters, digits, '.', ':', '-'"};
    if (auto form = form_of(config); !form) return Problem{"label", form.error().detail};
    return std::nullopt;
}

Result<Made> make_printer(const DeviceConfig& config, const Surroundings&) {
    auto endpoint = link::make_endpoint(config.link);
    if (!endpoint) return tl::unexpected(endpoint.error());
    auto form = form_of(config);
    if (!form) return tl::unexpected(form.error());
    const bool zpl = config.protocol == "zpl";
    PrinterSettings s(std::move(*form));
    s.id = config.id;
    s.language = zpl ? codec::print::Language::zpl : codec::print::Language::tspl;
    s.paper.dots_per_mm = text(config, "dots_per_mm", "8") == "12" ? 12 : 8;
    s.paper.font = text(config, "font", zpl ? "0" : "3");
    s.job_ms = whole(config, "job_s", s.job_ms / 1000) * 1000;
    s.answer = std::chrono::milliseconds(whole(config, "answer_ms", s.answer.count()));
    auto driver = std::make_unique<PrinterDriver>(std::move(s), std::move(*endpoint));
    PrintOutput* const output = driver.get();
    return Made{.driver = std::move(driver), .printer = output};
}

constexpr std::array table{
    Kind{"printer", "zpl", "tcp serial", printer_keys, make_printer, true, printer_fault},
    Kind{"printer", "tspl", "tcp serial", printer_keys, make_printer, true, printer_fault},
};

}  // namespace

std::span<const Kind> printer_rows() { return table; }

}  // namespace hefang::driver
