#include "far_end.hpp"
#include "link/modbus.hpp"

#include <array>
#include <atomic>
#include <functional>
#include <future>
#include <thread>
#include <vector>

#include <poll.h>

using namespace hefang;
using namespace std::chrono_literals;
using link::Modbus;

namespace {

using Bytes = std::vector<std::uint8_t>;

/// `frame` with its CRC, low byte first (Modbus over serial line 1.02, 6.2.2).
Bytes with_crc(Bytes frame) {
    unsigned crc = 0xFFFF;
    for (const auto byte : frame) {
        crc ^= byte;
        for (int bit = 0; bit < 8; ++bit) crc = (crc & 1) != 0 ? crc >> 1 ^ 0xA001 : crc >> 1;
    }
    frame.push_back(static_cast<std::uint8_t>(crc & 0xFF));
    frame.push_back(static_cast<std::uint8_t>(crc >> 8));
    return frame;
}

/// The length of the request that `bytes` begins with.
std::size_t request_length(const Bytes& bytes) {
    if (bytes.size() < 8) return 8;
    return bytes[1] == 15 || bytes[1] == 16 ? 9u + bytes[6] : 8u;
}

/// What hangs on the far end of a line: answers each whole request as told; an empty answer is silence.
class Bus {
  public:
    explicit Bus(std::function<Bytes(const Bytes&)> answer) : answer_(std::move(answer)) {
        thread_ = std::thread([this] { run(); });
    }
    ~Bus() { end(); }
    Bus(const Bus&) = delete;
    Bus& operator=(const Bus&) = delete;
    [[nodiscard]] link::ModbusRtuAddress unit(std::uint8_t unit) const { return {{.path = end_.path}, unit}; }
    std::vector<Bytes> requests() {
        end();
        return requests_;
    }
    void unplug() {
        end();
        end_.master.reset();
    }

  private:
    void end() {
        over_ = true;
        if (thread_.joinable()) thread_.join();
    }
    void run() {
        Bytes held;
        while (!over_) {
            pollfd p{end_.master.get(), POLLIN, 0};
            if (::poll(&p, 1, 20) <= 0) continue;
            Bytes piece(300);
            const auto n = ::read(end_.master.get(), piece.data(), piece.size());
            if (n <= 0) {  // nobody has the line open
                ::poll(nullptr, 0, 2);
                continue;
            }
            held.insert(held.end(), piece.begin(), piece.begin() + n);
            if (held.size() < request_length(held)) continue;
            requests_.push_back(std::exchange(held, {}));
            const Bytes out = answer_(requests_.back());
            if (!out.empty() && ::write(end_.master.get(), out.data(), out.size()) < 0) return;
        }
    }
    test::FarEnd end_;
    std::function<Bytes(const Bytes&)> answer_;
    std::vector<Bytes> requests_;
    std::atomic<bool> over_{false};
    std::thread thread_;
};

const link::Stop never;
constexpr auto limit = 300ms;

/// As a relay and register module would: bits 1, registers the unit's number, writes are taken.
Bytes module_answer(const Bytes& q) {
    const unsigned count = q[4] * 256u + q[5];
    Bytes out{q[0], q[1]};
    if (q[1] == 1 || q[1] == 2) {
        out.push_back(static_cast<std::uint8_t>((count + 7) / 8));
        out.insert(out.end(), (count + 7) / 8, 0xFF);
    } else if (q[1] == 3 || q[1] == 4) {
        out.push_back(static_cast<std::uint8_t>(count * 2));
        for (unsigned i = 0; i < count; ++i) out.insert(out.end(), {0, q[0]});
    } else {
        out.insert(out.end(), q.begin() + 2, q.begin() + 6);
    }
    return with_crc(out);
}

}  // namespace

