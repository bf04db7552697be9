#include "sorter/sorter.hpp"

#include "base/log.hpp"
#include "link/modbus.hpp"
#include "plc/sorter_map.hpp"
#include "sorter/sorter_rings.hpp"
#include "sorter/sorter_slots.hpp"

#include <sys/eventfd.h>

#include <algorithm>
#include <array>
#include <chrono>
#include <cstdlib>
#include <exception>
#include <random>
#include <string_view>
#include <utility>

#include <poll.h>
#include <unistd.h>

namespace hefang::driver {

namespace map = codec::sorter;

namespace {

std::uint64_t random_64() {
    std::random_device device;
    return std::uint64_t{device()} << 32U | device();
}

/// Never 0; 53 bits, so that it stays exact where numbers are read as doubles. Two of the sessions of a site's life are
/// the same with a chance of about n²/2^54.
reading::SorterSession new_session() { return std::max<std::uint64_t>(1, random_64() >> 11U); }

/// A session number for the PLC that is none of `taken` and not 0.
std::uint16_t new_edge_session(const std::array<std::uint16_t, 3>& taken) {
    for (;;) {
        const auto n = static_cast<std::uint16_t>(random_64());
        if (n != 0 && std::find(taken.begin(), taken.end(), n) == taken.end()) return n;
    }
}

}  // namespace

/// One life of the connection, on the device's thread.
class SorterDriver::Conversation {
  public:
    Conversation(SorterDriver& driver, Context& context, link::Modbus link)
        : driver_(driver), set_(driver.settings_), context_(context), link_(std::move(link)) {}

    Error run() {
        auto begun = wait_for_core().and_then([&] { return begin(); });
        if (!begun) return begun.error();
        const Error why = converse_to_the_end();
        count("command-unsent", slots_.waiting());
        if (!context_.sink.post(reading::SorterDown{set_.id, now(), session_, why.detail}, context_.stop)) {
            return stopped();
        }
        return why;
    }

  private:
    [[nodiscard]] BootTime now() const { return context_.clock.now().boot; }
    static Error stopped() { return {Errc::closed, "stop was requested"}; }

    Result<map::Status> read();
    Result<void> beat();
    Result<void> wait_for_core();
    Result<void> offer_session();
    Result<void> begin();
    Error converse_to_the_end();
    Error converse();
    Result<void> pass();
    Result<void> watch_core();
    Result<void> write_commands();
    Result<void> poll_plc();
    void watch_answers();
    Result<void> judge(const map::Status& status);
    Result<void> harvest(const map::Status& status, BootTime asked_before);
    void count(std::string_view name, std::size_t by) const;
    Result<void> post(reading::Reading&& reading);
    void wait_until(BootTime due) const;

