#pragma once
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include <tl/expected.hpp>

/// LLRP 1.0.1 (GS1/EPCglobal, "Low Level Reader Protocol"), as far as a gate needs it: the tags that a reader reports.
/// Pure. All numbers are big-endian.
namespace hefang::codec::llrp {

/// Message types, by the standard's numbers.
enum class Type : std::uint16_t {
    set_reader_config = 3,
    close_connection_response = 4,
    set_reader_config_response = 13,
    close_connection = 14,
    add_rospec = 20,
    delete_rospec = 21,
    start_rospec = 22,
    enable_rospec = 24,
    add_rospec_response = 30,
    delete_rospec_response = 31,
    start_rospec_response = 32,
    enable_rospec_response = 34,
    ro_access_report = 61,
    keepalive = 62,
    reader_event_notification = 63,
    keepalive_ack = 72,
    error_message = 100,
};

struct Message {
    std::uint16_t type = 0;  ///< a number of Type, or another one
    std::uint32_t id = 0;
    std::string body;
    friend bool operator==(const Message&, const Message&) = default;
};

/// Why a stream cannot be read on: no message tells where the next one begins, so the conversation is over.
enum class StreamFault { wrong_version, too_short, too_long };
[[nodiscard]] std::string_view name(StreamFault fault);

/// Stream → messages. Holds at most one message of longest_message bytes.
class Framer {
  public:
    static constexpr std::size_t header_bytes = 10;
    static constexpr std::size_t longest_message = std::size_t{256} << 10;
    struct Out {
        std::vector<Message> messages;
        std::optional<StreamFault> fault;  ///< from then on nothing is read
    };
    [[nodiscard]] Out feed(std::string_view bytes);
    [[nodiscard]] std::size_t held() const { return held_.size(); }

  private:
    [[nodiscard]] bool step(Out& out);
    std::string held_;
    std::optional<StreamFault> fault_;
};

[[nodiscard]] std::string encode(const Message& message);

/// Why (a part of) a message is not used.
enum class Refusal {
    cut_parameter,  ///< a parameter is longer than what holds it, or shorter than its own header
    unknown_short,  ///< a parameter without a length, of a type that is not known: what follows cannot be found
    too_many_tags,  ///< more than most_tags in one report: the others are left out
    no_epc,         ///< a tag report without EPC
    epc_too_long,   ///< more than longest_epc bits, or not whole bytes
};
[[nodiscard]] std::string_view name(Refusal reason);

constexpr std::size_t most_tags = 512;
constexpr std::size_t longest_epc = 496;  ///< bits: what the word count of a Gen2 tag can say

/// One TagReportData.
struct Tag {
    std::string epc;  ///< lower-case hex
    std::optional<std::uint16_t> antenna;
    std::optional<std::int8_t> rssi;             ///< dBm
    std::optional<std::uint64_t> first_seen_us;  ///< UTC of the reader's clock, which may never have been set
    std::optional<std::uint16_t> seen;           ///< how often since the last report
    friend bool operator==(const Tag&, const Tag&) = default;
};
struct Report {
    std::vector<Tag> tags;
    std::vector<Refusal> refused;
};
/// The tags of an RO_ACCESS_REPORT; parameters that are not needed are skipped by their length.
[[nodiscard]] Report decode_report(std::string_view body);

/// The status of a ConnectionAttemptEvent (0: the connection is ours) in a READER_EVENT_NOTIFICATION; none: the message
/// speaks of something else.
[[nodiscard]] tl::expected<std::optional<std::uint16_t>, Refusal> connection_attempt(std::string_view body);
constexpr std::uint16_t connection_success = 0;

/// The code of the LLRPStatus of an answer; 0: success.
[[nodiscard]] tl::expected<std::uint16_t, Refusal> status_of(std::string_view body);

/// The one RO spec that the gateway has: all antennas, from its start until it is deleted, each tag reported at once
/// with antenna, strength, times and count.
constexpr std::uint32_t rospec_id = 1;
[[nodiscard]] std::string add_rospec_body();
/// The body of ENABLE, START and DELETE_ROSPEC: an id, 0 for all.
[[nodiscard]] std::string rospec_id_body(std::uint32_t id);
/// SET_READER_CONFIG with nothing but a KeepaliveSpec of this period.
[[nodiscard]] std::string keepalive_body(std::uint32_t period_ms);

/// The reader's side, for simulators.
[[nodiscard]] std::string connection_event_body(std::uint16_t status, std::uint64_t utc_us);
[[nodiscard]] std::string status_body(std::uint16_t status);
[[nodiscard]] std::string report_body(const std::vector<Tag>& tags);

}  // namespace hefang::codec::llrp
