#include "customs/judge.hpp"

#include "digest/sha256.hpp"
#include "messages.hpp"

#include <algorithm>

#include <catch2/catch.hpp>

using namespace hefang;
using namespace hefang::customs;
using namespace messages;

TEST_CASE("a CEB621 gives its declaration") {
    const auto file = declaration_file(inventory());
    const auto judged = judge(file);
    REQUIRE(judged);
    CHECK(judged->kind == "CEB621");
    CHECK(judged->bytes == static_cast<std::int64_t>(file.size()));
    CHECK(judged->sha256 == hex(sha256(file)));
    CHECK(judged->receipts.empty());
    CHECK(judged->refusals.empty());
    REQUIRE(judged->declarations.size() == 1);
    const auto& d = judged->declarations[0];
    CHECK(d.keys == core::StreamKeys{"AGENT1", "COP1", "B20261120000000001", ""});
    CHECK(d.waybill == "LP0001");
    CHECK(d.version.type == core::AppType::create);
    CHECK(d.version.app_status == 2);
    CHECK(d.version.app_time.raw == "20261120101500");
    CHECK(d.version.app_time.second == core::customs_time("20261120101500").second);
    CHECK(d.version.gross == 1250_g);
    CHECK(d.version.logistics_code == "LOG1");
    CHECK(d.version.invt_no.empty());
    CHECK(d.version.pre_no == "B20261120000000001");
    CHECK(d.version.ebc_code == "EBC1");
    CHECK(d.version.order_no == "ORDER-1");
    CHECK(d.version.bill_no == "BILL1");
    CHECK(d.version.trade_mode == "1210");
    CHECK(d.version.goods == "小米盒子");
}

TEST_CASE("a CEB622 gives its receipt") {
    const auto judged = judge(reply_file(reply()));
    REQUIRE(judged);
    CHECK(judged->kind == "CEB622");
    CHECK(judged->declarations.empty());
    CHECK(judged->refusals.empty());
    REQUIRE(judged->receipts.size() == 1);
    const auto& r = judged->receipts[0];
    CHECK(r.keys == core::StreamKeys{"AGENT1", "COP1", "B20261120000000001", "400220261I00000001"});
    CHECK(r.receipt.status == 800);
    CHECK(r.receipt.time.raw == "20261120101501123");
    CHECK(r.receipt.time.second == core::customs_time("20261120101501123").second);
    CHECK(r.receipt.info_digest == sha256("[Code:2600;Desc:放行]"));
    CHECK(r.receipt.invt_no == "400220261I00000001");
    CHECK(r.receipt.pre_no == "B20261120000000001");
    CHECK(r.receipt.taken_ms == 0);
}

