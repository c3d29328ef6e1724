#include "scan/internal/other_tables.h"

#include <algorithm>

#if defined(__SSE2__)
#include <emmintrin.h>
#endif

#include "scan/internal/footer.h"
#include "scan/internal/sniff.h"

namespace nguon::scan {
namespace {

constexpr std::size_t kLongestLine = 1 << 20;
constexpr std::size_t kTitles = 3;  // rows of one cell between the empty row and the names

using Fields = std::vector<std::string>;

// The cells up to the last that is filled.
Fields filled_fields(const SampleRow& row) {
    Fields fields = row.fields;
    while (!fields.empty() && trim(fields.back()).empty())
        fields.pop_back();
    return fields;
}

bool is_value(std::string_view cell) {
    const CellKind kind = kind_of(cell);
    return kind == CellKind::kNumber || kind == CellKind::kTime;
}

bool are_names(const Fields& fields) {
    if (fields.size() < 2) return false;
    return std::ranges::all_of(fields, [](const std::string& field) {
        const CellKind kind = kind_of(field);
        return kind == CellKind::kWord || kind == CellKind::kText || kind == CellKind::kCode;
    });
}

// `names` above `values`, in a file whose table has `width` columns.
bool begins_table(const Fields& names, const Fields& values, const Fields& more,
                  const Dialect& dialect) {
    if (!are_names(names) || values.size() < 2 || values.size() > names.size()) return false;
    if (!more.empty() && more.size() > names.size()) return false;
    for (std::size_t c = 0; c < values.size(); ++c) {
        if (is_value(trim(values[c])) &&
            (more.empty() || c >= more.size() || is_value(trim(more[c]))))
            return true;  // a value under a name
    }
    return names.size() > dialect.columns && values.size() == names.size();
}

// A table of words alone: two rows at least, each as wide as the names, which are no signers'.
bool begins_words(const Fields& names, const Fields& values, const Fields& more, bool titled,
                  const Dialect& dialect) {
    constexpr std::size_t kLongestName = 60;
    if (!are_names(names) || values.size() != names.size() || more.size() != names.size())
        return false;
    // Rows of the table's own width may be a section of it.
    const bool narrower =
        names.size() < dialect.columns && dialect.filled_columns == dialect.columns;
    if (names.size() == dialect.columns || (!titled && !narrower)) return false;
    const std::vector<std::string_view> cells(names.begin(), names.end());
    if (names_signers(cells) || begins_notes(cells)) return false;
    for (std::size_t c = 0; c < names.size(); ++c) {
        const std::string_view name = names[c];
        const auto own = names.begin() + static_cast<std::ptrdiff_t>(c);
        const bool repeats = std::find(names.begin(), own, names[c]) != own;
        if (trim(name).empty() || repeats || name.size() > kLongestName) return false;
        if (values[c] == names[c] || more[c] == names[c] || name.find(':') != name.npos)
            return false;
        if (trim(values[c]).empty() || trim(more[c]).empty()) return false;
    }
    return true;
}

// Empty rows: where they begin, and the row after them.
struct Gap {
    std::size_t begin = 0, row = 0;
};
// The first ones at or after `line`, the start of a line.
bool next_gap(std::string_view text, std::size_t line_start, const Dialect& dialect, Gap& gap) {
    for (std::size_t from = line_start; from < text.size();) {
        const char next = text[from];
        if (next != '\n' && next != '\r' && next != dialect.delimiter[0]) {
            from = std::min(text.find('\n', from), text.size() - 1) + 1;
            continue;
        }
        gap.begin = gap.row = from;
        while (gap.row < text.size()) {
            const std::size_t line = std::min(text.find('\n', gap.row), text.size() - 1);
            std::string_view row = text.substr(gap.row, line - gap.row);
            if (row.ends_with('\r')) row.remove_suffix(1);
            if (!is_only_delimiters(row, dialect)) break;
            gap.row = line + 1;
        }
        if (gap.row > gap.begin) return true;
        from = std::min(text.find('\n', from), text.size() - 1) + 1;
    }
    return false;
}

}  // namespace

std::size_t count_line_feeds(std::string_view text) {
    std::size_t count = 0, at = 0;
#if defined(__SSE2__)
    const __m128i feed = _mm_set1_epi8('\n');
    for (; at + 16 <= text.size(); at += 16) {
        const __m128i bytes = _mm_loadu_si128(reinterpret_cast<const __m128i*>(text.data() + at));
        count += static_cast<std::size_t>(__builtin_popcount(
            static_cast<unsigned>(_mm_movemask_epi8(_mm_cmpeq_epi8(bytes, feed)))));
    }
#endif
    for (; at < text.size(); ++at)
        count += text[at] == '\n' ? 1 : 0;
    return count;
}

TableEnd find_table_end(std::string_view text, bool whole, const Dialect& dialect) {
    if (dialect.columns < 2 || dialect.line_end == LineEnd::kCr || dialect.delimiter == " ")
        return {text.size(), false, false};
    Dialect any = dialect;
    any.columns = 0;
    Gap gap;
    for (std::size_t from = 0; next_gap(text, from, dialect, gap); from = gap.row) {
        // A line of a long text may be empty too: what follows must be read from a record's start.
        const auto rows = sample_rows(text.substr(gap.row), any, kTitles + 4);
        std::size_t first = 0;
        while (first < std::min(rows.size(), kTitles) && !rows[first].broken &&
               rows[first].filled() == 1)
            ++first;
        if (first + 3 > rows.size() && !whole) return {gap.begin, false, true};
        if (first + 2 > rows.size() || rows[first].broken || rows[first + 1].broken) continue;
        const Fields names = filled_fields(rows[first]);
        const Fields more =
            first + 2 < rows.size() && !rows[first + 2].after_gap && !rows[first + 2].broken
                ? filled_fields(rows[first + 2])
                : Fields();
        const bool own =
            dialect.has_header &&
            std::equal(names.begin(), names.end(), dialect.header.begin(), dialect.header.end());
        const Fields values = filled_fields(rows[first + 1]);
        if (!own && (begins_table(names, values, more, dialect) ||
                     begins_words(names, values, more, first > 0, dialect)))
            return {gap.begin, true, false};
    }
    return {text.size(), false, false};
}

TableCounter::TableCounter(const Dialect& dialect, std::int64_t line)
    : m_dialect(dialect), m_line(line) {
    m_dialect.columns = 0;
    m_current.rows = 0;
}

void TableCounter::feed(std::string_view text) {
    while (!text.empty()) {
        const std::size_t end = text.find('\n');
        const std::string_view line = text.substr(0, end);
        text.remove_prefix(end == std::string_view::npos ? text.size() : end + 1);
        if (end == std::string_view::npos) {
            if (m_held.size() + line.size() <= kLongestLine) m_held += line;
            return;
        }
        if (m_held.empty()) {
            see_line(line);
        } else {
            m_held += line;
            see_line(m_held);
            m_held.clear();
        }
        ++m_line;
    }
}

void TableCounter::see_line(std::string_view line) {
    if (line.ends_with('\r')) line.remove_suffix(1);
    if (is_only_delimiters(line, m_dialect)) {
        end_table();
        return;
    }
    if (m_current.columns > 0) {
        ++m_current.rows;
        return;
    }
    const auto rows = sample_rows(line, m_dialect, 1);
    if (rows.empty() || rows[0].broken || rows[0].filled() < 2) return;  // a title
    m_current.columns = static_cast<std::int64_t>(filled_fields(rows[0]).size());
    m_current.line = m_line;
}

void TableCounter::end_table() {
    if (m_current.columns > 0 && m_current.rows > 0 && m_tables.size() < kMost)
        m_tables.push_back(m_current);
    m_current = Part();
    m_current.rows = 0;
}

std::vector<Part> TableCounter::finish() {
    if (!m_held.empty()) see_line(m_held);
    end_table();
    return std::move(m_tables);
}

}  // namespace nguon::scan
