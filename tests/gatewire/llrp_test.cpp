#include "gatewire/llrp.hpp"

#include "bytes/feed.hpp"
#include "bytes/hex.hpp"

#include <catch2/catch.hpp>

using namespace hefang::codec::llrp;

namespace {

/// A public capture: a reader whose clock was never set takes the connection.
const std::string captured =
    bytes("04 3F 00 00 00 20 17 98 22 9C 00 F6 00 16 00 80 00 0C 00 03 5D 10 BF 4D 41 1B 01 00 00 06 00 00");

const std::string epc = "30340000000000000000002a";

bool says_nothing(std::string_view body) {
    const auto said = connection_attempt(body);
    return said && !said->has_value();
}

std::vector<Message> by_byte(Framer& framer, std::string_view stream) {
    std::vector<Message> all;
    for (const char c : stream)
        for (auto& message : framer.feed(std::string_view(&c, 1)).messages) all.push_back(std::move(message));
    return all;
}

}  // namespace

TEST_CASE("llrp: the captured notification") {
    Framer framer;
    const auto out = framer.feed(captured);
    REQUIRE(out.messages.size() == 1);
    CHECK(out.messages[0].type == 63);
    CHECK(out.messages[0].id == 0x1798229C);
    CHECK(connection_attempt(out.messages[0].body).value() == connection_success);
    CHECK(encode(out.messages[0]) == captured);
    CHECK(connection_event_body(0, 946751440503067) == captured.substr(10));
}

TEST_CASE("llrp: messages of a stream, by byte, two at once, and cut at every place") {
    const auto ack = encode({72, 5, {}});
    CHECK(ack == bytes("04 48 00 00 00 0A 00 00 00 05"));
    Framer framer;
    CHECK(by_byte(framer, captured + ack + captured).size() == 3);
    CHECK(framer.held() == 0);
    for (std::size_t n = 0; n < captured.size(); ++n) {
        Framer cut;
        CHECK(cut.feed(std::string_view(captured).substr(0, n)).messages.empty());
        CHECK(cut.feed(std::string_view(captured).substr(n)).messages.size() == 1);
    }
}

TEST_CASE("llrp: a stream that cannot be read on") {
    struct Row {
        const char* why;
        std::string head;
        std::optional<StreamFault> fault;
    };
    using enum StreamFault;
    const auto row = GENERATE(values<Row>({
        {"version 1.1 is another protocol", bytes("08 3F 00 00 00 0A 00 00 00 01"), wrong_version},
        {"version 0", bytes("00 3F 00 00 00 0A 00 00 00 01"), wrong_version},
        {"shorter than its header", bytes("04 3F 00 00 00 09 00 00 00 01"), too_short},
        {"the shortest", bytes("04 3F 00 00 00 0A 00 00 00 01"), {}},
        {"the longest", bytes("04 3F 00 04 00 00 00 00 00 01"), {}},
        {"longer", bytes("04 3F 00 04 00 01 00 00 00 01"), too_long},
        {"a web server", "HTTP/1.1 400", wrong_version},
        {"reserved bits say nothing", bytes("E4 3F 00 00 00 0A 00 00 00 01"), {}},
    }));
    INFO(row.why);
    Framer framer;
    CHECK(framer.feed(row.head).fault == row.fault);
    if (row.fault) CHECK(framer.feed(captured).messages.empty());
}

