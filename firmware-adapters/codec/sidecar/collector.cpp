#include "sidecar/collector.hpp"

#include "base/text.hpp"

#include <algorithm>

namespace hefang::codec {
namespace {

using Field = std::pair<std::string SidecarFields::*, std::optional<std::string> Sidecar::*>;
constexpr std::array<Field, 7> all{
    Field{&SidecarFields::scan, &Sidecar::scan},       Field{&SidecarFields::sequence, &Sidecar::sequence},
    Field{&SidecarFields::verdict, &Sidecar::verdict}, Field{&SidecarFields::operator_id, &Sidecar::operator_id},
    Field{&SidecarFields::view, &Sidecar::view},       Field{&SidecarFields::time, &Sidecar::time},
    Field{&SidecarFields::tip, &Sidecar::tip}};

constexpr std::size_t longest_path = 1024;  // below it no field can stand

std::string_view trimmed(std::string_view text) {
    constexpr std::string_view blanks = " \t\r\n";
    const auto begin = text.find_first_not_of(blanks);
    if (begin == std::string_view::npos) return {};
    return text.substr(begin, text.find_last_not_of(blanks) - begin + 1);
}

}  // namespace

bool Collector::refuse(SidecarRefusal reason) {
    if (!refusal_) refusal_ = reason;
    return false;
}

bool Collector::count() { return ++count_ <= sidecar_values || refuse(SidecarRefusal::too_many); }

bool Collector::enter(std::string_view name) {
    if (!count()) return false;
    if (++depth_ > sidecar_depth) return refuse(SidecarRefusal::too_deep);
    const bool nobodys = name.empty() || name.find('/') != std::string_view::npos;
    if (unnamed_ > 0 || nobodys || path_.size() + 1 + name.size() > longest_path) return ++unnamed_, true;
    if (!path_.empty()) path_ += '/';
    path_ += name;
    return true;
}

void Collector::leave() {
    --depth_;
    if (unnamed_ > 0) {
        --unnamed_;
        return;
    }
    const auto cut = path_.rfind('/');
    path_.resize(cut == std::string::npos ? 0 : cut);
}

bool Collector::wanted() const {
    if (unnamed_ > 0) return false;
    return std::any_of(all.begin(), all.end(), [&](const Field& f) { return fields_.*f.first == path_; });
}

bool Collector::attribute(std::string_view name, std::string_view text) {
    if (!count()) return false;
    if (unnamed_ > 0 || path_.size() + 2 + name.size() > longest_path) return true;
    return take(path_ + "/@" + std::string(name), text);
}

bool Collector::take(std::string_view path, std::string_view text) {
    if (unnamed_ > 0 || path.empty()) return true;
    const auto value = trimmed(text);
    for (const auto& [field, into] : all) {
        if (fields_.*field != path) continue;
        if (value.size() > sidecar_text || !is_clean_utf8(value)) return refuse(SidecarRefusal::bad_value);
        auto& had = found_.*into;
        if (had && *had != value) return refuse(SidecarRefusal::ambiguous);
        had = std::string(value);
    }
    return true;
}

Sidecar Collector::found() && {
    for (const auto& [field, into] : all)
        if (auto& value = found_.*into; value && value->empty()) value.reset();
    return std::move(found_);
}

std::string_view name(SidecarRefusal reason) {
    switch (reason) {
        case SidecarRefusal::too_long: return "sidecar-too-long";
        case SidecarRefusal::not_formed: return "sidecar-not-formed";
        case SidecarRefusal::doctype: return "sidecar-doctype";
        case SidecarRefusal::encoding: return "sidecar-encoding";
        case SidecarRefusal::too_deep: return "sidecar-too-deep";
        case SidecarRefusal::too_many: return "sidecar-too-many-values";
        case SidecarRefusal::ambiguous: return "sidecar-ambiguous";
        case SidecarRefusal::bad_value: return "sidecar-bad-value";
    }
    return "sidecar-not-formed";
}

tl::expected<Sidecar, SidecarRefusal> read_sidecar(std::string_view file, SidecarForm form,
                                                   const SidecarFields& fields) {
    if (file.size() > sidecar_bytes) return tl::unexpected(SidecarRefusal::too_long);
    return form == SidecarForm::xml ? read_xml(file, fields) : read_json(file, fields);
}

}  // namespace hefang::codec
