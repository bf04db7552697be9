#include "io/io.hpp"

#include <algorithm>
#include <chrono>
#include <utility>

namespace hefang::driver {

/// One life of the connection, on the device's thread.
class IoDriver::Conversation {
  public:
    Conversation(IoDriver& driver, Context& context, Board board)
        : driver_(driver),
          set_(driver.settings_),
          context_(context),
          board_(std::move(board)),
          contacts_(set_.id, set_.inputs, set_.debounce_ms) {
        for (const auto& output : set_.outputs) relays_.emplace_back(output.channel);
    }

    Error run() {
        Error why{Errc::closed, "stop was requested"};
        while (!context_.stop.requested()) {
            if (auto done = look(); !done) {
                why = done.error();
                break;
            }
            driver_.wanted_.wait(std::chrono::milliseconds(set_.poll_ms), context_.stop);
        }
        if (context_.stop.requested()) switch_off();
        (void)contacts_.lose(context_);
        return why;
    }

  private:
    Result<void> look();
    Result<void> count_pulses();
    Result<void> follow(const Board::Levels& levels);
    [[nodiscard]] bool is_wanted(const std::vector<reading::OutputWanted>& wanted, const std::string& name) const;
    void switch_off();

    IoDriver& driver_;
    const IoSettings& set_;
    Context& context_;
    Board board_;
    ContactSet contacts_;
    std::vector<HeldRelay> relays_;  // one an output, in its order
    std::vector<std::uint32_t> counted_;
};

Result<void> IoDriver::Conversation::look() {
    const auto levels = board_.read();
    if (!levels) return tl::unexpected(levels.error());
    context_.alive(Sign::data);
    if (!contacts_.look(levels->inputs, context_)) return fail(Errc::closed, "stop was requested");
    return count_pulses().and_then([&] { return follow(*levels); });
}

/// A pulse shorter than two looks shows in the module's own counter. A counter that went back was reset.
Result<void> IoDriver::Conversation::count_pulses() {
    auto now = board_.read_counters();
    if (!now) return tl::unexpected(now.error());
    const auto before = std::exchange(counted_, std::move(*now));
    if (counted_.empty() || before.size() != counted_.size()) return {};
    for (const auto& wire : set_.inputs) {
        const auto at = static_cast<std::size_t>(wire.channel);
        if (counted_[at] > before[at]) context_.counters.add("pulses-" + wire.name, counted_[at] - before[at]);
    }
    return {};
}

bool IoDriver::Conversation::is_wanted(const std::vector<reading::OutputWanted>& wanted,
                                       const std::string& name) const {
    const BootTime now = context_.clock.now().boot;
    return std::any_of(wanted.begin(), wanted.end(),
                       [&](const auto& w) { return w.output == name && now < w.valid_until; });
}

Result<void> IoDriver::Conversation::follow(const Board::Levels& levels) {
    const bool core = driver_.around_.core_alive();
    const auto wanted = driver_.wanted_.get();
    for (std::size_t i = 0; i < relays_.size(); ++i) {
        const bool on = levels.outputs[static_cast<std::size_t>(relays_[i].channel())] != 0;
        const bool want = core && is_wanted(wanted, set_.outputs[i].name);
        auto done = relays_[i].follow(board_, want, on, context_.clock.now().boot, context_.counters);
        if (!done) return done;
    }
    return {};
}

/// What a failed write leaves on is switched off by the board, or stays as the configuration says that it may.
void IoDriver::Conversation::switch_off() {
    for (const auto& relay : relays_)
        if (!board_.set(relay.channel(), false)) return;
}

IoDriver::IoDriver(IoSettings settings, IoSurroundings around)
    : settings_(std::move(settings)), around_(std::move(around)) {}

Error IoDriver::live(Context& context) {
    auto link = link::Modbus::open(settings_.link, *around_.lines, std::chrono::milliseconds(settings_.answer_ms),
                                   context.stop);
    if (!link) return link.error();
    return Conversation(*this, context, Board(std::move(*link), *settings_.map)).run();
}

}  // namespace hefang::driver
