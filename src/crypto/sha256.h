// SHA-256 (FIPS 180-4) through OpenSSL.
#pragma once

#include <filesystem>
#include <memory>
#include <string>
#include <string_view>

#include "base/disk.h"
#include "base/result.h"

namespace nguon::crypto {

class Sha256 {
public:
    Sha256();
    ~Sha256();
    Sha256(Sha256&&) noexcept;
    Sha256& operator=(Sha256&&) noexcept;
    void update(std::string_view bytes);
    std::string finish_hex();  // 64 lower-case digits; the object is spent then
private:
    struct Impl;
    std::unique_ptr<Impl> m_impl;
};

std::string sha256_hex(std::string_view bytes);
Result<std::string> sha256_hex_of_file(Disk& disk, const std::filesystem::path& path);

}  // namespace nguon::crypto
