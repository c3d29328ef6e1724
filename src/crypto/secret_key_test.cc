#include "crypto/secret_key.h"

#include <gtest/gtest.h>

#include "crypto/keys.h"

namespace nguon::crypto {
namespace {

TEST(SecretKey, OpensWhatItSealed) {
    const SecretKey key = SecretKey::generate(system_random());
    for (const std::size_t size : {0, 1, 15, 16, 17, 100'000}) {
        const std::string bytes(size, 'x');
        const auto sealed = key.seal(bytes, "name", system_random());
        ASSERT_TRUE(sealed);
        EXPECT_EQ(sealed->size(), size + SecretKey::kOverhead);
        EXPECT_EQ(key.open(*sealed, "name"), bytes);
    }
}

TEST(SecretKey, RefusesEveryChange) {
    const SecretKey key = SecretKey::generate(system_random());
    const std::string sealed = key.seal("một hai ba", "name", system_random()).value();
    for (std::size_t bit = 0; bit < sealed.size() * 8; ++bit) {
        std::string changed = sealed;
        changed[bit / 8] = static_cast<char>(changed[bit / 8] ^ (1 << (bit % 8)));
        EXPECT_EQ(key.open(changed, "name").error().code, Code::kCorrupt) << bit;
    }
    for (std::size_t size = 0; size < sealed.size(); ++size)
        EXPECT_FALSE(key.open(sealed.substr(0, size), "name")) << size;
    EXPECT_FALSE(key.open(sealed + "x", "name"));
    EXPECT_FALSE(key.open(sealed, "other"));
    EXPECT_FALSE(SecretKey::generate(system_random()).open(sealed, "name"));
}

TEST(SecretKey, IsTheSameFromItsText) {
    const SecretKey key = SecretKey::generate(system_random());
    const auto again = SecretKey::from_text(" " + key.text() + "\n");
    ASSERT_TRUE(again);
    EXPECT_EQ(again->id(), key.id());
    EXPECT_EQ(again->name_of("a"), key.name_of("a"));
    EXPECT_NE(again->name_of("a"), key.name_of("b"));
    EXPECT_EQ(again->open(key.seal("x", "n", system_random()).value(), "n"), "x");
    EXPECT_NE(SecretKey::generate(system_random()).id(), key.id());
    EXPECT_FALSE(SecretKey::from_text(""));
    EXPECT_FALSE(SecretKey::from_text(key.text().substr(1)));
    EXPECT_FALSE(SecretKey::from_text(key.text() + "AAAA"));
}

// One text may be sealed twice: never to the same bytes.
TEST(SecretKey, SealsTheSameToOtherBytes) {
    const SecretKey key = SecretKey::generate(system_random());
    EXPECT_NE(key.seal("x", "n", system_random()).value(),
              key.seal("x", "n", system_random()).value());
}

// Computed apart with Python's hmac: HKDF (RFC 5869) of 32 bytes of 'k', then HMAC of "a".
TEST(SecretKey, NamesAsRfc5869AndRfc2104Say) {
    const auto key = SecretKey::from_text(base64url(std::string(SecretKey::kBytes, 'k')));
    ASSERT_TRUE(key);
    EXPECT_EQ(key->name_of("a"),
              "2b51c71686b96c1d83aa13bd407d5423b94249b24ee8e9e043b20dd7324b33ec");
}

}  // namespace
}  // namespace nguon::crypto
