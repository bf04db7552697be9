#include "customs/redact.hpp"

#include "customs/limits.hpp"
#include "digest/sha256.hpp"

#include <algorithm>

namespace hefang::customs {
namespace {

/// Passes on what of `piece`, which stands at `begin` in the file, is in no personal span. `next` is the first span
/// that may still matter and moves on with the pieces.
Result<void> pass_on(std::string_view piece, std::int64_t begin, const std::vector<Span>& personal, std::size_t& next,
                     const Sink& out) {
    auto at = begin;
    const auto end = begin + static_cast<std::int64_t>(piece.size());
    while (at < end) {
        while (next < personal.size() && personal[next].end <= at) ++next;
        const bool inside = next < personal.size() && personal[next].begin <= at;
        auto stop = end;
        if (next < personal.size()) stop = std::min(end, inside ? personal[next].end : personal[next].begin);
        if (!inside) {
            auto sent = out(piece.substr(static_cast<std::size_t>(at - begin), static_cast<std::size_t>(stop - at)));
            if (!sent) return sent;
        }
        at = stop;
    }
    return {};
}

}  // namespace

Result<std::string> copy_without(const Original& original, const std::vector<Span>& personal, const Sink& out) {
    Sha256 hash;
    std::int64_t at = 0;
    std::size_t next = 0;
    Result<void> passed;
    auto read = original.each_piece_of(0, limits::file_bytes, [&](std::string_view piece) {
        hash.update(piece);
        passed = pass_on(piece, at, personal, next, out);
        at += static_cast<std::int64_t>(piece.size());
        return passed.has_value();
    });
    if (!read) return tl::unexpected(read.error());
    if (!passed) return tl::unexpected(passed.error());
    return hex(hash.finish());
}

Result<void> copy_span_without(const Original& original, Span span, const std::vector<Span>& personal,
                               const Sink& out) {
    const auto first =
        std::partition_point(personal.begin(), personal.end(), [&](const Span& p) { return p.end <= span.begin; });
    auto next = static_cast<std::size_t>(first - personal.begin());
    auto at = span.begin;
    Result<void> passed;
    auto read = original.each_piece_of(span.begin, span.end, [&](std::string_view piece) {
        passed = pass_on(piece, at, personal, next, out);
        at += static_cast<std::int64_t>(piece.size());
        return passed.has_value();
    });
    return read ? passed : read;
}

Result<void> copy_refused(const Original& original, const Judged& judged, const Sink& out) {
    auto copied = copy_span_without(original, judged.opening, judged.personal, out);
    for (const auto& refusal : judged.refusals) {
        if (copied) copied = out("\n");
        if (copied) copied = copy_span_without(original, refusal.node, judged.personal, out);
    }
    if (copied) copied = out("\n");
    return copied ? copy_span_without(original, judged.closing, judged.personal, out) : copied;
}

}  // namespace hefang::customs
