#include "customs/judge.hpp"
#include "customs/limits.hpp"
#include "messages.hpp"

#include <catch2/catch.hpp>

using namespace hefang;
using namespace hefang::customs;
using namespace messages;

namespace {

/// Why the file is refused whole; empty when it is not.
std::string refusal(const std::string& file) {
    const auto judged = judge(file);
    if (judged) return {};
    CHECK(judged.error().code == Errc::refused);
    return judged.error().detail;
}

std::string ceb621(const std::string& inside) {
    return "<CEB621Message xmlns=\"http://www.chinaport.gov.cn/ceb\">" + inside + "</CEB621Message>";
}

const std::string good = inventory(head_fields(), goods_line("a", ""), "");

}  // namespace

TEST_CASE("no truncation of a good file is taken") {
    for (const auto& file : {declaration_file(inventory()), reply_file(reply())}) {
        REQUIRE(judge(file));
        for (std::size_t n = 0; n < file.size(); ++n) {
            CAPTURE(n);
            const auto judged = judge(std::string_view(file).substr(0, n));
            REQUIRE_FALSE(judged);
            REQUIRE(judged.error().code == Errc::refused);
            REQUIRE(judged.error().detail.starts_with("line "));
        }
    }
}

TEST_CASE("a file is refused whole for what its root says") {
    struct Row {
        std::string file;
        std::string want;
    };
    const std::string ns = " xmlns=\"http://www.chinaport.gov.cn/ceb\"";
    const std::vector<Row> rows{
        {"<CEB511Message" + ns + "/>", "line 1: kind CEB511 is not read by this version"},
        {"\n\n<CEB603Message" + ns + "></CEB603Message>", "line 3: kind CEB603 is not read by this version"},
        {"<CEB621" + ns + "/>", "line 1: the root CEB621 is no customs message"},
        {"<Message" + ns + "/>", "line 1: the root Message is no customs message"},
        {"<CEB621message" + ns + "/>", "line 1: the root CEB621message is no customs message"},
        {"<CEB621Message/>", "line 1: the root CEB621Message is not in the namespace http://www.chinaport.gov.cn/ceb"},
        {"<CEB621Message xmlns=\"http://www.chinaport.gov.cn/CEB\"/>",
         "line 1: the root CEB621Message is not in the namespace http://www.chinaport.gov.cn/ceb"},
        {"<c:CEB621Message/>", "line 1: not well-formed UTF-8 XML: unbound prefix"},
        {ceb621(""), "line 1: the message holds no Inventory"},
        {reply_file(""), "line 3: the message holds no InventoryReturn"},
        {ceb621("<BaseTransfer/>"), "line 1: the message holds no Inventory"},
        {"", "line 1: not well-formed UTF-8 XML: no element found"},
        {"hello", "line 1: not well-formed UTF-8 XML: syntax error"},
        {ceb621(good) + "x", "line 26: not well-formed UTF-8 XML: junk after document element"},
        {ceb621(good) + ceb621(good), "line 26: not well-formed UTF-8 XML: junk after document element"},
    };
    for (const auto& row : rows) CHECK(refusal(row.file) == row.want);
}

TEST_CASE("one fault anywhere refuses the good nodes before it too") {
    CHECK(refusal(ceb621(good)).empty());
    CHECK_FALSE(refusal(ceb621(good + "<a>")).empty());
    CHECK_FALSE(refusal(ceb621(good + "&nbsp;")).empty());
    CHECK_FALSE(refusal(ceb621(good + std::string("\0", 1))).empty());
    CHECK_FALSE(refusal(ceb621(good + "\xC0\xAF")).empty());
    CHECK_FALSE(refusal(ceb621(good + "\xED\xA0\x80")).empty());
    CHECK_FALSE(refusal(ceb621(good + "\x01")).empty());
    CHECK_FALSE(refusal(ceb621(good + "<a x='1' x='2'/>")).empty());
}

TEST_CASE("document types and their entities are refused before anything expands") {
    const std::string laughs =
        "<?xml version=\"1.0\"?>\n<!DOCTYPE lolz [<!ENTITY a \"ha\"><!ENTITY b \"&a;&a;&a;&a;&a;&a;&a;&a;\">"
        "<!ENTITY c \"&b;&b;&b;&b;&b;&b;&b;&b;\"><!ENTITY d \"&c;&c;&c;&c;&c;&c;&c;&c;\">]>\n" +
        ceb621("&d;");
    CHECK(refusal(laughs) == "line 2: a document type declaration is not accepted");
    CHECK(refusal("<!DOCTYPE a SYSTEM \"file:///etc/passwd\">" + ceb621(good)) ==
          "line 1: a document type declaration is not accepted");
    CHECK(refusal("<!DOCTYPE CEB621Message>" + ceb621(good)) == "line 1: a document type declaration is not accepted");
}

