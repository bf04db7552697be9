#include "vision/agreement.hpp"

#include <algorithm>

namespace hefang::vision {
namespace {

using codec::SeenCode;
using codec::Symbology;

constexpr std::size_t least_itf = 6;

/// How many treatments have to agree; `raw`: one of them was none.
std::size_t needed(Symbology symbology, bool raw) {
    switch (symbology) {
        case Symbology::code128:
        case Symbology::qr:
        case Symbology::data_matrix:
        case Symbology::pdf417: return 1;
        case Symbology::ean13:
        case Symbology::upc_a:
        case Symbology::upc_e: return raw ? 1 : 2;
        case Symbology::ean8: return raw ? 1 : 3;  // so few bars that two treatments have agreed on a wrong one
        case Symbology::code39:
        case Symbology::itf:
        case Symbology::codabar: return 2;
    }
    return 2;
}

bool asked_for(const SeenCode& code, const codec::SightOptions& options) {
    if (code.symbology == Symbology::upc_e) return options.upc_e;
    if (code.symbology != Symbology::itf) return true;
    const auto& lengths = options.itf_lengths;
    if (lengths.empty()) return code.text.size() >= least_itf && code.text.size() % 2 == 0;
    return std::find(lengths.begin(), lengths.end(), code.text.size()) != lengths.end();
}

}  // namespace

void Agreement::saw(SeenCode code, Treatment treatment, int region) {
    if (code.text.empty() || code.text.size() > codec::longest_seen) return;
    const auto known =
        std::find_if(reads_.begin(), reads_.end(), [&](const Read& r) { return r.region == region && r.code == code; });
    if (known == reads_.end()) {
        if (reads_.size() < most_reads) reads_.push_back({std::move(code), region, {treatment}});
        return;
    }
    auto& by = known->treatments;
    if (std::find(by.begin(), by.end(), treatment) == by.end()) by.push_back(treatment);
}

bool Agreement::counts(const Read& read) const {
    if (!asked_for(read.code, options_)) return false;
    const auto& by = read.treatments;
    const bool raw = std::find(by.begin(), by.end(), untreated) != by.end();
    return by.size() >= needed(read.code.symbology, raw);
}

bool Agreement::contradicted(const Read& read) const {
    if (read.region == no_region) return false;
    return std::any_of(reads_.begin(), reads_.end(), [&](const Read& other) {
        return other.region == read.region && other.code.symbology == read.code.symbology &&
               other.code.text != read.code.text && counts(other);
    });
}

bool Agreement::piece_of_longer(const Read& read) const {
    if (read.code.symbology != Symbology::itf) return false;
    return std::any_of(reads_.begin(), reads_.end(), [&](const Read& other) {
        return other.code.text.size() > read.code.text.size() &&
               other.code.text.find(read.code.text) != std::string::npos;
    });
}

bool Agreement::settled(int region) const {
    return std::any_of(reads_.begin(), reads_.end(), [&](const Read& r) { return r.region == region && counts(r); });
}

std::vector<SeenCode> Agreement::told() const {
    std::vector<SeenCode> out;
    for (const auto& read : reads_) {
        if (!counts(read) || contradicted(read) || piece_of_longer(read)) continue;
        const bool known = std::any_of(out.begin(), out.end(), [&](const SeenCode& c) {
            return c.symbology == read.code.symbology && c.text == read.code.text;
        });
        if (!known && out.size() < codec::most_seen) out.push_back(read.code);
    }
    return out;
}

}  // namespace hefang::vision
