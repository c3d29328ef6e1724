// A sheet as CSV text that CsvInput reads: where the table begins and ends, and what its header is,
// is told as in any other file.
#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <array>
#include <cstring>

#include "base/normal_form.h"
#include "base/spoken.h"
#include "scan/internal/formats.h"
#include "scan/internal/sniff.h"
#include "scan/internal/workbook.h"
#include "scan/table.h"

namespace nguon::scan {
namespace {

constexpr std::size_t kSampleBytes = 4 << 20;
constexpr std::size_t kFewRows = 60;       // of each sheet, to choose one
constexpr std::size_t kMostLooked = 100;   // sheets looked at for that
constexpr std::uint32_t kWidestGap = 20;   // empty columns that end a table
constexpr std::size_t kMostActive = 4096;  // merges over one row

// The columns of a sheet that are the table.
struct Range {
    std::uint32_t first = 0, count = 1;
    bool has(std::uint32_t column) const { return column >= first && column - first < count; }
};

// A text that could be taken for a number with a point, or with more digits than a sheet keeps, has
// quotes, a number has none: CsvInput::split() tells them apart by that.
bool looks_like_number(std::string_view text) {
    constexpr std::size_t kKept = 15;
    return (text.find('.') != std::string_view::npos || text.size() > kKept) &&
           text.find_first_not_of("0123456789.+-%") == std::string_view::npos;
}

void append_field(const SheetCell& cell, std::string& out) {
    const std::string& text = cell.text;
    const bool plain = text.find_first_of(",\"\r\n") == std::string_view::npos;
    if (plain && (cell.number || !looks_like_number(text))) {
        out += text;
        return;
    }
    out += '"';
    for (const char c : text) {
        if (c == '"') out += '"';
        out += c;
    }
    out += '"';
}

// A record of the range's width. What stands beside the table makes it wider: nothing is lost, the
// row is set aside with what it says.
void append_row(const SheetRow& row, const Range& range, std::string& out) {
    std::uint32_t next = 0;
    const std::size_t begin = out.size();
    for (const SheetCell& cell : row.cells) {
        if (!range.has(cell.column)) continue;
        for (; next < cell.column - range.first; ++next)
            out += ',';
        append_field(cell, out);
    }
    if (out.size() == begin && range.count == 1) out += "\"\"";
    for (; next + 1 < range.count; ++next)
        out += ',';
    for (const SheetCell& cell : row.cells) {
        if (range.has(cell.column)) continue;
        out += ',';
        append_field(cell, out);
    }
    out += '\n';
}

// "AB": a column as sheets name it.
std::string letters_of(std::uint32_t column) {
    std::string letters;
    for (std::uint32_t rest = column + 1; rest > 0; rest = (rest - 1) / 26)
        letters.insert(letters.begin(), static_cast<char>('A' + (rest - 1) % 26));
    return letters;
}

// Names of columns whose numbers are no amounts.
bool counts_rows(std::string_view header) {
    static constexpr std::array<std::string_view, 7> kNames{"stt",    "tt",  "so_tt", "so_thu_tu",
                                                            "thu_tu", "nam", "year"};
    return std::ranges::find(kNames, snake_case(header)) != kNames.end();
}

// Gives each row of a merge its value.
class MergeFill {
public:
    // `header`: of the columns from `first` on.
    MergeFill(std::vector<Merge> merges, std::uint32_t from, std::vector<std::string> header,
              std::uint32_t first)
        : m_merges(std::move(merges)), m_header(std::move(header)), m_first(first) {
        while (m_next < m_merges.size() && m_merges[m_next].first_row < from)
            ++m_next;
    }
    // `record`: the row's number among the records.
    void fill(SheetRow& row, std::int64_t record) {
        bool amounts = false;
        for (; m_next < m_merges.size() && m_merges[m_next].first_row <= row.number; ++m_next) {
            const Merge& merge = m_merges[m_next];
            if (merge.first_row != row.number || m_active.size() == kMostActive) continue;
            const SheetCell* cell = find(row, merge.first_column);
            if (cell != nullptr)
                m_active.push_back({merge, cell->text, cell->number, is_amount(*cell)});
        }
        std::erase_if(m_active,
                      [&](const Active& active) { return active.merge.last_row < row.number; });
        for (const Active& active : m_active) {
            const std::uint32_t column = active.merge.first_column;
            if (active.merge.first_row == row.number || find(row, column) != nullptr) continue;
            const auto place = std::ranges::upper_bound(row.cells, column, {}, &SheetCell::column);
            row.cells.insert(place, {column, active.text, active.number});
            if (active.amount) amounts = true;
            if (active.amount && active.merge.first_row + 1 == row.number) note(active.merge);
        }
        if (!amounts) return;
        ++m_numbers->count;
        if (m_numbers->rows.size() < kMostShown) m_numbers->rows.push_back(record);
    }
    std::shared_ptr<const MergedNumbers> numbers() const { return m_numbers; }

private:
    static constexpr std::size_t kMostShown = 3;
    struct Active {
        Merge merge;
        std::string text;
        bool number = false, amount = false;
    };
    bool is_amount(const SheetCell& cell) const {
        const std::size_t at = cell.column - m_first;
        if (!cell.number || is_year(cell.text)) return false;
        return m_header.empty() ||
               (cell.column >= m_first && at < m_header.size() && !counts_rows(m_header[at]));
    }
    void note(const Merge& merge) {
        ++m_numbers->cells;
        if (m_numbers->places.size() == kMostShown) return;
        const std::string letters = letters_of(merge.first_column);
        m_numbers->places.push_back(
            fmt::format("{0}{1}:{0}{2}", letters, merge.first_row + 1, merge.last_row + 1));
    }
    static const SheetCell* find(const SheetRow& row, std::uint32_t column) {
        const auto at = std::ranges::lower_bound(row.cells, column, {}, &SheetCell::column);
        return at != row.cells.end() && at->column == column ? &*at : nullptr;
    }
    std::vector<Merge> m_merges;
    std::vector<std::string> m_header;
    std::uint32_t m_first;
    std::size_t m_next = 0;
    std::vector<Active> m_active;
    std::shared_ptr<MergedNumbers> m_numbers = std::make_shared<MergedNumbers>();
};

// The records of a sheet, as CSV text. `rows` follows `begun`.
class SheetText final : public ByteStream {
public:
    SheetText(std::shared_ptr<const RandomBytes> bytes, std::unique_ptr<Workbook> workbook,
              std::unique_ptr<SheetRows> rows)
        : m_bytes(std::move(bytes)), m_workbook(std::move(workbook)), m_rows(std::move(rows)) {}

