#pragma once
#include "hil/scale_sim.hpp"

#include <span>
#include <string>
#include <string_view>

namespace hefang::hil {

/// What a question asks for.
enum class Asks { display, stream, record };

struct Question {
    std::string_view bytes;
    Asks asks = Asks::display;
};

/// How an indicator speaks: its frame, and what it is asked by; no questions: it sends by itself.
struct ScaleDialect {
    std::string_view protocol;
    std::string (*frame)(const ScaleDisplay& shown, const ScaleSimSettings& settings);
    /// The byte from the frame's end that is broken when its checksum shall be wrong: the checksum, the sign, or the
    /// last of the unit.
    std::size_t (*broken)(const ScaleSimSettings& settings);
    std::span<const Question> questions = {};
    std::string_view not_understood = {};  ///< the answer to anything else
};

[[nodiscard]] std::span<const ScaleDialect> scale_dialects();

/// The answer to the order to keep a weighing, with the number of the record; 0: it was not kept.
[[nodiscard]] std::string scale_record(const ScaleDisplay& shown, const ScaleSimSettings& settings, unsigned number);

}  // namespace hefang::hil
