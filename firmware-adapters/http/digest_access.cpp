#include "http/digest_access.hpp"

#include "base/text.hpp"
#include "digest/md5.hpp"
#include "digest/sha256.hpp"

#include <sys/random.h>
#include <sys/stat.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <cstdio>
#include <cstdlib>
#include <map>

#include <fcntl.h>
#include <unistd.h>

namespace hefang::http {
namespace {

constexpr std::size_t longest_secret = 128;

std::string_view trimmed(std::string_view text) {
    const auto begin = text.find_first_not_of(" \t");
    if (begin == std::string_view::npos) return {};
    return text.substr(begin, text.find_last_not_of(" \t") - begin + 1);
}

char lower(char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; }
std::string lowered(std::string_view text) {
    std::string out(text);
    std::transform(out.begin(), out.end(), out.begin(), lower);
    return out;
}

using Parameters = std::map<std::string, std::string>;

/// name=value or name="value", with commas between; what is neither ends it.
Parameters parameters(std::string_view text) {
    Parameters out;
    while (!text.empty()) {
        const auto equal = text.find('=');
        if (equal == std::string_view::npos) break;
        auto key = lowered(trimmed(text.substr(0, equal)));
        text = trimmed(text.substr(equal + 1));
        std::string value;
        if (text.starts_with('"')) {
            text.remove_prefix(1);
            while (!text.empty() && text.front() != '"') {
                if (text.front() == '\\' && text.size() > 1) text.remove_prefix(1);
                value += text.front();
                text.remove_prefix(1);
            }
            text.remove_prefix(std::min<std::size_t>(1, text.size()));
        } else {
            const auto end = std::min(text.size(), text.find(','));
            value = trimmed(text.substr(0, end));
            text.remove_prefix(end);
        }
        out.try_emplace(std::move(key), std::move(value));
        text.remove_prefix(std::min(text.size(), text.find_first_not_of(", \t")));
    }
    return out;
}

constexpr std::string_view scheme = "digest ";
bool is_digest(std::string_view field) { return lowered(field.substr(0, scheme.size())) == scheme; }

std::string get(const Parameters& all, const char* name) {
    const auto at = all.find(name);
    return at == all.end() ? std::string() : at->second;
}

std::string count_text(std::uint32_t count) {
    std::array<char, 16> text{};
    std::snprintf(text.data(), text.size(), "%08x", count);
    return text.data();
}

std::string quoted(std::string_view text) {
    std::string out = "\"";
    for (const char c : text) {
        if (c == '"' || c == '\\') out += '\\';
        out += c;
    }
    return out + '"';
}

/// Takes as long for a wrong text as for a right one.
bool same(std::string_view a, std::string_view b) {
    if (a.size() != b.size()) return false;
    int differs = 0;
    for (std::size_t i = 0; i < a.size(); ++i) differs |= a[i] ^ b[i];
    return differs == 0;
}

}  // namespace

Result<std::string> read_secret(const std::string& path) {
    const auto wrong = [&](const char* why) { return fail(Errc::refused, "the secret '" + path + "' " + why); };
    const int fd = ::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK);
    if (fd < 0) return wrong("cannot be read");
    struct stat about {};
    std::array<char, longest_secret + 2> bytes{};
    const bool known = ::fstat(fd, &about) == 0;
    const auto n = ::read(fd, bytes.data(), bytes.size());
    ::close(fd);
    if (!known || !S_ISREG(about.st_mode) || n < 0) return wrong("is no file that can be read");
    if ((about.st_mode & S_IRWXO) != 0) return wrong("can be read by everybody: chmod o= it");
    std::string_view text(bytes.data(), static_cast<std::size_t>(n));
    text = text.substr(0, text.find_first_of("\r\n"));
    if (text.empty() || text.size() > longest_secret) return wrong("has no first line of 1 to 128 bytes");
    return std::string(text);
}

std::optional<Challenge> parse_challenge(std::string_view field) {
    field = trimmed(field);
    if (!is_digest(field)) return std::nullopt;
    const auto all = parameters(field.substr(scheme.size()));
    const auto algorithm = lowered(get(all, "algorithm"));
    if (!algorithm.empty() && algorithm != "md5" && algorithm != "sha-256") return std::nullopt;
    Challenge out{get(all, "realm"), get(all, "nonce"), get(all, "opaque"), algorithm == "sha-256", false};
    auto offers = "," + lowered(get(all, "qop")) + ",";
    std::erase(offers, ' ');
    out.qop = offers.find(",auth,") != std::string::npos;
    if (!out.qop && offers != ",,") return std::nullopt;
    if (out.nonce.empty()) return std::nullopt;
    return out;
}

std::string digest_response(const Challenge& challenge, const Credentials& who, const Asked& asked) {
    const auto h = [&](const std::string& text) { return challenge.sha256 ? hex(sha256(text)) : md5_hex(text); };
    const auto ha1 = h(who.user + ":" + challenge.realm + ":" + who.password);
    const auto ha2 = h(std::string(asked.method) + ":" + std::string(asked.uri));
    if (!challenge.qop) return h(ha1 + ":" + challenge.nonce + ":" + ha2);
    return h(ha1 + ":" + challenge.nonce + ":" + count_text(asked.count) + ":" + std::string(asked.cnonce) +
             ":auth:" + ha2);
}

std::string authorization(const Challenge& challenge, const Credentials& who, const Asked& asked) {
    std::string out = "Digest username=" + quoted(who.user) + ", realm=" + quoted(challenge.realm) +
                      ", nonce=" + quoted(challenge.nonce) + ", uri=" + quoted(asked.uri) +
                      ", algorithm=" + (challenge.sha256 ? "SHA-256" : "MD5") + ", response=\"" +
                      digest_response(challenge, who, asked) + "\"";
    if (challenge.qop) out += ", qop=auth, nc=" + count_text(asked.count) + ", cnonce=" + quoted(asked.cnonce);
    if (!challenge.opaque.empty()) out += ", opaque=" + quoted(challenge.opaque);
    return out;
}

std::string Gate::challenge() {
    if (nonces_.size() == most_nonces) nonces_.pop_front();
    nonces_.push_back({random_word(), 0});
    return "Digest realm=\"" + std::string(realm) + "\", nonce=\"" + nonces_.back().text +
           "\", algorithm=MD5, qop=\"auth\"";
}

bool Gate::admits(std::string_view field, std::string_view method, std::string_view target) {
    if (!is_digest(field)) return false;
    const auto all = parameters(field.substr(scheme.size()));
    const auto nonce = get(all, "nonce");
    const auto at = std::find_if(nonces_.begin(), nonces_.end(), [&](const Nonce& n) { return n.text == nonce; });
    if (at == nonces_.end() || get(all, "username") != who_.user || get(all, "uri") != target) return false;
    const auto digits = get(all, "nc");
    std::uint32_t count = 0;
    const auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), count, 16);
    if (error != std::errc{} || end != digits.data() + digits.size() || count <= at->count) return false;
    const Challenge asked_for{std::string(realm), nonce, {}, false, true};
    const auto cnonce = get(all, "cnonce");
    if (!same(get(all, "response"), digest_response(asked_for, who_, {method, target, count, cnonce}))) return false;
    at->count = count;
    return true;
}

std::string random_word() {
    std::array<char, 16> bytes{};
    if (::getrandom(bytes.data(), bytes.size(), 0) != static_cast<ssize_t>(bytes.size())) std::abort();
    return to_hex({bytes.data(), bytes.size()});
}

}  // namespace hefang::http