TEST_CASE("modbus rtu: each function is the frame of the manuals") {
    struct Row {
        const char* why;
        std::function<Result<void>(Modbus&)> act;
        Bytes asked;
        Bytes answer;
    };
    std::array<std::uint8_t, 8> bits{};
    std::array<std::uint16_t, 5> registers{};
    const std::vector<Row> rows{
        {"relay 1 on (Waveshare)",
         [](Modbus& m) { return m.write_coil(0, true); },
         {1, 5, 0, 0, 0xFF, 0, 0x8C, 0x3A},
         {1, 5, 0, 0, 0xFF, 0, 0x8C, 0x3A}},
        {"relay 1 off (Waveshare)",
         [](Modbus& m) { return m.write_coil(0, false); },
         {1, 5, 0, 0, 0, 0, 0xCD, 0xCA},
         {1, 5, 0, 0, 0, 0, 0xCD, 0xCA}},
        {"all relays on (Waveshare)",
         [](Modbus& m) { return m.write_coil(0xFF, true); },
         {1, 5, 0, 0xFF, 0xFF, 0, 0xBC, 0x0A},
         {1, 5, 0, 0xFF, 0xFF, 0, 0xBC, 0x0A}},
        {"flash on for 0.7 s: a value that the standard does not know (Waveshare)",
         [](Modbus& m) { return m.write_coil_value(0x200, 7); },
         {1, 5, 2, 0, 0, 7, 0x8D, 0xB0},
         {1, 5, 2, 0, 0, 7, 0x8D, 0xB0}},
        {"read 8 relays (Waveshare)",
         [&](Modbus& m) { return m.read_coils(0, bits); },
         {1, 1, 0, 0, 0, 8, 0x3D, 0xCC},
         with_crc({1, 1, 1, 0x81})},
        {"read 8 inputs (Waveshare)",
         [&](Modbus& m) { return m.read_inputs(0, bits); },
         {1, 2, 0, 0, 0, 8, 0x79, 0xCC},
         with_crc({1, 2, 1, 0x81})},
        {"write 8 relays (Waveshare)",
         [](Modbus& m) {
             return m.write_coils(0, std::array<std::uint8_t, 8>{1, 1, 1, 1, 1, 1, 1, 1});
         },
         {1, 15, 0, 0, 0, 8, 1, 0xFF, 0xBE, 0xD5},
         with_crc({1, 15, 0, 0, 0, 8})},
        {"block of an indicator (Laumas)",
         [&](Modbus& m) { return m.read_registers(6, registers); },
         {1, 3, 0, 6, 0, 5, 0x65, 0xC8},
         {1, 3, 10, 8, 0, 0, 0, 6, 0x18, 0, 0, 5, 0xDC, 0x87, 0xF1}},
        {"input registers", [&](Modbus& m) { return m.read_input_registers(6, registers); },
         with_crc({1, 4, 0, 6, 0, 5}), with_crc({1, 4, 10, 8, 0, 0, 0, 6, 0x18, 0, 0, 5, 0xDC})},
        {"one register", [](Modbus& m) { return m.write_register(5, 0x1234); }, with_crc({1, 6, 0, 5, 0x12, 0x34}),
         with_crc({1, 6, 0, 5, 0x12, 0x34})},
        {"two registers",
         [](Modbus& m) {
             return m.write_registers(5, std::array<std::uint16_t, 2>{7, 0x8001});
         },
         with_crc({1, 16, 0, 5, 0, 2, 4, 0, 7, 0x80, 1}), with_crc({1, 16, 0, 5, 0, 2})},
    };
    std::atomic<std::size_t> turn{0};
    Bus bus([&](const Bytes&) { return rows[turn].answer; });
    link::ModbusLines lines;
    auto link = Modbus::open(bus.unit(1), lines, limit, never);
    REQUIRE(link);
    for (; turn < rows.size(); ++turn) {
        const auto& row = rows[turn];
        INFO(row.why);
        const auto done = row.act(*link);
        INFO((done ? "" : done.error().detail));
        REQUIRE(done);
        if (row.asked[1] <= 2) CHECK(bits == std::array<std::uint8_t, 8>{1, 0, 0, 0, 0, 0, 0, 1});
        if (row.asked[1] == 3 || row.asked[1] == 4)
            CHECK(registers == std::array<std::uint16_t, 5>{0x0800, 0, 1560, 0, 1500});
    }
    const auto asked = bus.requests();
    REQUIRE(asked.size() == rows.size());
    for (std::size_t i = 0; i < rows.size(); ++i) CHECK(asked[i] == rows[i].asked);
}

