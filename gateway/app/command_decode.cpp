#include "app/commands.hpp"
#include "link/descriptor.hpp"
#include "link/fd_link.hpp"
#include "worker/worker.hpp"

#include <sys/stat.h>

#include <cerrno>
#include <chrono>
#include <cstdio>
#include <optional>

#include <fcntl.h>
#include <nlohmann/json.hpp>
#include <unistd.h>

namespace hefang::app {
namespace {

constexpr std::size_t longest_path = 4'096;  // bytes; the kernel takes no more

/// The next line of stdin without its end; longer ones are cut to one byte above longest_path.
std::optional<std::string> next_line() {
    std::string line;
    for (int c = std::fgetc(stdin); c != '\n'; c = std::fgetc(stdin)) {
        if (c == EOF) return line.empty() ? std::nullopt : std::optional(std::move(line));
        if (line.size() <= longest_path) line += static_cast<char>(c);
    }
    return line;
}

/// All bytes of a plain file. A name is only ever given to the kernel: whatever it holds, it is a name.
Result<std::string> bytes_of(const std::string& path) {
    if (path.empty()) return fail(Errc::refused, "the line is empty");
    if (path.size() > longest_path) return fail(Errc::refused, "the path is longer than 4096 bytes");
    if (path.find('\0') != std::string::npos) return fail(Errc::refused, "the path holds a zero byte");
    // Without waiting: a named pipe that nobody writes to is no picture either.
    const link::Descriptor file(::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY));
    if (!file.valid()) return fail(Errc::not_found, link::system_text(errno));
    struct stat is {};
    if (::fstat(file.get(), &is) != 0) return fail(Errc::unreachable, link::system_text(errno));
    if (!S_ISREG(is.st_mode)) return fail(Errc::refused, "no plain file");
    if (is.st_size > static_cast<off_t>(codec::most_pixel_bytes)) return fail(Errc::refused, "larger than 96 MiB");
    std::string bytes(static_cast<std::size_t>(is.st_size), '\0');
    std::size_t have = 0;
    while (have < bytes.size()) {
        const auto n = ::read(file.get(), bytes.data() + have, bytes.size() - have);
        if (n < 0 && errno == EINTR) continue;
        if (n < 0) return fail(Errc::unreachable, link::system_text(errno));
        if (n == 0) break;  // it became shorter meanwhile
        have += static_cast<std::size_t>(n);
    }
    bytes.resize(have);
    return bytes;
}

Result<codec::SightAnswer> look_at(const std::string& path, worker::Worker& worker,
                                   const codec::SightOptions& options) {
    auto bytes = bytes_of(path);
    if (!bytes) return tl::unexpected(bytes.error());
    codec::SightRequest request;
    request.options = options;
    request.pixels = *std::move(bytes);
    return worker.look(std::move(request), link::Stop());
}

/// False when stdout is gone.
bool say(const std::string& path, const Result<codec::SightAnswer>& answer, double ms) {
    nlohmann::ordered_json line{{"file", path}, {"codes", nlohmann::ordered_json::array()}};
    if (answer) {
        for (const auto& code : answer->codes)
            line["codes"].push_back({{"text", code.text}, {"format", std::string(name(code.symbology))}});
    } else {
        line["error"] = answer.error().detail;
    }
    line["ms"] = static_cast<double>(static_cast<std::int64_t>(ms * 10)) / 10;
    // A name or a text that is no UTF-8 is shown with U+FFFD in place of what is not.
    const auto text = line.dump(-1, ' ', false, nlohmann::ordered_json::error_handler_t::replace);
    return std::printf("%s\n", text.c_str()) >= 0 && std::fflush(stdout) == 0;
}

}  // namespace

int decode_command(const DecodeOptions& options) {
    codec::SightOptions sight;
    sight.budget_ms = static_cast<std::uint16_t>(options.budget_ms);
    sight.upc_e = options.upc_e;
    for (const int length : options.itf_lengths) {
        if (length < 2 || length > 254 || length % 2 != 0 || sight.itf_lengths.size() == codec::most_itf_lengths) {
            std::fprintf(stderr, "hefang decode: --itf-length: %d: at most 16 even numbers from 2 to 254\n", length);
            return exit_usage;
        }
        sight.itf_lengths.push_back(static_cast<std::uint8_t>(length));
    }
    Counters counters;
    worker::Worker worker(options.worker.empty() ? worker::worker_program() : options.worker, {}, counters);
    if (const auto started = worker.start(link::Stop()); !started)
        std::fprintf(stderr, "hefang decode: %s\n", started.error().detail.c_str());
    int code = exit_ok;
    while (const auto path = next_line()) {
        const auto from = std::chrono::steady_clock::now();
        const auto answer = look_at(*path, worker, sight);
        const std::chrono::duration<double, std::milli> took = std::chrono::steady_clock::now() - from;
        if (!answer) code = exit_failed;
        if (!say(*path, answer, took.count())) return exit_failed;
    }
    return code;
}

}  // namespace hefang::app
