// The shape of a value: what a reader sees of its form before its meaning. "29A-123.45" ->
// "9{2}A-9{3}.9{2}", "Nguyễn Văn An" -> "Aa Aa Aa", "VN-001" -> "A{2}-9{3}".
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <unordered_map>
#include <utility>
#include <vector>

namespace nguon::intake {

// A run of digits is 9{n}, of capitals A{n}; a word of small letters is a, one with a capital
// first Aa. Other signs stand for themselves. Long values are cut with …. No letter or digit of the
// value itself remains.
void append_shape(std::string& out, std::string_view value);

// The commonest shapes of a column. Bounded: shapes past the first 200 are counted together.
class Shapes {
public:
    void see(std::string_view value);
    std::vector<std::pair<std::string, std::int64_t>> top(std::size_t most) const;
    std::int64_t seen() const { return m_seen; }

private:
    static constexpr std::size_t kMost = 200;
    std::unordered_map<std::string, std::int64_t> m_counts;
    std::int64_t m_seen = 0;
    std::string m_buffer;
};

}  // namespace nguon::intake
