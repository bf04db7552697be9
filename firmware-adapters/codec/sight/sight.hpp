#pragma once
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include <tl/expected.hpp>

/// The messages between the gateway and the image worker. Each is a length (u32, little endian, without itself) and so
/// many bytes, the first of which says what it is; numbers are little endian. Layout: docs/vision.md.
namespace hefang::codec {

enum class Symbology : std::uint8_t {
    code128 = 1,
    code39,
    itf,
    codabar,
    ean13,
    ean8,
    upc_a,
    upc_e,
    qr,
    data_matrix,
    pdf417
};
constexpr std::size_t symbologies = 11;
/// "Code128", "EAN-13", …; empty for a value that is none.
[[nodiscard]] std::string_view name(Symbology symbology);
[[nodiscard]] std::optional<Symbology> symbology_of(std::string_view name);

/// What to look for, and for how long.
struct SightOptions {
    std::uint16_t budget_ms = 150;  ///< 1 … most_budget_ms
    bool upc_e = false;             ///< its six digits are easily seen where they are not
    /// Lengths at which ITF is believed, each even; empty: all from 6 on. At most most_itf_lengths.
    std::vector<std::uint8_t> itf_lengths;
    friend bool operator==(const SightOptions&, const SightOptions&) = default;
};
constexpr std::uint16_t most_budget_ms = 5'000;
constexpr std::size_t most_itf_lengths = 16;

/// One picture to look at: a file as it was stored (`width` and `height` are 0), or width × height bytes of grey.
struct SightRequest {
    std::uint32_t id = 0;
    SightOptions options;
    std::uint32_t width = 0, height = 0;
    std::string pixels;
    friend bool operator==(const SightRequest&, const SightRequest&) = default;
};

/// Why nothing could be read of a picture; one counter each.
enum class SightRefusal : std::uint8_t {
    none,            ///< it was looked at, whatever was found
    unknown_format,  ///< no picture format that is taken
    truncated,       ///< its end is missing
    malformed,       ///< headers that contradict themselves
    no_size,         ///< width or height is 0
    too_large,       ///< more pixels than are taken
    broken,          ///< the decoder gave it up
    bad_request      ///< the worker did not understand what it was asked
};
[[nodiscard]] std::string_view name(SightRefusal reason);

struct SeenCode {
    Symbology symbology = Symbology::code128;
    std::string aim;   ///< "]C1"; at most 3 bytes
    std::string text;  ///< any bytes but none; at most longest_seen
    friend bool operator==(const SeenCode&, const SeenCode&) = default;
};
constexpr std::size_t most_seen = 16;        ///< codes of one picture
constexpr std::size_t longest_seen = 4'296;  ///< bytes of a code: what the largest QR code holds

struct SightAnswer {
    std::uint32_t id = 0;
    SightRefusal refusal = SightRefusal::none;
    std::uint32_t cpu_us = 0;  ///< processor time that the worker spent on it
    std::uint32_t width = 0, height = 0;
    std::vector<SeenCode> codes;
    friend bool operator==(const SightAnswer&, const SightAnswer&) = default;
};

/// The first message of a worker.
struct SightHello {
    std::uint16_t version = 0;
    friend bool operator==(const SightHello&, const SightHello&) = default;
};
constexpr std::uint16_t sight_version = 1;

enum class SightFault {
    too_long,   ///< the length is above what the receiver takes
    bad_kind,   ///< another message than the one expected
    cut_short,  ///< the message ends within a field
    too_much,   ///< bytes behind the last field
    bad_value   ///< a field beyond its limits
};
[[nodiscard]] std::string_view name(SightFault fault);

constexpr std::size_t most_pixel_bytes = 96U << 20U;  ///< of a request
constexpr std::size_t longest_request = most_pixel_bytes + 256;
constexpr std::size_t longest_answer = most_seen * (longest_seen + 8) + 256;

/// The message with its length before it. What is above a limit is a programming error of the caller.
[[nodiscard]] std::string encode(const SightRequest& request);
[[nodiscard]] std::string encode(const SightAnswer& answer);
[[nodiscard]] std::string encode(const SightHello& hello);

/// `message` is one message without its length.
[[nodiscard]] tl::expected<SightRequest, SightFault> decode_request(std::string_view message);
[[nodiscard]] tl::expected<SightAnswer, SightFault> decode_answer(std::string_view message);
[[nodiscard]] tl::expected<SightHello, SightFault> decode_hello(std::string_view message);

/// Cuts a stream into messages; holds at most one message of `longest` bytes and what came behind it in the same read.
class SightFramer {
  public:
    explicit SightFramer(std::size_t longest) : longest_(longest) {}
    void feed(std::string_view bytes) { held_ += bytes; }
    /// The next whole message; none: more bytes are needed. After too_long the stream has lost its step: no more use.
    [[nodiscard]] tl::expected<std::optional<std::string>, SightFault> next();
    /// Some bytes of a message are there, and not all.
    [[nodiscard]] bool halfway() const { return !held_.empty(); }

  private:
    std::size_t longest_;
    std::string held_;
};

}  // namespace hefang::codec