TEST_CASE("modbus rtu: every bad answer is an error with address and cause, and ends the conversation") {
    struct Row {
        const char* why;
        Bytes answer;
        Errc code;
        const char* words;
    };
    std::array<std::uint16_t, 2> got{};
    SECTION("registers") {
        const auto row = GENERATE(values<Row>({
            {"silence", {}, Errc::timeout, "no answer in time"},
            {"an answer cut short", {1, 3, 4, 0, 7}, Errc::timeout, "no answer in time"},
            {"illegal address, as the manual prints it", {1, 0x83, 2, 0xC0, 0xF1}, Errc::refused, "Illegal data addr"},
            {"a wrong CRC", {1, 3, 4, 0, 7, 0, 8, 0, 0}, Errc::unreachable, "CRC"},
            {"of another unit", with_crc({2, 3, 4, 0, 7, 0, 8}), Errc::unreachable, ""},
            {"of another function", with_crc({1, 4, 4, 0, 7, 0, 8}), Errc::unreachable, ""},
            {"fewer registers than asked", with_crc({1, 3, 2, 0, 7}), Errc::unreachable, ""},
        }));
        INFO(row.why);
        Bus bus([&](const Bytes&) { return row.answer; });
        link::ModbusLines lines;
        auto link = Modbus::open(bus.unit(1), lines, 100ms, never);
        REQUIRE(link);
        const auto read = link->read_registers(6, got);
        REQUIRE_FALSE(read);
        CHECK(read.error().code == row.code);
        CHECK_THAT(read.error().detail, Catch::Contains("modbus-rtu://" + bus.unit(1).line.path) &&
                                            Catch::Contains("read 2 registers at 6") && Catch::Contains(row.words));
        CHECK_FALSE(link->connected());
        CHECK(link->read_registers(6, got).error().code == Errc::closed);
    }
    SECTION("one coil") {
        const auto row = GENERATE(values<Row>({
            {"silence", {}, Errc::timeout, "no answer in time"},
            {"another value", with_crc({1, 5, 2, 0, 0, 8}), Errc::unreachable, "Invalid data"},
            {"another coil", with_crc({1, 5, 2, 1, 0, 7}), Errc::unreachable, "Invalid data"},
            {"of another unit", with_crc({2, 5, 2, 0, 0, 7}), Errc::unreachable, "Invalid data"},
            {"the relay does not take it", with_crc({1, 0x85, 3}), Errc::refused, "Illegal data value"},
            {"a wrong CRC", {1, 5, 2, 0, 0, 7, 0, 0}, Errc::unreachable, "CRC"},
        }));
        INFO(row.why);
        Bus bus([&](const Bytes&) { return row.answer; });
        link::ModbusLines lines;
        auto link = Modbus::open(bus.unit(1), lines, 100ms, never);
        REQUIRE(link);
        const auto written = link->write_coil_value(0x200, 7);
        REQUIRE_FALSE(written);
        CHECK(written.error().code == row.code);
        CHECK_THAT(written.error().detail, Catch::Contains("write 1 coils at 512") && Catch::Contains(row.words));
        CHECK_FALSE(link->connected());
    }
}

TEST_CASE("modbus rtu: a late answer is never taken for the next one, whichever unit asks next") {
    const bool same_unit = GENERATE(true, false);
    int asked = 0;
    Bus bus([&](const Bytes& q) {
        if (++asked > 1) return with_crc({q[0], 3, 2, 0, 222});
        ::poll(nullptr, 0, 300);  // 100 ms too late
        return with_crc({q[0], 3, 2, 0, 111});
    });
    link::ModbusLines lines;
    std::array<std::uint16_t, 1> got{};
    const auto keeps_the_line = Modbus::open(bus.unit(3), lines, 200ms, never);
    {
        auto first = Modbus::open(bus.unit(1), lines, 200ms, never);
        REQUIRE(first);
        CHECK(first->read_registers(0, got).error().code == Errc::timeout);
    }
    auto second = Modbus::open(bus.unit(same_unit ? 1 : 2), lines, 200ms, never);
    REQUIRE(second);
    REQUIRE(second->read_registers(0, got));
    CHECK(got[0] == 222);
}

