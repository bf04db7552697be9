#pragma once
#include "core/clearance.hpp"

#include <cstdint>
#include <string>
#include <vector>

/// What one file of customs messages says, without any personal data.
namespace hefang::customs {

/// Bytes [begin, end) of the original file.
struct Span {
    std::int64_t begin = 0, end = 0;
    friend bool operator==(const Span&, const Span&) = default;
};

/// One Inventory of a CEB621.
struct Declaration {
    core::StreamKeys keys;
    std::string waybill;  ///< logisticsNo
    core::Version version;
};

/// One InventoryReturn of a CEB622. `receipt.taken_ms` is left 0: whoever takes it knows the time.
struct Reply {
    core::StreamKeys keys;
    core::Receipt receipt;
};

/// One node that is not used, and why. Holds no text of the file except the name of an element.
struct Refusal {
    std::int64_t line = 0;  ///< of the element at fault, from 1
    std::string element;
    std::string why;
    Span node;  ///< from '<' of its start tag to behind its end tag
};

struct Judged {
    std::string kind;    ///< "CEB621" or "CEB622"
    std::string sha256;  ///< of the original bytes, hex
    std::int64_t bytes = 0;
    std::vector<Declaration> declarations;  ///< in the order of the file, as are the others
    std::vector<Reply> receipts;
    std::vector<Refusal> refusals;
    std::vector<Span> personal;  ///< contents of personal elements and of comments; rising, never overlapping
    Span opening, closing;       ///< prolog and start tag of the root; its end tag and what follows
};

}  // namespace hefang::customs
