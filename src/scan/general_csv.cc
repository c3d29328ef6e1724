// The splitter for dialects that the fast one does not read.
#include <algorithm>

#include "scan/csv.h"

namespace nguon::scan {
namespace {

std::string_view between(const char* begin, const char* end) {
    return {begin, static_cast<std::size_t>(end - begin)};
}

}  // namespace

bool GeneralSplitter::is_line_end(const char* at, const char* end) const {
    if (*at == '\n') return true;
    if (*at != '\r') return false;
    return m_dialect.line_end == LineEnd::kCr || (at + 1 < end && at[1] == '\n');
}

bool GeneralSplitter::is_delimiter(const char* at, const char* end) const {
    const std::string& delimiter = m_dialect.delimiter;
    return static_cast<std::size_t>(end - at) >= delimiter.size() &&
           std::equal(delimiter.begin(), delimiter.end(), at);
}

const char* GeneralSplitter::find_line_end(const char* from, const char* end) const {
    while (from < end && !is_line_end(from, end))
        ++from;
    return from;
}

GeneralSplitter::Field GeneralSplitter::quoted_field(const char* open, const char* end,
                                                     bool at_end_of_input,
                                                     std::deque<std::string>& arena) const {
    Field field;
    const char quote = m_dialect.quote, escape = m_dialect.escape;
    const char* limit = std::min<std::ptrdiff_t>(end - open, kLongestQuoted) + open;
    std::string plain;  // used once something was taken out
    const char* copied = open + 1;
    int lines = 0;
    const auto cut = [&](const char* upto, const char* from) {
        plain += between(copied, upto);
        copied = from;
    };
    for (const char* at = open + 1;; ++at) {
        if (at == limit) {
            field.broken = limit != end || at_end_of_input;
            field.after = field.broken ? limit : nullptr;
            return field;
        }
        if (is_line_end(at, end)) {
            if (field.newline == nullptr) field.newline = at;
            if (*at == '\r' && at + 1 < end && at[1] == '\n') continue;  // counted at the LF
            if (++lines > kMostQuotedLines) {
                field.broken = true;
                field.after = at;
                return field;
            }
        } else if (escape != 0 && *at == escape && at + 1 < limit &&
                   (at[1] == quote || at[1] == escape)) {
            cut(at, at + 1);
            ++at;
        } else if (*at == quote) {
            if (at + 1 == end && !at_end_of_input) return field;
            if (at + 1 < end && at[1] == quote) {
                cut(at, at + 1);
                ++at;
                continue;
            }
            // A delimiter or CR LF could still be cut at the end of what is there.
            const auto left = static_cast<std::size_t>(end - (at + 1));
            if (!at_end_of_input && left < std::max<std::size_t>(m_dialect.delimiter.size(), 2))
                return field;
            field.after = at + 1;
            field.broken = left > 0 && !is_delimiter(at + 1, end) && !is_line_end(at + 1, end) &&
                           !(at_end_of_input && left == 1 && at[1] == '\r');
            if (plain.empty() && copied == open + 1) {
                field.text = between(open + 1, at);
            } else {
                plain += between(copied, at);
                field.text = arena.emplace_back(std::move(plain));
            }
            return field;
        }
    }
}

GeneralSplitter::Field GeneralSplitter::plain_field(const char* begin, const char* end,
                                                    bool at_end_of_input, LineEnds escapes,
                                                    std::deque<std::string>& arena) const {
    Field field;
    const char escape = m_dialect.escape;
    std::string plain;
    const char* copied = begin;
    const char* at = begin;
    for (; at < end; ++at) {
        if (escape != 0 && *at == escape && at + 1 < end &&
            (at[1] == m_dialect.quote || at[1] == escape || is_delimiter(at + 1, end))) {
            plain += between(copied, at);
            copied = ++at;
            continue;
        }
        if (escapes == LineEnds::kMayBeEscaped && *at == escape && at + 1 < end &&
            is_line_end(at + 1, end)) {
            plain += between(copied, at);
            copied = ++at;
            if (field.newline == nullptr) field.newline = at;
            if (*at == '\r' && at + 1 < end && at[1] == '\n') ++at;
            continue;
        }
        if (is_delimiter(at, end) || is_line_end(at, end)) break;
    }
    if (at == end && !at_end_of_input) return field;
    field.after = at;
    const char* text_end = at;
    if (at == end && at > copied && at[-1] == '\r') --text_end;  // cut within CR LF
    if (copied == begin) {
        field.text = between(begin, text_end);
        if (escape == kNullMark[0] && field.text == kNullMark) field.text = {};
    } else {
        plain += between(copied, text_end);
        field.text = arena.emplace_back(std::move(plain));
    }
    return field;
}

// Where backslashes escape, one before a line end makes that a part of the value (MySQL,
// PostgreSQL). Where this gives no whole record, it was the value's last sign, as in C:\data\.
SplitRecord GeneralSplitter::split(const char* begin, const char* end, bool at_end_of_input,
                                   std::vector<std::string_view>& fields,
                                   std::deque<std::string>& arena) const {
    if (m_dialect.escape != 0 && m_dialect.columns > 0) {
        const std::size_t first_field = fields.size();
        const SplitRecord record =
            split_as(begin, end, {at_end_of_input, LineEnds::kMayBeEscaped}, fields, arena);
        if (record.flags == 0) return record;
        fields.resize(first_field);
    }
    return split_as(begin, end, {at_end_of_input, LineEnds::kEndRecords}, fields, arena);
}

SplitRecord GeneralSplitter::split_as(const char* begin, const char* end, const Reading& reading,
                                      std::vector<std::string_view>& fields,
                                      std::deque<std::string>& arena) const {
    const auto [at_end_of_input, escapes] = reading;
    const std::size_t first_field = fields.size();
    const char* line_inside = nullptr;
    SplitRecord record;
    const auto finish = [&](const char* line) {
        if (line == end && !at_end_of_input) return;
        // CR LF is one line end; a CR at the end of what is there could be its first half.
        if (line + 1 == end && *line == '\r' && !at_end_of_input) return;
        record.text = between(begin, line);
        if (line == end && !record.text.empty() && record.text.back() == '\r')
            record.text.remove_suffix(1);
        record.next = line;
        if (line < end) {
            const bool both = *line == '\r' && line + 1 < end && line[1] == '\n';
            record.next = line + (both ? 2 : 1);
        }
    };
    const auto damaged = [&](const char* from) {
        fields.resize(first_field);
        record.flags = kBrokenQuote;
        finish(line_inside != nullptr ? line_inside : find_line_end(from, end));
        return record;
    };
    for (const char* at = begin;;) {
        const bool quoted = m_dialect.quote != 0 && at < end && *at == m_dialect.quote;
        const Field field = quoted ? quoted_field(at, end, at_end_of_input, arena)
                                   : plain_field(at, end, at_end_of_input, escapes, arena);
        if (field.after == nullptr) return record;
        if (line_inside == nullptr) line_inside = field.newline;
        if (field.broken) return damaged(at);
        fields.push_back(field.text);
        if (field.after < end && is_delimiter(field.after, end)) {
            at = field.after + m_dialect.delimiter.size();
            continue;
        }
        finish(field.after);
        if (record.next == nullptr) return record;
        break;
    }
    const std::size_t expected = m_dialect.columns == 0 ? fields.size() - first_field  // not known
                                                        : m_dialect.columns;
    if (m_dialect.trailing_delimiter && fields.size() - first_field == expected + 1 &&
        fields.back().empty()) {
        fields.pop_back();
    }
    if (fields.size() - first_field != expected) {
        // A quote that swallowed line ends and yet closed: the line before was the damaged one.
        if (line_inside != nullptr) {
            record.next = nullptr;
            return damaged(begin);
        }
        record.flags = kFieldCount;
    }
    return record;
}

const char* GeneralSplitter::last_record_end(const char* begin, const char* end,
                                             bool at_end_of_input) const {
    std::vector<std::string_view> fields;
    std::deque<std::string> arena;
    while (begin < end) {
        fields.clear();
        arena.clear();
        const SplitRecord whole = split(begin, end, at_end_of_input, fields, arena);
        if (whole.next == nullptr) return begin;
        begin = whole.next;
    }
    return begin;
}

}  // namespace nguon::scan
