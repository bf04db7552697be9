#pragma once
#include "base/clock.hpp"
#include "base/strong.hpp"
#include "base/units.hpp"

#include <cstddef>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <variant>
#include <vector>

/// What devices said, in words of the domain. Values only: no behaviour, no pointers, safe to hand between threads.
/// `at` is the boot-clock time at which the device's thread had the last byte of it.
namespace hefang::reading {

/// One bar code. `text` is clean UTF-8 of 1 to 128 bytes; `aim` the AIM identifier as sent ("]C1") or empty.
struct Code {
    std::string text;
    std::string aim;
    friend bool operator==(const Code&, const Code&) = default;
};

/// One telegram of a reader. No codes: the reader says that it could not read (a no-read, not a fault).
/// `sequence`: the parcel's induction number where the reader knows it.
struct CodesRead {
    DeviceId device;
    BootTime at;
    std::optional<std::uint16_t> sequence;
    std::vector<Code> codes;
    friend bool operator==(const CodesRead&, const CodesRead&) = default;
};

/// `wrong_tare`: it settled, but the display shows net where gross is expected, or the other way: no weight to use.
enum class WeightQuality { stable, unstable, overload, wrong_tare };

/// What the indicator itself said with a weighing, as far as its protocol tells: what a record of it must hold.
struct WeightRecord {
    std::string unit;           ///< as displayed: "kg", "g" or "t"; empty: there is no record
    bool net = false;           ///< the display showed net: gross is the weight plus `tare`
    std::optional<Grams> tare;  ///< none: the protocol does not say
    bool preset_tare = false;   ///< the tare was keyed in, not weighed
    std::string raw;            ///< the frame that it was latched from, as lower-case hexadecimal
    std::string alibi;          ///< number of the indicator's own record; empty: it keeps none, or none is asked for
    bool copy = false;          ///< the weight is a copy of that record
    friend bool operator==(const WeightRecord&, const WeightRecord&) = default;
};
constexpr std::size_t longest_raw_frame = 64;  ///< bytes of `raw`: the longest frame that a protocol has

/// One weighing of one parcel, said once: `stable` is latched until the scale was empty again.
/// `unstable`: the load went away before it settled, or the indicator would not keep it on record; `grams` is then the
/// last value seen. `overload`: grams is 0.
struct WeightRead {
    DeviceId device;
    BootTime at;
    Grams grams;
    WeightQuality quality = WeightQuality::stable;
    WeightRecord record = {};  ///< of a weighing that settled
    friend bool operator==(const WeightRead&, const WeightRead&) = default;
};

/// The life of one unbroken conversation with a PLC: a new number after each start, reconnect, PLC restart or lost
/// heartbeat of either side. 0 is never used. Sequence numbers mean something only within one session.
using SorterSession = std::uint64_t;

/// The conversation `session` began: heartbeats of both sides were seen to run.
struct SorterUp {
    DeviceId device;
    BootTime at;
    SorterSession session = 0;
    friend bool operator==(const SorterUp&, const SorterUp&) = default;
};

/// The conversation `session` ended; nothing of it may be commanded any more.
struct SorterDown {
    DeviceId device;
    BootTime at;
    SorterSession session = 0;
    std::string detail;
    friend bool operator==(const SorterDown&, const SorterDown&) = default;
};

/// The sorter's eye saw an item come in, not before `not_before` (the look at the PLC in which it was not there yet was
/// asked for then) and not after `at`. `sequence` 1…65535, then 1 again.
struct Induction {
    DeviceId device;
    BootTime at;
    SorterSession session = 0;
    std::uint16_t sequence = 0;
    std::uint16_t length_mm = 0;
    BootTime not_before;
    friend bool operator==(const Induction&, const Induction&) = default;
};

/// Inductions or confirmations were missed (ring overrun, skipped number) between `not_before` and `at`: what lies on
/// the belt is not surely known.
struct TrackingLost {
    DeviceId device;
    BootTime at;
    SorterSession session = 0;
    std::string detail;
    BootTime not_before;
    friend bool operator==(const TrackingLost&, const TrackingLost&) = default;
};

enum class AckCode : std::uint16_t { accepted = 1, too_late = 2, unknown_sequence = 3, lane_full = 4, not_in_auto = 5 };

/// The PLC's answer to the command {sequence, revision}.
struct CommandAcked {
    DeviceId device;
    BootTime at;
    SorterSession session = 0;
    std::uint16_t sequence = 0;
    std::uint16_t revision = 0;
    AckCode code = AckCode::accepted;
    friend bool operator==(const CommandAcked&, const CommandAcked&) = default;
};

enum class Left : std::uint16_t { diverted = 1, missed = 2, recirculated = 3, lost = 4 };

/// The item left the sorter by `chute` (0 when lost).
struct Confirmed {
    DeviceId device;
    BootTime at;
    SorterSession session = 0;
    std::uint16_t sequence = 0;
    std::uint16_t chute = 0;
    Left result = Left::diverted;
    friend bool operator==(const Confirmed&, const Confirmed&) = default;
};

/// One picture of an inspection machine, whole and kept by its hash. It was handed over between `not_before` and `at`.
/// `scan` joins it with the machine's other words on the same parcel: clean UTF-8 of 1 to 128 bytes, unique for a while
/// only. `view` 1…`views`, of which a whole scan has every one.
struct ImageTaken {
    DeviceId device;
    BootTime at;
    BootTime not_before;
    std::string scan;
    std::uint8_t view = 1;
    std::uint8_t views = 1;
    std::string sha256;  ///< of the bytes as they came, hex
    std::int64_t bytes = 0;
    std::string type;  ///< "image/png"
    friend bool operator==(const ImageTaken&, const ImageTaken&) = default;
};

/// What a machine, or the person at it, says of a scan. Only `clear` ever lets a parcel go. `no_decision`: nobody said,
/// or something that is not known here.
enum class Screening : std::uint8_t { clear, no_decision, fault, suspect };

/// A judgement of a scan, with or without its picture so far; a scan may be judged again later. `tip`: of a threat that
/// the machine projected into the picture for training, not of the parcel.
struct ImageJudged {
    DeviceId device;
    BootTime at;
    BootTime not_before;
    std::string scan;
    Screening result = Screening::no_decision;
    bool tip = false;
    std::optional<std::uint8_t> view;       ///< the one that was judged; none: all
    std::optional<std::uint16_t> sequence;  ///< the parcel's induction number as the machine has it; 0: no usable one
    std::string operator_id, time;          ///< as the machine says them; empty: it does not
    std::string sha256;                     ///< of the side-car, hex
    friend bool operator==(const ImageJudged&, const ImageJudged&) = default;
};

/// A picture that came with a reading: not kept here, but known by its hash wherever it is found again.
struct Picture {
    std::string sha256;  ///< hex
    std::int64_t bytes = 0;
    friend bool operator==(const Picture&, const Picture&) = default;
};
constexpr std::size_t most_pictures = 4;  ///< of one reading

/// A vehicle that a camera saw. `plate`: clean UTF-8, at most 32 bytes; empty: it had none that could be read.
/// Words are the camera's own, at most 32 bytes, empty where it says none.
struct PlateRead {
    DeviceId device;
    BootTime at;
    std::string plate;
    std::string colour, direction;
    std::optional<std::int32_t> confidence, line;
    std::string device_time;  ///< by the camera's clock, as text
    std::vector<Picture> pictures;
    friend bool operator==(const PlateRead&, const PlateRead&) = default;
};

/// What the cameras around one truck read, and the numbers of containers that count: none, one or two.
struct ContainerRead {
    DeviceId device;
    BootTime at;
    std::vector<std::string> numbers;
    std::string agreement;           ///< "agreed", or why there is no number
    std::vector<std::string> sides;  ///< "left=CSQU3054383": at most 8, each clean UTF-8 of at most 64 bytes
    friend bool operator==(const ContainerRead&, const ContainerRead&) = default;
};

/// An RFID tag in the field of an antenna. `epc`: lower-case hex, at most 124 digits.
struct TagRead {
    DeviceId device;
    BootTime at;
    std::string epc;
    std::optional<std::int32_t> antenna, rssi_dbm;
    friend bool operator==(const TagRead&, const TagRead&) = default;
};

/// A value that a portal or detector measured: `channel` is the maker's word for it (at most 32 bytes), `value` the
/// number as written (at most 17 bytes).
struct ValueRead {
    DeviceId device;
    BootTime at;
    std::string channel, value;
    friend bool operator==(const ValueRead&, const ValueRead&) = default;
};

/// Whether an alarm stands at a portal or detector. Said at the first word of it in each life of the link, and on
/// change. `said`: the line that says so, printable, at most 120 bytes.
struct AlarmState {
    DeviceId device;
    BootTime at;
    bool alarm = true;
    std::string said;
    friend bool operator==(const AlarmState&, const AlarmState&) = default;
};

/// The device stopped answering, or works again. Said on change only.
struct DeviceLost {
    DeviceId device;
    BootTime at;
    std::string detail;
    friend bool operator==(const DeviceLost&, const DeviceLost&) = default;
};
struct DeviceRestored {
    DeviceId device;
    BootTime at;
    friend bool operator==(const DeviceRestored&, const DeviceRestored&) = default;
};

/// `unknown`: the module cannot be read, or says nothing of it.
enum class ContactState { inactive, active, unknown };

/// A contact of a digital input changed: after debouncing, and at each begin and end of a conversation with its module.
struct ContactChanged {
    DeviceId device;
    BootTime at;
    std::string contact;  ///< its name in the configuration: "loop", "chute-full-3"
    ContactState state = ContactState::unknown;
    friend bool operator==(const ContactChanged&, const ContactChanged&) = default;
};

/// `opened`, `closed`, `passed` and `emergency` were seen, `opening`, `closing` and `stopped` commanded; `unknown`: it
/// cannot be seen; `fault`: it does not do what it should, or a relay is not as it was commanded.
enum class BarrierEvent {
    opening,
    opened,
    passed,
    closing,
    closed,
    stopped,
    emergency,
    emergency_over,
    fault,
    unknown,
};

/// What a barrier did or was seen to do, and why. `passage`: the wish's, now or last; empty when there was none.
struct BarrierTold {
    DeviceId device;
    BootTime at;
    BarrierEvent event = BarrierEvent::unknown;
    std::string why;
    std::string passage;
    friend bool operator==(const BarrierTold&, const BarrierTold&) = default;
};

/// `printed`: the printer took the label, and says that nothing waits. `not_printed`: it never had any of it.
/// `unknown`: it had some of it, and what became of it cannot be known; it is not sent again.
enum class PrintEnd { printed, not_printed, unknown };

/// The end of a print job; each has exactly one.
struct LabelEnded {
    DeviceId device;
    BootTime at;
    std::string job;
    PrintEnd end = PrintEnd::unknown;
    std::string why;
    friend bool operator==(const LabelEnded&, const LabelEnded&) = default;
};

using Reading = std::variant<CodesRead, WeightRead, SorterUp, SorterDown, Induction, TrackingLost, CommandAcked,
                             Confirmed, ImageTaken, ImageJudged, DeviceLost, DeviceRestored, PlateRead, ContainerRead,
                             TagRead, ValueRead, AlarmState, ContactChanged, BarrierTold, LabelEnded>;

/// Values for the {names} of a label's or a display's form, clean UTF-8.
using Fields = std::map<std::string, std::string>;

/// The core wants one label. `id` names the job: a second one of the same name is the same job.
struct PrintJob {
    std::string id;
    Fields fields;
    friend bool operator==(const PrintJob&, const PrintJob&) = default;
};

/// The core wants the barrier open for `passage` until the boot clock passes `valid_until`.
struct OpenWish {
    std::string passage;
    BootTime valid_until;
    friend bool operator==(const OpenWish&, const OpenWish&) = default;
};

/// The core wants the output `output` on until the boot clock passes `valid_until`.
struct OutputWanted {
    std::string output;
    BootTime valid_until;
    friend bool operator==(const OutputWanted&, const OutputWanted&) = default;
};

/// What the core wants of a sorter: all commands not yet acknowledged, replaced as a whole.
/// Sent only in `session`; dropped when the boot clock passes `valid_until`.
struct SorterCommand {
    SorterSession session = 0;
    std::uint16_t sequence = 0;
    std::uint16_t revision = 0;
    std::uint16_t chute = 0;
    std::uint16_t reason = 0;  ///< number of the headline reason, for the PLC's own display
    BootTime valid_until;
    friend bool operator==(const SorterCommand&, const SorterCommand&) = default;
};

}  // namespace hefang::reading
