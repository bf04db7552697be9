#include "base/text.hpp"
#include "customs/judge.hpp"
#include "customs/message_reader.hpp"

#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string_view>

/// Whatever the bytes: no crash, the same answer in one piece as byte by byte, spans inside the file and in order, and
/// no text that the gateway may not show.
namespace {

void must(bool holds) {
    if (!holds) std::abort();
}

void check(const hefang::customs::Judged& judged, std::string_view file) {
    const auto size = static_cast<std::int64_t>(file.size());
    std::int64_t last = 0;
    for (const auto& span : judged.personal) {
        must(span.begin >= last && span.begin < span.end && span.end <= size);
        last = span.end;
    }
    must(judged.bytes == size);
    must(judged.opening.end <= judged.closing.begin && judged.closing.end == size);
    for (const auto& refusal : judged.refusals) {
        must(refusal.node.begin >= judged.opening.end && refusal.node.begin < refusal.node.end);
        must(refusal.node.end <= judged.closing.begin && file[static_cast<std::size_t>(refusal.node.begin)] == '<');
        must(refusal.line > 0 && !refusal.why.empty());
    }
    for (const auto& d : judged.declarations) {
        must(!d.waybill.empty() && hefang::is_clean_utf8(d.waybill) && hefang::is_clean_utf8(d.version.goods));
        must(d.version.goods.size() <= 256 && d.version.gross.count >= 0 && d.version.app_time.second.has_value());
    }
    for (const auto& r : judged.receipts) must(hefang::is_clean_utf8(r.receipt.time.raw) && !r.keys.cop_no.empty());
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    using hefang::customs::MessageReader;
    const std::string_view file(reinterpret_cast<const char*>(data), size);
    const auto whole = hefang::customs::judge(file);
    if (whole) check(*whole, file);
    MessageReader reader(MessageReader::Wants::nodes);
    for (std::size_t i = 0; i < size && reader.push(file.substr(i, 1)); ++i) {
    }
    const auto pieces = reader.finish();
    must(pieces.has_value() == whole.has_value());
    if (whole) must(pieces->sha256 == whole->sha256 && pieces->personal == whole->personal);
    return 0;
}
