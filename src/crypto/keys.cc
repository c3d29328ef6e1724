#include "crypto/keys.h"

#include <fmt/format.h>
#include <openssl/bio.h>
#include <openssl/bn.h>
#include <openssl/core_names.h>
#include <openssl/crypto.h>
#include <openssl/ec.h>
#include <openssl/ecdsa.h>
#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/pem.h>

#include <array>
#include <new>

#include "base/json.h"
#include "crypto/sha256.h"

namespace nguon::crypto {
namespace {

constexpr int kCoordinate = 32;  // bytes of r, s, x and y on P-256

template <auto Free>
struct Freed {
    template <class T>
    void operator()(T* pointer) const {
        Free(pointer);
    }
};
using Bio = std::unique_ptr<BIO, Freed<BIO_free_all>>;
using Number = std::unique_ptr<BIGNUM, Freed<BN_free>>;
using Signature = std::unique_ptr<ECDSA_SIG, Freed<ECDSA_SIG_free>>;
using DigestContext = std::unique_ptr<EVP_MD_CTX, Freed<EVP_MD_CTX_free>>;
using Key = std::unique_ptr<EVP_PKEY, Freed<EVP_PKEY_free>>;

std::unexpected<Error> openssl_error(std::string_view what) {
    std::array<char, 256> reason{};
    ERR_error_string_n(ERR_get_error(), reason.data(), reason.size());
    ERR_clear_error();
    return fail(Code::kInternal, {fmt::format("OpenSSL không {} được: {}", what, reason.data()),
                                  fmt::format("OpenSSL cannot {}: {}", what, reason.data())});
}

std::unexpected<Error> not_a_key() {
    ERR_clear_error();
    return fail(
        Code::kInvalid,
        {"Đây không phải khoá ECDSA P-256 dạng PEM.", "This is not an ECDSA P-256 key in PEM."},
        {"Dùng tệp public.pem của nút hay khoá PKCS#8 do «nguon init» tạo.",
         "Use the node's public.pem, or a PKCS#8 key that `nguon init` made."});
}

std::unexpected<Error> bad_signature(std::string_view vi, std::string_view en) {
    ERR_clear_error();
    return fail(
        Code::kCorrupt,
        {fmt::format("Chữ ký không đúng: {}.", vi), fmt::format("The signature is wrong: {}.", en)},
        {"Kiểm tra đúng khoá công khai và đúng tệp; nếu đúng cả hai, dữ liệu đã bị sửa.",
         "Check that it is the right public key and file; if both are, the data was changed."});
}

bool is_p256(const EVP_PKEY* key) {
    std::array<char, 64> group{};
    std::size_t length = 0;
    return EVP_PKEY_is_a(key, "EC") == 1 &&
           EVP_PKEY_get_utf8_string_param(key, OSSL_PKEY_PARAM_GROUP_NAME, group.data(),
                                          group.size(), &length) == 1 &&
           std::string_view(group.data(), length) == "prime256v1";
}

std::string fixed_bytes(const BIGNUM* number) {
    std::array<unsigned char, kCoordinate> bytes{};
    BN_bn2binpad(number, bytes.data(), kCoordinate);
    return {reinterpret_cast<const char*>(bytes.data()), bytes.size()};
}

std::string coordinate(const EVP_PKEY* key, const char* name) {
    BIGNUM* raw = nullptr;
    EVP_PKEY_get_bn_param(key, name, &raw);
    const Number number(raw);
    return number ? base64url(fixed_bytes(number.get())) : std::string();
}

// Raw r||s (RFC 7518 section 3.4) to the DER that OpenSSL verifies.
std::string der_of_raw(std::string_view raw) {
    const auto* bytes = reinterpret_cast<const unsigned char*>(raw.data());
    Number r(BN_bin2bn(bytes, kCoordinate, nullptr));
    Number s(BN_bin2bn(bytes + kCoordinate, kCoordinate, nullptr));
    const Signature signature(ECDSA_SIG_new());
    if (!r || !s || !signature || ECDSA_SIG_set0(signature.get(), r.get(), s.get()) != 1) return {};
    (void)r.release();  // owned by signature now
    (void)s.release();
    unsigned char* der = nullptr;
    const int length = i2d_ECDSA_SIG(signature.get(), &der);
    if (length <= 0) return {};
    std::string text(reinterpret_cast<const char*>(der), static_cast<std::size_t>(length));
    OPENSSL_free(der);
    return text;
}

std::string raw_of_der(std::string_view der) {
    const auto* bytes = reinterpret_cast<const unsigned char*>(der.data());
    const Signature signature(d2i_ECDSA_SIG(nullptr, &bytes, static_cast<long>(der.size())));
    if (!signature) return {};
    const BIGNUM* r = nullptr;
    const BIGNUM* s = nullptr;
    ECDSA_SIG_get0(signature.get(), &r, &s);
    return fixed_bytes(r) + fixed_bytes(s);
}

std::string text_of(BIO* bio) {
    char* data = nullptr;
    const long length = BIO_get_mem_data(bio, &data);
    return length > 0 ? std::string(data, static_cast<std::size_t>(length)) : std::string();
}

Bio reader_of(std::string_view pem) {
    return Bio(BIO_new_mem_buf(pem.data(), static_cast<int>(pem.size())));
}

}  // namespace

struct PublicKey::Impl {
    Key key;
    std::string x, y, key_id;

