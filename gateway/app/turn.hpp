#pragma once
#include "app/inputs.hpp"
#include "base/clock.hpp"
#include "base/counters.hpp"
#include "core/step.hpp"
#include "driver/driver.hpp"
#include "store/store.hpp"

#include <atomic>
#include <cstdint>
#include <deque>
#include <functional>
#include <map>
#include <memory>
#include <string>
#include <vector>

namespace hefang::app {

/// What leaves a turn, only after its commit. Called on the core's thread; must not block.
struct Outlets {
    std::vector<driver::SorterOutput*> sorters;  ///< parallel to SiteModel::lanes; null: the lane has none
    std::function<void(std::uint64_t sequence, std::string bytes)> committed;  ///< each fact, in order
    std::function<void(std::uint64_t last)> journal_grew;
};

/// Below these the lanes stop before the disk does: evidence is never dropped. 0: not checked.
struct StoreLimits {
    std::int64_t least_free_bytes = 0;  ///< of the file system
    std::int64_t most_bytes = 0;        ///< of the store's database
};

/// The turn: takes what waits, decides, commits everything in one transaction, then lets it out. Owns the core's state
/// and is the only writer of the store; one thread calls it. While the store refuses, nothing leaves, nothing more is
/// taken from the mailbox, and the refused inputs wait to be decided again: also when it refuses from the start on.
class Turn {
  public:
    enum class Mode : std::uint8_t { running, stopped };

    Turn(core::SiteModel site, store::Store& store, const Clock& clock, CoreMailbox& mailbox, Outlets outlets,
         StoreLimits limits = {});

    /// Rebuilds the state from snapshot and journal and ends what the last process left open. Once, before turn().
    /// Fails when the store cannot be read; a store that cannot be written makes the turn begin as `stopped`.
    [[nodiscard]] Result<void> begin();
    /// One turn of at most ~200 ms waiting.
    void turn();
    /// Writes what waited for a commit, and a last snapshot. After the last turn().
    void end();

    /// Any thread.
    [[nodiscard]] Mode mode() const { return mode_.load(); }
    [[nodiscard]] BootTime last_turn() const { return {last_turn_.load()}; }
    [[nodiscard]] const Counters& counters() const { return counters_; }

    /// Core's thread.
    [[nodiscard]] const core::State& state() const { return state_; }
    [[nodiscard]] const std::string& stopped_because() const { return stopped_because_; }
    [[nodiscard]] core::Freshness freshness() const { return freshness_; }
    /// Parcels that were read and wait for the rest of their readings or for their induction; a clean end waits for
    /// them.
    [[nodiscard]] bool undecided() const;

  private:
    struct Written {  // a fact of the open transaction
        std::uint64_t sequence;
        std::string bytes;
    };
    struct Acked {  // the platform's newest ack that is not on disk yet
        std::uint64_t through;
        BootTime since;
    };
    /// What a refused turn is put back to, beside what the journal says.
    struct Before {
        bool lanes_kept = false;  ///< else the turn cannot have changed them
        std::vector<core::LaneState> lanes;
        std::optional<Now> tick;
        std::optional<BootTime> inbox_seen;
        bool inbox_seen_changed = false;
        std::map<core::PassageId, core::OpenPassage> passages;  ///< those that the turn touched
    };

    [[nodiscard]] Result<void> decide_and_commit(const std::vector<Message>& batch, const Now& now);
    [[nodiscard]] Result<void> take(const Message& message, const Now& now);
    [[nodiscard]] Result<void> take_import_slice(const Now& now);
    [[nodiscard]] Result<void> finish_import(const Now& now);
    void rest_import(const Now& now);
    [[nodiscard]] bool lanes_busy(const Now& now) const;
    [[nodiscard]] Result<void> take_row(PendingImport& file, std::size_t row, const Now& now);
    [[nodiscard]] Result<void> expire_parked(const Now& now);
    [[nodiscard]] std::int64_t waits_since(const Now& now) const;
    [[nodiscard]] Result<void> take_ack(const PlatformAck& ack, const Now& now);
    [[nodiscard]] Result<void> give(const core::Input& input, const Now& now);
    [[nodiscard]] Result<std::uint64_t> record(const core::Fact& fact, const Now& now);
    [[nodiscard]] Result<void> write_what_waited(const Now& now, bool last);
    [[nodiscard]] std::vector<Message> take_batch();
    void see_inbox(BootTime at);
    void admit_imports(std::vector<Message>& batch);
    void let_out(const Now& now);
    void look_after_store(const Now& now);
    void keep_before(const std::vector<Message>& batch, const Now& now);
    void keep_before(const core::OpenPassage* open);
    void refuse(const Error& why, std::vector<Message> batch);
    void roll_back();
    [[nodiscard]] bool restore();
    void record_refusal();
    [[nodiscard]] Result<void> room_left();
    [[nodiscard]] Result<void> remember_inbox();
    void try_again();
    [[nodiscard]] std::int64_t wait_limit(const Now& now) const;
    [[nodiscard]] core::Freshness measure_freshness(const Now& now) const;

    core::SiteModel site_;
    store::Store& store_;
    const Clock& clock_;
    CoreMailbox& mailbox_;
    Outlets outlets_;
    StoreLimits limits_;
    Counters counters_;

    core::State state_;
    core::Freshness freshness_ = core::Freshness::not_checked;
    bool started_ = false;            ///< the first turn is committed
    std::vector<Written> written_;    ///< facts of the open transaction
    std::uint64_t snapshot_at_ = 0;   ///< sequence of the newest snapshot
    std::uint64_t snapshot_put_ = 0;  ///< likewise, in the open transaction
    bool inbox_seen_put_ = false;     ///< in the open transaction
    std::optional<Acked> acked_;
    bool ack_put_ = false;  ///< in the open transaction
    BootTime last_scan_;    ///< of the newest telegram or induction: imports rest while lanes work
    BootTime import_rests_until_;
    bool import_slice_ = false;  ///< this turn took one
    BootTime expire_at_;         ///< when parked receipts are looked at next
    std::size_t expired_ = 0;    ///< of them in the open transaction
    std::deque<std::shared_ptr<PendingImport>> imports_;
    std::deque<std::shared_ptr<PendingImport>> finished_;  ///< in the open transaction
    std::deque<std::shared_ptr<PendingImport>> put_off_;   ///< likewise
    std::optional<BootTime> inbox_seen_;                   ///< of the transfer client's last sign of life
    bool inbox_seen_changed_ = false;

    Before before_;
    bool unrestored_ = false;       ///< the refused turn's state still stands: the store could not even be read
    std::vector<Message> refused_;  ///< inputs of the turn that the store refused
    bool refusal_recorded_ = false;
    std::string stopped_because_;
    BootTime try_again_at_;
    BootTime room_checked_at_;
    std::atomic<Mode> mode_{Mode::running};
    std::atomic<std::int64_t> last_turn_{0};
};

}  // namespace hefang::app