TEST_CASE("llrp: memory is bounded, whatever comes") {
    Framer framer;
    (void)framer.feed(bytes("04 3F 00 04 00 00 00 00 00 01"));
    std::size_t most = 0;
    const auto junk = noise(std::size_t{1} << 20, 2);
    for (std::size_t at = 0; at < junk.size(); at += 1'000) {
        (void)framer.feed(std::string_view(junk).substr(at, 1'000));
        most = std::max(most, framer.held());
    }
    CHECK(most <= Framer::longest_message + 4'096);
}

TEST_CASE("llrp: tags of a report") {
    const std::vector<Tag> tags{{epc, 2, std::int8_t{-61}, 1'764'036'000'000'000, 3}, {"e280", {}, {}, {}, {}}};
    const auto read = decode_report(report_body(tags));
    CHECK(read.tags == tags);
    CHECK(read.refused.empty());
}

TEST_CASE("llrp: parameters of a report, one by one") {
    struct Row {
        const char* why;
        std::string body;
        std::size_t tags;
        std::vector<Refusal> refused;
    };
    using enum Refusal;
    const std::string tag = " 8D 30 34 00 00 00 00 00 00 00 00 00 2A";
    const auto row = GENERATE_COPY(values<Row>({
        {"an EPC-96", bytes("00 F0 00 11" + tag), 1, {}},
        {"an unknown parameter with a length is skipped", bytes("00 F0 00 16 03 FF 00 05 00" + tag), 1, {}},
        {"beside the tags as well", bytes("03 FF 00 05 00 00 F0 00 11" + tag), 1, {}},
        {"every known one without a length is skipped by its type", bytes("00 F0 00 14 8E 00 01" + tag), 1, {}},
        {"an unknown one without a length hides what follows", bytes("00 F0 00 13 FF 00" + tag), 0, {unknown_short}},
        {"the tag behind it is read", bytes("00 F0 00 06 FF 00 00 F0 00 11" + tag), 1, {unknown_short}},
        {"type 0 is none", bytes("00 F0 00 05 80"), 0, {unknown_short}},
        {"a length beyond its holder", bytes("00 F0 00 12" + tag), 0, {cut_parameter}},
        {"a length within the own header", bytes("00 F0 00 03 00"), 0, {cut_parameter}},
        {"one byte of a parameter", bytes("00"), 0, {cut_parameter}},
        {"an inner length beyond its holder", bytes("00 F0 00 08 00 F1 00 09"), 0, {cut_parameter}},
        {"a short one that is cut", bytes("00 F0 00 06 8D 30"), 0, {cut_parameter}},
        {"a tag without EPC", bytes("00 F0 00 07 81 00 01"), 0, {no_epc}},
        {"an EPC of 16 bits", bytes("00 F0 00 0C 00 F1 00 08 00 10 E2 80"), 1, {}},
        {"one that says more than there is", bytes("00 F0 00 0C 00 F1 00 08 00 18 E2 80"), 0, {cut_parameter}},
        {"one of no bits", bytes("00 F0 00 0A 00 F1 00 06 00 00"), 0, {epc_too_long}},
        {"one of half bytes", bytes("00 F0 00 0C 00 F1 00 08 00 0C E2 80"), 0, {epc_too_long}},
        {"no report at all", "", 0, {}},
    }));
    INFO(row.why);
    const auto read = decode_report(row.body);
    CHECK(read.tags.size() == row.tags);
    CHECK(read.refused == row.refused);
}

TEST_CASE("llrp: reports at both sides of the limits") {
    const auto longest = Tag{std::string(longest_epc / 4, 'a'), {}, {}, {}, {}};
    CHECK(decode_report(report_body({longest})).tags.size() == 1);
    const auto longer = Tag{std::string(longest_epc / 4 + 2, 'a'), {}, {}, {}, {}};
    CHECK(decode_report(report_body({longer})).refused == std::vector{Refusal::epc_too_long});
    CHECK(decode_report(report_body(std::vector<Tag>(most_tags, Tag{epc, {}, {}, {}, {}}))).refused.empty());
    const auto many = decode_report(report_body(std::vector<Tag>(most_tags + 1, Tag{epc, {}, {}, {}, {}})));
    CHECK(many.tags.size() == most_tags);
    CHECK(many.refused == std::vector{Refusal::too_many_tags});
}

TEST_CASE("llrp: every truncation of a report is refused or has fewer tags") {
    const auto whole = report_body({{epc, 1, {}, {}, {}}, {epc, 2, {}, {}, {}}});
    for (std::size_t n = 1; n < whole.size(); ++n) {
        const auto read = decode_report(std::string_view(whole).substr(0, n));
        CHECK(read.tags.size() < 2);
        CHECK((n == whole.size() / 2 || !read.refused.empty()));
    }
}

TEST_CASE("llrp: what a connection attempt and a status say") {
    CHECK(connection_attempt(connection_event_body(1, 0)).value() == 1);
    CHECK(says_nothing(""));
    CHECK(says_nothing(status_body(0)));
    CHECK_FALSE(connection_attempt(bytes("00 F6 00 08 01 00 00 04")));
    CHECK(status_of(status_body(0)) == 0);
    CHECK(status_of(status_body(100)) == 100);
    CHECK_FALSE(status_of(""));
    std::string nested;  // deeper than anything real: not followed for ever
    for (int i = 0; i < 200; ++i) {
        const auto size = nested.size() + 4;
        nested = std::string{'\x00', '\xF6', static_cast<char>(size >> 8), static_cast<char>(size & 0xFF)} + nested;
    }
    CHECK(says_nothing(nested));
}

TEST_CASE("llrp: the RO spec of the gateway, byte by byte") {
    CHECK(add_rospec_body() == bytes("00 B1 00 41 00 00 00 01 00 00 "  // ROSpec 1, priority 0, disabled
                                     "00 B2 00 12 00 B3 00 05 00 00 B6 00 09 00 00 00 00 00 "  // no triggers
                                     "00 B7 00 18 00 01 00 00 00 B8 00 09 00 00 00 00 00 "     // all antennas
                                     "00 BA 00 07 00 01 01 "                                   // Gen2
                                     "00 ED 00 0D 01 00 01 00 EE 00 06 16 80"));
    CHECK(keepalive_body(10'000) == bytes("00 00 DC 00 09 01 00 00 27 10"));
    CHECK(rospec_id_body(1) == bytes("00 00 00 01"));
}
