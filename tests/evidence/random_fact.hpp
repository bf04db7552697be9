#pragma once
#include "core/fact.hpp"
#include "evidence/limits.hpp"

#include <random>
#include <string>

namespace hefang::test {

/// Facts made from a seed: every type, every optional member there and not there, limits, and (when `dirty`) texts that
/// no one should have let in.
class RandomFacts {
  public:
    RandomFacts(std::uint32_t seed, bool dirty) : random_(seed), dirty_(dirty) {}

    core::Fact next() {
        switch (below(12)) {
            case 0: return core::EpochOpened{text(40), maybe(40), text(200)};
            case 1: return message();
            case 2: return core::ReceiptTaken{maybe(60), maybe(18), maybe(10), maybe(17), below(2) == 0, below(2) == 0};
            case 3: return actuated();
            case 4: return core::DeviceWasLost{DeviceId(text(30)), maybe(300)};
            case 5: return core::DeviceWasRestored{DeviceId(text(30))};
            case 6: return core::ClockStepped{integer()};
            case 7: return core::StoreRefused{text(300)};
            case 8: return reading();
            case 9: return core::AlarmRaised{DeviceId(text(30)), maybe(200)};
            case 10: return core::AlarmAcknowledged{DeviceId(text(30)), text(40)};
            default: return decided();
        }
    }

    core::PassageDecided decided() {
        core::PassageDecided f;
        f.passage = core::PassageId(text(36));
        f.revision = static_cast<std::int32_t>(integer());
        f.lane = LaneId(maybe(20));
        f.attempt = static_cast<std::int32_t>(integer());
        f.waybill = maybe(60);
        for (auto n = below(4); n > 0; --n) f.codes.push_back(text(128));
        f.event = WallTime{1'600'000'000'000 + static_cast<std::int64_t>(below(1'000'000'000)) * 700};
        f.verdict = static_cast<core::Verdict>(below(3));
        f.parcel_class = static_cast<core::ParcelClass>(below(13));
        for (auto n = below(5); n > 0; --n)
            f.reasons.push_back(static_cast<core::Reason>(1 + below(core::reason_count)));
        f.ground = ground();
        f.freshness = static_cast<core::Freshness>(below(4));
        if (below(2) == 0) f.weight = weight();
        for (auto n = below(5); n > 0; --n) f.images.push_back({text(30), integer(), text(12), DeviceId(maybe(20))});
        if (below(2) == 0)
            f.screening = core::ScreeningTaken{
                static_cast<core::Screened>(below(9)), DeviceId(maybe(20)), maybe(30), maybe(20), maybe(14), maybe(30)};
        f.second_weighing = below(2) == 0;
        f.duplicate_of = core::PassageId(maybe(36));
        f.policy = maybe(30);
        f.chute = below(2) == 0 ? 0 : static_cast<std::int32_t>(integer());
        f.sorter = DeviceId(maybe(20));
        f.session = below(2) == 0 ? 0 : (std::uint64_t{random_()} << 32 | random_());
        f.sequence = static_cast<std::uint16_t>(below(65536));
        return f;
    }

    std::uint32_t below(std::uint32_t n) { return static_cast<std::uint32_t>(random_() % n); }

  private:
    core::ReadingTaken reading() {
        core::ReadingTaken f{DeviceId(text(30)), text(10), {1'600'000'000'000 + below(1'000'000'000)}, {}};
        for (const char* name : {"antenna", "epc", "line", "plate", "side1", "side10", "side2"}) {
            if (below(2) == 0) continue;
            if (below(2) == 0) {
                f.said.push_back({name, integer()});
            } else {
                f.said.push_back({name, text(128)});
            }
        }
        return f;
    }
    core::MessageTaken message() {
        return {text(64), text(10), text(200), integer(), integer(), integer(), integer(), maybe(300)};
    }
    core::PassageActuated actuated() {
        core::PassageActuated f{core::PassageId(text(36)),
                                static_cast<std::int32_t>(integer()),
                                LaneId(maybe(20)),
                                maybe(60),
                                static_cast<std::int32_t>(integer()),
                                std::nullopt,
                                static_cast<core::Actuation>(below(6)),
                                below(2) == 0};
        if (below(2) == 0) f.actual = static_cast<std::int32_t>(integer());
        return f;
    }
    core::Ground ground() {
        core::Ground g{maybe(5), maybe(17), maybe(8),  maybe(3),  maybe(18), maybe(37),
                       {},       integer(), integer(), maybe(14), {}};
        for (auto n = below(4); n > 0; --n) g.alarms.push_back(text(20));
        for (auto n = below(6); n > 0; --n) g.receipts.push_back({maybe(6), maybe(17)});
        return g;
    }
    core::WeightTaken weight() {
        core::WeightTaken w;
        if (below(2) == 0) w.measured = Grams{integer()};
        if (below(2) == 0) w.declared = Grams{integer()};
        if (below(2) == 0) w.allowed = Grams{integer()};
        if (below(2) == 0) w.interval = Grams{integer()};
        w.came = static_cast<core::Weighed>(below(6));
        w.device = DeviceId(maybe(20));
        w.record = {maybe(2), below(2) == 0, {}, below(2) == 0, maybe(128), maybe(12), below(2) == 0};
        if (below(2) == 0) w.record.tare = Grams{integer()};
        return w;
    }

    std::int64_t integer() {
        switch (below(6)) {
            case 0: return 0;
            case 1: return evidence::integer_limit;
            case 2: return -evidence::integer_limit;
            default: return static_cast<std::int64_t>(below(2'000'000)) - 1'000'000;
        }
    }
    std::string maybe(std::size_t most) { return below(3) == 0 ? std::string() : text(most); }

    /// At least one character; at most `most` bytes when clean, some more when dirty.
    std::string text(std::size_t most) {
        static const char* const pieces[] = {"A", "z",  "0", "9",      "\"",     "\\",       "/",
                                             " ", "{",  "}", "[",      "]",      ":",        ",",
                                             "é", "放", "𝄞", "\u2028", "\u00a0", "prevhash", "\uffff"};
        static const char* const filth[] = {"\x01", "\x1d",         "\n",       "\x7f",    "\xff",
                                            "\xc3", "\xed\xa0\x80", "\xc2\x85", "\xe6\x94"};
        std::string out;
        for (auto n = 1 + below(12); n > 0; --n) {
            const std::string piece = dirty_ && below(4) == 0 ? filth[below(9)] : pieces[below(21)];
            if (out.size() + piece.size() <= most) out += piece;
        }
        if (dirty_ && below(30) == 0) out += std::string(1, '\0');
        if (dirty_ && below(30) == 0) out += std::string(3000, "x\\\"\xff"[below(4)]);
        return out.empty() ? "x" : out;
    }

    std::mt19937 random_;
    bool dirty_;
};

}  // namespace hefang::test
