// Files of /proc and /sys: their size is 0 whatever they hold, so they are read to their end.
#pragma once

#include <fcntl.h>
#include <unistd.h>

#include <array>
#include <string>

namespace nguon::node {

// Empty when it cannot be read. At most 64 KiB.
inline std::string read_kernel_file(const std::string& path) {
    std::string text;
    const int descriptor = ::open(path.c_str(), O_RDONLY | O_CLOEXEC);
    if (descriptor < 0) return text;
    constexpr std::size_t kMost = 64 << 10;
    std::array<char, 4096> piece;
    for (;;) {
        const ssize_t count = ::read(descriptor, piece.data(), piece.size());
        if (count <= 0 || text.size() >= kMost) break;
        text.append(piece.data(), static_cast<std::size_t>(count));
    }
    ::close(descriptor);
    return text;
}

}  // namespace nguon::node
