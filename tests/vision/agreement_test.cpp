#include "vision/agreement.hpp"

#include <catch2/catch.hpp>

using namespace hefang;
using codec::SeenCode;
using codec::Symbology;
using vision::Agreement;
using vision::untreated;

namespace {

struct Saw {
    Symbology symbology;
    const char* text;
    int treatment;
    int region = 0;
};
using Texts = std::vector<std::string>;

Texts told(const std::vector<Saw>& reads, codec::SightOptions options = {}) {
    Agreement agreement(std::move(options));
    for (const auto& r : reads) agreement.saw({r.symbology, "", r.text}, r.treatment, r.region);
    Texts out;
    for (const auto& code : agreement.told()) out.push_back(code.text);
    return out;
}

}  // namespace

TEST_CASE("what counts at once and what needs another read") {
    using S = Symbology;
    struct Row {
        const char* why;
        std::vector<Saw> reads;
        Texts want;
    };
    const auto row = GENERATE(values<Row>({
        {"Code 128 has a check of its own", {{S::code128, "A1", 5}}, {"A1"}},
        {"QR too", {{S::qr, "A1", 5}}, {"A1"}},
        {"Data Matrix too", {{S::data_matrix, "A1", 5}}, {"A1"}},
        {"PDF417 too", {{S::pdf417, "A1", 5}}, {"A1"}},
        {"Code 39 once", {{S::code39, "A1", 1}}, {}},
        {"Code 39 once, untreated", {{S::code39, "A1", untreated}}, {}},
        {"Code 39 twice by one treatment is once", {{S::code39, "A1", 1}, {S::code39, "A1", 1}}, {}},
        {"Code 39 by two treatments", {{S::code39, "A1", 1}, {S::code39, "A1", 2}}, {"A1"}},
        {"Code 39 twice with other texts", {{S::code39, "A1", 1}, {S::code39, "A2", 2}}, {}},
        {"Code 39 of two places is not twice the same", {{S::code39, "A1", 1, 0}, {S::code39, "A1", 2, 1}}, {}},
        {"Codabar once", {{S::codabar, "123", 1}}, {}},
        {"Codabar by two treatments", {{S::codabar, "123", 1}, {S::codabar, "123", 2}}, {"123"}},
        {"ITF once", {{S::itf, "123456", 1}}, {}},
        {"ITF by two treatments", {{S::itf, "123456", 1}, {S::itf, "123456", 2}}, {"123456"}},
        {"EAN-13 as it came", {{S::ean13, "4006381333931", untreated}}, {"4006381333931"}},
        {"EAN-13 treated once", {{S::ean13, "4006381333931", 1}}, {}},
        {"EAN-13 by two treatments",
         {{S::ean13, "4006381333931", 1}, {S::ean13, "4006381333931", 2}},
         {"4006381333931"}},
        {"EAN-8 as it came", {{S::ean8, "96385074", untreated}}, {"96385074"}},
        {"EAN-8 by two treatments", {{S::ean8, "96385074", 1}, {S::ean8, "96385074", 2}}, {}},
        {"EAN-8 by three treatments",
         {{S::ean8, "96385074", 1}, {S::ean8, "96385074", 2}, {S::ean8, "96385074", 3}},
         {"96385074"}},
        {"UPC-A treated once", {{S::upc_a, "012345678905", 1}}, {}},
        {"a code without text", {{S::code128, "", 1}}, {}},
        {"the same code of two places is told once", {{S::qr, "A1", 1, 0}, {S::qr, "A1", 1, 1}}, {"A1"}},
        {"two texts of one place that both would count",
         {{S::code39, "A1", 1}, {S::code39, "A1", 2}, {S::code39, "A2", 3}, {S::code39, "A2", 4}},
         {}},
        {"two texts of two places", {{S::code128, "A1", 1, 0}, {S::code128, "A2", 1, 1}}, {"A1", "A2"}},
    }));
    INFO(row.why);
    CHECK(told(row.reads) == row.want);
}

TEST_CASE("UPC-E is told only when asked for") {
    const std::vector<Saw> reads{{Symbology::upc_e, "01234565", untreated}};
    CHECK(told(reads) == Texts{});
    codec::SightOptions asked;
    asked.upc_e = true;
    CHECK(told(reads, asked) == Texts{"01234565"});
}

TEST_CASE("ITF is told at its lengths only, and never as a piece") {
    using S = Symbology;
    const auto twice = [](const char* text, int region = 0) {
        return std::vector<Saw>{{S::itf, text, 1, region}, {S::itf, text, 2, region}};
    };
    CHECK(told(twice("1234")) == Texts{});
    CHECK(told(twice("123456")) == Texts{"123456"});
    CHECK(told(twice("1234567")) == Texts{});
    CHECK(told(twice("12345678")) == Texts{"12345678"});
    const codec::SightOptions fourteen{150, false, {14}};
    CHECK(told(twice("123456"), fourteen) == Texts{});
    CHECK(told(twice("12345678901231"), fourteen) == Texts{"12345678901231"});

    auto piece = twice("345678");
    const auto longer = twice("12345678", 1);
    piece.insert(piece.end(), longer.begin(), longer.end());
    CHECK(told(piece) == Texts{"12345678"});
    auto of_once = twice("345678");
    of_once.push_back({S::itf, "12345678", 1, 1});
    CHECK(told(of_once) == Texts{});  // the longer one was seen, if not often enough to be told
    auto of_another = twice("345678");
    of_another.push_back({S::code128, "X345678", 1, 1});
    CHECK(told(of_another) == Texts{"X345678"});
}

TEST_CASE("a place is settled when what was seen there counts") {
    Agreement agreement({});
    agreement.saw({Symbology::code39, "", "A1"}, 1, 4);
    CHECK_FALSE(agreement.settled(4));
    agreement.saw({Symbology::code39, "", "A1"}, 2, 4);
    CHECK(agreement.settled(4));
    CHECK_FALSE(agreement.settled(3));
}

TEST_CASE("what one picture may give is bounded") {
    Agreement agreement({});
    for (int i = 0; i < 1'000; ++i) agreement.saw({Symbology::qr, "", "N" + std::to_string(i)}, 1, i);
    CHECK(agreement.told().size() == codec::most_seen);
    Agreement long_text({});
    long_text.saw({Symbology::qr, "", std::string(codec::longest_seen + 1, 'x')}, 1, 0);
    CHECK(long_text.told().empty());
    long_text.saw({Symbology::qr, "", std::string(codec::longest_seen, 'x')}, 1, 0);
    CHECK(long_text.told().size() == 1);
}
