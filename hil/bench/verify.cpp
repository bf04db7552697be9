#include "store/verify.hpp"

#include "bench/site.hpp"
#include "bench/table.hpp"
#include "digest/sha256.hpp"
#include "store/reader.hpp"

namespace hefang::bench {

void bench_verify(const Scale& scale) {
    Folder folder;
    const auto count = static_cast<std::uint64_t>(std::min(scale.passages, 300'000));
    std::string sample;
    {
        TurnSite site(folder.path, 4);
        std::uint64_t next = 0;
        while (site.facts < count) {
            while (next < count && site.scan(static_cast<int>(next % 4), scattered(next))) ++next;
            site.turn->turn();
        }
        sample = store::Reader::open(folder.path)->journal_tail(1)->front().bytes;
    }
    const auto hashed_from = Steady::now();
    std::uint64_t sink = 0;  // so that nothing is optimized away
    for (std::uint64_t i = 0; i < count; ++i) sink += sha256(sample)[0];
    const double floor = static_cast<double>(count) / seconds_since(hashed_from);
    const auto from = Steady::now();
    const auto result = store::verify(folder.path);
    const double rate = static_cast<double>(result->rows) / seconds_since(from);
    print({"verify", format("%.0f facts/s", rate), format("%.0f SHA-256/s", floor), format("%.2f", rate / floor),
           result->good() ? ">= 200000/s" : "BROKEN CHAIN",
           std::to_string(result->rows) + " facts" + (sink == 0 ? " of zeros" : "")});
}

}  // namespace hefang::bench
