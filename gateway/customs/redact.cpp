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

/// Reads the file once: what `take` was given, with its place in the file, is what the SHA-256 is of.
using Take = std::function<Result<void>(std::string_view piece, std::int64_t begin)>;
Result<std::string> hash_while(const Original& original, const Take& take) {
    Sha256 hash;
    std::int64_t at = 0;
    Result<void> passed;
    auto read = original.each_piece_of(0, limits::file_bytes, [&](std::string_view piece) {
        hash.update(piece);
        passed = take(piece, at);
        at += static_cast<std::int64_t>(piece.size());
        return passed.has_value();
    });
    if (!read) return tl::unexpected(read.error());
    if (!passed) return tl::unexpected(passed.error());
    return hex(hash.finish());
}

}  // namespace

Result<std::string> copy_without(const Original& original, const std::vector<Span>& personal, const Sink& out) {
    std::size_t next = 0;
    return hash_while(original, [&](std::string_view piece, std::int64_t begin) {
        return pass_on(piece, begin, personal, next, out);
    });
}

Result<std::string> copy_refused(const Original& original, const Judged& judged, const Sink& out) {
    std::vector<Span> kept{judged.opening};
    for (const auto& refusal : judged.refusals) kept.push_back(refusal.node);
    kept.push_back(judged.closing);
    std::size_t current = 0, next = 0;
    return hash_while(original, [&](std::string_view piece, std::int64_t begin) {
        const auto end = begin + static_cast<std::int64_t>(piece.size());
        Result<void> passed;
        for (; passed && current < kept.size() && kept[current].begin < end; ++current) {
            const auto from = std::max(begin, kept[current].begin), to = std::min(end, kept[current].end);
            if (current > 0 && kept[current].begin >= begin) passed = out("\n");
            if (passed && from < to)
                passed =
                    pass_on(piece.substr(static_cast<std::size_t>(from - begin), static_cast<std::size_t>(to - from)),
                            from, judged.personal, next, out);
            if (kept[current].end > end) break;
        }
        return passed;
    });
}

}  // namespace hefang::customs