    explicit Impl(Key given) : key(std::move(given)) {
        x = coordinate(key.get(), OSSL_PKEY_PARAM_EC_PUB_X);
        y = coordinate(key.get(), OSSL_PKEY_PARAM_EC_PUB_Y);
        // RFC 7638 section 3.2: required members only, in lexicographic order, no white space.
        const std::string canonical =
            fmt::format(R"({{"crv":"P-256","kty":"EC","x":"{}","y":"{}"}})", x, y);
        std::array<unsigned char, 32> digest{};
        EVP_Digest(canonical.data(), canonical.size(), digest.data(), nullptr, EVP_sha256(),
                   nullptr);
        key_id = base64url({reinterpret_cast<const char*>(digest.data()), digest.size()});
    }
};

Result<PublicKey> PublicKey::from_pem(std::string_view pem) {
    const Bio bio = reader_of(pem);
    Key key(bio ? PEM_read_bio_PUBKEY(bio.get(), nullptr, nullptr, nullptr) : nullptr);
    if (!key || !is_p256(key.get())) return not_a_key();
    PublicKey result;
    result.m_impl = std::make_shared<const Impl>(std::move(key));
    return result;
}

std::string PublicKey::pem() const {
    const Bio bio(BIO_new(BIO_s_mem()));
    if (!bio || PEM_write_bio_PUBKEY(bio.get(), m_impl->key.get()) != 1) throw std::bad_alloc();
    return text_of(bio.get());
}

std::string PublicKey::jwk_json() const {
    return to_text(json::object{{"kty", "EC"},
                                {"crv", "P-256"},
                                {"x", m_impl->x},
                                {"y", m_impl->y},
                                {"kid", m_impl->key_id},
                                {"alg", "ES256"},
                                {"use", "sig"}});
}

std::string PublicKey::key_id() const {
    return m_impl->key_id;
}

Result<std::string> jws_payload(std::string_view jws) {
    const std::size_t first = jws.find('.');
    const std::size_t second = first == std::string_view::npos ? first : jws.find('.', first + 1);
    if (second == std::string_view::npos)
        return bad_signature("không phải JWS ba phần", "not a JWS of three parts");
    return base64url_decode(jws.substr(first + 1, second - first - 1));
}

Result<std::string> PublicKey::verify_jws(std::string_view jws) const {
    const std::size_t first = jws.find('.');
    const std::size_t second = first == std::string_view::npos ? first : jws.find('.', first + 1);
    if (second == std::string_view::npos || jws.find('.', second + 1) != std::string_view::npos) {
        return bad_signature("không phải JWS ba phần", "not a JWS of three parts");
    }
    const Result<std::string> header_text = base64url_decode(jws.substr(0, first));
    Result<std::string> payload = base64url_decode(jws.substr(first + 1, second - first - 1));
    const Result<std::string> raw = base64url_decode(jws.substr(second + 1));
    if (!header_text || !payload || !raw || raw->size() != 2 * kCoordinate) {
        return bad_signature("mã hoá sai", "wrong encoding");
    }
    const Result<json::value> header = parse_json(*header_text);
    if (!header || !header->is_object()) return bad_signature("phần đầu sai", "wrong header");
    const json::object& members = header->get_object();
    const auto is_text = [](const json::value* value, std::string_view text) {
        return value != nullptr && value->is_string() && value->get_string() == text;
    };
    if (!is_text(members.if_contains("alg"), "ES256")) {
        return bad_signature("thuật toán không phải ES256", "the algorithm is not ES256");
    }
    if (members.contains("kid") && !is_text(members.if_contains("kid"), m_impl->key_id)) {
        return bad_signature("do khoá khác ký", "made by another key");
    }
    // RFC 7515 section 4.1.11: what is marked critical and not understood must be refused.
    if (members.contains("crit"))
        return bad_signature("phần đầu có «crit»", "the header has \"crit\"");

    const std::string der = der_of_raw(*raw);
    const DigestContext context(EVP_MD_CTX_new());
    const std::string_view signed_text = jws.substr(0, second);
    if (der.empty() || !context ||
        EVP_DigestVerifyInit(context.get(), nullptr, EVP_sha256(), nullptr, m_impl->key.get()) !=
            1 ||
        EVP_DigestVerify(context.get(), reinterpret_cast<const unsigned char*>(der.data()),
                         der.size(), reinterpret_cast<const unsigned char*>(signed_text.data()),
                         signed_text.size()) != 1) {
        return bad_signature("không khớp nội dung", "it does not fit the content");
    }
    return payload;
}

Result<PrivateKey> PrivateKey::generate() {
    Key key(EVP_EC_gen("P-256"));
    if (!key) return openssl_error("generate a key");
    PrivateKey result;
    result.m_impl = std::make_shared<const PublicKey::Impl>(std::move(key));
    return result;
}

Result<PrivateKey> PrivateKey::from_pem(std::string_view pem) {
    const Bio bio = reader_of(pem);
    // A callback that gives no password: an encrypted key is an error, never a prompt on the
    // terminal.
    const auto no_password = [](char*, int, int, void*) { return -1; };
    Key key(bio ? PEM_read_bio_PrivateKey(bio.get(), nullptr, no_password, nullptr) : nullptr);
    if (!key || !is_p256(key.get())) return not_a_key();
    PrivateKey result;
    result.m_impl = std::make_shared<const PublicKey::Impl>(std::move(key));
    return result;
}

std::string PrivateKey::pem() const {
    const Bio bio(BIO_new(BIO_s_mem()));
    if (!bio || PEM_write_bio_PKCS8PrivateKey(bio.get(), m_impl->key.get(), nullptr, nullptr, 0,
                                              nullptr, nullptr) != 1) {
        throw std::bad_alloc();
    }
    return text_of(bio.get());
}

PublicKey PrivateKey::public_key() const {
    // The public half only, so that nothing reaches the private one through it.
    const Bio bio(BIO_new(BIO_s_mem()));
    if (!bio || PEM_write_bio_PUBKEY(bio.get(), m_impl->key.get()) != 1) throw std::bad_alloc();
    Result<PublicKey> key = PublicKey::from_pem(text_of(bio.get()));
    if (!key) throw std::bad_alloc();
    return *std::move(key);
}

Result<std::string> PrivateKey::sign_jws(std::string_view payload, std::string_view type) const {
    const std::string header =
        to_text(json::object{{"alg", "ES256"}, {"kid", m_impl->key_id}, {"typ", type}});
    std::string jws = base64url(header) + "." + base64url(payload);
    const DigestContext context(EVP_MD_CTX_new());
    std::array<unsigned char, 128> der{};
    std::size_t length = der.size();
    if (!context ||
        EVP_DigestSignInit(context.get(), nullptr, EVP_sha256(), nullptr, m_impl->key.get()) != 1 ||
        EVP_DigestSign(context.get(), der.data(), &length,
                       reinterpret_cast<const unsigned char*>(jws.data()), jws.size()) != 1) {
        return openssl_error("sign");
    }
    const std::string raw = raw_of_der({reinterpret_cast<const char*>(der.data()), length});
    if (raw.empty()) return openssl_error("encode a signature");
    return jws + "." + base64url(raw);
}

}  // namespace nguon::crypto
