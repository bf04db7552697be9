#include "customs/ceb.hpp"

#include <array>

namespace hefang::customs {
namespace {

constexpr std::array names{
    std::string_view{"?"},
    std::string_view{"Inventory"},
    std::string_view{"InventoryHead"},
    std::string_view{"InventoryList"},
    std::string_view{"InventoryReturn"},
    std::string_view{"BaseTransfer"},
    std::string_view{"BaseSubscribe"},
    std::string_view{"ExtendMessage"},
    std::string_view{"Signature"},
    std::string_view{"appType"},
    std::string_view{"appTime"},
    std::string_view{"appStatus"},
    std::string_view{"orderNo"},
    std::string_view{"ebcCode"},
    std::string_view{"logisticsNo"},
    std::string_view{"logisticsCode"},
    std::string_view{"copNo"},
    std::string_view{"preNo"},
    std::string_view{"invtNo"},
    std::string_view{"agentCode"},
    std::string_view{"tradeMode"},
    std::string_view{"billNo"},
    std::string_view{"grossWeight"},
    std::string_view{"gname"},
    std::string_view{"returnStatus"},
    std::string_view{"returnTime"},
    std::string_view{"returnInfo"},
    std::string_view{"buyerIdNumber"},
    std::string_view{"buyerName"},
    std::string_view{"buyerRegNo"},
    std::string_view{"buyerTelephone"},
    std::string_view{"consignee"},
    std::string_view{"consigneeAddress"},
    std::string_view{"consigneeDistrict"},
    std::string_view{"consigneeTelephone"},
    std::string_view{"payerIdNumber"},
    std::string_view{"payerName"},
    std::string_view{"telephone"},
    std::string_view{"oriBizMessage"},
    std::string_view{"Data"},
    std::string_view{"Message"},
};
static_assert(names.size() == static_cast<std::size_t>(Element::extend_message_any) + 1);

constexpr std::size_t slots = 256;

constexpr std::size_t slot_of(std::string_view name, std::size_t a, std::size_t b) {
    const auto at = [&](std::size_t i) { return static_cast<std::size_t>(static_cast<unsigned char>(name[i])); };
    return (name.size() + at(0) * a + at(name.size() / 2) * b + at(name.size() - 2) * 3 + at(name.size() - 1)) % slots;
}

struct Table {
    std::size_t a = 0, b = 0;
    std::array<Element, slots> element{};
};

/// A table without collisions, found while compiling: one probe tells whether a name is looked at.
consteval Table make_table() {
    for (std::size_t a = 1; a < 64; a += 2) {
        for (std::size_t b = 1; b < 64; b += 2) {
            Table table{a, b, {}};
            bool clash = false;
            for (std::size_t i = 1; i < names.size() && !clash; ++i) {
                auto& cell = table.element[slot_of(names[i], a, b)];
                clash = cell != Element::other;
                cell = static_cast<Element>(i);
            }
            if (!clash) return table;
        }
    }
    return {};
}
constexpr Table table = make_table();
static_assert(table.a != 0, "no collision-free table: widen the search");

}  // namespace

Element element_of(std::string_view local_name) {
    if (local_name.size() < 2) return Element::other;
    const auto element = table.element[slot_of(local_name, table.a, table.b)];
    return element != Element::other && names[static_cast<std::size_t>(element)] == local_name ? element
                                                                                               : Element::other;
}

std::string_view name_of(Element element) { return names[static_cast<std::size_t>(element)]; }

}  // namespace hefang::customs
