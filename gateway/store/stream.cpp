#include "store/stream.hpp"

#include <algorithm>
#include <array>
#include <tuple>

namespace hefang::store {
namespace {

auto order(const KeptVersion& v) { return std::tie(v.version.digest, v.waybill); }
auto order(const KeptReceipt& r) {
    return std::tie(r.receipt.time.raw, r.receipt.status, r.receipt.info_digest, r.receipt.pre_no, r.receipt.invt_no,
                    r.agent_code, r.cop_no);
}

template <class Kept>
bool add_in_order(std::vector<Kept>& all, Kept one) {
    const auto at =
        std::lower_bound(all.begin(), all.end(), one, [](const Kept& a, const Kept& b) { return order(a) < order(b); });
    if (at != all.end() && order(*at) == order(one)) return false;
    all.insert(at, std::move(one));
    return true;
}

bool contradicts(const core::StreamKeys& a, const core::StreamKeys& b) {
    const bool both_pairs = !a.agent_code.empty() && !a.cop_no.empty() && !b.agent_code.empty() && !b.cop_no.empty();
    if (both_pairs && (a.agent_code != b.agent_code || a.cop_no != b.cop_no)) return true;
    if (!a.pre_no.empty() && !b.pre_no.empty() && a.pre_no != b.pre_no) return true;
    return !a.invt_no.empty() && !b.invt_no.empty() && a.invt_no != b.invt_no;
}

/// Little format: unsigned LEB128 numbers, zig-zag for signed ones, texts with their length before them.
class Out {
  public:
    void number(std::uint64_t value) {
        for (; value >= 0x80; value >>= 7) bytes_ += static_cast<char>(value | 0x80);
        bytes_ += static_cast<char>(value);
    }
    void integer(std::int64_t value) {
        number((static_cast<std::uint64_t>(value) << 1) ^ static_cast<std::uint64_t>(value >> 63));
    }
    void text(std::string_view value) { number(value.size()), bytes_ += value; }
    void raw(const std::array<std::uint8_t, 32>& value) {
        bytes_.append(reinterpret_cast<const char*>(value.data()), value.size());
    }
    void time(const core::CustomsTime& t) {
        number(t.second ? 1 : 0);
        if (t.second) integer(*t.second);
        text(t.raw);
    }
    [[nodiscard]] std::string take() { return std::move(bytes_); }

  private:
    std::string bytes_;
};

class In {
  public:
    explicit In(std::string_view bytes) : bytes_(bytes) {}
    std::uint64_t number() {
        std::uint64_t value = 0;
        for (unsigned shift = 0; shift < 64; shift += 7) {
            if (bytes_.empty()) return broken_ = true, 0;
            const auto byte = static_cast<std::uint8_t>(bytes_.front());
            bytes_.remove_prefix(1);
            value |= static_cast<std::uint64_t>(byte & 0x7F) << shift;
            if (byte < 0x80) return value;
        }
        return broken_ = true, 0;
    }
    std::int64_t integer() {
        const auto value = number();
        return static_cast<std::int64_t>((value >> 1) ^ (~(value & 1) + 1));
    }
    std::string text() {
        const auto size = number();
        if (size > bytes_.size()) return broken_ = true, std::string();
        std::string value(bytes_.substr(0, size));
        bytes_.remove_prefix(size);
        return value;
    }
    void raw(std::array<std::uint8_t, 32>& value) {
        if (bytes_.size() < value.size()) {
            broken_ = true;
            return;
        }
        std::copy_n(bytes_.begin(), value.size(), value.begin());
        bytes_.remove_prefix(value.size());
    }
    core::CustomsTime time() {
        core::CustomsTime t;
        if (number() != 0) t.second = integer();
        t.raw = text();
        return t;
    }
    /// A count of things that take at least one byte each.
    std::size_t count() {
        const auto n = number();
        return n <= bytes_.size() ? n : (broken_ = true, 0);
    }
    [[nodiscard]] bool whole() const { return !broken_ && bytes_.empty(); }
    [[nodiscard]] bool broken() const { return broken_; }

