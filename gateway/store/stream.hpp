#pragma once
#include "base/result.hpp"
#include "core/clearance.hpp"

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

/// One stream of the register as it lies in a row, and the rule by which receipts join it. Pure.
namespace hefang::store {

struct KeptVersion {
    core::Version version;
    std::string waybill;  ///< that this version names
};

struct KeptReceipt {
    core::Receipt receipt;
    std::string agent_code, cop_no;  ///< as the receipt carries them
    [[nodiscard]] core::StreamKeys keys() const { return {agent_code, cop_no, receipt.pre_no, receipt.invt_no}; }
    /// Same message? When it was taken does not count.
    [[nodiscard]] bool same_as(const KeptReceipt& other) const {
        return receipt.same_as(other.receipt) && keys() == other.keys();
    }
};

/// Versions and receipts are kept in an order of their own content, so that equal sets are equal bytes.
struct Stream {
    std::int64_t id = 0;  ///< row; 0 = not stored yet
    std::string agent_code, cop_no;
    std::string only;     ///< what tells streams without a full (agentCode, copNo) apart; else empty
    std::string waybill;  ///< of the row
    std::vector<KeptVersion> versions;
    std::vector<KeptReceipt> receipts;
    bool incomplete = false;  ///< a message of it found no room, or cannot be read any more: it frees nobody

    /// False when it was there already.
    bool add(KeptVersion version);
    bool add(KeptReceipt receipt);

    /// A receipt joins when it belongs to one of the versions; or when it contradicts not all of them and belongs to a
    /// receipt that has joined (it carries only the preNo or invtNo that customs gave later). Only "there is one that"
    /// over sets that grow, so that the order of arrival cannot matter.
    [[nodiscard]] bool takes(const KeptReceipt& receipt) const;

    [[nodiscard]] std::vector<std::string> waybills() const;

    /// The stream as the rules see it for one waybill. A version that names another waybill ends the declaration of
    /// this one from its appTime on, so it is shown as a removal.
    [[nodiscard]] core::Inventory seen_by(const std::string& waybill) const;
};

[[nodiscard]] std::string encode(const Stream& stream);
/// Fills what encode() wrote into a stream whose other members are set.
[[nodiscard]] Result<void> decode(std::string_view bytes, Stream& stream);

[[nodiscard]] std::string encode(const KeptReceipt& receipt);
[[nodiscard]] Result<KeptReceipt> decode_receipt(std::string_view bytes);

}  // namespace hefang::store
