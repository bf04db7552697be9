#include "hil/ceb_writer.hpp"

#include "digest/sha256.hpp"

#include <array>
#include <cstdio>
#include <initializer_list>
#include <string_view>
#include <utility>

namespace hefang::hil {
namespace {

using Field = std::pair<std::string_view, std::string>;

/// Customs' own time of day, China (+08:00), 14 digits.
std::string customs_time(WallTime t) {
    constexpr std::int64_t china_ms = 8 * 3'600'000;
    std::string digits;
    for (const char c : rfc3339({t.ms + china_ms}))
        if (c >= '0' && c <= '9') digits += c;
    return digits.substr(0, 14);
}

std::string kilograms(std::int64_t grams) {
    std::array<char, 32> text{};
    std::snprintf(text.data(), text.size(), "%lld.%03lld", static_cast<long long>(grams / 1000),
                  static_cast<long long>(grams % 1000));
    return text.data();
}

const std::string& stream_of(const Document& document) {
    return document.stream.empty() ? document.waybill : document.stream;
}

/// `count` digits that belong to the name, the same every time.
std::string digits_for(std::string_view name, std::size_t count) {
    std::string digits;
    for (const char c : hex(sha256(name)))
        if (digits.size() < count) digits += static_cast<char>(c >= 'a' ? c - 'a' + '0' : c);
    return digits;
}

std::string guid_of(std::string_view name) {
    auto h = hex(sha256(name)).substr(0, 32);
    for (auto& c : h)
        if (c >= 'a') c = static_cast<char>(c - 'a' + 'A');
    return h.substr(0, 8) + "-" + h.substr(8, 4) + "-" + h.substr(12, 4) + "-" + h.substr(16, 4) + "-" + h.substr(20);
}

std::string cop_no(const Document& d) { return "COP" + digits_for(stream_of(d), 15); }
std::string pre_no(const Document& d) { return "B2026" + digits_for("pre" + stream_of(d), 13); }
std::string invt_no(const Document& d) { return "40022026I" + digits_for("invt" + stream_of(d), 9); }

constexpr std::string_view agent_code = "3601960ABC";

void write(std::string& xml, std::initializer_list<Field> fields) {
    for (const auto& [name, value] : fields) {
        xml += "<ceb:";
        xml += name;
        xml += ">" + value + "</ceb:";
        xml += name;
        xml += ">\n";
    }
}

std::string message(std::string_view kind, const std::string& guid, const std::string& nodes) {
    std::string xml = "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<ceb:";
    xml.append(kind) +=
        "Message guid=\"" + guid + "\" version=\"1.0\" xmlns:ceb=\"http://www.chinaport.gov.cn/ceb\">\n";
    xml += nodes;
    xml +=
        "<ceb:BaseTransfer><ceb:copCode>3601960ABC</ceb:copCode><ceb:copName>演示报关企业</ceb:copName>"
        "<ceb:dxpMode>DXP</ceb:dxpMode><ceb:dxpId>DXPENT0000000001</ceb:dxpId></ceb:BaseTransfer>\n</ceb:";
    xml.append(kind) += "Message>\n";
    return xml;
}

}  // namespace

std::string CebWriter::inventory(const Document& d) const {
    const auto person = digits_for("person" + d.waybill, 4);
    std::string xml = "<ceb:Inventory>\n<ceb:InventoryHead>\n";
    write(xml, {{"guid", guid_of(stream_of(d))},
                {"appType", "1"},
                {"appTime", customs_time(declared_at_)},
                {"appStatus", d.declared ? "2" : "1"},
                {"orderNo", "ORDER-" + stream_of(d)},
                {"ebpCode", "1101110325"},
                {"ebpName", "演示电商平台"},
                {"ebcCode", "3601960EBC"},
                {"ebcName", "演示电商企业"},
                {"logisticsNo", d.waybill},
                {"logisticsCode", "3120980105"},
                {"logisticsName", "演示物流企业"},
                {"copNo", cop_no(d)},
                {"preNo", pre_no(d)},
                {"assureCode", "3601960EBC"},
                {"invtNo", invt_no(d)},
                {"ieFlag", "I"},
                {"declTime", customs_time(declared_at_).substr(0, 8)},
                {"customsCode", "4002"},
                {"portCode", "4002"}});
    write(xml, {{"buyerIdType", "1"},
                {"buyerIdNumber", "00000019000101" + person},
                {"buyerName", "虚构买家" + person},
                {"buyerTelephone", "0000000" + person},
                {"consigneeAddress", "虚构省虚构市虚构路 " + person + " 号"}});
    write(xml, {{"agentCode", std::string(agent_code)},
                {"agentName", "演示报关企业"},
                {"tradeMode", "1210"},
                {"trafMode", "5"},
                {"billNo", "999-12345675"},
                {"country", "116"},
                {"freight", "0"},
                {"insuredFee", "0"},
                {"currency", "142"},
                {"packNo", "1"},
                {"grossWeight", kilograms(d.grams)},
                {"netWeight", kilograms(d.grams * 9 / 10)}});
    xml += "</ceb:InventoryHead>\n<ceb:InventoryList>\n";
    write(xml, {{"gnum", "1"},
                {"itemNo", "SKU-1"},
                {"itemName", "婴幼儿奶粉"},
                {"gcode", "1901101000"},
                {"gname", "婴幼儿奶粉"},
                {"gmodel", "800 克/罐"},
                {"country", "116"},
                {"currency", "142"},
                {"qty", "1"},
                {"unit", "142"},
                {"qty1", "0.8"},
                {"unit1", "035"},
                {"price", "200"},
                {"totalPrice", "200"}});
    return xml + "</ceb:InventoryList>\n</ceb:Inventory>\n";
}

std::string CebWriter::receipt(const Document& d, const Said& said) const {
    const WallTime at{declared_at_.ms + said.after_s * 1000};
    std::string xml = "<ceb:InventoryReturn>\n";
    write(xml, {{"guid", guid_of(stream_of(d))},
                {"customsCode", "4002"},
                {"ebpCode", "1101110325"},
                {"ebcCode", "3601960EBC"},
                {"agentCode", std::string(agent_code)},
                {"copNo", cop_no(d)},
                {"preNo", pre_no(d)},
                {"invtNo", invt_no(d)},
                {"returnStatus", said.status},
                {"returnTime", said.bad_time ? "2026-11-23" : customs_time(at) + "000"},
                {"returnInfo", "[Code:" + said.status + ";Desc:演示回执]"}});
    return xml + "</ceb:InventoryReturn>\n";
}

std::string CebWriter::inventories(const std::vector<Document>& documents) const {
    std::string nodes;
    for (const auto& d : documents) nodes += inventory(d);
    return message("CEB621", guid_of("621" + nodes), nodes);
}

std::string CebWriter::receipts(const std::vector<Document>& documents) const {
    std::string nodes;
    for (const auto& d : documents)
        for (const auto& said : d.receipts) nodes += receipt(d, said);
    return message("CEB622", guid_of("622" + nodes), nodes);
}

}  // namespace hefang::hil
