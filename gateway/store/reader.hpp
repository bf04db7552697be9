#pragma once
#include "base/result.hpp"
#include "core/clearance.hpp"
#include "sync/outbox.hpp"

#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <utility>
#include <vector>

namespace hefang::store {

/// A read-only connection of its own, beside the running writer or without one. It sees what was committed before each
/// call, never checkpoints, and ends its read transaction with each call. One thread at a time.
class Reader {
  public:
    using Entry = sync::Outbox::Entry;  ///< sequence and canonical bytes

    /// The time line of a number.
    struct Track {
        std::vector<std::string> waybills;  ///< that the number stands for; itself when it is one
        core::Clearance clearance;          ///< of all of them
        std::vector<Entry> facts;           ///< oldest first
        bool cut = false;                   ///< there are more facts than asked for
    };

    /// `path` is the store's folder. Errc::unreachable when there is no database, Errc::refused when its schema is not
    /// the one of this program.
    [[nodiscard]] static Result<Reader> open(const std::string& path, const std::string& vfs = {});
    ~Reader();
    Reader(Reader&&) noexcept;
    Reader& operator=(Reader&&) noexcept;

    /// Facts from `from` on, in order, at most `max` and about 4 MiB.
    [[nodiscard]] Result<std::vector<Entry>> facts(std::uint64_t from, std::size_t max);
    /// The newest `count` facts, oldest first.
    [[nodiscard]] Result<std::vector<Entry>> journal_tail(std::size_t count);
    [[nodiscard]] Result<std::uint64_t> last();  ///< 0: no fact
    [[nodiscard]] Result<std::string> epoch();
    [[nodiscard]] Result<std::uint64_t> cursor(const std::string& name);
    [[nodiscard]] Result<core::Clearance> clearance(const std::string& waybill);
    /// Every fact that names `number` (waybill, inventory, bill, any code of a label, passage, file or device), and
    /// what the register knows of it (by waybill, preNo or invtNo). At most `max` facts, the newest. A preNo or invtNo
    /// of more than shared_limit declarations stands for none of them: Gap::too_many.
    [[nodiscard]] Result<Track> track(const std::string& number, std::size_t max = 1000);

  private:
    struct Connection;
    explicit Reader(std::unique_ptr<Connection> connection);
    Result<void> look_behind_index(std::uint64_t after, const std::vector<std::string>& names,
                                   std::set<std::uint64_t, std::greater<>>& sequences);
    Result<void> name_waybills(const std::string& number, Track& track);
    std::unique_ptr<Connection> connection_;
};

/// The journal for the link to the platform. Made for the link's thread.
class StoreOutbox final : public sync::Outbox {
  public:
    /// `post` hands an ack to the core's mailbox; it is called on the link's thread and must not block. False: no room;
    /// the newest such ack is offered again with each look at the position.
    StoreOutbox(Reader reader, std::function<bool(std::uint64_t through, const std::string& head)> post);

    [[nodiscard]] Result<std::vector<Entry>> read(std::uint64_t from, std::size_t max) override;
    void acked(std::uint64_t through, const std::string& head) override;
    /// What was last read when the database cannot be read now.
    [[nodiscard]] Position position() override;

  private:
    Reader reader_;
    std::function<bool(std::uint64_t, const std::string&)> post_;
    std::optional<std::pair<std::uint64_t, std::string>> unposted_;
    Position position_;
};

}  // namespace hefang::store
