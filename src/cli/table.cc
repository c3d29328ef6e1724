#include "cli/table.h"

#include <unicode/uchar.h>

namespace nguon::cli {
namespace {

constexpr char32_t kReplacement = 0xFFFD;
constexpr int kNarrowest = 4;
constexpr int kReadable = 10;
constexpr int kGap = 2;

// The code point at `at`, which moves past it. Bytes that are no UTF-8 (RFC 3629) are taken one by
// one.
char32_t next_code_point(std::string_view text, std::size_t& at) {
    const auto lead = static_cast<unsigned char>(text[at++]);
    if (lead < 0x80) return lead;
    const std::size_t more = lead >= 0xF0 && lead < 0xF5 ? 3
                             : lead >= 0xE0              ? 2
                             : lead >= 0xC2              ? 1
                                                         : 0;
    if (more == 0 || lead >= 0xF5 || at + more > text.size()) return kReplacement;
    char32_t point = static_cast<char32_t>(lead) & (0x3Fu >> more);
    for (std::size_t i = 0; i < more; ++i) {
        const auto byte = static_cast<unsigned char>(text[at + i]);
        if ((byte & 0xC0) != 0x80) return kReplacement;
        point = (point << 6) | (byte & 0x3Fu);
    }
    static constexpr char32_t kLowest[] = {0, 0x80, 0x800, 0x10000};
    const bool surrogate = point >= 0xD800 && point < 0xE000;
    if (point < kLowest[more] || surrogate || point > 0x10FFFF) return kReplacement;
    at += more;
    return point;
}

int columns_of(char32_t point) {
    if (point < 0x300) return point < 0x20 || (point >= 0x7F && point < 0xA0) ? 0 : 1;
    const auto code = static_cast<UChar32>(point);
    switch (u_charType(code)) {
        case U_NON_SPACING_MARK:
        case U_ENCLOSING_MARK:
        case U_FORMAT_CHAR: return 0;
        default: break;
    }
    const int width = u_getIntPropertyValue(code, UCHAR_EAST_ASIAN_WIDTH);
    return width == U_EA_WIDE || width == U_EA_FULLWIDTH ? 2 : 1;
}

bool is_plain(std::string_view text) {
    return std::all_of(text.begin(), text.end(), [](char c) { return c >= 0x20 && c < 0x7F; });
}

bool turns_direction(char32_t point) {
    return point == 0x200E || point == 0x200F || (point >= 0x202A && point <= 0x202E) ||
           (point >= 0x2066 && point <= 0x2069);
}

std::string padded(std::string_view text, int width, Align align) {
    const int missing = width - width_of(text);
    const std::string space(missing > 0 ? static_cast<std::size_t>(missing) : 0, ' ');
    return align == Align::kRight ? space + std::string(text) : std::string(text) + space;
}

}  // namespace

int width_of(std::string_view text) {
    if (is_plain(text)) return static_cast<int>(text.size());
    int width = 0;
    for (std::size_t at = 0; at < text.size();)
        width += columns_of(next_code_point(text, at));
    return width;
}

std::string printable(std::string_view text) {
    if (is_plain(text)) return std::string(text);
    std::string shown;
    shown.reserve(text.size());
    for (std::size_t at = 0; at < text.size();) {
        const std::size_t start = at;
        const char32_t point = next_code_point(text, at);
        if (point == '\n' || point == 0x2028 || point == 0x2029) {
            shown += "⏎";
        } else if (point == '\t') {
            shown += ' ';
        } else if (point == '\r') {
            continue;
        } else if (point < 0x20 || (point >= 0x7F && point < 0xA0) || turns_direction(point)) {
            shown += "·";
        } else if (point == kReplacement) {
            shown += "\uFFFD";
        } else {
            shown += text.substr(start, at - start);
        }
    }
    return shown;
}

std::string shell_word(std::string_view word) {
    const auto is_plain = [](char c) {
        return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
               std::string_view("_-./,:=@%+").contains(c) || static_cast<unsigned char>(c) >= 0x80;
    };
    if (!word.empty() && std::ranges::all_of(word, is_plain)) return std::string(word);
    std::string quoted = "'";
    for (const char c : word)
        quoted += c == '\'' ? std::string("'\\''") : std::string(1, c);
    return quoted + "'";
}

std::string cut(std::string_view text, int width, const Style& style) {
    if (width_of(text) <= width) return std::string(text);
    const int room = std::max(0, width - width_of(style.ellipsis()));
    int used = 0;
    std::size_t end = 0;
    for (std::size_t at = 0; at < text.size(); end = at) {
        used += columns_of(next_code_point(text, at));
        if (used > room) break;
    }
    return std::string(text.substr(0, end)) + std::string(style.ellipsis());
}

void Table::add(std::vector<Cell> row) {
    row.resize(m_columns.size());
    for (Cell& cell : row)
        cell.text = printable(cell.text);
    m_rows.push_back(std::move(row));
}

std::vector<int> Table::widths(const Style& style, int indent) const {
    std::vector<int> widths;
    for (const Column& column : m_columns)
        widths.push_back(width_of(column.title));
    for (const auto& row : m_rows) {
        for (std::size_t c = 0; c < row.size(); ++c) {
            widths[c] = std::max(widths[c], row[c].missing ? 1 : width_of(row[c].text));
        }
    }
    if (style.width <= 0 || widths.empty()) return widths;
    int spare = style.width - indent - kGap * (static_cast<int>(widths.size()) - 1);
    for (const int width : widths)
        spare -= width;
    while (spare < 0) {  // the widest gives way first
        const auto widest = std::max_element(widths.begin(), widths.end());
        if (*widest <= kNarrowest) break;
        --*widest;
        ++spare;
    }
    return widths;
}

bool Table::is_readable(const Style& style) const {
    Style unlimited = style;
    unlimited.width = 0;
    const std::vector<int> wanted = widths(unlimited, 0), given = widths(style, 0);
    for (std::size_t c = 0; c < wanted.size(); ++c) {
        if (given[c] < std::min(wanted[c], kReadable)) return false;
    }
    return true;
}

std::string Table::render_records(const Style& style) const {
    int widest = 0;
    for (const Column& column : m_columns)
        widest = std::max(widest, width_of(column.title));
    std::string text;
    for (const auto& row : m_rows) {
        if (!text.empty()) text += '\n';
        for (std::size_t c = 0; c < row.size(); ++c) {
            const std::string label = padded(m_columns[c].title, widest, Align::kLeft);
            const Cell& cell = row[c];
            text += style.ink(Ink::kDim, label) + std::string(kGap, ' ');
            text += (cell.missing ? style.ink(Ink::kDim, style.dash()) : cell.text) + "\n";
        }
    }
    return text;
}

std::string Table::render(const Style& style, int indent) const {
    const std::vector<int> sizes = widths(style, indent);
    const std::string margin(static_cast<std::size_t>(indent), ' ');
    std::string heads = margin, line = margin, text;
    for (std::size_t c = 0; c < m_columns.size(); ++c) {
        const std::string gap(c == 0 ? 0 : static_cast<std::size_t>(kGap), ' ');
        const bool last = c + 1 == m_columns.size();
        const std::string title = cut(m_columns[c].title, sizes[c], style);
        const bool bare =
            last && m_columns[c].align == Align::kLeft;  // no blanks at the end of a line
        heads +=
            gap + style.ink(Ink::kBold, bare ? title : padded(title, sizes[c], m_columns[c].align));
        line += gap;
        for (int i = 0; i < sizes[c]; ++i)
            line += style.unicode ? "─" : "-";
    }
    text = heads + "\n" + style.ink(Ink::kDim, line) + "\n";
    for (const auto& row : m_rows) {
        text += margin;
        for (std::size_t c = 0; c < row.size(); ++c) {
            if (c > 0) text.append(static_cast<std::size_t>(kGap), ' ');
            const Cell& cell = row[c];
            const std::string shown =
                cell.missing ? std::string(style.dash()) : cut(cell.text, sizes[c], style);
            const bool bare = c + 1 == row.size() && m_columns[c].align == Align::kLeft;
            const std::string placed = bare ? shown : padded(shown, sizes[c], m_columns[c].align);
            text += cell.missing ? style.ink(Ink::kDim, placed) : placed;
        }
        while (text.ends_with(' '))
            text.pop_back();
        text += '\n';
    }
    return text;
}

}  // namespace nguon::cli
