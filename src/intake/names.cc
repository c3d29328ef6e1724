#include "intake/names.h"

#include <fmt/format.h>

#include <set>

#include "intake/findings.h"
#include "intake/proposals.h"
#include "quality/rules.h"

namespace nguon::intake {
namespace {

// Datasets that are looked through for the one that a file is.
constexpr std::size_t kMostDatasets = 2'000;

// Names from the file's header, for a message: long ones and long lists are cut. JSON text replaces
// what is no UTF-8.
std::string shown(std::string_view name) {
    constexpr std::size_t kMostBytes = 64;
    return std::string(name.substr(0, kMostBytes)) + (name.size() > kMostBytes ? "…" : "");
}

std::string shown(const std::vector<std::string>& names) {
    constexpr std::size_t kMostNames = 30;
    std::string text;
    for (std::size_t i = 0; i < names.size(); ++i) {
        if (i == kMostNames) return text + ", …";
        text += (i == 0 ? "" : ", ") + shown(names[i]);
    }
    return text;
}

json::object unknown_column(const std::string& name) {
    json::object result = refusal(
        "unknown_column",
        {fmt::format("Cột «{}» không có trong hợp đồng nên bị bỏ qua.", shown(name)),
         fmt::format("The column \"{}\" is not in the contract and is left out.", shown(name))},
        shown(name), contract::Dimension::kClean);
    result["severity"] = "warning";
    return result;
}

// An update keeps what a row has in a column that the file lacks; any other row is whole as sent.
void note_missing(NamesVerdict& verdict, const contract::Column& column, contract::Mode mode) {
    const bool kept = mode == contract::Mode::kUpsert;
    const Text said =
        kept ? Text{fmt::format("Tệp không có cột «{}»: dòng đang có giữ giá trị cũ, dòng mới để "
                                "trống cột này.",
                                column.name),
                    fmt::format("The file has no column \"{}\": rows that stand keep their value, "
                                "in new rows it is empty.",
                                column.name)}
             : Text{fmt::format("Tệp không có cột «{}»: ô của cột này để trống ở mọi dòng nạp.",
                                column.name),
                    fmt::format("The file has no column \"{}\": it is empty in every row loaded.",
                                column.name)};
    json::object result =
        refusal("missing_column", said, column.name, contract::Dimension::kComplete);
    result["severity"] = "warning";
    result["kept"] = kept;
    verdict.warnings.push_back(std::move(result));
    verdict.missing.push_back(column.name);
}

// In JSON a value may be left out of a record; a column is missing when no record has it.
Result<NamesVerdict> judge_members(const scan::InputOptions& options,
                                   const NamesQuestion& question) {
    NamesVerdict verdict;
    TRY_ASSIGN(const auto input, scan::RecordInput::open(options));
    std::vector<std::string> missing;
    do {
        scan::Block block;
        TRY_ASSIGN(const bool more, input->next(block));
        if (!more) break;
        input->split(block);
        missing = input->names_not_met();
    } while (!missing.empty());
    for (const contract::Column& column : question.dataset.columns) {
        if (column.required || column.key_position > 0) continue;
        if (std::ranges::find(missing, column.name) != missing.end())
            note_missing(verdict, column, question.mode);
    }
    return verdict;
}

class Names {
public:
    Names(const scan::RecordInput& input, const NamesQuestion& question)
        : m_input(input),
          m_dataset(question.dataset),
          m_recipe(question.recipe),
          m_store(question.lists),
          m_mode(question.mode) {}

