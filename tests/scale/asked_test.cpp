#include "base/text.hpp"
#include "played/played.hpp"
#include "scale/scale.hpp"
#include "weight/dini.hpp"
#include "weight/mt_sics.hpp"
#include "weight/nci.hpp"
#include "weight/weight_line.hpp"
#include "weight/yaohua_command.hpp"

#include <deque>
#include <map>

#include <catch2/catch.hpp>

using namespace hefang;
using namespace hefang::driver;
using reading::WeightQuality;
using reading::WeightRead;

namespace {

/// An indicator that answers: each question takes the next line of `answers`, or the last one again. The test ends when
/// `until` has passed on the clock: the indicator hangs up then.
struct Asked {
    struct Answer {
        std::string bytes;  // empty: none
        std::int64_t after_ms = 20;
    };
    test::PlayedClock clock;
    BootTime until{1'010'000};
    std::deque<Answer> answers;
    std::map<std::string, std::deque<Answer>> answers_to;  // these questions have answers of their own
    std::deque<std::pair<BootTime, std::string>> coming;
    std::vector<std::string> questions;
    std::vector<BootTime> asked_at;

    void hear(std::string_view question) {
        questions.emplace_back(question);
        asked_at.push_back(clock.boot);
        auto own = answers_to.find(std::string(question));
        auto& from = own == answers_to.end() ? answers : own->second;
        if (from.empty()) return;
        const auto answer = from.front();
        if (from.size() > 1) from.pop_front();
        if (!answer.bytes.empty()) coming.emplace_back(clock.boot + answer.after_ms, answer.bytes);
    }
    Result<std::size_t> read(std::span<char> into, std::chrono::milliseconds limit) {
        if (clock.boot >= until) return fail(Errc::closed, "the test is over");
        const auto end = clock.boot + limit.count();
        if (coming.empty() || coming.front().first > end) {
            clock.boot = end;
            return fail(Errc::timeout, "silence");
        }
        const auto [at, bytes] = coming.front();
        coming.pop_front();
        clock.boot = std::max(clock.boot, at);
        std::copy(bytes.begin(), bytes.end(), into.begin());
        return bytes.size();
    }
};

class AskedLink final : public link::Link {
  public:
    explicit AskedLink(Asked& device) : device_(device) {}
    Result<std::size_t> read_some(std::span<char> into, std::chrono::milliseconds limit, const link::Stop&) override {
        return device_.read(into, limit);
    }
    Result<void> write_all(std::string_view bytes, std::chrono::milliseconds, const link::Stop&) override {
        device_.hear(bytes);
        return {};
    }
    void close() noexcept override {}

  private:
    Asked& device_;
};

class AskedEndpoint final : public link::Endpoint {
  public:
    explicit AskedEndpoint(Asked& device) : device_(device) {}
    Result<std::unique_ptr<link::Link>> open(std::chrono::milliseconds, const link::Stop&) override {
        return std::make_unique<AskedLink>(device_);
    }

  private:
    Asked& device_;
};

struct Played {
    Asked device;
    test::Posted posted;
    Counters counters;
    link::Stop stop;
    Error end{Errc::closed, ""};

    std::vector<WeightRead> lived(const char* protocol, std::map<std::string, std::string> said = {}) {
        Driver::Context context{device.clock, posted, counters, stop, [](Sign) {}};
        const DeviceConfig config{DeviceId("scale-1"), "scale", protocol, link::SerialAddress{"/dev/x"},
                                  std::move(said)};
        ScaleDriver driver(scale_settings(config), std::make_unique<AskedEndpoint>(device));
        end = driver.live(context);
        return posted.all<WeightRead>();
    }
};

codec::Indication at_rest(std::int64_t grams, codec::Rest rest = codec::Rest::stable) {
    return {Grams{grams}, Grams{1}, rest};
}
std::string sics(std::int64_t grams, codec::Rest rest = codec::Rest::stable) {
    return codec::encode_mt_sics(at_rest(grams, rest), 3);
}
std::string dini(std::int64_t grams) {
    return codec::encode_line(at_rest(grams), *codec::line_layout("dini-continuous"), 3);
}
std::string alibi(std::int64_t grams, std::string number, codec::Rest rest = codec::Rest::stable) {
    auto w = at_rest(grams, rest);
    w.alibi = std::move(number);
    return codec::encode_dini_record(w, 3);
}

}  // namespace

