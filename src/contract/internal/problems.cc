#include "contract/internal/problems.h"

#include <fmt/format.h>

#include <algorithm>
#include <numeric>
#include <tuple>

namespace nguon::contract::internal {
namespace {

bool starts_character(char byte) {
    return (static_cast<unsigned char>(byte) & 0xC0U) != 0x80U;
}

}  // namespace

void Problems::index() const {
    m_lines.push_back(0);
    std::size_t characters = 0;
    for (std::size_t i = 0; i < m_text.size(); ++i) {
        if (i % kBlock == 0) m_blocks.push_back(characters);
        if (starts_character(m_text[i])) ++characters;
        if (m_text[i] == '\n') m_lines.push_back(i + 1);
    }
    m_blocks.push_back(characters);  // of a text that ends with a block
}

std::size_t Problems::characters_before(std::size_t byte) const {
    const std::size_t block = byte / kBlock;
    const std::string_view rest = m_text.substr(block * kBlock, byte % kBlock);
    return m_blocks[block] +
           static_cast<std::size_t>(std::count_if(rest.begin(), rest.end(), starts_character));
}

int Problems::column_in_characters(Mark at) const {
    if (at.line <= 0) return 0;
    if (m_lines.empty()) index();
    const auto line = static_cast<std::size_t>(at.line) - 1;
    if (line >= m_lines.size()) return at.column;
    const std::size_t start = m_lines[line];
    const std::size_t bytes = static_cast<std::size_t>(std::max(at.column - 1, 0));
    const std::size_t end = std::min(start + bytes, m_text.size());
    return 1 + static_cast<int>(characters_before(end) - characters_before(start));
}

void Problems::add(Mark at, std::string_view path, Text problem, Text fix) {
    ++m_found;
    if (full()) return;
    Problem one;
    one.file = m_file;
    one.line = at.line;
    one.column = column_in_characters(at);
    one.path = path;
    one.problem = std::move(problem);
    one.fix = std::move(fix);
    m_kept.push_back(std::move(one));
}

Error Problems::to_error() const {
    Error error;
    error.code = Code::kInvalid;
    const std::string file(m_file);
    error.detail = {fmt::format("Hợp đồng dữ liệu {} có {} chỗ sai", file, m_found),
                    fmt::format("The data contract {} has {} problem{}", file, m_found,
                                m_found == 1 ? "" : "s")};
    if (m_found > m_kept.size()) {
        error.detail.vi += fmt::format("; đây là {} chỗ đầu", m_kept.size());
        error.detail.en += fmt::format("; these are the first {}", m_kept.size());
    }
    error.fix = {"Sửa từng chỗ theo gợi ý rồi gửi lại.",
                 "Fix each as suggested, then send it again."};
    // By place, and as found where the place is the same. Not std::stable_sort: clang refuses what
    // libstdc++ 12 does inside it.
    std::vector<std::size_t> order(m_kept.size());
    std::iota(order.begin(), order.end(), std::size_t{0});
    std::sort(order.begin(), order.end(), [this](std::size_t left, std::size_t right) {
        const Problem &a = m_kept[left], &b = m_kept[right];
        return std::tie(a.line, a.column, left) < std::tie(b.line, b.column, right);
    });
    for (const std::size_t at : order)
        error.errors.push_back(m_kept[at]);
    return error;
}

std::string shown(std::string_view text) {
    constexpr std::size_t kMostCharacters = 60;
    std::string out = "`";
    std::size_t characters = 0;
    for (const char byte : text) {
        if (starts_character(byte) && ++characters > kMostCharacters) {
            out += "…";
            break;
        }
        const auto code = static_cast<unsigned char>(byte);
        out += code < 0x20U || code == 0x7FU ? '?' : byte;
    }
    return out + "`";
}

std::string shown_list(const std::vector<std::string>& names) {
    std::string out;
    for (const std::string& name : names) {
        if (!out.empty()) out += ", ";
        out += shown(name);
    }
    return out;
}

}  // namespace nguon::contract::internal
