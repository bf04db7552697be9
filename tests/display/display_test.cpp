#include "display/display.hpp"

#include "driver/fill.hpp"
#include "link/tcp_link.hpp"
#include "live/live_driver.hpp"

#include <array>
#include <atomic>
#include <string>

#include <catch2/catch.hpp>

using namespace hefang;
using namespace std::chrono_literals;
using driver::DisplayDriver;
using driver::Encoder;
using driver::fill;

TEST_CASE("characters go as the display reads them, and what it cannot read is counted") {
    const auto utf8 = Encoder::open("utf-8").value();
    const auto gbk = Encoder::open("gbk").value();
    CHECK(utf8.encode("京A12345 放行", 100).bytes == "京A12345 放行");
    CHECK(gbk.encode("放行", 100).bytes == "\xb7\xc5\xd0\xd0");
    const auto emoji = gbk.encode("a🙂b", 100);
    CHECK(emoji.bytes == "a?b");
    CHECK(emoji.refused == 1);
    const auto broken = gbk.encode("a\xff\xe6\x94", 100);
    CHECK(broken.bytes.substr(0, 2) == "a?");
    CHECK(broken.refused >= 2);
}

TEST_CASE("a text is cut between characters, at its limit") {
    const auto gbk = Encoder::open("gbk").value();
    CHECK_FALSE(gbk.encode("放行", 4).cut);
    const auto cut = gbk.encode("放行", 3);
    CHECK(cut.cut);
    CHECK(cut.bytes == "\xb7\xc5");
}

TEST_CASE("a form with its values") {
    const reading::Fields fields{{"plate", "京A12345"}, {"n", "7"}};
    CHECK(fill("{plate} lane {n}\r\n", fields) == std::string("京A12345 lane 7\r\n"));
    CHECK(fill("{{x}", fields) == std::string("{x}"));
    CHECK(fill("", fields) == std::string());
    CHECK_FALSE(fill("{door}", fields));
    CHECK_FALSE(fill("{plate", fields));
}

namespace {

/// What a display behind a TCP port was sent.
struct Screen {
    Screen() { port = endpoint.listen().value(); }
    /// Reads until `text` was seen as the last that came.
    bool ends_with(const std::string& text) {
        return soon([&] {
            if (!peer) {
                if (auto got = endpoint.open(10ms, stop)) peer = std::move(*got);
                return false;
            }
            std::array<char, 256> buffer{};
            const auto n = peer->read_some(buffer, 10ms, stop);
            if (n) seen.append(buffer.data(), *n);
            if (!n && n.error().code != Errc::timeout) peer.reset();
            return seen.ends_with(text);
        });
    }
    link::Stop stop;
    link::TcpListenEndpoint endpoint{link::TcpListenAddress{"127.0.0.1", 0}};
    std::unique_ptr<link::Link> peer;
    std::uint16_t port = 0;
    std::string seen;
};

}  // namespace

TEST_CASE("a display shows what is wanted, again after a loss, and rests when nothing or nobody wants anything") {
    Screen screen;
    std::atomic<bool> core{true};
    driver::DisplaySettings s;
    s.id = DeviceId("led-1");
    s.form = "\x02{plate}\x03";
    s.rest = "\x02STOP\x03";
    s.repeat = 200ms;
    DisplayDriver display(s, Encoder::open("gbk").value(),
                          link::make_endpoint(link::TcpAddress{"127.0.0.1", screen.port}).value(),
                          [&] { return core.load(); });
    LiveDriver live(display);
    CHECK(screen.ends_with("\x02STOP\x03"));
    display.show(reading::Fields{{"plate", "放行"}});
    CHECK(screen.ends_with("\x02\xb7\xc5\xd0\xd0\x03"));
    screen.peer.reset();  // the cable
    screen.seen.clear();
    CHECK(screen.ends_with("\x02\xb7\xc5\xd0\xd0\x03"));
    core = false;
    CHECK(screen.ends_with("\x02STOP\x03"));
    core = true;
    display.show(reading::Fields{{"plate", "a\x03\x02XX"}});  // a value commands nothing
    CHECK(
        screen.ends_with("\x02"
                         "a  XX\x03"));
    CHECK(live.counters.value("refused-character") >= 2);
    display.show(reading::Fields{{"door", "1"}});
    CHECK(screen.ends_with("\x02STOP\x03"));
    CHECK(live.counters.value("refused-form") >= 1);
}