    Result<NamesVerdict> run() {
        TRY_ASSIGN(scan::Plan plan, quality::plan_of(m_dataset));
        add_renames(m_recipe, plan);
        read_names(plan);
        for (std::size_t c = 0; c < plan.columns.size(); ++c)
            judge_column(m_dataset.columns[c], static_cast<std::ptrdiff_t>(c));
        std::vector<std::string> unknown;
        for (std::size_t i = 0; i < m_names.size(); ++i) {
            if (is_unknown(i)) unknown.push_back(m_names[i]);
        }
        m_verdict.proposals = propose_names(m_dataset, plan, unknown, m_missing);
        // Rows in which no column has a value are nobody's, whatever the contract requires.
        const bool has_nothing =
            m_missing.size() == m_dataset.columns.size() && unknown.size() == m_names.size();
        if (has_nothing || (!m_verdict.wrong.empty() && is_another_file(unknown))) {
            std::vector<Proposal> names = std::move(m_verdict.proposals);
            TRY(refuse_file(unknown));
            if (has_nothing)
                m_verdict.proposals = std::move(names);  // they may be its own, renamed
            return std::move(m_verdict);
        }
        for (json::value& result : m_verdict.wrong) {
            offer_name(result.as_object());
            refuse_for(result.as_object(),
                       {"Sửa dòng tiêu đề của tệp: mỗi cột của hợp đồng một lần, đúng tên.",
                        "Mend the file's header: each column of the contract once, by its name."});
        }
        for (std::size_t i = 0; i < m_names.size(); ++i) {
            if (is_unknown(i) && !m_names[i].empty()) warn_of(m_names[i]);  // said already if empty
        }
        return std::move(m_verdict);
    }

private:
    // As they stand in the file: a repeated one is nobody's choice, unless the contract names the
    // column by the name that was made for it ("Mã_2").
    void read_names(const scan::Plan& plan) {
        const scan::Dialect* dialect = m_input.dialect();
        const std::vector<std::string>& made = m_input.names();
        m_names = dialect != nullptr && dialect->has_header ? dialect->header : made;
        for (std::size_t i = 0; i < m_names.size(); ++i) {
            m_names[i] = trim(m_names[i]);
            if (i >= made.size() || made[i] == m_names[i]) continue;
            const scan::HeaderName name(made[i]);
            const bool is_meant = std::ranges::any_of(plan.columns, [&](const auto& column) {
                return column.name == name.text ||
                       std::ranges::find(column.titles, name.text) != column.titles.end();
            });
            if (is_meant) m_names[i] = made[i];
        }
        m_headers = std::vector<scan::HeaderName>(m_names.begin(), m_names.end());
        for (const scan::HeaderName& header : m_headers)
            m_meant.push_back(scan::column_of(header, plan.columns));
    }

    bool is_unknown(std::size_t i) const {  // `_row` and such are reserved
        return m_meant[i] < 0 && !m_names[i].starts_with('_');
    }

    void judge_column(const contract::Column& column, std::ptrdiff_t place) {
        int found = 0;
        std::string header;  // the first of them, as the file has it
        for (std::size_t i = 0; i < m_names.size(); ++i) {
            if (m_meant[i] != place) continue;
            if (++found == 1) header = shown(m_names[i]);
        }
        if (found > 1) {
            m_verdict.wrong.push_back(
                refusal("columns",
                        {fmt::format("Cột «{}» có {} lần.", header, found),
                         fmt::format("The column \"{}\" is there {} times.", header, found)},
                        column.name, contract::Dimension::kClean));
        } else if (found == 0) {
            m_missing.push_back(column.name);
            if (!column.required && column.key_position == 0)
                return note_missing(m_verdict, column, m_mode);
            m_verdict.wrong.push_back(refusal(
                "columns",
                {fmt::format("Thiếu cột bắt buộc «{}». Tệp có: {}.", column.name, shown(m_names)),
                 fmt::format("The required column \"{}\" is missing. The file has: {}.",
                             column.name, shown(m_names))},
                column.name, contract::Dimension::kComplete));
        }
    }

    void warn_of(const std::string& name) {
        json::object result = unknown_column(name);
        offer_name(result);
        m_verdict.warnings.push_back(std::move(result));
    }

    // The proposal that answers a finding about a name, of the contract or of the file.
    void offer_name(json::object& result) const {
        const std::string_view column = result.at("column").is_string()
                                            ? std::string_view(result.at("column").as_string())
                                            : std::string_view();
        for (const Proposal& proposal : m_verdict.proposals) {
            if (proposal.step.column == column || shown(proposal.step.from) == column)
                result["fix"] = to_json(proposal, Headers());
        }
    }

