#include "evidence/event.hpp"

#include "base/text.hpp"
#include "evidence/canonical.hpp"
#include "evidence/members.hpp"
#include "random_fact.hpp"

#include <fstream>
#include <iterator>

#include <catch2/catch.hpp>
#include <nlohmann/json.hpp>

using namespace hefang;
using evidence::EventWriter;

namespace {

const evidence::Envelope site{"ncbz-bw03-g07",
                              "ncbz-bw03",
                              "0192f3c1-77aa-7c01-9e0d-5b1f0c9f8e11",
                              "6f1c7e1e-0c5d-4b8e-9f6a-0f3b1d2c4a5b",
                              "+08:00",
                              {{"line-1", "parcel-sort"}}};
const Now now{{1'795'400'107'419}, {86'755'123}, ClockState::synced};

std::string written(const core::Fact& fact, const evidence::Envelope& envelope = site,
                    std::uint64_t sequence = 184'467) {
    std::string out;
    EventWriter(envelope).write(fact, sequence, sha256("before"), now, out);
    return out;
}

core::PassageDecided sample() {
    core::PassageDecided f;
    f.passage = core::PassageId("0192f3c1-9999-7c01-9e0d-5b1f0c9f8e11");
    f.lane = LaneId("line-1");
    f.waybill = "YT8876543210987";
    f.event = {1'795'400'107'412};
    f.verdict = core::Verdict::release;
    f.parcel_class = core::ParcelClass::release;
    f.reasons = {core::Reason::customs_released};
    f.ground = {"800",
                "20261123091455012",
                "inbox",
                "R",
                "40022026I000123456",
                "999-12345675",
                {{"120", "20261123090000000"}, {"800", "20261123091455012"}},
                2,
                1,
                "20261122080000",
                {}};
    f.weight =
        core::WeightTaken{Grams{1284}, Grams{1290}, Grams{50}, Grams{5}, core::Weighed::stable, DeviceId("scale-1")};
    f.policy = "2026.11.20-1";
    f.chute = 1;
    f.sorter = DeviceId("sorter-1");
    f.session = 18'446'744'073'709'551'615U;
    f.sequence = 7;
    return f;
}

}  // namespace

TEST_CASE("a decided passage is written as the contract shows it") {
    CHECK(
        written(sample()) ==
        R"({"boot":"6f1c7e1e-0c5d-4b8e-9f6a-0f3b1d2c4a5b","clock":"synced",)"
        R"("data":{"attempt":1,"chute":1,"class":"release","flow":"parcel-sort","freshness":"not-checked","lane":"line-1",)"
        R"("passage":"0192f3c1-9999-7c01-9e0d-5b1f0c9f8e11","policy":"2026.11.20-1","reasons":["customs-released"],)"
        R"("revision":1,"secondWeighing":false,)"
        R"("slot":{"sequence":7,"session":"18446744073709551615","sorter":"sorter-1"},"verdict":"release",)"
        R"("weight":{"allowedGrams":50,"declaredGrams":1290,"device":"scale-1","grams":1284,"intervalGrams":5,"quality":"stable","stable":true},)"
        R"("what":{"consignment":"999-12345675","inventory":"40022026I000123456","waybill":"YT8876543210987"},)"
        R"("when":{"eventTime":"2026-11-23T02:15:07.412Z","eventTimeZoneOffset":"+08:00"},)"
        R"("where":{"bizLocation":"ncbz-bw03","readPoint":"ncbz-bw03-g07/line-1"},)"
        R"("why":{"bizStep":"inspecting","declarations":1,"declaredAt":"20261122080000","directives":[],"receiptCount":2,)"
        R"("receipts":[{"status":"120","time":"20261123090000000"},{"status":"800","time":"20261123091455012"}],)"
        R"("source":"inbox","state":"R","status":"800","statusTime":"20261123091455012"}},)"
        R"("datacontenttype":"application/json","epoch":"0192f3c1-77aa-7c01-9e0d-5b1f0c9f8e11",)"
        R"("id":"0192f3c1-77aa-7c01-9e0d-5b1f0c9f8e11/184467","mono":"86755123","prevhash":")" +
            hex(sha256("before")) +
            R"(","recordedtime":"2026-11-23T02:15:07.419Z","sequence":"184467","source":"urn:hefang:ncbz-bw03-g07",)"
            R"("specversion":"1.0","subject":"waybill/YT8876543210987","time":"2026-11-23T02:15:07.412Z",)"
            R"("type":"hefang.passage.decided.v1"})");
}

