#include "app/commands.hpp"
#include "app/load_or_tell.hpp"
#include "store/verify.hpp"

#include <cstdio>

#include <nlohmann/json.hpp>

namespace hefang::app {

int verify_command(const std::string& config, bool json) {
    const auto loaded = load_or_tell(config);
    if (!loaded) return exit_usage;
    store::VerifyOptions options;
    options.pages = true;
    const auto result = store::verify(loaded->store.path.string(), options);
    if (!result) {
        std::fprintf(stderr, "hefang: the journal could not be verified: %s\n", result.error().detail.c_str());
        return exit_failed;
    }
    if (json) {
        auto faults = nlohmann::json::array();
        for (const auto& f : result->faults)
            faults.push_back(
                {{"sequence", f.sequence}, {"fault", std::string(evidence::name_of(f.fault))}, {"what", f.detail}});
        std::printf("%s\n", nlohmann::json{{"ok", result->good()},
                                           {"epoch", result->epoch},
                                           {"facts", result->rows},
                                           {"last", result->last},
                                           {"head", hex(result->head)},
                                           {"faults", faults},
                                           {"registerRows", result->register_rows},
                                           {"images", result->images},
                                           {"database", result->page_faults}}
                                .dump()
                                .c_str());
        return result->good() ? exit_ok : exit_failed;
    }
    for (const auto& f : result->faults)
        std::fprintf(stderr, "fact %llu: %s\n", static_cast<unsigned long long>(f.sequence), f.detail.c_str());
    for (const auto& f : result->page_faults) std::fprintf(stderr, "database: %s\n", f.c_str());
    if (!result->good()) {
        std::fprintf(stderr, "the store does not hold: %zu fault(s)%s\n",
                     result->faults.size() + result->page_faults.size(),
                     result->ended_early ? ", and the walk ended early" : "");
        return exit_failed;
    }
    std::printf("the journal holds: %llu facts, epoch %s, head %s\n", static_cast<unsigned long long>(result->rows),
                result->epoch.c_str(), hex(result->head).c_str());
    std::printf("the database holds: quick_check found no fault, %llu rows of the register can be read\n",
                static_cast<unsigned long long>(result->register_rows));
    if (result->images > 0)
        std::printf("the images hold: %llu files have the hash that is their name\n",
                    static_cast<unsigned long long>(result->images));
    return exit_ok;
}

}  // namespace hefang::app
