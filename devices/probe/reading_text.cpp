#include "probe/reading_text.hpp"

#include "base/text.hpp"

#include <variant>

namespace hefang::probe {
namespace {

std::string word_of(reading::WeightQuality quality) {
    switch (quality) {
        case reading::WeightQuality::stable: return "stable";
        case reading::WeightQuality::unstable: return "went away before it settled";
        case reading::WeightQuality::overload: return "overload";
        case reading::WeightQuality::wrong_tare: return "net where gross is due, or the other way";
    }
    return "";
}

struct ToText {
    std::string operator()(const reading::CodesRead& r) const {
        if (r.codes.empty()) return "no-read";
        std::string out = "codes";
        for (const auto& code : r.codes) out += " '" + printable(code.text) + "'" + (code.aim.empty() ? "" : code.aim);
        return out + (r.sequence ? ", sequence " + std::to_string(*r.sequence) : "");
    }
    std::string operator()(const reading::WeightRead& r) const {
        if (r.quality == reading::WeightQuality::overload) return "weight: overload";
        return "weight " + std::to_string(r.grams.count) + " g, " + word_of(r.quality);
    }
    /// Of devices that a probe does not lead.
    template <class Other>
    std::string operator()(const Other& r) const {
        return "a reading of device " + r.device.text();
    }
};

}  // namespace

std::string text_of(const reading::Reading& reading) { return std::visit(ToText{}, reading); }

}  // namespace hefang::probe