TEST_CASE("a weighing carries what the indicator said with it, and only what it said") {
    auto f = sample();
    f.weight->record = {"kg", true, Grams{200}, true, "02203030", "00000-000158", true};
    CHECK_THAT(written(f),
               Catch::Contains(R"("weight":{"alibi":"00000-000158","allowedGrams":50,"copy":true,"declaredGrams":1290,)"
                               R"("device":"scale-1","grams":1284,"intervalGrams":5,"net":true,"presetTare":true,)"
                               R"("quality":"stable","raw":"02203030","stable":true,"tareGrams":200,"unit":"kg"})"));
    f.weight->record = {"kg", false, {}, false, "02", "", false};
    CHECK_THAT(written(f),
               Catch::Contains(R"("intervalGrams":5,"quality":"stable","raw":"02","stable":true,"unit":"kg"})"));
}

TEST_CASE("a decided passage names the images that it rests on, and what was said of them") {
    auto f = sample();
    f.images = {{std::string(64, '5'), 4'211'904, "image/png", DeviceId("xray-1")}};
    f.screening = core::ScreeningTaken{core::Screened::clear, DeviceId("xray-1"),  "A17", "op7",
                                       "20261123101507",      std::string(64, '6')};
    const auto bytes = written(f);
    CHECK_THAT(bytes,
               Catch::Contains(R"("freshness":"not-checked","images":[{"bytes":4211904,"device":"xray-1","sha256":")" +
                               std::string(64, '5') + R"(","type":"image/png"}],"lane":)"));
    CHECK_THAT(bytes, Catch::Contains(R"(,"xray":{"device":"xray-1","judgement":")" + std::string(64, '6') +
                                      R"(","operator":"op7","result":"clear","scan":"A17","time":"20261123101507"}})"));
    const auto back = evidence::parse_event(bytes);
    REQUIRE(back);
    CHECK(std::get<core::PassageDecided>(back->fact) == f);
    CHECK_THAT(written(sample()), !Catch::Contains("images") && !Catch::Contains("xray"));
}

TEST_CASE("a duplicate names the passage that it repeats, and only then") {
    auto f = sample();
    f.duplicate_of = core::PassageId("0192f3c1-1111-7c01-9e0d-5b1f0c9f8e11");
    CHECK_THAT(written(f),
               Catch::Contains(R"("class":"release","duplicateOf":"0192f3c1-1111-7c01-9e0d-5b1f0c9f8e11","flow":)"));
    CHECK_THAT(written(sample()), !Catch::Contains("duplicateOf"));
}

TEST_CASE("the worked row of docs/journal.md") {
    const std::string epoch = "019ab4f2-8c00-7c01-9e0d-5b1f0c9f8e11";
    std::string out;
    EventWriter({"ncbz-bw03-g07", "", epoch, "", "+08:00", {}})
        .write(core::EpochOpened{epoch, "", "new-database"}, 1, {}, now, out);
    CHECK(out.size() == 555);
    const std::string hash = hex(evidence::hash_of(out));
    CHECK(hash == "08197019948129c72adf4b5dd4c76c680f1c963c0636072d46143a950d6a1077");
    std::ifstream page(HEFANG_SOURCE_DIR "/docs/journal.md");
    const std::string text((std::istreambuf_iterator<char>(page)), {});
    CHECK(text.find(hash) != std::string::npos);
}

TEST_CASE("what was written is canonical: equal to the sorted dump of its own parse") {
    for (const bool dirty : {false, true}) {
        test::RandomFacts facts(dirty ? 7 : 5, dirty);
        for (int i = 0; i < 4000; ++i) {
            const auto bytes = written(facts.next());
            CAPTURE(dirty, i, bytes);
            const auto parsed = nlohmann::json::parse(bytes);  // objects are sorted maps: dump() is JCS for ASCII names
            REQUIRE(parsed.dump() == bytes);
            REQUIRE(is_clean_utf8(bytes));
            REQUIRE(bytes.size() < evidence::event_bytes);
        }
    }
}

