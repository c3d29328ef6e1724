#include "crypto/keys.h"

#include <gtest/gtest.h>

#include <random>

#include "base/json.h"
#include "base/simulated_time.h"
#include "crypto/replayed_random.h"

namespace nguon::crypto {
namespace {

// The key of RFC 7515 appendix A.3.1 (public half of the JWK, written as SubjectPublicKeyInfo).
constexpr std::string_view kRfcX = "f83OJ3D2xF1Bg8vub9tLe1gHMzV76e8Tus9uPHvRVEU";
constexpr std::string_view kRfcY = "x_FEzRu9m36HLN_tue659LNpXW6pCyStikYjKIWI5a0";
constexpr std::string_view kRfcJws =
    "eyJhbGciOiJFUzI1NiJ9"
    ".eyJpc3MiOiJqb2UiLA0KICJleHAiOjEzMDA4MTkzODAsDQogImh0dHA6Ly9leGFtcGxlLmNvbS9pc19yb290Ijp0cnVlf"
    "Q"
    ".DtEhU3ljbEg8L38VWAfUAqOyKAM6-Xx-F4GawxaepmXFCgfTjDxw5djxLa8ISlSApmWQxfKTUJqPP3-Kg6NU1Q";

std::string standard_base64(std::string_view bytes) {
    std::string text = base64url(bytes);
    for (char& c : text) {
        if (c == '-') c = '+';
        if (c == '_') c = '/';
    }
    while (text.size() % 4 != 0)
        text += '=';
    return text;
}

PublicKey rfc_key() {
    // RFC 5480: the prefix of every uncompressed P-256 SubjectPublicKeyInfo.
    static constexpr unsigned char kPrefix[] = {
        0x30, 0x59, 0x30, 0x13, 0x06, 0x07, 0x2a, 0x86, 0x48, 0xce, 0x3d, 0x02, 0x01, 0x06,
        0x08, 0x2a, 0x86, 0x48, 0xce, 0x3d, 0x03, 0x01, 0x07, 0x03, 0x42, 0x00, 0x04};
    std::string der(reinterpret_cast<const char*>(kPrefix), sizeof kPrefix);
    der += base64url_decode(kRfcX).value() + base64url_decode(kRfcY).value();
    const std::string body = standard_base64(der);
    return PublicKey::from_pem("-----BEGIN PUBLIC KEY-----\n" + body.substr(0, 64) + "\n" +
                               body.substr(64) + "\n-----END PUBLIC KEY-----\n")
        .value();
}

// Goal: interoperability. Method: the signature printed in the RFC verifies, its payload comes
// back.
TEST(Jws, VerifiesTheExampleOfRfc7515AppendixA3) {
    const Result<std::string> payload = rfc_key().verify_jws(kRfcJws);
    ASSERT_TRUE(payload.has_value());
    EXPECT_EQ(*payload,
              "{\"iss\":\"joe\",\r\n \"exp\":1300819380,\r\n \"http://example.com/is_root\":true}");
}

// Goal: the key id is the thumbprint everybody computes. Method: RFC 7638 over the RFC 7515 key;
// the value was computed with `openssl dgst -sha256` over the canonical JSON. The JWK names the
// same coordinates.
TEST(Jws, KeyIdIsTheThumbprintOfRfc7638) {
    const PublicKey key = rfc_key();
    EXPECT_EQ(key.key_id(), "oKIywvGUpTVTyxMQ3bwIIeQUudfr_CkLMjCE19ECD-U");
    const json::value jwk = parse_json(key.jwk_json()).value();
    EXPECT_EQ(jwk.at("x").as_string(), kRfcX);
    EXPECT_EQ(jwk.at("y").as_string(), kRfcY);
    EXPECT_EQ(jwk.at("kid").as_string(), key.key_id());
}

TEST(Jws, SignsAndVerifiesAndSurvivesPem) {
    const PrivateKey key = PrivateKey::from_pem(PrivateKey::generate().value().pem()).value();
    const std::string jws = key.sign_jws("{\"a\":1}", "test").value();
    EXPECT_EQ(PublicKey::from_pem(key.public_key().pem()).value().verify_jws(jws).value(),
              "{\"a\":1}");
    EXPECT_EQ(key.public_key().pem().find("PRIVATE"), std::string::npos);
}

TEST(Jws, AnotherKeyIsRefused) {
    const std::string jws = PrivateKey::generate().value().sign_jws("x", "test").value();
    const Result<std::string> payload = PrivateKey::generate().value().public_key().verify_jws(jws);
    ASSERT_FALSE(payload.has_value());
    EXPECT_EQ(payload.error().code, Code::kCorrupt);
}

// Goal: no flipped bit passes. Method: each bit of a short JWS, tail bits of base64url included.
TEST(Jws, EveryFlippedBitIsFound) {
    const PrivateKey key = PrivateKey::generate().value();
    const PublicKey public_key = key.public_key();
    const std::string jws = key.sign_jws("payload", "t").value();
    for (std::size_t bit = 0; bit < jws.size() * 8; ++bit) {
        std::string changed = jws;
        changed[bit / 8] = static_cast<char>(changed[bit / 8] ^ (1 << (bit % 8)));
        EXPECT_FALSE(public_key.verify_jws(changed).has_value()) << "bit " << bit;
    }
}

// Goal: `alg: none`, HMAC and critical extensions cannot be smuggled in.
TEST(Jws, OtherHeadersAreRefused) {
    const PublicKey key = rfc_key();
    const std::string rest(kRfcJws.substr(kRfcJws.find('.')));
    for (const std::string_view header :
         {R"({"alg":"none"})", R"({"alg":"HS256"})", R"({"alg":"ES256","kid":"x"})",
          R"({"alg":"ES256","crit":["b64"]})", R"([])", R"({)"}) {
        EXPECT_FALSE(key.verify_jws(base64url(header) + rest).has_value()) << header;
    }
    for (const std::string_view jws : {"", ".", "..", "a.b", "a.b.c.d"}) {
        EXPECT_FALSE(key.verify_jws(jws).has_value()) << jws;
    }
}

// RFC 4648 section 10, without padding.
TEST(Base64url, Vectors) {
    const std::pair<std::string_view, std::string_view> vectors[] = {
        {"", ""},           {"f", "Zg"},          {"fo", "Zm8"},          {"foo", "Zm9v"},
        {"foob", "Zm9vYg"}, {"fooba", "Zm9vYmE"}, {"foobar", "Zm9vYmFy"}, {"\xfb\xff", "-_8"}};
    for (const auto& [bytes, text] : vectors) {
        EXPECT_EQ(base64url(bytes), text);
        EXPECT_EQ(base64url_decode(text).value(), bytes);
    }
}

TEST(Base64url, RefusesWhatIsNotCanonical) {
    for (const std::string_view text :
         {"Zh", "Zm9", "Zg==", "Z", "Zm+v", "Zm/v", "Zm v", "Zm9v\n"}) {
        EXPECT_FALSE(base64url_decode(text).has_value()) << text;
    }
}

TEST(Keys, OnlyP256IsTaken) {
    constexpr std::string_view kEd25519 =
        "-----BEGIN PUBLIC KEY-----\nMCowBQYDK2VwAyEAGb9ECWmEzf6FQbrBZ9w7lshQhqowtrbLDFw4rXAxZuE=\n"
        "-----END PUBLIC KEY-----\n";
    EXPECT_EQ(PublicKey::from_pem(kEd25519).error().code, Code::kInvalid);
    EXPECT_EQ(PublicKey::from_pem("").error().code, Code::kInvalid);
    EXPECT_EQ(PrivateKey::from_pem("rubbish").error().code, Code::kInvalid);
}

// Goal: a run's keys and signatures can be replayed, and only while that was asked for. Method: the
// same seed twice, another, and none.
TEST(Keys, ASeedGivesTheSameKeysAndSignatures) {
    const auto run = [](unsigned seed) {
        SeededRandom random(seed);
        const ReplayedRandom replayed(random);
        const PrivateKey key = PrivateKey::generate().value();
        return key.pem() + key.sign_jws("{}", "JWT").value() + key.sign_jws("{}", "JWT").value();
    };
    EXPECT_EQ(run(1), run(1));
    EXPECT_NE(run(1), run(2));
    const PrivateKey key = PrivateKey::generate().value();
    EXPECT_NE(key.pem(), PrivateKey::generate().value().pem());
    EXPECT_NE(key.sign_jws("{}", "JWT").value(), key.sign_jws("{}", "JWT").value());
}

}  // namespace
}  // namespace nguon::crypto
