// The machine-readable contract and the code say the same: by plain search of the text.
#include "evidence/event.hpp"
#include "evidence/limits.hpp"
#include "journal_fake.hpp"
#include "receiver/receiver.hpp"
#include "sync/presence.hpp"
#include "sync/status.hpp"

#include <fstream>
#include <sstream>

#include <catch2/catch.hpp>
#include <nlohmann/json.hpp>

using namespace hefang;

namespace {

std::string contract(const std::string& name) {
    std::ifstream in(std::string(HEFANG_SOURCE_DIR) + "/sync/contract/" + name);
    std::stringstream out;
    out << in.rdbuf();
    REQUIRE_FALSE(out.str().empty());
    return out.str();
}

nlohmann::json schema(const std::string& name) { return nlohmann::json::parse(contract(name)); }

/// Every member that the schema requires is there, and every member that is there is described.
void check_members(const nlohmann::json& value, const nlohmann::json& with) {
    for (const auto& name : with["required"]) {
        INFO(name);
        CHECK(value.contains(name.get<std::string>()));
    }
    for (const auto& [name, ignored] : value.items()) {
        INFO(name);
        CHECK(with["properties"].contains(name));
    }
}

}  // namespace

TEST_CASE("a reading on the wire has what its schema describes") {
    const core::ReadingTaken fact{
        DeviceId("cam-1"), "plate", {1'795'400'107'412}, {{"line", 2}, {"plate", "京A12345"}}};
    std::string bytes;
    evidence::EventWriter({"g", "", "e", "", "+08:00", {}}).write(fact, 7, {}, {{1}, {1}, ClockState::synced}, bytes);
    const auto data = nlohmann::json::parse(bytes)["data"];
    const auto with = schema("reading-taken.schema.json");
    check_members(data, with);
    CHECK(data["said"].size() == 2);
    CHECK(with["properties"]["said"]["maxProperties"] == evidence::said_count);
    CHECK(with["properties"]["said"]["additionalProperties"]["anyOf"][0]["maxLength"] == evidence::number_bytes);
}

TEST_CASE("the contract names the topics and filters that the code uses") {
    const std::string yaml = contract("asyncapi.yaml");
    for (const auto leaf :
         {sync::presence_leaf, sync::events_leaf, sync::ack_leaf, sync::feed_leaf, sync::beacon_leaf}) {
        INFO(leaf);
        CHECK(yaml.find("address: " + sync::topic_of("{gateway}", leaf) + "\n") != std::string::npos);
    }
    for (const auto text : {sync::shared_events_filter, sync::batch_content_type, sync::json_content_type}) {
        INFO(text);
        CHECK(yaml.find(text) != std::string::npos);
    }
}

TEST_CASE("the contract names the limits that the code keeps") {
    const std::string yaml = contract("asyncapi.yaml");
    const sync::WindowLimits window;
    const sync::UplinkSettings uplink;
    const std::string wants[] = {"at most " + std::to_string(sync::batch_facts) + " facts and " +
                                     std::to_string(sync::batch_bytes) + " bytes a message",
                                 "at most " + std::to_string(sync::fact_bytes) + " bytes a fact",
                                 "QoS 1, at most " + std::to_string(sync::down_bytes) + " bytes",
                                 "at most " + std::to_string(sync::presence_bytes) + " bytes",
                                 std::to_string(window.facts_beyond_cursor) + " facts beyond the cursor",
                                 std::to_string(window.messages_in_flight) + " messages in flight",
                                 "minus " + std::to_string(window.receive_margin) + " is less",
                                 std::to_string(window.bytes_beyond_cursor >> 20) + " MiB",
                                 "within " + std::to_string(window.ack_timeout_ms / 1000) + " s (doubling to " +
                                     std::to_string(window.ack_timeout_most_ms / 1000) + " s",
                                 "wait " + std::to_string(uplink.reconnect_first_ms / 1000) + " s doubling to " +
                                     std::to_string(uplink.reconnect_most_ms / 1000) + " s",
                                 "Repeated every " + std::to_string(uplink.presence_every_ms / 1000) + " s"};
    for (const auto& want : wants) {
        INFO(want);
        CHECK(yaml.find(want) != std::string::npos);
    }
    const auto batch = schema("event-batch.schema.json");
    CHECK(batch["maxItems"] == sync::batch_facts);
}

TEST_CASE("what the code writes has the members that the schemas know") {
    check_members(nlohmann::json::parse(sync::to_json({"online", "b", "s", 1, "e", 2, 1, 0, "v"})),
                  schema("presence.schema.json"));
    check_members(nlohmann::json::parse(receiver::ack_payload({"g1", "e1", 7, std::string(64, 'a'), {3}})),
                  schema("ack.schema.json"));
    check_members(nlohmann::json::parse(test::fact_bytes_of("g1", "e1", 7, std::string(64, 'a'))),
                  schema("event-batch.schema.json")["items"]);
    for (const char* name : {"presence.schema.json", "ack.schema.json", "event-batch.schema.json"}) {
        CHECK(schema(name)["$schema"] == "https://json-schema.org/draft/2020-12/schema");
        CHECK(contract("asyncapi.yaml").find("$ref: " + std::string(name)) != std::string::npos);
    }
}