    void begin(std::vector<SheetRow> begun, const Range& range, MergeFill merges) {
        m_begun = std::move(begun);
        m_range = range;
        m_merges.emplace(std::move(merges));
        if (!m_begun.empty()) m_last = m_begun[0].number;
    }

    Result<std::size_t> read(std::span<char> buffer) override {
        while (m_text.size() - m_at < buffer.size() && !m_ended) {
            if (m_at > 0) m_text.erase(0, std::exchange(m_at, 0));
            TRY_ASSIGN(const bool more, next());
            if (!more) {
                m_ended = true;
                break;
            }
            // Rows between hold nothing; each has its line, so that lines are rows.
            if (m_row.number > m_last + 1) m_text.append(m_row.number - m_last - 1, '\n');
            m_last = m_row.number;
            m_merges->fill(m_row, m_record + 1);
            m_record +=
                std::ranges::any_of(m_row.cells,
                                    [](const SheetCell& cell) { return !trim(cell.text).empty(); })
                    ? 1
                    : 0;
            append_row(m_row, m_range, m_text);
        }
        const std::size_t count = std::min(buffer.size(), m_text.size() - m_at);
        std::memcpy(buffer.data(), m_text.data() + m_at, count);
        m_at += count;
        return count;
    }
    Compression compression() const override { return Compression::kNone; }
    std::uint64_t consumed() const override { return m_rows->consumed(); }
    std::uint64_t size() const override { return m_bytes->size(); }
    std::string sha256() override { return m_bytes->sha256().value_or(""); }

private:
    Result<bool> next() {
        if (m_next < m_begun.size()) {
            m_row = std::move(m_begun[m_next++]);
            return true;
        }
        return m_rows->next(m_row);
    }

