#include "gate/plate_camera.hpp"

#include "digest/sha256.hpp"
#include "driver/settings.hpp"

#include <algorithm>
#include <utility>

namespace hefang::driver {
namespace {

constexpr std::chrono::milliseconds idle{60'000};
const Error stop_requested{Errc::closed, "stop requested"};

Result<std::optional<http::Credentials>> credentials(const PlateCameraSettings& settings) {
    if (settings.user.empty() && settings.password_file.empty()) return std::nullopt;
    if (settings.user.empty() || settings.password_file.empty())
        return fail(Errc::refused, "username and password_file belong together");
    auto secret = http::read_secret(settings.password_file);
    if (!secret) return tl::unexpected(secret.error());
    return http::Credentials{settings.user, *std::move(secret)};
}

bool is_picture(const codec::Part& part) { return part.type == "image/jpeg" || part.body.starts_with("\xFF\xD8\xFF"); }

}  // namespace

PlateCameraSettings plate_camera_settings(const DeviceConfig& config) {
    PlateCameraSettings s;
    s.id = config.id;
    s.link = config.link;
    s.user = text(config, "username", "");
    s.password_file = text(config, "password_file", "");
    s.silence = std::chrono::seconds(whole(config, "silence_s", 0));
    s.heartbeat = std::chrono::seconds(whole(config, "heartbeat_s", 5));
    s.admission = admission_settings(config, 10'000);
    return s;
}

std::optional<reading::PlateRead> PlateTeller::take(const tl::expected<codec::CameraSaid, codec::CameraRefusal>& said,
                                                    Driver::Context& context) {
    auto& counters = context.counters;
    if (!said) {
        counters.add("refused-" + std::string(codec::name(said.error())));
        return std::nullopt;
    }
    context.alive(Sign::data);
    if (const auto* other = std::get_if<codec::NoPlateEvent>(&*said)) {
        counters.add(other->heartbeat ? "heartbeats" : "other-events");
        return std::nullopt;
    }
    const auto& event = std::get<codec::PlateEvent>(*said);
    counters.add("events");
    const auto at = context.clock.now().boot;
    // A vehicle without plate is like every other one: only a repeated event of it is known.
    const auto key = event.plate.empty() ? "event " + event.same : "plate " + event.plate;
    const bool can_repeat = !event.plate.empty() || !event.same.empty();
    if (!admission_.admits(can_repeat ? key : "event at " + std::to_string(at.ms), at, counters)) return std::nullopt;
    counters.add(event.plate.empty() ? "no-plates" : "plates");
    return reading::PlateRead{id_,        at,         event.plate, event.colour, event.direction, event.confidence,
                              event.line, event.time, {}};
}

void PlateTeller::add_picture(reading::PlateRead& read, std::string_view jpeg, Counters& counters) {
    if (read.pictures.size() == reading::most_pictures) return counters.add("refused-too-many-pictures");
    counters.add("pictures");
    read.pictures.push_back({hex(sha256(jpeg)), static_cast<std::int64_t>(jpeg.size())});
}

HikvisionDriver::HikvisionDriver(PlateCameraSettings settings) : settings_(std::move(settings)), teller_(settings_) {}

Result<void> HikvisionDriver::open() {
    if (server_) return {};
    auto who = credentials(settings_);
    if (!who) return tl::unexpected(who.error());
    server_.emplace(std::get<link::HttpListenAddress>(settings_.link), *std::move(who));
    return {};
}

Result<std::uint16_t> HikvisionDriver::listen() {
    if (auto done = open(); !done) return tl::unexpected(done.error());
    return server_->listen();
}

Error HikvisionDriver::live(Context& context) {
    if (auto bound = listen(); !bound) {
        server_.reset();
        return bound.error();
    }
    const auto limit = settings_.silence.count() > 0 ? settings_.silence : idle;
    for (;;) {
        const auto push = server_->next(limit, context.counters, context.stop);
        if (push) {
            context.alive(Sign::link);
            const auto status = take(*push, context);
            if (status != 503) {
                server_->answer(status, context.counters, context.stop);
                continue;
            }
            return stop_requested;  // not answered: the camera sends it again
        }
        if (push.error().code != Errc::timeout) return push.error();
        if (settings_.silence.count() > 0)
            return {Errc::timeout, "no push for " + std::to_string(settings_.silence.count() / 1000) + " s"};
    }
}

/// The status to answer with.
int HikvisionDriver::take(const http::Push& push, Context& context) {
    context.counters.add("pushes");
    std::vector<codec::Part> parts;
    if (const auto boundary = codec::boundary_of(push.content_type)) {
        codec::MultipartParser parser(*boundary);
        auto out = parser.feed(push.body);
        for (const auto reason : out.refused) context.counters.add("refused-" + std::string(codec::name(reason)));
        parts = std::move(out.parts);
    } else if (push.content_type.find("xml") != std::string::npos) {
        parts.push_back({"application/xml", push.body});
    } else {
        return 415;
    }
    if (parts.size() > most_parts) {
        context.counters.add("refused-push-too-many-parts");
        parts.resize(most_parts);
    }
    std::vector<reading::PlateRead> readings;
    bool usable = false;
    for (const auto& part : parts) {
        if (is_picture(part) || part.body.find('<') == std::string::npos) continue;
        const auto said = codec::decode_hikvision(part.body);
        usable = usable || said.has_value();
        if (auto read = teller_.take(said, context)) readings.push_back(*std::move(read));
    }
    for (auto& read : readings) {
        for (const auto& part : parts)
            if (is_picture(part)) PlateTeller::add_picture(read, part.body, context.counters);
        if (!context.sink.post(std::move(read), context.stop)) return 503;
    }
    if (!usable) context.counters.add("refused-push-without-event");
    return usable ? 200 : 400;
}

DahuaDriver::DahuaDriver(PlateCameraSettings settings) : settings_(std::move(settings)), teller_(settings_) {}

Error DahuaDriver::live(Context& context) {
    const auto who = credentials(settings_);
    if (!who) return who.error();
    const auto seconds = std::to_string(settings_.heartbeat.count());
    const auto target =
        "/cgi-bin/snapManager.cgi?action=attachFileProc&Flags[0]=Event&Events=[TrafficJunction]&heartbeat=" + seconds;
    auto stream = http::GetStream::open(std::get<link::HttpAddress>(settings_.link), target, *who, context.stop);
    if (!stream) return stream.error();
    const auto boundary = codec::boundary_of(stream->content_type());
    if (!boundary) return {Errc::refused, "the camera answers with no multipart stream"};
    context.alive(Sign::link);
    codec::MultipartParser parser(*boundary);
    const std::chrono::milliseconds silence = 2 * settings_.heartbeat;
    auto heard = context.clock.now().boot;
    for (;;) {
        const auto now = context.clock.now().boot;
        auto until = heard + silence.count();
        if (waiting_) until = std::min(until, posts_at_);
        const auto bytes =
            stream->read(std::chrono::milliseconds(std::max<std::int64_t>(0, until - now)), context.stop);
        const auto at = context.clock.now().boot;
        if (waiting_ && at >= posts_at_ && !post_waiting(context)) return stop_requested;
        if (bytes) {
            heard = at;
            context.counters.add("bytes", bytes->size());
            const auto out = parser.feed(*bytes);
            for (const auto reason : out.refused) context.counters.add("refused-" + std::string(codec::name(reason)));
            for (const auto& part : out.parts)
                if (!take(part, context)) return stop_requested;
            continue;
        }
        if (bytes.error().code != Errc::timeout) {
            (void)post_waiting(context);
            return bytes.error();
        }
        if (at - heard >= silence.count()) return {Errc::timeout, "two heartbeats of the camera are missing"};
    }
}

/// False when stop was requested before there was room for a reading.
bool DahuaDriver::take(const codec::Part& part, Context& context) {
    context.counters.add("parts");
    if (is_picture(part)) {
        if (!waiting_) return true;
        PlateTeller::add_picture(*waiting_, part.body, context.counters);
        return post_waiting(context);
    }
    if (!post_waiting(context)) return false;
    waiting_ = teller_.take(codec::decode_dahua(part.body), context);
    if (waiting_) posts_at_ = waiting_->at + picture_within_ms;
    return true;
}

bool DahuaDriver::post_waiting(Context& context) {
    if (!waiting_) return true;
    auto read = *std::exchange(waiting_, std::nullopt);
    return context.sink.post(std::move(read), context.stop);
}

}  // namespace hefang::driver
