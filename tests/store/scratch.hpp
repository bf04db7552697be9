#pragma once
#include "evidence/chain.hpp"
#include "store/store.hpp"

#include <filesystem>
#include <memory>
#include <string>
#include <vector>

#include <catch2/catch.hpp>
#include <unistd.h>

namespace hefang::test {

/// A folder that goes with the object.
class Scratch {
  public:
    /// `in_memory`: for tests whose flushes are judged by the VFS shim, not by the disk.
    explicit Scratch(bool in_memory = false) {
        const bool fast = in_memory && std::filesystem::is_directory("/dev/shm");
        std::string name =
            (fast ? std::filesystem::path("/dev/shm") : std::filesystem::temp_directory_path()) / "hefang-store-XXXXXX";
        path_ = ::mkdtemp(name.data());
    }
    ~Scratch() {
        std::error_code ignored;
        std::filesystem::remove_all(path_, ignored);
    }
    Scratch(const Scratch&) = delete;
    Scratch& operator=(const Scratch&) = delete;
    [[nodiscard]] const std::string& path() const { return path_; }
    [[nodiscard]] std::string file() const { return path_ + "/hefang.db"; }

  private:
    std::string path_;
};

inline const Now noon{{1'795'400'107'412}, {86'755'123}, ClockState::synced};

inline store::StoreOptions options_at(const Scratch& scratch, const std::string& vfs = {}) {
    store::StoreOptions options;
    options.path = scratch.path();
    options.vfs = vfs;
    options.envelope.gateway = "ncbz-bw03-g07";
    options.envelope.boot = "6f1c7e1e-0c5d-4b8e-9f6a-0f3b1d2c4a5b";
    return options;
}

inline std::unique_ptr<store::Store> open_store(const store::StoreOptions& options) {
    auto opened = store::Store::open(options, noon);
    INFO((opened ? std::string() : opened.error().detail));
    REQUIRE(opened);
    return std::move(*opened);
}

inline core::PassageDecided decided(std::string waybill, core::Verdict verdict = core::Verdict::hold) {
    core::PassageDecided f;
    f.passage = core::PassageId("0192f3c1-9999-7c01-9e0d-5b1f0c9f8e11");
    f.lane = LaneId("line-1");
    f.waybill = std::move(waybill);
    f.event = noon.wall;
    f.verdict = verdict;
    f.parcel_class = verdict == core::Verdict::release ? core::ParcelClass::release : core::ParcelClass::hold;
    f.reasons = {core::Reason::customs_released};
    f.chute = 3;
    f.policy = "p-1";
    return f;
}

/// One turn with these facts.
inline Result<void> turn(store::Store& store, const std::vector<core::Fact>& facts, const Now& now = noon) {
    if (auto done = store.begin(); !done) return done;
    if (auto done = store.append(facts, now); !done) {
        store.rollback();
        return done;
    }
    return store.commit();
}

/// All facts that the journal holds, as bytes; the chain is checked on the way.
inline std::vector<std::string> journal_of(store::Store& store) {
    std::vector<std::string> all;
    std::vector<evidence::ChainFault> faults;
    evidence::ChainChecker checker(store.epoch());
    const auto read = store.facts_after(0, [&](std::uint64_t sequence, std::string_view bytes) {
        const auto hash = store.hash_at(sequence);
        REQUIRE(hash);
        checker.feed(sequence, {reinterpret_cast<const char*>(hash->data()), hash->size()}, bytes, faults);
        all.emplace_back(bytes);
        return true;
    });
    REQUIRE(read);
    REQUIRE(faults.empty());
    REQUIRE(store.head().sequence == all.size());
    return all;
}

}  // namespace hefang::test
