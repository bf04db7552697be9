#include "sight/sight.hpp"

#include <algorithm>
#include <array>
#include <utility>

namespace hefang::codec {
namespace {

constexpr char kind_hello = 'H', kind_request = 'Q', kind_answer = 'A';
constexpr std::size_t length_bytes = 4;

constexpr std::array<std::string_view, symbologies + 1> names{
    "", "Code128", "Code39", "ITF", "Codabar", "EAN-13", "EAN-8", "UPC-A", "UPC-E", "QRCode", "DataMatrix", "PDF417"};

class Writer {
  public:
    explicit Writer(char kind, std::size_t expected = 64) {
        out_.reserve(length_bytes + expected);
        out_.assign(length_bytes, '\0');
        out_ += kind;
    }
    Writer& number(std::uint64_t value, std::size_t bytes) {
        for (; bytes > 0; --bytes, value >>= 8U) out_ += static_cast<char>(value & 0xFFU);
        return *this;
    }
    Writer& bytes(std::string_view text) {
        out_ += text;
        return *this;
    }
    [[nodiscard]] std::string done() {
        auto length = static_cast<std::uint64_t>(out_.size() - length_bytes);
        for (std::size_t i = 0; i < length_bytes; ++i, length >>= 8U) out_[i] = static_cast<char>(length & 0xFFU);
        return std::move(out_);
    }

  private:
    std::string out_;
};

/// Reads field after field; the first one that is not there makes all later ones 0.
class Fields {
  public:
    explicit Fields(std::string_view message) : left_(message) {}
    [[nodiscard]] std::uint64_t number(std::size_t bytes) {
        std::uint64_t value = 0;
        const auto field = text(bytes);
        for (std::size_t i = field.size(); i > 0; --i) value = value << 8U | static_cast<std::uint8_t>(field[i - 1]);
        return value;
    }
    [[nodiscard]] std::string_view text(std::size_t bytes) {
        if (bytes > left_.size()) {
            whole_ = false;
            left_ = {};
            return {};
        }
        const auto field = left_.substr(0, bytes);
        left_.remove_prefix(bytes);
        return field;
    }
    [[nodiscard]] std::string_view rest() { return text(left_.size()); }
    [[nodiscard]] bool whole() const { return whole_; }
    [[nodiscard]] bool empty() const { return left_.empty(); }

