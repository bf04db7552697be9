#pragma once
#include "core/step.hpp"

#include <map>
#include <string>
#include <vector>

#include <catch2/catch.hpp>

namespace hefang::core::test {

/// A register of maps. history() sees recorded facts at once, like the real one.
struct MapRegister final : Register {
    std::map<std::string, Clearance> clearances;
    std::map<std::string, History> histories;
    [[nodiscard]] Clearance clearance(const std::string& w) const override {
        const auto at = clearances.find(w);
        return at == clearances.end() ? Clearance{} : at->second;
    }
    [[nodiscard]] History history(const std::string& w) const override {
        const auto at = histories.find(w);
        return at == histories.end() ? History{} : at->second;
    }
};

inline const DeviceId reader{"reader-1"};
inline const DeviceId scale{"scale-1"};
inline const DeviceId sorter{"sorter-1"};
constexpr std::int64_t wall0 = 1'795'400'000'000;  // 2026-11-23 in UTC milliseconds, beside the documents' 20261123

/// One lane with the clock in the test's hand.
struct Line {
    SiteModel site;
    MapRegister known;
    State state;
    Freshness freshness = Freshness::not_checked;
    std::vector<Fact> facts;
    std::int64_t ms = 1'000;
    std::int64_t wall_offset = wall0;
    std::uint64_t ids = 0;

    explicit Line(bool with_sorter, bool with_scale = false) {
        LaneModel lane;
        lane.id = LaneId("line-1");
        lane.readers = {reader};
        if (with_scale) lane.scale = scale;
        std::array<std::optional<std::int32_t>, class_count> chutes{};
        if (with_sorter) {
            lane.sorter = sorter;
            chutes[static_cast<std::size_t>(ParcelClass::release)] = 1;
            chutes[static_cast<std::size_t>(ParcelClass::inspect)] = 2;
            chutes[static_cast<std::size_t>(ParcelClass::hold)] = 3;
        }
        lane.chutes = with_fallbacks(chutes);
        site.lanes.push_back(lane);
        site.policy.version = "test-1";
        state = fresh_state(site);
    }

    LaneModel& lane() { return site.lanes[0]; }
    [[nodiscard]] Now now() const { return {{wall_offset + ms}, {ms}, ClockState::synced}; }
    [[nodiscard]] BootTime at() const { return {ms}; }

