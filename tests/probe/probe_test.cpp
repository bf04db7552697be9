#include "hil/scale_sim.hpp"
#include "probe/hex_view.hpp"
#include "probe/reading_text.hpp"
#include "probe/speaker.hpp"
#include "probe/word_order.hpp"

#include <filesystem>

#include <catch2/catch.hpp>
#include <unistd.h>

using namespace hefang;
using namespace hefang::probe;
using namespace std::chrono_literals;

namespace {

/// What a simulator of the protocol sends, as a line gives it: in pieces.
Recording recorded(const std::string& protocol, int frames) {
    const auto name = std::filesystem::temp_directory_path() / ("hefang-probe-" + std::to_string(::getpid()));
    hil::ScaleSimSettings settings;
    settings.protocol = protocol;
    hil::ScaleSim sim(hil::PtyWire::open(name).value(), settings);
    const link::Stop stop;
    auto link = link::open_link(link::parse_link(sim.address()).value(), 1s, stop).value();
    Recording out;
    std::array<char, 7> buffer{};
    sim.put(Grams{12'345});
    for (int i = 0; i < frames; ++i) {
        REQUIRE(sim.tick());
        for (auto limit = 2000ms;; limit = 5ms) {
            const auto n = link->read_some(buffer, limit, stop);
            if (!n) break;
            out.emplace_back(buffer.data(), *n);
        }
    }
    return out;
}

}  // namespace

TEST_CASE("what speaks here: the protocol that was recorded is found first, whole frames only") {
    int heard = 0;
    for (const auto& protocol : hil::scale_protocols()) {
        INFO(protocol);
        auto recording = recorded(protocol, 8);
        if (recording.empty()) continue;  // one that only answers
        ++heard;
        recording.front().erase(0, 1);  // a line is joined midway
        const auto found = speakers_of(recording);
        REQUIRE_FALSE(found.empty());
        CHECK(found.front().frames >= 6);
        CHECK(found.front().frames <= 8);
        const auto same =
            std::find_if(found.begin(), found.end(), [&](const auto& s) { return s.protocol == protocol; });
        REQUIRE(same != found.end());
        CHECK(same->frames == found.front().frames);
        CHECK(same->kind == "scale");
    }
    CHECK(heard == 23);
}

TEST_CASE("what speaks here: of noise, of nothing and of a bar code reader nobody says that it is a scale") {
    std::string noise;
    for (unsigned i = 0, x = 1; i < 50'000; ++i, x = x * 1'103'515'245U + 12'345U) noise += static_cast<char>(x >> 16U);
    CHECK(speakers_of({}).empty());
    CHECK(speakers_of({noise}).empty());
    CHECK(speakers_of({"YT1234567890123\r\n", "YT1234567890124\r\n"}).empty());
}

TEST_CASE("bytes are shown as hex and text, sixteen a line") {
    CHECK(hex_view("").empty());
    CHECK(hex_view(std::string("\x02+1\xFF\x7F", 5)) ==
          std::vector<std::string>{"02 2B 31 FF 7F                                   .+1.."});
    const auto two = hex_view("0123456789abcdefX");
    REQUIRE(two.size() == 2);
    CHECK(two[0] == "30 31 32 33 34 35 36 37 38 39 61 62 63 64 65 66  0123456789abcdef");
    CHECK(two[1].starts_with("58 "));
}

TEST_CASE("two registers in the four orders of a 32-bit number") {
    // 25.0f is 41C80000; −2 is FFFFFFFE.
    const auto plain = word_orders(0x41C8, 0x0000);
    CHECK(plain[0].order == "ABCD");
    CHECK(plain[0].as_float() == 25.0F);
    CHECK(word_orders(0x0000, 0x41C8)[1].as_float() == 25.0F);
    CHECK(word_orders(0xC841, 0x0000)[2].as_float() == 25.0F);
    CHECK(word_orders(0x0000, 0xC841)[3].as_float() == 25.0F);
    CHECK(word_orders(0xFFFF, 0xFEFF)[2].bits == 0xFFFFFFFE);
    CHECK(word_orders(0xFFFF, 0xFFFE)[0].as_signed() == -2);
    CHECK(word_orders(0x1234, 0x5678)[0].bits == 0x12345678);
    CHECK(word_orders(0x1234, 0x5678)[1].bits == 0x56781234);
    CHECK(word_orders(0x1234, 0x5678)[2].bits == 0x34127856);
    CHECK(word_orders(0x1234, 0x5678)[3].bits == 0x78563412);
}

TEST_CASE("readings in words") {
    using namespace hefang::reading;
    const DeviceId device("d");
    CHECK(text_of(WeightRead{device, {}, Grams{-5}, WeightQuality::stable}) == "weight -5 g, stable");
    CHECK(text_of(WeightRead{device, {}, Grams{0}, WeightQuality::overload}) == "weight: overload");
    CHECK(text_of(CodesRead{device, {}, 7, {{"A\tB", "]C1"}}}) == "codes 'A\\x09B']C1, sequence 7");
    CHECK(text_of(CodesRead{device, {}, {}, {}}) == "no-read");
    CHECK(text_of(DeviceLost{device, {}, "x"}) == "a reading of device d");
}
