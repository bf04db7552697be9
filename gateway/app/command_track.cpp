#include "app/commands.hpp"
#include "app/load_or_tell.hpp"
#include "app/web_archive.hpp"

#include <cstdio>

#include <nlohmann/json.hpp>

namespace hefang::app {
namespace {

constexpr std::size_t most_facts = 1'000;

std::string text_at(const nlohmann::json& value, const char* key) {
    const auto at = value.find(key);
    if (at == value.end()) return "";
    return at->is_string() ? at->get<std::string>() : at->dump();
}

std::string tell_decided(const nlohmann::json& data) {
    std::string out = text_at(data, "verdict") + " (" + text_at(data, "class") + ")";
    for (const auto& reason : data.value("reasons", nlohmann::json::array())) out += " " + reason.get<std::string>();
    if (data.value("revision", 1) > 1) out += ", revision " + text_at(data, "revision");
    const auto weight = data.find("weight");
    if (weight != data.end() && weight->contains("grams"))
        out += ", " + text_at(*weight, "grams") + " g of " + text_at(*weight, "declaredGrams") + " g declared";
    if (data.contains("chute")) out += ", chute " + text_at(data, "chute");
    return out;
}

std::string tell(const nlohmann::json& fact) {
    const auto type = text_at(fact, "type");
    const auto& data = fact.at("data");
    if (type == "hefang.passage.decided.v1") return "decided  " + text_at(data, "lane") + ": " + tell_decided(data);
    if (type == "hefang.passage.actuated.v1")
        return "actuated " + text_at(data, "result") + ", chute " + text_at(data, "actual") + " of " +
               text_at(data, "commanded");
    if (type == "hefang.receipt.taken.v1")
        return "receipt  " + text_at(data, "status") + " of " + text_at(data, "statusTime");
    return type + " " + data.dump();
}

void print_inventory(const nlohmann::json& inventory) {
    std::printf("declaration %s / %s\n", text_at(inventory, "agent").c_str(), text_at(inventory, "copNo").c_str());
    for (const auto& v : inventory.at("versions"))
        std::printf("  %s  appType %s appStatus %s, %s g, %s\n", text_at(v, "appTime").c_str(),
                    text_at(v, "appType").c_str(), text_at(v, "appStatus").c_str(), text_at(v, "grossGrams").c_str(),
                    text_at(v, "goods").c_str());
    for (const auto& r : inventory.at("receipts"))
        std::printf("  %s  receipt %s, taken %s\n", text_at(r, "time").c_str(), text_at(r, "status").c_str(),
                    text_at(r, "taken").c_str());
}

}  // namespace

int track_command(const std::string& config, const std::string& number, bool json) {
    const auto loaded = load_or_tell(config);
    if (!loaded) return exit_usage;
    auto reader = store::Reader::open(loaded->store.path.string());
    auto found = reader ? track_json(*reader, number, most_facts) : tl::unexpected(reader.error());
    if (!found) {
        std::fprintf(stderr, "hefang: %s\n", found.error().detail.c_str());
        return exit_failed;
    }
    if (json) {
        std::printf("%s\n", found->c_str());
        return exit_ok;
    }
    const auto track = nlohmann::json::parse(*found);
    if (track.contains("gap"))
        std::printf("gap: not all that the register has can be told: %s\n", text_at(track, "gap").c_str());
    for (const auto& inventory : track.at("inventories")) print_inventory(inventory);
    for (const auto& fact : track.at("facts"))
        std::printf("%s  #%s  %s\n", text_at(fact, "time").c_str(), text_at(fact, "sequence").c_str(),
                    tell(fact).c_str());
    if (track.at("cut").get<bool>()) std::printf("… older facts are not shown\n");
    return exit_ok;
}

}  // namespace hefang::app
