#pragma once
#include "hil/ceb_writer.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace hefang::hil {

struct Expected {
    std::string verdict, parcel_class, reason;  ///< reason: the headline
    friend bool operator==(const Expected&, const Expected&) = default;
};

/// How a parcel behaves on the scale of its line.
enum class OnScale { settles, restless, nothing };

/// One parcel as a story lets it happen.
struct Parcel {
    std::string kind;
    std::vector<Document> documents;  ///< what customs and declarant say before it comes
    std::vector<std::string> codes;   ///< on its label; empty: the reader says that it could not read
    std::int64_t grams = 1000;        ///< its true weight
    OnScale on_scale = OnScale::settles;
    std::string xray = "clear";  ///< what the inspection machine does with it, on a line that has one
    Expected expected;
};

/// One kind of parcel that the generator of stories knows.
struct Kind {
    std::string_view name;
    std::string_view receipts;  ///< "120+60 800+3600": status and seconds after the declaration; '!': with a bad time
    Expected expected;
    enum class Label { own, none, two } label = Label::own;
    enum class Papers { one, none, stored_only, two } papers = Papers::one;
    std::int64_t off_grams = 0;  ///< true weight minus declared weight; not 0: for lines with a scale
    OnScale on_scale = OnScale::settles;
};

[[nodiscard]] const std::vector<Kind>& kinds();
[[nodiscard]] const Kind* kind_named(std::string_view name);
/// True when the kind shows what it is only on a line with a scale.
[[nodiscard]] bool needs_scale(const Kind& kind);

/// "800+3600", "800!"; none when it is none.
[[nodiscard]] std::optional<std::vector<Said>> receipts_from(std::string_view text);

/// A parcel of the kind. `declared` in grams.
[[nodiscard]] Parcel make_parcel(const Kind& kind, const std::string& waybill, std::int64_t declared);

}  // namespace hefang::hil
