#pragma once
#include "hil/kinds.hpp"
#include "hil/stand.hpp"

#include <optional>
#include <string>
#include <vector>

namespace hefang::hil {

/// What must have become of a parcel.
struct Truth {
    bool any_decision = false;  ///< it comes too late to matter, whatever it is: only the parcel's way is compared
    Expected decided;           ///< its last revision
    std::int64_t revisions = 1;
    std::string result = "diverted";
    std::optional<int> left;  ///< chute as the PLC saw it; empty: the chute of the class; 0: it never left
};

/// One thing that happens, in the order of the file.
struct Step {
    enum class What { parcel, receipt, fault, wait, rest } what = What::rest;
    std::size_t line = 0;
    Parcel parcel;
    Truth truth;
    std::string name;     ///< receipt: the waybill; fault, wait: which
    Said said;            ///< receipt
    std::int64_t ms = 0;  ///< rest
};

struct Story {
    std::string file, name;
    SiteSpec site;
    std::int64_t interval_ms = 0;        ///< between two parcels of one line without a scale
    std::int64_t memory_growth_mib = 0;  ///< that the gateway may grow by after the first tenth of the parcels; 0: any
    std::vector<Document> documents;
    std::vector<Step> steps;
};

/// Reads a story; a failure names the line.
[[nodiscard]] Result<Story> read_story(const std::string& file);

}  // namespace hefang::hil
