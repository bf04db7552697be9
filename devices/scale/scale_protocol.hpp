#pragma once
#include "driver/kind.hpp"
#include "weight/indication.hpp"
#include "weight/weight_line.hpp"

#include <memory>
#include <span>
#include <string>
#include <string_view>

namespace hefang::driver {

struct ScaleSettings;

/// One protocol of a weighing indicator over a stream of bytes: a codec and, where the indicator speaks only when it is
/// asked, the question. Adding one is a parser in codec/weight and a row here.
struct ScaleProtocol {
    using Bytes = std::string (*)(const ScaleSettings& settings);

    std::string_view name;  ///< as the configuration says it
    std::unique_ptr<codec::WeightParser> (*parser)(const ScaleSettings& settings);
    bool says_rest = true;                      ///< the indicator itself says whether the load is at rest
    bool says_net = false;                      ///< … and whether it shows gross or net
    std::span<const Setting> settings = {};     ///< its own, beside those of every scale
    const codec::LineLayout* layout = nullptr;  ///< of a parser of lines
    Bytes start = nullptr;                      ///< begins a stream; sent once a connection; null, or empty: nothing
    Bytes ask = nullptr;                        ///< asks for the display; null, or empty: it is sent unasked
    Bytes keep = nullptr;                       ///< orders the weighing kept on the indicator's own record
    std::string_view source = {};               ///< of questions, and how far they are to be trusted
};

/// THE table of protocols.
[[nodiscard]] std::span<const ScaleProtocol> scale_protocols();
/// The row of that name, or null.
[[nodiscard]] const ScaleProtocol* scale_protocol(std::string_view name);

}  // namespace hefang::driver
