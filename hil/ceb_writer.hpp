#pragma once
#include "base/clock.hpp"

#include <cstdint>
#include <string>
#include <vector>

namespace hefang::hil {

/// One receipt of customs for a document: a status and when it was made, in seconds after the declaration.
struct Said {
    std::string status;  ///< as it stands in the message, usually digits
    std::int64_t after_s = 0;
    bool bad_time = false;  ///< the message carries a time that is none
    friend bool operator==(const Said&, const Said&) = default;
};

/// One inventory (清单) with all that a story says of it. Buyers are invented, and there only so that the gateway has
/// something to leave out.
struct Document {
    std::string waybill;
    std::int64_t grams = 1000;  ///< declared; 0: the element says 0, nothing is declared
    std::string stream;         ///< makes copNo, preNo and invtNo; empty: made from the waybill
    bool declared = true;       ///< false: the declarant only stored it (appStatus 1)
    std::vector<Said> receipts;
};

/// Writes messages of the cross-border import system in the form of the interface of 2022: CEB621 (inventories) and
/// CEB622 (their receipts). The same document gives the same keys in every message.
class CebWriter {
  public:
    /// `declared_at`: the appTime of every declaration.
    explicit CebWriter(WallTime declared_at) : declared_at_(declared_at) {}

    [[nodiscard]] std::string inventories(const std::vector<Document>& documents) const;
    /// One CEB622 with the receipts of every document, in order.
    [[nodiscard]] std::string receipts(const std::vector<Document>& documents) const;

  private:
    [[nodiscard]] std::string inventory(const Document& document) const;
    [[nodiscard]] std::string receipt(const Document& document, const Said& said) const;

    WallTime declared_at_;
};

}  // namespace hefang::hil
