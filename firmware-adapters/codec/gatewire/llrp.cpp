#include "gatewire/llrp.hpp"

#include "base/text.hpp"

#include <algorithm>
#include <array>

namespace hefang::codec::llrp {
namespace {

constexpr std::uint16_t version = 1;
constexpr std::size_t piece_bytes = 4'096;  // taken at once: little more than a message is held
constexpr int most_depth = 4;               // ReaderEventNotificationData and what stands in it have two

// Parameter types, by the standard's numbers; below 128 without a length (TV).
constexpr std::uint16_t antenna_id = 1, first_seen_utc = 2, peak_rssi = 6, tag_seen_count = 8, epc_96 = 13;
constexpr std::uint16_t utc_timestamp = 128, ro_spec = 177, ro_boundary_spec = 178, start_trigger = 179,
                        stop_trigger = 182, ai_spec = 183, ai_stop_trigger = 184, inventory_parameter_spec = 186,
                        keepalive_spec = 220, ro_report_spec = 237, tag_report_content = 238, tag_report_data = 240,
                        epc_data = 241, event_data = 246, connection_attempt_event = 256, llrp_status = 287;

/// Bytes of the value of each parameter without length (LLRP 1.0.1, chapter 16.2.7.3 and what it refers to), by type
/// from 1 on.
constexpr std::array<std::uint8_t, 20> short_sizes{2, 8, 8, 8, 8, 1, 2, 2, 4, 2, 2, 2, 12, 2, 2, 4, 2, 4, 2, 2};

std::uint64_t number(std::string_view bytes) {
    std::uint64_t value = 0;
    for (const char c : bytes) value = value << 8 | static_cast<unsigned char>(c);
    return value;
}

std::string bytes_of(std::uint64_t value, int count) {
    std::string out;
    for (int i = count - 1; i >= 0; --i) out += static_cast<char>(value >> (8 * i) & 0xFF);
    return out;
}

struct Parameter {
    std::uint16_t type = 0;
    std::string_view value;
};

/// The parameters of one message or parameter, one after the other.
class Parameters {
  public:
    explicit Parameters(std::string_view bytes) : rest_(bytes) {}

    /// None: the end, or a refusal.
    std::optional<Parameter> next() {
        if (rest_.empty() || refused_) return std::nullopt;
        if ((rest_[0] & 0x80) != 0) return next_short();
        if (rest_.size() < 4) return refuse(Refusal::cut_parameter);
        const auto type = static_cast<std::uint16_t>(number(rest_.substr(0, 2)) & 0x3FF);
        const auto size = static_cast<std::size_t>(number(rest_.substr(2, 2)));
        if (size < 4 || size > rest_.size()) return refuse(Refusal::cut_parameter);
        return cut(type, 4, size);
    }
    [[nodiscard]] std::optional<Refusal> refused() const { return refused_; }

  private:
    std::optional<Parameter> next_short() {
        const auto type = static_cast<std::uint16_t>(rest_[0] & 0x7F);
        if (type == 0 || type > short_sizes.size()) return refuse(Refusal::unknown_short);
        const std::size_t size = 1U + short_sizes[type - 1U];
        if (size > rest_.size()) return refuse(Refusal::cut_parameter);
        return cut(type, 1, size);
    }
    Parameter cut(std::uint16_t type, std::size_t head, std::size_t size) {
        const auto value = rest_.substr(head, size - head);
        rest_.remove_prefix(size);
        return {type, value};
    }
    std::nullopt_t refuse(Refusal reason) {
        refused_ = reason;
        return std::nullopt;
    }