TEST_CASE("only UTF-8 is read") {
    const auto declared = [](const std::string& encoding) {
        return refusal("<?xml version=\"1.0\" encoding=\"" + encoding + "\"?>" + ceb621(good));
    };
    CHECK(declared("UTF-8").empty());
    CHECK(declared("Utf-8").empty());
    for (const auto* encoding : {"GBK", "GB2312", "GB18030", "ISO-8859-1", "US-ASCII", "UTF-16"}) {
        CHECK(declared(encoding) == "line 1: encoding " + std::string(encoding) + " is not read; only UTF-8 is");
    }
    CHECK(
        refusal(ceb621(inventory(with(head_fields(), "ebcCode", "\xB2\xE2"), "", ""))).find("not well-formed UTF-8") !=
        std::string::npos);
    const auto utf16 = [](const std::string& ascii, bool big) {
        std::string out;
        for (const char c : ascii) (out += big ? '\0' : c) += big ? c : '\0';
        return out;
    };
    const std::string want = "line 1: the file is UTF-16 or UTF-32 or binary; only UTF-8 is read";
    CHECK(refusal("\xFF\xFE" + utf16(ceb621(good), false)) == want);
    CHECK(refusal("\xFE\xFF" + utf16(ceb621(good), true)) == want);
    CHECK(refusal(utf16(ceb621(good), false)) == want);
    CHECK(refusal(utf16(ceb621(good), true)) == want);
}

TEST_CASE("depth: sixteen levels and not one more") {
    const auto nested = [](std::size_t levels) {
        return ceb621(good + repeated("<a>", levels) + repeated("</a>", levels));
    };
    CHECK(judge(nested(15)));  // the root is the first level; a stranger beside the nodes is a refused node
    CHECK(refusal(nested(16)).ends_with("elements stand more than 16 deep"));
    CHECK(refusal(ceb621(good + repeated("<a>", 100'000))).ends_with("elements stand more than 16 deep"));
}

TEST_CASE("attributes: a bound on their number, and no cost beyond it") {
    const auto tag = [](std::size_t count) {
        std::string out = "<ExtendMessage";
        for (std::size_t i = 0; i < count; ++i) out += " a" + std::to_string(i) + "='1'";
        return ceb621(good + out + "/>");
    };
    CHECK(refusal(tag(limits::attributes)).empty());
    CHECK(refusal(tag(limits::attributes + 1)).ends_with("an element has more than 64 attributes"));
    CHECK(refusal(tag(200'000)).ends_with("one tag or comment is too long"));
}

TEST_CASE("a tag or comment without an end stops early") {
    const std::string open = "<CEB621Message xmlns=\"http://www.chinaport.gov.cn/ceb\">" + good;
    for (const auto* start : {"<!--", "<?pi ", "<a b='", "<"}) {
        INFO(start);
        CHECK(refusal(open + start + std::string(1'000'000, 'x')).ends_with("one tag or comment is too long"));
    }
    CHECK(judge(ceb621(good + "<!--" + std::string(60'000, 'x') + "-->")));
    CHECK(judge(ceb621(good + "<ExtendMessage>" + std::string(1'000'000, 'x') + "</ExtendMessage>")));
}

TEST_CASE("names that never repeat: the parser's memory is bounded") {
    const auto file = [](int tags) {
        std::string out;
        for (int i = 0; i < tags; ++i) {
            out += "<a";
            for (int k = 0; k < 60; ++k) out += " b" + std::to_string(i * 60 + k) + "=''";
            out += "/>";
        }
        return ceb621(good + "<ExtendMessage>" + out + "</ExtendMessage>");
    };
    CHECK(refusal(file(100)).empty());
    CHECK(refusal(file(4'000)).ends_with("reading it takes more than 8 MiB of memory: too many different names"));
    std::string spaces;
    for (int i = 0; i < 200'000; ++i) spaces += "<a xmlns:n" + std::to_string(i) + "='u'/>";
    CHECK(
        refusal(ceb621(good + "<ExtendMessage>" + spaces + "</ExtendMessage>")).ends_with("too many different names"));
    CHECK(refusal(file(100)).empty());  // what one file took is free for the next
}

TEST_CASE("numbers of nodes and bytes are bounded") {
    const std::string node = "<Inventory/>";
    const auto most = static_cast<std::size_t>(limits::nodes);
    const auto judged = judge(ceb621(repeated(node, most)));
    REQUIRE(judged);
    CHECK(judged->refusals.size() == most);
    CHECK(refusal(ceb621(repeated(node, most + 1))).ends_with("more than 40000 nodes"));
    const auto padded = [](std::int64_t bytes) {
        const auto file = ceb621(good);
        return file + std::string(static_cast<std::size_t>(bytes) - file.size(), '\n');
    };
    CHECK(refusal(padded(limits::file_bytes)).empty());
    CHECK(refusal(padded(limits::file_bytes + 1)).ends_with("the file is longer than 128 MiB"));
}

TEST_CASE("a hundred thousand small pieces of text make no difference") {
    const auto judged = judge(ceb621(inventory(with(head_fields(), "orderNo", repeated("&#65;", 60)), "", "")));
    REQUIRE(judged);
    REQUIRE(judged->declarations.size() == 1);
    CHECK(judged->declarations[0].version.order_no == std::string(60, 'A'));
    CHECK(
        judge(ceb621(inventory(with(head_fields(), "orderNo", repeated("&#65;", 100'000)), "", "")))->refusals.size() ==
        1);
}
