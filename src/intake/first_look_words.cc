// What a first look has to say.
#include <fmt/format.h>

#include <algorithm>

#include "intake/cell_fixes.h"
#include "intake/first_look.h"
#include "intake/internal/type_findings.h"
#include "intake/total_rows.h"
#include "quality/rules.h"

namespace nguon::intake {

namespace {

// Whether the contract has the unit in words that people read.
bool says(const contract::Column& column, std::string_view unit) {
    for (const Text& text : {column.title, column.description}) {
        for (const std::string_view words : {text.vi, text.en}) {
            const bool other_word =
                unit == "đ" && (words.find("đồng") != words.npos ||
                                words.find("VNĐ") != words.npos || words.find("VND") != words.npos);
            // "đ" alone stands in many words: as the draft has it.
            const std::string said = unit == "đ" ? ": đ" : std::string(unit);
            if (other_word || words.find(said) != words.npos) return true;
        }
    }
    return false;
}

}  // namespace

std::vector<std::int64_t> FirstLook::rows_of(const scan::Table& table, const Cells& cells) {
    std::vector<std::int64_t> rows;
    rows.reserve(cells.places.size());
    for (const std::int64_t place : cells.places)
        rows.push_back(table.row_number(place));
    return rows;
}

Text FirstLook::of_sample() const {
    if (m_sampled >= m_rows) return {};
    return {
        fmt::format(" (trong {} dòng xem thử)", with_separators(m_sampled, Language::kVietnamese)),
        fmt::format(" (in {} rows looked at)", with_separators(m_sampled, Language::kEnglish))};
}

void FirstLook::say(const scan::Table& table, const std::string& code, std::size_t column,
                    const Cells& cells, Text sentence, const Proposal* proposal, Look& look) const {
    Finding finding{code, m_dataset.columns[column].name};
    finding.sentence = std::move(sentence);
    finding.count = cells.count;
    finding.rows = rows_of(table, cells);
    const bool of_all =
        code == "units" || code == "mixed_units" || &cells == &m_columns[column].digits ||
        &cells == &m_columns[column].rounded || &cells == &m_columns[column].ambiguous;
    finding.checked = of_all ? m_rows : m_sampled;
    if (!finding.rows.empty())
        finding.examples.push_back({finding.rows[0], quality::mask(cells.example)});
    json::object result = to_json(finding);
    if (proposal != nullptr) {
        result["fix"] = to_json(*proposal, m_headers);
        look.proposals.push_back(*proposal);
    }
    look.results.push_back(std::move(result));
}

Proposal FirstLook::proposal_of(FixKind kind, std::size_t column, bool safe, const Cells& cells,
                                std::string_view after) const {
    return {{kind, m_dataset.columns[column].name, "", 0, ""},
            safe,
            cells.count,
            quality::mask(cells.example),
            quality::mask(after)};
}

void FirstLook::say_twins(const scan::Table& table, Look& look) const {
    if (m_twins.count == 0) return;
    const Text rows = rows_text(m_twins.count);
    Finding finding{"duplicate_rows", ""};
    finding.sentence = {rows.vi +
                            " giống hệt một dòng phía trên; tập dữ liệu không có khóa nên vẫn "
                            "được nhận.",
                        rows.en + " equal to one above; the dataset has no key, so they enter."};
    finding.checked = m_rows;
    finding.count = m_twins.count;
    finding.rows = rows_of(table, m_twins);
    finding.examples.push_back({finding.rows[0], quality::mask(m_twins.example)});
    look.results.push_back(to_json(finding));
}

// As TotalRows: those that may be values are all at the end, or are values.
bool FirstLook::has_total_values(const scan::Table& table) const {
    const bool at_end = m_total_words.count > 0 && m_total_words.places.front() > m_last_other;
    const bool at_start =
        m_total_words.count == 1 && table.row_number(m_total_words.places.front()) == 1;
    return m_total_words.count > 0 && !at_end && !at_start;
}

void FirstLook::say_totals(const scan::Table& table, Look& look) const {
    if (m_likely_totals.count > 0) {
        look.results.push_back(to_json(
            likely_total_finding(m_likely_totals.count, rows_of(table, m_likely_totals), m_rows)));
    }
    const bool are_values = has_total_values(table);
    Cells totals = m_sure_totals;
    if (!are_values) totals.add(m_total_words);
    if (totals.count == 0 || m_last_other < 0) return;
    // The step leaves out every row that begins so.
    const Proposal proposal{
        {FixKind::kDropTotal, "", "", 0, ""}, !are_values, totals.count, "", ""};
    json::object result = to_json(total_finding(totals.count, rows_of(table, totals), m_rows));
    result["fix"] = to_json(proposal, m_headers);
    look.results.push_back(std::move(result));
    look.proposals.push_back(proposal);
}

void FirstLook::say_digits(const scan::Table& table, std::size_t c, Look& look) const {
    const Watched& watched = m_columns[c];
    const std::string name = m_headers.of(m_dataset.columns[c].name);
    if (watched.rounded.count > 0) {
        const OddCells cells{watched.rounded.count, rows_of(table, watched.rounded),
                             watched.rounded.example};
        say(table, "digits_lost", c, watched.rounded, sentence_of_rounded(name, cells), nullptr,
            look);
    }
    if (watched.digits.count > 0) {
        const Text rows = rows_text(watched.digits.count);
        say(table, "digits_lost", c, watched.digits,
            {fmt::format("Cột «{}»: {} ghi dạng 3.02E+11 và được nhận như chữ; nếu là mã hay số "
                         "hiệu thì các chữ số sau đã mất: xuất lại với cột kiểu Văn bản (Text).",
                         name, rows.vi),
             fmt::format("\"{}\": {} written as 3.02E+11 and taken as text; in a code or a number "
                         "of something the other digits are gone: export again with the column as "
                         "Text.",
                         name, rows.en)},
            nullptr, look);
    }
}

void FirstLook::say_column(const scan::Table& table, std::size_t c, Look& look) const {
    const Watched& watched = m_columns[c];
    const contract::Column& column = m_dataset.columns[c];
    const std::string name = m_headers.of(column.name);
    say_digits(table, c, look);
    say_units(table, c, look);
    const Cells& ambiguous = watched.ambiguous;
    const bool two_ways = watched.decided == 0 && ambiguous.count > 0;
    if (watched.seeks_dates && two_ways && !has_step(FixKind::kDate, column.name))
        say_dates(table, c, look);
    if (watched.seeks_numbers && column.scale < 3 &&
        may_be_in_thousands(ambiguous.count, watched.decided)) {
        say(table, "ambiguous_numbers", c, ambiguous,
            {fmt::format("Cột «{}»: số viết như 1.234 là hàng nghìn hay số lẻ? Ở đây dấu chấm đọc "
                         "là dấu thập phân; nếu là hàng nghìn, ghi decimalSeparator \",\" trong "
                         "hợp đồng.",
                         name),
             fmt::format("\"{}\": are numbers like 1.234 in the thousands, or fractions? Here the "
                         "point is the decimal one; if it is not, write decimalSeparator \",\" in "
                         "the contract.",
                         name)},
            nullptr, look);
    }
    if (watched.is_text) say_texts(table, c, look);
    if (m_single_row) return;  // one value says nothing of a column
    say_zeros(table, c, look);
    say_meaning(table, c, look);
}

// What the contract says is not said again, save where units are mixed.
void FirstLook::say_units(const scan::Table& table, std::size_t c, Look& look) const {
    const Watched& watched = m_columns[c];
    const contract::Column& column = m_dataset.columns[c];
    const Units& units = watched.units;
    const auto most = static_cast<std::size_t>(std::ranges::max_element(units, {}, &Cells::count) -
                                               units.begin());
    Text list;
    Cells others, with_unit;
    std::size_t named = 0;
    bool is_said = true;
    for (std::size_t i = 0; i < units.size(); ++i) {
        if (i != most) others.add(units[i]);
        if (i == 0 || units[i].count == 0) continue;
        ++named;
        with_unit.add(units[i]);
        is_said = is_said && says(column, kUnits[i]);
        const Text count = cells_text(units[i].count);
        const std::int64_t row = table.row_number(units[i].places.front());
        const std::string_view comma = list.empty() ? "" : ", ";
        list.vi += fmt::format("{}{} ({}, từ dòng {})", comma, kUnits[i], count.vi, row);
        list.en += fmt::format("{}{} ({}, from row {})", comma, kUnits[i], count.en, row);
    }
    const std::string name = m_headers.of(column.name);
    const bool some_percent = units[1].count > 0 && units[0].count > 0;  // kUnits: "%", none
    if (named > 1 || some_percent) {
        say(table, "mixed_units", c, others, mixed_units_text(name, list), nullptr, look);
        look.results.back().as_object()["severity"] = "error";
    } else if (named == 1 && !is_said) {
        say(table, "units", c, with_unit, units_text(name, list), nullptr, look);
    }
}

// The contract says which comes first, and that is the end of it, unless the file speaks against
// it. The other reading can be chosen all the same.
void FirstLook::say_dates(const scan::Table& table, std::size_t c, Look& look) const {
    const Watched& watched = m_columns[c];
    const std::string name = m_headers.of(m_dataset.columns[c].name);
    const bool days = watched.first == 'd';
    Proposal other = proposal_of(FixKind::kDate, c, false, watched.ambiguous, "");
    other.step.from = days ? "MM/dd/yyyy" : "dd/MM/yyyy";
    other.alternative = true;
    look.proposals.push_back(std::move(other));
    if (watched.against.count == 0) return;
    const std::int64_t row = table.row_number(watched.against.places.front());
    const Text rows = rows_text(watched.ambiguous.count);
    say(table, "ambiguous_dates", c, watched.ambiguous,
        {fmt::format("Cột «{}»: ngày ở dòng dữ liệu {} chỉ đọc được khi {} đứng trước, không ngày "
                     "nào cho "
                     "thấy {} đứng trước như hợp đồng ghi; {} đọc được theo cả hai cách có lẽ đã "
                     "bị đọc sai.",
                     name, row, days ? "tháng" : "ngày", days ? "ngày" : "tháng", rows.vi),
         fmt::format(
             "\"{}\": the date of row {} can only be read with the {} first, and none shows "
             "that the {} comes first, as the contract says; {} that can be read both "
             "ways may have been read wrong.",
             name, row, days ? "month" : "day", days ? "day" : "month", rows.en)},
        nullptr, look);
}

void FirstLook::say_zeros(const scan::Table& table, std::size_t c, Look& look) const {
    const Watched& watched = m_columns[c];
    const contract::Column& column = m_dataset.columns[c];
    if (!watched.is_text || watched.zeros.count == 0 || !column.options.pattern.empty() ||
        column.reference || !column.enumeration.empty() || has_step(FixKind::kPad, column.name))
        return;
    const auto found = watched.personal.guess(column.name, false);
    if (!found.zeros_lost) return;
    Proposal pad = proposal_of(FixKind::kPad, c, false, watched.zeros, "");
    pad.step = step_of_zeros(column.name, found.kind);
    pad.after = quality::mask(padded(watched.zeros.example, pad.step.length).value_or(""));
    Text sentence =
        sentence_of_zeros(m_headers.of(column.name), column.name, found.kind, watched.zeros.count);
    say(table, "zeros_lost", c, watched.zeros, std::move(sentence), &pad, look);
}

void FirstLook::say_texts(const scan::Table& table, std::size_t c, Look& look) const {
    const Watched& watched = m_columns[c];
    const contract::Column& column = m_dataset.columns[c];
    const std::string name = m_headers.of(column.name);
    const Text sample = of_sample();
    if (watched.garbled.count > 0 && !has_step(FixKind::kEncoding, column.name)) {
        // Safe: each cell is changed only where the way back gives exactly what stood there.
        const Proposal proposal = proposal_of(FixKind::kEncoding, c, true, watched.garbled,
                                              ungarbled(watched.garbled.example).value_or(""));
        say(table, "garbled_text", c, watched.garbled,
            {fmt::format("Cột «{}»: {} ô bị vỡ chữ vì tệp từng được đọc sai bảng mã{}; --fix đổi "
                         "lại được.",
                         name, watched.garbled.count, sample.vi),
             fmt::format("\"{}\": cells garbled because the file was once read in the wrong "
                         "encoding: {}{}; --fix brings them back.",
                         name, watched.garbled.count, sample.en)},
            &proposal, look);
    }
    if (watched.decomposed.count > 0) {
        say(table, "decomposed", c, watched.decomposed,
            {fmt::format("Cột «{}»: {} ô gõ chữ và dấu rời nhau{}, đã được ghép lại (Unicode dựng "
                         "sẵn).",
                         name, watched.decomposed.count, sample.vi),
             fmt::format("\"{}\": cells with letters and marks apart, put together (Unicode NFC): "
                         "{}{}.",
                         name, watched.decomposed.count, sample.en)},
            nullptr, look);
    }
    // What breaks no rule may be meant: asked, never silently.
    if (watched.spaces.count > 0 && !has_step(FixKind::kTrim, column.name)) {
        const Proposal proposal =
            proposal_of(FixKind::kTrim, c, false, watched.spaces, bare(watched.spaces.example));
        say(table, "spaces", c, watched.spaces,
            {fmt::format("Cột «{}»: {} ô có khoảng trắng thừa ở đầu hoặc cuối{}.", name,
                         watched.spaces.count, sample.vi),
             fmt::format("\"{}\": cells with spaces at their ends: {}{}.", name,
                         watched.spaces.count, sample.en)},
            &proposal, look);
    }
    const bool lists_it = !column.enumeration.empty();
    if (watched.nothing.count > 0 && !lists_it && !has_step(FixKind::kEmpty, column.name)) {
        const bool may_be_empty = !column.required && column.key_position == 0;
        const Proposal proposal = proposal_of(FixKind::kEmpty, c, false, watched.nothing, "");
        say(table, "words_for_nothing", c, watched.nothing,
            {fmt::format("Cột «{}»: {} ô ghi chữ như «-», «NULL» thay cho ô trống{}.", name,
                         watched.nothing.count, sample.vi),
             fmt::format("\"{}\": cells with a word like \"-\", \"NULL\" instead of being empty: "
                         "{}{}.",
                         name, watched.nothing.count, sample.en)},
            may_be_empty ? &proposal : nullptr, look);
    }
}

void FirstLook::say_meaning(const scan::Table& table, std::size_t c, Look& look) const {
    const Watched& watched = m_columns[c];
    const contract::Column& column = m_dataset.columns[c];
    const std::string name = m_headers.of(column.name);
    const Cells& all = watched.filled;  // said of the column as a whole
    const auto code =
        watched.codes.guess(column.name, static_cast<std::int64_t>(watched.few.size()));
    // Where a list is referred to, its rule says it and mends it.
    if (code && watched.is_text && !column.reference && column.options.pattern.empty()) {
        const CodeListInfo& info = info_of(code->list);
        if (code->padded) {
            say(table, "zeros_lost", c, all,
                {fmt::format("Cột «{}» là {} nhưng đã mất số 0 ở đầu: mã có {} chữ số; khai tham "
                             "chiếu trong hợp đồng thì --fix thêm lại được.",
                             name, info.name.vi, info.length),
                 fmt::format("\"{}\" are {}, but zeros at the front were lost: codes have {} "
                             "digits; with a reference in the contract --fix puts them back.",
                             name, info.name.en, info.length)},
                nullptr, look);
        }
        if (code->list == CodeList::kFormerWard || code->list == CodeList::kFormerDistrict ||
            code->list == CodeList::kFormerProvince) {
            say(table, "former_codes", c, all,
                {fmt::format("Cột «{}» dùng {}; khai tham chiếu trong hợp đồng thì --fix đổi được "
                             "mã cũ sang mã mới.",
                             name, info.name.vi),
                 fmt::format("\"{}\" has {}; with a reference in the contract --fix changes former "
                             "codes to present ones.",
                             name, info.name.en)},
                nullptr, look);
        }
    }
    // Open data is for everybody. A word that closes the column is refused at apply; one that opens
    // it was somebody's decision.
    if (m_dataset.access != contract::Access::kOpen || !column.classification.empty()) return;
    const auto found =
        watched.personal.guess(column.name, column.type == contract::LogicalType::kDate);
    if (found.kind == Personal::kNone) return;
    const Text kind = words_for(found.kind);
    Cells hidden = all;  // its place alone: a short name is no less a name
    hidden.example = "***";
    say(table, "personal_data", c, hidden,
        {fmt::format(
             "Cột «{}» có vẻ là dữ liệu cá nhân ({}) mà ai cũng đọc được tập dữ liệu này: đặt "
             "access là internal hoặc bỏ cột; không phải thì ghi classification: public.",
             name, kind.vi),
         fmt::format("\"{}\" looks like personal data ({}) and everybody can read the dataset: "
                     "make access internal or leave the column out; if it is not, say "
                     "classification: public.",
                     name, kind.en)},
        nullptr, look);
}

}  // namespace nguon::intake
