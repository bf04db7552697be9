#include "store/alias.hpp"

#include <utility>

namespace hefang::store {

std::string pair_of(const std::string& agent, const std::string& cop) {
    // The separator is in neither: they are clean texts.
    return agent.empty() || cop.empty() ? std::string() : agent + '\x1f' + cop;
}

std::vector<Alias> aliases_of(const core::StreamKeys& keys) {
    std::vector<Alias> all;
    if (!keys.pre_no.empty()) all.push_back({Alias::Kind::pre_no, keys.pre_no});
    if (!keys.invt_no.empty()) all.push_back({Alias::Kind::invt_no, keys.invt_no});
    if (auto pair = pair_of(keys.agent_code, keys.cop_no); !pair.empty())
        all.push_back({Alias::Kind::pair, std::move(pair)});
    return all;
}

std::set<Alias> aliases_of(const Stream& stream) {
    std::set<Alias> all;
    for (const auto& kept : stream.versions)
        for (auto& alias : aliases_of(core::StreamKeys{{}, {}, kept.version.pre_no, kept.version.invt_no}))
            all.insert(std::move(alias));
    const Alias own{Alias::Kind::pair, pair_of(stream.agent_code, stream.cop_no)};
    for (const auto& kept : stream.receipts)
        for (auto& alias : aliases_of(kept.keys()))
            if (alias != own) all.insert(std::move(alias));
    return all;
}

}  // namespace hefang::store