    std::shared_ptr<const RandomBytes> m_bytes;
    std::unique_ptr<Workbook> m_workbook;
    std::unique_ptr<SheetRows> m_rows;
    std::vector<SheetRow> m_begun;
    std::size_t m_next = 0;
    Range m_range;
    std::optional<MergeFill> m_merges;
    SheetRow m_row;
    std::uint32_t m_last = 0;
    std::int64_t m_record = 0;
    std::string m_text;
    std::size_t m_at = 0;
    bool m_ended = false;
};

Result<std::vector<SheetRow>> first_rows(SheetRows& rows, std::size_t most) {
    std::vector<SheetRow> sample;
    std::size_t bytes = 0;
    while (sample.size() < most && bytes < kSampleBytes) {
        SheetRow row;
        TRY_ASSIGN(const bool more, rows.next(row));
        if (!more) break;
        for (const SheetCell& cell : row.cells)
            bytes += cell.text.size();
        sample.push_back(std::move(row));
    }
    return sample;
}

// The columns from the first that is filled to the last; a wide gap ends them.
Range range_of(std::span<const SheetRow> rows) {
    std::vector<bool> filled;
    for (const SheetRow& row : rows) {
        for (const SheetCell& cell : row.cells) {
            if (trim(cell.text).empty()) continue;
            if (cell.column >= filled.size()) filled.resize(cell.column + 1);
            filled[cell.column] = true;
        }
    }
    Range range;
    while (range.first < filled.size() && !filled[range.first])
        ++range.first;
    if (range.first == filled.size()) return {};
    std::uint32_t last = range.first;
    for (std::uint32_t column = range.first; column < filled.size(); ++column) {
        if (filled[column] && column - last <= kWidestGap) last = column;
    }
    range.count = last - range.first + 1;
    return range;
}

// Which rows are the table, by the rules of delimited text.
struct Found {
    Dialect dialect;
    Range range;
    std::size_t header = 0, body = 0;  // places in the sample
};
Found find_table(const std::vector<SheetRow>& sample, std::span<const std::string> wanted) {
    Found found;
    std::size_t begin = 0;
    for (int round = 0; round < 2; ++round) {  // again without what stands before the table
        const auto rows = std::span(sample).subspan(begin);
        found.range = range_of(rows);
        found.dialect = Dialect();
        found.dialect.sure_quotes = true;
        found.dialect.usual_columns = found.range.count;
        found.dialect.columns = found.range.count;
        std::string text;
        std::vector<std::size_t> begins;
        for (std::size_t i = 0; i < rows.size(); ++i) {
            if (i > 0 && rows[i].number > rows[i - 1].number + 1) text += '\n';
            begins.push_back(text.size());
            SheetRow inside = rows[i];
            std::erase_if(inside.cells,
                          [&](const SheetCell& cell) { return !found.range.has(cell.column); });
            append_row(inside, found.range, text);
        }
        choose_rows(text, wanted, found.dialect);
        found.dialect.trailing_delimiter = false;
        found.range.count = static_cast<std::uint32_t>(found.dialect.columns);
        const auto place = [&](std::size_t byte) {
            return begin + static_cast<std::size_t>(std::ranges::lower_bound(begins, byte) -
                                                    begins.begin());
        };
        // `preamble_lines` counts lines of the text: the row that many line ends lead to.
        std::size_t header = 0, at = 0;
        for (std::size_t line = 0; line < found.dialect.preamble_lines; ++line)
            at = text.find('\n', at) + 1;
        header = place(at);
        found.header = header;
        found.body = place(found.dialect.body);
        if (header == begin) break;
        begin = header;
    }
    const std::uint32_t first = sample[found.header].number;
    found.dialect.preamble_lines = first;
    const std::uint32_t body =
        found.body < sample.size() ? sample[found.body].number : sample.back().number + 1;
    if (found.dialect.has_header) found.dialect.header_lines = body - first;
    found.dialect.body = 0;
    return found;
}

std::string list_of(const std::vector<Sheet>& sheets) {
    std::vector<std::string> names;
    for (const Sheet& sheet : sheets) {
        if (names.size() == 30) {
            names.emplace_back("…");
            break;
        }
        names.push_back(sheet.name);
    }
    return fmt::format("{}", fmt::join(names, ", "));
}

Result<std::size_t> named_sheet(const std::vector<Sheet>& sheets, const std::string& name) {
    std::string nfc;
    const std::string wanted(to_nfc(trim(name), nfc));
    for (std::size_t i = 0; i < sheets.size(); ++i) {
        if (to_nfc(trim(sheets[i].name), nfc) == wanted) return i;
    }
    for (std::size_t i = 0; i < sheets.size(); ++i) {
        if (snake_case(sheets[i].name) == snake_case(wanted)) return i;
    }
    const bool number = !wanted.empty() && wanted.size() <= 4 &&
                        wanted.find_first_not_of("0123456789") == std::string::npos;
    const std::size_t place = number ? std::stoul(wanted) : 0;
    if (place >= 1 && place <= sheets.size()) return place - 1;
    const std::string said = spoken::parameter("sheet");
    return wrong_parameter(
        "sheet",
        {fmt::format("Không có trang «{}». Tệp có: {}.", name, list_of(sheets)),
         fmt::format("There is no sheet \"{}\". The file has: {}.", name, list_of(sheets))},
        {fmt::format("Dùng {} với tên hoặc số thứ tự của một trang.", said),
         fmt::format("Use {} with the name or the number of a sheet.", said)});
}

// A sheet as far as its first rows show it.
struct SheetLook {
    Found found;
    std::size_t rows = 0;  // of the sample
};

// Whether `other` goes on with the table of `own`: it has most of its columns.
bool goes_on(const SheetLook& own, const SheetLook& other) {
    const Dialect& mine = own.found.dialect;
    const Dialect& its = other.found.dialect;
    if (!mine.has_header || !its.has_header) return false;
    std::size_t common = 0;
    for (const std::string& name : mine.header) {
        const std::string wanted = snake_case(name);
        common += !wanted.empty() && std::ranges::any_of(its.header,
                                                         [&](const auto& header) {
                                                             return snake_case(header) == wanted;
                                                         })
                      ? 1
                      : 0;
    }
    return common * 2 > mine.columns;
}

struct ChosenSheet {
    std::size_t number = 0;
    // Of each sheet looked at: how many rows with a header go before its records, where it goes on
    // with the chosen one.
    std::vector<std::optional<std::size_t>> more;
};

// With a contract the sheet that has most of its columns; else the first one, not hidden, that
// looks like a table.
Result<ChosenSheet> choose_sheet(Workbook& workbook, const InputOptions& options) {
    const std::vector<Sheet>& sheets = workbook.sheets();
    ChosenSheet chosen;
    if (!options.sheet.empty()) {
        TRY_ASSIGN(chosen.number, named_sheet(sheets, options.sheet));
        return chosen;
    }
    if (sheets.size() == 1) return chosen;
    // Better in this order: columns matched, shown, a table, holds anything.
    struct Rank {
        std::size_t matched = 0;
        bool table = false, shown = false, filled = false;
        auto operator<=>(const Rank&) const = default;
    };
    Rank best;
    std::vector<SheetLook> looks;
    for (std::size_t i = 0; i < std::min(sheets.size(), kMostLooked); ++i) {
        TRY_ASSIGN(const auto rows, workbook.rows(i));
        TRY_ASSIGN(const auto sample, first_rows(*rows, kFewRows));
        SheetLook& look = looks.emplace_back();
        look.rows = sample.size();
        Rank rank;
        if (!sample.empty()) {
            look.found = find_table(sample, options.columns);
            rank.matched = count_columns(look.found.dialect.header, options);
            rank.shown = !sheets[i].hidden;
            rank.filled = true;
            rank.table =
                rank.shown && look.found.range.count > 1 && sample.size() > look.found.body;
        }
        if (i > 0 && !(rank > best)) continue;
        best = rank;
        chosen.number = i;
    }
    for (std::size_t i = 0; i < looks.size(); ++i) {
        const bool more = i != chosen.number && goes_on(looks[chosen.number], looks[i]);
        chosen.more.push_back(more ? std::optional(looks[i].found.body) : std::nullopt);
    }
    return chosen;
}

}  // namespace

Result<std::unique_ptr<RecordInput>> open_sheet(const InputOptions& options,
                                                std::shared_ptr<const RandomBytes> bytes,
                                                std::unique_ptr<Workbook> workbook) {
    TRY_ASSIGN(const ChosenSheet choice, choose_sheet(*workbook, options));
    const std::size_t chosen = choice.number;
    const std::vector<Sheet>& sheets = workbook->sheets();
    Contents contents;
    std::vector<Merge> merges;
    for (std::size_t i = 0; i < sheets.size(); ++i) {
        Part& part = contents.sheets.emplace_back();
        part.name = sheets[i].name;
        part.hidden = sheets[i].hidden;
        part.chosen = i == chosen;
        const bool more = i < choice.more.size() && choice.more[i];
        if (!part.chosen && !more && !options.survey) continue;
        TRY_ASSIGN(SheetSurvey survey, workbook->survey(i));
        part.rows = survey.rows;
        if (more) {
            part.unread =
                std::max<std::int64_t>(0, survey.rows - static_cast<std::int64_t>(*choice.more[i]));
        }
        if (!part.chosen) continue;
        contents.hidden_rows = survey.hidden_rows;
        contents.hidden_columns = survey.hidden_columns;
        contents.first_hidden = std::move(survey.first_hidden);
        contents.merged = static_cast<std::int64_t>(survey.merges.size());
        merges = std::move(survey.merges);
    }
    TRY_ASSIGN(auto rows, workbook->rows(chosen));
    TRY_ASSIGN(auto sample, first_rows(*rows, kSampleRows));
    if (sample.empty()) {
        const std::string& name = sheets[chosen].name;
        const std::string said = spoken::parameter("sheet");
        return wrong_parameter(
            "sheet",
            {fmt::format("Trang «{}» không có dòng nào. Tệp có các trang: {}.", name,
                         list_of(sheets)),
             fmt::format("The sheet \"{}\" has no rows. The file has the sheets: {}.", name,
                         list_of(sheets))},
            {fmt::format("Chọn trang khác bằng {}, hoặc gửi tệp có dữ liệu.", said),
             fmt::format("Choose another one with {}, or send a file that holds data.", said)});
    }
    Found found = find_table(sample, options.columns);
    const Format format = workbook->format();
    const std::uint32_t from =
        found.body < sample.size() ? sample[found.body].number : sample.back().number + 1;
    sample.erase(sample.begin(), sample.begin() + static_cast<std::ptrdiff_t>(found.body));
    auto text = std::make_unique<SheetText>(std::move(bytes), std::move(workbook), std::move(rows));
    MergeFill fill(std::move(merges), from, found.dialect.header, found.range.first);
    contents.merged_numbers = fill.numbers();
    text->begin(std::move(sample), found.range, std::move(fill));
    return csv_of_sheet(std::move(text), std::move(found.dialect), format, std::move(contents));
}

}  // namespace nguon::scan
