#pragma once
#include "reading/reading.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace hefang::driver {

/// The words in which a machine gives its result, any case of A–Z. The defaults are those found in the field; what a
/// given machine writes is to be confirmed on it.
struct ScreeningWords {
    std::vector<std::string> clear{"clear", "pass", "0"};
    std::vector<std::string> suspect{"suspect", "alarm", "reject", "1"};
    std::vector<std::string> no_decision{"timeout", "no decision", "no-decision", "purge", "re-scan", "rescan"};
    std::vector<std::string> fault{"fault", "machine fault", "error"};
};

/// What `word` means; nothing when it stands in no list, or in two.
[[nodiscard]] std::optional<reading::Screening> screening_of(std::string_view word, const ScreeningWords& words);

/// Whether `word` says yes; nothing when it says neither yes nor no.
[[nodiscard]] std::optional<bool> yes_or_no(std::string_view word);

/// 1…65535 as decimal digits; nothing for anything else.
[[nodiscard]] std::optional<std::uint16_t> sequence_of(std::string_view digits);

}  // namespace hefang::driver
