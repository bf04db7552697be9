#pragma once
#include "weight/indication.hpp"
#include "weight/line.hpp"

#include <string>
#include <string_view>

namespace hefang::codec {

/// One answer of the NCI protocol (ECR mode) to "W CR", up to its ETX, which is no part of it: LF, weight and unit, LF
/// or CR; then CR, 'S' and two or more digits of status, CR. Status alone: there is no weight now. From public source
/// for the Avery-Berkel 6702 and the manuals of the Ohaus Aviator and Adam MDW: bits 0 and 1 of the first digit are
/// motion and centre of zero; of the second below zero, over capacity and, bit 3, zero error. To be confirmed on the
/// device: the unit in small letters, and further digits of status, which are let pass.
[[nodiscard]] LineRead read_nci(std::string_view answer);
constexpr std::string_view nci_ends = "\x03";

/// The answer of `weight` in kilograms with `decimals`, its ETX included.
[[nodiscard]] std::string encode_nci(const Indication& weight, int decimals);

}  // namespace hefang::codec
