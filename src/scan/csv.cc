#include "scan/csv.h"

#include <algorithm>
#include <cstring>

#if defined(__SSE2__)
#include <emmintrin.h>
#endif

namespace nguon::scan {
namespace {

const char* find(const char* from, const char* end, char c) {
    const void* at = std::memchr(from, c, static_cast<std::size_t>(end - from));
    return at != nullptr ? static_cast<const char*>(at) : end;
}

// The first `a` or '\n' at or after `from`; `end` when there is none. Fields are short: 16 bytes at
// a time beats memchr twice (measured: 1.9 times on eleven columns).
const char* find_either(const char* from, const char* end, char a) {
#if defined(__SSE2__)
    const __m128i first = _mm_set1_epi8(a);
    const __m128i second = _mm_set1_epi8('\n');
    while (end - from >= 16) {
        const __m128i bytes = _mm_loadu_si128(reinterpret_cast<const __m128i*>(from));
        const __m128i hits =
            _mm_or_si128(_mm_cmpeq_epi8(bytes, first), _mm_cmpeq_epi8(bytes, second));
        const int mask = _mm_movemask_epi8(hits);
        if (mask != 0) return from + __builtin_ctz(static_cast<unsigned>(mask));
        from += 16;
    }
#endif
    while (from < end && *from != a && *from != '\n')
        ++from;
    return from;
}

std::string_view between(const char* begin, const char* end) {
    return {begin, static_cast<std::size_t>(end - begin)};
}

std::string_view without_return(const char* begin, const char* end) {
    if (end > begin && end[-1] == '\r') --end;
    return between(begin, end);
}

// A dialect tried on the first lines of a file.
struct Candidate {
    char delimiter = ',', quote = '"';
    double score = -1;
    int opened = 0,
        closed = 0;  // records with a quote where a field starts; those of them that are whole
    std::vector<std::string> header = {};
};

Candidate try_dialect(std::string_view lines, char delimiter, char quote) {
    constexpr int kEnough = 200;
    Dialect dialect;
    dialect.delimiter = delimiter;
    dialect.quote = quote;
    Candidate candidate{delimiter, quote};
    std::size_t expected = 0;
    int records = 0, same = 0;
    const char* end = lines.data() + lines.size();
    for (const char* at = lines.data(); at < end && records < kEnough;) {
        std::vector<std::string_view> fields;
        std::deque<std::string> arena;
        const auto record = RecordSplitter(dialect, expected).split(at, end, true, fields, arena);
        at = record.next;
        if (record.text.empty()) continue;
        const bool opens =
            record.text[0] == quote ||
            record.text.find(std::string{delimiter, quote}) != std::string_view::npos;
        candidate.opened += opens ? 1 : 0;
        if ((record.flags & kBrokenQuote) != 0) continue;  // tells nothing of the delimiter
        candidate.closed += opens ? 1 : 0;
        if (records++ == 0) {
            expected = fields.size();
            for (const std::string_view field : fields)
                candidate.header.emplace_back(trim(field));
        } else if (fields.size() == expected) {
            ++same;
        }
    }
    if (records == 0) return candidate;
    const double agree = records > 1 ? static_cast<double>(same) / (records - 1) : 1.0;
    // More columns are more telling; one column is what every wrong delimiter gives.
    candidate.score =
        expected > 1 ? agree * (1.0 + 0.01 * static_cast<double>(expected)) : 0.4 * agree;
    return candidate;
}

}  // namespace

RecordSplitter::Quoted RecordSplitter::close_quote(const char* open, const char* end,
                                                   bool at_end_of_input) const {
    Quoted quoted;
    const char* limit =
        end - open > static_cast<std::ptrdiff_t>(kLongestQuoted) ? open + kLongestQuoted : end;
    const bool cut = limit == end && !at_end_of_input;  // more bytes could still close it
    int lines = 0;
    const char* counted = open + 1;  // line ends before here are counted
    const auto count_lines = [&](const char* upto) {
        for (const char* line = find(counted, upto, '\n'); line < upto;
             line = find(line + 1, upto, '\n')) {
            if (quoted.newline == nullptr) quoted.newline = line;
            if (++lines > kMostQuotedLines) break;
        }
        counted = upto;
    };
    for (const char* at = open + 1;;) {
        const char* quote = find(at, limit, m_quote);
        count_lines(quote);
        if (lines > kMostQuotedLines || (quote == limit && !cut)) {
            quoted.broken = true;
            quoted.after = limit;
            return quoted;
        }
        if (quote == limit) return quoted;  // needs more bytes
        const char* after = quote + 1;
        if (after == end) {
            if (at_end_of_input) quoted.after = after;
            return quoted;
        }
        if (*after == m_quote) {
            quoted.doubled = true;
            at = after + 1;
            continue;
        }
        if (*after == '\r' && after + 1 == end && !at_end_of_input) return quoted;
        const bool closes = *after == m_delimiter || *after == '\n' ||
                            (*after == '\r' && (after + 1 == end || after[1] == '\n'));
        quoted.broken = !closes;
        quoted.after = after;
        return quoted;
    }
}

RecordSplitter::Record RecordSplitter::split(const char* begin, const char* end,
                                             bool at_end_of_input,
                                             std::vector<std::string_view>& fields,
                                             std::deque<std::string>& arena) const {
    const std::size_t first_field = fields.size();
    const char* line_inside = nullptr;  // the first line end inside quotes: where damage would end
    Record record;
    // Everything up to the end of the line that `from` is on belongs to the damaged record.
    const auto damaged = [&](const char* from) {
        const char* line = line_inside != nullptr ? line_inside : find(from, end, '\n');
        fields.resize(first_field);
        record.flags = kBrokenQuote;
        record.text = without_return(begin, line);
        if (line == end && !at_end_of_input) return record;
        record.next = line == end ? end : line + 1;
        return record;
    };
    const char* at = begin;
    for (;;) {
        const char* field_end;
        if (at < end && *at == m_quote) {
            const Quoted quoted = close_quote(at, end, at_end_of_input);
            if (quoted.after == nullptr) return record;
            if (line_inside == nullptr) line_inside = quoted.newline;
            if (quoted.broken) return damaged(at);
            std::string_view inside = between(at + 1, quoted.after - 1);
            if (quoted.doubled) {
                std::string& plain = arena.emplace_back();
                plain.reserve(inside.size());
                for (std::size_t i = 0; i < inside.size(); ++i) {
                    plain += inside[i];
                    if (inside[i] == m_quote) ++i;
                }
                inside = plain;
            }
            fields.push_back(inside);
            field_end = quoted.after;
            if (field_end < end && *field_end == '\r') ++field_end;
        } else {
            field_end = find_either(at, end, m_delimiter);
            const bool last = field_end == end || *field_end == '\n';
            fields.push_back(last ? without_return(at, field_end) : between(at, field_end));
        }
        if (field_end == end) {
            if (!at_end_of_input) return record;
            record.next = end;
            break;
        }
        if (*field_end == '\n') {
            record.next = field_end + 1;
            break;
        }
        at = field_end + 1;
    }
    if (fields.size() - first_field != m_expected) {
        // A quote that swallowed line ends and yet closed: the line before was the damaged one.
        if (line_inside != nullptr) return damaged(begin);
        record.flags = kFieldCount;
    }
    const char* text_end = record.next;
    if (text_end > begin && text_end[-1] == '\n') --text_end;
    record.text = without_return(begin, text_end);
    return record;
}

const char* RecordSplitter::last_record_end(const char* begin, const char* end,
                                            bool at_end_of_input) const {
    std::vector<std::string_view> fields;
    std::deque<std::string> arena;
    const char* record = begin;  // start of the record that `at` is in
    const char* at = begin;
    while (at < end) {
        const char* quote = find(at, end, m_quote);
        const void* line = memrchr(at, '\n', static_cast<std::size_t>(quote - at));
        if (line != nullptr) record = static_cast<const char*>(line) + 1;
        if (quote == end) break;
        if (!starts_field(quote, record)) {
            at = quote + 1;
            continue;
        }
        fields.clear();
        arena.clear();
        const Record whole = split(record, end, at_end_of_input, fields, arena);
        if (whole.next == nullptr) return record;
        record = at = whole.next;
    }
    return at_end_of_input ? end : record;
}

Result<Dialect> detect_dialect(std::string_view head) {
    Dialect dialect;
    if (head.starts_with("\xEF\xBB\xBF")) {
        dialect.byte_order_mark = true;
        head.remove_prefix(3);
    }
    const std::size_t last_line = head.rfind('\n');
    const bool one_line = last_line == std::string_view::npos;
    const std::string_view lines = one_line ? head : head.substr(0, last_line + 1);
    if (trim(lines).empty()) {
        return fail(Code::kInvalid, {"Tệp không có dòng nào.", "The file has no rows."},
                    {"Gửi một tệp có dòng tiêu đề và các dòng dữ liệu.",
                     "Send a file with a header row and data rows."});
    }
    // Lone carriage returns: every row would hide in the header.
    const std::string_view first = lines.substr(0, lines.find('\n'));
    if (const std::size_t at = first.find('\r'); at != std::string_view::npos &&
                                                 at + 1 < first.size() &&
                                                 first.find('"') == std::string_view::npos) {
        return fail(Code::kInvalid,
                    {"Các dòng của tệp kết thúc bằng CR (kiểu máy Mac cũ).",
                     "The file's lines end with a lone CR (as on old Macs)."},
                    {"Lưu lại tệp dạng CSV UTF-8 với cuối dòng LF hoặc CRLF.",
                     "Save it again as CSV UTF-8 with line ends LF or CRLF."});
    }
    Candidate best;
    for (const char delimiter : {',', ';', '\t', '|'}) {
        const Candidate plain = try_dialect(lines, delimiter, '"');
        const Candidate other = try_dialect(lines, delimiter, '\'');
        // Single quotes only where they close fields and double quotes never open one: 'a, b',"c"
        // is rare.
        const Candidate& candidate = plain.opened == 0 && other.closed > 0 ? other : plain;
        if (candidate.score > best.score) best = candidate;
    }
    dialect.delimiter = best.delimiter;
    dialect.quote = best.quote;
    dialect.header = std::move(best.header);
    dialect.confidence = std::clamp(best.score, 0.0, 1.0);
    return dialect;
}

}  // namespace nguon::scan
