#include "bench/floor.hpp"
#include "bench/site.hpp"
#include "bench/table.hpp"

namespace hefang::bench {
namespace {

/// Decides `count` scans as fast as the turn goes; decisions a second.
double decide(TurnSite& site, std::uint64_t first, std::uint64_t count) {
    const auto before = site.facts;
    const auto from = Steady::now();
    std::uint64_t next = first;
    while (site.facts - before < count) {
        while (next < first + count && site.scan(static_cast<int>(next % 4), scattered(next))) ++next;
        site.turn->turn();
    }
    return static_cast<double>(count) / seconds_since(from);
}

void report(const std::string& figure, TurnSite& site, std::uint64_t first, std::uint64_t count,
            const std::string& aim) {
    const auto facts = site.facts;
    const auto bytes = site.bytes;
    const double rate = decide(site, first, count);
    const auto size = static_cast<std::size_t>((site.bytes - bytes) / (site.facts - facts));
    Folder folder;
    const double floor = raw_rows_per_second(folder.path, count, 64, size);
    print({figure, format("%.0f decisions/s", rate), format("%.0f rows/s in 64s", floor), format("%.2f", rate / floor),
           aim, std::to_string(count) + " of " + std::to_string(size) + " B"});
}

}  // namespace

void bench_burst(const Scale& scale) {
    Folder folder;
    TurnSite site(folder.path, 4);
    report("burst, empty history", site, 1, 50'000, ">= 20000/s and 0.30");
    const auto passages = static_cast<std::uint64_t>(scale.passages);
    (void)decide(site, 1'000'000, passages);
    while (site.store->index_some(5'000).value_or(0) > 0) (void)site.store->checkpoint_if(store::Pace::quiet);
    report("burst over " + std::to_string(passages) + " passages", site, 100'000'000, 50'000, ">= 10000/s");
}

}  // namespace hefang::bench
