#include "customs/node.hpp"

#include "base/text.hpp"
#include "customs/kilograms.hpp"
#include "customs/limits.hpp"
#include "digest/sha256.hpp"

#include <algorithm>
#include <charconv>

namespace hefang::customs {

/// Longest text in characters, as the schema of 202205 has it except for keys, and whether a node without it is of no
/// use.
struct Node::Rule {
    Element element;
    std::size_t characters;
    bool mandatory;
};

namespace {

constexpr std::size_t time_characters = 17;  ///< yyyyMMddHHmmssSSS; appTime has 14, both forms are read

std::string_view trimmed(std::string_view text) {
    constexpr std::string_view space = " \t\r\n";
    const auto begin = text.find_first_not_of(space);
    if (begin == std::string_view::npos) return {};
    return text.substr(begin, text.find_last_not_of(space) - begin + 1);
}

std::size_t characters_of(std::string_view text) {
    return static_cast<std::size_t>(
        std::count_if(text.begin(), text.end(), [](char c) { return (static_cast<unsigned char>(c) & 0xC0) != 0x80; }));
}

/// Puts a space for each control character (U+0000–1F, 7F–9F) of valid UTF-8.
void blank_controls(std::string& text) {
    for (std::size_t i = 0; i < text.size(); ++i) {
        const auto byte = static_cast<unsigned char>(text[i]);
        const bool c1 = byte == 0xC2 && i + 1 < text.size() && static_cast<unsigned char>(text[i + 1]) < 0xA0;
        if (byte < 0x20 || byte == 0x7F || c1) text.replace(i, c1 ? 2 : 1, 1, ' ');
    }
}

/// A whole number in its plain form: no sign of plus, no leading zeros.
std::optional<std::int32_t> plain_number(std::string_view text) {
    std::int32_t value = 0;
    const auto [end, fault] = std::from_chars(text.data(), text.data() + text.size(), value);
    if (fault != std::errc{} || end != text.data() + text.size()) return std::nullopt;
    const auto digits = text.starts_with('-') ? text.substr(1) : text;
    if (digits.starts_with('0') && text != "0") return std::nullopt;
    return value;
}

}  // namespace

void Node::open(std::int64_t line) {
    for (auto& f : fields_) {
        f.text.clear();
        f.line = 0;
    }
    goods_.clear();
    goods_lines_ = 0;
    line_ = line;
    complaint_.reset();
}

void Node::complain(std::int64_t line, std::string_view element, std::string why) {
    if (!complaint_) complaint_ = Complaint{line, std::string(element), std::move(why)};
}

Node::Field& Node::field(Element element) {
    return fields_[static_cast<std::size_t>(element) - static_cast<std::size_t>(field_first)];
}

std::string_view Node::text(Element element) { return trimmed(field(element).text); }

void Node::start_field(Element element, std::int64_t line) {
    auto& f = field(element);
    if (f.line != 0) complain(line, name_of(element), "comes twice");
    f.line = line;
}

void Node::add_text(Element element, std::string_view piece) {
    auto& kept = field(element).text;
    kept.append(piece.substr(0, limits::text_bytes - std::min(limits::text_bytes, kept.size())));
}

void Node::start_goods_line(std::int64_t line) {
    if (++goods_lines_ > limits::goods_lines) {
        complain(line, name_of(Element::inventory_list),
                 "comes more than " + std::to_string(limits::goods_lines) + " times");
    }
    field(Element::gname).line = 0;
}

void Node::end_field(Element element) {
    if (element != Element::gname) return;
    auto& name = field(element).text;
    if (!is_clean_utf8(name)) blank_controls(name);  // only shown to people: a line break in it is no reason to refuse
    check({Element::gname, 250, true});
    if (goods_.size() < limits::goods_bytes) {
        if (!goods_.empty()) goods_ += "; ";
        goods_ += text(element);
    }
    name.clear();
}

void Node::check(const Rule& rule) {
    const auto value = text(rule.element);
    const auto line = field(rule.element).line;
    if (value.empty()) {
        if (rule.mandatory)
            complain(line != 0 ? line : line_, name_of(rule.element), line != 0 ? "is empty" : "is missing");
        return;
    }
    if (value.size() > rule.characters && characters_of(value) > rule.characters) {
        complain(line, name_of(rule.element), "is longer than " + std::to_string(rule.characters) + " characters");
    } else if (!is_clean_utf8(value)) {
        complain(line, name_of(rule.element), "holds control characters");
    }
}

core::StreamKeys Node::keys() {
    return {std::string(text(Element::agent_code)), std::string(text(Element::cop_no)),
            std::string(text(Element::pre_no)), std::string(text(Element::invt_no))};
}

void Node::fill(core::Version& version) {
    const auto at = [&](Element e) { return field(e).line; };
    const auto type = text(Element::app_type);
    if (type == "1" || type == "2" || type == "3") {
        version.type = static_cast<core::AppType>(type[0] - '0');
    } else {
        complain(at(Element::app_type), name_of(Element::app_type), "is none of 1, 2, 3");
    }
    if (const auto status = plain_number(text(Element::app_status))) {
        version.app_status = *status;
    } else {
        complain(at(Element::app_status), name_of(Element::app_status), "is no number");
    }
    version.app_time = core::customs_time(std::string(text(Element::app_time)));
    if (!version.app_time.second)
        complain(at(Element::app_time), name_of(Element::app_time), "is no time yyyyMMddHHmmss");
    if (const auto weight = text(Element::gross_weight); !weight.empty()) {
        if (const auto grams = grams_of_kilograms(weight)) {
            version.gross = *grams;
        } else {
            complain(at(Element::gross_weight), name_of(Element::gross_weight), grams.error().detail);
        }
    }
}

tl::expected<Declaration, Complaint> Node::declaration() {
    constexpr Rule rules[] = {
        // In the order of the digest.
        {Element::app_type, 1, true},
        {Element::app_time, time_characters, true},
        {Element::app_status, 3, true},
        {Element::order_no, 60, true},
        {Element::ebc_code, 18, true},
        {Element::logistics_no, 60, true},
        {Element::logistics_code, 18, true},
        {Element::agent_code, limits::key_characters, true},
        {Element::trade_mode, 4, true},
        {Element::cop_no, limits::key_characters, false},
        {Element::pre_no, limits::key_characters, false},
        {Element::invt_no, limits::key_characters, false},
        {Element::bill_no, 37, false},
    };
    for (const auto& rule : rules) check(rule);
    Declaration made;
    made.keys = keys();
    if (made.keys.cop_no.empty() && made.keys.pre_no.empty() && made.keys.invt_no.empty()) {
        complain(line_, name_of(Element::cop_no),
                 "is missing, and so are preNo and invtNo: no receipt could name this node");
    }
    auto& v = made.version;
    if (!complaint_) fill(v);
    if (complaint_) return tl::unexpected(*complaint_);
    made.waybill = text(Element::logistics_no);
    v.logistics_code = text(Element::logistics_code);
    v.invt_no = made.keys.invt_no;
    v.pre_no = made.keys.pre_no;
    v.ebc_code = text(Element::ebc_code);
    v.order_no = text(Element::order_no);
    v.bill_no = text(Element::bill_no);
    v.trade_mode = text(Element::trade_mode);
    v.goods = utf8_prefix(goods_, limits::goods_bytes);
    content_ = "ceb621\n";
    for (const auto& rule : rules) content_.append(text(rule.element)).append(1, '\n');
    content_.append(std::to_string(v.gross.count)).append(1, '\n').append(v.goods);
    v.digest = sha256(content_);
    return made;
}

core::CustomsTime Node::return_time() {
    const auto value = text(Element::return_time);
    if (value.size() <= time_characters && is_clean_utf8(value)) return core::customs_time(std::string(value));
    return {std::nullopt, printable(value, 2 * time_characters)};
}

tl::expected<Reply, Complaint> Node::reply() {
    // A hold must not be lost for a key that it lacks: one that the register can match is enough.
    for (const auto key : {Element::cop_no, Element::pre_no, Element::agent_code, Element::invt_no})
        check({key, limits::key_characters, false});
    const bool by_pair = !text(Element::cop_no).empty() && !text(Element::agent_code).empty();
    if (!by_pair && text(Element::pre_no).empty() && text(Element::invt_no).empty()) {
        complain(line_, name_of(Element::pre_no),
                 "is missing, and so are invtNo and the pair of agentCode and copNo: nothing tells what it answers");
    }
    const auto status = text(Element::return_status);
    if (status.empty()) check({Element::return_status, 10, true});
    if (complaint_) return tl::unexpected(*complaint_);
    Reply made;
    made.keys = keys();
    auto& r = made.receipt;
    r.status = plain_number(status).value_or(core::unreadable_status);
    r.time = return_time();
    r.info_digest = sha256(field(Element::return_info).text);
    r.invt_no = made.keys.invt_no;
    r.pre_no = made.keys.pre_no;
    return made;
}

}  // namespace hefang::customs