    std::string_view rest_;
    std::optional<Refusal> refused_;
};

/// The value of the first parameter of `type`, wherever it stands within others of `path`.
tl::expected<std::optional<std::string_view>, Refusal> find(std::string_view bytes, std::uint16_t type, int depth = 0) {
    Parameters all(bytes);
    while (const auto one = all.next()) {
        if (one->type == type) return one->value;
        if (one->type != event_data || depth == most_depth) continue;
        auto inner = find(one->value, type, depth + 1);
        if (!inner || *inner) return inner;
    }
    if (all.refused()) return tl::unexpected(*all.refused());
    return std::nullopt;
}

tl::expected<std::string, Refusal> epc_of(std::string_view value) {
    if (value.size() < 2) return tl::unexpected(Refusal::cut_parameter);
    const auto bits = static_cast<std::size_t>(number(value.substr(0, 2)));
    if (bits == 0 || bits > longest_epc || bits % 8 != 0) return tl::unexpected(Refusal::epc_too_long);
    if (value.size() - 2 < bits / 8) return tl::unexpected(Refusal::cut_parameter);
    return to_hex(value.substr(2, bits / 8));
}

tl::expected<Tag, Refusal> tag_of(std::string_view bytes) {
    Tag tag;
    Parameters all(bytes);
    while (const auto one = all.next()) {
        const auto value = number(one->value.substr(0, 8));
        switch (one->type) {
            case antenna_id: tag.antenna = static_cast<std::uint16_t>(value); break;
            case first_seen_utc: tag.first_seen_us = value; break;
            case peak_rssi: tag.rssi = static_cast<std::int8_t>(value); break;
            case tag_seen_count: tag.seen = static_cast<std::uint16_t>(value); break;
            case epc_96: tag.epc = to_hex(one->value); break;
            case epc_data: {
                auto epc = epc_of(one->value);
                if (!epc) return tl::unexpected(epc.error());
                tag.epc = *std::move(epc);
                break;
            }
            default: break;
        }
    }
    if (all.refused()) return tl::unexpected(*all.refused());
    if (tag.epc.empty()) return tl::unexpected(Refusal::no_epc);
    return tag;
}

std::string tlv(std::uint16_t type, const std::string& value) {
    return bytes_of(type, 2) + bytes_of(value.size() + 4, 2) + value;
}
std::string tv(std::uint16_t type, std::uint64_t value) {
    return static_cast<char>(0x80 | type) + bytes_of(value, short_sizes[type - 1U]);
}

std::string raw_of(std::string_view hex) {
    const auto half = [](char c) { return c <= '9' ? c - '0' : c - 'a' + 10; };
    std::string out;
    for (std::size_t i = 0; i + 1 < hex.size(); i += 2) out += static_cast<char>(half(hex[i]) * 16 + half(hex[i + 1]));
    return out;
}

}  // namespace

std::string_view name(StreamFault fault) {
    switch (fault) {
        case StreamFault::wrong_version: return "llrp-wrong-version";
        case StreamFault::too_short: return "llrp-message-too-short";
        case StreamFault::too_long: break;
    }
    return "llrp-message-too-long";
}

std::string_view name(Refusal reason) {
    switch (reason) {
        case Refusal::cut_parameter: return "llrp-cut-parameter";
        case Refusal::unknown_short: return "llrp-unknown-parameter";
        case Refusal::too_many_tags: return "llrp-too-many-tags";
        case Refusal::no_epc: return "tag-without-epc";
        case Refusal::epc_too_long: break;
    }
    return "tag-bad-epc";
}

Framer::Out Framer::feed(std::string_view bytes) {
    Out out;
    while (!fault_ && !bytes.empty()) {
        const auto piece = bytes.substr(0, piece_bytes);
        bytes.remove_prefix(piece.size());
        held_ += piece;
        while (step(out)) {
        }
    }
    out.fault = fault_;
    return out;
}

bool Framer::step(Out& out) {
    if (fault_ || held_.size() < header_bytes) return false;
    const std::string_view head(held_);
    const auto first = number(head.substr(0, 2));
    const auto size = static_cast<std::size_t>(number(head.substr(2, 4)));
    if (size < header_bytes) fault_ = StreamFault::too_short;
    if (size > longest_message) fault_ = StreamFault::too_long;
    if ((first >> 10 & 7) != version) fault_ = StreamFault::wrong_version;
    if (fault_) {
        held_.clear();
        return false;
    }
    if (held_.size() < size) return false;
    out.messages.push_back({static_cast<std::uint16_t>(first & 0x3FF),
                            static_cast<std::uint32_t>(number(head.substr(6, 4))),
                            held_.substr(header_bytes, size - header_bytes)});
    held_.erase(0, size);
    return true;
}

std::string encode(const Message& message) {
    return bytes_of(std::uint64_t{version} << 10 | message.type, 2) +
           bytes_of(message.body.size() + Framer::header_bytes, 4) + bytes_of(message.id, 4) + message.body;
}

Report decode_report(std::string_view body) {
    Report out;
    Parameters all(body);
    while (const auto one = all.next()) {
        if (one->type != tag_report_data) continue;
        if (out.tags.size() == most_tags) {
            out.refused.push_back(Refusal::too_many_tags);
            return out;
        }
        auto tag = tag_of(one->value);
        if (tag) {
            out.tags.push_back(*std::move(tag));
        } else if (out.refused.size() < most_tags) {
            out.refused.push_back(tag.error());
        }
    }
    if (all.refused()) out.refused.push_back(*all.refused());
    return out;
}

tl::expected<std::optional<std::uint16_t>, Refusal> connection_attempt(std::string_view body) {
    const auto found = find(body, connection_attempt_event);
    if (!found) return tl::unexpected(found.error());
    if (!*found) return std::nullopt;
    if ((*found)->size() < 2) return tl::unexpected(Refusal::cut_parameter);
    return static_cast<std::uint16_t>(number((*found)->substr(0, 2)));
}

tl::expected<std::uint16_t, Refusal> status_of(std::string_view body) {
    const auto found = find(body, llrp_status);
    if (!found) return tl::unexpected(found.error());
    if (!*found || (*found)->size() < 2) return tl::unexpected(Refusal::cut_parameter);
    return static_cast<std::uint16_t>(number((*found)->substr(0, 2)));
}

std::string add_rospec_body() {
    const auto boundary = tlv(ro_boundary_spec, tlv(start_trigger, bytes_of(0, 1)) +  // none: START_ROSPEC begins it
                                                    tlv(stop_trigger, bytes_of(0, 5)));
    const auto inventory = tlv(inventory_parameter_spec, bytes_of(1, 2) + bytes_of(1, 1));  // its id; Gen2
    const auto antennas = tlv(ai_spec, bytes_of(1, 2) + bytes_of(0, 2) +  // one number: 0, all of them
                                           tlv(ai_stop_trigger, bytes_of(0, 5)) + inventory);
    constexpr std::uint16_t contents = 1U << 12 | 1U << 10 | 1U << 9 | 1U << 7;  // antenna, RSSI, first seen, count
    const auto report = tlv(ro_report_spec, bytes_of(1, 1) + bytes_of(1, 2) +    // after each tag
                                                tlv(tag_report_content, bytes_of(contents, 2)));
    return tlv(ro_spec, bytes_of(rospec_id, 4) + bytes_of(0, 2) + boundary + antennas + report);
}

std::string rospec_id_body(std::uint32_t id) { return bytes_of(id, 4); }

std::string keepalive_body(std::uint32_t period_ms) {
    return bytes_of(0, 1) + tlv(keepalive_spec, bytes_of(1, 1) + bytes_of(period_ms, 4));
}

std::string connection_event_body(std::uint16_t status, std::uint64_t utc_us) {
    return tlv(event_data,
               tlv(utc_timestamp, bytes_of(utc_us, 8)) + tlv(connection_attempt_event, bytes_of(status, 2)));
}

std::string status_body(std::uint16_t status) { return tlv(llrp_status, bytes_of(status, 2) + bytes_of(0, 2)); }

std::string report_body(const std::vector<Tag>& tags) {
    std::string out;
    for (const auto& tag : tags) {
        const auto epc = raw_of(tag.epc);
        std::string value = epc.size() == 12 ? static_cast<char>(0x80 | epc_96) + epc
                                             : tlv(epc_data, bytes_of(epc.size() * 8, 2) + epc);
        if (tag.antenna) value += tv(antenna_id, *tag.antenna);
        if (tag.rssi) value += tv(peak_rssi, static_cast<std::uint8_t>(*tag.rssi));
        if (tag.first_seen_us) value += tv(first_seen_utc, *tag.first_seen_us);
        if (tag.seen) value += tv(tag_seen_count, *tag.seen);
        out += tlv(tag_report_data, value);
    }
    return out;
}

}  // namespace hefang::codec::llrp
