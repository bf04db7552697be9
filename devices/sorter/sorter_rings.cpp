#include "sorter/sorter_rings.hpp"

#include <utility>

namespace hefang::driver {

namespace map = codec::sorter;

SorterRings::SorterRings(DeviceId id, reading::SorterSession session, const map::Status& begin)
    : id_(std::move(id)),
      session_(session),
      inductions_seen_(begin.induction_count),
      acks_seen_(begin.ack_count),
      confirmations_seen_(begin.confirmation_count),
      last_sequence_(begin.inductions[map::newest_index(begin.induction_count)].sequence) {}

SorterRings::News SorterRings::take(const map::Status& status, Between looks) {
    News out;
    take_inductions(status, looks, out);
    take_acks(status, looks, out);
    take_confirmations(status, looks, out);
    inductions_seen_ = status.induction_count;
    acks_seen_ = status.ack_count;
    confirmations_seen_ = status.confirmation_count;
    return out;
}

void SorterRings::take_inductions(const map::Status& status, Between looks, News& out) {
    const auto news = map::ring_news(inductions_seen_, status.induction_count);
    if (news.lost > 0) {
        last_sequence_ = 0;
        lost(std::to_string(news.lost) + " inductions were overwritten", looks, out);
    }
    for (std::size_t i = 0; i < news.fresh; ++i) {
        const auto& entry = status.inductions[(news.first + i) % map::depth];
        const bool skipped = last_sequence_ != 0 && entry.sequence != map::next_sequence(last_sequence_);
        if (entry.sequence == 0 || skipped) {
            lost("induction " + std::to_string(entry.sequence) + " came after " + std::to_string(last_sequence_), looks,
                 out);
        }
        last_sequence_ = entry.sequence;
        if (entry.sequence == 0) continue;
        out.readings.push_back(
            reading::Induction{id_, looks.at, session_, entry.sequence, entry.length_mm, looks.before});
    }
}

void SorterRings::take_acks(const map::Status& status, Between looks, News& out) const {
    const auto news = map::ring_news(acks_seen_, status.ack_count);
    if (news.lost > 0) lost(std::to_string(news.lost) + " answers were overwritten", looks, out);
    for (std::size_t i = 0; i < news.fresh; ++i) {
        const auto& entry = status.acks[(news.first + i) % map::depth];
        out.answered.push_back(entry);
        if (entry.code < 1 || entry.code > 5) {
            ++out.acks_refused;
            continue;
        }
        out.readings.push_back(reading::CommandAcked{id_, looks.at, session_, entry.sequence, entry.revision,
                                                     static_cast<reading::AckCode>(entry.code)});
    }
}

void SorterRings::take_confirmations(const map::Status& status, Between looks, News& out) const {
    const auto news = map::ring_news(confirmations_seen_, status.confirmation_count);
    if (news.lost > 0) lost(std::to_string(news.lost) + " confirmations were overwritten", looks, out);
    for (std::size_t i = 0; i < news.fresh; ++i) {
        const auto& entry = status.confirmations[(news.first + i) % map::depth];
        if (entry.sequence == 0 || entry.result < 1 || entry.result > 4) {
            ++out.confirmations_refused;
            lost("a confirmation without sense: sequence " + std::to_string(entry.sequence) + ", result " +
                     std::to_string(entry.result),
                 looks, out);
            continue;
        }
        out.readings.push_back(reading::Confirmed{id_, looks.at, session_, entry.sequence, entry.chute,
                                                  static_cast<reading::Left>(entry.result)});
    }
}

void SorterRings::lost(std::string detail, Between looks, News& out) const {
    ++out.tracking_lost;
    out.readings.push_back(reading::TrackingLost{id_, looks.at, session_, std::move(detail), looks.before});
}

}  // namespace hefang::driver
