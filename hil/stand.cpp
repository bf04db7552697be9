#include "hil/stand.hpp"

#include "hil/wedge_wire.hpp"
#include "telegram/reader_profile.hpp"

#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <system_error>

#include <unistd.h>

namespace hefang::hil {
namespace {

namespace fs = std::filesystem;

constexpr std::int64_t declared_before_ms = 6 * 3'600'000;
constexpr const char* sequence_mark = ":";
constexpr const char* code_separator = ";";
constexpr const char* tiny_disk =
    "free_gib = [4e-9, 3e-9, 2e-9, 1e-9]  # four bytes: the disk itself says when it is full\n";

Result<void> write_file(const std::string& path, const std::string& text) {
    std::ofstream out(path, std::ios::binary | std::ios::trunc);
    out << text;
    if (!out.flush()) return fail(Errc::unreachable, path + ": cannot be written");
    return {};
}

std::string text_of(const std::string& path) {
    std::ifstream in(path, std::ios::binary);
    return {std::istreambuf_iterator<char>(in), {}};
}

/// The lamp byte of CAS has its highest bit set.
bool bytes_of_eight(const std::string& scale_protocol) { return scale_protocol == "cas-continuous"; }

codec::ScanFormat format_of(const LineSpec& spec) {
    const auto* profile = codec::reader_profile(spec.reader);
    auto format = codec::format_of(profile != nullptr ? *profile : codec::reader_profiles().front());
    format.separator = code_separator;
    if (spec.sequence && spec.sorter) format.sequence = sequence_mark;
    return format;
}

Result<std::unique_ptr<Wire>> reader_wire(const LineSpec& spec, const std::string& name) {
    const auto any = [](auto wire) -> Result<std::unique_ptr<Wire>> {
        if (!wire) return tl::unexpected(wire.error());
        return std::unique_ptr<Wire>(std::move(*wire));
    };
    if (spec.reader == "wedge") return any(WedgeWire::open(name));
    return spec.reader.empty() ? any(PtyWire::open(name)) : any(TcpServerWire::open());
}

}  // namespace

std::uint16_t Line::induct() {
    last_sequence = codec::sorter::next_sequence(last_sequence);
    return sorter->induct(last_sequence);
}

Result<void> Line::scan(const std::vector<std::string>& codes, std::optional<std::uint16_t> sequence) {
    std::vector<codec::ScanCode> printed;
    for (const auto& code : codes) printed.push_back({code, ""});
    return scanner->scan(std::move(printed), sequence);
}

int Line::chute_of(const std::string& parcel_class) const {
    const auto said = [&](const std::string& name) { return spec.chutes.contains(name) ? spec.chutes.at(name) : 0; };
    if (const int own = said(parcel_class); own != 0) return own;
    const bool to_inspect = parcel_class == "reweigh" || parcel_class == "detain";
    if (to_inspect && said("inspect") != 0) return said("inspect");
    return said("hold");
}

Stand::Stand(SiteSpec spec, const link::Stop& stop, std::string folder)
    : writer(WallTime{SystemClock().now().wall.ms - declared_before_ms}),
      spec_(std::move(spec)),
      stop_(stop),
      folder_(std::move(folder)) {}

Stand::~Stand() {
    gateway_.end();
    receiver_.end();
    broker_.end();
    lines.clear();
    std::error_code ignored;
    if (!keep_) fs::remove_all(folder_, ignored);
}

Result<std::unique_ptr<Stand>> Stand::build(SiteSpec spec, const link::Stop& stop) {
    std::string folder = (fs::temp_directory_path() / "hefang-sim-XXXXXX").string();
    if (::mkdtemp(folder.data()) == nullptr) return fail(Errc::unreachable, folder + ": cannot be made");
    if (spec.program_folder.empty()) spec.program_folder = own_folder();
    std::unique_ptr<Stand> stand(new Stand(std::move(spec), stop, folder));
    std::error_code error;
    fs::permissions(folder, fs::perms(0755), error);  // mosquitto gives up its rights when root starts it
    const auto page = stand->spec_.page_port != 0 ? Result<std::uint16_t>(stand->spec_.page_port) : free_port();
    const auto broker = free_port();
    if (!page) return tl::unexpected(page.error());
    if (!broker) return tl::unexpected(broker.error());
    stand->port_ = *page;
    stand->broker_port_ = *broker;
    if (auto made = stand->make_store_folder(); !made) return tl::unexpected(made.error());
    for (const auto& line : stand->spec_.lines)
        if (auto built = stand->build_line(line); !built) return tl::unexpected(built.error());
    if (auto written = stand->write_configuration(); !written) return tl::unexpected(written.error());
    return stand;
}

Result<void> Stand::build_line(const LineSpec& spec) {
    auto line = std::make_unique<Line>();
    line->spec = spec;
    if (spec.listen_ports.empty()) {
        auto wire = reader_wire(spec, folder_ + "/" + spec.id + "-reader");
        if (!wire) return tl::unexpected(wire.error());
        const auto* profile = codec::reader_profile(spec.reader);
        const auto framing = profile != nullptr ? codec::framing_of(*profile) : codec::ScanFraming{};
        line->scanner = std::make_unique<ScannerSim>(std::move(*wire), framing, format_of(spec));
    }
    if (spec.scale) {
        auto wire = PtyWire::open(folder_ + "/" + spec.id + "-scale");
        if (!wire) return tl::unexpected(wire.error());
        ScaleSimSettings settings;
        settings.protocol = spec.scale_protocol;
        settings.ramp_frames = 3;
        settings.period = Ms(30);
        line->scale = std::make_unique<ScaleSim>(std::move(*wire), settings);
        line->scale->run();
    }
    if (spec.xray) {
        XraySimSettings settings;
        settings.folder = folder_ + "/" + spec.id + "-xray";
        settings.views = 2;
        auto xray = XraySim::start(settings);
        if (!xray) return tl::unexpected(xray.error());
        line->xray = std::move(*xray);
    }
    if (spec.sorter) {
        SorterPlcSettings settings;
        settings.travel_ms = spec.travel_ms;
        auto sorter = SorterSim::start(settings);
        if (!sorter) return tl::unexpected(sorter.error());
        line->sorter = std::move(*sorter);
    }
    lines.push_back(std::move(line));
    return {};
}

std::string Stand::devices_text() const {
    std::string text;
    const auto device = [&](const std::string& id, const char* kind, const std::string& rest) {
        text += "[[device]]\nid = \"" + id + "\"\nkind = \"" + kind + "\"\n" + rest + "\n";
    };
    for (const auto& line : lines) {
        const auto& s = line->spec;
        const std::string form = std::string("separator = \"") + code_separator + "\"\n" +
                                 (s.sequence && s.sorter ? std::string("sequence = \"") + sequence_mark + "\"\n" : "");
        std::string readers;
        for (std::size_t i = 0; i < s.listen_ports.size(); ++i) {
            const auto id = s.id + "-reader-" + std::to_string(i);
            device(id, "scanner",
                   form + "link = \"tcp-listen://127.0.0.1:" + std::to_string(s.listen_ports[i]) + "\"\n");
            readers += (i > 0 ? ", \"" : "\"") + id + "\"";
        }
        if (line->scanner) {
            const auto protocol = s.reader.empty() ? std::string() : "protocol = \"" + s.reader + "\"\n";
            device(s.id + "-reader", "scanner",
                   protocol + form + "link = \"" + line->scanner->address() +
                       (s.reader.empty() ? "?baud=115200\"\n" : "\"\n"));
            readers = "\"" + s.id + "-reader\"";
        }
        if (line->scale)
            device(s.id + "-scale", "scale",
                   "protocol = \"" + s.scale_protocol + "\"\ninterval_g = 5\nwindow_ms = 240\nsamples = 4\nlink = \"" +
                       line->scale->address() +
                       (bytes_of_eight(s.scale_protocol) ? "?baud=9600\"\n" : "?baud=9600&parity=even&bits=7\"\n"));
        if (line->xray)
            device(s.id + "-xray", "xray", line->xray->settings_text() + "link = \"" + line->xray->address() + "\"\n");
        if (line->sorter)
            device(s.id + "-sorter", "sorter",
                   "link = \"modbus-tcp://127.0.0.1:" + std::to_string(line->sorter->port()) +
                       "?unit=1\"\nanswer_ms = 600\n");
        text += "[[lane]]\nid = \"" + s.id + "\"\nflow = \"parcel-sort\"\nreader = [" + readers + "]\n";
        if (line->scale)
            text +=
                "scale = \"" + s.id + "-scale\"\nweigh_window_ms = [0, " + std::to_string(s.decide_within_ms) + "]\n";
        if (line->xray) text += "xray = \"" + s.id + "-xray\"\nxray_after_ms = 900\nxray_within_ms = 500\n";
        text += "decide_within_ms = " + std::to_string(s.decide_within_ms) +
                "\nsame_parcel_ms = " + std::to_string(s.same_parcel_ms) + "\n";
        if (!line->sorter) continue;
        text += "sorter = \"" + s.id + "-sorter\"\ncommand_valid_ms = " + std::to_string(s.command_valid_ms) +
                "\nconfirm_within_ms = " + std::to_string(s.confirm_within_ms) + "\nchutes = {";
        const char* comma = " ";
        for (const auto& [name, chute] : s.chutes) {
            text += comma + name + " = " + std::to_string(chute);
            comma = ", ";
        }
        text += " }\n\n";
    }
    return text;
}

Result<void> Stand::write_configuration() const {
    // Images wait below the first step of free space, and a desk may have less than a site.
    const bool tiny = spec_.store_mib > 0 ||
                      std::any_of(lines.begin(), lines.end(), [](const auto& line) { return line->xray != nullptr; });
    std::string text =
        "# Written by hefang-sim for one run.\n[site]\ngateway = \"sim-g01\"\nkind = \"bonded-warehouse\"\nname = \"" +
        spec_.name + "\"\n\n[store]\npath = \"" + folder_ + "/store\"\n" + (tiny ? tiny_disk : "") +
        "\n[platform]\nbroker = \"mqtt://127.0.0.1:" + std::to_string(broker_port_) +
        "\"\n\n"
        "[web]\nlisten = \"127.0.0.1:" +
        std::to_string(port_) + "\"\n\n[policy]\n";
    for (const auto& [key, value] : spec_.policy) text += key + " = " + value + "\n";
    std::error_code error;
    fs::create_directory(folder_ + "/messages", error);
    if (auto done = write_file(folder_ + "/site.toml", text + "\n" + devices_text()); !done) return done;
    return write_file(
        folder_ + "/mosquitto.conf",
        "listener " + std::to_string(broker_port_) +
            " 127.0.0.1\nallow_anonymous true\npersistence false\nmax_queued_messages 0\nlog_type error\n");
}

std::string Stand::last_words() const {
    const auto log = text_of(folder_ + "/hefang.log");
    constexpr std::size_t most = 2000;
    return log.size() > most ? log.substr(log.size() - most) : log;
}

}  // namespace hefang::hil
