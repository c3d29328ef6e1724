// Rows, tables of SQL, history.
#include <fmt/format.h>

#include "cli/render.h"
#include "cli/requests.h"
#include "cli/table.h"
#include "cli/words.h"

namespace nguon::cli {
namespace {

constexpr std::size_t kMostRecords = 50;  // more rows stay a table, however narrow its columns

bool is_number_type(std::string_view type) {
    static constexpr std::string_view kNumbers[] = {
        "TINYINT", "SMALLINT", "INTEGER", "BIGINT", "HUGEINT", "UTINYINT", "USMALLINT", "UINTEGER",
        "UBIGINT", "UHUGEINT", "FLOAT",   "DOUBLE", "REAL",    "integer",  "number"};
    if (type.starts_with("DECIMAL")) return true;
    return std::find(std::begin(kNumbers), std::end(kNumbers), type) != std::end(kNumbers);
}

const Phrase* word_of_op(std::string_view op) {
    if (op == "insert") return &words::kInsert;
    if (op == "update") return &words::kUpdate;
    return op == "delete" ? &words::kDelete : nullptr;
}

// Titles of columns by name, in the reader's language.
std::string title_of_column(const json::value& described, std::string_view name,
                            Language language) {
    for (const json::value& column : array_at(described, "columns")) {
        if (text_at(column, "name") != name) continue;
        const json::value* title = member(column, "title");
        return title == nullptr ? std::string()
                                : text_at(*title, language == Language::kVietnamese ? "vi" : "en");
    }
    return {};
}

}  // namespace

std::string cell_text(const json::value& value) {
    if (value.is_null()) return {};
    return value.is_string() ? std::string(value.get_string()) : to_text(value);
}

std::string render_datasets(const json::value& answer, const Style& style) {
    const Language language = style.language;
    const json::array& datasets = array_at(answer, "datasets");
    if (datasets.empty()) return std::string(words::kNoDatasets.in(language)) + "\n";
    const auto head = [&](const Phrase& word) { return std::string(word.in(language)); };
    Table table({{head(words::kDataset)},
                 {head(words::kTitle)},
                 {head(words::kVersion)},
                 {head(words::kAccess)},
                 {head(words::kRows), Align::kRight},
                 {head(words::kScore), Align::kRight}});
    for (const json::value& dataset : datasets) {
        const json::value* title = member(dataset, "title");
        const std::string words_of_title =
            title == nullptr ? std::string()
                             : text_at(*title, language == Language::kVietnamese ? "vi" : "en");
        const json::value* scores = member(dataset, "scores");
        const json::value* score = scores == nullptr ? nullptr : member(*scores, "overall");
        const bool scored = score != nullptr && score->is_number();
        table.add({{text_at(dataset, "dataset")},
                   {words_of_title, words_of_title.empty()},
                   {text_at(dataset, "version")},
                   {text_at(dataset, "access")},
                   {style.number(integer_at(dataset, "rows"))},
                   {scored ? style.decimal(score->to_number<double>()) : "", !scored}});
    }
    return table.render(style);
}

std::string render_query(const json::value& answer, const Style& style) {
    std::vector<Table::Column> columns;
    for (const json::value& column : array_at(answer, "columns")) {
        columns.push_back({printable(text_at(column, "name")),
                           is_number_type(text_at(column, "type")) ? Align::kRight : Align::kLeft});
    }
    Table table(std::move(columns));
    const json::array& rows = array_at(answer, "rows");
    for (const json::value& row : rows) {
        std::vector<Table::Cell> cells;
        if (!row.is_array()) continue;
        for (const json::value& value : row.get_array())
            cells.push_back({cell_text(value), value.is_null()});
        table.add(std::move(cells));
    }
    const bool records = table.rows() <= kMostRecords && !table.is_readable(style);
    std::string text = records ? table.render_records(style) : table.render(style);
    text += style.ink(Ink::kDim, style.rows(static_cast<std::int64_t>(rows.size()))) + "\n";
    const json::value* truncated = member(answer, "truncated");
    if (truncated != nullptr && truncated->is_bool() && truncated->get_bool()) {
        text += style.sign(Sign::kNote) + " " + std::string(words::kTruncated.in(style.language)) +
                "\n";
    }
    return text;
}

std::string render_row(const json::value& row, const json::value& described, const Style& style) {
    if (!row.is_object()) return to_text(row) + "\n";
    struct Line {
        std::string label, value;
        bool missing = false;
    };
    std::vector<Line> lines;
    int widest = 0;
    for (const auto& entry : row.get_object()) {
        const std::string title = title_of_column(described, entry.key(), style.language);
        Line line{printable(title.empty() ? std::string(entry.key()) : title),
                  printable(cell_text(entry.value())), entry.value().is_null()};
        widest = std::max(widest, width_of(line.label));
        lines.push_back(std::move(line));
    }
    std::string text;
    for (const Line& line : lines) {
        const std::string space(static_cast<std::size_t>(widest - width_of(line.label)), ' ');
        const std::string value = line.missing ? style.ink(Ink::kDim, style.dash()) : line.value;
        text += fmt::format("{}:{} {}\n", style.ink(Ink::kDim, line.label), space, value);
    }
    return text;
}

std::string render_history(const json::value& answer, const Style& style) {
    const Language language = style.language;
    const json::array& changes = array_at(answer, "changes");
    if (changes.empty()) return std::string(words::kNoChanges.in(language)) + "\n";
    const auto head = [&](const Phrase& word) { return std::string(word.in(language)); };
    Table table({{head(words::kSeq), Align::kRight},
                 {head(words::kOp)},
                 {head(words::kAt)},
                 {head(words::kBatchHead)},
                 {head(words::kKey)},
                 {head(words::kRowHead)}});
    for (const json::value& change : changes) {
        const std::string op = text_at(change, "op");
        const Phrase* word = word_of_op(op);
        const json::value* row = member(change, "row");
        const json::value* key = member(change, "key");
        const bool no_row = row == nullptr || row->is_null();
        table.add({{style.number(integer_at(change, "seq"))},
                   {word == nullptr ? op : head(*word)},
                   {style.time(text_at(change, "at"))},
                   {text_at(change, "batch")},
                   {key == nullptr ? "" : cell_text(*key), key == nullptr || key->is_null()},
                   {no_row ? "" : to_text(*row), no_row}});
    }
    std::string text = table.render(style);
    const json::value* next = member(answer, "next");
    if (next != nullptr && next->is_number()) {
        text += style.ink(Ink::kDim, say(language, words::kMoreChanges, integer_of(next))) + "\n";
    }
    return text;
}

}  // namespace nguon::cli
