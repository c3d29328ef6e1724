// ECDSA P-256 keys and JSON Web Signatures (RFC 7515, RFC 7518 section 3.4, RFC 7638).
#pragma once

#include <memory>
#include <string>
#include <string_view>

#include "base/result.h"

namespace nguon::crypto {

std::string base64url(std::string_view bytes);  // RFC 4648 section 5, no padding
// Errors: invalid for other characters, bad length, or tail bits that are not zero.
Result<std::string> base64url_decode(std::string_view text);

// Threads: const members run concurrently.
class PublicKey {
public:
    static Result<PublicKey> from_pem(std::string_view pem);
    std::string pem() const;
    std::string jwk_json()
        const;  // {"kty":"EC","crv":"P-256","x","y","kid","alg":"ES256","use":"sig"}
    std::string key_id() const;  // RFC 7638 thumbprint, base64url
    // Checks a compact ES256 JWS and returns its payload. Errors: corrupt when the signature is
    // wrong, or the header names another alg or kid.
    Result<std::string> verify_jws(std::string_view jws) const;
    struct Impl;

private:
    std::shared_ptr<const Impl> m_impl;
    friend class PrivateKey;
};

// The payload of a compact JWS, whoever signed it. Errors: corrupt when it is none.
Result<std::string> jws_payload(std::string_view jws);

// Signing is an interface, so that a PKCS#11 token can stand behind it later.
class Signer {
public:
    virtual ~Signer() = default;
    virtual PublicKey public_key() const = 0;
    // Compact JWS, header {"alg":"ES256","kid":…,"typ":type}. Errors: internal.
    virtual Result<std::string> sign_jws(std::string_view payload, std::string_view type) const = 0;
};

// Threads: const members run concurrently.
class PrivateKey final : public Signer {
public:
    static Result<PrivateKey> generate();
    static Result<PrivateKey> from_pem(std::string_view pem);  // PKCS#8
    std::string pem() const;
    PublicKey public_key() const override;
    Result<std::string> sign_jws(std::string_view payload, std::string_view type) const override;

private:
    std::shared_ptr<const PublicKey::Impl> m_impl;
};

}  // namespace nguon::crypto
