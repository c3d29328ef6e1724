// Any text as a JWS, as base64url and as a key: no crash, and nothing that was not signed is
// accepted.
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string_view>

#include "crypto/keys.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    using namespace nguon::crypto;
    static const PrivateKey key = *PrivateKey::generate();  // of this run: no input is signed by it
    static const PublicKey verifier = key.public_key();
    const std::string_view text(reinterpret_cast<const char*>(data), size);
    if (verifier.verify_jws(text)) std::abort();
    if (const auto bytes = base64url_decode(text)) {
        if (base64url(*bytes) != text) std::abort();  // one text for each string of bytes
    }
    (void)PublicKey::from_pem(text);
    (void)PrivateKey::from_pem(text);
    // The input as a payload, and as what takes the place of a part of a good JWS.
    const auto good = key.sign_jws(text, "receipt");
    if (!good || verifier.verify_jws(*good) != text) std::abort();
    const std::size_t point = good->find('.'), last = good->rfind('.');
    for (const std::string& changed :
         {std::string(text) + good->substr(point), good->substr(0, last + 1) + std::string(text),
          good->substr(0, point + 1) + std::string(text) + good->substr(last)}) {
        if (changed != *good && verifier.verify_jws(changed)) std::abort();
    }
    return 0;
}
