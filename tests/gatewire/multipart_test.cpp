#include "gatewire/multipart.hpp"

#include "bytes/feed.hpp"

#include <catch2/catch.hpp>

using namespace hefang::codec;

namespace {

struct Read {
    std::vector<Part> parts;
    std::vector<MultipartRefusal> refused;
};

void add(Read& all, MultipartParser::Out out) {
    for (auto& part : out.parts) all.parts.push_back(std::move(part));
    all.refused.insert(all.refused.end(), out.refused.begin(), out.refused.end());
}

Read read(std::string_view stream, std::size_t piece, std::size_t part_bytes = 1'000) {
    MultipartParser parser("b", part_bytes);
    Read all;
    for (; !stream.empty(); stream.remove_prefix(std::min(piece, stream.size())))
        add(all, parser.feed(stream.substr(0, piece)));
    return all;
}

}  // namespace

TEST_CASE("multipart: parts of a stream, in one piece and byte by byte") {
    struct Row {
        const char* why;
        std::string stream;
        std::vector<Part> parts;
        std::vector<MultipartRefusal> refused;
    };
    using enum MultipartRefusal;
    const auto row = GENERATE(values<Row>({
        {"a part with its length is there with its last byte",
         "--b\r\nContent-Type: text/plain\r\nContent-Length: 3\r\n\r\nabc",
         {{"text/plain", "abc"}},
         {}},
        {"one without is there at the next boundary", "--b\r\nContent-Type: a/b\r\n\r\nabc\r\n--b", {}, {}},
        {"and not before", "--b\r\nContent-Type: a/b\r\n\r\nabc\r\n--b\r\n", {{"a/b", "abc"}}, {}},
        {"a part without any header", "--b\r\n\r\nabc\r\n--b--", {{"", "abc"}}, {}},
        {"an empty part", "--b\r\n\r\n\r\n--b--", {{"", ""}}, {}},
        {"noise before the first boundary", "HTTP noise\r\n-- b\r\n--b\r\nContent-Length: 1\r\n\r\nx", {{"", "x"}}, {}},
        {"letter case and parameters of headers",
         "--b\r\nCONTENT-TYPE:  Image/JPEG; q=1\r\ncontent-length:1\r\n\r\nx",
         {{"image/jpeg", "x"}},
         {}},
        {"a boundary with more dashes", "-----b\r\nContent-Length: 1\r\n\r\nx\r\n-----b--", {{"", "x"}}, {}},
        {"no line end between a counted part and its boundary",
         "--b\r\nContent-Length: 1\r\n\r\nx--b\r\n\r\ny\r\n--b--",
         {{"", "x"}, {"", "y"}},
         {}},
        {"a text that only begins like a boundary is body", "--b\r\n\r\nx\r\n--bc\r\n--b--", {{"", "x\r\n--bc"}}, {}},
        {"line ends within a body", "--b\r\n\r\n\r\n\r\n-\r\n--b--", {{"", "\r\n\r\n-"}}, {}},
        {"a boundary within a counted body is body",
         "--b\r\nContent-Length: 9\r\n\r\nx\r\n--b\r\ny\r\n--b--",
         {{"", "x\r\n--b\r\ny"}},
         {}},
        {"behind the end nothing counts", "--b\r\n\r\nx\r\n--b--\r\n--b\r\n\r\ny\r\n--b--", {{"", "x"}}, {}},
        {"a length that is none is as if there was none",
         "--b\r\nContent-Length: 1x\r\n\r\nabc\r\n--b--",
         {{"", "abc"}},
         {}},
        {"a length that lies is found out, and the next part is read",
         "--b\r\nContent-Length: 1\r\n\r\nabc\r\n--b\r\n\r\ny\r\n--b--",
         {{"", "a"}, {"", "y"}},
         {wrong_length}},
        {"a part that is too long by its word",
         "--b\r\nContent-Length: 1001\r\n\r\nabc\r\n--b\r\n\r\ny\r\n--b--",
         {{"", "y"}},
         {part_too_long}},
        {"a part that is too long without a word",
         "--b\r\n\r\n" + std::string(1'001, 'x') + "\r\n--b\r\n\r\ny\r\n--b--",
         {{"", "y"}},
         {part_too_long}},
        {"the longest part",
         "--b\r\n\r\n" + std::string(1'000, 'x') + "\r\n--b--",
         {{"", std::string(1'000, 'x')}},
         {}},
        {"a header without end",
         "--b\r\nA: " + std::string(5'000, 'x') + "\r\n--b\r\n\r\ny\r\n--b--",
         {{"", "y"}},
         {header_too_long}},
        {"zero bytes", std::string("--b\r\nContent-Length: 2\r\n\r\n\0\xFF", 28), {{"", std::string("\0\xFF", 2)}}, {}},
    }));
    INFO(row.why);
    for (const std::size_t piece : {std::size_t{1'000'000}, std::size_t{1}, std::size_t{7}}) {
        INFO("pieces of " << piece);
        const auto got = read(row.stream, piece);
        CHECK(got.parts == row.parts);
        CHECK(got.refused == row.refused);
    }
}

TEST_CASE("multipart: every truncation gives the parts before it and nothing else") {
    const std::string whole = encode_part("b", "", "text/plain", "one") + encode_part("b", "X: y\r\n", "a/b", "two");
    for (std::size_t n = 0; n <= whole.size(); ++n) {
        const auto got = read(std::string_view(whole).substr(0, n), 1'000);
        REQUIRE(got.parts.size() <= 2);
        CHECK(got.refused.empty());
        if (!got.parts.empty()) CHECK(got.parts[0] == Part{"text/plain", "one"});
        if (got.parts.size() == 2) CHECK(got.parts[1] == Part{"a/b", "two"});
    }
    CHECK(read(whole, 1'000).parts.size() == 2);
}

TEST_CASE("multipart: memory is bounded, whatever comes") {
    MultipartParser parser("b", 10'000);
    const auto junk = noise(std::size_t{1} << 20, 1);
    std::size_t most = 0;
    for (const auto* begin : {"", "--b\r\n\r\n", "--b\r\nContent-Length: 10000\r\n\r\n", "\r\n--b\r\nX: "}) {
        (void)parser.feed(begin);
        for (std::size_t at = 0; at < junk.size(); at += 50'000) {
            (void)parser.feed(std::string_view(junk).substr(at, 50'000));
            most = std::max(most, parser.held());
        }
    }
    CHECK(most < 10'000 + 32'000);
}

TEST_CASE("multipart: the boundary that a content type names") {
    struct Row {
        const char* type;
        std::optional<std::string> boundary;
    };
    const auto row = GENERATE(values<Row>({
        {"multipart/form-data; boundary=MIME_boundary", "MIME_boundary"},
        {"multipart/x-mixed-replace;boundary=--myboundary", "myboundary"},
        {"Multipart/Mixed; Boundary=\"a b\"", std::nullopt},
        {"multipart/mixed; boundary=\"ab\"; charset=x", "ab"},
        {"multipart/mixed; boundary=ab ; charset=x", "ab"},
        {"multipart/form-data", std::nullopt},
        {"text/xml; boundary=ab", std::nullopt},
        {"multipart/form-data; boundary=", std::nullopt},
        {"multipart/form-data; boundary=---", std::nullopt},
        {"multipart/form-data; boundary=\"", std::nullopt},
        {"", std::nullopt},
    }));
    INFO(row.type);
    CHECK(boundary_of(row.type) == row.boundary);
    const auto said = [](std::size_t n) { return "multipart/form-data; boundary=" + std::string(n, 'x'); };
    CHECK(boundary_of(said(70)));
    CHECK_FALSE(boundary_of(said(71)));
}
