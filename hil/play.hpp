#pragma once
#include "hil/story.hpp"

#include <deque>
#include <string>
#include <vector>

namespace hefang::hil {

/// One parcel that went through: what the simulators know of it.
struct Passed {
    std::size_t line = 0;
    std::uint16_t slot = 0;
    std::uint16_t session = 0;  ///< the PLC's accepted session when it passed the eye; 0: none
    Parcel parcel;
    Truth truth;
};

/// Lets a story happen on a running stand.
class Player {
  public:
    Player(const Story& story, Stand& stand) : story_(story), stand_(stand) {}

    /// Every step in order, then waits until the last parcel has ended.
    [[nodiscard]] Result<void> play();
    [[nodiscard]] const std::vector<Passed>& passed() const { return passed_; }
    /// MiB that the gateway had at its largest, and that it grew by after the first tenth of the parcels.
    struct Memory {
        double largest_mib = 0, growth_mib = 0;
    };
    [[nodiscard]] Memory memory() const;

  private:
    [[nodiscard]] Result<void> take(const Step& step);
    [[nodiscard]] Result<void> feed(const Step& step);
    [[nodiscard]] Result<void> weigh(Line& line, const Parcel& parcel);
    [[nodiscard]] Result<void> fault(const Step& step);
    [[nodiscard]] Result<void> wait_for(const std::string& what);
    [[nodiscard]] Result<void> wait_for_health(bool good);
    [[nodiscard]] Result<void> wait_for_lonely_plcs() const;
    [[nodiscard]] Result<void> await(const std::string& what, Ms limit, const std::function<bool()>& condition);
    [[nodiscard]] bool decided(const Passed& p) const;
    [[nodiscard]] bool ended(const Passed& p) const;
    /// Until the line's next parcel is due, by a schedule that a late step does not shift for good.
    void keep_pace(std::size_t line);

    const Story& story_;
    Stand& stand_;
    std::vector<Passed> passed_;
    std::vector<std::chrono::steady_clock::time_point> due_;
    std::size_t losses_ = 0;      ///< faults so far that the journal must tell as a lost device
    std::vector<long> resident_;  ///< KiB of the gateway, every few parcels
};

}  // namespace hefang::hil
