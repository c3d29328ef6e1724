#include "scan/repair.h"

#include <algorithm>

#include "scan/csv.h"

namespace nguon::scan {
namespace {

constexpr std::size_t kMostTries = 64;      // quotes that are tried as letters, one after the other
constexpr std::size_t kMostWork = 4 << 20;  // bytes looked at for one record, over all tries

// How one row's quotes are taken.
struct Reading {
    bool pair_closes =
        false;  // "" before a delimiter is a quote that belongs to the text, and the end
    std::size_t letter = std::string_view::npos;  // the field whose opening quote is a letter
};

struct Fields {
    std::vector<std::string> values;
    std::size_t quotes = 0;  // fields that a quote opened
    bool odd = false;        // a quote that neither opens, closes nor is doubled
};

class Reader {
public:
    Reader(std::string_view text, const Dialect& dialect) : m_text(text), m_dialect(dialect) {}

    Fields read(const Reading& reading) const {
        Fields fields;
        for (std::size_t at = 0;;) {
            std::string value;
            bool quoted =
                m_dialect.quote != 0 && at < m_text.size() && m_text[at] == m_dialect.quote;
            if (quoted && fields.quotes++ == reading.letter) quoted = false;
            std::size_t after =
                quoted ? close(at, reading.pair_closes, value, fields.odd) : m_text.npos;
            fields.odd = fields.odd || (quoted && after == m_text.npos);
            if (after == m_text.npos) {  // not quoted, or never closed: the quote is a letter
                after = plain(at, value);
            }
            fields.values.push_back(std::move(value));
            if (after >= m_text.size()) return fields;
            at = after + m_dialect.delimiter.size();
        }
    }

private:
    bool ends_field(std::size_t at) const {
        return at == m_text.size() || m_text.substr(at).starts_with(m_dialect.delimiter);
    }

    // After a field without quotes.
    std::size_t plain(std::size_t at, std::string& value) const {
        const char escape = m_dialect.escape;
        value.clear();
        for (; at < m_text.size() && !ends_field(at); ++at) {
            const bool escapes = escape != 0 && m_text[at] == escape && at + 1 < m_text.size() &&
                                 (m_text[at + 1] == escape || m_text[at + 1] == m_dialect.quote ||
                                  ends_field(at + 1));
            if (escapes) ++at;
            value += m_text[at];
        }
        return at;
    }

    // After the quote that closes the field; npos when none does. Quotes that close nothing are
    // letters.
    std::size_t close(std::size_t open, bool pair_closes, std::string& value, bool& odd) const {
        const char quote = m_dialect.quote, escape = m_dialect.escape;
        for (std::size_t at = open + 1; at < m_text.size() && m_work < kMostWork; ++at, ++m_work) {
            const char c = m_text[at];
            const bool more = at + 1 < m_text.size();
            if (escape != 0 && c == escape && more &&
                (m_text[at + 1] == quote || m_text[at + 1] == escape)) {
                value += m_text[++at];
            } else if (c == quote && ends_field(at + 1)) {
                return at + 1;
            } else if (c == quote && more && m_text[at + 1] == quote) {
                value += quote;
                // At the field's start the pair is the opening quote and a letter.
                if (at == open + 1 && !ends_field(at + 2)) {
                    odd = true;
                    continue;
                }
                if (pair_closes && ends_field(at + 2)) return at + 2;
                ++at;
            } else {
                odd = odd || c == quote;
                value += c;
            }
        }
        return m_text.npos;
    }

    std::string_view m_text;
    const Dialect& m_dialect;
    mutable std::size_t m_work = 0;  // past the bound every quote is a letter
};

// The row under other delimiters, whole and with the usual number of fields.
std::vector<std::string> under_another_delimiter(std::string_view record, const Dialect& dialect) {
    for (const std::string_view other : {",", ";", "\t", "|", " "}) {
        if (dialect.delimiter.find(other) != std::string::npos) continue;
        // Words of a sentence are no fields, unless quotes say that they are.
        if (other == " " && record.find(dialect.quote) == std::string_view::npos) continue;
        Dialect changed = dialect;
        changed.delimiter = other;
        changed.columns = dialect.usual_columns;
        std::vector<std::string_view> fields;
        std::deque<std::string> arena;
        const SplitRecord row = GeneralSplitter(changed).split(
            record.data(), record.data() + record.size(), true, fields, arena);
        if (row.flags == 0) return {fields.begin(), fields.end()};
    }
    return {};
}

}  // namespace

std::vector<std::string> repaired_fields(std::string_view record, const Dialect& dialect) {
    while (record.ends_with('\n') || record.ends_with('\r'))
        record.remove_suffix(1);
    if (record.size() > kLongestRepaired) return {std::string(record)};
    const std::size_t wanted = dialect.usual_columns;
    const auto fits = [&](std::vector<std::string>& values) {
        const bool trailing = dialect.trailing_delimiter && values.size() == wanted + 1;
        if (trailing && values.back().empty()) values.pop_back();
        return values.size() == wanted;
    };
    const Reader reader(record, dialect);
    Fields plain = reader.read({});
    if (fits(plain.values)) return plain.values;
    // Quotes that are all in their place say where the fields are, however many.
    if (plain.odd) {
        Fields closed = reader.read({true, std::string_view::npos});
        if (fits(closed.values)) return closed.values;
    }
    const std::size_t tries = plain.odd ? std::min(plain.quotes, kMostTries) : 0;
    for (std::size_t letter = 0; letter < tries; ++letter) {
        Fields read = reader.read({false, letter});
        if (fits(read.values)) return read.values;
    }
    if (wanted > 2) {
        std::vector<std::string> other = under_another_delimiter(record, dialect);
        if (!other.empty()) return other;
    }
    return plain.values;
}

}  // namespace nguon::scan
