#pragma once
#include <cstddef>
#include <cstdint>

/// Every bound on what a transfer client may drop into the inbox. Beyond a bound of the first group the whole file is
/// refused, beyond one of the second only the node that breaks it.
namespace hefang::customs::limits {

constexpr std::int64_t file_bytes = std::int64_t{128} << 20;
constexpr std::size_t read_bytes = std::size_t{64} << 10;  ///< one piece for the parser
constexpr std::int64_t token_bytes = std::int64_t{128}
                                     << 10;  ///< one tag or comment that never ends costs no more memory
constexpr int depth = 16;
constexpr int attributes = 64;                ///< of one element
constexpr std::int64_t elements = 8'000'000;  ///< of one file; a real one of 128 MiB has about 4 million
constexpr std::int64_t nodes = 40'000;        ///< business nodes of one file
constexpr std::size_t personal_spans = 1'000'000;

constexpr std::size_t key_characters = 60;  ///< of copNo, preNo, invtNo, agentCode: invtNo grew from 18 to 20 once
constexpr std::size_t text_bytes = std::size_t{8} << 10;  ///< kept of one element
constexpr int goods_lines = 99;                           ///< InventoryList of one Inventory (CEB621 of 202205)
constexpr std::size_t goods_bytes = 256;                  ///< core::Version::goods
constexpr std::int64_t kilograms = 1'000'000'000;

constexpr std::size_t name_bytes = 200;  ///< of a file in the inbox
constexpr std::size_t reason_bytes =
    64 << 10;                              ///< of a reason file when it is read again; longer ones name no whole file
constexpr std::size_t scan_names = 4'096;  ///< names of the inbox held in memory at once, the lowest ones
constexpr std::int64_t quiet_ms = 1'000;   ///< unchanged for so long: the writer is done

constexpr std::int64_t part_ms = std::int64_t{24} * 3'600'000;             ///< a copy that an import left unfinished
constexpr std::int64_t as_it_came_ms = std::int64_t{30} * 24 * 3'600'000;  ///< a refused file as it came

}  // namespace hefang::customs::limits
