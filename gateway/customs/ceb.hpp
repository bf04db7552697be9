#pragma once
#include <cstdint>
#include <string_view>

/// Names of the CEB message family ("海关跨境电商统一版系统企业对接报文规范", 202205).
namespace hefang::customs {

constexpr std::string_view ceb_namespace = "http://www.chinaport.gov.cn/ceb";

/// Every element that is looked at. From `personal_first` on the content is personal data, or a message that holds
/// such, and is never kept.
enum class Element : std::uint8_t {
    other,
    inventory,
    inventory_head,
    inventory_list,
    inventory_return,
    base_transfer,
    base_subscribe,
    extend_message,
    signature,
    app_type,
    app_time,
    app_status,
    order_no,
    ebc_code,
    logistics_no,
    logistics_code,
    cop_no,
    pre_no,
    invt_no,
    agent_code,
    trade_mode,
    bill_no,
    gross_weight,
    gname,
    return_status,
    return_time,
    return_info,
    buyer_id_number,
    buyer_name,
    buyer_reg_no,
    buyer_telephone,
    consignee,
    consignee_address,
    consignee_district,
    consignee_telephone,
    payer_id_number,
    payer_name,
    telephone,
    original_message,   ///< CEB900 carries the whole message that it answers as text,
    envelope_data,      ///< DxpMsg as base64,
    extend_message_any  ///< ExtendMessage as any element
};
constexpr Element field_first = Element::app_type;
constexpr Element personal_first = Element::buyer_id_number;
constexpr std::size_t field_count = static_cast<std::size_t>(personal_first) - static_cast<std::size_t>(field_first);

/// The element of a local name; `other` for every name that is not looked at.
[[nodiscard]] Element element_of(std::string_view local_name);
[[nodiscard]] std::string_view name_of(Element element);

[[nodiscard]] constexpr bool is_personal(Element element) { return element >= personal_first; }
/// Elements with a text that may be kept wherever it stands.
[[nodiscard]] constexpr bool is_field(Element element) { return element >= field_first && element < personal_first; }

}  // namespace hefang::customs
