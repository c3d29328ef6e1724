// OpenSSL's random numbers from ours, for simulators and tests.
#pragma once

#include "base/time.h"

namespace nguon::crypto {

// While this lives, every random byte that OpenSSL uses in this process comes from `random`: new
// keys, and the nonces of signatures, then repeat with its seed. One at a time. Threads: made and
// destroyed while no other thread uses OpenSSL.
class ReplayedRandom {
public:
    explicit ReplayedRandom(Random& random);
    ~ReplayedRandom();
    ReplayedRandom(const ReplayedRandom&) = delete;
    ReplayedRandom& operator=(const ReplayedRandom&) = delete;
};

}  // namespace nguon::crypto
