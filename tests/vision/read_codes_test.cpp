#include "vision/read_codes.hpp"

#include "belt/scene.hpp"

#include <algorithm>

#include <catch2/catch.hpp>

using namespace hefang;

namespace {

constexpr double degree = 3.14159265358979323846 / 180;

hil::Placed placed(const std::string& format, double x, double y, double turn = 0, std::uint64_t text = 7) {
    auto label = hil::make_label(format, hil::label_text(format, text));
    REQUIRE(label);
    hil::Placed p{*std::move(label), x, y};
    p.angle = turn * degree;
    return p;
}

std::vector<codec::SeenCode> read(const hil::Picture& p, const codec::SightOptions& options = {}) {
    const vision::GreyView view{p.pixels.data(), p.width, p.height, static_cast<std::size_t>(p.width)};
    return vision::read_codes(view, options, [] { return false; });
}

bool has(const std::vector<codec::SeenCode>& codes, const hil::Label& label) {
    return std::any_of(codes.begin(), codes.end(),
                       [&](const auto& c) { return c.text == label.text && codec::name(c.symbology) == label.format; });
}

}  // namespace

TEST_CASE("every symbology is read, however it lies on the belt") {
    for (const auto& format : hil::label_formats()) {
        for (const double turn : {0.0, 3.0, 30.0, 45.0, 90.0, 135.0, 180.0, 275.0}) {
            auto p = placed(format, 640, 400, turn);
            codec::SightOptions options;
            options.upc_e = true;
            hil::Conditions conditions;
            conditions.noise = 5;
            const auto codes = read(hil::draw(1280, 800, {p}, conditions, 120, 3), options);
            INFO(format << " turned by " << turn << ": " << (codes.empty() ? "nothing" : codes[0].text));
            CHECK(has(codes, p.label));
            CHECK(codes.size() == 1);
        }
    }
}

TEST_CASE("what the camera adds is borne up to a point") {
    struct Row {
        const char* why;
        hil::Conditions conditions;
        int black = 20;
        double module = 3;
    };
    const auto row = GENERATE(values<Row>({
        {"blur of one bar and a third", {4, 0, 0, 3, false}},
        {"strong noise", {0, 0, 0, 20, false}},
        {"low contrast", {0, 0, 0, 4, false}, 190},
        {"small print", {0, 0, 0, 2, false}, 20, 1.6},
        {"a reflection", {2, 0, 0.3, 3, false}},
    }));
    INFO(row.why);
    auto p = placed("Code128", 640, 400, 4);
    p.black = row.black;
    p.module = row.module;
    CHECK(has(read(hil::draw(1280, 800, {p}, row.conditions, 120, 3)), p.label));
}

TEST_CASE("several labels of a frame, and two that are alike") {
    const auto a = placed("Code128", 350, 220, 20, 1), b = placed("QRCode", 900, 220, 10, 2),
               c = placed("EAN-13", 640, 600, 95, 3);
    const auto codes = read(hil::draw(1280, 800, {a, b, c}, {}, 120, 4));
    CHECK(has(codes, a.label));
    CHECK(has(codes, b.label));
    CHECK(has(codes, c.label));
    // Two equal linear codes end the process in the library's call for several codes.
    auto twin = a;
    twin.y = 600;
    CHECK(has(read(hil::draw(1280, 800, {a, twin}, {}, 120, 4)), a.label));
}

TEST_CASE("small pictures, also white on black") {
    for (const auto& format : {"QRCode", "DataMatrix", "Code128", "PDF417"}) {
        auto p = placed(format, 0, 0);
        p.module = 2;
        const int width = p.label.columns * 2 + 20, height = p.label.rows * p.label.row_height * 2 + 40;
        p.x = width / 2.0, p.y = height / 2.0;
        hil::Conditions over;
        for (const bool inverted : {false, true}) {
            over.inverted = inverted;
            INFO(format << (inverted ? ", inverted" : ""));
            CHECK(has(read(hil::draw(width, height, {p}, over, 255, 5)), p.label));
        }
    }
}

TEST_CASE("UPC-E and ITF by what was asked for") {
    const auto upc = placed("UPC-E", 640, 400), itf = placed("ITF", 640, 400);
    const auto upc_frame = hil::draw(1280, 800, {upc}, {}, 120, 3), itf_frame = hil::draw(1280, 800, {itf}, {}, 120, 3);
    CHECK(read(upc_frame).empty());
    CHECK(has(read(upc_frame, {150, true, {}}), upc.label));
    const auto length = static_cast<std::uint8_t>(itf.label.text.size());
    CHECK(has(read(itf_frame), itf.label));
    CHECK(has(read(itf_frame, {150, false, {length}}), itf.label));
    CHECK(read(itf_frame, {150, false, {static_cast<std::uint8_t>(length + 2)}}).empty());
}

TEST_CASE("ITF that the edge of the frame cuts is not read as a shorter one") {
    for (int cut = 10; cut < 300; cut += 7) {
        auto p = placed("ITF", 0, 400, 0, 11);
        p.x = -cut + p.label.columns * p.module / 2;
        INFO("cut by " << cut);
        for (const auto& code : read(hil::draw(1280, 800, {p}, {}, 230, 3))) CHECK(code.text == p.label.text);
    }
}

TEST_CASE("no code is seen where none is") {
    for (std::uint32_t seed = 1; seed <= 6; ++seed) {
        hil::Conditions conditions;
        conditions.noise = 4.0 * seed;
        conditions.blur = static_cast<int>(seed);
        CHECK(read(hil::draw(1280, 800, {}, conditions, 160, seed)).empty());
    }
}

TEST_CASE("the time is asked for between the steps") {
    const auto p = placed("Code128", 640, 400);
    const auto frame = hil::draw(1280, 800, {p}, {}, 120, 3);
    const vision::GreyView view{frame.pixels.data(), frame.width, frame.height, static_cast<std::size_t>(frame.width)};
    int asked = 0;
    CHECK(vision::read_codes(view, {}, [&] { return ++asked > 0; }).empty());
    CHECK(asked <= 2);
    asked = 0;
    CHECK(vision::read_codes(view, {}, [&] { return ++asked > 3; }).size() == 1);
}

TEST_CASE("pictures of any size are taken") {
    for (const int width : {1, 15, 16, 17, 40, 2'000})
        for (const int height : {1, 15, 16, 17, 40}) {
            hil::Picture p{width, height, std::vector<std::uint8_t>(static_cast<std::size_t>(width * height), 90)};
            CHECK(read(p).empty());
        }
}
