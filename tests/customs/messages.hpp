#pragma once
#include <string>
#include <utility>
#include <vector>

/// Small customs messages for the tests, built from fields so that a test shows only what it changes.
namespace messages {

using Fields = std::vector<std::pair<std::string, std::string>>;

inline std::string element(const std::string& name, const std::string& content, const std::string& prefix = "ceb:") {
    return "<" + prefix + name + ">" + content + "</" + prefix + name + ">";
}

inline Fields head_fields() {
    return {{"guid", "4CDE1CFD-EDED-46B1-946C-B8022E42FC94"},
            {"appType", "1"},
            {"appTime", "20261120101500"},
            {"appStatus", "2"},
            {"orderNo", "ORDER-1"},
            {"ebpCode", "1101110325"},
            {"ebcCode", "EBC1"},
            {"logisticsNo", "LP0001"},
            {"logisticsCode", "LOG1"},
            {"copNo", "COP1"},
            {"preNo", "B20261120000000001"},
            {"invtNo", ""},
            {"buyerIdType", "1"},
            {"buyerIdNumber", "SECRET-ID"},
            {"buyerName", "秘密姓名"},
            {"buyerTelephone", "SECRET-PHONE"},
            {"consigneeAddress", "SECRET-ADDRESS"},
            {"agentCode", "AGENT1"},
            {"tradeMode", "1210"},
            {"billNo", "BILL1"},
            {"grossWeight", "1.25"},
            {"netWeight", "1.1"}};
}

/// The same fields with one changed; an absent name is added at the end.
inline Fields with(Fields fields, const std::string& name, const std::string& value) {
    for (auto& f : fields) {
        if (f.first == name) return f.second = value, fields;
    }
    fields.emplace_back(name, value);
    return fields;
}

inline Fields without(Fields fields, const std::string& name) {
    std::erase_if(fields, [&](const auto& f) { return f.first == name; });
    return fields;
}

inline std::string elements(const Fields& fields, const std::string& prefix = "ceb:") {
    std::string out;
    for (const auto& [name, value] : fields) out += element(name, value, prefix) + "\n";
    return out;
}

inline std::string goods_line(const std::string& gname, const std::string& prefix = "ceb:") {
    return element("InventoryList", element("gnum", "1", prefix) + element("gname", gname, prefix), prefix);
}

inline std::string inventory(const Fields& head = head_fields(), const std::string& lists = goods_line("小米盒子"),
                             const std::string& prefix = "ceb:") {
    return element("Inventory", "\n" + element("InventoryHead", "\n" + elements(head, prefix), prefix) + lists,
                   prefix) +
           "\n";
}

inline std::string declaration_file(const std::string& nodes) {
    return "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<ceb:CEB621Message guid=\"G\" version=\"1.0\" "
           "xmlns:ceb=\"http://www.chinaport.gov.cn/ceb\">\n" +
           nodes + "</ceb:CEB621Message>";
}

inline Fields reply_fields() {
    return {{"guid", "4CDE1CFD-EDED-46B1-946C-B8022E42FC94"},
            {"customsCode", "4002"},
            {"ebcCode", "EBC1"},
            {"agentCode", "AGENT1"},
            {"copNo", "COP1"},
            {"preNo", "B20261120000000001"},
            {"invtNo", "400220261I00000001"},
            {"returnStatus", "800"},
            {"returnTime", "20261120101501123"},
            {"returnInfo", "[Code:2600;Desc:放行]"}};
}

inline std::string reply(const Fields& fields = reply_fields(), const std::string& prefix = "") {
    return element("InventoryReturn", "\n" + elements(fields, prefix), prefix) + "\n";
}

inline std::string reply_file(const std::string& nodes) {
    return "<?xml version=\"1.0\" encoding=\"UTF-8\" standalone=\"yes\"?>\n"
           "<CEB622Message version=\"1.0\" xmlns=\"http://www.chinaport.gov.cn/ceb\" guid=\"G\">\n" +
           nodes + "</CEB622Message>";
}

inline std::string repeated(const std::string& text, std::size_t times) {
    std::string out;
    for (std::size_t i = 0; i < times; ++i) out += text;
    return out;
}

}  // namespace messages
