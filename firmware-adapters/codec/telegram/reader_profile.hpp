#pragma once
#include "telegram/scan_telegram.hpp"

#include <span>
#include <string_view>

namespace hefang::codec {

/// What one family of readers says and is told, as it leaves the factory. Texts with a '*' in them stand for every
/// text that begins with what is before it and ends with what is behind it.
struct ReaderProfile {
    std::string_view name;                         ///< the protocol, as the configuration says it
    std::string_view ends;                         ///< any of these bytes ends a telegram; empty: STX and ETX frame it
    std::string_view no_read;                      ///< what it sends when it could not read; empty: nothing by default
    std::string_view separator = {};               ///< between the codes of one telegram; empty: none by default
    std::span<const std::string_view> taken = {};  ///< answers to a command: done
    std::span<const std::string_view> refused =
        {};  ///< answers to a command that was not taken; looked at after `taken`
    std::string_view trigger_on = {}, trigger_off = {};  ///< whole commands; empty: it has none by default
    bool acknowledged = false;                           ///< waits for an ACK (0x06) after each telegram
    std::string_view source;                             ///< of all this, and how far it is to be trusted
    std::string_view unconfirmed;                        ///< what is still to be seen on the device
};

/// THE table of readers; the first row is the one of a configuration that names no protocol.
[[nodiscard]] std::span<const ReaderProfile> reader_profiles();
/// The row of that name, or null.
[[nodiscard]] const ReaderProfile* reader_profile(std::string_view name);

[[nodiscard]] ScanFraming framing_of(const ReaderProfile& profile);
/// The no-read texts are those of every maker, the reader's own first: none of them is ever a number.
[[nodiscard]] ScanFormat format_of(const ReaderProfile& profile);

enum class Answer { none, taken, refused };
/// Whether a telegram is the reader's answer to a command.
[[nodiscard]] Answer answer_of(std::string_view telegram, const ReaderProfile& profile);

}  // namespace hefang::codec
