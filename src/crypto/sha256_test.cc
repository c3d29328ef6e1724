#include "crypto/sha256.h"

#include <gtest/gtest.h>

#include "base/simulated_disk.h"

namespace nguon::crypto {
namespace {

// FIPS 180-4 examples.
TEST(Sha256, Vectors) {
    EXPECT_EQ(sha256_hex(""), "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
    EXPECT_EQ(sha256_hex("abc"),
              "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
}

// Goal: a file's hash is that of its bytes. Method: sizes around the read buffer of 1 MiB.
TEST(Sha256, FileInPieces) {
    SimulatedDisk disk;
    for (const std::size_t size : {0U, 1U, (1U << 20) - 1, 1U << 20, (1U << 20) + 1, 3U << 20}) {
        const std::string bytes(size, 'x');
        disk.put("/f", bytes);
        EXPECT_EQ(sha256_hex_of_file(disk, "/f").value(), sha256_hex(bytes)) << size;
    }
    EXPECT_EQ(sha256_hex_of_file(disk, "/absent").error().code, Code::kNotFound);
}

}  // namespace
}  // namespace nguon::crypto
