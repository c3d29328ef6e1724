#include "crypto/secret_key.h"

#include <openssl/evp.h>
#include <openssl/hmac.h>
#include <openssl/kdf.h>

#include <array>
#include <memory>
#include <new>

#include "crypto/keys.h"

namespace nguon::crypto {
namespace {

constexpr std::size_t kNonce = 12;
constexpr std::size_t kTag = 16;
constexpr std::size_t kIdBytes = 12;

struct FreeCipher {
    void operator()(EVP_CIPHER_CTX* context) const { EVP_CIPHER_CTX_free(context); }
};
using Cipher = std::unique_ptr<EVP_CIPHER_CTX, FreeCipher>;

const unsigned char* bytes_of(std::string_view text) {
    return reinterpret_cast<const unsigned char*>(text.data());
}
unsigned char* bytes_of(std::string& text) {
    return reinterpret_cast<unsigned char*>(text.data());
}

std::string hmac(std::string_view key, std::string_view message) {
    std::string mac(SecretKey::kBytes, '\0');
    unsigned length = 0;
    if (HMAC(EVP_sha256(), key.data(), static_cast<int>(key.size()), bytes_of(message),
             message.size(), bytes_of(mac), &length) == nullptr)
        throw std::bad_alloc();  // nothing else can fail in it
    return mac;
}

// RFC 5869 with one block of output: extract without a salt, expand for one purpose.
std::string derived(std::string_view secret, std::string_view purpose) {
    static constexpr std::array<char, SecretKey::kBytes> kNoSalt{};
    const std::string pseudorandom = hmac({kNoSalt.data(), kNoSalt.size()}, secret);
    std::string message(purpose);
    message.push_back('\x01');
    return hmac(pseudorandom, message);
}

std::string id_of(std::string_view secret) {
    const std::string id = derived(secret, "nguon key id 1");
    return base64url(std::string_view(id).substr(0, kIdBytes));
}

std::unexpected<Error> wrong_piece() {
    return fail(Code::kCorrupt,
                {"Mảnh này đã bị sửa, hoặc do khoá khác niêm phong.",
                 "This piece was changed, or sealed with another key."},
                {"Kiểm tra đúng khoá; nếu đúng, dùng bản sao khác.",
                 "Check that it is the right key; if it is, use another copy."});
}

}  // namespace

SecretKey::SecretKey(std::string secret)
    : m_secret(std::move(secret)),
      m_sealing(derived(m_secret, "nguon sealing 1")),
      m_naming(derived(m_secret, "nguon naming 1")),
      m_id(id_of(m_secret)) {}

SecretKey SecretKey::generate(Random& random) {
    std::string secret(kBytes, '\0');
    random.fill({bytes_of(secret), secret.size()});
    return SecretKey(std::move(secret));
}

Result<SecretKey> SecretKey::from_text(std::string_view text) {
    const Result<std::string> secret = base64url_decode(trim(text));
    if (secret && secret->size() == kBytes) return SecretKey(*secret);
    return fail(Code::kInvalid, {"Đây không phải khoá sao lưu.", "This is not a backup key."},
                {"Khoá là một dòng 43 ký tự, như trong tệp keys/backup.key của nút.",
                 "A key is one line of 43 characters, as in a node's keys/backup.key."});
}

std::string SecretKey::text() const {
    return base64url(m_secret);
}

std::string SecretKey::name_of(std::string_view what) const {
    return hex(hmac(m_naming, what));
}

Result<std::string> SecretKey::seal(std::string_view bytes, std::string_view name,
                                    Random& random) const {
    std::string sealed(kOverhead + bytes.size(), '\0');
    random.fill({bytes_of(sealed), kNonce});
    const Cipher context(EVP_CIPHER_CTX_new());
    int length = 0;
    unsigned char* body = bytes_of(sealed) + kNonce;
    const bool done =
        context != nullptr &&
        EVP_EncryptInit_ex(context.get(), EVP_aes_256_gcm(), nullptr, bytes_of(m_sealing),
                           bytes_of(sealed)) == 1 &&
        EVP_EncryptUpdate(context.get(), nullptr, &length, bytes_of(name),
                          static_cast<int>(name.size())) == 1 &&
        EVP_EncryptUpdate(context.get(), body, &length, bytes_of(bytes),
                          static_cast<int>(bytes.size())) == 1 &&
        EVP_EncryptFinal_ex(context.get(), body + length, &length) == 1 &&
        EVP_CIPHER_CTX_ctrl(context.get(), EVP_CTRL_GCM_GET_TAG, kTag, body + bytes.size()) == 1;
    if (done) return sealed;
    return fail(Code::kInternal, {"OpenSSL không mã hoá được.", "OpenSSL cannot encrypt."});
}

Result<std::string> SecretKey::open(std::string_view sealed, std::string_view name) const {
    if (sealed.size() < kOverhead) return wrong_piece();
    std::string bytes(sealed.size() - kOverhead, '\0');
    std::string tag(sealed.substr(sealed.size() - kTag));
    const Cipher context(EVP_CIPHER_CTX_new());
    int length = 0;
    const bool good =
        context != nullptr &&
        EVP_DecryptInit_ex(context.get(), EVP_aes_256_gcm(), nullptr, bytes_of(m_sealing),
                           bytes_of(sealed)) == 1 &&
        EVP_DecryptUpdate(context.get(), nullptr, &length, bytes_of(name),
                          static_cast<int>(name.size())) == 1 &&
        EVP_DecryptUpdate(context.get(), bytes_of(bytes), &length, bytes_of(sealed.substr(kNonce)),
                          static_cast<int>(bytes.size())) == 1 &&
        EVP_CIPHER_CTX_ctrl(context.get(), EVP_CTRL_GCM_SET_TAG, kTag, tag.data()) == 1 &&
        EVP_DecryptFinal_ex(context.get(), bytes_of(bytes) + length, &length) == 1;
    if (!good) return wrong_piece();
    return bytes;
}

}  // namespace nguon::crypto
