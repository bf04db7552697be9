#include "web/target.hpp"

#include "base/text.hpp"

#include <algorithm>

namespace hefang::web {
namespace {

int hex_value(char c) {
    if (c >= '0' && c <= '9') return c - '0';
    if (c >= 'a' && c <= 'f') return c - 'a' + 10;
    if (c >= 'A' && c <= 'F') return c - 'A' + 10;
    return -1;
}

Result<std::string> decode(std::string_view text) {
    std::string out;
    out.reserve(text.size());
    for (std::size_t i = 0; i < text.size(); ++i) {
        if (text[i] != '%') {
            out += text[i];
            continue;
        }
        const bool whole = i + 2 < text.size();
        const int high = whole ? hex_value(text[i + 1]) : -1;
        const int low = whole ? hex_value(text[i + 2]) : -1;
        if (high < 0 || low < 0) return fail(Errc::refused, "incomplete or wrong percent-encoding");
        out += static_cast<char>(high * 16 + low);
        i += 2;
    }
    if (!is_clean_utf8(out)) return fail(Errc::refused, "not UTF-8, or control characters");
    return out;
}

Result<std::vector<std::string>> parse_path(std::string_view path) {
    std::vector<std::string> out;
    if (path == "/") return out;
    while (!path.empty()) {
        path.remove_prefix(1);  // the slash
        const auto end = std::min(path.find('/'), path.size());
        auto segment = decode(path.substr(0, end));
        if (!segment) return tl::unexpected(segment.error());
        if (segment->empty() || *segment == "." || *segment == "..")
            return fail(Errc::refused, "empty or dotted segment");
        out.push_back(std::move(*segment));
        path.remove_prefix(end);
    }
    return out;
}

Result<std::map<std::string, std::string>> parse_query(std::string_view query) {
    std::map<std::string, std::string> out;
    while (!query.empty()) {
        const auto end = std::min(query.find('&'), query.size());
        const auto pair = query.substr(0, end);
        query.remove_prefix(std::min(end + 1, query.size()));
        const auto equals = pair.find('=');
        if (equals == 0 || equals == std::string_view::npos) return fail(Errc::refused, "a parameter needs name=value");
        auto name = decode(pair.substr(0, equals));
        if (!name) return tl::unexpected(name.error());
        auto value = decode(pair.substr(equals + 1));
        if (!value) return tl::unexpected(value.error());
        if (!out.emplace(std::move(*name), std::move(*value)).second) return fail(Errc::refused, "a parameter twice");
        if (out.size() > query_limit) return fail(Errc::refused, "too many parameters");
    }
    return out;
}

}  // namespace

Result<Target> parse_target(std::string_view target) {
    if (target.size() > target_limit) return fail(Errc::full, "the target is longer than 2048 bytes");
    if (!target.starts_with('/')) return fail(Errc::refused, "the target must begin with /");
    const bool visible =
        std::all_of(target.begin(), target.end(), [](char c) { return c > 0x20 && c < 0x7f && c != '#'; });
    if (!visible) return fail(Errc::refused, "the target has bytes that must be percent-encoded");
    const auto mark = std::min(target.find('?'), target.size());
    auto path = parse_path(target.substr(0, mark));
    if (!path) return tl::unexpected(path.error());
    auto query = parse_query(target.substr(std::min(mark + 1, target.size())));
    if (!query) return tl::unexpected(query.error());
    return Target{std::move(*path), std::move(*query)};
}

std::optional<std::string> host_name(std::string_view host) {
    const bool bracketed = host.starts_with('[');
    const auto name_end = bracketed ? host.find(']') : std::min(host.find(':'), host.size());
    if (name_end == std::string_view::npos) return std::nullopt;
    const auto name = host.substr(0, bracketed ? name_end + 1 : name_end);
    auto port = host.substr(name.size());
    if (!port.empty()) {
        if (!port.starts_with(':') || port.size() > 6) return std::nullopt;
        port.remove_prefix(1);
        if (!std::all_of(port.begin(), port.end(), [](char c) { return c >= '0' && c <= '9'; })) return std::nullopt;
    }
    if (name.empty() || name.size() > 255) return std::nullopt;
    std::string out;
    for (const char c : name) {
        const bool letter = (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-' || c == '.';
        const bool upper = c >= 'A' && c <= 'Z';
        const bool v6 = bracketed && (c == '[' || c == ']' || c == ':');
        if (!letter && !upper && !v6) return std::nullopt;
        out += upper ? static_cast<char>(c - 'A' + 'a') : c;
    }
    return out;
}

}  // namespace hefang::web
