#pragma once
#include "core/clearance.hpp"
#include "core/fold.hpp"

#include <chrono>
#include <cstdint>
#include <cstdio>
#include <string>
#include <utility>
#include <vector>

/// Documents for tests. Seconds count from `t0`, a morning well inside every window.
namespace hefang::core::test {

constexpr std::int64_t t0 = 1'795'309'200;  // 2026-11-22 09:00:00 +08:00

/// yyyyMMddHHmmss of the China-time second `t0 + second`.
inline std::string china_text(std::int64_t second) {
    const std::chrono::sys_seconds local{std::chrono::seconds{t0 + second + 8 * 3600}};
    const auto day = std::chrono::floor<std::chrono::days>(local);
    const std::chrono::year_month_day ymd{day};
    const std::chrono::hh_mm_ss time{local - day};
    char out[40];
    std::snprintf(out, sizeof out, "%04d%02u%02u%02d%02d%02d", int{ymd.year()}, unsigned{ymd.month()},
                  unsigned{ymd.day()}, static_cast<int>(time.hours().count()), static_cast<int>(time.minutes().count()),
                  static_cast<int>(time.seconds().count()));
    return out;
}

inline CustomsTime at(std::int64_t second) { return {t0 + second, china_text(second)}; }

inline Receipt receipt(std::int32_t status, std::int64_t second) {
    Receipt r;
    r.status = status;
    r.time = at(second);
    return r;
}

/// A receipt whose returnTime is missing.
inline Receipt timeless(std::int32_t status) {
    Receipt r;
    r.status = status;
    return r;
}

inline std::vector<Receipt> receipts(const std::vector<std::pair<std::int32_t, std::int64_t>>& rows) {
    std::vector<Receipt> out;
    for (const auto& [status, second] : rows) out.push_back(receipt(status, second));
    return out;
}

inline Version version(std::int64_t second, AppType type = AppType::create, std::int32_t app_status = 2) {
    Version v;
    v.type = type;
    v.app_status = app_status;
    v.app_time = at(second);
    v.gross = Grams{1000};
    v.logistics_code = "3601180001";
    return v;
}

inline Inventory inventory(std::vector<Version> versions, std::vector<Receipt> receipts, std::string cop_no = "cop-1") {
    return {"3601980001", std::move(cop_no), std::move(versions), std::move(receipts)};
}

inline bool is_release(DocState state) { return state == DocState::released || state == DocState::closed; }

/// Codes of CEB622, one of each family at least, and one that nobody knows.
const std::vector<std::int32_t> all_codes{1,   2,   3,   4,   -1,  -601, 100, 120, 300, 399, 400,
                                          500, 501, 502, 503, 505, 599,  600, 700, 800, 899, 18};
const std::vector<std::int32_t> hold_codes{100, 300, 500, 501, 502, 503, 599, 600, 700, 18};

}  // namespace hefang::core::test