  private:
    std::string_view left_;
    bool whole_ = true;
};

tl::unexpected<SightFault> fault(SightFault why) { return tl::unexpected(why); }

bool is_symbology(std::uint64_t value) { return value >= 1 && value <= symbologies; }

bool sound(const SightOptions& options) {
    if (options.budget_ms < 1 || options.budget_ms > most_budget_ms) return false;
    return std::all_of(options.itf_lengths.begin(), options.itf_lengths.end(),
                       [](std::uint8_t n) { return n >= 2 && n % 2 == 0; });
}

}  // namespace

std::string_view name(Symbology symbology) {
    const auto at = static_cast<std::size_t>(symbology);
    return at < names.size() ? names[at] : std::string_view();
}

std::optional<Symbology> symbology_of(std::string_view text) {
    const auto at = std::find(names.begin() + 1, names.end(), text);
    if (at == names.end()) return std::nullopt;
    return static_cast<Symbology>(at - names.begin());
}

std::string_view name(SightRefusal reason) {
    switch (reason) {
        case SightRefusal::none: return "none";
        case SightRefusal::unknown_format: return "unknown-format";
        case SightRefusal::truncated: return "truncated";
        case SightRefusal::malformed: return "malformed";
        case SightRefusal::no_size: return "no-size";
        case SightRefusal::too_large: return "too-large";
        case SightRefusal::broken: return "broken";
        case SightRefusal::bad_request: return "bad-request";
    }
    return "";
}

std::string_view name(SightFault why) {
    switch (why) {
        case SightFault::too_long: return "too-long";
        case SightFault::bad_kind: return "bad-kind";
        case SightFault::cut_short: return "cut-short";
        case SightFault::too_much: return "too-much";
        case SightFault::bad_value: return "bad-value";
    }
    return "";
}

std::string encode(const SightRequest& request) {
    Writer out(kind_request, request.pixels.size() + 64);
    out.number(request.id, 4).number(request.options.budget_ms, 2).number(request.options.upc_e ? 1 : 0, 1);
    out.number(request.options.itf_lengths.size(), 1);
    for (const auto n : request.options.itf_lengths) out.number(n, 1);
    return out.number(request.width, 4).number(request.height, 4).bytes(request.pixels).done();
}

std::string encode(const SightAnswer& answer) {
    Writer out(kind_answer);
    out.number(answer.id, 4).number(static_cast<std::uint8_t>(answer.refusal), 1).number(answer.cpu_us, 4);
    out.number(answer.width, 4).number(answer.height, 4).number(answer.codes.size(), 1);
    for (const auto& code : answer.codes) {
        out.number(static_cast<std::uint8_t>(code.symbology), 1).number(code.aim.size(), 1).bytes(code.aim);
        out.number(code.text.size(), 2).bytes(code.text);
    }
    return out.done();
}

std::string encode(const SightHello& hello) { return Writer(kind_hello).number(hello.version, 2).done(); }

tl::expected<SightRequest, SightFault> decode_request(std::string_view message) {
    if (message.empty() || message[0] != kind_request) return fault(SightFault::bad_kind);
    Fields in(message.substr(1));
    SightRequest out;
    out.id = static_cast<std::uint32_t>(in.number(4));
    out.options.budget_ms = static_cast<std::uint16_t>(in.number(2));
    const auto upc_e = in.number(1);
    out.options.upc_e = upc_e == 1;
    const auto lengths = in.number(1);
    if (upc_e > 1 || lengths > most_itf_lengths) return fault(SightFault::bad_value);
    for (std::uint64_t i = 0; i < lengths; ++i)
        out.options.itf_lengths.push_back(static_cast<std::uint8_t>(in.number(1)));
    out.width = static_cast<std::uint32_t>(in.number(4));
    out.height = static_cast<std::uint32_t>(in.number(4));
    if (!in.whole()) return fault(SightFault::cut_short);
    const auto pixels = in.rest();
    const auto grey = std::uint64_t{out.width} * out.height;
    if (!sound(out.options) || pixels.size() > most_pixel_bytes) return fault(SightFault::bad_value);
    if ((out.width == 0) != (out.height == 0) || grey > most_pixel_bytes) return fault(SightFault::bad_value);
    if (grey > pixels.size()) return fault(SightFault::cut_short);
    if (grey != 0 && grey < pixels.size()) return fault(SightFault::too_much);
    out.pixels = pixels;
    return out;
}

tl::expected<SightAnswer, SightFault> decode_answer(std::string_view message) {
    if (message.empty() || message[0] != kind_answer) return fault(SightFault::bad_kind);
    Fields in(message.substr(1));
    SightAnswer out;
    out.id = static_cast<std::uint32_t>(in.number(4));
    const auto refusal = in.number(1);
    out.cpu_us = static_cast<std::uint32_t>(in.number(4));
    out.width = static_cast<std::uint32_t>(in.number(4));
    out.height = static_cast<std::uint32_t>(in.number(4));
    const auto count = in.number(1);
    if (refusal > static_cast<std::uint8_t>(SightRefusal::bad_request) || count > most_seen)
        return fault(SightFault::bad_value);
    out.refusal = static_cast<SightRefusal>(refusal);
    for (std::uint64_t i = 0; i < count && in.whole(); ++i) {
        const auto symbology = in.number(1);
        const auto aim = in.text(in.number(1));
        const auto text = in.text(in.number(2));
        if (!in.whole()) break;
        if (!is_symbology(symbology) || aim.size() > 3 || text.empty() || text.size() > longest_seen)
            return fault(SightFault::bad_value);
        out.codes.push_back({static_cast<Symbology>(symbology), std::string(aim), std::string(text)});
    }
    if (!in.whole()) return fault(SightFault::cut_short);
    if (!in.empty()) return fault(SightFault::too_much);
    return out;
}

tl::expected<SightHello, SightFault> decode_hello(std::string_view message) {
    if (message.empty() || message[0] != kind_hello) return fault(SightFault::bad_kind);
    Fields in(message.substr(1));
    const SightHello out{static_cast<std::uint16_t>(in.number(2))};
    if (!in.whole()) return fault(SightFault::cut_short);
    if (!in.empty()) return fault(SightFault::too_much);
    return out;
}

tl::expected<std::optional<std::string>, SightFault> SightFramer::next() {
    if (held_.size() < length_bytes) return std::nullopt;
    const auto length = Fields(held_).number(length_bytes);
    if (length > longest_) return fault(SightFault::too_long);
    if (held_.size() < length_bytes + length) return std::nullopt;
    std::string message = held_.substr(length_bytes, length);
    held_.erase(0, length_bytes + length);
    return message;
}

}  // namespace hefang::codec
