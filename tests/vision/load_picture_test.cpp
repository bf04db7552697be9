#include "vision/load_picture.hpp"

#include "vision/serve.hpp"

#include <catch2/catch.hpp>
#include <opencv2/imgcodecs.hpp>

using namespace hefang;
using codec::SightRefusal;

namespace {

std::string encoded(const char* extension, int type = CV_8UC1) {
    cv::Mat picture(40, 60, type, cv::Scalar::all(90));
    picture.colRange(0, 30).setTo(cv::Scalar::all(200));
    std::vector<std::uint8_t> bytes;
    REQUIRE(cv::imencode(extension, picture, bytes));
    return {bytes.begin(), bytes.end()};
}

}  // namespace

TEST_CASE("the formats that are taken, in grey") {
    for (const char* extension : {".jpg", ".png", ".bmp", ".tif"}) {
        for (const int type : {CV_8UC1, CV_8UC3}) {
            INFO(extension);
            const auto got = vision::load_picture(encoded(extension, type));
            REQUIRE(got);
            CHECK(got->width == 60);
            CHECK(got->height == 40);
            CHECK(std::abs(got->pixels[5] - 200) < 8);
            CHECK(std::abs(got->pixels[55] - 90) < 8);
        }
    }
}

TEST_CASE("a file that is cut anywhere is no picture") {
    for (const char* extension : {".jpg", ".png", ".bmp", ".tif"}) {
        const auto whole = encoded(extension);
        for (std::size_t n = 0; n < whole.size(); n += 1 + whole.size() / 97) {
            INFO(extension << " cut to " << n);
            CHECK_FALSE(vision::load_picture(whole.substr(0, n)));
        }
    }
}

TEST_CASE("why a file is not taken") {
    auto spoiled = encoded(".png");
    for (std::size_t i = 41; i + 20 < spoiled.size(); ++i) spoiled[i] = '\x55';  // in the coded pixels
    auto huge = encoded(".png");
    huge[16] = huge[20] = '\x01';  // width and height plus 2^24
    struct Row {
        const char* why;
        std::string bytes;
        SightRefusal want;
    };
    const auto jpeg = encoded(".jpg");
    const auto row = GENERATE_COPY(values<Row>({
        {"nothing", "", SightRefusal::unknown_format},
        {"a text", "hello", SightRefusal::unknown_format},
        {"a format that is not taken", "P5\n1 1\n255\nx", SightRefusal::unknown_format},
        {"half a JPEG, which the decoder would take", jpeg.substr(0, jpeg.size() / 2), SightRefusal::truncated},
        {"more pixels than are taken", huge, SightRefusal::too_large},
        {"pixels that cannot be decoded", spoiled, SightRefusal::broken},
    }));
    INFO(row.why);
    const auto got = vision::load_picture(row.bytes);
    REQUIRE_FALSE(got);
    CHECK(codec::name(got.error()) == codec::name(row.want));
}

TEST_CASE("the worker answers whatever it is asked") {
    CHECK(vision::answer_to("").refusal == SightRefusal::bad_request);
    codec::SightRequest request;
    request.id = 9;
    request.pixels = encoded(".jpg");
    const auto message = codec::encode(request).substr(4);
    const auto answer = vision::answer_to(message);
    CHECK(answer.id == 9);
    CHECK(answer.refusal == SightRefusal::none);
    CHECK(answer.width == 60);
    CHECK(answer.codes.empty());
    request.pixels = "no";
    CHECK(vision::answer_to(codec::encode(request).substr(4)).refusal == SightRefusal::unknown_format);
}
