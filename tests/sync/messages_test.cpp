#include "sync/ack.hpp"
#include "sync/broker.hpp"
#include "sync/presence.hpp"
#include "sync/topics.hpp"

#include <catch2/catch.hpp>

using namespace hefang;
using sync::AckFault;

namespace {

const std::string hash(64, 'a');

std::string ack_text(const std::string& through = "7", const std::string& head = hash, const std::string& more = {}) {
    return R"({"aud":"g1","epoch":"e1","through":")" + through + R"(","head":")" + head + "\"" + more + "}";
}

}  // namespace

TEST_CASE("an ack in unsigned mode is read") {
    const auto ack = sync::parse_ack(
        ack_text("184467", hash, R"(,"images":{"5d41":"stored"},"quarantined":["3","9"],"new":1)"), "g1");
    REQUIRE(ack);
    CHECK(ack->epoch == "e1");
    CHECK(ack->through == 184467);
    CHECK(ack->head == hash);
    CHECK(ack->quarantined == 2);
    const auto nothing = sync::parse_ack(ack_text("0", std::string(64, '0')), "g1");
    REQUIRE(nothing);
    CHECK(nothing->through == 0);
    CHECK(sync::parse_ack(ack_text("18446744073709551615"), "g1")->through == 18446744073709551615U);
}

TEST_CASE("an ack that is not as the contract has it is refused with its reason") {
    struct Row {
        const char* why;
        std::string text;
        AckFault want;
    };
    const auto row = GENERATE(values<Row>({
        {"nothing", "", AckFault::not_json},
        {"not JSON", "through 7", AckFault::not_json},
        {"an array", "[]", AckFault::not_json},
        {"a compact JWS: only with keys", "eyJhbGciOiJFZERTQSJ9.eyJhdWQiOiJnMSJ9.c2ln", AckFault::not_json},
        {"for another gateway", R"({"aud":"g2","epoch":"e1","through":"7","head":")" + hash + "\"}",
         AckFault::audience},
        {"for nobody", R"({"epoch":"e1","through":"7","head":")" + hash + "\"}", AckFault::members},
        {"aud is a number", R"({"aud":1,"epoch":"e1","through":"7","head":")" + hash + "\"}", AckFault::members},
        {"no epoch", R"({"aud":"g1","through":"7","head":")" + hash + "\"}", AckFault::members},
        {"empty epoch", R"({"aud":"g1","epoch":"","through":"7","head":")" + hash + "\"}", AckFault::members},
        {"through is a number", R"({"aud":"g1","epoch":"e1","through":7,"head":")" + hash + "\"}", AckFault::members},
        {"through is negative", ack_text("-7"), AckFault::members},
        {"through has a leading zero", ack_text("07"), AckFault::members},
        {"through is empty", ack_text(""), AckFault::members},
        {"through has a space", ack_text(" 7"), AckFault::members},
        {"through passes 64 bits", ack_text("18446744073709551616"), AckFault::members},
        {"head is missing", R"({"aud":"g1","epoch":"e1","through":"7"})", AckFault::members},
        {"head is one digit short", ack_text("7", std::string(63, 'a')), AckFault::members},
        {"head is one digit long", ack_text("7", std::string(65, 'a')), AckFault::members},
        {"head in capitals", ack_text("7", std::string(64, 'A')), AckFault::members},
        {"nothing stored, but a head", ack_text("0"), AckFault::members},
        {"something stored, but no head", ack_text("7", std::string(64, '0')), AckFault::members},
        {"images is an array", ack_text("7", hash, R"(,"images":[])"), AckFault::members},
        {"an image's state is a number", ack_text("7", hash, R"(,"images":{"5d41":1})"), AckFault::members},
        {"quarantined is a text", ack_text("7", hash, R"(,"quarantined":"3")"), AckFault::members},
        {"quarantined holds numbers", ack_text("7", hash, R"(,"quarantined":[3])"), AckFault::members},
    }));
    INFO(row.why);
    const auto ack = sync::parse_ack(row.text, "g1");
    REQUIRE_FALSE(ack);
    CHECK(ack.error() == row.want);
}

TEST_CASE("every shortened ack is refused") {
    const std::string whole = ack_text("7", hash, R"(,"quarantined":["3"])");
    REQUIRE(sync::parse_ack(whole, "g1"));
    for (std::size_t n = 0; n < whole.size(); ++n) {
        CAPTURE(n);
        CHECK_FALSE(sync::parse_ack(whole.substr(0, n), "g1"));
    }
}