TEST_CASE("a fact survives the way to bytes and back") {
    test::RandomFacts facts(11, false);
    for (int i = 0; i < 4000; ++i) {
        const auto fact = facts.next();
        const auto bytes = written(fact);
        CAPTURE(i, bytes);
        const auto back = evidence::parse_event(bytes);
        REQUIRE(back);
        REQUIRE(back->fact == fact);
        REQUIRE(back->type == core::name_of(fact));
        REQUIRE(back->sequence == 184'467);
        REQUIRE(back->epoch == site.epoch);
        REQUIRE(back->boot == site.boot);
        REQUIRE(back->prevhash == sha256("before"));
        REQUIRE(back->recorded.wall == now.wall);
        REQUIRE(back->recorded.boot == now.boot);
    }
}

TEST_CASE("texts that were cleaned or cut are stable from then on") {
    test::RandomFacts facts(13, true);
    for (int i = 0; i < 2000; ++i) {
        const auto bytes = written(facts.next());
        const auto back = evidence::parse_event(bytes);
        CAPTURE(bytes);
        REQUIRE(back);
        REQUIRE(written(back->fact) == bytes);
    }
}

TEST_CASE("the longest possible fact stays below 32 KiB") {
    for (const std::string& worst :
         {std::string(100'000, '"'), std::string(100'000, '\xff'), std::string(100'000, '\0')}) {
        auto f = sample();
        f.passage = core::PassageId(worst), f.lane = LaneId(worst), f.waybill = worst, f.policy = worst;
        f.sorter = DeviceId(worst);
        f.codes.assign(1000, worst);
        f.reasons.assign(1000, core::Reason::declared_weight_implausible);
        f.weight->device = DeviceId(worst);
        f.images.assign(1000, {worst, INT64_MIN, worst, DeviceId(worst)});
        f.screening = core::ScreeningTaken{core::Screened::view_missing, DeviceId(worst), worst, worst, worst, worst};
        f.weight->measured = f.weight->declared = f.weight->allowed = Grams{INT64_MIN};
        f.ground = {worst,
                    worst,
                    worst,
                    worst,
                    worst,
                    worst,
                    std::vector<core::ReceiptUsed>(1000, {worst, worst}),
                    INT64_MAX,
                    INT64_MIN,
                    worst,
                    std::vector<std::string>(100, worst)};
        evidence::Envelope envelope{worst, worst, worst, worst, worst, {{worst, worst}}};
        const auto bytes = written(f, envelope, UINT64_MAX);
        CHECK(bytes.size() < evidence::event_bytes);
        CHECK(bytes.size() > 12'000);  // the limits were really reached
        CHECK(nlohmann::json::parse(bytes).dump() == bytes);
        CHECK(evidence::parse_event(bytes));
        const auto message =
            written(core::MessageTaken{worst, worst, worst, INT64_MAX, INT64_MAX, 1, 1, worst}, envelope);
        CHECK(message.size() < evidence::event_bytes);
    }
}

TEST_CASE("lists keep the right end") {
    auto f = sample();
    f.codes.clear(), f.ground.receipts.clear();
    for (int i = 0; i < 40; ++i) {
        f.codes.push_back("C" + std::to_string(i));
        f.ground.receipts.push_back({std::to_string(i), ""});
    }
    const auto back = std::get<core::PassageDecided>(evidence::parse_event(written(f))->fact);
    REQUIRE(back.codes.size() == 32);
    CHECK(back.codes.front() == "C0");
    REQUIRE(back.ground.receipts.size() == 32);
    CHECK(back.ground.receipts.front().status == "8");
    CHECK(back.ground.receipts.back().status == "39");
}

TEST_CASE("cleaning texts") {
    struct Row {
        const char* why;
        std::string in;
        std::size_t max;
        std::string want;
    };
    const Row rows[] = {
        {"plain", "AB 12", 5, "AB 12"},
        {"exactly the limit, then one over", "ABCDE", 4, "ABCD"},
        {"quote and backslash are escaped", "a\"b\\c", 9, R"(a\"b\\c)"},
        {"the limit counts before escapes", "\"\"\"", 2, R"(\"\")"},
        {"a character is not cut in half", "放放", 5, "放"},
        {"a whole character at the limit stays", "放放", 6, "放放"},
        {"GS of a GS1 code is shown, not lost",
         "01\x1d"
         "21",
         99, R"(01\\x1d21)"},
        {"broken UTF-8", "a\xff", 99, R"(a\\xff)"},
        {"NUL", std::string("a\0b", 3), 99, R"(a\\x00b)"},
        {"DEL and C1 are controls", "\x7f\xc2\x85", 99, R"(\\x7f\\xc2\\x85)"},
        {"empty", "", 9, ""},
    };
    for (const auto& row : rows) {
        INFO(row.why);
        std::string out;
        evidence::append_text(out, row.in, row.max);
        CHECK(out == row.want);
    }
}

TEST_CASE("times to text and back") {
    for (const auto& [ms, want] :
         std::initializer_list<std::pair<std::int64_t, std::string>>{{0, "1970-01-01T00:00:00.000Z"},
                                                                     {-1, "1969-12-31T23:59:59.999Z"},
                                                                     {951'782'400'000, "2000-02-29T00:00:00.000Z"},
                                                                     {1'795'400'107'412, "2026-11-23T02:15:07.412Z"},
                                                                     {4'107'542'399'999, "2100-02-28T23:59:59.999Z"},
                                                                     {253'402'300'799'999, "9999-12-31T23:59:59.999Z"},
                                                                     {253'402'300'800'000, "9999-12-31T23:59:59.999Z"},
                                                                     {-62'135'596'800'000, "0001-01-01T00:00:00.000Z"},
                                                                     {INT64_MIN, "0001-01-01T00:00:00.000Z"}}) {
        std::string out;
        evidence::append_time(out, {ms});
        CHECK(out == want);
        const auto back = evidence::parse_time(out);
        REQUIRE(back);
        if (ms > -62'135'596'800'000 && ms < 253'402'300'800'000) {
            CHECK(back->ms == ms);
            CHECK(out == rfc3339({ms}));
        }
    }
    for (const char* bad : {"", "2026-11-23T02:15:07Z", "2026-02-29T00:00:00.000Z", "2026-13-01T00:00:00.000Z",
                            "2026-01-00T00:00:00.000Z", "2026-01-01T24:00:00.000Z", "2026-01-01T00:60:00.000Z",
                            "2026-01-01T00:00:60.000Z", "2026-01-01T00:00:00.000+", "2026-01-01 00:00:00.000Z",
                            "2026-01-01T00:00:00.0 0Z"})
        CHECK_FALSE(evidence::parse_time(bad));
}

TEST_CASE("reading back trusts nothing") {
    const auto good = written(sample());
    REQUIRE(evidence::parse_event(good));
    const auto with = [&](std::string_view from, std::string_view to) {
        auto bytes = good;
        const auto at = bytes.find(from);
        REQUIRE(at != std::string::npos);
        return bytes.replace(at, from.size(), to);
    };
    struct Row {
        const char* why;
        std::string bytes;
        const char* word;  ///< of the refusal
    };
    const Row rows[] = {
        {"a doubled member could show two values to two readers",
         with("\"revision\":1", "\"revision\":1,\"revision\":2"), "twice"},
        {"doubled at the top", with("\"clock\":", "\"clock\":\"synced\",\"clock\":"), "twice"},
        {"nested too deep", with("\"directives\":[]", "\"directives\":[[[[[[[[]]]]]]]]"), "deep"},
        {"too large", good + std::string(evidence::event_bytes, ' '), "32 KiB"},
        {"an unknown type", with("passage.decided", "passage.dreamt"), "not known"},
        {"another version of a type", with("decided.v1", "decided.v2"), "contract"},
        {"a verdict that does not exist", with("\"verdict\":\"release\"", "\"verdict\":\"maybe\""), "verdict"},
        {"a class that does not exist", with("\"class\":\"release\"", "\"class\":\"x\""), "class"},
        {"a reason that does not exist", with("customs-released", "customs-relaxed"), "reasons"},
        {"a fraction", with("\"revision\":1", "\"revision\":1.5"), "revision"},
        {"out of the member's range", with("\"revision\":1", "\"revision\":2147483648"), "revision"},
        {"beyond 2^53", with("\"grams\":1284", "\"grams\":9007199254740992"), "grams"},
        {"text where a number belongs", with("\"grams\":1284", "\"grams\":\"1284\""), "grams"},
        {"slot number too large", with("\"sequence\":7", "\"sequence\":65536"), "sequence"},
        {"a weighing that came to nothing known", with("\"quality\":\"stable\"", "\"quality\":\"good\""), "quality"},
        {"null instead of absent", with("\"policy\":\"2026.11.20-1\"", "\"policy\":null"), "policy"},
        {"hash too short", with("\"prevhash\":\"", "\"prevhash\":\"0"), "SHA-256"},
        {"sequence with a leading zero", with("\"sequence\":\"184467\"", "\"sequence\":\"0184467\""), "sequence"},
        {"a missing member", with("\"verdict\":\"release\",", ""), "verdict"},
        {"broken UTF-8", with("YT88", "YT\xff"), "refused"},
        {"no object", "[]", "object"},
    };
    for (const auto& row : rows) {
        INFO(row.why);
        const auto read = evidence::parse_event(row.bytes);
        REQUIRE_FALSE(read);
        CHECK(read.error().code == Errc::refused);
        CHECK_THAT(read.error().detail, Catch::Contains(row.word));
    }
    CHECK(evidence::parse_event(
        with("\"revision\":1", "\"new\":{\"x\":1},\"revision\":1")));  // members of later versions
    for (std::size_t n = 0; n < good.size(); ++n) {
        CAPTURE(n);
        REQUIRE_FALSE(evidence::parse_event(good.substr(0, n)));
        REQUIRE_FALSE(evidence::top_level(good.substr(0, n)));
    }
}
