#include "scan/internal/sniff.h"

#include <algorithm>
#include <map>

#include "base/text.h"
#include "scan/csv.h"

namespace nguon::scan {
namespace {

constexpr std::size_t kScoredBytes = 48 * 1024;  // of the sample, for choosing
constexpr std::size_t kScoredRows = 300;
constexpr double kOneColumn = 0.25;  // what a dialect of one column is worth
constexpr double kAtLeast = 0.15;    // what one of several columns must reach

double worth_of(std::size_t width) {
    return static_cast<double>(width - 1) / static_cast<double>(width);
}

double worth_of(std::string_view cell) {
    double worth = 1;
    switch (kind_of(cell)) {
        case CellKind::kEmpty: worth = 0.5; break;
        case CellKind::kText: worth = 0.8; break;
        case CellKind::kOdd: worth = 0.2; break;
        default: break;
    }
    if (cell.find('"') != std::string_view::npos) worth *= 0.5;
    const bool padded = !cell.empty() && (cell.front() == ' ' || cell.back() == ' ');
    return padded ? worth * 0.7 : worth;
}

struct Score {
    double value = 0;
    std::size_t width = 0;
};

// How many rows agree on a number of fields, times how much the cells look like values.
Score score_of(const std::vector<SampleRow>& rows, const Dialect& dialect) {
    // Of widths as frequent as each other the first in the file is the table's.
    struct Width {
        std::size_t width = 0, count = 0;
    };
    std::vector<Width> widths;
    std::size_t counted = 0;
    for (const SampleRow& row : rows) {
        const bool only_delimiters = row.fields.size() > 1 && row.filled() == 0;
        if (only_delimiters) continue;
        ++counted;
        if (row.broken) continue;
        auto known = std::ranges::find(widths, row.fields.size(), &Width::width);
        if (known == widths.end()) known = widths.insert(known, {row.fields.size(), 0});
        ++known->count;
    }
    Score score;
    double most = 0;
    for (const auto& [width, count] : widths) {
        const double votes = static_cast<double>(count) * (width < 2 ? kOneColumn : 1);
        if (votes <= most) continue;
        most = votes;
        score.width = width;
    }
    const double pattern = (score.width < 2 ? 1 : worth_of(score.width)) * most;
    if (counted == 0 || score.width == 0) return score;
    double cells = 0, worth = 0, typed = 0;
    for (const SampleRow& row : rows) {
        if (row.fields.size() != score.width) continue;
        for (const std::string& cell : row.fields) {
            const CellKind kind = kind_of(cell);
            const bool code = kind == CellKind::kCode && cell.size() <= 20;
            typed += kind == CellKind::kNumber || kind == CellKind::kTime || code ? 1 : 0;
            worth += worth_of(cell);
            ++cells;
        }
    }
    score.value = pattern / static_cast<double>(counted) * worth / cells;
    // Spaces and colons stand between words and within times: only values make columns of them.
    if (score.width > 1 && dialect.delimiter.find_first_not_of(" :-") == std::string::npos)
        score.value *= typed / cells > 0.4 ? 0.9 : 0.2;
    // These stand before or within values more often than between them.
    if (dialect.delimiter.find_first_of("#&@!$*/") != std::string::npos) score.value *= 0.7;
    return score;
}

// Every other field is empty: the delimiter is two of these.
bool is_half_a_delimiter(const std::vector<SampleRow>& rows, std::size_t width) {
    if (width < 3) return false;
    return std::ranges::all_of(rows, [&](const SampleRow& row) {
        for (std::size_t c = 1; c < row.fields.size(); c += 2) {
            if (!row.fields[c].empty()) return false;
        }
        return true;
    });
}

bool is_sign(char c) {
    return static_cast<unsigned char>(c) < 0x80 && c != '"' && c != '\'' && c != '\n' &&
           c != '\r' && c != '.' && c != '(' && c != ')' && c != '\\' && c != '\0' &&
           !(c >= '0' && c <= '9') && !(c >= 'a' && c <= 'z') && !(c >= 'A' && c <= 'Z');
}

// Two to four signs in a row that stand in most lines.
std::vector<std::string> long_delimiters(std::string_view text) {
    std::map<std::string, std::size_t> lines_with;
    std::size_t lines = 0;
    while (!text.empty() && lines < 100) {
        const std::size_t end = text.find_first_of("\r\n");
        const std::string_view line = text.substr(0, std::min<std::size_t>(end, 4096));
        text.remove_prefix(end == std::string_view::npos ? text.size() : end + 1);
        if (line.empty()) continue;
        ++lines;
        std::map<std::string, bool> seen;
        for (std::size_t i = 0; i + 1 < line.size(); ++i) {
            for (std::size_t length = 2; length <= 4 && i + length <= line.size(); ++length) {
                if (!is_sign(line[i + length - 1]) || !is_sign(line[i])) break;
                if (seen.size() < 256) seen.emplace(line.substr(i, length), true);
            }
        }
        for (const auto& [signs, yes] : seen)
            ++lines_with[signs];
    }
    std::vector<std::pair<std::size_t, std::string>> often;
    for (const auto& [signs, count] : lines_with) {
        const bool blank = signs.find_first_not_of(' ') == std::string::npos;
        if (count * 2 > lines && !blank) often.emplace_back(count, signs);
    }
    std::ranges::sort(often, std::greater<>());
    std::vector<std::string> found;
    for (std::size_t i = 0; i < std::min<std::size_t>(often.size(), 8); ++i)
        found.push_back(often[i].second);
    return found;
}

std::vector<std::string> delimiters(std::string_view text) {
    std::vector<std::string> found;
    for (const std::string_view one :
         {",", ";", "\t", "|", "^", "~", "\x1F", "\x01", "\x1E", "#",
          "&", "@", "!",  "$", "*", ":", " ",    "¦",    "§",    "¬"}) {
        if (text.find(one) != std::string_view::npos) found.emplace_back(one);
    }
    std::ranges::copy(long_delimiters(text), std::back_inserter(found));
    return found;
}

bool are_cut_alike(const std::vector<SampleRow>& rows) {
    return rows.size() > 1 && rows[0].fields.size() > 1 &&
           std::ranges::all_of(rows, [&](const SampleRow& row) {
               return !row.broken && row.fields.size() == rows[0].fields.size();
           });
}

// Whether `quote` stands where a field could begin.
bool may_quote(std::string_view text, char quote) {
    for (std::size_t at = text.find(quote); at != std::string_view::npos;
         at = text.find(quote, at + 1)) {
        if (at == 0 || is_sign(text[at - 1]) || text[at - 1] == '\n' || text[at - 1] == '\r')
            return true;
    }
    return false;
}

// Whether a backslash stands before a delimiter or a quote, as MySQL's SELECT … INTO OUTFILE and
// PostgreSQL's COPY write.
bool may_escape(std::string_view text, std::string_view delimiter) {
    if (text.find('\\') == std::string_view::npos) return false;
    return text.find("\\\"") != std::string_view::npos ||
           text.find("\\'") != std::string_view::npos ||
           text.find("\\" + std::string(delimiter)) != std::string_view::npos;
}

// Fields that are \N and nothing else.
bool has_null_marks(const std::vector<SampleRow>& rows) {
    return std::ranges::any_of(rows, [](const SampleRow& row) {
        return std::ranges::find(row.fields, kNullMark) != row.fields.end();
    });
}

}  // namespace

std::size_t SampleRow::filled() const {
    return static_cast<std::size_t>(
        std::ranges::count_if(fields, [](const auto& field) { return !trim(field).empty(); }));
}

std::vector<SampleRow> sample_rows(std::string_view text, const Dialect& dialect,
                                   std::size_t most) {
    std::vector<SampleRow> rows;
    const GeneralSplitter splitter(dialect);
    std::vector<std::string_view> fields;
    std::deque<std::string> arena;
    const char* end = text.data() + text.size();
    bool gap = false;
    for (const char* at = text.data(); at < end && rows.size() < most;) {
        if (*at == '\n' || *at == '\r') {
            ++at;
            gap = true;
            continue;
        }
        fields.clear();
        arena.clear();
        const SplitRecord record = splitter.split(at, end, true, fields, arena);
        SampleRow& row = rows.emplace_back();
        row.fields.assign(fields.begin(), fields.end());
        row.after_gap = std::exchange(gap, false);
        row.broken = (record.flags & kBrokenQuote) != 0;
        row.begin = static_cast<std::size_t>(at - text.data());
        row.end = static_cast<std::size_t>(record.next - text.data());
        at = record.next;
    }
    return rows;
}

void choose_dialect(std::string_view text, Dialect& dialect, const std::string& known) {
    std::string_view scored = text.substr(0, kScoredBytes);
    if (scored.size() < text.size()) {
        const std::size_t line = scored.find_last_of("\r\n");
        if (line != std::string_view::npos) scored = scored.substr(0, line + 1);
    }
    std::vector<char> quotes;
    if (may_quote(scored, '"')) quotes.push_back('"');
    if (may_quote(scored, '\'')) quotes.push_back('\'');
    if (quotes.empty()) quotes.push_back('"');
    Score best{kAtLeast, 1};
    Dialect chosen = dialect;
    bool cut_alike = false;  // every row, by one of those that are seldom within a value
    const auto tried = known.empty() ? delimiters(scored) : std::vector<std::string>{known};
    for (const std::string& delimiter : tried) {
        const bool in_times = delimiter.find(':') != std::string::npos;
        if (in_times && cut_alike) continue;
        const bool escapes = may_escape(scored, delimiter);
        for (const char quote : quotes) {
            for (const char escape : {'\0', '\\'}) {
                if (escape != 0 && !escapes) continue;
                Dialect candidate = dialect;
                candidate.delimiter = delimiter;
                candidate.quote = quote;
                candidate.escape = escape;
                candidate.columns = 0;
                const auto rows = sample_rows(scored, candidate, kScoredRows);
                Score score = score_of(rows, candidate);
                const bool usual = delimiter == "," || delimiter == ";" || delimiter == "\t";
                cut_alike = cut_alike || ((usual || delimiter == "|") && are_cut_alike(rows));
                if (!usual && is_half_a_delimiter(rows, score.width)) score.value *= 0.3;
                if (quote == '\'') score.value *= 0.98;
                // What is tried later needs to be better, not only as good.
                if (score.value <= best.value) continue;
                best = score;
                chosen = candidate;
                // Where \N stands for nothing, backslashes escape, though none may be needed here.
                if (score.width > 1 && has_null_marks(rows)) chosen.escape = '\\';
            }
        }
    }
    dialect.quote = chosen.quote;
    dialect.escape = chosen.escape;
    dialect.usual_columns = std::max<std::size_t>(best.width, 1);
    dialect.confidence = std::clamp(best.value, 0.0, 1.0);
    if (best.width > 1) {
        dialect.delimiter = chosen.delimiter;
        return;
    }
    // One column: a delimiter that does not occur keeps each line whole.
    dialect.escape = 0;
    for (const std::string_view absent : {",", ";", "\t", "|", "\x1F"}) {
        if (scored.find(absent) != std::string_view::npos) continue;
        dialect.delimiter = absent;
        break;
    }
    dialect.confidence = 0.5;
}

}  // namespace nguon::scan
