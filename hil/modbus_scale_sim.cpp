#include "hil/modbus_scale_sim.hpp"

#include "link/tcp_link.hpp"

#include <algorithm>
#include <array>
#include <bit>
#include <cstdlib>
#include <initializer_list>
#include <utility>

#include <poll.h>

namespace hefang::hil {

namespace {

struct Shown {
    std::int64_t grams;
    bool moves;
    bool over;
    bool fault;
    std::uint16_t beat;
};
using Registers = std::map<int, std::uint16_t>;
using Inputs = std::map<int, bool>;

std::uint16_t high(std::uint32_t value) { return static_cast<std::uint16_t>(value >> 16); }
std::uint16_t low(std::uint32_t value) { return static_cast<std::uint16_t>(value); }
std::uint32_t whole_kilograms(const Shown& s) { return static_cast<std::uint32_t>(s.grams / 1000); }

void put_float(Registers& to, int at, const Shown& s) {
    const auto bits = std::bit_cast<std::uint32_t>(static_cast<float>(static_cast<double>(s.grams) / 1000));
    to[at] = high(bits);
    to[at + 1] = low(bits);
}

std::uint16_t bits(std::initializer_list<std::pair<int, bool>> said) {
    unsigned word = 0;
    for (const auto& [n, on] : said) word |= on ? 1U << n : 0U;
    return static_cast<std::uint16_t>(word);
}

}  // namespace

struct ModbusScaleLayout {
    std::string_view name;
    int function;
    void (*lay)(const Shown& shown, Registers& registers, Inputs& inputs);
};

namespace {

// By the manuals that stand in the files of the maps. Kilograms without decimals unless it is said otherwise.
constexpr std::array layouts{
    ModbusScaleLayout{"dini-dgt4", 4,
                      [](const Shown& s, Registers& r, Inputs&) {
                          const auto size = static_cast<std::uint32_t>(std::abs(s.grams) / 1000);
                          r[0] = high(size), r[1] = low(size), r[2] = r[3] = 0;
                          r[4] = bits({{1, s.grams < 0}, {2, !s.moves}, {4, s.over}, {7, s.grams == 0}});
                      }},
    ModbusScaleLayout{"eagle-ei", 3, [](const Shown& s, Registers& r, Inputs&) { put_float(r, 0x1000, s); }},
    // Made up, as in docs/adding-a-device.md: grams, low word first, with a heartbeat.
    ModbusScaleLayout{"example", 4,
                      [](const Shown& s, Registers& r, Inputs&) {
                          const auto value = static_cast<std::uint32_t>(s.grams);
                          r[9] = bits({{0, !s.moves}, {1, s.over}, {2, s.fault}});
                          r[10] = low(value), r[11] = high(value), r[12] = s.beat;
                      }},
    // Grams in divisions of 0.005 kg.
    ModbusScaleLayout{
        "laumas-tlb", 3,
        [](const Shown& s, Registers& r, Inputs&) {
            const auto size = static_cast<std::uint32_t>(std::abs(s.grams));
            r[5] = 0;
            r[6] = bits({{0, s.fault}, {2, s.over}, {7, s.grams < 0}, {11, !s.moves}, {12, s.grams == 0}});
            r[7] = r[9] = high(size), r[8] = r[10] = low(size), r[11] = r[12] = 0, r[13] = 13;
        }},
    ModbusScaleLayout{
        "lider-ld1050", 3,
        [](const Shown& s, Registers& r, Inputs&) { r[0] = low(whole_kilograms(s)), r[1] = high(whole_kilograms(s)); }},
    ModbusScaleLayout{"mettler-ind570", 3, [](const Shown& s, Registers& r, Inputs&) { put_float(r, 1002, s); }},
    ModbusScaleLayout{"minebea-pr5410", 3,
                      [](const Shown& s, Registers& r, Inputs& i) {
                          r[16] = high(whole_kilograms(s)), r[17] = low(whole_kilograms(s));
                          i[32] = s.fault, i[33] = i[34] = s.over, i[35] = s.grams < 0, i[36] = i[37] = s.grams == 0;
                          i[38] = !s.moves, i[39] = s.grams < 0 || s.over;
                      }},
    ModbusScaleLayout{"pavone-dat400", 3,
                      [](const Shown& s, Registers& r, Inputs&) {
                          r[0] = bits({{0, s.grams == 0}, {1, !s.moves}, {5, s.over}});
                          r[1] = high(whole_kilograms(s)), r[2] = low(whole_kilograms(s));
                      }},
    ModbusScaleLayout{"tuna-id551pn", 3,
                      [](const Shown& s, Registers& r, Inputs&) {
                          put_float(r, 0, s), put_float(r, 2, s);
                          r[4] = bits({{8, s.grams == 0}, {10, s.over}, {12, s.moves}, {15, !s.fault}});
                      }},
};

const ModbusScaleLayout* layout_of(std::string_view map) {
    const auto at = std::find_if(layouts.begin(), layouts.end(), [&](const auto& l) { return l.name == map; });
    return at == layouts.end() ? nullptr : &*at;
}

tl::unexpected<Error> unknown(const std::string& map) {
    return fail(Errc::refused, "'" + map + "' is no map that can be played");
}

unsigned byte(std::string_view bytes, std::size_t at) { return static_cast<unsigned char>(bytes[at]); }
unsigned word(std::string_view bytes, std::size_t at) { return byte(bytes, at) << 8 | byte(bytes, at + 1); }
void append(std::string& to, unsigned word) {
    to += static_cast<char>(word >> 8 & 0xFF);
    to += static_cast<char>(word & 0xFF);
}

std::string with_crc(std::string frame) {
    unsigned crc = 0xFFFF;
    for (const char c : frame) {
        crc ^= static_cast<unsigned char>(c);
        for (int i = 0; i < 8; ++i) crc = (crc & 1) != 0 ? crc >> 1 ^ 0xA001 : crc >> 1;
    }
    frame += static_cast<char>(crc & 0xFF);
    frame += static_cast<char>(crc >> 8);
    return frame;
}

std::string exception(unsigned function, char code) { return {static_cast<char>(function | 0x80), code}; }

constexpr std::chrono::milliseconds look{20};
constexpr std::size_t request_size = 6;  ///< unit, function, address, count: all that this device understands

}  // namespace

std::vector<std::string> modbus_scale_maps() {
    std::vector<std::string> names;
    for (const auto& layout : layouts) names.emplace_back(layout.name);
    return names;
}

Result<std::unique_ptr<ModbusScaleSim>> ModbusScaleSim::over_tcp(const std::string& map, std::uint16_t port) {
    const auto* layout = layout_of(map);
    if (layout == nullptr) return unknown(map);
    auto endpoint = std::make_unique<link::TcpListenEndpoint>(link::TcpListenAddress{"127.0.0.1", port});
    const auto at = endpoint->listen();
    if (!at) return tl::unexpected(at.error());
    std::unique_ptr<ModbusScaleSim> sim(new ModbusScaleSim(*layout, 1));
    sim->address_ = "modbus-tcp://127.0.0.1:" + std::to_string(*at) + "?unit=1";
    sim->endpoint_ = std::move(endpoint);
    sim->thread_ = std::thread([s = sim.get()] { s->run_tcp(); });
    return sim;
}

Result<std::unique_ptr<ModbusScaleSim>> ModbusScaleSim::over_line(const std::string& map, const std::string& terminal,
                                                                  std::uint8_t unit) {
    const auto* layout = layout_of(map);
    if (layout == nullptr) return unknown(map);
    std::unique_ptr<ModbusScaleSim> sim(new ModbusScaleSim(*layout, unit));
    sim->terminal_ = terminal;
    if (const auto there = sim->plug(); !there) return tl::unexpected(there.error());
    sim->address_ = "modbus-rtu://" + terminal + "?unit=" + std::to_string(unit);
    sim->thread_ = std::thread([s = sim.get()] { s->run_line(); });
    return sim;
}

ModbusScaleSim::~ModbusScaleSim() {
    stop_.request();
    if (thread_.joinable()) thread_.join();
}

void ModbusScaleSim::refresh() {
    const bool moves = Steady::now() < settled_;
    if (frozen_ && !registers_.empty()) return;
    layout_.lay({moves ? load_.count / 2 : load_.count, moves, over_, fault_, ++beat_}, registers_, inputs_);
}

std::string ModbusScaleSim::answer(std::string_view pdu) {
    std::chrono::milliseconds wait{0};
    std::string out;
    {
        const std::lock_guard lock(mutex_);
        ++asked_;
        if (silent_ || !plugged_) return {};
        wait = std::exchange(late_, wait);
        const unsigned function = byte(pdu, 0), first = word(pdu, 1), count = word(pdu, 3);
        refresh();
        const bool bits = function == 2 && !inputs_.empty();
        const bool in = bits ? count > 0 && static_cast<int>(first) >= inputs_.begin()->first &&
                                   static_cast<int>(first + count) <= inputs_.rbegin()->first + 1
                             : count > 0 && count <= 125 && static_cast<int>(first) >= registers_.begin()->first &&
                                   static_cast<int>(first + count) <= registers_.rbegin()->first + 1;
        if (exceptions_ > 0) {
            --exceptions_;
            out = exception(function, 6);
        } else if (!bits && static_cast<int>(function) != layout_.function) {
            out = exception(function, 1);
        } else if (!in) {
            out = exception(function, 2);
        } else if (bits) {
            out = {static_cast<char>(function), static_cast<char>((count + 7) / 8)};
            out.resize(2 + (count + 7) / 8);
            for (unsigned i = 0; i < count; ++i) {
                if (inputs_[static_cast<int>(first + i)])
                    out[2 + i / 8] = static_cast<char>(out[2 + i / 8] | 1 << i % 8);
            }
        } else {
            out = {static_cast<char>(function), static_cast<char>(count * 2)};
            for (unsigned i = 0; i < count; ++i) append(out, registers_[static_cast<int>(first + i)]);
        }
    }
    if (wait.count() > 0) (void)stop_.wait_for(wait);
    return out;
}

void ModbusScaleSim::run_line() {
    std::string held;
    while (!stop_.requested()) {
        int fd = -1;
        {
            const std::lock_guard lock(mutex_);
            if (pty_) fd = pty_->fd();
        }
        pollfd both[2] = {{stop_.fd(), POLLIN, 0}, {fd, POLLIN, 0}};
        ::poll(both, 2, static_cast<int>(look.count()));
        {
            const std::lock_guard lock(mutex_);
            if (!pty_) {
                held.clear();
                continue;
            }
            held += pty_->read();
        }
        // Any other length is somebody else's business, or noise.
        while (held.size() >= request_size + 2) {
            const auto frame = held.substr(0, request_size);
            const bool whole = with_crc(frame) == held.substr(0, request_size + 2);
            held.erase(0, whole ? request_size + 2 : 1);
            if (!whole || byte(frame, 0) != unit_) continue;
            const auto pdu = answer(std::string_view(frame).substr(1));
            const std::lock_guard lock(mutex_);
            if (!pdu.empty() && pty_) (void)pty_->write(with_crc(frame.substr(0, 1) + pdu));
        }
    }
}

void ModbusScaleSim::run_tcp() {
    while (!stop_.requested()) {
        auto link = endpoint_->open(look, stop_);
        if (link) serve(**link);
    }
}

void ModbusScaleSim::serve(link::Link& link) {
    constexpr std::size_t header = 6;  // transaction, protocol, length
    std::string held;
    std::array<char, 512> buffer{};
    for (;;) {
        {
            const std::lock_guard lock(mutex_);
            if (!plugged_) return;
        }
        const auto n = link.read_some(buffer, look, stop_);
        if (!n && n.error().code == Errc::timeout) continue;
        if (!n) return;
        held.append(buffer.data(), *n);
        while (held.size() >= header && held.size() >= header + word(held, 4)) {
            const auto frame = held.substr(0, header + word(held, 4));
            held.erase(0, frame.size());
            if (frame.size() < header + request_size) return;
            const auto pdu = answer(std::string_view(frame).substr(header + 1));
            if (pdu.empty()) continue;
            auto out = frame.substr(0, 4);
            append(out, static_cast<unsigned>(pdu.size() + 1));
            out += frame[header];
            if (!link.write_all(out + pdu, std::chrono::seconds(1), stop_)) return;
        }
    }
}

void ModbusScaleSim::put(Grams load, std::chrono::milliseconds settles) {
    const std::lock_guard lock(mutex_);
    load_ = load;
    settled_ = Steady::now() + settles;
}

void ModbusScaleSim::overload(bool on) {
    const std::lock_guard lock(mutex_);
    over_ = on;
}
void ModbusScaleSim::fault(bool on) {
    const std::lock_guard lock(mutex_);
    fault_ = on;
}
void ModbusScaleSim::silence(bool on) {
    const std::lock_guard lock(mutex_);
    silent_ = on;
}
void ModbusScaleSim::freeze(bool on) {
    const std::lock_guard lock(mutex_);
    frozen_ = on;
}
void ModbusScaleSim::late(std::chrono::milliseconds by) {
    const std::lock_guard lock(mutex_);
    late_ = by;
}
void ModbusScaleSim::exceptions(unsigned count) {
    const std::lock_guard lock(mutex_);
    exceptions_ = count;
}

void ModbusScaleSim::unplug() {
    const std::lock_guard lock(mutex_);
    plugged_ = false;
    pty_.reset();
}

Result<void> ModbusScaleSim::plug() {
    const std::lock_guard lock(mutex_);
    plugged_ = true;
    if (terminal_.empty()) return {};
    auto pty = Pty::open(terminal_);
    if (!pty) return tl::unexpected(pty.error());
    pty_ = std::make_unique<Pty>(std::move(*pty));
    return {};
}

unsigned ModbusScaleSim::asked() const {
    const std::lock_guard lock(mutex_);
    return asked_;
}

}  // namespace hefang::hil
