#include "hil/commands.hpp"
#include "hil/compare.hpp"

#include <algorithm>
#include <cstdio>

namespace hefang::hil {
namespace {

constexpr std::size_t most_told = 40;
constexpr int skipped = 77;  // exit code of a run in which no story could be told

int complain(const std::string& what) {
    std::fprintf(stderr, "hefang-sim: %s\n", what.c_str());
    return 1;
}

Result<void> set_up(const Story& story, Stand& stand) {
    if (auto up = stand.start_all(); !up) return up;
    if (story.documents.empty()) return {};
    auto done = stand.import(
        {{"CEB621", stand.writer.inventories(story.documents)}, {"CEB622", stand.writer.receipts(story.documents)}});
    // A slow disk may have made the core miss a beat meanwhile; the story begins with the PLC's session agreed.
    return done ? stand.await_devices() : done;
}

int tell(const Story& story, const Stand& stand, const std::vector<std::string>& faults, std::size_t parcels,
         double seconds) {
    for (std::size_t i = 0; i < faults.size() && i < most_told; ++i) std::printf("  %s\n", faults[i].c_str());
    if (faults.size() > most_told) std::printf("  … and %zu more\n", faults.size() - most_told);
    std::printf("%s %s: %zu parcels, %llu facts, %.1f s, %zu differences\n", faults.empty() ? "ok  " : "FAIL",
                story.file.c_str(), parcels, static_cast<unsigned long long>(stand.journal.last()), seconds,
                faults.size());
    std::fflush(stdout);
    return faults.empty() ? 0 : 1;
}

int run_one(const std::string& file, const ScenarioOptions& options, const link::Stop& stop) {
    auto story = read_story(file);
    if (!story) return complain(story.error().detail);
    story->site.program_folder = options.bin;
    auto built = Stand::build(story->site, stop);
    if (!built && story->site.store_mib > 0 && built.error().code == Errc::refused) {
        std::printf("skip %s: this user may not have %s\n", story->file.c_str(), built.error().detail.c_str());
        return skipped;
    }
    if (!built) return complain(built.error().detail);
    auto& stand = **built;
    if (options.keep) stand.keep();
    const auto began = std::chrono::steady_clock::now();
    Player player(*story, stand);
    std::vector<std::string> faults;
    auto done = set_up(*story, stand);
    if (done) done = player.play();
    if (stop.requested()) return complain("stopped");
    if (!done) faults.push_back(done.error().detail);
    if (const auto memory = player.memory(); story->memory_growth_mib > 0) {
        std::printf("     memory: %.1f MiB at most, grown by %.1f MiB\n", memory.largest_mib, memory.growth_mib);
        if (memory.largest_mib <= 0 || memory.growth_mib > static_cast<double>(story->memory_growth_mib))
            faults.push_back("the gateway's memory is not flat");
    }
    (void)stand.look();
    for (auto& fault : compare_parcels(player.passed(), stand)) faults.push_back(std::move(fault));
    for (auto& fault : compare_platform(stand)) faults.push_back(std::move(fault));
    for (auto& fault : files_with_buyers(stand)) faults.push_back(std::move(fault));
    const std::chrono::duration<double> took = std::chrono::steady_clock::now() - began;
    if (!faults.empty()) {
        stand.keep();
        std::printf("the files are left in %s\n", stand.folder().c_str());
    }
    return tell(*story, stand, faults, player.passed().size(), took.count());
}

}  // namespace

int scenario(const ScenarioOptions& options, const link::Stop& stop) {
    std::size_t bad = 0, skips = 0;
    for (const auto& file : options.files) {
        if (stop.requested()) return 1;
        const int code = run_one(file, options, stop);
        skips += code == skipped ? 1 : 0;
        bad += code != 0 && code != skipped ? 1 : 0;
    }
    if (bad > 0) return 1;
    return skips == options.files.size() ? skipped : 0;
}

}  // namespace hefang::hil
