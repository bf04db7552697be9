#include "markup/markup.hpp"

#include <algorithm>

#include <catch2/catch.hpp>

using namespace hefang::codec;

namespace {

std::string nested(std::size_t depth) {
    std::string out;
    for (std::size_t i = 0; i < depth; ++i) out += "<a>";
    for (std::size_t i = 0; i < depth; ++i) out += "</a>";
    return out;
}

std::string many(std::size_t entries) {
    std::string out = "<r>";
    for (std::size_t i = 1; i < entries; ++i) out += "<a/>";
    return out + "</r>";
}

std::string long_name(std::size_t path) {  // "r/" and the name
    const std::string name(path - 2, 'n');
    return "<r><" + name + "/></r>";
}

}  // namespace

TEST_CASE("markup: a document is a flat list of paths and texts") {
    struct Row {
        const char* why;
        const char* xml;
        std::vector<MarkupEntry> entries;
    };
    const auto row = GENERATE(values<Row>({
        {"elements within one another",
         "<?xml version=\"1.0\"?>\n<E>\n <A><p> X1 </p></A>\n <b>2</b></E>",
         {{"E/A/p", "X1"}, {"E/b", "2"}}},
        {"a namespace says nothing", "<E xmlns=\"http://x/y\" xmlns:q=\"u\"><q:p>1</q:p></E>", {{"E/p", "1"}}},
        {"attributes", "<E v=\"2.0\"><p id=' 7 '>1</p></E>", {{"E/@v", "2.0"}, {"E/p", "1"}, {"E/p/@id", "7"}}},
        {"an element without text is there", "<E><p/></E>", {{"E/p", ""}}},
        {"the same path twice, in order", "<E><p>1</p><p>2</p></E>", {{"E/p", "1"}, {"E/p", "2"}}},
        {"text in pieces", "<E>a<![CDATA[<b>]]>c&amp;&#x4eac;<!-- no --></E>", {{"E", "a<b>c&\xE4\xBA\xAC"}}},
        {"an encoding that the declaration says does not count",
         "<?xml version=\"1.0\" encoding=\"GB2312\"?><E>\xE4\xBA\xAC</E>",
         {{"E", "\xE4\xBA\xAC"}}},
        {"a byte order mark", "\xEF\xBB\xBF<E>1</E>", {{"E", "1"}}},
    }));
    INFO(row.why);
    const auto read = read_markup(row.xml);
    REQUIRE(read);
    CHECK(*read == row.entries);
}

TEST_CASE("markup: what is refused, at both sides of each limit") {
    struct Row {
        const char* why;
        std::string xml;
        std::optional<MarkupRefusal> refused;
    };
    using enum MarkupRefusal;
    namespace most = markup_limits;
    const auto padded = [](std::size_t bytes) { return "<r>" + std::string(bytes - 7, ' ') + "</r>"; };
    const auto row = GENERATE_COPY(values<Row>({
        {"the longest", padded(most::document_bytes), {}},
        {"too long", padded(most::document_bytes + 1), too_long},
        {"the deepest", nested(most::depth), {}},
        {"too deep", nested(most::depth + 1), too_deep},
        {"the longest path", long_name(most::path_bytes), {}},
        {"a longer path", long_name(most::path_bytes + 1), too_deep},
        {"the most entries", many(most::entries), {}},
        {"too many", many(most::entries + 1), too_many},
        {"entities", "<!DOCTYPE r [<!ENTITY a \"b\">]><r>&a;</r>", doctype},
        {"an external file", "<!DOCTYPE r SYSTEM \"file:///etc/passwd\"><r/>", doctype},
        {"UTF-16", std::string("\xFF\xFE<\0r\0/\0>\0", 10), not_utf8},
        {"binary", std::string("\0\x01", 2), not_utf8},
        {"GBK bytes are no UTF-8", "<r>\xBE\xA9</r>", malformed},
        {"an entity that nobody declared", "<r>&x;</r>", malformed},
        {"nothing", "", malformed},
        {"two roots", "<r/><r/>", malformed},
        {"rest behind the root", "<r/>x", malformed},
    }));
    INFO(row.why);
    const auto read = read_markup(row.xml);
    CHECK(read.has_value() == !row.refused.has_value());
    if (row.refused && !read) CHECK(read.error() == *row.refused);
}

TEST_CASE("markup: every truncation is refused, and none is taken for a shorter document") {
    const std::string whole = "<?xml version=\"1.0\"?><E a=\"1\"><p>x&lt;</p><q/></E>";
    REQUIRE(read_markup(whole));
    for (std::size_t n = 0; n < whole.size(); ++n) {
        INFO(whole.substr(0, n));
        CHECK_FALSE(read_markup(whole.substr(0, n)));
    }
}

TEST_CASE("markup: a text is found by its path") {
    const auto read = read_markup("<E><p>1</p><p>2</p></E>");
    REQUIRE(read);
    CHECK(text_at(*read, "E/p") == "1");
    CHECK_FALSE(text_at(*read, "E/q"));
}

TEST_CASE("markup: each refusal has a name of its own") {
    std::vector<std::string_view> names;
    for (int i = 0; i <= static_cast<int>(MarkupRefusal::malformed); ++i) {
        names.push_back(name(static_cast<MarkupRefusal>(i)));
        CHECK(std::count(names.begin(), names.end(), names.back()) == 1);
    }
}
