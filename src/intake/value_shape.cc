#include "intake/value_shape.h"

#include <fmt/format.h>
#include <unicode/uchar.h>

#include <algorithm>

namespace nguon::intake {
namespace {

constexpr std::size_t kLongest = 40;

enum class Kind { kDigit, kUpper, kLower, kOther };

// One character, by its lead byte; bytes that are no UTF-8 are one each.
std::size_t length_at(std::string_view text, std::size_t at) {
    const auto lead = static_cast<unsigned char>(text[at]);
    const std::size_t length = lead < 0xC0 ? 1 : lead < 0xE0 ? 2 : lead < 0xF0 ? 3 : 4;
    return std::min(length, text.size() - at);
}

Kind kind_at(std::string_view text, std::size_t at, std::size_t length) {
    const auto lead = static_cast<unsigned char>(text[at]);
    if (lead < 0x80) {
        if (lead >= '0' && lead <= '9') return Kind::kDigit;
        if (lead >= 'A' && lead <= 'Z') return Kind::kUpper;
        return lead >= 'a' && lead <= 'z' ? Kind::kLower : Kind::kOther;
    }
    if (length == 1) return Kind::kOther;
    UChar32 point = lead & (length == 2 ? 0x1F : length == 3 ? 0x0F : 0x07);
    for (std::size_t i = 1; i < length; ++i)
        point = (point << 6) | (static_cast<unsigned char>(text[at + i]) & 0x3F);
    if (u_isupper(point) != 0) return Kind::kUpper;
    // A mark belongs to the letter before it.
    return u_isalpha(point) != 0 || u_charType(point) == U_NON_SPACING_MARK ? Kind::kLower
                                                                            : Kind::kOther;
}

void append_run(std::string& out, char sign, std::size_t count) {
    out += sign;
    if (count > 1) fmt::format_to(std::back_inserter(out), "{{{}}}", count);
}

}  // namespace

void append_shape(std::string& out, std::string_view value) {
    const std::size_t start = out.size();
    for (std::size_t i = 0; i < value.size();) {
        if (out.size() - start >= kLongest) {
            out += "…";
            return;
        }
        std::size_t length = length_at(value, i);
        const Kind kind = kind_at(value, i, length);
        if (kind == Kind::kOther) {
            out += length == 1 && static_cast<unsigned char>(value[i]) >= 0x80
                       ? std::string_view("?")
                       : value.substr(i, length);
            i += length;
            continue;
        }
        std::size_t run = 0, uppers = 0, lowers = 0;
        for (; i < value.size(); i += length) {
            length = length_at(value, i);
            const Kind next = kind_at(value, i, length);
            const bool is_letter = next == Kind::kUpper || next == Kind::kLower;
            if (kind == Kind::kDigit ? next != Kind::kDigit : !is_letter) break;
            ++run;
            uppers += next == Kind::kUpper ? 1 : 0;
            lowers += next == Kind::kLower ? 1 : 0;
        }
        if (kind == Kind::kDigit) {
            append_run(out, '9', run);
        } else if (lowers == 0) {
            append_run(out, 'A', uppers);
        } else {
            out += kind == Kind::kUpper ? "Aa" : "a";
        }
    }
}

void Shapes::see(std::string_view value) {
    ++m_seen;
    m_buffer.clear();
    append_shape(m_buffer, value);
    if (const auto found = m_counts.find(m_buffer); found != m_counts.end()) {
        ++found->second;
    } else if (m_counts.size() < kMost) {
        m_counts.emplace(m_buffer, 1);
    }
}

std::vector<std::pair<std::string, std::int64_t>> Shapes::top(std::size_t most) const {
    std::vector<std::pair<std::string, std::int64_t>> shapes(m_counts.begin(), m_counts.end());
    std::ranges::sort(shapes, [](const auto& a, const auto& b) {
        return a.second != b.second ? a.second > b.second : a.first < b.first;
    });
    if (shapes.size() > most) shapes.resize(most);
    return shapes;
}

}  // namespace nguon::intake
