// A profile as the answer of `check`: columns, duplicates, references, and what is to be said.
#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <array>
#include <cmath>

#include "intake/cell_fixes.h"
#include "intake/findings.h"
#include "intake/internal/type_findings.h"
#include "intake/profile.h"

namespace nguon::intake {
namespace {

constexpr std::size_t kShapesShown = 5, kValuesShown = 12;

double rounded(double value) {
    if (value == 0 || !std::isfinite(value)) return 0;
    constexpr double kDigits = 12;
    const double scale = std::pow(10.0, kDigits - 1 - std::floor(std::log10(std::abs(value))));
    return std::round(value * scale) / scale;
}

double share(double value) {
    return std::floor(value * 1000) / 1000;
}

std::string iso(std::int32_t day) {
    return format_time(Micros{day} * 86'400 * 1'000'000).substr(0, 10);
}

json::value number(double value, bool is_whole) {
    constexpr double kExact = 9e15;  // past this a double skips whole numbers
    if (is_whole && std::abs(value) < kExact) return static_cast<std::int64_t>(value);
    return rounded(value);
}

void add_spread(json::object& column, const ColumnProfile& profile) {
    const bool hidden = profile.personal.kind != Personal::kNone;
    json::array bins;
    const bool is_text = profile.type == contract::LogicalType::kString;
    if (const Histogram* numbers = is_text ? nullptr : profile.guess.numbers();
        numbers != nullptr && !hidden) {
        const bool is_whole = profile.type == contract::LogicalType::kInteger;
        column["min"] = number(numbers->low(), is_whole);
        column["max"] = number(numbers->high(), is_whole);
        column["mean"] = rounded(numbers->mean());
        for (const Bin& bin : numbers->bins(is_whole ? 1 : 1e-6))
            bins.push_back(
                {{"from", rounded(bin.from)}, {"to", rounded(bin.to)}, {"count", bin.count}});
    } else if (const DayHistogram* days = profile.guess.days(); days != nullptr && !is_text) {
        column["min"] = hidden ? json::value(nullptr) : json::value(iso(days->low()));
        column["max"] = hidden ? json::value(nullptr) : json::value(iso(days->high()));
        column["mean"] = hidden ? json::value(nullptr) : json::value(iso(days->mean()));
        for (const DayHistogram::Span& bin : days->bins())
            bins.push_back({{"from", iso(bin.from)}, {"to", iso(bin.to)}, {"count", bin.count}});
    } else {
        column["min"] = column["max"] = column["mean"] = nullptr;
    }
    column["histogram"] = std::move(bins);
}

void add_values(json::object& column, const ColumnProfile& profile) {
    const bool hidden = profile.personal.kind != Personal::kNone;
    json::array shapes, values, examples;
    for (const auto& [shape, count] : profile.guess.shapes().top(kShapesShown))
        shapes.push_back({{"pattern", shape}, {"count", count}});
    auto few = profile.guess.few_values();
    std::ranges::stable_sort(few, std::greater<>(), [](const auto& one) { return one.second; });
    if (few.size() > kValuesShown) few.clear();
    for (const auto& [value, count] : few) {
        if (!hidden) values.push_back({{"value", value}, {"count", count}});
    }
    for (const std::string& example : profile.guess.examples())
        examples.push_back(json::value(hidden ? quality::mask(example) : example));
    column["patterns"] = std::move(shapes);
    column["values"] = std::move(values);
    column["examples"] = std::move(examples);
}

std::string quoted_example(const std::string& example, const ColumnProfile& column) {
    constexpr std::size_t kLongest = 60;
    const bool hidden = column.personal.kind != Personal::kNone;
    std::string text = hidden ? quality::mask(example) : example;
    if (text.size() > kLongest) text = quality::mask(text);
    return text;
}

struct OddityWords {
    Oddity kind;
    std::string_view code;
    const char *vi, *en;  // {0}: title, {1}: cells, {2}: example, {3}: the same once mended
};

constexpr OddityWords kWords[] = {
    {Oddity::kDigitsLost, "digits_lost",
     "Cột «{0}»: {1} chỉ còn dạng «{2}», các chữ số sau đã mất; mở tệp gốc, định dạng cột là Văn "
     "bản "
     "(Text), rồi xuất lại.",
     "\"{0}\": {1} only have the form \"{2}\", the other digits are gone; in the original file "
     "make "
     "the column Text, then export it again."},
    {Oddity::kGarbled, "garbled_text",
     "Cột «{0}»: {1} bị vỡ chữ vì tệp từng được đọc sai bảng mã: «{2}» là «{3}».",
     "\"{0}\": {1} are garbled, the file was once read in the wrong encoding: \"{2}\" is \"{3}\"."},
    {Oddity::kAmbiguousDate, "ambiguous_dates",
     "Cột «{0}»: mọi ngày đều đọc được theo hai cách («{2}»: ngày trước hay tháng trước?); ở đây "
     "đọc "
     "ngày trước.",
     "\"{0}\": every date can be read two ways (\"{2}\": day or month first?); here the day comes "
     "first."},
    {Oddity::kThousands, "ambiguous_numbers",
     "Cột «{0}»: «{2}» là hàng nghìn hay số lẻ? Ở đây dấu chấm đọc là dấu thập phân.",
     "\"{0}\": is \"{2}\" in the thousands, or a fraction? Here the point is taken as the decimal "
     "one."},
    {Oddity::kNothing, "words_for_nothing", "Cột «{0}»: {1} ghi chữ thay cho ô trống, ví dụ «{2}».",
     "\"{0}\": {1} have a word instead of being empty, such as \"{2}\"."},
    {Oddity::kSpaces, "spaces", "Cột «{0}»: {1} có khoảng trắng thừa ở đầu hoặc cuối.",
     "\"{0}\": {1} have spaces at their ends."},
    {Oddity::kDecomposed, "decomposed",
     "Cột «{0}»: {1} gõ chữ và dấu rời nhau; khi nạp được ghép lại thành Unicode dựng sẵn.",
     "\"{0}\": {1} have letters and marks apart; a load puts them together (Unicode NFC)."},
};

// What a load under the first contract offers.
std::optional<FixKind> step_for(Oddity kind, const ColumnProfile& column) {
    const bool is_text = column.type == contract::LogicalType::kString;
    switch (kind) {
        case Oddity::kSpaces: return FixKind::kTrim;
        case Oddity::kNothing: return FixKind::kEmpty;
        case Oddity::kGarbled: return is_text ? std::optional(FixKind::kEncoding) : std::nullopt;
        default: return std::nullopt;
    }
}

// Where a rule is broken without it, the fix is safe; in text it may be meant.
Proposal proposal_of(FixKind kind, const ColumnProfile& column, const OddCells& odd) {
    const bool is_text = column.type == contract::LogicalType::kString;
    const std::string after = kind == FixKind::kTrim       ? std::string(bare(odd.example))
                              : kind == FixKind::kEncoding ? ungarbled(odd.example).value_or("")
                                                           : std::string();
    return {{kind, column.name, "", 0, ""},
            kind == FixKind::kEncoding || !is_text,
            odd.count,
            quality::mask(odd.example),
            quality::mask(after)};
}

void find_oddities(const Profile& profile, std::vector<Finding>& findings) {
    for (const OddityWords& words : kWords) {
        for (const ColumnProfile& column : profile.columns) {
            const OddCells odd = column.guess.odd(words.kind);
            const contract::LogicalType type = column.guess.type();
            if (odd.count == 0) continue;
            // A number of a measurement may well be written so.
            if (words.kind == Oddity::kDigitsLost && type == contract::LogicalType::kNumber)
                continue;
            const std::string example = quoted_example(odd.example, column);
            const std::string mended = quoted_example(ungarbled(odd.example).value_or(""), column);
            const Text count = cells_text(odd.count);
            Finding finding{std::string(words.code), column.name};
            finding.sentence = {
                fmt::format(fmt::runtime(words.vi), column.header, count.vi, example, mended),
                fmt::format(fmt::runtime(words.en), column.header, count.en, example, mended)};
            finding.checked = column.guess.values();
            finding.count = odd.count;
            finding.rows = odd.rows;
            if (!odd.rows.empty())
                finding.examples.push_back({odd.rows[0], quality::mask(odd.example)});
            if (const auto kind = step_for(words.kind, column))
                finding.fix = to_json(proposal_of(*kind, column, odd), headers_of(column));
            findings.push_back(std::move(finding));
        }
    }
}

// Said of the column as a whole: its first cells.
void note_column(const ColumnProfile& column, Finding& finding) {
    const OddCells& filled = column.guess.filled();
    finding.checked = finding.count = filled.count;
    finding.rows = filled.rows;
    if (filled.rows.empty()) return;
    const bool hidden = column.personal.kind != Personal::kNone;
    finding.examples.push_back(
        {filled.rows[0], hidden ? std::string("***") : quality::mask(filled.example)});
}

void find_personal_and_codes(const Profile& profile, std::vector<Finding>& findings) {
    for (const ColumnProfile& column : profile.columns) {
        if (column.personal.kind != Personal::kNone) {
            const Text kind = words_for(column.personal.kind);
            Finding finding{"personal_data", column.name};
            finding.sentence = {
                fmt::format("Cột «{}» có vẻ là dữ liệu cá nhân ({}): không để truy cập mở, và ghi "
                            "classification: restricted trong hợp đồng.",
                            column.header, kind.vi),
                fmt::format("\"{}\" looks like personal data ({}): keep it from open access, with "
                            "classification: restricted in the contract.",
                            column.header, kind.en)};
            note_column(column, finding);
            findings.push_back(std::move(finding));
        }
        if (!column.code) continue;
        const CodeListInfo& info = info_of(column.code->list);
        if (column.code->padded) {
            Finding finding{"zeros_lost", column.name};
            finding.sentence = {
                fmt::format(
                    "Cột «{}» là {} nhưng đã mất số 0 ở đầu: mã có {} chữ số. Nạp với --fix "
                    "để thêm lại.",
                    column.header, info.name.vi, info.length),
                fmt::format(
                    "\"{}\" are {}, but zeros at the front were lost: codes have {} digits. "
                    "Load with --fix to put them back.",
                    column.header, info.name.en, info.length)};
            note_column(column, finding);
            finding.dimension = contract::Dimension::kAccurate;
            findings.push_back(std::move(finding));
        }
        if (column.code->list == CodeList::kFormerWard ||
            column.code->list == CodeList::kFormerDistrict ||
            column.code->list == CodeList::kFormerProvince) {
            Finding finding{"former_codes", column.name};
            finding.sentence = {
                fmt::format("Cột «{}» dùng {}: nạp với --fix để đổi những mã chỉ thành một mã mới.",
                            column.header, info.name.vi),
                fmt::format("\"{}\" has {}: load with --fix to change those that became one code.",
                            column.header, info.name.en)};
            note_column(column, finding);
            finding.dimension = contract::Dimension::kLive;
            findings.push_back(std::move(finding));
        }
    }
}

void find_in_file(const Profile& profile, std::vector<Finding>& findings) {
    if (profile.repeated > 0) {
        const Text rows = rows_text(profile.repeated);
        Finding finding{"duplicate_rows", ""};
        finding.sentence = {rows.vi +
                                " giống hệt một dòng phía trên. Hợp đồng có khóa "
                                "(primaryKey) thì --fix bỏ được.",
                            rows.en +
                                " equal to one above. Under a contract with a key "
                                "(primaryKey) --fix leaves them out."};
        finding.checked = profile.rows;
        finding.count = profile.repeated;
        finding.rows = profile.repeated_rows;
        if (!finding.rows.empty())
            finding.examples.push_back({finding.rows[0], quality::mask(profile.repeated_example)});
        findings.push_back(std::move(finding));
    }
    if (profile.alike.value_or(0) > 0) {
        const Text rows = rows_text(*profile.alike);
        Finding finding{"likely_duplicates", ""};
        finding.sentence = {rows.vi + " có cùng họ tên và ngày sinh với một dòng phía trên.",
                            rows.en + " with the name and date of birth of one above."};
        finding.checked = profile.rows;
        finding.count = *profile.alike;
        finding.rows = profile.alike_rows;
        findings.push_back(std::move(finding));
    }
    if (profile.totals.count() > 0) {
        Finding finding =
            total_finding(profile.totals.count(), profile.totals.first(), profile.rows);
        for (const TotalRows::Row& row : profile.totals.left_out()) {
            if (finding.examples.size() < quality::kMostExamples)
                finding.examples.push_back({row.row, quality::mask(row.text)});
        }
        const Proposal drop{
            {FixKind::kDropTotal, "", "", 0, ""}, !profile.total_values, finding.count, "", ""};
        finding.fix = to_json(drop, Headers());
        findings.push_back(std::move(finding));
    }
    if (profile.totals.likely() > 0) {
        findings.push_back(likely_total_finding(profile.totals.likely(),
                                                profile.totals.first_likely(), profile.rows));
    }
    if (!profile.dialect) return;
    FirstCells cells;
    for (const ColumnProfile& column : profile.columns)
        cells.push_back(column.guess.filled());
    for (Finding& finding : findings_of_dialect(*profile.dialect, profile.changed, cells))
        findings.push_back(std::move(finding));
}

// A name that a load keeps for itself, and that is none of a mending file's.
bool is_lost_name(std::string_view name) {
    static constexpr std::array<std::string_view, 5> kOurs = {"_id", "_row", "_rule", "_reason",
                                                              "_record"};
    return name.starts_with('_') && std::ranges::find(kOurs, name) == kOurs.end();
}

// The names as they stand, in the line of the header; of the columns the first cells.
void note_header(const scan::Dialect& dialect, const std::vector<std::size_t>& columns,
                 const FirstCells& cells, Finding& finding) {
    finding.lines = {static_cast<std::int64_t>(dialect.preamble_lines) + 1};
    OddCells first;
    for (const std::size_t column : columns) {
        if (column < cells.size()) first.add(cells[column]);
    }
    finding.rows = first.rows;
    if (!first.rows.empty())
        finding.examples.push_back({first.rows[0], quality::mask(first.example)});
    const std::string_view name = trim(dialect.header[columns[0]]);
    if (!name.empty()) finding.examples.push_back({0, std::string(name)});
}

// Columns without a name of their own, by the names that stand in for them, and those whose names
// are reserved or garbled.
void find_in_header(const scan::Dialect& dialect, const FirstCells& cells,
                    std::vector<Finding>& findings) {
    constexpr std::size_t kNamed = 5;
    if (!dialect.has_header) return;
    struct Found {
        std::vector<std::string> names;
        std::vector<std::size_t> columns;
    };
    const std::vector<std::string> names = scan::column_names(dialect);
    Found unnamed, repeated, lost, garbled;
    for (std::size_t c = 0; c < names.size() && c < dialect.header.size(); ++c) {
        const std::string_view own = trim(dialect.header[c]);
        const auto note = [&](Found& found, std::string name) {
            found.names.push_back(std::move(name));
            found.columns.push_back(c);
        };
        if (is_lost_name(own)) note(lost, std::string(own));
        if (std::optional<std::string> mended = ungarbled(own)) note(garbled, *mended);
        if (own != names[c]) note(own.empty() ? unnamed : repeated, names[c]);
    }
    const auto say = [&](std::string_view code, Found found, const char* vi, const char* en) {
        std::vector<std::string>& made = found.names;
        if (made.empty()) return;
        Finding finding{std::string(code), ""};
        finding.checked = static_cast<std::int64_t>(names.size());
        finding.count = static_cast<std::int64_t>(made.size());
        note_header(dialect, found.columns, cells, finding);
        if (made.size() > kNamed) {
            made.resize(kNamed);
            made.emplace_back("…");
        }
        const std::string list = fmt::format("{}", fmt::join(made, ", "));
        finding.sentence = {fmt::format(fmt::runtime(vi), finding.count, list),
                            fmt::format(fmt::runtime(en), finding.count, list)};
        findings.push_back(std::move(finding));
    };
    say("unnamed_columns", std::move(unnamed),
        "{} cột không có tên ở dòng tên cột, tạm gọi là {}: điền tên vào tệp.",
        "Columns without a name in the header: {}, called {} here: write their names into the "
        "file.");
    say("repeated_names", std::move(repeated),
        "{} cột trùng tên với một cột bên trái, tạm gọi là {}: mỗi cột cần một tên riêng.",
        "Columns with the name of one to their left: {}, called {} here: each needs a name of its "
        "own.");
    say("reserved_names", std::move(lost),
        "{} cột không được nạp ({}): tên bắt đầu bằng dấu gạch dưới là của Nguồn; đổi tên cột để "
        "nạp.",
        "Columns that are not loaded: {} ({}): names that begin with an underscore are Nguồn's "
        "own; "
        "rename them to load them.");
    say("garbled_names", std::move(garbled),
        "{} tên cột bị vỡ chữ vì tệp từng được đọc sai bảng mã; đúng ra là {}.",
        "Names of columns garbled because the file was once read in the wrong encoding: {}; they "
        "are {}.");
}

}  // namespace

std::vector<Finding> findings_of_dialect(const scan::Dialect& dialect, const OddCells& changed,
                                         const FirstCells& cells) {
    std::vector<Finding> findings;
    if (dialect.encoding != scan::Encoding::kUtf8) {
        const std::string_view name = scan::name_of(dialect.encoding);
        Finding finding{"old_encoding", ""};
        finding.sentence = {
            fmt::format("Tệp dùng bảng mã {}; chữ đã được đổi sang Unicode (UTF-8).", name),
            fmt::format("The file is in {}; its text was changed to Unicode (UTF-8).", name)};
        finding.checked = 1;
        finding.rows = changed.rows;
        if (!changed.rows.empty())
            finding.examples.push_back({changed.rows[0], quality::mask(changed.example)});
        findings.push_back(std::move(finding));
    }
    if (dialect.preamble_lines > (dialect.separator_line ? 1U : 0U)) {
        const std::size_t lines = dialect.preamble_lines;
        Finding finding{"title_rows", ""};
        finding.sentence = {
            fmt::format(
                "{} dòng đầu tệp là tiêu đề, không phải dữ liệu; bảng bắt đầu ở dòng {} của "
                "tệp.",
                lines, lines + 1),
            fmt::format("The first {} of the file {} no data; the table begins at line {}.",
                        lines == 1 ? "line" : fmt::format("{} lines", lines),
                        lines == 1 ? "is a title and" : "are titles and", lines + 1)};
        finding.checked = 1;
        for (std::size_t line = 1; line <= std::min(lines, quality::kMostExamples); ++line)
            finding.lines.push_back(static_cast<std::int64_t>(line));
        finding.line_count = static_cast<std::int64_t>(lines);
        findings.push_back(std::move(finding));
    }
    if (!dialect.has_header) {
        Finding finding{"no_header", ""};
        finding.sentence = {
            "Không thấy dòng tên cột: các cột được gọi là column_1, column_2, …, và dòng đầu của "
            "bảng được đọc là dữ liệu. Thêm dòng tên cột lên đầu bảng rồi gửi lại.",
            "There is no row with the names of the columns: they are called column_1, column_2, …, "
            "and the first row of the table is read as data. Put the names above it and send the "
            "file again."};
        finding.checked = 1;
        findings.push_back(std::move(finding));
    }
    find_in_header(dialect, cells, findings);
    return findings;
}

json::array columns_json(const Profile& profile) {
    json::array columns;
    for (const ColumnProfile& column : profile.columns) {
        const bool is_personal = column.personal.kind != Personal::kNone;
        json::object one{
            {"name", column.header},
            {"column", column.name},
            {"title", {{"vi", column.title.vi}, {"en", column.title.en}}},
            {"type", contract::name_of(column.type)},
            {"confidence", share(column.guess.confidence())},
            {"nulls", column.guess.nulls()},
            {"distinct", column.distinct},
            {"likely_key", column.likely_key},
            {"personal",
             is_personal ? json::value(name_of(column.personal.kind)) : json::value(nullptr)},
            {"personal_confidence",
             is_personal ? json::value(share(column.personal.confidence)) : json::value(nullptr)},
            {"shortest", column.guess.shortest()},
            {"longest", column.guess.longest()}};
        const std::string format = column.type == column.guess.type() ? column.guess.format() : "";
        one["format"] = format.empty() ? json::value(nullptr) : json::value(format);
        const char decimal = column.guess.decimal();
        one["decimal"] = decimal == 0 ? json::value(nullptr) : json::value(std::string(1, decimal));
        add_spread(one, column);
        add_values(one, column);
        columns.push_back(std::move(one));
    }
    return columns;
}

json::object duplicates_json(const Profile& profile) {
    return {{"rows", profile.repeated},
            {"likely", profile.alike ? json::value(*profile.alike) : json::value(nullptr)},
            {"estimated", profile.estimated}};
}

json::array references_json(const Profile& profile) {
    json::array references;
    for (const ColumnProfile& column : profile.columns) {
        if (!column.code) continue;
        const CodeListInfo& info = info_of(column.code->list);
        references.push_back({{"column", column.name},
                              {"kind", info.kind},
                              {"to", info.target},
                              {"share", share(column.code->share)},
                              {"zeros_lost", column.code->padded}});
    }
    return references;
}

json::array findings_of(const Profile& profile) {
    std::vector<Finding> findings;
    find_in_file(profile, findings);
    find_types(profile, findings);
    find_oddities(profile, findings);
    find_personal_and_codes(profile, findings);
    json::array results;
    for (const Finding& finding : findings)
        results.push_back(to_json(finding));
    return results;
}

}  // namespace nguon::intake
