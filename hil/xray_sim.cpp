#include "hil/xray_sim.hpp"

#include <array>
#include <filesystem>
#include <fstream>

namespace hefang::hil {
namespace {

namespace fs = std::filesystem;

struct Named {
    std::string_view name;
    XrayManner manner;
};
constexpr std::array manners{Named{"clear", XrayManner::clear},
                             Named{"suspect", XrayManner::suspect},
                             Named{"undecided", XrayManner::undecided},
                             Named{"unjudged", XrayManner::unjudged},
                             Named{"late-word", XrayManner::late_word},
                             Named{"silent", XrayManner::silent},
                             Named{"truncated", XrayManner::truncated},
                             Named{"one-view", XrayManner::one_view},
                             Named{"wrong-sequence", XrayManner::wrong_sequence},
                             Named{"judged-again", XrayManner::judged_again},
                             Named{"tip", XrayManner::tip}};

std::string big(std::uint32_t value, int bytes) {
    std::string out;
    for (int i = bytes; i-- > 0;) out += static_cast<char>(value >> (8 * i) & 0xFF);
    return out;
}

std::uint32_t crc(std::string_view bytes) {  // CRC-32 as of ISO/IEC 15948, annex D
    std::uint32_t value = 0xFFFFFFFF;
    for (const char c : bytes) {
        value ^= static_cast<unsigned char>(c);
        for (int bit = 0; bit < 8; ++bit) value = (value & 1) != 0 ? 0xEDB88320U ^ (value >> 1) : value >> 1;
    }
    return ~value;
}

std::string chunk(const std::string& type, const std::string& body) {
    return big(static_cast<std::uint32_t>(body.size()), 4) + type + body + big(crc(type + body), 4);
}

/// zlib without compression: stored blocks (RFC 1950, 1951).
std::string stored(const std::string& bytes) {
    constexpr std::size_t block = 65'535;
    std::string out("\x78\x01", 2);
    for (std::size_t at = 0; at < bytes.size(); at += block) {
        const auto piece = bytes.substr(at, block);
        const auto size = static_cast<std::uint32_t>(piece.size());
        const auto low = [](std::uint32_t v) {
            return std::string{static_cast<char>(v & 0xFF), static_cast<char>(v >> 8 & 0xFF)};
        };
        out += static_cast<char>(at + block >= bytes.size() ? 1 : 0) + low(size) + low(~size) + piece;
    }
    std::uint32_t a = 1;
    std::uint32_t b = 0;
    for (const char c : bytes) a = (a + static_cast<unsigned char>(c)) % 65'521, b = (b + a) % 65'521;
    return out + big(b << 16 | a, 4);
}

}  // namespace

std::optional<XrayManner> manner_named(std::string_view name) {
    for (const auto& row : manners)
        if (row.name == name) return row.manner;
    return std::nullopt;
}

std::string manner_names() {
    std::string out;
    for (const auto& row : manners) out += (out.empty() ? "" : " ") + std::string(row.name);
    return out;
}

std::string grey_png(std::uint32_t width, std::uint32_t height, std::uint32_t seed) {
    std::string pixels;
    for (std::uint32_t y = 0; y < height; ++y) {
        pixels += '\0';  // no filter
        for (std::uint32_t x = 0; x < width; ++x)
            pixels += static_cast<char>((x * (seed % 7 + 1) + y * (seed % 5 + 1) + seed) & 0xFF);
    }
    return std::string("\x89PNG\r\n\x1a\n") +
           chunk("IHDR", big(width, 4) + big(height, 4) + std::string("\x08\0\0\0\0", 5)) +
           chunk("IDAT", stored(pixels)) + chunk("IEND", "");
}

Result<std::unique_ptr<XraySim>> XraySim::start(XraySimSettings settings) {
    std::error_code error;
    fs::create_directories(settings.folder, error);
    if (error) return fail(Errc::unreachable, settings.folder + ": " + error.message());
    std::unique_ptr<XraySim> sim(new XraySim(std::move(settings)));
    sim->thread_ = std::jthread([raw = sim.get()](const std::stop_token& stop) { raw->run(stop); });
    return sim;
}

XraySim::~XraySim() = default;

std::string XraySim::settings_text() const {
    return "views = " + std::to_string(settings_.views) +
           "\nscan_field = \"Scan/Id\"\nsequence_field = \"Scan/Sequence\"\nresult_field = \"Scan/Result\"\n"
           "operator_field = \"Scan/@operator\"\ntip_field = \"Scan/Tip\"\n";
}

void XraySim::pass(std::uint16_t sequence, XrayManner manner) {
    const std::lock_guard lock(mutex_);
    const auto id = "S" + std::to_string(++scans_) + "-" + std::to_string(sequence);
    agenda_.in(settings_.after, [this, sequence, id, manner] { show(sequence, id, manner); });
}

void XraySim::run(const std::stop_token& stop) {
    while (!stop.stop_requested()) {
        {
            const std::lock_guard lock(mutex_);
            agenda_.run_due();
        }
        std::this_thread::sleep_for(std::chrono::milliseconds(5));
    }
}

void XraySim::drop(const std::string& name, const std::string& bytes) const {
    const auto beside = settings_.folder + "/" + name + ".tmp";
    {
        std::ofstream out(beside, std::ios::binary | std::ios::trunc);
        out << bytes;
    }
    std::error_code ignored;
    fs::rename(beside, settings_.folder + "/" + name, ignored);
}

void XraySim::say(const std::string& name, const std::string& id, std::uint16_t sequence, const char* result,
                  bool tip) const {
    drop(name + ".xml", "<?xml version=\"1.0\" encoding=\"UTF-8\"?><Scan operator=\"op 7\"><Id>" + id +
                            "</Id><Sequence>" + std::to_string(sequence) + "</Sequence><Result>" + result +
                            "</Result><Tip>" + (tip ? "1" : "0") + "</Tip></Scan>\n");
}

/// Called with the mutex held, on the machine's thread.
void XraySim::show(std::uint16_t sequence, const std::string& id, XrayManner manner) {
    using enum XrayManner;
    if (manner == silent) return;
    const int shown = manner == one_view ? settings_.views - 1 : settings_.views;
    for (int view = 1; view <= shown; ++view) {
        auto picture = grey_png(160, 100, static_cast<std::uint32_t>(sequence) * 4 + static_cast<std::uint32_t>(view));
        if (manner == truncated && view == shown) picture.resize(picture.size() / 2);
        drop(settings_.views > 1 ? id + "_" + std::to_string(view) + ".png" : id + ".png", picture);
    }
    if (manner == unjudged) return;
    const auto named = manner == wrong_sequence ? static_cast<std::uint16_t>(sequence + 1) : sequence;
    const char* result = manner == suspect || manner == tip ? "suspect" : manner == undecided ? "timeout" : "clear";
    if (manner == late_word)
        return agenda_.in(settings_.word_late, [this, id, sequence] { say(id, id, sequence, "clear"); });
    say(id, id, named, result, manner == tip);
    if (manner == judged_again)
        agenda_.in(settings_.word_late, [this, id, sequence] { say("again-" + id, id, sequence, "suspect"); });
}

}  // namespace hefang::hil