    SorterDriver& driver_;
    const SorterSettings& set_;
    Context& context_;
    link::Modbus link_;
    SorterSlots slots_;
    reading::SorterSession session_ = 0;
    std::uint16_t edge_session_ = 0;
    std::uint16_t beat_ = 0;
    map::Status seen_;                  // the last status that was judged
    std::optional<SorterRings> rings_;  // from the session's begin on
    BootTime plc_changed_, echo_changed_, next_beat_, next_poll_;
    BootTime asked_at_, read_at_;  // when the last status was asked for, and had come
    std::optional<BootTime> core_silent_since_;
    bool answers_missed_ = false;  // was said
};

Result<map::Status> SorterDriver::Conversation::read() {
    map::StatusRegisters registers{};
    asked_at_ = now();
    if (auto got = link_.read_registers(map::reg_edge_heartbeat, registers); !got) {
        return tl::unexpected(got.error());
    }
    read_at_ = now();
    context_.alive(session_ != 0 ? Sign::data : Sign::link);
    return map::decode_status(registers);
}

Result<void> SorterDriver::Conversation::beat() {
    ++beat_;
    next_beat_ = now() + set_.heartbeat_ms;
    context_.counters.add("heartbeats");
    return link_.write_registers(map::reg_edge_heartbeat, std::array{beat_});
}

/// Only looks at the PLC until the core turns: a heartbeat would promise commands.
Result<void> SorterDriver::Conversation::wait_for_core() {
    for (;;) {
        auto status = read();
        if (!status) return tl::unexpected(status.error());
        seen_ = *status;
        if (driver_.core_alive_()) return {};
        if (context_.stop.wait_for(std::chrono::milliseconds(set_.heartbeat_ms))) return tl::unexpected(stopped());
    }
}

/// The command block is emptied before the session number is offered: no old command can stand in the new session.
Result<void> SorterDriver::Conversation::offer_session() {
    edge_session_ = new_edge_session({seen_.edge_session, seen_.accepted_session, driver_.last_edge_session_});
    driver_.last_edge_session_ = edge_session_;
    beat_ = seen_.edge_heartbeat;
    map::Commands empty;
    empty.session = edge_session_;
    return link_.write_registers(map::reg_command_block, map::encode_commands(empty))
        .and_then([&] { return link_.write_registers(map::reg_edge_session, std::array{edge_session_}); })
        .and_then([&] { return beat(); });
}

Result<void> SorterDriver::Conversation::begin() {
    if (auto offered = offer_session(); !offered) return offered;
    const BootTime offered_at = now();
    unsigned plc_beats = 0;
    unsigned echoes = 0;
    while (plc_beats < 2 || echoes < 2 || seen_.accepted_session != edge_session_) {
        if (!driver_.core_alive_()) return fail(Errc::unreachable, "the core stopped turning before the sorter was up");
        if (now() - offered_at > set_.handshake_ms) {
            return fail(Errc::timeout, "the PLC did not take session " + std::to_string(edge_session_) +
                                           ": heartbeats seen " + std::to_string(plc_beats) + ", echoes " +
                                           std::to_string(echoes) + ", session taken " +
                                           std::to_string(seen_.accepted_session));
        }
        if (now() >= next_beat_) {
            if (auto beaten = beat(); !beaten) return beaten;
        }
        auto status = read();
        if (!status) return tl::unexpected(status.error());
        if (status->start != seen_.start) return fail(Errc::unreachable, "the PLC started anew");
        if (status->plc_heartbeat != seen_.plc_heartbeat) ++plc_beats;
        if (status->echo != seen_.echo) ++echoes;
        seen_ = *status;
        const auto pause = std::clamp<std::int64_t>(next_beat_ - now(), 0, set_.poll_ms);
        if (context_.stop.wait_for(std::chrono::milliseconds(pause))) return tl::unexpected(stopped());
    }
    session_ = new_session();
    rings_.emplace(set_.id, session_, seen_);
    plc_changed_ = echo_changed_ = read_at_;
    next_poll_ = now();
    context_.counters.add("sessions");
    context_.alive(Sign::data);
    context_.condition(map::condition(seen_.state));
    return post(reading::SorterUp{set_.id, read_at_, session_});
}

/// A bug, or no memory, ends the conversation as a lost connection does: with a SorterDown.
Error SorterDriver::Conversation::converse_to_the_end() {
    try {
        return converse();
    } catch (const std::exception& e) {
        return {Errc::refused, std::string("internal: ") + e.what()};
    }
}

Error SorterDriver::Conversation::converse() {
    for (;;) {
        if (context_.stop.requested()) return stopped();
        if (auto passed = pass(); !passed) return passed.error();
        wait_until(core_silent_since_ ? next_poll_ : std::min(next_poll_, next_beat_));
    }
}

/// Commands come first: they were just wanted, and the belt does not wait.
Result<void> SorterDriver::Conversation::pass() {
    if (auto written = write_commands(); !written) return written;
    if (!core_silent_since_ && now() >= next_beat_) {
        if (auto beaten = beat(); !beaten) return beaten;
    }
    if (now() < next_poll_) return {};
    if (auto polled = poll_plc(); !polled) return polled;
    return write_commands();  // answers may have freed slots
}

Result<void> SorterDriver::Conversation::watch_core() {
    if (!core_silent_since_) {
        if (driver_.core_alive_()) return {};
        core_silent_since_ = now();
        context_.counters.add("core-silent");
        log(LogLevel::warn, set_.id.text(), "the core does not turn: heartbeat and commands to the sorter stop");
    }
    if (now() - *core_silent_since_ <= set_.handshake_ms) return {};
    context_.counters.add("plc-without-watchdog");
    return fail(Errc::closed, "the core stopped turning, and the PLC did not end the session by itself");
}

Result<void> SorterDriver::Conversation::write_commands() {
    if (auto wanted = driver_.take_wanted()) {
        const auto refused = slots_.replace(*wanted, session_);
        count("command-other-session", refused.other_session);
        count("command-no-sequence", refused.no_sequence);
        count("command-superseded", refused.superseded);
    }
    if (auto watched = watch_core(); !watched) return watched;  // after the set was taken: it may be a dead core's last
    if (core_silent_since_) return {};
    auto fill = slots_.fill(now(), set_.ack_ms);
    count("command-expired", fill.expired);
    count("command-displaced", fill.displaced);
    if (fill.fresh == 0) return {};
    fill.block.session = edge_session_;
    context_.counters.add("commands-sent", fill.fresh);
    return link_.write_registers(map::reg_command_block, map::encode_commands(fill.block));
}

Result<void> SorterDriver::Conversation::poll_plc() {
    const BootTime asked_before = asked_at_;
    auto status = read();
    if (!status) return tl::unexpected(status.error());
    next_poll_ = std::max(next_poll_ + set_.poll_ms, read_at_);
    if (status->start != seen_.start) return fail(Errc::unreachable, "the PLC started anew");
    if (auto harvested = harvest(*status, asked_before); !harvested)
        return harvested;  // it happened, whatever becomes of the session
    if (status->edge_session != edge_session_)
        return fail(Errc::unreachable, "another client offered the PLC a session");
    if (auto judged = judge(*status); !judged) return judged;
    watch_answers();
    return {};
}

/// Whether the conversation still holds.
Result<void> SorterDriver::Conversation::judge(const map::Status& status) {
    if (status.plc_heartbeat != seen_.plc_heartbeat) plc_changed_ = read_at_;
    if (status.echo != seen_.echo) echo_changed_ = read_at_;
    if (status.state != seen_.state) {
        const auto condition = map::condition(status.state);
        log(LogLevel::info, set_.id.text(), "sorter: " + (condition.empty() ? "running" : condition));
        context_.condition(condition);
    }
    seen_ = status;
    if (status.accepted_session != edge_session_) {
        return fail(Errc::unreachable, core_silent_since_ ? "the core stopped turning, and the PLC ended the session"
                                                          : "the PLC ended the session");
    }
    if (read_at_ - plc_changed_ > set_.silence_ms) return fail(Errc::timeout, "the PLC's heartbeat stands still");
    if (!core_silent_since_ && read_at_ - echo_changed_ > set_.silence_ms) {
        return fail(Errc::timeout, "the PLC does not see our heartbeat");
    }
    return {};
}

Result<void> SorterDriver::Conversation::harvest(const map::Status& status, BootTime asked_before) {
    auto news = rings_->take(status, {asked_before, read_at_});
    for (const auto& answer : news.answered) slots_.answered(answer.sequence, answer.revision);
    count("tracking-lost", news.tracking_lost);
    count("ack-refused", news.acks_refused);
    count("confirmation-refused", news.confirmations_refused);
    for (auto& reading : news.readings) {
        if (auto posted = post(std::move(reading)); !posted) return posted;
    }
    return {};
}

/// A PLC that never answers keeps its slots until their commands are over: everything else goes to the default chute.
void SorterDriver::Conversation::watch_answers() {
    const auto silent = slots_.unanswered(now(), set_.ack_ms);
    if (silent.empty()) return;
    count("command-unanswered", silent.size());
    if (std::exchange(answers_missed_, true)) return;
    log(LogLevel::warn, set_.id.text(),
        "no answer of the PLC to the command for item " + std::to_string(silent.front().sequence) + " within " +
            std::to_string(set_.ack_ms) + " ms; counted, said once a session");
}

void SorterDriver::Conversation::count(std::string_view name, std::size_t by) const {
    if (by > 0) context_.counters.add(name, by);
}

Result<void> SorterDriver::Conversation::post(reading::Reading&& reading) {
    if (context_.sink.post(std::move(reading), context_.stop)) return {};
    return tl::unexpected(stopped());
}

/// Sleeps until `due`, want() or the stop request.
void SorterDriver::Conversation::wait_until(BootTime due) const {
    std::array<pollfd, 2> watched{pollfd{driver_.wake_fd_, POLLIN, 0}, pollfd{context_.stop.fd(), POLLIN, 0}};
    const auto ms = std::clamp<std::int64_t>(due - now(), 0, set_.poll_ms);
    ::poll(watched.data(), watched.size(), static_cast<int>(ms));
}

SorterDriver::SorterDriver(SorterSettings settings, std::function<bool()> core_alive)
    : settings_(std::move(settings)),
      core_alive_(std::move(core_alive)),
      wake_fd_(::eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK)) {
    if (wake_fd_ < 0) std::abort();  // no descriptor left at start-up: nothing can run
}