    // Hardly a name is shared, and hardly one is like another: twenty findings would say one thing.
    bool is_another_file(const std::vector<std::string>& unknown) const {
        const std::size_t known = m_dataset.columns.size() - m_missing.size();
        return unknown.size() > 1 && m_missing.size() > 1 &&
               (known + m_verdict.proposals.size()) * 3 < m_dataset.columns.size();
    }

    Result<void> refuse_file(const std::vector<std::string>& unknown) {
        TRY_ASSIGN(const std::string other, likeliest());
        const std::size_t known = m_names.size() - unknown.size();
        Finding finding{"wrong_file", ""};
        finding.severity = contract::Severity::kError;
        finding.checked = 1;
        finding.sentence = {
            fmt::format("Có vẻ nhầm tệp: chỉ {} trong {} cột của tệp có trong {}{}.", known,
                        m_names.size(), m_dataset.name,
                        other.empty() ? "" : fmt::format("; tệp giống dữ liệu của {}", other)),
            fmt::format("This looks like another file: of its {} columns {} has {}{}.",
                        m_names.size(), m_dataset.name, known,
                        other.empty() ? "" : fmt::format("; it looks like one for {}", other))};
        json::object result = to_json(finding);
        refuse_for(result,
                   other.empty()
                       ? Text{"Xem lại tệp và tên tập dữ liệu trong lệnh.",
                              "Look at the file and at the name of the dataset."}
                       : Text{fmt::format("Chọn đúng tệp, hoặc nạp vào {}.", other),
                              fmt::format("Choose the right file, or load it into {}.", other)});
        result["dataset"] = other.empty() ? json::value(nullptr) : json::value(other);
        m_verdict.is_another_file = true;
        m_verdict.wrong = {std::move(result)};
        m_verdict.proposals.clear();
        return {};
    }

    // The dataset of which the file has most columns, if it has most of them.
    Result<std::string> likeliest() const {
        constexpr double kMost = 0.6;
        std::pair<double, std::string> best{kMost, ""};
        if (m_store == nullptr) return best.second;
        std::size_t looked = 0;
        for (const std::string& name : m_store->dataset_names()) {
            if (name == m_dataset.name || ++looked > kMostDatasets) continue;
            TRY_ASSIGN(const auto info, m_store->dataset(name));
            TRY_ASSIGN(const scan::Plan plan, quality::plan_of(info->contract));
            std::set<std::ptrdiff_t> there;
            for (const scan::HeaderName& header : m_headers)
                there.insert(scan::column_of(header, plan.columns));
            there.erase(-1);
            const double share = static_cast<double>(there.size()) /
                                 static_cast<double>(std::max(plan.columns.size(), m_names.size()));
            if (share > best.first) best = {share, name};
        }
        return best.second;
    }

