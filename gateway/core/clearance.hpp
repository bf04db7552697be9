#pragma once
#include "base/units.hpp"

#include <array>
#include <compare>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

/// What customs and declarants have said of one waybill, as the register keeps it. Sets of messages: order of arrival
/// and repetition carry no meaning.
namespace hefang::core {

/// Time of a customs message: seconds since 1970 UTC, made from the first 14 digits read as China time (+08:00).
/// `raw` is the text as received, 14 or 17 digits when readable.
struct CustomsTime {
    std::optional<std::int64_t> second;  ///< none: missing or unreadable
    std::string raw;
    friend auto operator<=>(const CustomsTime&, const CustomsTime&) = default;
};

/// Reads 14 or 17 digits yyyyMMddHHmmss[SSS]; anything else, or no such day, has no second.
[[nodiscard]] CustomsTime customs_time(std::string raw);

/// appType 1 新增, 2 变更, 3 删除.
enum class AppType : std::uint8_t { create = 1, change = 2, remove = 3 };

/// One version of a declaration (CEB621 InventoryHead without personal data). A version counts when app_status is 2.
struct Version {
    AppType type = AppType::create;
    std::int32_t app_status = 0;  ///< 1 暂存, 2 申报
    CustomsTime app_time;
    Grams gross;  ///< grossWeight, kg × 1000 rounded half up; 0 = not given
    std::string logistics_code;
    std::string invt_no, pre_no;  ///< may be empty
    std::string ebc_code;         ///< 电商企业
    std::string order_no, bill_no, trade_mode;
    std::string goods;                      ///< names of goods, joined, at most 256 bytes
    std::array<std::uint8_t, 32> digest{};  ///< SHA-256 of the node's kept content: identity of the version
    friend auto operator<=>(const Version&, const Version&) = default;
};

/// One receipt (CEB622 InventoryReturn). Identity = (status, time as received, digest of returnInfo).
struct Receipt {
    std::int32_t status = 0;  ///< returnStatus; unreadable text is kept as `unreadable_status`
    CustomsTime time;
    std::array<std::uint8_t, 32> info_digest{};
    std::string invt_no, pre_no;  ///< as the receipt carries them; may be empty
    std::int64_t taken_ms = 0;    ///< wall time when the gateway took it, 0 by a clock not set; no identity
    [[nodiscard]] bool same_as(const Receipt& other) const {
        return status == other.status && time.raw == other.time.raw && info_digest == other.info_digest;
    }
};
constexpr std::int32_t unreadable_status = 99'999;  ///< no code of customs; folds as "unknown"

/// One stream: (import inventory 622, declarant, copNo) with everything that belongs to it.
struct Inventory {
    std::string agent_code, cop_no;
    std::vector<Version> versions;
    std::vector<Receipt> receipts;
};

/// What is kept of a waybill and cannot be told.
enum class Gap : std::uint8_t {
    none,
    damaged,   ///< a row cannot be read, or a message of one found no room in it
    too_many,  ///< more declarations than anybody would look through
};

/// All streams that name one waybill; empty = nothing is known. With a gap it never frees a parcel, whatever it holds.
struct Clearance {
    std::vector<Inventory> inventories;
    Gap gap = Gap::none;
    /// Does the number stand in the register?
    [[nodiscard]] bool known() const { return !inventories.empty() || gap != Gap::none; }
};

/// Keys by which a receipt may belong to a stream. Empty text = the message does not carry it.
struct StreamKeys {
    std::string agent_code, cop_no, pre_no, invt_no;
    friend auto operator<=>(const StreamKeys&, const StreamKeys&) = default;
};

/// A receipt belongs to a declaration only if every key that both carry agrees and at least one does. (agentCode,
/// copNo) is one key: carried when both texts are there.
[[nodiscard]] bool belongs(const StreamKeys& receipt, const StreamKeys& declaration);

}  // namespace hefang::core
