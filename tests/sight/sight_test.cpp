#include "sight/sight.hpp"

#include <catch2/catch.hpp>

using namespace hefang::codec;

namespace {

SightRequest request() { return {7, {250, true, {8, 14}}, 3, 2, "abcdef"}; }
SightAnswer answer() {
    return {7, SightRefusal::none, 1234, 640, 480, {{Symbology::code128, "]C1", "X\x1dY"}, {Symbology::itf, "", "12"}}};
}
/// Without its length.
std::string body(const std::string& message) { return message.substr(4); }

std::string with(std::string bytes, std::size_t at, char value) {
    bytes.at(at) = value;
    return bytes;
}

}  // namespace

TEST_CASE("what is encoded is decoded as it was") {
    CHECK(decode_request(body(encode(request()))) == request());
    auto file = request();
    file.width = file.height = 0;
    CHECK(decode_request(body(encode(file))) == file);
    CHECK(decode_answer(body(encode(answer()))) == answer());
    CHECK(decode_hello(body(encode(SightHello{3}))) == SightHello{3});
}

TEST_CASE("the bytes are those of the page that describes them") {
    CHECK(encode(SightHello{1}) == std::string("\x03\0\0\0H\x01\0", 7));
    CHECK(encode(SightRequest{1, {150, false, {}}, 2, 1, "ab"}) ==
          std::string("\x13\0\0\0Q\x01\0\0\0\x96\0\0\0\x02\0\0\0\x01\0\0\0ab", 23));
    CHECK(encode(SightAnswer{1, SightRefusal::none, 5, 2, 1, {{Symbology::qr, "]Q1", "Z"}}}) ==
          std::string("\x1b\0\0\0A\x01\0\0\0\0\x05\0\0\0\x02\0\0\0\x01\0\0\0\x01\x09\x03]Q1\x01\0Z", 31));
}

TEST_CASE("every message that is cut is refused") {
    const auto asked = body(encode(request())), said = body(encode(answer())), hello = body(encode(SightHello{1}));
    for (std::size_t n = 0; n < asked.size(); ++n) CHECK_FALSE(decode_request(asked.substr(0, n)));
    for (std::size_t n = 0; n < said.size(); ++n) CHECK_FALSE(decode_answer(said.substr(0, n)));
    for (std::size_t n = 0; n < hello.size(); ++n) CHECK_FALSE(decode_hello(hello.substr(0, n)));
}

TEST_CASE("a request that is not right says why") {
    const auto good = body(encode(request()));
    struct Row {
        const char* why;
        std::string bytes;
        SightFault want;
    };
    const auto with_budget = [](std::uint16_t ms) {
        auto r = request();
        r.options.budget_ms = ms;
        return body(encode(r));
    };
    const auto row = GENERATE_COPY(values<Row>({
        {"an answer is none", body(encode(answer())), SightFault::bad_kind},
        {"a flag is 0 or 1", with(good, 7, 2), SightFault::bad_value},
        {"an odd length of ITF", with(good, 9, 7), SightFault::bad_value},
        {"a length of ITF of none", with(good, 9, 0), SightFault::bad_value},
        {"more lengths than there may be", with(good, 8, 17), SightFault::bad_value},
        {"no time at all", with_budget(0), SightFault::bad_value},
        {"a millisecond too much", with_budget(most_budget_ms + 1), SightFault::bad_value},
        {"one byte less than the size says", good.substr(0, good.size() - 1), SightFault::cut_short},
        {"one byte more", good + "x", SightFault::too_much},
        {"a width without a height", with(good, 15, 0), SightFault::bad_value},
        {"a size that no message can hold", with(with(good, 13, 127), 17, 127), SightFault::bad_value},
    }));
    INFO(row.why);
    const auto got = decode_request(row.bytes);
    REQUIRE_FALSE(got);
    CHECK(got.error() == row.want);
    CHECK(decode_request(with_budget(1)));
    CHECK(decode_request(with_budget(most_budget_ms)));
}

TEST_CASE("an answer that is not right says why") {
    const auto good = body(encode(answer()));
    struct Row {
        const char* why;
        std::string bytes;
        SightFault want;
    };
    auto empty_text = answer();
    empty_text.codes[0].text.clear();
    auto long_aim = answer();
    long_aim.codes[0].aim = "]C12";
    auto long_text = answer();
    long_text.codes[0].text.assign(longest_seen + 1, 'x');
    const auto row = GENERATE_COPY(values<Row>({
        {"a request is none", body(encode(request())), SightFault::bad_kind},
        {"a reason that there is not", with(good, 5, 8), SightFault::bad_value},
        {"more codes than there may be", with(good, 18, 17), SightFault::bad_value},
        {"a symbology that there is not", with(good, 19, 12), SightFault::bad_value},
        {"symbology 0", with(good, 19, 0), SightFault::bad_value},
        {"a code without text", body(encode(empty_text)), SightFault::bad_value},
        {"four characters of AIM", body(encode(long_aim)), SightFault::bad_value},
        {"a text longer than any code", body(encode(long_text)), SightFault::bad_value},
        {"one byte more", good + "x", SightFault::too_much},
    }));
    INFO(row.why);
    const auto got = decode_answer(row.bytes);
    REQUIRE_FALSE(got);
    CHECK(got.error() == row.want);
    auto longest = answer();
    longest.codes.assign(most_seen, {Symbology::qr, "]Q1", std::string(longest_seen, 'x')});
    CHECK(decode_answer(body(encode(longest))) == longest);
    CHECK(encode(longest).size() <= longest_answer + 4);
}

TEST_CASE("a stream is cut into messages however it comes") {
    const auto stream = encode(SightHello{1}) + encode(answer()) + encode(request());
    SightFramer bytewise(longest_answer);
    std::vector<std::string> got;
    for (const char c : stream) {
        bytewise.feed({&c, 1});
        while (auto message = *bytewise.next()) got.push_back(*message);
    }
    CHECK(got ==
          std::vector<std::string>{body(encode(SightHello{1})), body(encode(answer())), body(encode(request()))});
    CHECK_FALSE(bytewise.halfway());
    SightFramer at_once(longest_answer);
    at_once.feed(stream);
    for (const auto& message : got) CHECK(*at_once.next() == message);
    CHECK(*at_once.next() == std::nullopt);
}

TEST_CASE("a length above the limit ends the stream before a byte of it is waited for") {
    SightFramer framer(100);
    framer.feed(std::string("\x64\0\0\0", 4));
    CHECK(framer.next());
    SightFramer above(100);
    above.feed(std::string("\x65\0\0\0", 4));
    REQUIRE_FALSE(above.next());
    CHECK(above.next().error() == SightFault::too_long);
}

TEST_CASE("each value has a name of its own") {
    for (std::size_t i = 1; i <= symbologies; ++i) {
        const auto s = static_cast<Symbology>(i);
        CHECK_FALSE(name(s).empty());
        CHECK(symbology_of(name(s)) == s);
    }
    CHECK_FALSE(symbology_of(""));
    CHECK_FALSE(symbology_of("Aztec"));
    for (int i = 0; i <= static_cast<int>(SightRefusal::bad_request); ++i)
        CHECK_FALSE(name(static_cast<SightRefusal>(i)).empty());
    for (int i = 0; i <= static_cast<int>(SightFault::bad_value); ++i)
        CHECK_FALSE(name(static_cast<SightFault>(i)).empty());
}