TEST_CASE("asked scale: each protocol has its question, and its answer is weighed") {
    struct Row {
        const char* protocol;
        std::map<std::string, std::string> said;
        std::string question;
        std::string answer;
    };
    const auto by = [](const char* layout) {
        return codec::encode_line(at_rest(1235), *codec::line_layout(layout), 3);
    };
    const auto row = GENERATE_COPY(values<Row>({
        {"mt-sics", {}, "SI\r\n", sics(1235)},
        {"mt-sics", {{"command", "S"}}, "S\r\n", sics(1235)},
        {"xk3190-command",
         {},
         "\x02"
         "AB03\x03",
         codec::encode_yaohua_answer('A', codec::YaohuaCommand::gross, Grams{1235}, 3)},
        {"xk3190-command",
         {{"address", "B"}, {"shows", "net"}},
         "\x02"
         "BD06\x03",
         codec::encode_yaohua_answer('B', codec::YaohuaCommand::net, Grams{1235}, 3)},
        {"sma", {}, "\nW\r", by("sma")},
        {"nci", {}, "W\r", codec::encode_nci(at_rest(1235), 3)},
        {"and-indicator-request", {}, "Q\r\n", by("and-indicator")},
        {"and-balance-request", {}, "Q\r\n", by("and-balance")},
        {"cardinal-sb400-request", {}, "\x05", by("cardinal-sb400")},
        {"sartorius-request", {}, "\x1BP\r\n", by("sartorius")},
        {"sartorius-22-request", {}, "\x1BP\r\n", by("sartorius-22")},
        {"radwag-request", {}, "SI\r\n", by("radwag")},
        {"dini-request", {}, "READ\r\n", by("dini-continuous")},
        {"dini-request", {{"address", "7"}}, "07READ\r\n", "07" + by("dini-continuous")},
        {"dini-extended-request", {}, "REXT\r\n", codec::encode_dini_extended(at_rest(1235), 3)},
    }));
    CAPTURE(row.protocol);
    Played played;
    played.device.answers = {{row.answer}};
    const auto read = played.lived(row.protocol, row.said);
    REQUIRE(read.size() == 1);
    CHECK(read[0].grams == Grams{1235});
    CHECK(read[0].quality == WeightQuality::stable);
    CHECK(to_hex(row.answer).find(read[0].record.raw) != std::string::npos);
    for (const auto& question : played.device.questions) CHECK(question == row.question);
    CHECK(played.counters.value("no-answer") == 0);
    CHECK(played.counters.value("refused-unasked") == 0);
}

TEST_CASE("asked scale: every protocol that is asked stands in the test above or has one of its own") {
    std::size_t asked = 0;
    for (const auto& row : scale_protocols()) {
        if (row.ask == nullptr) continue;
        CAPTURE(row.name);
        CHECK_FALSE(row.source.empty());
        ++asked;
    }
    CHECK(asked == 13);
}

TEST_CASE("asked scale: one question in flight, no sooner than its time") {
    Played played;
    played.device.answers = {{sics(1235), 30}, {sics(1235), 180}, {sics(1235), 30}};
    (void)played.lived("mt-sics");
    const auto& at = played.device.asked_at;
    REQUIRE(at.size() > 4);
    CHECK(at[0] == BootTime{1'000'500});
    CHECK(at[1] - at[0] == 100);
    CHECK(at[2] - at[1] == 180);  // its answer took longer than the period
    CHECK(at[3] - at[2] == 100);
}

TEST_CASE("asked scale: a late answer is not the next one's") {
    // The first question after the load changed is answered too late, within the quiet time or behind it.
    const auto late = GENERATE(std::int64_t{520}, std::int64_t{700}, std::int64_t{999});
    CAPTURE(late);
    Played played;
    auto& answers = played.device.answers;
    for (int i = 0; i < 3; ++i) answers.push_back({sics(0)});
    answers.push_back({sics(9995), late});
    answers.push_back({sics(1235)});
    const auto read = played.lived("mt-sics");
    REQUIRE(read.size() == 1);
    CHECK(read[0].grams == Grams{1235});
    CHECK(played.counters.value("no-answer") == 1);
    CHECK(played.counters.value("refused-unasked") == 1);
}

TEST_CASE("asked scale: two answers to one question are none, and what was weighed before counts anew") {
    Played played;
    auto& answers = played.device.answers;
    for (int i = 0; i < 4; ++i) answers.push_back({sics(1235)});
    answers.push_back({sics(1235) + sics(1235)});
    for (int i = 0; i < 4; ++i) answers.push_back({sics(1235)});
    answers.push_back({""});
    played.device.until = BootTime{1'004'000};
    CHECK(played.lived("mt-sics").empty());
    CHECK(played.counters.value("refused-unasked") == 1);
}

TEST_CASE("asked scale: an answer in pieces, its end in a read of its own") {
    Played played;
    const auto whole = sics(1235);
    auto& device = played.device;
    for (int i = 0; i < 40; ++i) {
        const BootTime at{1'000'500 + 100 * i};
        device.coming.emplace_back(at + 10, whole.substr(0, 7));
        device.coming.emplace_back(at + 20, whole.substr(7, whole.size() - 8));
        device.coming.emplace_back(at + 30, whole.substr(whole.size() - 1));
    }
    device.until = BootTime{1'004'000};
    const auto read = played.lived("mt-sics");
    REQUIRE(read.size() == 1);
    CHECK(read[0].grams == Grams{1235});
    CHECK(played.counters.value("refused-unasked") == 0);
}

