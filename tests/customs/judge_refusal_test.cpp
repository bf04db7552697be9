#include "customs/judge.hpp"
#include "messages.hpp"

#include <algorithm>

#include <catch2/catch.hpp>

using namespace hefang;
using namespace hefang::customs;
using namespace messages;

namespace {

/// What the one node of the file came to: "taken" or "<element> <why>".
std::string outcome(const std::string& file) {
    const auto judged = judge(file);
    REQUIRE(judged);
    REQUIRE(judged->declarations.size() + judged->receipts.size() + judged->refusals.size() == 1);
    return judged->refusals.empty() ? "taken" : judged->refusals[0].element + " " + judged->refusals[0].why;
}

std::string declared(const Fields& fields) { return outcome(declaration_file(inventory(fields))); }
std::string replied(const Fields& fields) { return outcome(reply_file(reply(fields))); }

}  // namespace

TEST_CASE("a text of a declaration may be as long as the schema says, in characters, and no longer") {
    struct Row {
        const char* element;
        std::size_t limit;
    };
    const auto row = GENERATE(values<Row>({{"orderNo", 60},
                                           {"ebcCode", 18},
                                           {"logisticsNo", 60},
                                           {"logisticsCode", 18},
                                           {"agentCode", 60},
                                           {"tradeMode", 4},
                                           {"copNo", 60},
                                           {"preNo", 60},
                                           {"invtNo", 60},
                                           {"billNo", 37}}));
    INFO(row.element);
    const auto too_long = std::string(row.element) + " is longer than " + std::to_string(row.limit) + " characters";
    for (const auto* unit : {"A", "中"}) {
        CHECK(declared(with(head_fields(), row.element, repeated(unit, row.limit))) == "taken");
        CHECK(declared(with(head_fields(), row.element, repeated(unit, row.limit + 1))) == too_long);
    }
    CHECK(declared(with(head_fields(), row.element, std::string(100'000, 'A'))) == too_long);
    CHECK(declared(with(head_fields(), row.element, "A\tB")) == std::string(row.element) + " holds control characters");
    CHECK(declared(with(head_fields(), row.element, "\xC2\x85")) ==
          std::string(row.element) + " holds control characters");
}

TEST_CASE("a key of a receipt may be longer than the schema of its year says: no hold is lost for it") {
    struct Row {
        const char* element;
        std::size_t limit;
    };
    const auto row = GENERATE(values<Row>({{"agentCode", 60}, {"copNo", 60}, {"preNo", 60}, {"invtNo", 60}}));
    INFO(row.element);
    CHECK(replied(with(reply_fields(), row.element, std::string(row.limit, 'A'))) == "taken");
    CHECK(replied(with(reply_fields(), row.element, std::string(row.limit + 1, 'A'))) ==
          std::string(row.element) + " is longer than " + std::to_string(row.limit) + " characters");
}

TEST_CASE("what a node cannot do without") {
    for (const auto* name : {"appType", "appTime", "appStatus", "orderNo", "ebcCode", "logisticsNo", "logisticsCode",
                             "agentCode", "tradeMode"}) {
        CHECK(declared(without(head_fields(), name)) == std::string(name) + " is missing");
        CHECK(declared(with(head_fields(), name, "")) == std::string(name) + " is empty");
        CHECK(declared(with(head_fields(), name, " \n ")) == std::string(name) + " is empty");
    }
    for (const auto* name : {"copNo", "preNo", "invtNo", "billNo", "grossWeight", "guid", "ebpCode"}) {
        INFO(name);
        CHECK(declared(without(head_fields(), name)) == "taken");
        CHECK(declared(with(head_fields(), name, "")) == "taken");
    }
    CHECK(declared(without(without(head_fields(), "copNo"), "preNo")) ==
          "copNo is missing, and so are preNo and invtNo: no receipt could name this node");
    CHECK(replied(without(reply_fields(), "returnStatus")) == "returnStatus is missing");
    CHECK(replied(with(reply_fields(), "returnStatus", "")) == "returnStatus is empty");
    for (const auto* name :
         {"copNo", "preNo", "agentCode", "invtNo", "customsCode", "guid", "returnTime", "returnInfo"}) {
        INFO(name);
        CHECK(replied(without(reply_fields(), name)) == "taken");
    }
}

TEST_CASE("a receipt is taken with one key that the register can match, and not without") {
    struct Row {
        const char* why;
        std::vector<std::string> keys;
        bool taken;
    };
    const auto row = GENERATE(values<Row>({
        {"customs' first number alone", {"preNo"}, true},
        {"customs' number alone", {"invtNo"}, true},
        {"the pair of the declarant", {"agentCode", "copNo"}, true},
        {"half of the pair beside a number", {"agentCode", "invtNo"}, true},
        {"the number of a declarant who is not named", {"copNo"}, false},
        {"a declarant alone", {"agentCode"}, false},
        {"nothing", {}, false},
    }));
    INFO(row.why);
    auto fields = reply_fields();
    for (const auto* key : {"copNo", "preNo", "agentCode", "invtNo"}) {
        if (std::find(row.keys.begin(), row.keys.end(), key) == row.keys.end()) fields = with(fields, key, " ");
    }
    CHECK(replied(fields) == (row.taken ? "taken"
                                        : "preNo is missing, and so are invtNo and the pair of agentCode and copNo: "
                                          "nothing tells what it answers"));
}

TEST_CASE("a business node outside the namespace is refused, not passed over") {
    CHECK(outcome("<c:CEB622Message xmlns:c=\"http://www.chinaport.gov.cn/ceb\">" + reply() + "</c:CEB622Message>") ==
          "InventoryReturn is not in the namespace http://www.chinaport.gov.cn/ceb");
}

TEST_CASE("values that mean nothing refuse the declaration") {
    struct Row {
        const char* element;
        const char* value;
        const char* want;
    };
    const auto row = GENERATE(values<Row>({
        {"appType", "0", "appType is none of 1, 2, 3"},
        {"appType", "1", "taken"},
        {"appType", "2", "taken"},
        {"appType", "3", "taken"},
        {"appType", "4", "appType is none of 1, 2, 3"},
        {"appType", "A", "appType is none of 1, 2, 3"},
        {"appType", "12", "appType is longer than 1 characters"},
        {"appStatus", "1", "taken"},
        {"appStatus", "100", "taken"},
        {"appStatus", "1000", "appStatus is longer than 3 characters"},
        {"appStatus", "x", "appStatus is no number"},
        {"appTime", "20261120101500", "taken"},
        {"appTime", "20261120101500000", "taken"},
        {"appTime", "2026112010150", "appTime is no time yyyyMMddHHmmss"},
        {"appTime", "20261320101500", "appTime is no time yyyyMMddHHmmss"},
        {"appTime", "2026-11-20 10:15", "appTime is no time yyyyMMddHHmmss"},
        {"appTime", "202611201015000000", "appTime is longer than 17 characters"},
        {"grossWeight", "0", "taken"},
        {"grossWeight", "1000000000", "taken"},
        {"grossWeight", "1000000000.001", "grossWeight is more than 1000000000 kg"},
        {"grossWeight", "-1", "grossWeight is negative"},
        {"grossWeight", "1 kg", "grossWeight is no decimal number"},
    }));
    INFO(row.element << " = " << row.value);
    CHECK(declared(with(head_fields(), row.element, row.value)) == row.want);
}

TEST_CASE("contradictions and strange shapes refuse the node") {
    auto twice = head_fields();
    twice.emplace_back("copNo", "COP2");
    CHECK(declared(twice) == "copNo comes twice");
    auto reply_twice = reply_fields();
    reply_twice.emplace_back("returnStatus", "500");
    CHECK(replied(reply_twice) == "returnStatus comes twice");
    CHECK(declared(with(head_fields(), "copNo", "A<ceb:b/>B")) == "copNo holds another element");
    CHECK(declared(with(head_fields(), "copNo", "<x xmlns=''>A</x>")) == "copNo holds another element");
    const auto head = element("InventoryHead", elements(head_fields()));
    CHECK(outcome(declaration_file(element("Inventory", head + head))) == "appType comes twice");
    CHECK(outcome(declaration_file(element("Inventory", goods_line("a")))) == "appType is missing");
    CHECK(outcome(declaration_file("<ceb:Inventory/>")) == "appType is missing");
    CHECK(outcome(declaration_file(element("Inventory", elements(head_fields())))) == "appType is missing");
    CHECK(outcome(declaration_file(reply(reply_fields(), "ceb:"))) == "InventoryReturn does not belong into CEB621");
    CHECK(outcome(declaration_file("<ceb:Order/>")) == "Order does not belong into CEB621");
    CHECK(outcome(reply_file(inventory(head_fields(), "", ""))) == "Inventory does not belong into CEB622");
}

TEST_CASE("goods lines have limits too") {
    const auto with_lists = [](const std::string& lists) {
        return outcome(declaration_file(inventory(head_fields(), lists)));
    };
    CHECK(with_lists(repeated(goods_line("x"), 99)) == "taken");
    CHECK(with_lists(repeated(goods_line("x"), 100)) == "InventoryList comes more than 99 times");
    CHECK(with_lists(goods_line(repeated("中", 250))) == "taken");
    CHECK(with_lists(goods_line(repeated("中", 251))) == "gname is longer than 250 characters");
    CHECK(with_lists(goods_line("")) == "gname is empty");
    CHECK(with_lists(element("InventoryList", element("gname", "a") + element("gname", "b"))) == "gname comes twice");
}

TEST_CASE("a refusal names the line of the element at fault") {
    const auto file = declaration_file(inventory(with(head_fields(), "copNo", std::string(61, 'A'))));
    const auto judged = judge(file);
    REQUIRE(judged);
    REQUIRE(judged->refusals.size() == 1);
    const auto at = file.find("<ceb:copNo>");
    CHECK(judged->refusals[0].line ==
          1 + std::count(file.begin(), file.begin() + static_cast<std::ptrdiff_t>(at), '\n'));
}