TEST_CASE("prefix, byte order mark, order and strangers make no difference") {
    auto reversed = head_fields();
    std::reverse(reversed.begin(), reversed.end());
    const std::string plain_root = "<CEB621Message xmlns=\"http://www.chinaport.gov.cn/ceb\">";
    const std::string list_first = "<ceb:Inventory>" + goods_line("小米盒子") +
                                   element("InventoryHead", elements(head_fields())) + "</ceb:Inventory>";
    const std::string beside =
        "<ceb:BaseTransfer><ceb:copCode>1</ceb:copCode></ceb:BaseTransfer><ceb:BaseSubscribe/>"
        "<ceb:ExtendMessage><ceb:Inventory><ceb:copNo>X</ceb:copNo></ceb:Inventory></ceb:ExtendMessage>"
        "<ds:Signature xmlns:ds=\"http://www.w3.org/2000/09/xmldsig#\"><ds:KeyInfo/></ds:Signature>"
        "<x:Inventory xmlns:x=\"urn:other\"/>";
    auto stranger = head_fields();
    stranger.emplace_back("whatIsThis", "<ceb:copNo>OTHER</ceb:copNo>");
    struct Row {
        const char* why;
        std::string file;
    };
    const std::vector<Row> rows{
        {"default namespace",
         plain_root + inventory(head_fields(), goods_line("小米盒子", ""), "") + "</CEB621Message>"},
        {"another prefix inside than at the root",
         plain_root + "<b:Inventory xmlns:b=\"http://www.chinaport.gov.cn/ceb\">" +
             inventory(head_fields(), goods_line("小米盒子", "b:"), "b:").substr(sizeof "<b:Inventory>" - 1) +
             "</CEB621Message>"},
        {"another prefix", "<a:CEB621Message xmlns:a=\"http://www.chinaport.gov.cn/ceb\">" +
                               inventory(head_fields(), goods_line("小米盒子", "a:"), "a:") + "</a:CEB621Message>"},
        {"byte order mark", "\xEF\xBB\xBF" + declaration_file(inventory())},
        {"no XML declaration", declaration_file(inventory()).substr(declaration_file("").find('\n') + 1)},
        {"head fields reversed", declaration_file(inventory(reversed))},
        {"goods before the head", declaration_file(list_first)},
        {"transfer, subscription, extension and signature before and behind",
         declaration_file(beside + inventory() + beside)},
        {"unknown element in the head", declaration_file(inventory(stranger))},
        {"white space around the text", declaration_file(inventory(with(head_fields(), "copNo", "\n\t COP1 \r\n")))},
        {"character references", declaration_file(inventory(with(head_fields(), "copNo", "&#67;OP&#x31;")))},
        {"CDATA", declaration_file(inventory(with(head_fields(), "copNo", "<![CDATA[CO]]>P1")))},
        {"a comment inside the text", declaration_file(inventory(with(head_fields(), "copNo", "CO<!-- x -->P1")))},
        {"another guid", declaration_file(inventory(with(head_fields(), "guid", "x")))},
        {"lower-case encoding name", "<?xml version='1.0' encoding='utf-8'?>" + plain_root +
                                         inventory(head_fields(), goods_line("小米盒子", ""), "") + "</CEB621Message>"},
    };
    const auto reference = judge(declaration_file(inventory()));
    REQUIRE(reference);
    for (const auto& row : rows) {
        INFO(row.why);
        const auto judged = judge(row.file);
        REQUIRE(judged);
        CHECK(judged->refusals.empty());
        REQUIRE(judged->declarations.size() == 1);
        CHECK(judged->declarations[0].keys == reference->declarations[0].keys);
        CHECK(judged->declarations[0].version == reference->declarations[0].version);
    }
}

TEST_CASE("the digest of a version changes with every kept field and with nothing else") {
    const auto digest_of = [](const Fields& fields) {
        const auto judged = judge(declaration_file(inventory(fields)));
        REQUIRE(judged);
        REQUIRE(judged->declarations.size() == 1);
        return judged->declarations[0].version.digest;
    };
    const auto reference = digest_of(head_fields());
    for (const auto& [name, value] : Fields{{"appType", "2"},
                                            {"appTime", "20261120101501"},
                                            {"appStatus", "1"},
                                            {"orderNo", "O2"},
                                            {"ebcCode", "E2"},
                                            {"logisticsNo", "L2"},
                                            {"logisticsCode", "LC2"},
                                            {"copNo", "C2"},
                                            {"preNo", "P2"},
                                            {"invtNo", "I2"},
                                            {"agentCode", "A2"},
                                            {"tradeMode", "9610"},
                                            {"billNo", "B2"},
                                            {"grossWeight", "1.26"}}) {
        INFO(name);
        CHECK(digest_of(with(head_fields(), name, value)) != reference);
    }
    for (const auto& name : {"guid", "buyerName", "netWeight", "ebpCode"}) {
        INFO(name);
        CHECK(digest_of(with(head_fields(), name, "changed")) == reference);
    }
    CHECK(digest_of(with(with(head_fields(), "preNo", ""), "invtNo", "B20261120000000001")) != reference);
}

TEST_CASE("several nodes are taken in order, bad ones among them refused by line") {
    const auto bad = inventory(without(head_fields(), "logisticsNo"));
    const auto file = declaration_file(inventory(with(head_fields(), "copNo", "A")) + bad +
                                       inventory(with(head_fields(), "copNo", "C")));
    const auto judged = judge(file);
    REQUIRE(judged);
    REQUIRE(judged->declarations.size() == 2);
    CHECK(judged->declarations[0].keys.cop_no == "A");
    CHECK(judged->declarations[1].keys.cop_no == "C");
    REQUIRE(judged->refusals.size() == 1);
    const auto& r = judged->refusals[0];
    CHECK(r.element == "logisticsNo");
    CHECK(r.why == "is missing");
    const auto begin = file.find(bad);
    CHECK(r.line == 1 + std::count(file.begin(), file.begin() + static_cast<std::ptrdiff_t>(begin), '\n'));
    CHECK(r.node == Span{static_cast<std::int64_t>(begin), static_cast<std::int64_t>(begin + bad.size() - 1)});
    CHECK(file.substr(0, static_cast<std::size_t>(judged->opening.end)).ends_with("ceb\">"));
    CHECK(file.substr(static_cast<std::size_t>(judged->closing.begin)) == "</ceb:CEB621Message>");
}