SorterDriver::~SorterDriver() { ::close(wake_fd_); }

Error SorterDriver::live(Context& context) {
    auto link = link::Modbus::connect(settings_.host, settings_.port, settings_.unit,
                                      std::chrono::milliseconds(settings_.answer_ms), context.stop);
    if (!link) return link.error();
    return Conversation(*this, context, std::move(*link)).run();
}

void SorterDriver::want(std::vector<reading::SorterCommand> commands) {
    {
        const std::lock_guard lock(mutex_);
        wanted_ = std::move(commands);
        wanted_is_new_ = true;
    }
    const std::uint64_t one = 1;
    [[maybe_unused]] const auto n = ::write(wake_fd_, &one, sizeof one);
}

std::optional<std::vector<reading::SorterCommand>> SorterDriver::take_wanted() {
    std::uint64_t calls = 0;
    [[maybe_unused]] const auto n = ::read(wake_fd_, &calls, sizeof calls);
    const std::lock_guard lock(mutex_);
    if (!wanted_is_new_) return std::nullopt;
    wanted_is_new_ = false;
    return std::move(wanted_);
}

std::unique_ptr<SorterDriver> make_sorter(SorterSettings settings, std::function<bool()> core_alive) {
    return std::make_unique<SorterDriver>(std::move(settings), std::move(core_alive));
}

}  // namespace hefang::driver