TEST_CASE("modbus rtu: what stands in the line from before is dropped before a request") {
    test::FarEnd end;
    link::ModbusLines lines;
    const link::ModbusRtuAddress at{{.path = end.path}, 1};
    std::array<std::uint16_t, 1> got{};
    const auto answer = [&](std::uint8_t low) {
        const auto frame = with_crc({1, 3, 2, 0, low});
        end.say({reinterpret_cast<const char*>(frame.data()), frame.size()});
    };
    auto link = Modbus::open(at, lines, 300ms, never);
    REQUIRE(link);
    const auto ask = [&](std::uint8_t low) {
        auto reading = std::async(std::launch::async, [&] { return link->read_registers(0, got); });
        Bytes q(8);
        CHECK(::read(end.master.get(), q.data(), q.size()) == 8);
        answer(low);
        CHECK(reading.get());
    };
    ask(7);
    answer(99);  // nobody asked
    ask(8);
    CHECK(got[0] == 8);
}

TEST_CASE("modbus rtu: units share a line that is open once, and each gets its own answers") {
    Bus bus(module_answer);
    link::ModbusLines lines;
    const auto read_often = [&](std::uint8_t unit) {
        auto link = Modbus::open(bus.unit(unit), lines, 1000ms, never);
        int right = 0;
        for (int i = 0; link && i < 20; ++i) {
            std::array<std::uint16_t, 3> got{};
            if (link->read_registers(0, got) && got == std::array<std::uint16_t, 3>{unit, unit, unit}) ++right;
        }
        return right;
    };
    auto one = std::async(std::launch::async, read_often, std::uint8_t{1});
    auto two = std::async(std::launch::async, read_often, std::uint8_t{2});
    auto three = std::async(std::launch::async, read_often, std::uint8_t{247});
    CHECK(one.get() == 20);
    CHECK(two.get() == 20);
    CHECK(three.get() == 20);
}

TEST_CASE("modbus rtu: a line has one owner and one setting") {
    Bus bus(module_answer);
    link::ModbusLines lines;
    auto link = Modbus::open(bus.unit(1), lines, limit, never);
    REQUIRE(link);
    auto other_baud = bus.unit(2);
    other_baud.line.baud = 19200;
    const auto refused = Modbus::open(other_baud, lines, limit, never);
    REQUIRE_FALSE(refused);
    CHECK(refused.error().code == Errc::refused);
    CHECK_THAT(refused.error().detail, Catch::Contains("the line is open as serial") && Catch::Contains("baud=9600"));
    link::ModbusLines strange;
    const auto busy = Modbus::open(bus.unit(2), strange, limit, never);
    REQUIRE_FALSE(busy);
    CHECK(busy.error().code == Errc::busy);
    link->close();
    CHECK(Modbus::open(other_baud, lines, limit, never));  // the last one has left: it is free
}

TEST_CASE("modbus rtu: a silent unit costs the others time, never their answers") {
    Bus bus([](const Bytes& q) { return q[0] == 9 ? Bytes{} : module_answer(q); });
    link::ModbusLines lines;
    auto good = Modbus::open(bus.unit(1), lines, limit, never);
    REQUIRE(good);
    std::array<std::uint16_t, 1> got{};
    for (int i = 0; i < 3; ++i) {
        auto silent = Modbus::open(bus.unit(9), lines, 50ms, never);
        REQUIRE(silent);
        CHECK(silent->read_registers(0, got).error().code == Errc::timeout);
        CHECK(good->read_registers(0, got));
    }
}

TEST_CASE("modbus rtu: a stop request ends the wait for the line") {
    Bus bus([](const Bytes&) { return Bytes{}; });
    link::ModbusLines lines;
    link::Stop stop;
    auto holds = Modbus::open(bus.unit(1), lines, 400ms, never);
    auto waits = Modbus::open(bus.unit(2), lines, 400ms, stop);
    REQUIRE((holds && waits));
    const auto ask = [](Modbus& link) {
        std::array<std::uint16_t, 1> got{};
        const auto read = link.read_registers(0, got);
        return std::pair(read ? Errc::refused : read.error().code, std::chrono::steady_clock::now());
    };
    auto first = std::async(std::launch::async, [&] { return ask(*holds); });
    auto second = std::async(std::launch::async, [&] { return ask(*waits); });
    ::poll(nullptr, 0, 50);
    const auto asked = std::chrono::steady_clock::now();
    stop.request();
    const auto [code, at] = second.get();
    CHECK((code == Errc::closed || code == Errc::timeout));  // timeout: it had the line first
    if (code == Errc::closed) CHECK(at - asked < 300ms);
    CHECK(first.get().first == Errc::timeout);
}

