#include "xray/xray.hpp"

#include "digest/sha256.hpp"
#include "driver/settings.hpp"
#include "picture/picture.hpp"

#include <algorithm>
#include <utility>
#include <variant>

namespace hefang::driver {
namespace {

constexpr std::chrono::milliseconds sign_every{1'000};

using Said = Result<std::optional<reading::Reading>>;

Said refuse(std::string_view reason, Driver::Context& context) {
    context.counters.add("refused-" + std::string(reason));
    return std::optional<reading::Reading>();
}

}  // namespace

XraySettings xray_settings(const DeviceConfig& config) {
    XraySettings s;
    s.id = config.id;
    s.folder = std::get<link::FolderAddress>(config.link);
    s.views = static_cast<std::uint8_t>(whole(config, "views", s.views));
    s.view_separator = text(config, "view_separator", s.view_separator);
    s.fields = {text(config, "scan_field", ""),   text(config, "sequence_field", ""),
                text(config, "result_field", ""), text(config, "operator_field", ""),
                text(config, "view_field", ""),   text(config, "time_field", ""),
                text(config, "tip_field", "")};
    s.words.clear = list(config, "clear_words", s.words.clear);
    s.words.suspect = list(config, "suspect_words", s.words.suspect);
    s.words.no_decision = list(config, "no_decision_words", s.words.no_decision);
    s.words.fault = list(config, "fault_words", s.words.fault);
    s.limits.rescan = std::chrono::milliseconds(whole(config, "rescan_ms", s.limits.rescan.count()));
    s.limits.largest = whole(config, "largest_mib", s.limits.largest >> 20) << 20;
    return s;
}

Error XrayDriver::live(Context& context) {
    auto folder = link::WatchedFolder::open(settings_.folder, settings_.limits, context.clock, context.counters);
    if (!folder) return folder.error();
    for (;;) {
        const auto files = folder->next(sign_every, context.stop);
        if (!files) return files.error();
        context.alive(Sign::link);
        for (const auto& file : *files)
            if (auto taken = take(file, *folder, context); !taken) return taken.error();
    }
}

Result<void> XrayDriver::take(const link::Arrival& file, link::WatchedFolder& folder, Context& context) {
    context.counters.add("files");
    const auto name = read_drop_name(file.name, settings_.views, settings_.view_separator);
    if (name.kind == DropKind::other) return (void)refuse("other-file", context), Result<void>();
    const auto bytes = folder.read(file);
    if (!bytes && bytes.error().code == Errc::busy) return context.counters.add("changed-meanwhile"), Result<void>();
    if (!bytes) return tl::unexpected(bytes.error());
    auto said = name.kind == DropKind::picture ? read_picture(file, name, *bytes, context)
                                               : Said(read_sidecar(file, name, *bytes, context));
    if (!said) return tl::unexpected(said.error());
    if (!*said) return {};
    context.alive(Sign::data);
    if (!context.sink.post(std::move(**said), context.stop)) return fail(Errc::closed, "stop requested");
    return folder.remove(file);
}

Said XrayDriver::read_picture(const link::Arrival& file, const DropName& name, const std::string& bytes,
                              Context& context) {
    const auto picture = codec::read_picture(bytes);
    if (!picture) return refuse(codec::name(picture.error()), context);
    if (!name.view) return refuse("no-view", context);
    auto sha256 = keep_(bytes);
    if (!sha256) return tl::unexpected(sha256.error());
    context.counters.add("pictures");
    return reading::ImageTaken{settings_.id,       file.at,         file.not_before,
                               name.scan,          *name.view,      settings_.views,
                               std::move(*sha256), file.stamp.size, std::string(codec::media_type(picture->format))};
}

std::optional<reading::Reading> XrayDriver::read_sidecar(const link::Arrival& file, const DropName& name,
                                                         const std::string& bytes, Context& context) {
    const auto form = name.kind == DropKind::xml ? codec::SidecarForm::xml : codec::SidecarForm::json;
    const auto said = codec::read_sidecar(bytes, form, settings_.fields);
    if (!said) return context.counters.add("refused-" + std::string(codec::name(said.error()))), std::nullopt;
    auto out = judged(*said, context);
    out.at = file.at;
    out.not_before = file.not_before;
    out.scan = names_.name_of(name.scan, said->scan);
    out.sha256 = hex(sha256(bytes));
    context.counters.add("judgements");
    return out;
}

/// What the texts mean. Whatever is not known is no clear, and a number that is none fits no parcel.
reading::ImageJudged XrayDriver::judged(const codec::Sidecar& said, Context& context) const {
    reading::ImageJudged out;
    out.device = settings_.id;
    out.operator_id = said.operator_id.value_or("");
    out.time = said.time.value_or("");
    if (said.verdict) {
        const auto result = screening_of(*said.verdict, settings_.words);
        if (!result) context.counters.add("unknown-result");
        out.result = result.value_or(reading::Screening::no_decision);
    } else {
        context.counters.add("without-result");
    }
    if (said.sequence) {
        const auto sequence = sequence_of(*said.sequence);
        if (!sequence) context.counters.add("refused-bad-sequence");
        out.sequence = sequence.value_or(std::uint16_t{0});
    }
    if (said.view) {
        const auto view = sequence_of(*said.view);
        const bool known = view && *view <= settings_.views;
        if (known) out.view = static_cast<std::uint8_t>(*view);
        if (!known) out.result = std::max(out.result, reading::Screening::fault);
        if (!known) context.counters.add("refused-bad-view");
    }
    if (said.tip) {
        const auto tip = yes_or_no(*said.tip);
        if (!tip) context.counters.add("unknown-tip");
        out.tip = tip.value_or(true);
        if (out.tip) context.counters.add("tip");
    }
    return out;
}

}  // namespace hefang::driver
