#include "store/clearance_rows.hpp"

#include "store/alias.hpp"

#include <algorithm>
#include <tuple>
#include <utility>
#include <vector>

namespace hefang::store {

Result<Stream> stream_of(const Statement& row) {
    Stream stream;
    stream.id = row.integer(0);
    stream.agent_code = row.text(2), stream.cop_no = row.text(3), stream.only = row.text(4),
    stream.waybill = row.text(5);
    if (auto read = decode(row.blob(6), stream); !read) return tl::unexpected(read.error());
    return stream;
}

Result<core::Clearance> read_clearance(Statement& by_waybill, Statement& by_id, const std::string& waybill) {
    std::vector<Stream> streams;
    const Reading end(by_waybill);
    by_waybill.bind(1, waybill).bind(2, shared_limit + 1);
    for (std::int64_t n = 0;; ++n) {
        const auto row = by_waybill.step();
        if (!row) return tl::unexpected(row.error());
        if (!*row) break;
        if (n == shared_limit) return core::Clearance{{}, core::Gap::too_many};
        Result<Stream> stream = Stream();
        if (by_waybill.is_null(1)) {
            stream = stream_of(by_waybill);
        } else {
            const Reading home_end(by_id);
            const auto home = by_id.bind(1, by_waybill.integer(1)).step();
            if (!home) return tl::unexpected(home.error());
            if (!*home) return fail(Errc::corrupt, "the register points to a stream that is not there");
            stream = stream_of(by_id);
        }
        if (!stream) return tl::unexpected(stream.error());
        streams.push_back(std::move(*stream));
    }
    std::sort(streams.begin(), streams.end(), [](const Stream& a, const Stream& b) {
        return std::tie(a.agent_code, a.cop_no, a.only) < std::tie(b.agent_code, b.cop_no, b.only);
    });
    core::Clearance clearance;
    for (const auto& stream : streams) {
        clearance.inventories.push_back(stream.seen_by(waybill));
        if (stream.incomplete) clearance.gap = core::Gap::damaged;
    }
    return clearance;
}

}  // namespace hefang::store
