#include "belt/scene.hpp"
#include "bench/table.hpp"
#include "vision/read_codes.hpp"

#include <sys/wait.h>

#include <cstdlib>
#include <functional>
#include <optional>
#include <sstream>

#include <unistd.h>

#define ZX_USE_UTF8 1
#include <ZXing/ReadBarcode.h>

namespace hefang::bench {
namespace {

constexpr std::uint16_t budget_ms = 150;

struct Seen {
    double cpu_ms = 0;
    std::vector<std::string> texts;
};
using Read = std::function<std::vector<std::string>(const hil::Picture&)>;

double cpu_ms() {
    std::timespec t{};
    ::clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &t);
    return static_cast<double>(t.tv_sec) * 1e3 + static_cast<double>(t.tv_nsec) / 1e6;
}

/// The texts read of a picture in a process of its own: the bare library ends it at some. None: it did.
std::optional<Seen> apart(const Read& read, const hil::Picture& picture) {
    int ends[2];
    if (::pipe(ends) != 0) std::abort();
    const pid_t pid = ::fork();
    if (pid == 0) {
        std::fclose(stderr);
        const double from = cpu_ms();
        const auto texts = read(picture);
        std::string said = std::to_string(cpu_ms() - from) + "\n";
        for (const auto& text : texts) said += text + "\n";
        std::size_t sent = 0;
        while (sent < said.size()) {
            const auto n = ::write(ends[1], said.data() + sent, said.size() - sent);
            if (n <= 0) break;
            sent += static_cast<std::size_t>(n);
        }
        ::_exit(0);
    }
    ::close(ends[1]);
    std::string all;
    char buffer[4096];
    for (ssize_t n = ::read(ends[0], buffer, sizeof buffer); n > 0; n = ::read(ends[0], buffer, sizeof buffer))
        all.append(buffer, static_cast<std::size_t>(n));
    ::close(ends[0]);
    ::waitpid(pid, nullptr, 0);
    std::istringstream lines(all);
    Seen seen;
    std::string line;
    if (!std::getline(lines, line)) return std::nullopt;
    seen.cpu_ms = std::atof(line.c_str());
    while (std::getline(lines, line)) seen.texts.push_back(line);
    return seen;
}

std::vector<std::string> by_pipeline(const hil::Picture& p) {
    const vision::GreyView view{p.pixels.data(), p.width, p.height, static_cast<std::size_t>(p.width)};
    const auto until = Steady::now() + std::chrono::milliseconds(budget_ms);
    std::vector<std::string> out;
    for (const auto& code : vision::read_codes(view, {budget_ms, false, {}}, [&] { return Steady::now() >= until; }))
        out.push_back(code.text);
    return out;
}

/// The library's own call for all codes of a picture, as its examples have it.
std::vector<std::string> by_library(const hil::Picture& p) {
    using F = ZXing::BarcodeFormat;
    ZXing::DecodeHints hints;
    hints.setFormats(F::Code128 | F::Code39 | F::ITF | F::EAN13 | F::EAN8 | F::UPCA | F::UPCE | F::QRCode |
                     F::DataMatrix | F::PDF417);
    hints.setTryDownscale(false);
    std::vector<std::string> out;
    for (const auto& r : ZXing::ReadBarcodes({p.pixels.data(), p.width, p.height, ZXing::ImageFormat::Lum}, hints))
        if (r.isValid()) out.push_back(r.text());
    return out;
}

struct Tally {
    int read = 0, misread = 0, ended = 0;
    double cpu_ms = 0;

    void add(const std::optional<Seen>& seen, const std::vector<hil::Placed>& labels) {
        if (!seen) {
            ++ended;
            return;
        }
        cpu_ms += seen->cpu_ms;
        for (const auto& p : labels)
            read += std::find(seen->texts.begin(), seen->texts.end(), p.label.text) != seen->texts.end() ? 1 : 0;
        for (const auto& text : seen->texts)
            misread += std::none_of(labels.begin(), labels.end(), [&](const auto& p) { return p.label.text == text; });
    }
};

using Frame = Result<hil::BeltFrame> (*)(std::uint32_t, std::uint32_t);

void run(const char* name, Frame frame, std::uint32_t seed, std::uint32_t count, const char* aim, const char* cpu_aim) {
    Tally ours, library;
    int labels = 0;
    for (std::uint32_t i = 0; i < count; ++i) {
        const auto f = frame(seed, i);
        if (!f) {
            std::fprintf(stderr, "camera: %s\n", f.error().detail.c_str());
            return;
        }
        labels += static_cast<int>(f->labels.size());
        ours.add(apart(by_pipeline, f->picture), f->labels);
        library.add(apart(by_library, f->picture), f->labels);
    }
    const auto share = [&](const Tally& t) { return format("%.1f %%", 100.0 * t.read / std::max(1, labels)); };
    const auto mean = [&](const Tally& t) {
        return format("%.1f ms", t.cpu_ms / std::max(1, static_cast<int>(count) - t.ended));
    };
    const std::string samples =
        std::to_string(labels) + " labels, " + std::to_string(count) + " pictures, seed " + std::to_string(seed);
    const std::string about = std::string("camera, ") + name + ": ";
    print({about + "labels read", share(ours), share(library),
           format("%.2f", static_cast<double>(ours.read) / std::max(1, library.read)), aim, samples});
    print({about + "CPU a picture", mean(ours), mean(library),
           format("%.2f", ours.cpu_ms / std::max(1.0, library.cpu_ms)), cpu_aim, samples});
    print({about + "misreads", std::to_string(ours.misread), std::to_string(library.misread), "", "0", samples});
    print({about + "ended the process", std::to_string(ours.ended), std::to_string(library.ended), "", "0", samples});
}

}  // namespace

void bench_camera(const Scale& scale) {
    for (const std::uint32_t seed : {1U, 2U}) {
        run("belt", hil::belt_frame, seed, static_cast<std::uint32_t>(scale.belt_frames), "1.8 x", "1.0 x");
        run("small and clean", hil::clean_frame, seed, static_cast<std::uint32_t>(scale.belt_frames), "+ 8 points",
            "15 ms");
    }
}

}  // namespace hefang::bench
