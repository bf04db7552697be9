#include "bench/messages.hpp"

#include "bench/site.hpp"

#include <algorithm>
#include <fstream>

namespace hefang::bench {
namespace {

void write_inventory(std::ostream& out, std::uint64_t n) {
    const auto number = std::to_string(n);
    const auto text = [&](const char* name, const std::string& value) {
        out << "<ceb:" << name << ">" << value << "</ceb:" << name << ">\n";
    };
    out << "<ceb:Inventory><ceb:InventoryHead>\n";
    text("guid", "4CDE1CFD-EDED-46B1-946C-B8022E42FC94");
    text("appType", "1");
    text("appTime", "20261122080000");
    text("appStatus", "2");
    text("orderNo", "ORDER" + number);
    text("ebpCode", "1101110325");
    text("ebpName", "示例平台");
    text("ebcCode", "1101110326");
    text("ebcName", "示例电商");
    text("logisticsNo", scattered(n));
    text("logisticsCode", "3601180001");
    text("logisticsName", "示例物流");
    text("copNo", "C" + number);
    text("preNo", "");
    text("assureCode", "ASSURE1");
    text("emsNo", "");
    text("invtNo", "");
    text("ieFlag", "I");
    text("declTime", "20261122");
    text("customsCode", "4002");
    text("portCode", "4002");
    text("ieDate", "20261122");
    text("buyerIdType", "1");
    text("buyerIdNumber", "000000000000000000");
    text("buyerName", "某某");
    text("buyerTelephone", "00000000000");
    text("consigneeAddress", "某省某市某路一号");
    text("agentCode", "3601980001");
    text("agentName", "示例报关");
    text("areaCode", "");
    text("areaName", "");
    text("tradeMode", "9610");
    text("trafMode", "5");
    text("trafNo", "XX123");
    text("voyageNo", "XX123");
    text("billNo", "99912345675");
    text("loctNo", "");
    text("licenseNo", "");
    text("country", "142");
    text("freight", "0");
    text("insuredFee", "0");
    text("currency", "142");
    text("wrapType", "4");
    text("packNo", "1");
    text("grossWeight", "1.25");
    text("netWeight", "1.1");
    text("note", "");
    out << "</ceb:InventoryHead>\n";
    for (int line = 1; line <= 2; ++line) {
        out << "<ceb:InventoryList>\n";
        text("gnum", std::to_string(line));
        text("itemNo", "ITEM" + number);
        text("itemName", "示例商品");
        text("gcode", "3304990029");
        text("gname", "示例商品名称");
        text("gmodel", "规格型号");
        text("barCode", "无");
        text("country", "116");
        text("currency", "142");
        text("qty", "1");
        text("unit", "011");
        text("qty1", "1");
        text("unit1", "035");
        text("price", "99");
        text("totalPrice", "99");
        out << "</ceb:InventoryList>\n";
    }
    out << "</ceb:Inventory>\n";
}

}  // namespace

std::vector<std::string> write_files(const std::string& folder, std::uint64_t first, int count) {
    std::vector<std::string> files;
    for (int done = 0; done < count; done += file_rows) {
        files.push_back(folder + "/m" + std::to_string(first + static_cast<std::uint64_t>(done)) + ".xml");
        std::ofstream out(files.back());
        out << R"(<?xml version="1.0" encoding="UTF-8"?><ceb:CEB621Message guid="4CDE1CFD-EDED-46B1-946C-B8022E42FC94" version="1.0" xmlns:ceb="http://www.chinaport.gov.cn/ceb">)";
        for (int i = 0; i < std::min(file_rows, count - done); ++i)
            write_inventory(out, first + static_cast<std::uint64_t>(done + i));
        out << "</ceb:CEB621Message>";
    }
    return files;
}

}  // namespace hefang::bench
