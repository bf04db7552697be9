#pragma once
#include "base/clock.hpp"
#include "base/strong.hpp"
#include "base/units.hpp"
#include "core/verdict.hpp"
#include "reading/reading.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <variant>
#include <vector>

/// What the gateway decided is true: journalled, sent to the platform, never changed. One struct a type of
/// contract v1; its wire form is written by gateway/evidence.
namespace hefang::core {

using PassageId = Strong<struct PassageIdTag>;  ///< a UUIDv7

struct EpochOpened {
    std::string epoch;     ///< UUIDv7
    std::string previous;  ///< empty for a new database
    std::string why;       ///< "new-database"
    friend bool operator==(const EpochOpened&, const EpochOpened&) = default;
};

/// A file of the inbox was taken in full.
struct MessageTaken {
    std::string sha256;  ///< of the original bytes, hex
    std::string kind;    ///< "CEB621", "CEB622", or "unreadable"
    std::string name;    ///< file name
    std::int64_t bytes = 0;
    std::int64_t nodes_taken = 0;
    std::int64_t nodes_repeated = 0;  ///< known already, changed nothing
    std::int64_t nodes_refused = 0;
    std::string refusal;  ///< why the whole file was refused; empty when it was not
    friend bool operator==(const MessageTaken&, const MessageTaken&) = default;
};

/// A receipt changed what is found against a parcel that has an open or finished passage; or it holds one that has
/// left.
struct ReceiptTaken {
    std::string waybill, invt_no;
    std::string status, status_time;
    bool after_exit = false;  ///< the parcel had left by release already
    bool late = false;        ///< it came more than late_receipt_s after customs dated it
    friend bool operator==(const ReceiptTaken&, const ReceiptTaken&) = default;
};

/// What came of a weighing. `clash`: one weight, two parcels that it may be of. `wrong_tare`: the display showed net
/// where gross is due, or the other way.
enum class Weighed : std::uint8_t { nothing, stable, unstable, overload, clash, wrong_tare };

/// Everything that the weight rule used, and what it allowed.
struct WeightTaken {
    std::optional<Grams> measured, declared, allowed;
    std::optional<Grams> interval;  ///< e of the scale, when it is configured
    Weighed came = Weighed::nothing;
    DeviceId device;
    reading::WeightRecord record = {};  ///< what the indicator itself said with it
    friend bool operator==(const WeightTaken&, const WeightTaken&) = default;
};

/// A file of the store that was looked at, by its hash.
struct ImageUsed {
    std::string sha256;  ///< hex
    std::int64_t bytes = 0;
    std::string type;  ///< "image/png"
    DeviceId device;
    friend bool operator==(const ImageUsed&, const ImageUsed&) = default;
};

/// What came of a parcel's screening. `unjudged`: its picture is there, no word on it. `tip`: the only word is on a
/// threat that the machine projected. `missing`: no scan. `unsure`: a scan that may be another's.
enum class Screened : std::uint8_t { clear, suspect, no_decision, fault, unjudged, tip, view_missing, missing, unsure };

/// Everything that the image rule used.
struct ScreeningTaken {
    Screened came = Screened::missing;
    DeviceId device;
    std::string scan;               ///< empty: none is surely this parcel's
    std::string operator_id, time;  ///< of the newest judgement, as the machine says them
    std::string judgement;          ///< SHA-256 of its file, hex
    friend bool operator==(const ScreeningTaken&, const ScreeningTaken&) = default;
};

/// A receipt as the rule used it: code and time as received.
struct ReceiptUsed {
    std::string status, time;
    friend bool operator==(const ReceiptUsed&, const ReceiptUsed&) = default;
};

enum class Freshness : std::uint8_t { not_checked, fresh, degraded, stale };

/// The customs side of a decision: what the rule used, so that it can be recomputed from the fact alone.
struct Ground {
    std::string status, status_time;  ///< of the receipt in force; empty when none is
    std::string source;               ///< "inbox"; empty when nothing is known
    std::string state;                ///< the folded state's letter of the transition table, e.g. "R", "I", "J?"
    std::string invt_no, bill_no;
    std::vector<ReceiptUsed> receipts;  ///< oldest first, at most 32 (the newest are kept)
    std::int64_t receipt_count = 0;
    std::int64_t declarations = 0;    ///< live streams naming this waybill
    std::string declared_at;          ///< appTime of the version in force
    std::vector<std::string> alarms;  ///< someone must look: short words, each once
    friend bool operator==(const Ground&, const Ground&) = default;
};

struct PassageDecided {
    PassageId passage;
    std::int32_t revision = 1;
    LaneId lane;
    std::int32_t attempt = 1;        ///< how often this number was seen, this time included
    std::string waybill;             ///< as scanned; empty only when nothing was read
    std::vector<std::string> codes;  ///< every other code of the label, as scanned
    WallTime event;                  ///< when the parcel was read
    Verdict verdict = Verdict::hold;
    ParcelClass parcel_class = ParcelClass::hold;
    std::vector<Reason> reasons;  ///< headline first
    Ground ground;
    Freshness freshness = Freshness::not_checked;
    std::optional<WeightTaken> weight;
    bool second_weighing = false;
    std::vector<ImageUsed> images;            ///< of this parcel's scan, by view
    std::optional<ScreeningTaken> screening;  ///< none: the lane has no inspection machine
    PassageId duplicate_of;  ///< behind duplicate-waybill: the passage that left, or may yet leave, by release; empty:
                             ///< none, or not known
    std::string policy;
    std::int32_t chute = 0;  ///< 0: the lane has no sorter, or the parcel no place on it
    DeviceId sorter;
    std::uint64_t session = 0;  ///< 0: no slot of a sorter
    std::uint16_t sequence = 0;
    friend bool operator==(const PassageDecided&, const PassageDecided&) = default;
};

enum class Actuation : std::uint8_t { diverted, missed, recirculated, lost, late, unknown };

/// Comes once a passage that has a sorter's slot: at the confirmation, or as unknown when none can come any more (the
/// conversation ended, the number came round, too many are overdue).
struct PassageActuated {
    PassageId passage;
    std::int32_t revision = 1;
    LaneId lane;
    std::string waybill;
    std::int32_t commanded = 0;  ///< chute of this revision; 0 when its command never went to the sorter's driver
    std::optional<std::int32_t> actual;  ///< chute, when known
    Actuation result = Actuation::unknown;
    bool left_by_release = false;  ///< the actual chute is the lane's release chute, whatever was decided
    friend bool operator==(const PassageActuated&, const PassageActuated&) = default;
};

struct DeviceWasLost {
    DeviceId device;
    std::string detail;
    friend bool operator==(const DeviceWasLost&, const DeviceWasLost&) = default;
};
struct DeviceWasRestored {
    DeviceId device;
    friend bool operator==(const DeviceWasRestored&, const DeviceWasRestored&) = default;
};
struct ClockStepped {
    std::int64_t by_ms = 0;  ///< wall minus what the boot clock let expect
    friend bool operator==(const ClockStepped&, const ClockStepped&) = default;
};
/// The store could not commit; nothing of the refused turn left the gateway.
struct StoreRefused {
    std::string detail;
    friend bool operator==(const StoreRefused&, const StoreRefused&) = default;
};

/// One member of what a device said: `name` is a word of letters and digits that begins with a letter.
struct Said {
    std::string name;
    std::variant<std::int64_t, std::string> value;
    friend bool operator==(const Said&, const Said&) = default;
};
/// A reading of a device that belongs to no parcel of a lane (a plate, a tag, a measured value): kept as evidence.
struct ReadingTaken {
    DeviceId device;
    std::string kind;        ///< "plate", "container", "tag", "value", "alarm", "contact", "barrier", "label"
    WallTime event;          ///< when the device said it
    std::vector<Said> said;  ///< by name, each name once; at most 24 are kept
    friend bool operator==(const ReadingTaken&, const ReadingTaken&) = default;
};
/// A portal or detector that a lane watches raised an alarm: the lane is locked until somebody acknowledged it and the
/// device says clear.
struct AlarmRaised {
    DeviceId device;
    std::string detail;
    friend bool operator==(const AlarmRaised&, const AlarmRaised&) = default;
};
/// A person answers for it that the area was looked at.
struct AlarmAcknowledged {
    DeviceId device;
    std::string by;
    friend bool operator==(const AlarmAcknowledged&, const AlarmAcknowledged&) = default;
};

using Fact = std::variant<EpochOpened, MessageTaken, ReceiptTaken, PassageDecided, PassageActuated, DeviceWasLost,
                          DeviceWasRestored, ClockStepped, StoreRefused, ReadingTaken, AlarmRaised, AlarmAcknowledged>;

/// Wire name without prefix and version: "passage.decided".
[[nodiscard]] std::string_view name_of(const Fact& fact);
[[nodiscard]] std::string_view name_of(Actuation result);
[[nodiscard]] std::string_view name_of(Weighed came);
[[nodiscard]] std::string_view name_of(Screened came);
[[nodiscard]] std::string_view name_of(Freshness freshness);

}  // namespace hefang::core
