#include "gate/tag_reader.hpp"

#include "driver/settings.hpp"

#include <algorithm>
#include <array>
#include <deque>
#include <optional>
#include <string>
#include <utility>

namespace hefang::driver {
namespace {

namespace llrp = codec::llrp;
using llrp::Type;
constexpr std::chrono::milliseconds patience{15'000};  // longer than any back-off: a listening device waits for nothing
constexpr std::chrono::milliseconds write_limit{2'000};

std::uint16_t number_of(Type type) { return static_cast<std::uint16_t>(type); }

}  // namespace

TagReaderSettings tag_reader_settings(const DeviceConfig& config) {
    TagReaderSettings s;
    s.id = config.id;
    s.own_rospec = text(config, "rospec", "own") == "own";
    s.keepalive = std::chrono::seconds(whole(config, "keepalive_s", 5));
    s.admission = admission_settings(config, 10'000);
    return s;
}

/// One life of the link.
class TagReaderDriver::Conversation {
  public:
    Conversation(TagReaderDriver& driver, std::unique_ptr<link::Link> link, Context& context)
        : driver_(driver), link_(std::move(link)), context_(context) {}

    Error run() {
        if (auto ours = wait_for(Type::reader_event_notification); !ours) return ours.error();
        if (auto done = set_up(); !done) return done.error();
        const auto silence = 2 * driver_.settings_.keepalive;
        for (;;) {
            const auto message = next(silence);
            if (message) continue;  // taken already
            if (message.error().code != Errc::timeout) return message.error();
            return {Errc::timeout, "two signs of life of the reader are missing"};
        }
    }

  private:
    Result<void> set_up() {
        const auto keepalive = static_cast<std::uint32_t>(driver_.settings_.keepalive.count());
        if (auto done = ask(Type::set_reader_config, llrp::keepalive_body(keepalive), Type::set_reader_config_response);
            !done)
            return done;
        if (!driver_.settings_.own_rospec) return {};
        const auto id = llrp::rospec_id_body(llrp::rospec_id);
        if (auto sent = send(Type::delete_rospec, id); !sent) return sent;  // there may be none: any answer will do
        if (auto done = wait_for(Type::delete_rospec_response); !done) return tl::unexpected(done.error());
        if (auto done = ask(Type::add_rospec, llrp::add_rospec_body(), Type::add_rospec_response); !done) return done;
        if (auto done = ask(Type::enable_rospec, id, Type::enable_rospec_response); !done) return done;
        return ask(Type::start_rospec, id, Type::start_rospec_response);
    }

    Result<void> send(Type type, std::string body) {
        return link_->write_all(llrp::encode({number_of(type), ++last_id_, std::move(body)}), write_limit,
                                context_.stop);
    }

    Result<void> ask(Type type, std::string body, Type answer) {
        if (auto sent = send(type, std::move(body)); !sent) return sent;
        const auto message = wait_for(answer);
        if (!message) return tl::unexpected(message.error());
        const auto status = llrp::status_of(message->body);
        if (status && *status == 0) return {};
        return fail(Errc::refused, "the reader refuses message " + std::to_string(number_of(type)) + " with status " +
                                       (status ? std::to_string(*status) : "that cannot be read"));
    }

    /// What comes in between is taken as ever.
    Result<llrp::Message> wait_for(Type type) {
        const auto until = std::chrono::steady_clock::now() + answer_limit;
        for (;;) {
            const auto left = std::chrono::ceil<std::chrono::milliseconds>(until - std::chrono::steady_clock::now());
            auto message = next(std::max(left, std::chrono::milliseconds(0)));
            if (!message && message.error().code == Errc::timeout)
                return fail(Errc::timeout,
                            "the reader does not answer with message " + std::to_string(number_of(type)));
            if (!message || message->type == number_of(type)) return message;
            if (left.count() <= 0) return fail(Errc::timeout, "the reader says everything but its answer");
        }
    }

    /// The next message, after it was taken.
    Result<llrp::Message> next(std::chrono::milliseconds limit) {
        while (messages_.empty()) {
            std::array<char, 16'384> buffer{};
            const auto n = link_->read_some(buffer, limit, context_.stop);
            if (!n) return tl::unexpected(n.error());
            context_.counters.add("bytes", *n);
            auto out = framer_.feed({buffer.data(), *n});
            for (auto& message : out.messages) messages_.push_back(std::move(message));
            if (out.fault && messages_.empty()) {
                const std::string name(llrp::name(*out.fault));
                context_.counters.add("refused-" + name);
                return fail(Errc::refused, "the stream cannot be read on: " + name);
            }
        }
        auto message = std::move(messages_.front());
        messages_.pop_front();
        context_.counters.add("messages");
        if (auto done = take(message); !done) return tl::unexpected(done.error());
        return message;
    }

    Result<void> take(const llrp::Message& message) {
        if (message.type == number_of(Type::keepalive)) {
            context_.counters.add("keepalives");
            context_.alive(Sign::data);
            return link_->write_all(llrp::encode({number_of(Type::keepalive_ack), message.id, {}}), write_limit,
                                    context_.stop);
        }
        if (message.type == number_of(Type::ro_access_report)) return take_report(message);
        if (message.type == number_of(Type::error_message)) context_.counters.add("reader-errors");
        if (message.type == number_of(Type::reader_event_notification)) return take_event(message);
        return {};
    }

    Result<void> take_event(const llrp::Message& message) {
        const auto attempt = llrp::connection_attempt(message.body);
        if (!attempt) {
            context_.counters.add("refused-" + std::string(llrp::name(attempt.error())));
            return {};
        }
        if (!*attempt) return {};
        if (**attempt != llrp::connection_success)
            return fail(Errc::busy, "the reader refuses the connection with status " + std::to_string(**attempt) +
                                        ": another client may have it");
        context_.alive(Sign::data);
        return {};
    }

    Result<void> take_report(const llrp::Message& message) {
        context_.counters.add("reports");
        const auto report = llrp::decode_report(message.body);
        for (const auto reason : report.refused) context_.counters.add("refused-" + std::string(llrp::name(reason)));
        if (!report.tags.empty()) context_.alive(Sign::data);
        for (const auto& tag : report.tags) {
            context_.counters.add("tags");
            const auto at = context_.clock.now().boot;
            const auto key = tag.epc + "/" + std::to_string(tag.antenna.value_or(0));
            if (!driver_.admission_.admits(key, at, context_.counters)) continue;
            reading::TagRead read{driver_.settings_.id, at, tag.epc, {}, {}};
            if (tag.antenna) read.antenna = *tag.antenna;
            if (tag.rssi) read.rssi_dbm = *tag.rssi;
            if (!context_.sink.post(std::move(read), context_.stop)) return fail(Errc::closed, "stop requested");
        }
        return {};
    }

    TagReaderDriver& driver_;
    std::unique_ptr<link::Link> link_;
    Context& context_;
    llrp::Framer framer_;
    std::deque<llrp::Message> messages_;
    std::uint32_t last_id_ = 0;
};

TagReaderDriver::TagReaderDriver(TagReaderSettings settings, std::unique_ptr<link::Endpoint> endpoint)
    : settings_(std::move(settings)), endpoint_(std::move(endpoint)), admission_(settings_.admission) {}

Error TagReaderDriver::live(Context& context) {
    auto link = endpoint_->open(patience, context.stop);
    if (!link) return link.error();
    context.alive(Sign::link);
    return Conversation(*this, std::move(*link), context).run();
}

}  // namespace hefang::driver