TEST_CASE("modbus rtu: a pulled cable ends every unit, and the line is opened anew") {
    Bus bus(module_answer);
    link::ModbusLines lines;
    auto one = Modbus::open(bus.unit(1), lines, 100ms, never);
    auto two = Modbus::open(bus.unit(2), lines, 100ms, never);
    REQUIRE((one && two));
    std::array<std::uint16_t, 1> got{};
    REQUIRE(one->read_registers(0, got));
    bus.unplug();
    CHECK(one->read_registers(0, got).error().code == Errc::unreachable);
    CHECK(two->read_registers(0, got).error().code == Errc::unreachable);
    CHECK(Modbus::open(bus.unit(1), lines, 100ms, never).error().code == Errc::not_found);
}

TEST_CASE("modbus rtu: a line that is never silent is refused in bounded time") {
    test::FarEnd end;
    link::ModbusLines lines;
    auto link = Modbus::open({{.path = end.path}, 1}, lines, 100ms, never);
    REQUIRE(link);
    std::atomic<bool> over{false};
    std::thread babble([&] {
        while (!over) {
            end.say("U");
            ::poll(nullptr, 0, 5);
        }
    });
    std::array<std::uint16_t, 1> got{};
    const auto read = link->read_registers(0, got);
    over = true;
    babble.join();
    REQUIRE_FALSE(read);
    CHECK_THAT(read.error().detail, Catch::Contains("never silent"));
}

TEST_CASE("modbus: a request is at most what one frame carries, and within the addresses that there are") {
    Bus bus(module_answer);
    link::ModbusLines lines;
    auto link = Modbus::open(bus.unit(1), lines, limit, never);
    REQUIRE(link);
    std::vector<std::uint8_t> bits(2001);
    std::vector<std::uint16_t> words(126);
    const auto b = [&](std::size_t n) { return std::span(bits).first(n); };
    const auto w = [&](std::size_t n) { return std::span(words).first(n); };
    SECTION("the most is taken") {
        CHECK(link->read_coils(0, b(2000)));
        CHECK(link->read_inputs(65536 - 2000, b(2000)));
        CHECK(link->read_registers(0, w(125)));
        CHECK(link->read_input_registers(65535, w(1)));
        CHECK(link->write_coils(0, b(1968)));
        CHECK(link->write_registers(65536 - 123, w(123)));
        CHECK(link->connected());
    }
    SECTION("more is refused unsent") {
        const std::vector<std::function<Result<void>()>> acts{
            [&] { return link->read_coils(0, b(2001)); },    [&] { return link->read_inputs(0, b(2001)); },
            [&] { return link->read_registers(0, w(126)); }, [&] { return link->read_input_registers(0, w(126)); },
            [&] { return link->write_coils(0, b(1969)); },   [&] { return link->write_registers(0, w(124)); },
            [&] { return link->read_coils(0, b(0)); },       [&] { return link->read_registers(65535, w(2)); },
            [&] { return link->read_registers(-1, w(1)); },  [&] { return link->write_register(65536, 0); },
            [&] { return link->write_coil(65536, true); },
        };
        for (const auto& act : acts) {
            const auto done = act();
            REQUIRE_FALSE(done);
            CHECK(done.error().code == Errc::refused);
            CHECK_FALSE(link->connected());
            link = Modbus::open(bus.unit(1), lines, limit, never);
            REQUIRE(link);
        }
        CHECK(bus.requests().empty());
    }
}

TEST_CASE("modbus: a link that is none is refused") {
    link::ModbusLines lines;
    CHECK(Modbus::open(link::TcpAddress{"127.0.0.1", 1}, lines, limit, never).error().code == Errc::refused);
    const link::LinkAddress line = link::ModbusRtuAddress{{.path = "/nowhere"}, 1};
    CHECK(Modbus::open(line, lines, limit, never).error().code == Errc::not_found);
    link::ModbusRtuAddress nobody{{.path = "/nowhere"}, 0};
    CHECK(Modbus::open(nobody, lines, limit, never).error().code == Errc::refused);
}
