#include "digest/sha256.hpp"

#include "base/text.hpp"

#include <cstdlib>

#include <openssl/evp.h>

namespace hefang {

struct Sha256::Context {
    EVP_MD* algorithm = EVP_MD_fetch(nullptr, "SHA256", nullptr);
    EVP_MD_CTX* state = EVP_MD_CTX_new();

    Context() {
        if (algorithm == nullptr || state == nullptr) std::abort();  // no SHA-256: no evidence, nothing to go on with
        restart();
    }
    ~Context() {
        EVP_MD_CTX_free(state);
        EVP_MD_free(algorithm);
    }
    Context(const Context&) = delete;
    Context& operator=(const Context&) = delete;

    void restart() const {
        if (EVP_DigestInit_ex2(state, algorithm, nullptr) != 1) std::abort();
    }
};

Sha256::Sha256() : context_(std::make_unique<Context>()) {}
Sha256::~Sha256() = default;
Sha256::Sha256(Sha256&&) noexcept = default;
Sha256& Sha256::operator=(Sha256&&) noexcept = default;

void Sha256::update(std::string_view bytes) {
    if (EVP_DigestUpdate(context_->state, bytes.data(), bytes.size()) != 1) std::abort();
}

Digest Sha256::finish() {
    Digest out{};
    unsigned int length = 0;
    if (EVP_DigestFinal_ex(context_->state, out.data(), &length) != 1 || length != out.size()) std::abort();
    context_->restart();
    return out;
}

Digest sha256(std::string_view bytes) {
    thread_local Sha256 hasher;
    hasher.update(bytes);
    return hasher.finish();
}

std::string hex(const Digest& digest) { return to_hex({reinterpret_cast<const char*>(digest.data()), digest.size()}); }

}  // namespace hefang
