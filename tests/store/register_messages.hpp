#pragma once
#include "scratch.hpp"
#include "store/verify.hpp"

#include <algorithm>
#include <optional>

/// Messages of customs as the register takes them.
namespace hefang::test {

inline core::Version version(const std::string& name, std::string pre = {}, std::string invt = {}) {
    core::Version v;
    v.app_status = 2;
    v.app_time = {1'700'000'000, "20231115061320"};
    v.gross = Grams{1290};
    v.logistics_code = "L1", v.ebc_code = "E1", v.order_no = "O-" + name, v.bill_no = "999-1", v.trade_mode = "1210";
    v.goods = "奶粉 " + name;
    v.pre_no = std::move(pre), v.invt_no = std::move(invt);
    v.digest = sha256(name);
    return v;
}

inline core::Receipt receipt(std::int32_t status, std::string time, std::string pre = {}, std::string invt = {}) {
    core::Receipt r;
    r.status = status;
    r.time = {status * 1000, std::move(time)};
    r.info_digest = sha256("info");
    r.pre_no = std::move(pre), r.invt_no = std::move(invt);
    r.taken_ms = 5;
    return r;
}

/// One message of either kind.
struct Message {
    core::StreamKeys keys;
    std::string waybill;  ///< empty: a receipt
    core::Version version;
    core::Receipt receipt;
};
inline Message declares(core::StreamKeys keys, std::string waybill, const std::string& name) {
    auto v = version(name, keys.pre_no, keys.invt_no);
    return {std::move(keys), std::move(waybill), std::move(v), {}};
}
inline Message answers(core::StreamKeys keys, std::int32_t status) {
    auto r = receipt(status, std::to_string(20'260'101'000'000 + status), keys.pre_no, keys.invt_no);
    return {std::move(keys), {}, {}, std::move(r)};
}

inline Result<store::Taken> put(store::Store& store, const Message& message) {
    return message.waybill.empty() ? store.put_receipt(message.keys, message.receipt)
                                   : store.put_declaration(message.keys, message.waybill, message.version);
}

inline std::string shown(const core::Clearance& clearance) {
    std::string text;
    for (const auto& i : clearance.inventories) {
        text += i.agent_code + "/" + i.cop_no + " [";
        for (const auto& v : i.versions) text += v.order_no + (v.type == core::AppType::remove ? "- " : " ");
        text += "] [";
        for (const auto& r : i.receipts) text += std::to_string(r.status) + ":" + r.pre_no + ":" + r.invt_no + " ";
        text += "]; ";
    }
    return text;
}

inline std::vector<std::int32_t> statuses(const core::Clearance& clearance) {
    std::vector<std::int32_t> all;
    for (const auto& i : clearance.inventories)
        for (const auto& r : i.receipts) all.push_back(r.status);
    std::sort(all.begin(), all.end());
    return all;
}

}  // namespace hefang::test
