#include "picture/picture.hpp"

#include "picture/bytes_of.hpp"

#include <functional>

#include <catch2/catch.hpp>

using namespace hefang::codec;
using namespace hefang::test;

namespace {

std::string said(std::string_view file) {
    const auto got = read_picture(file);
    if (!got) return std::string(name(got.error()));
    return std::string(media_type(got->format)) + " " + std::to_string(got->width) + "x" + std::to_string(got->height);
}

std::string patched(std::string file, std::size_t at, const std::string& bytes) {
    return file.replace(at, bytes.size(), bytes);
}

}  // namespace

TEST_CASE("picture: a whole file is known by its headers") {
    struct Row {
        const char* why;
        std::string file;
        const char* want;
    };
    const auto row = GENERATE(values<Row>({
        {"PNG", png(1024, 768), "image/png 1024x768"},
        {"JPEG", jpeg(640, 3000), "image/jpeg 640x3000"},
        {"progressive JPEG", jpeg(640, 480, 0xC2), "image/jpeg 640x480"},
        {"JPEG with fill bytes before a marker", jpeg(7, 5).insert(2, "\xFF\xFF"), "image/jpeg 7x5"},
        {"JPEG padded by its writer", jpeg(7, 5) + std::string(jpeg_tail - 2, '\0'), "image/jpeg 7x5"},
        {"BMP", bmp(7, 5), "image/bmp 7x5"},
        {"BMP from the top", bmp(7, -5), "image/bmp 7x5"},
        {"TIFF of Intel's order", tiff(7, 5, true), "image/tiff 7x5"},
        {"TIFF of Motorola's order", tiff(7, 5, false), "image/tiff 7x5"},
        {"TIFF with its directory first", tiff(7, 5, true, true), "image/tiff 7x5"},
        {"the largest", png(20'000, 4'000), "image/png 20000x4000"},
        {"the largest, standing", png(4'000, 20'000), "image/png 4000x20000"},
    }));
    INFO(row.why);
    CHECK(said(row.file) == row.want);
}

TEST_CASE("picture: what is not taken, and why") {
    struct Row {
        const char* why;
        std::string file;
        const char* want;
    };
    const auto row = GENERATE(values<Row>({
        {"nothing", "", "unknown-format"},
        {"text", "scan=17\nresult=clear\n", "unknown-format"},
        {"DICOM: not decoded here", std::string(128, '\0') + "DICM", "unknown-format"},
        {"BigTIFF", std::string("II+\0\x08\0\0\0", 8) + std::string(100, '\0'), "unknown-format"},
        {"one pixel too long", png(20'001, 1), "picture-too-large"},
        {"one pixel too wide", png(4'001, 4'001), "picture-too-large"},
        {"four milliards", png(0xFFFFFFFF, 0xFFFFFFFF), "picture-too-large"},
        {"no width", png(0, 5), "no-size"},
        {"no height: a JPEG whose height comes later", jpeg(7, 0), "no-size"},
        {"PNG whose first chunk is another", patched(png(7, 5), 12, "tEXt"), "malformed"},
        {"PNG whose end is another chunk", patched(png(7, 5), png(7, 5).size() - 8, "tEND"), "truncated"},
        {"PNG with more behind it: two writers in one file", png(7, 5) + "x", "truncated"},
        {"JPEG with its end marker further from the end than padding goes",
         jpeg(7, 5) + std::string(jpeg_tail - 1, '\0'), "truncated"},
        {"JPEG without a frame", "\xFF\xD8" + jpeg_segment(0xDA, "abcd") + "\xFF\xD9", "malformed"},
        {"JPEG that ends before its first scan", "\xFF\xD8" + jpeg_segment(0xE0, "abcd") + "\xFF\xD9" + "abcd",
         "malformed"},
        {"JPEG of two frames", jpeg(7, 5).insert(2, jpeg_segment(0xC0, "\x08" + be(5, 2) + be(7, 2) + "a")),
         "malformed"},
        {"JPEG segment of no length", patched(jpeg(7, 5), 4, std::string("\0\x01", 2)), "malformed"},
        {"BMP that says it is longer", patched(bmp(7, 5), 2, le(1'000, 4)), "truncated"},
        {"BMP that says it is shorter", patched(bmp(7, 5), 2, le(60, 4)), "malformed"},
        {"BMP with too few pixels", patched(bmp(7, 5), 18, le(70, 4)), "truncated"},
        {"BMP whose size overflows 32 bits", patched(bmp(7, 5), 18, le(0x7FFFFFFF, 4)), "truncated"},
        {"BMP of a negative width", patched(bmp(7, 5), 18, le(0xFFFFFFF9, 4)), "malformed"},
        {"BMP of the most negative height", patched(bmp(7, 5), 22, le(0x80000000, 4)), "truncated"},
        {"TIFF whose strip goes beyond the end", patched(tiff(7, 5, true), 8 + 60 + 2 + 48 + 4 + 4, le(130, 4)),
         "truncated"},
        {"TIFF whose strip offset wraps round", patched(tiff(7, 5, true), 8 + 60 + 2 + 48 + 4, le(0xFFFFFFFF, 4)),
         "truncated"},
        {"TIFF whose strip is empty", patched(tiff(7, 5, true), 8 + 60 + 2 + 48 + 4 + 8, le(0, 4)), "malformed"},
        {"TIFF whose directory is beyond the end", patched(tiff(7, 5, true), 4, le(0xFFFFFFF0, 4)), "truncated"},
        {"TIFF of another width type", patched(tiff(7, 5, true), 8 + 60 + 2 + 2, le(5, 2)), "malformed"},
        {"TIFF without strips", patched(tiff(7, 5, true), 8 + 60 + 2 + 24, le(999, 2)), "malformed"},
        {"TIFF of a milliard strips",
         patched(patched(tiff(7, 5, true), 8 + 60 + 2 + 24 + 4, le(1U << 30, 4)), 8 + 60 + 2 + 36 + 4, le(1U << 30, 4)),
         "malformed"},
    }));
    INFO(row.why);
    CHECK(said(row.file) == row.want);
}

TEST_CASE("picture: a file that is cut anywhere is never a whole one") {
    const auto file =
        GENERATE(png(7, 5), jpeg(7, 5), bmp(7, 5), tiff(7, 5, true), tiff(7, 5, false), tiff(7, 5, true, true));
    REQUIRE(read_picture(file));
    for (std::size_t size = 0; size < file.size(); ++size) {
        const auto got = read_picture(std::string_view(file).substr(0, size));
        INFO("the first " << size << " of " << file.size() << " bytes");
        REQUIRE_FALSE(got);
        if (size > 4) CHECK(got.error() == PictureRefusal::truncated);
    }
}

TEST_CASE("picture: whatever one byte becomes, the answer is in bounds") {
    const auto file = GENERATE(png(7, 5), jpeg(7, 5), bmp(7, 5), tiff(7, 5, true, true));
    for (std::size_t at = 0; at < file.size(); ++at) {
        for (const int value : {0x00, 0x01, 0x7F, 0x80, 0xFF}) {
            auto other = file;
            other[at] = static_cast<char>(value);
            const auto got = read_picture(other);
            if (got) CHECK(std::max(got->width, got->height) <= picture_longest);
        }
    }
}
