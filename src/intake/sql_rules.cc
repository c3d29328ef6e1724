// SQL rules of a load: over the rows that will stand once the batch has entered, in the sandbox
// that the caller brings.
#include <algorithm>

#include "intake/internal/pass.h"
#include "quality/sql_rules.h"

namespace nguon::intake {
namespace {

// A folder with the staged file alone: while a query is parsed its process may read all of a
// folder.
class Shown {
public:
    ~Shown() {
        std::error_code ignored;
        if (!m_folder.empty()) std::filesystem::remove_all(m_folder, ignored);
    }
    Result<std::filesystem::path> link(const std::filesystem::path& stage,
                                       std::filesystem::path folder) {
        m_folder = std::filesystem::absolute(folder);
        std::error_code error;
        std::filesystem::create_directories(m_folder, error);
        const std::filesystem::path file = m_folder / "rows.parquet";
        if (!error) std::filesystem::create_hard_link(stage, file, error);
        if (!error) return file;
        return fail(
            Code::kUnavailable,
            {"Không chuẩn bị được tệp cho quy tắc SQL: " + error.message(),
             "The file for the SQL rules could not be prepared: " + error.message()},
            {"Kiểm tra ổ đĩa của thư mục dữ liệu.", "Check the disk of the data directory."});
    }
    const std::filesystem::path& folder() const { return m_folder; }

private:
    std::filesystem::path m_folder;
};

}  // namespace

Result<void> Pass::judge_sql_rules() {
    if (!quality::has_sql_rules(m_dataset)) return {};
    SqlQuestion question;
    question.dataset = m_dataset.name;
    question.cancelled = m_request.cancelled;
    std::vector<store::SegmentInfo> segments;
    if (m_draft.expected_head > 0) {
        TRY_ASSIGN(segments, m_store.current_files(m_dataset.name, m_draft.expected_head));
    }
    Shown shown;
    store::SegmentInfo staged;
    staged.changes = m_draft.changes;
    staged.changes.unchanged = 0;
    const std::int64_t changed =
        staged.changes.inserted + staged.changes.updated + staged.changes.deleted;
    if (changed > 0 && m_options.ask_sql) {
        TRY_ASSIGN(staged.path, shown.link(m_stage, temporary(".sql")));
        staged.first = m_draft.expected_head + 1;
        staged.last = m_draft.expected_head + changed;
        staged.contract_version = m_dataset.version;
        segments.push_back(staged);
        question.folder = shown.folder();
    }
    store::HistoryView view =
        store::current_view(m_info, segments, m_draft.expected_head + changed, store::WithSeq::kNo);
    question.view_sql = std::move(view.sql);
    question.files = std::move(view.files);
    for (const contract::Rule& rule : m_dataset.rules) {
        if (!rule.sql) continue;
        TRY(judge_sql_rule(rule, question));
    }
    return {};
}

Result<void> Pass::judge_sql_rule(const contract::Rule& rule, SqlQuestion& question) {
    if (!m_options.ask_sql) {  // a file that is looked at without a node
        quality::RuleResult result;
        result.rule = rule.name;
        result.column = rule.column;
        result.dimension = rule.dimension;
        result.severity = rule.severity;
        result.description = {"Quy tắc SQL chỉ chạy khi nạp vào nút", "SQL rules run at load only"};
        m_draft.results.push_back(quality::to_json(result));
        return {};
    }
    question.sql = quality::query_of(m_dataset, rule);
    const Result<quality::SqlValue> value = m_options.ask_sql(question);
    // Past its limits of time or memory a rule of severity error stops the load, which can be sent
    // again; one that fails on the data is not kept.
    const bool is_error = rule.severity == contract::Severity::kError;
    if (!value && is_error && value.error().code != Code::kInvalid) {
        return std::unexpected(value.error());
    }
    const quality::RuleResult result =
        value ? quality::result_of(rule, *value) : quality::result_of(rule, value.error());
    m_draft.results.push_back(quality::to_json(result));
    if (result.failed > 0 && is_error) {
        m_refused = true;
        refuse_for(m_draft.results.back().as_object(), kMendForRule);
    }
    return {};
}

}  // namespace nguon::intake
