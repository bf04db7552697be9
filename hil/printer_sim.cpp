#include "hil/printer_sim.hpp"

#include <algorithm>
#include <array>
#include <chrono>
#include <utility>

namespace hefang::hil {
namespace {

using codec::print::Language;
using namespace std::chrono_literals;

std::string three_digits(std::size_t n) {
    const auto text = std::to_string(n);
    return std::string(3 - std::min<std::size_t>(3, text.size()), '0') + text;
}

}  // namespace

std::string PrinterModel::status() const {
    const auto bit = [](bool on) { return on ? "1" : "0"; };
    if (language_ == Language::zpl) {
        return "\x02"
               "030," +
               std::string(bit(faults.paper_out)) + "," + bit(faults.paused) + ",0406," +
               three_digits(waiting_.size()) + ",0,0,0,000," + bit(faults.other_fault) +
               ",0,0\x03\r\n\x02"
               "000,0," +
               bit(faults.head_open) + "," + bit(faults.ribbon_out) +
               ",0,2,4,0,00000000,1,000\x03\r\n\x02"
               "1234,0\x03\r\n";
    }
    unsigned code = 0;
    if (faults.head_open) code |= 0x01U;
    if (faults.paper_out) code |= 0x04U;
    if (faults.ribbon_out) code |= 0x08U;
    if (faults.paused) code |= 0x10U;
    if (!waiting_.empty()) code |= 0x20U;
    if (faults.other_fault) code |= 0x80U;
    return {static_cast<char>(code)};
}

void PrinterModel::advance(BootTime now) {
    while (!waiting_.empty() && faults.able() && now >= next_) {
        printed_.push_back(std::move(waiting_.front()));
        waiting_.pop_front();
        next_ = next_ + label_ms_;
    }
}

std::string PrinterModel::take(std::string_view bytes, BootTime now) {
    advance(now);
    const std::string end = language_ == Language::zpl ? "^XZ" : "PRINT 1,1\r\n";
    const auto question = codec::print::status_query(language_);
    std::string out;
    for (const char c : bytes) {
        held_ += c;
        if (held_.ends_with(question)) {
            held_.erase(held_.size() - question.size());
            out += status();
        } else if (held_.ends_with(end)) {
            if (waiting_.empty()) next_ = now + label_ms_;
            waiting_.push_back(std::exchange(held_, {}));
        }
    }
    return out;
}

Result<std::unique_ptr<PrinterSim>> PrinterSim::listen(Language language, std::int64_t label_ms, std::uint16_t port) {
    std::unique_ptr<PrinterSim> sim(new PrinterSim(language, label_ms));
    sim->endpoint_ = link::TcpListenEndpoint(link::TcpListenAddress{"127.0.0.1", port});
    const auto got = sim->endpoint_.listen();
    if (!got) return tl::unexpected(got.error());
    sim->port_ = *got;
    sim->thread_ = std::thread([self = sim.get()] { self->serve(); });
    return sim;
}

PrinterSim::~PrinterSim() {
    stop_.request();
    if (thread_.joinable()) thread_.join();
}

std::vector<std::string> PrinterSim::labels() const {
    const std::lock_guard lock(mutex_);
    return model_.labels();
}

void PrinterSim::set_faults(const codec::print::Status& faults) {
    const std::lock_guard lock(mutex_);
    model_.faults = faults;
}

void PrinterSim::jam_at_label(const codec::print::Status& faults) {
    const std::lock_guard lock(mutex_);
    with_label_ = faults;
}

void PrinterSim::serve() {
    while (!stop_.requested()) {
        {
            const std::lock_guard lock(mutex_);
            model_.advance(clock_.now().boot);
        }
        if (auto peer = endpoint_.open(20ms, stop_)) serve_one(**peer);
    }
}

void PrinterSim::serve_one(link::Link& peer) {
    for (;;) {
        std::array<char, 1024> buffer{};
        const auto n = peer.read_some(buffer, 10ms, stop_);
        if (!n && n.error().code != Errc::timeout) return;
        std::string out;
        bool label = false;
        {
            const std::lock_guard lock(mutex_);
            const auto before = model_.waiting() + model_.labels().size();
            out = model_.take({buffer.data(), n ? *n : 0}, clock_.now().boot);
            label = model_.waiting() + model_.labels().size() > before;
            if (label && with_label_) model_.faults = *std::exchange(with_label_, std::nullopt);
        }
        if (label && hang_up_.exchange(false)) return;
        if (!out.empty() && !silent_ && !peer.write_all(out, 1000ms, stop_)) return;
    }
}

}  // namespace hefang::hil
