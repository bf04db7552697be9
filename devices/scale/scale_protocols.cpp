#include "scale/scale.hpp"
#include "scale/scale_protocol.hpp"
#include "weight/dini.hpp"
#include "weight/mt_sics.hpp"
#include "weight/nci.hpp"
#include "weight/toledo.hpp"
#include "weight/yaohua.hpp"
#include "weight/yaohua_command.hpp"
#include "weight/yaohua_eq.hpp"

#include <algorithm>
#include <vector>

namespace hefang::driver {
namespace {

using Parser = std::unique_ptr<codec::WeightParser>;

template <codec::ToledoForm form>
Parser toledo(const ScaleSettings& s) {
    return std::make_unique<codec::ToledoParser>(s.checksum, form);
}

Parser yaohua(const ScaleSettings& s) { return std::make_unique<codec::YaohuaParser>(s.checksum, s.unit); }

Parser yaohua_eq(const ScaleSettings& s) {
    return std::make_unique<codec::EqParser>(*codec::eq_form(s.protocol->name), s.unit);
}

Parser line(const ScaleSettings& s) {
    return std::make_unique<codec::LineParser>(codec::line_parser(*s.protocol->layout, s.address));
}

Parser dini_extended(const ScaleSettings& s) {
    return std::make_unique<codec::LineParser>(
        [address = s.address](std::string_view text) { return codec::read_dini_extended(text, address); });
}

/// Both what READ and what PID is answered by.
Parser dini_alibi(const ScaleSettings& s) {
    return std::make_unique<codec::LineParser>([layout = s.protocol->layout,
                                                address = s.address](std::string_view text) {
        return text.find("PID") < 3 ? codec::read_dini_record(text, address) : codec::read_line(text, *layout, address);
    });
}

Parser mt_sics(const ScaleSettings& s) {
    return std::make_unique<codec::LineParser>(
        [unit = s.unit](std::string_view text) { return codec::read_mt_sics(text, unit); });
}

Parser nci(const ScaleSettings&) {
    return std::make_unique<codec::LineParser>(codec::read_nci, std::string(codec::nci_ends));
}

codec::YaohuaCommand yaohua_command_of(const ScaleSettings& s) {
    return s.shows_net ? codec::YaohuaCommand::net : codec::YaohuaCommand::gross;
}

Parser yaohua_answer(const ScaleSettings& s) {
    return std::make_unique<codec::YaohuaAnswerParser>(s.letter, yaohua_command_of(s), s.unit);
}

std::string ask_yaohua(const ScaleSettings& s) { return codec::yaohua_question(s.letter, yaohua_command_of(s)); }

std::string addressed(const ScaleSettings& s, const char* command) {
    std::string out;
    if (s.address) out += {static_cast<char>('0' + *s.address / 10), static_cast<char>('0' + *s.address % 10)};
    return out + command + "\r\n";
}

std::string read(const ScaleSettings& s) { return addressed(s, "READ"); }
std::string read_extended(const ScaleSettings& s) { return addressed(s, "REXT"); }
std::string keep(const ScaleSettings& s) { return addressed(s, "PID"); }
std::string q(const ScaleSettings&) { return "Q\r\n"; }
std::string si(const ScaleSettings&) { return "SI\r\n"; }
std::string esc_p(const ScaleSettings&) { return "\x1BP\r\n"; }
std::string enq(const ScaleSettings&) { return "\x05"; }
std::string lf_w(const ScaleSettings&) { return "\nW\r"; }
std::string w(const ScaleSettings&) { return "W\r"; }
std::string ask_sics(const ScaleSettings& s) { return s.command == "SIR" ? "" : s.command + "\r\n"; }
std::string start_sics(const ScaleSettings& s) { return s.command == "SIR" ? "SIR\r\n" : ""; }

constexpr Setting displayed_unit{
    .name = "unit", .form = Form::word, .words = "kg g t", .meaning = "what the indicator displays"};
constexpr std::array toledo_keys{Setting{.name = "checksum",
                                         .form = Form::word,
                                         .words = "required log_only absent",
                                         .meaning = "log_only: a wrong one is counted and used; absent: a byte less"}};
constexpr std::array xk3190_keys{Setting{.name = "checksum",
                                         .form = Form::word,
                                         .words = "required log_only",
                                         .meaning = "log_only: a wrong one is counted and used"},
                                 displayed_unit};
constexpr std::array unit_keys{displayed_unit};
constexpr std::array command_keys{Setting{.name = "address",
                                          .form = Form::word,
                                          .words = "A B C D E F G H I J K L M N O P Q R S T U V W X Y Z",
                                          .meaning = "the indicator's own; default A"},
                                  displayed_unit};
constexpr std::array dini_keys{Setting{.name = "address",
                                       .form = Form::whole,
                                       .least = 0,
                                       .most = 99,
                                       .meaning = "the indicator's own, which stands before each line; none: none"}};
constexpr std::array sics_keys{
    Setting{.name = "command",
            .form = Form::word,
            .words = "SI SIR S",
            .meaning = "SI: asked each time; SIR: sent by itself once asked; S: stable ones only"},
    displayed_unit};

/// The rows of a layout: by itself, and where `ask` is there under `asked` too.
void add_line(std::vector<ScaleProtocol>& rows, const codec::LineLayout& layout) {
    const bool rests = !layout.rest.empty() || layout.no_unit_is_motion;
    rows.push_back({.name = layout.name,
                    .parser = line,
                    .says_rest = rests,
                    .says_net = !layout.kind.empty(),
                    .settings = layout.addressed ? std::span<const Setting>(dini_keys) : std::span<const Setting>{},
                    .layout = &layout});
    if (layout.name != "sma") return;
    rows.back().ask = lf_w;
    rows.back().source = "the Scale Manufacturers Association's protocol, level 1";
}

/// A layout that is asked for, under a name of its own.
ScaleProtocol asked(std::string_view name, std::string_view layout_name, ScaleProtocol::Bytes ask,
                    std::string_view source) {
    std::vector<ScaleProtocol> rows;
    add_line(rows, *codec::line_layout(layout_name));
    rows.back().name = name;
    rows.back().ask = ask;
    rows.back().source = source;
    return rows.back();
}

constexpr std::string_view dini_source = "manuals of the Dini Argeo 3590 and DFW";
constexpr std::string_view and_source = "custom of A&D's indicators and balances: to be confirmed on the device";
constexpr std::string_view sartorius_source = "manuals of the Sartorius LE, GC and MSE";

std::vector<ScaleProtocol> make_table() {
    std::vector<ScaleProtocol> rows{
        {.name = "toledo-continuous",
         .parser = toledo<codec::ToledoForm::full>,
         .says_net = true,
         .settings = toledo_keys},
        {.name = "toledo-short",
         .parser = toledo<codec::ToledoForm::short_form>,
         .says_net = true,
         .settings = toledo_keys},
        {.name = "xk3190", .parser = yaohua, .says_rest = false, .settings = xk3190_keys},
    };
    for (const auto& form : codec::eq_forms())
        rows.push_back({.name = form.name,
                        .parser = yaohua_eq,
                        .says_rest = false,
                        .says_net = form.begins.size() > 1,
                        .settings = unit_keys});
    for (const auto& layout : codec::line_layouts()) add_line(rows, layout);
    rows.push_back({.name = "dini-extended", .parser = dini_extended, .says_net = true, .settings = dini_keys});
    rows.push_back({.name = "mt-sics",
                    .parser = mt_sics,
                    .settings = sics_keys,
                    .start = start_sics,
                    .ask = ask_sics,
                    .source = "reference manual MT-SICS of Mettler Toledo"});
    rows.push_back({.name = "xk3190-command",
                    .parser = yaohua_answer,
                    .says_rest = false,
                    .says_net = true,
                    .settings = command_keys,
                    .ask = ask_yaohua,
                    .source = "manuals of the XK3190-A9+ and DS3, with printed questions"});
    rows.push_back({.name = "nci",
                    .parser = nci,
                    .ask = w,
                    .source = "public source for the Avery-Berkel 6702; manuals of the Ohaus Aviator and Adam MDW"});
    rows.push_back(asked("and-indicator-request", "and-indicator", q, and_source));
    rows.push_back(asked("and-balance-request", "and-balance", q, and_source));
    rows.push_back(asked("cardinal-sb400-request", "cardinal-sb400", enq, "manuals of the Cardinal 190 and 758"));
    rows.push_back(asked("sartorius-request", "sartorius", esc_p, sartorius_source));
    rows.push_back(asked("sartorius-22-request", "sartorius-22", esc_p, sartorius_source));
    rows.push_back(asked("radwag-request", "radwag", si, "manual of the Radwag WTC"));
    rows.push_back(asked("dini-request", "dini-continuous", read, dini_source));
    rows.push_back({.name = "dini-extended-request",
                    .parser = dini_extended,
                    .says_net = true,
                    .settings = dini_keys,
                    .ask = read_extended,
                    .source = dini_source});
    rows.push_back(asked("dini-alibi", "dini-continuous", read, dini_source));
    rows.back().parser = dini_alibi;
    rows.back().keep = keep;
    return rows;
}

}  // namespace

std::span<const ScaleProtocol> scale_protocols() {
    static const auto table = make_table();
    return table;
}

const ScaleProtocol* scale_protocol(std::string_view name) {
    const auto table = scale_protocols();
    const auto at = std::find_if(table.begin(), table.end(), [&](const auto& row) { return row.name == name; });
    return at == table.end() ? nullptr : &*at;
}

}  // namespace hefang::driver
