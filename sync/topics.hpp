#pragma once
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

/// Names and sizes of the contract v1 between a gateway and the platform. sync/contract/asyncapi.yaml says the same.
namespace hefang::sync {

constexpr std::string_view topic_root = "hefang/v1/";

constexpr std::string_view presence_leaf = "up/presence";
constexpr std::string_view events_leaf = "up/events";
constexpr std::string_view ack_leaf = "down/ack";
constexpr std::string_view feed_leaf = "down/feed";
constexpr std::string_view beacon_leaf = "down/beacon";

/// What consumers of facts subscribe to: shared, so that any number of them take part.
constexpr std::string_view shared_events_filter = "$share/ingest/hefang/v1/+/up/events";
constexpr std::string_view presence_filter = "hefang/v1/+/up/presence";

constexpr std::string_view batch_content_type = "application/cloudevents-batch+json";
constexpr std::string_view json_content_type = "application/json";

constexpr std::size_t fact_bytes = 32768;     ///< one fact at most
constexpr std::size_t batch_facts = 64;       ///< facts in one message at most
constexpr std::size_t batch_bytes = 131072;   ///< one message of facts at most
constexpr std::size_t down_bytes = 262144;    ///< one message of the platform's at most
constexpr std::size_t presence_bytes = 4096;  ///< one presence at most
constexpr std::size_t gateway_id_bytes = 64;  ///< a gateway id at most

/// "hefang/v1/<gateway>/<leaf>".
[[nodiscard]] std::string topic_of(std::string_view gateway, std::string_view leaf);

struct Topic {
    std::string_view gateway, leaf;
};

/// The parts of a topic of this contract; none for any other. Views into `topic`.
[[nodiscard]] std::optional<Topic> split_topic(std::string_view topic);

/// 1 to 64 letters, digits, '.', '-', '_': what may stand in a topic and a client id.
[[nodiscard]] bool is_gateway_id(std::string_view id);

/// A counter as it travels: decimal digits without leading zeros, within 64 bits.
[[nodiscard]] std::optional<std::uint64_t> parse_counter(std::string_view text);

/// 64 lower-case hexadecimal digits.
[[nodiscard]] bool is_hash(std::string_view text);

/// `head` of nothing: 64 zeros.
[[nodiscard]] std::string no_head();

}  // namespace hefang::sync
