// OpenSSL 3 deprecates methods in favour of providers. A method is still asked first
// (RAND_bytes(3)), and a provider for one generator would be hundreds of lines.
#define OPENSSL_SUPPRESS_DEPRECATED
#include "crypto/replayed_random.h"

#include <openssl/rand.h>

#include <cstddef>

namespace nguon::crypto {
namespace {

Random* given = nullptr;

int fill(unsigned char* out, int count) {
    given->fill({out, static_cast<std::size_t>(count)});
    return 1;
}

int is_seeded() {
    return 1;
}

const RAND_METHOD kMethod = {nullptr, fill, nullptr, nullptr, fill, is_seeded};

}  // namespace

ReplayedRandom::ReplayedRandom(Random& random) {
    given = &random;
    RAND_set_rand_method(&kMethod);
}

ReplayedRandom::~ReplayedRandom() {
    RAND_set_rand_method(nullptr);  // its own again
    given = nullptr;
}

}  // namespace nguon::crypto