  private:
    std::string_view bytes_;
    bool broken_ = false;
};

constexpr std::uint64_t format = 1;
constexpr std::uint64_t format_incomplete = 2;  // likewise, of a stream that is incomplete

void put(Out& out, const KeptVersion& kept, const std::string& row_waybill) {
    const auto& v = kept.version;
    out.number(static_cast<std::uint64_t>(v.type));
    out.integer(v.app_status);
    out.time(v.app_time);
    out.integer(v.gross.count);
    for (const auto* text :
         {&v.logistics_code, &v.invt_no, &v.pre_no, &v.ebc_code, &v.order_no, &v.bill_no, &v.trade_mode, &v.goods})
        out.text(*text);
    out.raw(v.digest);
    out.number(kept.waybill == row_waybill ? 0 : 1);
    if (kept.waybill != row_waybill) out.text(kept.waybill);
}

KeptVersion version_from(In& in, const std::string& row_waybill) {
    KeptVersion kept;
    auto& v = kept.version;
    v.type = static_cast<core::AppType>(in.number());
    v.app_status = static_cast<std::int32_t>(in.integer());
    v.app_time = in.time();
    v.gross.count = in.integer();
    for (auto* text :
         {&v.logistics_code, &v.invt_no, &v.pre_no, &v.ebc_code, &v.order_no, &v.bill_no, &v.trade_mode, &v.goods})
        *text = in.text();
    in.raw(v.digest);
    kept.waybill = in.number() == 0 ? row_waybill : in.text();
    return kept;
}

/// How a receipt's (agentCode, copNo) is kept.
enum Pair : std::uint64_t { pair_none = 0, pair_of_stream = 1, pair_own = 2 };

void put(Out& out, const KeptReceipt& kept, const std::string& agent, const std::string& cop) {
    const auto& r = kept.receipt;
    out.integer(r.status);
    out.time(r.time);
    out.raw(r.info_digest);
    out.text(r.invt_no), out.text(r.pre_no);
    out.integer(r.taken_ms);
    const Pair pair = kept.agent_code.empty() && kept.cop_no.empty()   ? pair_none
                      : kept.agent_code == agent && kept.cop_no == cop ? pair_of_stream
                                                                       : pair_own;
    out.number(pair);
    if (pair == pair_own) out.text(kept.agent_code), out.text(kept.cop_no);
}

KeptReceipt receipt_from(In& in, const std::string& agent, const std::string& cop) {
    KeptReceipt kept;
    auto& r = kept.receipt;
    r.status = static_cast<std::int32_t>(in.integer());
    r.time = in.time();
    in.raw(r.info_digest);
    r.invt_no = in.text(), r.pre_no = in.text();
    r.taken_ms = in.integer();
    const auto pair = in.number();
    if (pair == pair_of_stream) kept.agent_code = agent, kept.cop_no = cop;
    if (pair == pair_own) kept.agent_code = in.text(), kept.cop_no = in.text();
    return kept;
}

}  // namespace

bool Stream::add(KeptVersion version) { return add_in_order(versions, std::move(version)); }
bool Stream::add(KeptReceipt receipt) { return add_in_order(receipts, std::move(receipt)); }

bool Stream::takes(const KeptReceipt& receipt) const {
    const auto keys = receipt.keys();
    bool fits_one = false;
    for (const auto& kept : versions) {
        const core::StreamKeys declared{agent_code, cop_no, kept.version.pre_no, kept.version.invt_no};
        if (core::belongs(keys, declared)) return true;
        fits_one = fits_one || !contradicts(keys, declared);
    }
    return fits_one && std::any_of(receipts.begin(), receipts.end(),
                                   [&](const KeptReceipt& joined) { return core::belongs(keys, joined.keys()); });
}

std::vector<std::string> Stream::waybills() const {
    std::vector<std::string> all{waybill};
    for (const auto& kept : versions)
        if (std::find(all.begin(), all.end(), kept.waybill) == all.end()) all.push_back(kept.waybill);
    return all;
}

core::Inventory Stream::seen_by(const std::string& its_waybill) const {
    core::Inventory seen{agent_code, cop_no, {}, {}};
    for (const auto& kept : versions) {
        seen.versions.push_back(kept.version);
        if (kept.waybill != its_waybill) seen.versions.back().type = core::AppType::remove;
    }
    for (const auto& kept : receipts) seen.receipts.push_back(kept.receipt);
    return seen;
}

std::string encode(const Stream& stream) {
    Out out;
    out.number(stream.incomplete ? format_incomplete : format);
    out.number(stream.versions.size());
    for (const auto& kept : stream.versions) put(out, kept, stream.waybill);
    out.number(stream.receipts.size());
    for (const auto& kept : stream.receipts) put(out, kept, stream.agent_code, stream.cop_no);
    return out.take();
}

Result<void> decode(std::string_view bytes, Stream& stream) {
    In in(bytes);
    stream.versions.clear(), stream.receipts.clear();
    const auto its_format = in.number();
    if (its_format != format && its_format != format_incomplete)
        return fail(Errc::corrupt, "a row of the register has an unknown format");
    stream.incomplete = its_format == format_incomplete;
    for (auto n = in.count(); n > 0 && !in.broken(); --n) stream.versions.push_back(version_from(in, stream.waybill));
    for (auto n = in.count(); n > 0 && !in.broken(); --n)
        stream.receipts.push_back(receipt_from(in, stream.agent_code, stream.cop_no));
    if (!in.whole()) return fail(Errc::corrupt, "a row of the register is cut or changed");
    return {};
}

std::string encode(const KeptReceipt& receipt) {
    Out out;
    out.number(format);
    put(out, receipt, {}, {});
    return out.take();
}

Result<KeptReceipt> decode_receipt(std::string_view bytes) {
    In in(bytes);
    if (in.number() != format) return fail(Errc::corrupt, "a parked receipt has an unknown format");
    auto kept = receipt_from(in, {}, {});
    if (!in.whole()) return fail(Errc::corrupt, "a parked receipt is cut or changed");
    return kept;
}

}  // namespace hefang::store
