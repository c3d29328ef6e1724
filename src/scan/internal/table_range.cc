// Which rows of a sample are the table: what stands before it, its header, where records begin.
#include <algorithm>
#include <array>
#include <map>
#include <set>

#include "base/text.h"
#include "scan/internal/sniff.h"
#include "scan/repair.h"

namespace nguon::scan {
namespace {

constexpr std::size_t kMostPreamble = 100;  // rows before a header
constexpr std::size_t kJudgedRows = 200;    // rows that say whether the first is a header

// The upper quarter: columns for remarks are empty in most rows.
std::size_t usually_filled(const std::vector<SampleRow>& rows, std::size_t width) {
    std::vector<std::size_t> counts;
    for (const SampleRow& row : rows) {
        const std::size_t filled = row.filled();
        if (row.fields.size() == width && filled > 0) counts.push_back(filled);
    }
    if (counts.empty()) return width;
    const auto upper = counts.begin() + static_cast<std::ptrdiff_t>(counts.size() * 3 / 4);
    std::ranges::nth_element(counts, upper);
    return *upper;
}

// A title, a unit of measure, an empty row of delimiters: no row of the table.
bool is_beside_table(const SampleRow& row, const Dialect& dialect) {
    if (row.broken) return false;
    const std::size_t filled = row.filled(), usual = dialect.filled_columns;
    if (filled == 0) return true;
    if (dialect.usual_columns < 2) return false;
    if (row.fields.size() == 1) return true;
    if (row.fields.size() != dialect.usual_columns) return filled * 2 <= usual;
    return (usual > 2 && filled == 1) || filled * 3 < usual;
}

// As they stand, or, of the first few, in snake case: making that of every cell is slow.
bool has_most_of(const SampleRow& row, std::span<const std::string> wanted) {
    if (wanted.empty()) return false;
    const auto is_wanted = [&](std::string_view name) {
        return std::ranges::find(wanted, name) != wanted.end();
    };
    constexpr std::size_t kLooked = 6;
    std::size_t exact = 0, similar = 0;
    for (const std::string& field : row.fields)
        exact += is_wanted(trim(field)) ? 1 : 0;
    if (exact * 2 > std::min(wanted.size(), row.fields.size())) return true;
    const std::size_t looked = std::min(row.fields.size(), kLooked);
    for (std::size_t c = 0; c < looked; ++c) {
        const CellKind kind = kind_of(row.fields[c]);
        const bool name = kind == CellKind::kWord || kind == CellKind::kText;
        similar += name && is_wanted(snake_case(trim(row.fields[c]))) ? 1 : 0;
    }
    return similar > 1 && similar * 2 > std::min(wanted.size(), looked);
}

// What most filled cells of a column are.
struct Column {
    CellKind kind = CellKind::kEmpty;
    std::string shape;     // of codes
    bool years = true;     // all are
    bool repeats = false;  // the first row's cell stands in it more than now and then
    bool truths = false;   // all are words such as "Có" and "Không"
    bool few = false;      // two or three values, again and again, and not the first row's cell
};

// "Có" names a column, too.
bool is_truth(std::string_view cell) {
    static constexpr std::array<std::string_view, 8> kWords{"true", "false", "co",   "khong",
                                                            "yes",  "no",    "dung", "sai"};
    constexpr std::size_t kLongest = 8;
    return cell.size() <= kLongest && std::ranges::find(kWords, snake_case(cell)) != kWords.end();
}

Column column_of(std::span<const SampleRow> rows, std::size_t c, const SampleRow& first) {
    std::map<CellKind, std::size_t> kinds;
    std::map<std::string, std::size_t> shapes;
    constexpr std::size_t kFew = 3;
    std::set<std::string_view> values;  // up to one more than a few
    std::size_t filled = 0, same = 0;
    Column column;
    column.truths = true;
    for (const SampleRow& row : rows) {
        if (c >= row.fields.size() || row.fields == first.fields) continue;
        const std::string& cell = row.fields[c];
        const CellKind kind = kind_of(cell);
        if (kind == CellKind::kEmpty) continue;
        ++filled;
        ++kinds[kind];
        if (kind == CellKind::kCode) ++shapes[shape_of(cell)];
        column.years = column.years && is_year(cell);
        column.truths = column.truths && is_truth(trim(cell));
        if (values.size() <= kFew) values.insert(cell);
        same += cell == first.fields[c] ? 1 : 0;
    }
    column.repeats = same > 1 && same * 20 >= filled;
    column.truths = column.truths && filled > 0;
    column.few = same == 0 && values.size() <= kFew && values.size() * 2 <= filled;
    for (const auto& [kind, count] : kinds) {
        if (count * 5 >= filled * 4) column.kind = kind;
    }
    if (filled > 0 && column.kind == CellKind::kEmpty) column.kind = CellKind::kText;  // mixed
    for (const auto& [shape, count] : shapes) {
        if (count * 5 >= filled * 4) column.shape = shape;
    }
    return column;
}

// 2019, 2020, 2021 or 1, 2, 3 in a row of its own names columns.
bool counts_on(const SampleRow& row) {
    int numbers = 0;
    std::int64_t before = 0, step = 0;
    for (const std::string& field : row.fields) {
        const std::string_view cell = trim(field);
        if (kind_of(cell) != CellKind::kNumber) continue;
        if (cell.size() > 9 ||
            !std::ranges::all_of(cell, [](char c) { return c >= '0' && c <= '9'; }))
            return false;
        const std::int64_t value = std::stoll(std::string(cell));
        if (numbers == 1) step = value - before;
        if (numbers > 1 && value - before != step) return false;
        before = value;
        ++numbers;
    }
    return numbers > 2 && step != 0;
}

// The first row against those below it: a name stands above values that are unlike it.
struct Votes {
    int unlike = 0, alike = 0;
    int truths = 0;  // "Có" above "Có" and "Không": alike, if nothing else speaks for a header
    int apart = 0;   // above two or three values that it is none of: unlike, if some are alike
    int typed = 0, filled = 0;  // cells of the first row
    bool numbered = false;
    bool header(bool has_rows) const {
        if (!has_rows) return typed * 2 <= filled || numbered;
        return unlike + apart > alike || (alike == 0 && truths == 0);
    }
    bool surely() const { return alike == 0 && truths == 0 && unlike > 0; }
};
Votes votes_for_header(const SampleRow& first, std::span<const SampleRow> below) {
    Votes votes;
    auto& [unlike, alike, truths, apart, typed, filled, numbered] = votes;
    numbered = counts_on(first);
    for (std::size_t c = 0; c < first.fields.size(); ++c) {
        const std::string_view cell = trim(first.fields[c]);
        const CellKind kind = kind_of(cell);
        if (kind == CellKind::kEmpty) continue;
        ++filled;
        const bool value = kind == CellKind::kNumber || kind == CellKind::kTime;
        typed += value ? 1 : 0;
        const Column column = column_of(below, c, first);
        if (column.kind == CellKind::kEmpty) continue;
        const bool year = is_year(cell) && !column.years;
        if (kind == CellKind::kNumber && (numbered || year)) continue;
        if (column.kind == CellKind::kNumber || column.kind == CellKind::kTime) {
            if (kind == column.kind) ++alike;
            if (!value) ++unlike;
        } else if (column.kind == CellKind::kCode && !column.shape.empty()) {
            (shape_of(cell) == column.shape ? alike : unlike) += 1;
        } else if (column.repeats && column.truths) {
            ++truths;
        } else if (value || (column.repeats && !first.fields[c].empty())) {
            ++alike;
        } else if (column.few) {
            ++apart;
        }
    }
    return votes;
}

// The names under a heading that spans several columns: "Dân số,,Diện tích," above
// "Nam,Nữ,ha,km²" makes "Dân số Nam", "Dân số Nữ", …
bool join_lower_names(std::vector<std::string>& header, const SampleRow& lower,
                      std::span<const SampleRow> below) {
    if (lower.fields.size() != header.size() || below.empty()) return false;
    if (!votes_for_header(lower, below).surely()) return false;
    bool fills = false;
    for (std::size_t c = 0; c < header.size(); ++c) {
        const std::string_view cell = trim(lower.fields[c]);
        const CellKind kind = kind_of(cell);
        if (kind == CellKind::kNumber || kind == CellKind::kTime) return false;
        fills = fills || (!cell.empty() && trim(header[c]).empty());
    }
    if (!fills) return false;
    std::string heading;
    for (std::size_t c = 0; c < header.size(); ++c) {
        const std::string_view upper = trim(header[c]), cell = trim(lower.fields[c]);
        if (!upper.empty()) heading = upper;
        if (cell.empty()) {
            heading = "";
            continue;
        }
        std::string joined = heading;
        if (!joined.empty()) joined += ' ';
        header[c] = joined + std::string(cell);
    }
    return true;
}

// (1), (2), (3) or A, B, 1, 2, 3 under the names of a statistical table. Without parentheses such a
// row may be data: it takes letters and three numbers, or two of each, and other letters below.
bool numbers_columns(const SampleRow& row, const SampleRow* below) {
    if (row.fields.size() < 3) return false;
    std::size_t letters = 0, numbers = 0, parentheses = 0;
    for (const std::string& field : row.fields) {
        std::string_view cell = trim(field);
        if (cell.starts_with('(') && cell.ends_with(')') && cell.size() > 2) {
            cell = cell.substr(1, cell.size() - 2);
            ++parentheses;
        }
        if (numbers == 0 && cell.size() == 1 && cell[0] == static_cast<char>('A' + letters)) {
            ++letters;
        } else if (cell == std::to_string(numbers + 1)) {
            ++numbers;
        } else {
            return false;
        }
    }
    if (numbers == 0) return false;
    if (parentheses >= numbers) return true;
    const auto is_letter = [](std::string_view cell) {
        return cell.size() == 1 && cell[0] >= 'A' && cell[0] <= 'Z';
    };
    for (std::size_t c = 0; below != nullptr && c < std::min(letters, below->fields.size()); ++c) {
        if (is_letter(trim(below->fields[c]))) return false;
    }
    return below != nullptr && letters > 0 && numbers > 1 && letters + numbers > 3;
}

// A name that is missing where rows have fewer fields is a delimiter too many.
void fit_header(std::vector<std::string>& header, std::size_t usual) {
    for (std::size_t i = header.size(); i > 0 && header.size() > usual; --i) {
        if (trim(header[i - 1]).empty())
            header.erase(header.begin() + static_cast<std::ptrdiff_t>(i - 1));
    }
}

bool last_is_empty(const std::vector<SampleRow>& rows, std::size_t from, std::size_t width) {
    std::size_t whole = 0;
    for (std::size_t i = from; i < rows.size(); ++i) {
        if (rows[i].fields.size() != width) continue;
        if (!trim(rows[i].fields.back()).empty()) return false;
        ++whole;
    }
    return whole > 0;
}

std::string_view row_text(std::string_view text, const SampleRow& row) {
    return text.substr(row.begin, row.end - row.begin);
}

// The first row that is not beside the table.
std::size_t header_row(const std::vector<SampleRow>& rows, std::span<const std::string> wanted,
                       const Dialect& dialect) {
    const std::size_t most = std::min(rows.size(), kMostPreamble);
    for (std::size_t i = 0; i < most; ++i) {
        if (has_most_of(rows[i], wanted)) return i;
    }
    std::size_t header = 0;
    while (header < most && is_beside_table(rows[header], dialect))
        ++header;
    if (header == most) header = 0;  // nothing like a table: as it stands
    // A title of two columns shows by the empty row under it, one with delimiters in its words by
    // the names under it.
    for (std::size_t i = header + 1; i < std::min(most, header + 4); ++i) {
        const bool gap = rows[i].after_gap || rows[i - 1].filled() == 0;
        const bool titles =
            std::all_of(rows.begin() + static_cast<std::ptrdiff_t>(header),
                        rows.begin() + static_cast<std::ptrdiff_t>(i),
                        [&](const SampleRow& row) { return !row.broken && row.filled() < 2; });
        if (gap && titles && rows[i].filled() > 1) return i;
    }
    const std::size_t next = header + 1;
    const bool other_width = !rows[header].broken && next < most &&
                             rows[header].fields.size() != dialect.usual_columns &&
                             rows[next].fields.size() == dialect.usual_columns;
    if (other_width && votes_for_header(rows[next], std::span(rows).subspan(next + 1)).surely()) {
        return next;
    }
    return header;
}

}  // namespace

void choose_rows(std::string_view text, std::span<const std::string> wanted, Dialect& dialect) {
    Dialect reading = dialect;
    reading.columns = dialect.usual_columns;
    const std::vector<SampleRow> rows = sample_rows(text, reading);
    if (rows.empty()) return;
    dialect.filled_columns = usually_filled(rows, dialect.usual_columns);

    const std::size_t header = header_row(rows, wanted, dialect);
    SampleRow first = rows[header];
    if (first.broken || first.fields.size() != dialect.usual_columns)
        first.fields = repaired_fields(row_text(text, first), dialect);
    std::size_t below = header + 1;  // a header may stand there twice
    while (below < rows.size() && rows[below].fields == first.fields)
        ++below;
    const auto data = std::span(rows).subspan(below, std::min(rows.size() - below, kJudgedRows));
    dialect.has_header = has_most_of(first, wanted) || below > header + 1 ||
                         votes_for_header(first, data).header(!data.empty());
    std::size_t body = rows[header].begin;
    dialect.header_lines = 0;
    if (dialect.has_header) {
        dialect.header = first.fields;
        fit_header(dialect.header, dialect.usual_columns);
        body = rows[header].end;
        std::size_t next = header + 1;
        while (next < rows.size() && rows[next].filled() == 0 && !rows[next].broken)
            ++next;
        if (next < rows.size() &&
            join_lower_names(dialect.header, rows[next], std::span(rows).subspan(next + 1))) {
            body = rows[next++].end;
        }
        const SampleRow* after = next + 1 < rows.size() ? &rows[next + 1] : nullptr;
        dialect.column_numbers = next < rows.size() && numbers_columns(rows[next], after);
        if (dialect.column_numbers) body = rows[next].end;
    }
    dialect.columns = dialect.has_header ? dialect.header.size() : dialect.usual_columns;
    const std::size_t from = header + (dialect.has_header ? 1 : 0);
    if (dialect.has_header && last_is_empty(rows, from, dialect.usual_columns)) {
        const bool unnamed = dialect.columns == dialect.usual_columns && dialect.columns > 1 &&
                             trim(dialect.header.back()).empty();
        if (unnamed) {
            dialect.header.pop_back();
            --dialect.columns;
        }
        dialect.trailing_delimiter =
            unnamed || (dialect.columns > 1 && dialect.columns + 1 == dialect.usual_columns);
        if (dialect.trailing_delimiter) dialect.usual_columns = dialect.columns;
    }
    const auto lines = [&](std::size_t begin, std::size_t end) {
        const std::string_view part = text.substr(begin, end - begin);
        const char line = dialect.line_end == LineEnd::kCr ? '\r' : '\n';
        return static_cast<std::size_t>(std::ranges::count(part, line));
    };
    dialect.preamble_lines = lines(0, rows[header].begin);
    dialect.header_lines =
        dialect.has_header ? std::max<std::size_t>(lines(rows[header].begin, body), 1) : 0;
    dialect.body = body;
}

}  // namespace nguon::scan
