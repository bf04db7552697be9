#pragma once
#include "base/clock.hpp"
#include "base/strong.hpp"
#include "plc/sorter_map.hpp"
#include "reading/reading.hpp"

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

namespace hefang::driver {

/// What came into the PLC's rings between two looks, as readings of one session. Pure: no socket, no clock, one thread.
class SorterRings {
  public:
    /// `begin`: the status with which the session began; what stands in it is news no more.
    SorterRings(DeviceId id, reading::SorterSession session, const codec::sorter::Status& begin);

    struct News {
        std::vector<reading::Reading> readings;  ///< inductions, answers, confirmations: the order of an item's life
        std::vector<codec::sorter::AckEntry> answered;  ///< also those with a code that does not exist
        std::size_t tracking_lost = 0;
        std::size_t acks_refused = 0;           ///< code not 1…5
        std::size_t confirmations_refused = 0;  ///< sequence 0 or result not 1…4: also tracking lost
    };
    /// Between which two looks something came into the rings.
    struct Between {
        BootTime before;  ///< the look before was asked for: what it did not show came later
        BootTime at;      ///< this look had come
    };
    [[nodiscard]] News take(const codec::sorter::Status& status, Between looks);

  private:
    void take_inductions(const codec::sorter::Status& status, Between looks, News& out);
    void take_acks(const codec::sorter::Status& status, Between looks, News& out) const;
    void take_confirmations(const codec::sorter::Status& status, Between looks, News& out) const;
    void lost(std::string detail, Between looks, News& out) const;

    DeviceId id_;
    reading::SorterSession session_;
    std::uint16_t inductions_seen_, acks_seen_, confirmations_seen_;
    std::uint16_t last_sequence_ = 0;  // 0: not known
};

}  // namespace hefang::driver
