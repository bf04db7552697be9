#include "store/passages.hpp"

#include "evidence/event.hpp"
#include "scratch.hpp"

#include <random>

using namespace hefang;
using namespace hefang::test;

namespace {

core::PassageActuated actuated(const std::string& waybill, bool left, const std::string& passage = "p") {
    core::PassageActuated f;
    f.passage = core::PassageId(passage), f.waybill = waybill, f.left_by_release = left;
    f.result = core::Actuation::diverted;
    return f;
}

}  // namespace

TEST_CASE("what a passage leaves behind") {
    auto no_sorter = decided("W", core::Verdict::release);
    no_sorter.chute = 0;
    auto held = decided("W");
    held.chute = 0;
    auto revised = decided("W");
    revised.revision = 2;
    auto reweigh = decided("W", core::Verdict::inspect);
    reweigh.parcel_class = core::ParcelClass::reweigh;
    auto unread = decided("");
    struct Row {
        const char* why;
        core::Fact fact;
        std::optional<store::PassageMark> want;
    };
    using Mark = store::PassageMark;
    const Row rows[] = {
        {"held on a sorter", decided("W"), Mark{"W", true, false, false}},
        {"release on a sorter leaves only when the sorter says so", decided("W", core::Verdict::release),
         Mark{"W", true, false, false}},
        {"release where no sorter is", no_sorter, Mark{"W", true, true, false, no_sorter.passage}},
        {"hold where no sorter is", held, Mark{"W", true, false, false}},
        {"a second revision is no second attempt", revised, Mark{"W", false, false, false}},
        {"sent to be weighed again", reweigh, Mark{"W", true, false, true}},
        {"diverted to release", actuated("W", true), Mark{"W", false, true, false, core::PassageId("p")}},
        {"diverted elsewhere", actuated("W", false), Mark{"W", false, false, false}},
        {"nothing was read", unread, std::nullopt},
        {"actuated without a number", actuated("", true), std::nullopt},
        {"another fact", core::ReceiptTaken{"W", "I", "800", ""}, std::nullopt},
        {"a number that needs escapes", decided("a\"\\放"), Mark{"a\"\\放", true, false, false}},
    };
    const evidence::EventWriter writer({"g", "", "e", "", "+08:00", {}});
    std::string bytes;
    for (const auto& row : rows) {
        INFO(row.why);
        CHECK(store::mark_of(row.fact) == row.want);
        writer.write(row.fact, 1, {}, noon, bytes);
        CHECK(store::mark_of(std::string_view(bytes)) == row.want);
    }
    CHECK_FALSE(store::mark_of(std::string_view("")));
    CHECK_FALSE(store::mark_of(std::string_view("{\"type\":\"hefang.passage.decided.v1\"}")));
    CHECK(store::numbers_of("").empty());
}

TEST_CASE("history is the same from the tail, the table, and both") {
    const Scratch scratch(true);
    std::mt19937 random(17);
    std::map<std::string, core::History> want;
    auto options = options_at(scratch);
    options.tail_limit = 50;
    auto store = open_store(options);
    const auto check = [&] {
        for (const auto& [waybill, history] : want) {
            CAPTURE(waybill, store->head().sequence);
            REQUIRE(store->history(waybill) == history);
        }
        REQUIRE(store->history("never") == core::History{});
    };
    for (int i = 0; i < 200; ++i) {
        std::vector<core::Fact> facts;
        const bool keep = random() % 5 != 0;
        for (auto n = random() % 5; n > 0; --n) {
            const std::string waybill = "W" + std::to_string(random() % 20);
            core::Fact fact = decided(waybill);
            if (random() % 4 == 0)
                fact = actuated(waybill, random() % 2 == 0, "p" + std::to_string(random()));
            else if (random() % 4 == 0)
                std::get<core::PassageDecided>(fact).parcel_class = core::ParcelClass::reweigh;
            const auto mark = store::mark_of(fact);
            if (keep) {
                want[waybill].attempts += mark->attempt ? 1 : 0;
                want[waybill].left_by_release |= mark->left;
                if (mark->left) want[waybill].released = mark->passage;
                want[waybill].reweighed |= mark->reweighed;
            }
            facts.push_back(std::move(fact));
        }
        REQUIRE(store->begin());
        REQUIRE(store->append(facts, noon));
        if (keep)
            REQUIRE(store->commit());
        else
            store->rollback();
        check();
        if (random() % 8 == 0) {
            const auto left = store->index_some(random() % 20);
            REQUIRE(left);
            check();
        }
        if (random() % 20 == 0) {
            store.reset();
            store = open_store(options);
            check();
        }
        const auto left = store->index_some(0);
        REQUIRE(left);
        REQUIRE(*left <= options.tail_limit + 5);  // bounded even when nobody is ever idle
    }
    while (*store->index_some(7) > 0) {
    }
    check();
    CHECK(store->cursor("passages") == store->head().sequence);
}

TEST_CASE("a held duplicate is found by the passage that it repeats") {
    auto again = decided("W");
    again.duplicate_of = core::PassageId("the-first");
    const evidence::EventWriter writer({"g", "", "e", "", "+08:00", {}});
    std::string bytes;
    writer.write(again, 1, {}, noon, bytes);
    const auto numbers = store::numbers_of(bytes);
    CHECK(std::find(numbers.begin(), numbers.end(), "the-first") != numbers.end());
}