    void give(const Input& input) {
        const std::function<std::string()> id = [this] { return "id-" + std::to_string(1000 + ++ids); };
        const std::function<std::uint64_t(const Fact&)> record = [this](const Fact& f) {
            facts.push_back(f);
            remember(f);
            return static_cast<std::uint64_t>(facts.size());
        };
        step(state, input, Surroundings{site, known, now(), freshness, id, record});
        for (std::size_t i = 0; i < state.lanes.size(); ++i)
            if (hands_out && state.lanes[i].commands_changed) (void)hand_out(state, site, i, at());
    }
    void after(std::int64_t wait_ms) {
        ms += wait_ms;
        give(Tick{});
    }
    /// Up, and long enough ago that nothing from before can still be read.
    void sorter_up(std::uint64_t session = 7) {
        sorter_comes_up(session);
        ms += lane().read_window.to_ms + ring_slack_ms + 1;
    }
    void sorter_comes_up(std::uint64_t session = 7) {
        give(reading::Reading{reading::SorterUp{sorter, at(), session}});
    }
    void sorter_down(std::uint64_t session = 7) {
        give(reading::Reading{reading::SorterDown{sorter, at(), session, "gone"}});
    }
    /// Seen now, at the eye up to `late` ms ago.
    void induct(std::uint16_t seq, std::uint64_t session = 7, std::int64_t late = 0) {
        give(reading::Reading{reading::Induction{sorter, at(), session, seq, 300, at() + -late}});
    }
    void tracking_lost(std::int64_t late = 0) {
        give(reading::Reading{reading::TrackingLost{sorter, at(), 7, "number left out", at() + -late}});
    }
    void scan(std::vector<std::string> texts, std::optional<std::uint16_t> sequence = std::nullopt,
              const DeviceId& by = reader) {
        std::vector<reading::Code> codes;
        for (auto& t : texts) codes.push_back({std::move(t), ""});
        give(reading::Reading{reading::CodesRead{by, at(), sequence, std::move(codes)}});
    }
    /// The newest revision of the passage at `sequence` of session 7, also when it has ended.
    [[nodiscard]] PassageDecided passage(std::uint16_t sequence) const {
        std::optional<PassageDecided> newest;
        for (const auto& d : all<PassageDecided>())
            if (d.session == 7 && d.sequence == sequence) newest = d;
        REQUIRE(newest);
        return *newest;
    }
    /// The passages of parcels without place.
    [[nodiscard]] std::vector<PassageDecided> without_place() const {
        auto out = all<PassageDecided>();
        std::erase_if(out, [](const PassageDecided& d) { return d.session != 0; });
        return out;
    }
    void weigh_in(Grams g, reading::WeightQuality q = reading::WeightQuality::stable) {
        give(reading::Reading{reading::WeightRead{scale, at(), g, q}});
    }
    void ack(std::uint16_t seq, std::uint16_t revision = 1, reading::AckCode code = reading::AckCode::accepted) {
        give(reading::Reading{reading::CommandAcked{sorter, at(), 7, seq, revision, code}});
    }
    void confirm(std::uint16_t seq, std::uint16_t chute, reading::Left left = reading::Left::diverted) {
        give(reading::Reading{reading::Confirmed{sorter, at(), 7, seq, chute, left}});
    }
    bool hands_out = true;  ///< the store commits and the driver takes commands after each input
    [[nodiscard]] std::vector<reading::SorterCommand> commands() const { return wanted(state, site, 0, at()); }

    template <class F>
    [[nodiscard]] std::vector<F> all() const {
        std::vector<F> out;
        for (const auto& f : facts)
            if (const auto* one = std::get_if<F>(&f)) out.push_back(*one);
        return out;
    }

    /// One live declaration of `gross` with the receipts {status, time}.
    void declare(const std::string& waybill, Grams gross, std::vector<std::pair<int, std::string>> receipts,
                 const std::string& cop = "cop-1") {
        Inventory inventory{"3601980001", cop, {}, {}};
        Version v;
        v.app_status = 2;
        v.app_time = customs_time("20261122080000");
        v.gross = gross;
        v.logistics_code = "3601180001";
        inventory.versions.push_back(v);
        for (auto& [status, time] : receipts) inventory.receipts.push_back(receipt(status, time));
        known.clearances[waybill].inventories.push_back(inventory);
    }
    void add_receipt(const std::string& waybill, int status, const std::string& time) {
        const auto r = receipt(status, time);
        known.clearances[waybill].inventories[0].receipts.push_back(r);
        give(RegisterChanged{waybill, r});
    }

  private:
    static Receipt receipt(int status, const std::string& time) {
        Receipt r;
        r.status = status;
        r.time = customs_time(time);
        return r;
    }
    void remember(const Fact& f) {
        if (const auto* d = std::get_if<PassageDecided>(&f); d != nullptr && d->revision == 1 && !d->waybill.empty()) {
            auto& h = known.histories[d->waybill];
            ++h.attempts;
            if (d->parcel_class == ParcelClass::reweigh) h.reweighed = true;
            if (d->chute == 0 && d->verdict == Verdict::release) h.left_by_release = true, h.released = d->passage;
        }
        if (const auto* a = std::get_if<PassageActuated>(&f); a != nullptr && a->left_by_release) {
            known.histories[a->waybill].left_by_release = true;
            known.histories[a->waybill].released = a->passage;
        }
    }
};

}  // namespace hefang::core::test
