#include "digest/md5.hpp"

#include "base/text.hpp"

#include <array>
#include <cstdlib>

#include <openssl/evp.h>

namespace hefang {

std::string md5_hex(std::string_view bytes) {
    std::array<char, EVP_MAX_MD_SIZE> digest{};
    unsigned size = 0;
    auto* const out = reinterpret_cast<unsigned char*>(digest.data());
    if (EVP_Digest(bytes.data(), bytes.size(), out, &size, EVP_md5(), nullptr) != 1) std::abort();
    return to_hex({digest.data(), size});
}

}  // namespace hefang
