// Time that stands still and randomness from a seed, for simulators and tests.
#pragma once

#include <atomic>
#include <mutex>
#include <random>

#include "base/time.h"

namespace nguon {

class ManualClock final : public Clock {
public:
    Micros now() override { return at; }
    std::atomic<Micros> at = 1'800'000'000'000'000;  // 2027-01-15T08:00:00Z
};

class SeededRandom final : public Random {
public:
    explicit SeededRandom(unsigned seed = 7) : m_engine(seed) {}
    void fill(std::span<unsigned char> bytes) override {
        const std::lock_guard guard(m_mutex);
        for (unsigned char& byte : bytes)
            byte = static_cast<unsigned char>(m_engine());
    }

private:
    std::mutex m_mutex;
    std::mt19937 m_engine;
};

}  // namespace nguon