    const scan::RecordInput& m_input;
    const contract::Dataset& m_dataset;
    const std::vector<Step>& m_recipe;
    const store::Store* m_store;
    const contract::Mode m_mode;
    std::vector<std::string> m_names, m_missing;
    std::vector<scan::HeaderName> m_headers;
    std::vector<std::ptrdiff_t> m_meant;  // by the file's columns: the contract's, or -1
    NamesVerdict m_verdict;
};

// What only JSON has: members of no column, no rows.
json::array warnings_of_json(const scan::Contents& contents) {
    constexpr std::size_t kMostSaid = 30;
    json::array warnings;
    const auto warn = [&](std::string_view rule, const Text& text) {
        json::object result = refusal(rule, text, "", contract::Dimension::kComplete);
        result["severity"] = "warning";
        warnings.push_back(std::move(result));
    };
    std::vector<std::string> spare;
    for (const scan::SpareMember& member : contents.members) {
        if (!member.nothing && !member.path.starts_with('_')) spare.push_back(member.path);
    }
    for (std::size_t i = 0; i < std::min(spare.size(), kMostSaid); ++i)
        warnings.push_back(unknown_column(spare[i]));
    if (spare.size() > kMostSaid) {
        const std::size_t more = spare.size() - kMostSaid;
        warn("unknown_columns",
             {fmt::format("JSON còn {} tên khác không có trong hợp đồng, bị bỏ qua.", more),
              fmt::format("{} more names of the JSON are not in the contract and are left out.",
                          more)});
    }
    if (contents.more_members) {
        warn("too_many_names",
             {"JSON có quá nhiều tên khác nhau: chỉ nhớ 4.096 tên đầu, các tên sau bị bỏ qua.",
              "The JSON has too many different names: those after the first 4,096 are left out."});
    }
    if (contents.no_records) {
        warn("no_rows",
             {fmt::format("Danh sách {}trong JSON rỗng: không có dòng nào.",
                          contents.member.empty() ? "" : "«" + contents.member + "» "),
              fmt::format("The list {}in the JSON is empty: it has no rows.",
                          contents.member.empty() ? "" : "\"" + contents.member + "\" ")});
    }
    return warnings;
}

// Merged text says of which group each row is; a merged number may be an amount of the group.
json::object merged_numbers(const scan::MergedNumbers& numbers) {
    std::string places;
    for (const std::string& place : numbers.places)
        places += (places.empty() ? "" : ", ") + place;
    if (numbers.cells > static_cast<std::int64_t>(numbers.places.size())) places += ", …";
    Finding finding{"merged_numbers", ""};
    finding.dimension = contract::Dimension::kAccurate;
    const Text rows = rows_text(numbers.count);
    finding.sentence = {
        fmt::format("Ô gộp chứa số ({}): số ấy được ghi vào mọi dòng của ô gộp, thêm {}. Nếu là số "
                    "chung của cả nhóm thì tổng của cột sẽ bị tính lặp: bỏ gộp ô, ghi số của từng "
                    "dòng.",
                    places, rows.vi),
        fmt::format("Merged cells with a number ({}): each row of them has that number now, {} "
                    "more. If it is an amount of the whole group, sums of the column count it "
                    "again: unmerge the cells and write the number of each row.",
                    places, rows.en)};
    finding.count = numbers.count;
    finding.rows = numbers.rows;
    return to_json(finding);
}

// Those with the columns of the one that was read, with their rows.
Text unread_sheets(const std::vector<scan::Part>& sheets) {
    constexpr std::size_t kMostNamed = 20;
    Text text;
    std::size_t named = 0;
    for (const scan::Part& sheet : sheets) {
        if (sheet.chosen || sheet.unread == 0) continue;
        if (++named > kMostNamed) return {text.vi + ", …", text.en + ", …"};
        const std::string name = shown(sheet.name);
        text.vi += fmt::format("{}«{}» ({} dòng{})", named == 1 ? "" : ", ", name, sheet.unread,
                               sheet.hidden ? ", trang ẩn" : "");
        text.en += fmt::format("{}\"{}\" ({} {}{})", named == 1 ? "" : ", ", name, sheet.unread,
                               sheet.unread == 1 ? "row" : "rows", sheet.hidden ? ", hidden" : "");
    }
    return text;
}

}  // namespace

Result<NamesVerdict> judge_names(const scan::RecordInput& input, const scan::InputOptions& options,
                                 const NamesQuestion& question) {
    // Members of no column are known after the last record.
    if (scan::is_json(input.format())) return judge_members(options, question);
    return Names(input, question).run();
}

json::array warnings_of(const scan::Contents& contents) {
    json::array warnings = warnings_of_json(contents);
    const auto warn = [&](std::string_view rule, const Text& text,
                          const std::vector<std::int64_t>& lines = {}, std::size_t count = 0) {
        json::object result = refusal(rule, text, "", contract::Dimension::kComplete);
        result["severity"] = "warning";
        if (!lines.empty()) result["lines"] = lines_json(static_cast<std::int64_t>(count), lines);
        warnings.push_back(std::move(result));
    };
    std::string vi, en;
    std::size_t others = 0;
    std::vector<std::int64_t> begins;  // of the other tables
    for (const scan::Part& table : contents.tables) {
        if (table.chosen) continue;
        if (begins.size() < quality::kMostExamples) begins.push_back(table.line);
        if (++others > 5) continue;
        vi += fmt::format("{}dòng {} của tệp ({} cột, {} dòng)", vi.empty() ? "" : "; ", table.line,
                          table.columns, table.rows);
        en += fmt::format("{}line {} ({} columns, {} rows)", en.empty() ? "" : "; ", table.line,
                          table.columns, table.rows);
    }
    if (others > 0) {
        warn("other_tables",
             {fmt::format("Tệp còn {} bảng khác, không đọc: {}. Để mỗi bảng ở một tệp "
                          "riêng, hoặc dùng hợp đồng có các cột của bảng cần đọc.",
                          others, vi),
              fmt::format("The file has {} other {}, not read: {}. Put each table "
                          "into a file of its own, or use a contract with the "
                          "columns of the table to read.",
                          others, others == 1 ? "table" : "tables", en)},
             begins, others);
    }
    if (const std::int64_t line = contents.column_numbers; line > 0) {
        warn("column_numbers",
             {fmt::format("Dòng {} của tệp chỉ đánh số các cột, không phải dữ liệu nên không đọc. "
                          "Nếu đó là dữ liệu, để dòng ấy xuống dưới một dòng khác.",
                          line),
              fmt::format("Line {} of the file only numbers the columns, is no data and was not "
                          "read. If it is data, put it below another row.",
                          line)},
             {line}, 1);
    }
    if (const scan::Footer& footer = contents.footer; footer.lines > 0) {
        const std::string where = footer.first == footer.last
                                      ? std::to_string(footer.first)
                                      : fmt::format("{}–{}", footer.first, footer.last);
        warn("footer_lines",
             {fmt::format("Có {} dòng dưới bảng không đọc: dòng {} của tệp. Nếu đó là dữ liệu, sửa "
                          "cho giống "
                          "các dòng khác của bảng.",
                          footer.lines, where),
              fmt::format("{} below the table {} not read: {} {}. If it is data, write it as the "
                          "other rows of the table are.",
                          footer.lines == 1 ? "1 line" : fmt::format("{} lines", footer.lines),
                          footer.lines == 1 ? "was" : "were",
                          footer.first == footer.last ? "line" : "lines", where)},
             {footer.first}, static_cast<std::size_t>(footer.lines));
    }
    if (const Text sheets = unread_sheets(contents.sheets); !sheets.en.empty()) {
        warn("other_sheets",
             {fmt::format("Tệp còn trang khác có cùng các cột, không đọc: {}. Đọc từng trang bằng "
                          "--sheet.",
                          sheets.vi),
              fmt::format("Other sheets of the file have the same columns and were not read: {}. "
                          "Read each with --sheet.",
                          sheets.en)});
    }
    if (contents.merged_numbers && contents.merged_numbers->count > 0)
        warnings.push_back(merged_numbers(*contents.merged_numbers));
    if (contents.lists.size() > 1) {
        std::string lists;
        for (const scan::Part& list : contents.lists)
            lists += fmt::format("{}{} ({})", lists.empty() ? "" : ", ", list.name, list.rows);
        warn(
            "other_lists",
            {fmt::format("JSON có {} danh sách ({}), đã đọc «{}»; đọc danh sách khác bằng --entry.",
                         contents.lists.size(), lists, contents.member),
             fmt::format("The JSON has {} lists ({}), \"{}\" was read; another is read with "
                         "--entry.",
                         contents.lists.size(), lists, contents.member)});
    }
    if (contents.hidden_rows + contents.hidden_columns > 0) {
        warn("hidden_cells",
             {fmt::format("Trang có {} dòng ẩn và {} cột ẩn; vẫn được đọc.", contents.hidden_rows,
                          contents.hidden_columns),
              fmt::format("The sheet has {} hidden rows and {} hidden columns; they are read.",
                          contents.hidden_rows, contents.hidden_columns)},
             contents.first_hidden, static_cast<std::size_t>(contents.hidden_rows));
    }
    return warnings;
}

}  // namespace nguon::intake
