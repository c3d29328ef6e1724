// A secret that encrypts pieces of data and gives them names: AES-256-GCM (NIST SP 800-38D) and
// HMAC-SHA-256 (RFC 2104), each under a key of its own (HKDF, RFC 5869).
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

#include "base/result.h"
#include "base/time.h"

namespace nguon::crypto {

// Threads: const members run concurrently.
class SecretKey {
public:
    static constexpr std::size_t kBytes = 32;
    // What seal() adds to a piece: nonce and tag.
    static constexpr std::size_t kOverhead = 12 + 16;

    static SecretKey generate(Random& random);
    // base64url of 32 bytes, blanks around it. Errors: invalid.
    static Result<SecretKey> from_text(std::string_view text);
    std::string text() const;
    // Tells keys apart and says nothing of them: 16 characters of base64url.
    const std::string& id() const { return m_id; }

    // 64 lower-case digits that nobody without the key can tell from others.
    std::string name_of(std::string_view what) const;
    // `name` is authenticated with the bytes, so that pieces cannot be swapped. One key may seal
    // 2^32 pieces (SP 800-38D section 8.3). Errors: internal.
    Result<std::string> seal(std::string_view bytes, std::string_view name, Random& random) const;
    // Errors: corrupt when it was changed, or sealed by another key or under another name.
    Result<std::string> open(std::string_view sealed, std::string_view name) const;

private:
    explicit SecretKey(std::string secret);
    std::string m_secret, m_sealing, m_naming, m_id;
};

}  // namespace nguon::crypto
