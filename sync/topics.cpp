#include "sync/topics.hpp"

#include <algorithm>
#include <charconv>

namespace hefang::sync {

std::string topic_of(std::string_view gateway, std::string_view leaf) {
    std::string out(topic_root);
    out += gateway;
    out += '/';
    out += leaf;
    return out;
}

std::optional<Topic> split_topic(std::string_view topic) {
    if (!topic.starts_with(topic_root)) return std::nullopt;
    topic.remove_prefix(topic_root.size());
    const std::size_t slash = topic.find('/');
    if (slash == std::string_view::npos || !is_gateway_id(topic.substr(0, slash))) return std::nullopt;
    return Topic{topic.substr(0, slash), topic.substr(slash + 1)};
}

bool is_gateway_id(std::string_view id) {
    const auto allowed = [](char c) {
        return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '.' || c == '-' ||
               c == '_';
    };
    return !id.empty() && id.size() <= gateway_id_bytes && std::all_of(id.begin(), id.end(), allowed);
}

std::optional<std::uint64_t> parse_counter(std::string_view text) {
    if (text.empty() || (text.size() > 1 && text.front() == '0')) return std::nullopt;
    std::uint64_t value = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
    if (error != std::errc{} || end != text.data() + text.size()) return std::nullopt;
    return value;
}

bool is_hash(std::string_view text) {
    const auto digit = [](char c) { return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f'); };
    return text.size() == 64 && std::all_of(text.begin(), text.end(), digit);
}

std::string no_head() { return std::string(64, '0'); }

}  // namespace hefang::sync
