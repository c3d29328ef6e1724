// `nguon serve` as a process of its own over a new node with one dataset, b.person, whose rows are
// written one by one.
#pragma once

#include <sys/types.h>

#include <cstdint>
#include <filesystem>
#include <memory>
#include <string>

#include "base/result.h"
#include "bench.h"

namespace nguon::bench {

class Served {
public:
    static Result<std::unique_ptr<Served>> start(const Options& options,
                                                 const std::filesystem::path& folder);
    ~Served();
    const std::string& address() const { return m_address; }  // of the internal listener
    // Whole requests: one that writes the row of a person, one that waits for the change `from`.
    std::string put(std::uint64_t id) const;
    std::string follow(std::int64_t from) const;

private:
    Served() = default;
    pid_t m_pid = -1;
    std::string m_address, m_token;
};

}  // namespace nguon::bench
