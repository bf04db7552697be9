#include "hil/by_hand.hpp"

#include <array>
#include <cstdio>
#include <cstdlib>
#include <sstream>

#include <CLI/CLI.hpp>
#include <poll.h>
#include <unistd.h>

namespace hefang::hil {

void add_where(CLI::App& app, Where& where) {
    auto* group = app.add_option_group("how the gateway reaches it");
    group->add_option("--pty", where.terminal, "a new terminal behind this name (a symbolic link)");
    group->add_option("--listen", where.listen, "the gateway connects to this port of 127.0.0.1");
    group->add_option("--connect", where.connect, "the gateway listens on this port of 127.0.0.1");
    group->require_option(1);
}

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

void each_line(const link::Stop& stop, const std::function<void(const std::string&)>& take,
               const std::function<void()>& idle) {
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

void print_link(const std::string& address) {
    std::printf("link = \"%s\"\n", address.c_str());
    std::fflush(stdout);
}

}  // namespace hefang::hil
