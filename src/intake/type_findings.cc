#include "intake/internal/type_findings.h"

#include <fmt/format.h>

#include "intake/cell_fixes.h"

namespace nguon::intake {
namespace {

// "dòng dữ liệu 5", "rows 5, 17, 30, …": where the cells are.
Text places(const OddCells& cells) {
    std::string list;
    for (const std::int64_t row : cells.rows)
        list += fmt::format("{}{}", list.empty() ? "" : ", ", row);
    if (cells.count > static_cast<std::int64_t>(cells.rows.size())) list += ", …";
    return {"dòng dữ liệu " + list, (cells.count == 1 ? "row " : "rows ") + list};
}

// "ngày (dd/MM/yyyy)", "whole numbers".
Text words_of(contract::LogicalType type, const std::string& format, bool lost_digits) {
    using contract::LogicalType;
    const auto with_format = [&](const char* vi, const char* en) {
        return format.empty()
                   ? Text{vi, en}
                   : Text{fmt::format("{} ({})", vi, format), fmt::format("{} ({})", en, format)};
    };
    switch (type) {
        case LogicalType::kInteger: return {"số nguyên", "whole numbers"};
        case LogicalType::kNumber: return {"số", "numbers"};
        case LogicalType::kBoolean: return with_format("đúng hay sai", "true or false");
        case LogicalType::kDate: return with_format("ngày", "dates");
        case LogicalType::kTimestamp: return with_format("ngày giờ", "dates with a time");
        case LogicalType::kTime: return with_format("giờ", "times of day");
        default:
            return lost_digits ? Text{"dãy chữ số", "numbers of digits"}
                               : with_format("hình học", "geometries");
    }
}

Finding finding_of(std::string code, const ColumnProfile& column, const OddCells& cells) {
    Finding finding{std::move(code), column.name};
    finding.checked = column.guess.values();
    finding.count = cells.count;
    finding.rows = cells.rows;
    if (!cells.rows.empty())
        finding.examples.push_back({cells.rows[0], quality::mask(cells.example)});
    return finding;
}

void find_misfits(const ColumnProfile& column, std::vector<Finding>& findings) {
    const OddCells odd = column.misfits();
    if (odd.count == 0) return;
    const Text type = words_of(column.type, column.guess.format(), column.guess.has_lost_digits());
    const Text count = cells_text(odd.count), where = places(odd);
    Finding finding = finding_of("not_of_type", column, odd);
    finding.severity = contract::Severity::kError;
    finding.dimension = contract::Dimension::kAccurate;
    finding.sentence = {
        fmt::format("Cột «{}» là {}, nhưng {} không đọc được như vậy ({}). Khi nạp, các dòng ấy bị "
                    "để riêng: sửa trong tệp; nếu cột là chữ, ghi logicalType: string trong hợp "
                    "đồng.",
                    column.header, type.vi, count.vi, where.vi),
        fmt::format("\"{}\" has {}, but {} cannot be read so ({}). A load sets those rows aside: "
                    "mend them in the file; if the column is text, write logicalType: string in "
                    "the contract.",
                    column.header, type.en, count.en, where.en)};
    findings.push_back(std::move(finding));
}

// A date written otherwise is said by the forms of dates.
void find_nearly(const ColumnProfile& column, std::vector<Finding>& findings) {
    if (column.code || column.type != contract::LogicalType::kString) return;
    const auto near = column.guess.nearly();
    if (!near) return;
    std::int64_t dates = 0;
    for (const MomentGuess::Style& style : column.guess.date_styles())
        dates += style.cells.count;
    if (dates == column.guess.values()) return;
    const Text type = words_of(near->type, near->format, false);
    const Text count = cells_text(near->misfits.count), where = places(near->misfits);
    Finding finding = finding_of("nearly_of_type", column, near->misfits);
    finding.dimension = contract::Dimension::kAccurate;
    finding.sentence = {
        fmt::format("Cột «{}» giống {}, trừ {} ({}), nên cả cột để là chữ. Nếu cột là {} thì sửa "
                    "các ô ấy rồi kiểm tra lại.",
                    column.header, type.vi, count.vi, where.vi, type.vi),
        fmt::format("\"{}\" looks like {}, save {} ({}), so the column is taken as text. If it is "
                    "one of {}, mend those cells and check again.",
                    column.header, type.en, count.en, where.en, type.en)};
    findings.push_back(std::move(finding));
}

// "% (12 ô, từ dòng 1), đ (3 ô, từ dòng 5)"
Text list_of(const std::vector<ColumnGuess::Unit>& units) {
    Text list;
    for (const ColumnGuess::Unit& unit : units) {
        const Text count = cells_text(unit.cells.count);
        const std::string_view comma = list.empty() ? "" : ", ";
        list.vi += fmt::format("{}{} ({}, từ dòng {})", comma, unit.name, count.vi,
                               unit.cells.rows.front());
        list.en += fmt::format("{}{} ({}, from row {})", comma, unit.name, count.en,
                               unit.cells.rows.front());
    }
    return list;
}

void find_units(const ColumnProfile& column, std::vector<Finding>& findings) {
    const std::vector<ColumnGuess::Unit> units = column.guess.units();
    if (units.empty() || column.code || column.personal.kind != Personal::kNone) return;
    const Text list = list_of(units);
    if (column.guess.has_mixed_units()) {
        if (!column.guess.are_mostly_numbers()) return;
        Finding finding = finding_of("mixed_units", column, column.guess.other_units());
        finding.severity = contract::Severity::kError;
        finding.dimension = contract::Dimension::kAccurate;
        finding.sentence = mixed_units_text(column.header, list);
        findings.push_back(std::move(finding));
    } else if (column.type == contract::LogicalType::kNumber ||
               column.type == contract::LogicalType::kInteger) {
        Finding finding = finding_of("units", column, units.front().cells);
        finding.sentence = units_text(column.header, list);
        findings.push_back(std::move(finding));
    }
}

void find_codes(const ColumnProfile& column, std::vector<Finding>& findings) {
    if (column.code || column.personal.kind != Personal::kNone) return;
    const OddCells odd = column.guess.odd(Oddity::kCodes);
    if (odd.count == 0) return;
    const Text count = cells_text(odd.count), where = places(odd);
    Finding finding = finding_of("codes_among_numbers", column, odd);
    finding.sentence = {
        fmt::format("Cột «{}»: các ô là số nguyên, trừ {} có chữ như mã ({}), nên cả cột để là "
                    "chữ. Nếu cột là số thì sửa các ô ấy.",
                    column.header, count.vi, where.vi),
        fmt::format("\"{}\": whole numbers, save {} with letters as in a code ({}), so the column "
                    "is taken as text. If it is one of numbers, mend those cells.",
                    column.header, count.en, where.en)};
    findings.push_back(std::move(finding));
}

// "dd/MM/yyyy (950 ô, từ dòng 1), yyyy-MM-dd (50 ô, từ dòng 7)"
Text list_of(const std::vector<MomentGuess::Style>& styles) {
    Text list;
    for (const MomentGuess::Style& style : styles) {
        const Text count = cells_text(style.cells.count);
        const std::string_view comma = list.empty() ? "" : ", ";
        list.vi += fmt::format("{}{} ({}, từ dòng dữ liệu {})", comma, style.pattern, count.vi,
                               style.cells.rows.front());
        list.en += fmt::format("{}{} ({}, from row {})", comma, style.pattern, count.en,
                               style.cells.rows.front());
    }
    return list;
}

void find_date_forms(const ColumnProfile& column, std::vector<Finding>& findings) {
    const std::vector<MomentGuess::Style> styles = column.guess.date_styles();
    OddCells all, others, short_years;
    for (const MomentGuess::Style& style : styles) {
        all.add(style.cells);
        if (&style != &styles.front()) others.add(style.cells);
        if (style.short_year) short_years.add(style.cells);
    }
    if (!fits_most(all.count, column.guess.values() - all.count)) return;
    if (styles.size() > 1) {
        const Text list = list_of(styles);
        Finding finding = finding_of("mixed_dates", column, others);
        finding.sentence = {
            fmt::format("Cột «{}»: ngày viết theo {} kiểu: {}. Viết cả cột theo một kiểu, rồi xuất "
                        "lại tệp.",
                        column.header, styles.size(), list.vi),
            fmt::format("\"{}\": dates are written in {} ways: {}. Write the whole column in one, "
                        "then export the file again.",
                        column.header, styles.size(), list.en)};
        findings.push_back(std::move(finding));
    }
    if (short_years.count > 0) {
        const Text count = cells_text(short_years.count), where = places(short_years);
        Finding finding = finding_of("two_digit_years", column, short_years);
        finding.sentence = {
            fmt::format("Cột «{}»: {} ghi năm bằng hai chữ số ({}), không rõ thế kỷ nào. Trong tệp "
                        "gốc, định dạng cột là dd/mm/yyyy, rồi xuất lại.",
                        column.header, count.vi, where.vi),
            fmt::format("\"{}\": {} with a year of two digits ({}): the century is not sure. In "
                        "the original file give the column the format dd/mm/yyyy, then export it "
                        "again.",
                        column.header, count.en, where.en)};
        findings.push_back(std::move(finding));
    }
}

// One such number may end in zeros by chance; where a spreadsheet holds it as a number, or where
// all of several do, the digits are gone.
void find_rounded(const ColumnProfile& column, bool is_sheet, std::vector<Finding>& findings) {
    constexpr std::int64_t kSeveral = 3;
    const OddCells odd = column.guess.odd(Oddity::kRounded);
    if (odd.count < (is_sheet ? 1 : kSeveral)) return;
    Finding finding = finding_of("digits_lost", column, odd);
    finding.sentence = sentence_of_rounded(column.header, odd);
    findings.push_back(std::move(finding));
}

void find_zeros(const ColumnProfile& column, std::vector<Finding>& findings) {
    if (!column.personal.zeros_lost) return;
    const Personal kind = column.personal.kind;
    const OddCells odd =
        column.guess.odd(kind == Personal::kPhone ? Oddity::kPhoneZero : Oddity::kCitizenZeros);
    if (odd.count == 0) return;
    Finding finding = finding_of("zeros_lost", column, odd);
    finding.dimension = contract::Dimension::kAccurate;
    finding.sentence = sentence_of_zeros(column.header, column.name, kind, odd.count);
    const Step step = step_of_zeros(column.name, kind);
    const Proposal pad{step, false, odd.count, quality::mask(odd.example),
                       quality::mask(padded(odd.example, step.length).value_or(""))};
    finding.fix = to_json(pad, headers_of(column));
    findings.push_back(std::move(finding));
}

void find_lists(const Profile& profile, std::vector<Finding>& findings) {
    constexpr std::int64_t kMostNamed = 5;
    Finding finding{"value_lists", ""};
    finding.count = 0;
    std::string names;
    for (const ColumnProfile& column : profile.columns) {
        if (!has_closed_list(column) || ++finding.count > kMostNamed) continue;
        names += fmt::format("{}«{}» ({})", names.empty() ? "" : ", ", column.header,
                             column.guess.few_values().size());
    }
    if (finding.count == 0) return;
    if (finding.count > kMostNamed) names += ", …";
    finding.checked = profile.rows;
    finding.sentence = {
        fmt::format("Hợp đồng đầu tiên chỉ nhận các giá trị đã có trong tệp ở cột {}; dòng có giá "
                    "trị mới sẽ bị để riêng. Nếu danh sách còn thiếu, xóa enum của cột trong hợp "
                    "đồng.",
                    names),
        fmt::format("The first contract takes only the values that the file has in {}; rows with "
                    "a new one will be set aside. If the list is not complete, delete the column's "
                    "enum in the contract.",
                    names)};
    findings.push_back(std::move(finding));
}

}  // namespace

Headers headers_of(const ColumnProfile& column) {
    scan::Plan names;
    names.columns.push_back({column.name, {sql::Kind::kText}, {}, false, {column.header}});
    return Headers(names, {column.header});
}

Step step_of_zeros(const std::string& column, Personal kind) {
    constexpr std::size_t kCitizen = 12, kPhone = 10;
    return {FixKind::kPad, column, std::string(name_of(kind)),
            kind == Personal::kPhone ? kPhone : kCitizen, ""};
}

Text sentence_of_zeros(std::string_view header, const std::string& column, Personal kind,
                       std::int64_t count) {
    const Text what = words_for(kind), cells = cells_text(count);
    const Step step = step_of_zeros(column, kind);
    return {fmt::format("Cột «{}» là {} nhưng {} đã mất số 0 ở đầu: mỗi số có {} chữ số. Trong tệp "
                        "gốc, định dạng cột là Văn bản (Text) rồi xuất lại; hoặc nạp với --accept "
                        "{} để thêm lại.",
                        header, what.vi, cells.vi, step.length, step.code()),
            fmt::format("\"{}\" are {}, but {} lost the zeros at the front: each number has {} "
                        "digits. In the original file make the column Text and export it again; "
                        "or load with --accept {} to put them back.",
                        header, what.en, cells.en, step.length, step.code())};
}

Text units_text(std::string_view header, const Text& units) {
    return {
        fmt::format("Cột «{}»: số có đơn vị {}; giá trị được giữ là số đứng trước đơn vị (12,5% "
                    "là 12,5). Ghi đơn vị vào mô tả của cột trong hợp đồng.",
                    header, units.vi),
        fmt::format("\"{}\": numbers with a unit, {}; the value is the number before it (12.5% "
                    "is 12.5). Say the unit in the column's description in the contract.",
                    header, units.en)};
}

Text mixed_units_text(std::string_view header, const Text& units) {
    return {fmt::format("Cột «{}» có số khác đơn vị, hoặc số có % lẫn số không có: {}. Không so "
                        "hay cộng được với nhau: đổi cả cột về một đơn vị, hoặc tách thành nhiều "
                        "cột, rồi gửi lại.",
                        header, units.vi),
            fmt::format("\"{}\" has numbers of different units, or some with % and some without: "
                        "{}. They cannot be compared or summed: write the whole column in one "
                        "unit, or part it into several columns, and send it again.",
                        header, units.en)};
}

Text sentence_of_rounded(std::string_view header, const OddCells& cells) {
    const Text count = cells_text(cells.count), where = places(cells);
    return {
        fmt::format("Cột «{}»: {} có hơn 15 chữ số mà từ chữ số thứ 16 trở đi đều là 0 ({}). Excel "
                    "chỉ giữ 15 chữ số, phần sau có lẽ đã mất: lấy lại từ nguồn, với cột kiểu Văn "
                    "bản (Text).",
                    header, count.vi, where.vi),
        fmt::format("\"{}\": {} with more than 15 digits that are 0 from the 16th on ({}). Excel "
                    "keeps 15 digits, the others may be gone: export again from the source, with "
                    "the column as Text.",
                    header, count.en, where.en)};
}

void find_types(const Profile& profile, std::vector<Finding>& findings) {
    const auto format = scan::format_from_name(profile.format);
    const bool is_sheet = format && scan::is_sheet(*format);
    for (const ColumnProfile& column : profile.columns) {
        find_misfits(column, findings);
        find_nearly(column, findings);
        find_units(column, findings);
        find_codes(column, findings);
        find_date_forms(column, findings);
        find_rounded(column, is_sheet, findings);
        find_zeros(column, findings);
    }
    find_lists(profile, findings);
}

}  // namespace nguon::intake
