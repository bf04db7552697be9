#include "hil/child.hpp"
#include "hil/commands.hpp"
#include "hil/scale_sim.hpp"
#include "hil/scanner_sim.hpp"
#include "hil/sorter_sim.hpp"

#include <array>
#include <cstdio>
#include <cstdlib>
#include <functional>
#include <sstream>

#include <poll.h>
#include <unistd.h>

/// Single devices, led by hand: one command a line of the standard input.
namespace hefang::hil {
namespace {

using Words = std::vector<std::string>;

int complain(const Error& error) {
    std::fprintf(stderr, "hefang-sim: %s\n", error.detail.c_str());
    return 1;
}

Result<std::unique_ptr<Wire>> wire_at(const Where& where) {
    if (!where.terminal.empty()) {
        auto wire = PtyWire::open(where.terminal);
        if (!wire) return tl::unexpected(wire.error());
        return std::unique_ptr<Wire>(std::move(*wire));
    }
    if (where.connect) return std::unique_ptr<Wire>(std::make_unique<TcpClientWire>(*where.connect));
    auto wire = TcpServerWire::open(where.listen.value_or(0));
    if (!wire) return tl::unexpected(wire.error());
    return std::unique_ptr<Wire>(std::move(*wire));
}

/// Calls `take` for each line until the input ends (`idle` then goes on until a stop) or a stop is requested.
void each_line(
    const link::Stop& stop, const std::function<void(const std::string&)>& take,
    const std::function<void()>& idle = [] {}) {
    std::string held;
    bool open = true;
    while (!stop.requested()) {
        idle();
        pollfd both[2] = {{stop.fd(), POLLIN, 0}, {open ? 0 : -1, POLLIN, 0}};
        if (::poll(both, 2, 100) <= 0 || both[1].revents == 0) continue;
        std::array<char, 4096> buffer{};
        const auto n = ::read(0, buffer.data(), buffer.size());
        if (n <= 0) {
            open = false;
            continue;
        }
        held.append(buffer.data(), static_cast<std::size_t>(n));
        for (auto end = held.find('\n'); end != std::string::npos; end = held.find('\n')) {
            take(held.substr(0, end));
            held.erase(0, end + 1);
        }
    }
}

Words words_of(const std::string& line) {
    std::istringstream in(line);
    Words out;
    for (std::string word; in >> word;) out.push_back(word);
    return out;
}

unsigned number(const Words& words, std::size_t at) {
    return at < words.size() ? static_cast<unsigned>(std::strtoul(words[at].c_str(), nullptr, 10)) : 0;
}
bool is_on(const Words& words, std::size_t at) { return at < words.size() && words[at] == "on"; }

void tell(const Result<void>& done) {
    if (!done) std::fprintf(stderr, "not sent: %s\n", done.error().detail.c_str());
}

void not_understood(const std::string& line) { std::fprintf(stderr, "not understood: %s\n", line.c_str()); }

void scanner_line(ScannerSim& scanner, const ScannerOptions& options, const std::string& line) {
    auto words = words_of(line);
    if (words.empty()) return;
    if (words[0] == "!unplug") return scanner.unplug();
    if (words[0] == "!plug") return tell(scanner.plug());
    if (words[0] == "!noise") return tell(scanner.noise(number(words, 1)));
    if (words[0] == "!split") return scanner.split(number(words, 1), Ms(number(words, 2)));
    if (words[0][0] == '!') return not_understood(line);
    std::optional<std::uint16_t> sequence;
    if (!options.sequence.empty() && words[0][0] == '#') {
        sequence = static_cast<std::uint16_t>(std::strtoul(words[0].c_str() + 1, nullptr, 10));
        words.erase(words.begin());
    }
    std::vector<codec::ScanCode> codes;
    for (const auto& word : words)
        if (word != "no-read") codes.push_back({word, ""});
    tell(scanner.scan(std::move(codes), sequence));
}

void scale_line(ScaleSim& scale, const std::string& line) {
    const auto words = words_of(line);
    if (words.empty()) return;
    if (words[0] == "!unplug") return scale.unplug();
    if (words[0] == "!plug") return tell(scale.plug());
    if (words[0] == "!silence") return scale.silence(is_on(words, 1));
    if (words[0] == "!checksum") return scale.wrong_checksum(number(words, 1));
    if (words[0] == "!noise") return tell(scale.noise(number(words, 1)));
    if (words[0].find_first_not_of("0123456789") != std::string::npos) return not_understood(line);
    scale.put(Grams{number(words, 0)});
}

void sorter_line(SorterSim& sorter, const std::string& line) {
    const auto words = words_of(line);
    if (words.empty()) return;
    const auto& verb = words[0];
    const auto n = number(words, 1);
    if (verb == "induct") {
        const auto forced = n == 0 ? std::nullopt : std::optional(static_cast<std::uint16_t>(n));
        std::printf("inducted %u\n", static_cast<unsigned>(sorter.induct(forced)));
    } else if (verb == "restart") {
        sorter.restart();
    } else if (verb == "reset") {
        sorter.reset_connections();
    } else if (verb == "full") {
        sorter.set_full(static_cast<std::uint16_t>(n), is_on(words, 2));
    } else if (verb == "manual") {
        sorter.set_manual(is_on(words, 1));
    } else if (verb == "freeze") {
        sorter.freeze(is_on(words, 1));
    } else if (verb == "beat") {
        sorter.freeze_heartbeat(!is_on(words, 1));
    } else if (verb == "drop") {
        sorter.drop_confirmations(n);
    } else if (verb == "miss") {
        sorter.miss_diverts(n);
    } else if (verb == "skip") {
        sorter.skip_sequences(n);
    } else {
        not_understood(line);
    }
    std::fflush(stdout);
}

}  // namespace

int scanner_by_hand(const ScannerOptions& options, const link::Stop& stop) {
    auto wire = wire_at(options.where);
    if (!wire) return complain(wire.error());
    codec::ScanFraming framing;
    framing.prefix = options.prefix;
    codec::ScanFormat format;
    format.separator = options.separator;
    format.sequence = options.sequence;
    ScannerSim scanner(std::move(*wire), framing, format);
    std::printf("link = \"%s\"\n", scanner.address().c_str());
    std::fflush(stdout);
    each_line(stop, [&](const std::string& line) { scanner_line(scanner, options, line); });
    return 0;
}

int scale_by_hand(const ScaleOptions& options, const link::Stop& stop) {
    auto wire = wire_at(options.where);
    if (!wire) return complain(wire.error());
    ScaleSimSettings settings;
    settings.protocol = options.protocol;
    ScaleSim scale(std::move(*wire), settings);
    std::printf("link = \"%s\"\n", scale.address().c_str());
    std::fflush(stdout);
    scale.run();
    each_line(stop, [&](const std::string& line) { scale_line(scale, line); });
    return 0;
}

int sorter_by_hand(const SorterOptions& options, const link::Stop& stop) {
    SorterPlcSettings settings;
    settings.travel_ms = options.travel_ms;
    auto sorter = SorterSim::start(settings, options.port);
    if (!sorter) return complain(sorter.error());
    std::printf("link = \"modbus-tcp://127.0.0.1:%d?unit=1\"\n", (*sorter)->port());
    std::fflush(stdout);
    std::size_t commands = 0, left = 0;
    each_line(
        stop, [&](const std::string& line) { sorter_line(**sorter, line); },
        [&] {
            const auto received = (*sorter)->received();
            for (; commands < received.size(); ++commands)
                std::printf("command: item %u to chute %u, revision %u, answer %u\n", received[commands].entry.sequence,
                            received[commands].entry.chute, received[commands].entry.revision, received[commands].code);
            const auto gone = (*sorter)->diversions();
            for (; left < gone.size(); ++left)
                std::printf("left: item %u by chute %u%s\n", gone[left].sequence, gone[left].chute,
                            gone[left].by_default ? " (default)" : "");
            std::fflush(stdout);
        });
    return 0;
}

}  // namespace hefang::hil
