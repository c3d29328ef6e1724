// What parent and child say to each other: one byte of kind, four of length (little endian), the
// payload.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

#include "base/json.h"
#include "base/result.h"
#include "query/query.h"

namespace nguon::query {

enum class Kind : char {
    kQuestion =
        'Q',  // parent:
              // {"sql","format","names_only","memory","rows","output","threads","cpu","folders"}
    kNames = 'N',    // child: ["population.person",…]
    kTables = 'T',   // parent: [{"dataset","view_sql","files"}]
    kColumns = 'C',  // child: [{"name","type"}]
    kRows = 'R',     // child: a piece of the body
    kEnd = 'D',      // child: {"rows","truncated"}
    kError = 'E',    // child: an Error
};

struct Frame {
    Kind kind{};
    std::string payload;
};

inline constexpr std::size_t kFrameHead = 5;
inline constexpr std::size_t kMaxFrame = std::size_t{16} << 20;
inline constexpr std::size_t kPiece = std::size_t{256} << 10;  // of the body
inline constexpr int kOutputDescriptor = 3;                    // the Parquet file in the child

std::string frame_head(Kind kind, std::size_t size);
std::uint32_t frame_size(std::string_view head);

std::string error_text(const Error& error);
Error error_from_text(std::string_view text);  // internal when it is no such text

}  // namespace nguon::query
