#include "display/encoder.hpp"

#include "base/text.hpp"

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstring>
#include <utility>

#include <iconv.h>

namespace hefang::driver {
namespace {

iconv_t none() { return reinterpret_cast<iconv_t>(-1); }

/// The length of the character at the front of `text` by its first byte, at most what is there.
std::size_t length_of(std::string_view text) {
    const auto lead = static_cast<unsigned char>(text[0]);
    const std::size_t length = lead < 0xC0 ? 1 : lead < 0xE0 ? 2 : lead < 0xF0 ? 3 : 4;
    return std::min(length, text.size());
}

}  // namespace

Result<Encoder> Encoder::open(const std::string& encoding) {
    const iconv_t state = ::iconv_open(encoding == "gbk" ? "GBK" : "UTF-8", "UTF-8");
    if (state == none())
        return fail(Errc::refused, "no tables for the encoding " + encoding + ": " + std::strerror(errno));
    return Encoder(state);
}

Encoder::~Encoder() {
    if (state_ != none()) ::iconv_close(state_);
}

Encoder::Encoder(Encoder&& other) noexcept : state_(std::exchange(other.state_, none())) {}

Encoder::Encoded Encoder::encode(std::string_view text, std::size_t most) const {
    Encoded out;
    while (!text.empty()) {
        std::string one(text.substr(0, length_of(text)));
        std::array<char, 16> buffer{};
        char* from = one.data();
        std::size_t left = one.size();
        char* to = buffer.data();
        std::size_t room = buffer.size();
        ::iconv(state_, nullptr, nullptr, nullptr, nullptr);
        const bool good = ::iconv(state_, &from, &left, &to, &room) != static_cast<std::size_t>(-1) && left == 0;
        const std::string_view bytes = good ? std::string_view(buffer.data(), buffer.size() - room) : "?";
        if (out.bytes.size() + bytes.size() > most) {
            out.cut = true;
            break;
        }
        if (!good) ++out.refused;
        out.bytes += bytes;
        text.remove_prefix(good ? one.size() : is_clean_utf8(one) ? one.size() : 1);
    }
    return out;
}

}  // namespace hefang::driver
