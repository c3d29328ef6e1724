#include "crypto/sha256.h"

#include <openssl/evp.h>

#include <array>
#include <new>
#include <vector>

namespace nguon::crypto {

struct Sha256::Impl {
    EVP_MD_CTX* context = EVP_MD_CTX_new();
    Impl() {
        // Only memory can run out here; SHA-256 is in every OpenSSL provider we can start with.
        if (context == nullptr || EVP_DigestInit_ex(context, EVP_sha256(), nullptr) != 1) {
            EVP_MD_CTX_free(context);
            throw std::bad_alloc();
        }
    }
    Impl(const Impl&) = delete;
    Impl& operator=(const Impl&) = delete;
    ~Impl() { EVP_MD_CTX_free(context); }
};

Sha256::Sha256() : m_impl(std::make_unique<Impl>()) {}
Sha256::~Sha256() = default;
Sha256::Sha256(Sha256&&) noexcept = default;
Sha256& Sha256::operator=(Sha256&&) noexcept = default;

void Sha256::update(std::string_view bytes) {
    EVP_DigestUpdate(m_impl->context, bytes.data(), bytes.size());
}

std::string Sha256::finish_hex() {
    std::array<unsigned char, 32> digest{};
    EVP_DigestFinal_ex(m_impl->context, digest.data(), nullptr);
    return hex({reinterpret_cast<const char*>(digest.data()), digest.size()});
}

std::string sha256_hex(std::string_view bytes) {
    Sha256 sha;
    sha.update(bytes);
    return sha.finish_hex();
}

Result<std::string> sha256_hex_of_file(Disk& disk, const std::filesystem::path& path) {
    TRY_ASSIGN(const std::unique_ptr<File> file, disk.open(path, OpenMode::kRead));
    std::vector<char> buffer(std::size_t{1} << 20);
    Sha256 sha;
    for (std::uint64_t offset = 0;;) {
        TRY_ASSIGN(const std::size_t got, file->read_at(offset, buffer));
        sha.update({buffer.data(), got});
        offset += got;
        if (got < buffer.size()) return sha.finish_hex();
    }
}

}  // namespace nguon::crypto
