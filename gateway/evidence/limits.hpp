#pragma once
#include <cstddef>
#include <cstdint>

/// Sizes of one fact on the wire (contract v1 §2, §3). Every text is cut to its limit before it is escaped, every list
/// to its length, so that the longest possible fact (all characters escaped, all lists full) stays below event_bytes.
namespace hefang::evidence {

constexpr std::size_t event_bytes = 32 * 1024;  ///< one fact, as stored and sent
constexpr std::size_t id_bytes = 128;           ///< gateway, location, lane, device, passage, epoch, boot, policy, kind
constexpr std::size_t number_bytes = 128;       ///< waybill, inventory, bill, any code of a label
constexpr std::size_t word_bytes = 32;          ///< a status or a customs time as received
constexpr std::size_t text_bytes = 1024;        ///< words for a person, file names
constexpr std::size_t code_count = 32;          ///< codes of one label: the first are kept
constexpr std::size_t hash_bytes = 64;          ///< a SHA-256 in hex
constexpr std::size_t image_count = 4;          ///< pictures of one passage
constexpr std::size_t alarm_count = 8;          ///< words of one ground
constexpr std::size_t said_count = 24;          ///< members of one reading: the first are kept
constexpr std::size_t said_name_bytes = 32;     ///< of a member's name
constexpr std::size_t receipt_count = 32;       ///< receipts of one ground: the last (newest) are kept
constexpr std::size_t depth_limit = 8;          ///< nesting of a fact that is read back
/// I-JSON's exact integers (RFC 7493); a larger magnitude is written as the limit.
constexpr std::int64_t integer_limit = (std::int64_t{1} << 53) - 1;

}  // namespace hefang::evidence
