#pragma once
#include "base/result.hpp"

#include <cstdint>
#include <deque>
#include <optional>
#include <string>
#include <string_view>

/// HTTP digest access (RFC 7616): both sides of it. The password never goes over the wire.
namespace hefang::http {

struct Credentials {
    std::string user, password;
};

/// The first line of a file that nobody but its owner and group can read; 1 to 128 bytes.
[[nodiscard]] Result<std::string> read_secret(const std::string& path);

/// What a server asks for in WWW-Authenticate.
struct Challenge {
    std::string realm, nonce, opaque;
    bool sha256 = false;  ///< else MD5
    bool qop = false;     ///< it offers qop="auth"
    friend bool operator==(const Challenge&, const Challenge&) = default;
};
/// None: it offers no digest that is known here. Basic is never answered: it would say the password.
[[nodiscard]] std::optional<Challenge> parse_challenge(std::string_view field);

/// A request whose answer is computed.
struct Asked {
    std::string_view method, uri;
    std::uint32_t count = 1;  ///< nc
    std::string_view cnonce;
};
/// The value of the `response` parameter.
[[nodiscard]] std::string digest_response(const Challenge& challenge, const Credentials& who, const Asked& asked);
/// The whole Authorization field.
[[nodiscard]] std::string authorization(const Challenge& challenge, const Credentials& who, const Asked& asked);

/// The server's side: gives challenges out and takes each answer once.
class Gate {
  public:
    static constexpr std::size_t most_nonces = 16;
    static constexpr std::string_view realm = "hefang";
    explicit Gate(Credentials who) : who_(std::move(who)) {}
    /// The value of WWW-Authenticate, with a fresh nonce; the oldest of most_nonces is forgotten.
    [[nodiscard]] std::string challenge();
    /// Whether `field` (Authorization) is right for this request; of one nonce each count is taken once, rising.
    [[nodiscard]] bool admits(std::string_view field, std::string_view method, std::string_view target);

  private:
    struct Nonce {
        std::string text;
        std::uint32_t count = 0;
    };
    Credentials who_;
    std::deque<Nonce> nonces_;
};

/// 32 hexadecimal digits of the kernel's randomness.
[[nodiscard]] std::string random_word();

}  // namespace hefang::http