TEST_CASE("an ack may have 256 KiB and not one byte more") {
    std::string text = ack_text("7", hash, R"(,"more":")" + std::string(sync::down_bytes, 'x') + "\"");
    const std::size_t over = text.size() - sync::down_bytes;
    text = ack_text("7", hash, R"(,"more":")" + std::string(sync::down_bytes - over, 'x') + "\"");
    REQUIRE(text.size() == 262144);
    CHECK(sync::parse_ack(text, "g1"));
    CHECK(sync::parse_ack(text + " ", "g1").error() == AckFault::too_large);
}

TEST_CASE("a broker may only be on this machine") {
    struct Row {
        const char* uri;
        const char* want;  ///< empty: refused
        const char* says;
    };
    const auto row = GENERATE(values<Row>({
        {"mqtt://127.0.0.1:1883", "mqtt://127.0.0.1:1883", ""},
        {"mqtt://127.0.0.1", "mqtt://127.0.0.1:1883", ""},
        {"mqtt://127.9.8.7:1", "mqtt://127.9.8.7:1", ""},
        {"mqtt://localhost:65535", "mqtt://localhost:65535", ""},
        {"mqtt://[::1]:1883", "mqtt://[::1]:1883", ""},
        {"mqtt://128.0.0.1:1883", "", "only to this machine"},
        {"mqtt://10.0.0.5:1883", "", "only to this machine"},
        {"mqtt://127.0.0.1.example:1883", "", "only to this machine"},
        {"mqtt://localhost.example:1883", "", "only to this machine"},
        {"mqtt://user@127.0.0.1:1883", "", "only to this machine"},
        {"mqtt://[::2]:1883", "", "only to this machine"},
        {"mqtt://[::1:1883", "", "lacks its ']'"},
        {"mqtt://127.0.0.1:0", "", "1 to 65535"},
        {"mqtt://127.0.0.1:65536", "", "1 to 65535"},
        {"mqtt://127.0.0.1:18x", "", "1 to 65535"},
        {"mqtt://127.0.0.1:1883/x", "", "1 to 65535"},
        {"mqtts://127.0.0.1:8883", "", "unsigned mode on loopback"},
        {"mqtts://broker.example:8883", "", "unsigned mode on loopback"},
        {"tcp://127.0.0.1:1883", "", "must begin with mqtt://"},
        {"", "", "must begin with mqtt://"},
    }));
    INFO(row.uri);
    const auto broker = sync::check_broker(row.uri);
    if (*row.want != '\0') {
        REQUIRE(broker);
        CHECK(*broker == row.want);
    } else {
        REQUIRE_FALSE(broker);
        CHECK(broker.error().detail.find(row.says) != std::string::npos);
    }
}

TEST_CASE("presence comes back as it was written, and no shortened one does") {
    const sync::Presence p{"online", "boot", "start", 3, "e1", 18446744073709551615U, 5, 0, "0.1.0"};
    const std::string text = sync::to_json(p);
    REQUIRE(sync::parse_presence(text));
    CHECK(*sync::parse_presence(text) == p);
    for (std::size_t n = 0; n < text.size(); ++n) {
        CAPTURE(n);
        CHECK_FALSE(sync::parse_presence(text.substr(0, n)));
    }
    for (const char* member : {"state", "boot", "start", "\"n\"", "epoch", "last", "acked", "feed", "version"}) {
        CAPTURE(member);
        std::string other = text;
        other.replace(other.find(member) + 1, 1, "?");
        CHECK_FALSE(sync::parse_presence(other));
    }
    CHECK_FALSE(sync::parse_presence(text + std::string(sync::presence_bytes, ' ')));
}

TEST_CASE("topics are split only where they are of this contract") {
    CHECK(sync::topic_of("g1", sync::ack_leaf) == "hefang/v1/g1/down/ack");
    const auto topic = sync::split_topic("hefang/v1/ncbz-bw03-g07/up/events");
    REQUIRE(topic);
    CHECK(topic->gateway == "ncbz-bw03-g07");
    CHECK(topic->leaf == "up/events");
    for (const char* other : {"", "hefang/v1/", "hefang/v1//up/events", "hefang/v2/g1/up/events", "hefang/v1/g1",
                              "hefang/v1/g +/up/events", "x/hefang/v1/g1/up/events"}) {
        CAPTURE(other);
        CHECK_FALSE(sync::split_topic(other));
    }
    CHECK(sync::is_gateway_id(std::string(64, 'a')));
    CHECK_FALSE(sync::is_gateway_id(std::string(65, 'a')));
    CHECK_FALSE(sync::is_gateway_id(""));
}
