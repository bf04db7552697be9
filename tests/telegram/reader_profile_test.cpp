#include "telegram/reader_profile.hpp"

#include <set>

#include <catch2/catch.hpp>

using namespace hefang::codec;

namespace {

/// What each telegram of `stream` means to a gateway that knows the profile: its codes, "-" for a no-read, "taken" or
/// "refused" for an answer to a command.
std::string meant(const ReaderProfile& profile, std::string_view stream, std::string_view position = {}) {
    auto format = format_of(profile);
    format.position = position;
    ScanFramer framer(framing_of(profile));
    std::string out;
    const auto add = [&](std::string_view word) { out += (out.empty() ? "" : " ") + std::string(word); };
    for (const char c : stream) {
        for (const auto& frame : framer.feed(std::string_view(&c, 1))) {
            if (!frame) {
                add(name(frame.error()));
                continue;
            }
            const auto answer = answer_of(*frame, profile);
            if (answer != Answer::none) {
                add(answer == Answer::taken ? "taken" : "refused");
                continue;
            }
            const auto telegram = decode_scan(*frame, format);
            if (telegram && telegram->codes.empty()) add("-");
            for (const auto& code : telegram->codes) add(code.text);
        }
    }
    return out;
}

}  // namespace

TEST_CASE("reader profiles: what each maker's readers send") {
    struct Row {
        const char* why;
        const char* profile;
        std::string_view stream;
        const char* want;
    };
    const auto row = GENERATE(values<Row>({
        {"a line", "generic", "WB1\r\n", "WB1"},
        {"CR alone ends as well", "generic", "WB1\rWB2\n", "WB1 WB2"},
        {"every maker's no-read", "generic", "NoRead\r\nNOREAD\r\nno read\r\nERROR\r\n?\r\n\x18\r\n", "- - - - - -"},
        {"DataMan: extended answers of the manual", "cognex-dataman", "||[0]\r\n||0:123[0]\r\n||[101]\r\n",
         "taken taken refused"},
        {"DataMan: every other status is a refusal", "cognex-dataman", "||[100]\r\n||7[104]\r\n||[105]\r\n",
         "refused refused refused"},
        {"DataMan: a code is no answer", "cognex-dataman", "WB[0]\r\n||WB\r\n", "WB[0] ||WB"},
        {"Keyence: the answer, then the data", "keyence-sr", "OK,LON\rWB1\r", "taken WB1"},
        {"Keyence: a command refused", "keyence-sr", "ER,LOFF,05\rER,LON,00\r", "refused refused"},
        {"Keyence: several codes, in order", "keyence-sr", "WB1,WB2\r", "WB1 WB2"},
        {"Keyence: nothing read", "keyence-sr", "OK,LOFF\rERROR\r", "taken -"},
        {"SICK: answers and no-read as sent on port 2112", "sick-clv",
         "\x02sAN mTCgateon 1\x03\x02sAN mTCgateon 0\x03\x02NoRead\x03\x02WB1\x03", "taken refused - WB1"},
        {"SICK: an error of the protocol", "sick-clv", "\x02sFA 1\x03", "refused"},
        {"SICK: nothing between STX and ETX is a no-read", "sick-clv", "\x02\x03", "-"},
        {"Hikrobot", "hikrobot", "NoRead\r\nWB1\r\n", "- WB1"},
        {"Datalogic: both no-reads, and answers", "datalogic", "\x18\r\nNOREAD\r\nACK\nNACK\nWB1\r\n",
         "- - taken refused WB1"},
        {"STX, data, ETX with an ACK awaited", "zebra-stx-etx", "\x02WB1\x03", "WB1"},
        {"Newland: the set-up dialogue is no code", "newland", "@@@@\r!99900030;\r?99900030;\r^^^^\rWB1\r",
         "taken taken refused taken WB1"},
    }));
    INFO(row.why);
    const auto* profile = reader_profile(row.profile);
    REQUIRE(profile != nullptr);
    CHECK(meant(*profile, row.stream) == row.want);
}

TEST_CASE("reader profiles: Keyence coordinates as captured") {
    const auto& keyence = *reader_profile("keyence-sr");
    CHECK(meant(keyence, "CRA370820!66/999,P1735623-01-A:SBYA2216500050X!330/959\r", "!") ==
          "CRA370820 P1735623-01-A:SBYA2216500050X");
}

TEST_CASE("reader profiles: each row can be used, and says where it is from") {
    std::set<std::string_view> names;
    for (const auto& profile : reader_profiles()) {
        CAPTURE(profile.name);
        CHECK(names.insert(profile.name).second);
        CHECK_FALSE(profile.source.empty());
        CHECK_FALSE(profile.unconfirmed.empty());
        CHECK((profile.trigger_off.empty() || !profile.trigger_on.empty()));
        const auto format = format_of(profile);
        const auto framing = framing_of(profile);
        const auto nothing = encode_scan({}, format, framing);
        CHECK(meant(profile, nothing) == "-");
        CHECK(meant(profile, encode_scan({{}, {{"WB1", ""}}, {}}, format, framing)) == "WB1");
        for (const auto command : {profile.trigger_on, profile.trigger_off}) {
            if (command.empty()) continue;  // a command has the reader's own frame
            ScanFramer framer(framing);
            CHECK(framer.feed(command).size() == 1);
        }
    }
    CHECK(reader_profile("no-such") == nullptr);
    CHECK(reader_profiles().front().name == "generic");
}