TEST_CASE("asked scale: what is said without a weight") {
    struct Row {
        const char* why;
        std::string answer;
        const char* counter;
        bool lost;  // no sign of life
    };
    const auto row = GENERATE(values<Row>({
        {"cannot now: it is there all the same", "S I\r\n", "refused-busy", false},
        {"does not understand", "ES\r\n", "refused-not-understood", true},
        {"overload", "S +\r\n", "frames", false},
        {"nothing", "", "no-answer", true},
        {"noise", "xyz\r\n", "refused-bad-layout", true},
    }));
    INFO(row.why);
    Played played;
    played.device.answers = {{row.answer}};
    CHECK(played.lived("mt-sics").empty());
    CHECK(played.counters.value(row.counter) > 0);
    CHECK((played.end.code == Errc::timeout) == row.lost);
    if (row.lost) CHECK_THAT(played.end.detail, Catch::Contains(row.answer.empty() ? "silent" : "check protocol"));
}

TEST_CASE("asked scale: one that sends by itself is never asked, never weighed, and counts as lost") {
    Played played;
    for (int i = 0; i < 100; ++i) played.device.coming.emplace_back(BootTime{1'000'000 + 50 * i}, sics(1235));
    CHECK(played.lived("mt-sics").empty());
    CHECK(played.device.questions.empty());
    CHECK(played.end.code == Errc::timeout);
    CHECK_THAT(played.end.detail, Catch::Contains("check protocol"));
    CHECK(played.counters.value("refused-unasked") > 0);
}

TEST_CASE("asked scale: SIR is asked once, and then sent by itself") {
    Played played;
    for (int i = 0; i < 40; ++i) played.device.coming.emplace_back(BootTime{1'000'000 + 50 * i}, sics(1235));
    played.device.until = BootTime{1'001'900};
    const auto read = played.lived("mt-sics", {{"command", "SIR"}});
    REQUIRE(read.size() == 1);
    CHECK(played.device.questions == std::vector<std::string>{"SIR\r\n"});
}

TEST_CASE("alibi: a weighing that settled is kept on the indicator's record before it is said") {
    struct Row {
        const char* why;
        std::deque<Asked::Answer> records;
        WeightQuality quality;
        std::int64_t grams;
        const char* number;
        std::size_t orders;
    };
    static const std::string id = "00000-000158";  // the rows outlive one run of the test
    const auto row = GENERATE_COPY(values<Row>({
        {"kept at once", {{alibi(1235, id)}}, WeightQuality::stable, 1235, id.c_str(), 1},
        {"one interval away: what is on record counts",
         {{alibi(1240, id)}},
         WeightQuality::stable,
         1240,
         id.c_str(),
         1},
        {"kept at the second order",
         {{alibi(1235, "NO", codec::Rest::motion)}, {alibi(1235, id)}},
         WeightQuality::stable,
         1235,
         id.c_str(),
         2},
        {"kept at the last order",
         {{""}, {alibi(1235, "NO")}, {alibi(1235, id)}},
         WeightQuality::stable,
         1235,
         id.c_str(),
         3},
        {"never kept", {{alibi(1235, "NO")}}, WeightQuality::unstable, 1235, "", 3},
        {"never answered: the connection ends first", {{""}}, WeightQuality::unstable, 1235, "", 2},
        {"another load is on record", {{alibi(1241, id)}}, WeightQuality::unstable, 1235, "", 3},
        {"a display instead of a record", {{dini(1235)}}, WeightQuality::unstable, 1235, "", 3},
        {"not now", {{"ERR03\r\n"}}, WeightQuality::unstable, 1235, "", 3},
    }));
    INFO(row.why);
    Played played;
    played.device.answers = {{dini(1235)}};
    played.device.answers_to["PID\r\n"] = row.records;
    const auto read = played.lived("dini-alibi", {{"interval_g", "5"}});
    REQUIRE(read.size() == 1);
    CHECK(read[0].quality == row.quality);
    CHECK(read[0].grams == Grams{row.grams});
    CHECK(read[0].record.alibi == row.number);
    CHECK(read[0].record.copy == (row.quality == WeightQuality::stable));
    const auto& asked = played.device.questions;
    CHECK(static_cast<std::size_t>(std::count(asked.begin(), asked.end(), "PID\r\n")) == row.orders);
    CHECK(played.counters.value("not-kept") == (row.quality == WeightQuality::stable ? 0U : 1U));
}

TEST_CASE("alibi: a connection that ends while a weighing is being kept says it, as one that does not count") {
    Played played;
    played.device.answers = {{dini(1235)}};
    played.device.answers_to["PID\r\n"] = {{""}};
    played.device.until = BootTime{1'001'200};  // after the first order
    const auto read = played.lived("dini-alibi");
    REQUIRE(read.size() == 1);
    CHECK(read[0].quality == WeightQuality::unstable);
    CHECK(played.counters.value("not-kept") == 1);
}
