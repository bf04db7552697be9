#include "hil/scale_dialects.hpp"

#include "weight/dini.hpp"
#include "weight/mt_sics.hpp"
#include "weight/nci.hpp"
#include "weight/toledo.hpp"
#include "weight/weight_line.hpp"
#include "weight/yaohua.hpp"
#include "weight/yaohua_command.hpp"
#include "weight/yaohua_eq.hpp"

#include <array>
#include <cstdio>

namespace hefang::hil {
namespace {

using Settings = ScaleSimSettings;

codec::Indication said(const ScaleDisplay& shown, const Settings& s) {
    codec::Indication w;
    w.rest = shown.over ? codec::Rest::over : shown.motion ? codec::Rest::motion : codec::Rest::stable;
    w.grams = shown.over ? Grams{0} : shown.grams;
    w.digit = s.step;
    w.net = shown.tare != Grams{};
    w.tare = shown.tare;
    w.preset = shown.preset;
    return w;
}

/// Indicators without a word for it stand at their end.
Grams at_most(const ScaleDisplay& shown, const Settings& s) { return shown.over ? s.capacity : shown.grams; }

template <codec::ToledoForm form>
std::string toledo(const ScaleDisplay& shown, const Settings& s) {
    return codec::encode_toledo(said(shown, s), s.decimals, s.checksum, form);
}

std::string yaohua(const ScaleDisplay& shown, const Settings& s) {
    return codec::encode_yaohua(at_most(shown, s), s.decimals);
}

std::string yaohua_answer(const ScaleDisplay& shown, const Settings& s) {
    return codec::encode_yaohua_answer('A', codec::YaohuaCommand::gross, at_most(shown, s) + shown.tare, s.decimals);
}

std::string yaohua_eq(const ScaleDisplay& shown, const Settings& s) {
    return codec::encode_eq(at_most(shown, s), s.decimals, *codec::eq_form(s.protocol), shown.tare != Grams{});
}

/// The layout of the protocol, whether it is asked for or not.
const codec::LineLayout& layout_of(const Settings& s) {
    if (const auto* own = codec::line_layout(s.protocol)) return *own;
    const auto end = s.protocol.rfind("-request");
    const auto* asked = codec::line_layout(s.protocol.substr(0, end));
    return asked != nullptr ? *asked : *codec::line_layout("dini-continuous");
}

std::string line(const ScaleDisplay& shown, const Settings& s) {
    return codec::encode_line(said(shown, s), layout_of(s), s.decimals);
}

std::string dini_extended(const ScaleDisplay& shown, const Settings& s) {
    return codec::encode_dini_extended(said(shown, s), s.decimals);
}
std::string mt_sics(const ScaleDisplay& shown, const Settings& s) {
    return codec::encode_mt_sics(said(shown, s), s.decimals);
}
std::string nci(const ScaleDisplay& shown, const Settings& s) { return codec::encode_nci(said(shown, s), s.decimals); }

template <std::size_t from_end>
std::size_t at(const Settings&) {
    return from_end;
}

std::size_t at_sign(const Settings& s) {
    const auto& form = *codec::eq_form(s.protocol);
    switch (form.sign) {
        case codec::EqForm::Sign::last: return 1;
        case codec::EqForm::Sign::first: return form.length() - 1;
        case codec::EqForm::Sign::among_blanks: break;
    }
    return form.length() - 1;  // a blank
}

std::size_t at_unit(const Settings& s) {
    const auto& layout = layout_of(s);
    const auto last = layout.form.rfind(layout.form.find('X') != std::string_view::npos ? 'X' : 'U');
    return layout.form.size() - last + layout.tail.size();
}

constexpr std::array sics{Question{"SI\r\n"}, Question{"S\r\n"}, Question{"SIR\r\n", Asks::stream}};
constexpr std::array yaohua_asks{
    Question{"\x02"
             "AB03\x03"}};
constexpr std::array w_cr{Question{"W\r"}};
constexpr std::array lf_w_cr{Question{"\nW\r"}};
constexpr std::array q{Question{"Q\r\n"}};
constexpr std::array enq{Question{"\x05"}};
constexpr std::array esc_p{Question{"\x1BP\r\n"}};
constexpr std::array si{Question{"SI\r\n"}};
constexpr std::array read{Question{"READ\r\n"}};
constexpr std::array rext{Question{"REXT\r\n"}};
constexpr std::array alibi{Question{"READ\r\n"}, Question{"PID\r\n", Asks::record}};

constexpr std::array table{
    ScaleDialect{"toledo-continuous", toledo<codec::ToledoForm::full>, at<1>},
    ScaleDialect{"toledo-short", toledo<codec::ToledoForm::short_form>, at<1>},
    ScaleDialect{"xk3190", yaohua, at<2>},
    ScaleDialect{"xk3190-eq-reversed", yaohua_eq, at_sign},
    ScaleDialect{"xk3190-eq-forward", yaohua_eq, at_sign},
    ScaleDialect{"xk315-eq", yaohua_eq, at_sign},
    ScaleDialect{"xk3190-c602", yaohua_eq, at_sign},
    ScaleDialect{"and-indicator", line, at_unit},
    ScaleDialect{"and-balance", line, at_unit},
    ScaleDialect{"cas-continuous", line, at_unit},
    ScaleDialect{"dini-continuous", line, at_unit},
    ScaleDialect{"rice-lake", line, at_unit},
    ScaleDialect{"rice-lake-av", line, at_unit},
    ScaleDialect{"cardinal", line, at_unit},
    ScaleDialect{"cardinal-whole", line, at_unit},
    ScaleDialect{"cardinal-sb400", line, at_unit},
    ScaleDialect{"cardinal-sb400-whole", line, at_unit},
    ScaleDialect{"sartorius", line, at_unit},
    ScaleDialect{"sartorius-22", line, at_unit},
    ScaleDialect{"radwag", line, at_unit},
    ScaleDialect{"xk3190-a12", line, at_unit},
    ScaleDialect{"xk3190-a12-old", line, at_unit},
    ScaleDialect{"sma", line, at_unit, lf_w_cr, "\n?\r"},
    ScaleDialect{"dini-extended", dini_extended, at<3>},
    ScaleDialect{"mt-sics", mt_sics, at<3>, sics, "ES\r\n"},
    ScaleDialect{"xk3190-command", yaohua_answer, at<2>, yaohua_asks},
    ScaleDialect{"nci", nci, at<8>, w_cr},
    ScaleDialect{"and-indicator-request", line, at_unit, q},
    ScaleDialect{"and-balance-request", line, at_unit, q},
    ScaleDialect{"cardinal-sb400-request", line, at_unit, enq},
    ScaleDialect{"sartorius-request", line, at_unit, esc_p},
    ScaleDialect{"sartorius-22-request", line, at_unit, esc_p},
    ScaleDialect{"radwag-request", line, at_unit, si, "ES\r\n"},
    ScaleDialect{"dini-request", line, at_unit, read, "ERR04\r\n"},
    ScaleDialect{"dini-extended-request", dini_extended, at<3>, rext, "ERR04\r\n"},
    ScaleDialect{"dini-alibi", line, at_unit, alibi, "ERR04\r\n"},
};

}  // namespace

std::span<const ScaleDialect> scale_dialects() { return table; }

std::string scale_record(const ScaleDisplay& shown, const ScaleSimSettings& settings, unsigned number) {
    auto w = said(shown, settings);
    w.grams = w.grams + shown.tare;
    w.net = false;
    std::array<char, 16> text{};
    std::snprintf(text.data(), text.size(), "00000-%06u", number % 1'000'000);
    w.alibi = number == 0 ? std::string(codec::not_kept) : text.data();
    return codec::encode_dini_record(w, settings.decimals);
}

}  // namespace hefang::hil