TEST_CASE("names of goods are joined and cut at a character") {
    const auto goods_of = [](const std::string& lists) {
        const auto judged = judge(declaration_file(inventory(head_fields(), lists)));
        REQUIRE(judged);
        REQUIRE(judged->declarations.size() == 1);
        return judged->declarations[0].version.goods;
    };
    CHECK(goods_of(goods_line("甲") + goods_line("乙")) == "甲; 乙");
    CHECK(goods_of("") == "");
    CHECK(goods_of(goods_line("a\tb\nc\xC2\x85"
                              "d")) == "a b c d");
    CHECK(goods_of(goods_line(std::string(250, 'a')) + goods_line("bcdef")) == std::string(250, 'a') + "; bcde");
    CHECK(goods_of(goods_line(repeated("中", 85))) == repeated("中", 85));
    CHECK(goods_of(goods_line(repeated("中", 85)) + goods_line("x")) == repeated("中", 85) + ";");
    CHECK(goods_of(goods_line(repeated("中", 86))) == repeated("中", 85));
    CHECK(goods_of(repeated(goods_line("x"), 99)).size() == 256);
}

TEST_CASE("a receipt's time and code are taken as they come") {
    const auto receipt_of = [](const Fields& fields) {
        const auto judged = judge(reply_file(reply(fields)));
        REQUIRE(judged);
        REQUIRE(judged->receipts.size() == 1);
        return judged->receipts[0].receipt;
    };
    SECTION("time") {
        CHECK(receipt_of(with(reply_fields(), "returnTime", "20261120101501")).time.second);
        for (const auto* bad : {"", "2026-11-20 10:15:01", "20261120", "20269920101501123", "99999999999999999999"}) {
            const auto r = receipt_of(with(reply_fields(), "returnTime", bad));
            CHECK_FALSE(r.time.second);
            CHECK(r.time.raw == bad);
        }
        CHECK_FALSE(receipt_of(without(reply_fields(), "returnTime")).time.second);
        CHECK(receipt_of(with(reply_fields(), "returnTime", "2026\t1120")).time.raw == "2026\\x091120");
        CHECK(receipt_of(with(reply_fields(), "returnTime", std::string(5000, '1'))).time.raw.size() < 64);
    }
    SECTION("code") {
        struct Row {
            const char* text;
            std::int32_t status;
        };
        for (const auto& row : std::initializer_list<Row>{{"800", 800},
                                                          {"-3014", -3014},
                                                          {"1", 1},
                                                          {"0", 0},
                                                          {" 500 ", 500},
                                                          {"2147483647", 2147483647},
                                                          {"2147483648", core::unreadable_status},
                                                          {"80O", core::unreadable_status},
                                                          {"0800", core::unreadable_status},
                                                          {"+800", core::unreadable_status},
                                                          {"8 00", core::unreadable_status},
                                                          {"-0", core::unreadable_status},
                                                          {"放行", core::unreadable_status},
                                                          {"800.0", core::unreadable_status},
                                                          {"99999999999999999", core::unreadable_status}}) {
            INFO(row.text);
            CHECK(receipt_of(with(reply_fields(), "returnStatus", row.text)).status == row.status);
        }
    }
    SECTION("wording: only its digest, however long, so that no hold is lost for it") {
        const std::string wording = repeated("查", 1001);
        CHECK(receipt_of(with(reply_fields(), "returnInfo", wording)).info_digest == sha256(wording));
        CHECK(receipt_of(without(reply_fields(), "returnInfo")).info_digest == sha256(""));
        CHECK(receipt_of(with(reply_fields(), "returnInfo", "a\nb")).info_digest == sha256("a\nb"));
        const std::string huge(9000, 'x');
        CHECK(receipt_of(with(reply_fields(), "returnInfo", huge)).info_digest == sha256(huge.substr(0, 8192)));
    }
}
