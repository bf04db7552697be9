#include "app/commands.hpp"
#include "app/inbox_drop.hpp"
#include "app/load_or_tell.hpp"
#include "base/text.hpp"
#include "store/reader.hpp"

#include <algorithm>
#include <chrono>
#include <cstdio>
#include <filesystem>
#include <thread>

#include <nlohmann/json.hpp>

namespace hefang::app {
namespace {

namespace fs = std::filesystem;

constexpr std::size_t detail_bytes = 4'096;

/// What became of one file. `code` is one of the exit codes.
struct Outcome {
    std::string file;
    int code = exit_nobody;
    std::string detail;
    nlohmann::json fact;  ///< data of its message.taken, when it was taken
};

struct Handed {
    fs::path source;
    std::string sha256;
    std::optional<std::string> refused;
};

Handed hand_over(const fs::path& source, const fs::path& inbox) {
    auto sha256 = drop_into(inbox, source);
    if (!sha256) return {source, "", sha256.error().detail};
    return {source, *std::move(sha256), std::nullopt};
}

Outcome outcome_of(const Handed& handed, const nlohmann::json& data) {
    Outcome out{handed.source.string(), exit_ok, "", data};
    const auto refused = data.value("nodesRefused", 0);
    out.detail = "taken " + std::to_string(data.value("nodesTaken", 0)) + ", known already " +
                 std::to_string(data.value("nodesRepeated", 0)) + ", refused " + std::to_string(refused);
    if (const auto why = data.value("refusal", ""); !why.empty()) out.detail = "refused: " + why;
    if (refused > 0 || data.contains("refusal")) out.code = exit_failed;
    return out;
}

/// Reads the journal from `from` on until every file handed over has its message.taken, or the time is over.
void await_outcomes(store::Reader& reader, std::uint64_t from, const std::vector<Handed>& handed, int wait_s,
                    std::vector<Outcome>& outcomes) {
    const auto end = std::chrono::steady_clock::now() + std::chrono::seconds(wait_s);
    const auto open = [&] {
        return std::any_of(outcomes.begin(), outcomes.end(), [](const Outcome& o) { return o.code == exit_nobody; });
    };
    while (open() && std::chrono::steady_clock::now() < end) {
        const auto facts = reader.facts(from, 512);
        for (const auto& entry : facts.value_or(std::vector<store::Reader::Entry>{})) {
            from = entry.sequence + 1;
            const auto event = nlohmann::json::parse(entry.bytes, nullptr, false);
            if (event.is_discarded() || event.value("type", "") != "hefang.message.taken.v1") continue;
            const auto& data = event.at("data");
            for (std::size_t i = 0; i < handed.size(); ++i) {
                if (outcomes[i].code == exit_nobody && handed[i].sha256 == data.value("sha256", ""))
                    outcomes[i] = outcome_of(handed[i], data);
            }
        }
        if (!facts || facts->empty()) std::this_thread::sleep_for(std::chrono::milliseconds(50));
    }
}

void print(const Outcome& outcome, bool json) {
    if (json) {
        nlohmann::json line{{"file", outcome.file},
                            {"outcome", outcome.code == exit_ok       ? "taken"
                                        : outcome.code == exit_failed ? "refused"
                                                                      : "waiting"},
                            {"detail", outcome.detail}};
        if (!outcome.fact.is_null()) line["message"] = outcome.fact;
        // A file's name may be in any encoding.
        std::printf("%s\n", line.dump(-1, ' ', false, nlohmann::json::error_handler_t::replace).c_str());
    } else {
        std::printf("%s: %s\n", printable(outcome.file, detail_bytes).c_str(),
                    printable(outcome.detail, detail_bytes).c_str());
    }
}

}  // namespace

int import_command(const std::string& config, const std::vector<std::string>& files, bool json, int wait_s) {
    const auto loaded = load_or_tell(config);
    if (!loaded) return exit_usage;
    const auto inbox = loaded->store.path / "inbox";
    auto reader = store::Reader::open(loaded->store.path.string());
    if (!reader) {
        std::fprintf(stderr, "hefang: no gateway ever ran on this store: %s\n", reader.error().detail.c_str());
        return exit_nobody;
    }
    const auto from = reader->last().value_or(0) + 1;
    std::vector<Handed> handed;
    std::vector<Outcome> outcomes;
    for (const auto& file : files) {
        handed.push_back(hand_over(file, inbox));
        Outcome waiting{file, exit_nobody, "nobody took it yet; it stays in the inbox", {}};
        if (handed.back().refused) waiting = {file, exit_failed, *handed.back().refused, {}};
        outcomes.push_back(std::move(waiting));
    }
    await_outcomes(*reader, from, handed, wait_s, outcomes);
    int code = exit_ok;
    for (const auto& outcome : outcomes) {
        print(outcome, json);
        if (outcome.code == exit_failed) code = exit_failed;
        if (outcome.code == exit_nobody && code == exit_ok) code = exit_nobody;
    }
    return code;
}

}  // namespace hefang::app
