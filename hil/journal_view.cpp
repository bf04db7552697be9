#include "hil/journal_view.hpp"

#include "hil/child.hpp"

#include <nlohmann/json.hpp>

namespace hefang::hil {
namespace {

using nlohmann::json;

std::string text(const json& object, const char* name) { return object.value(name, std::string()); }

std::string waybill_of(const json& data) {
    const auto at = data.find("what");
    return at == data.end() ? std::string() : text(*at, "waybill");
}

SeenDecision decision(const json& event, const json& data, std::uint64_t fact) {
    SeenDecision d;
    d.fact = fact;
    d.passage = text(data, "passage");
    d.lane = text(data, "lane");
    d.waybill = waybill_of(data);
    d.verdict = text(data, "verdict");
    d.parcel_class = text(data, "class");
    d.recorded = text(event, "recordedtime");
    d.reasons = data.value("reasons", std::vector<std::string>());
    d.revision = data.value("revision", std::int64_t{0});
    d.chute = data.value("chute", std::int64_t{0});
    d.attempt = data.value("attempt", std::int64_t{0});
    if (const auto slot = data.find("slot"); slot != data.end()) d.slot = slot->value("sequence", std::int64_t{0});
    if (const auto weight = data.find("weight"); weight != data.end() && weight->contains("grams"))
        d.grams = weight->value("grams", std::int64_t{0});
    return d;
}

SeenActuation actuation(const json& data, std::uint64_t fact) {
    SeenActuation a;
    a.fact = fact;
    a.passage = text(data, "passage");
    a.lane = text(data, "lane");
    a.waybill = waybill_of(data);
    a.result = text(data, "result");
    a.revision = data.value("revision", std::int64_t{0});
    a.commanded = data.value("commanded", std::int64_t{0});
    if (data.contains("actual")) a.actual = data.value("actual", std::int64_t{0});
    return a;
}

}  // namespace

Result<std::size_t> JournalView::look(std::uint16_t port) {
    std::size_t fresh = 0;
    for (;;) {
        const auto body = http_get(port, "/api/v1/facts?from=" + std::to_string(next_) + "&max=1000");
        if (!body) return tl::unexpected(body.error());
        const auto answer = json::parse(*body, nullptr, false);
        const auto facts = answer.is_object() ? answer.find("facts") : answer.end();
        if (!answer.is_object() || facts == answer.end() || !facts->is_array())
            return fail(Errc::corrupt, "/api/v1/facts answered no list of facts");
        if (facts->empty()) return fresh;
        for (const auto& event : *facts) {
            if (text(event, "sequence") != std::to_string(next_))
                return fail(Errc::corrupt,
                            "fact " + std::to_string(next_) + " was expected, came " + text(event, "sequence"));
            const auto type = text(event, "type");
            const auto& data = event.at("data");
            ++types_[type];
            if (epoch_.empty()) epoch_ = text(event, "epoch");
            if (text(event, "epoch") != epoch_) return fail(Errc::corrupt, "a second epoch: " + text(event, "epoch"));
            if (type == "hefang.passage.decided.v1") {
                decisions_.push_back(decision(event, data, next_));
                const auto& d = decisions_.back();
                if (d.slot != 0) by_slot_[{d.lane, d.slot}].push_back(decisions_.size() - 1);
            } else if (type == "hefang.passage.actuated.v1") {
                actuations_.push_back(actuation(data, next_));
                if (!ends_.emplace(actuations_.back().passage, actuations_.size() - 1).second)
                    return fail(Errc::corrupt, "passage " + actuations_.back().passage + " ended twice");
            } else if (type == "hefang.message.taken.v1") {
                ++files_[text(data, "name")];
            }
            ++next_;
            ++fresh;
        }
    }
}

std::vector<const SeenDecision*> JournalView::of_slot(const std::string& lane, std::int64_t slot) const {
    std::vector<const SeenDecision*> out;
    if (const auto at = by_slot_.find({lane, slot}); at != by_slot_.end())
        for (const auto i : at->second) out.push_back(&decisions_[i]);
    return out;
}

const SeenActuation* JournalView::end_of(const std::string& passage) const {
    const auto at = ends_.find(passage);
    return at == ends_.end() ? nullptr : &actuations_[at->second];
}

}  // namespace hefang::hil
