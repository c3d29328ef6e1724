// The pass of a load over its input: from records to a draft segment and a draft quarantine under
// tmp/.
#pragma once

#include <filesystem>
#include <map>
#include <memory>
#include <string>
#include <unordered_map>
#include <unordered_set>

#include "intake/findings.h"
#include "intake/first_look.h"
#include "intake/judge.h"
#include "intake/load.h"
#include "intake/mended_rows.h"
#include "intake/mender.h"
#include "intake/names.h"
#include "intake/recipe.h"
#include "intake/row_spool.h"
#include "quality/rules.h"
#include "scan/table.h"
#include "sql/duckdb.h"
#include "store/merge.h"
#include "store/store.h"

namespace nguon::intake {

// Of a rule on the batch as a whole.
inline const Text kMendForRule{
    "Sửa dữ liệu cho đúng luật này của hợp đồng, rồi gửi lại cả tệp.",
    "Mend the data for this rule of the contract, then send the whole file again."};

class Pass {
public:
    Pass(store::Store& store, const LoadOptions& options, const LoadRequest& request,
         const store::DatasetInfo& dataset, contract::Mode mode, std::vector<Step> recipe,
         store::BatchDraft& draft);
    ~Pass();
    // Fills the draft: rows, changes, results, scores, segment, quarantine, hash. Status refused
    // when a table rule of severity error fails. The plan is the dataset's, with the recipe's
    // names; `missing`: columns that need not be there, and that the input lacks.
    Result<void> run(std::unique_ptr<scan::RecordInput> input, scan::Plan plan,
                     std::vector<std::string> missing);
    bool input_damaged() const { return m_input_damaged; }
    std::int64_t set_aside() const { return m_judge->rejected(); }
    // After run(): adds to the draft what no rule sees, of the names and of what stands in the
    // input. The answer: what would mend rows that this pass set aside, and what is said.
    std::vector<Proposal> tell(NamesVerdict names);
    // Steps of the recipe that nobody accepted for this file, and that its values speak against.
    std::vector<Step> contradicted() const;
    // Places of rows equal to an earlier one that the recipe left out.
    const std::vector<std::int64_t>& left_out() const { return m_left_out; }
    std::shared_ptr<scan::CellMender> mender() const { return m_quiet_mender; }
    // Places of rows set aside because zeros were put before a value that another row has itself.
    const std::unordered_set<std::int64_t>& yielding() const { return m_yielding; }
    // Names of the input that no record has.
    std::vector<std::string> names_not_met() const { return m_table->input().names_not_met(); }

private:
    Result<void> open_duck();
    Result<void> load_references();
    Result<void> scan_once();
    Result<void> settle_suspects();
    Result<void> judge_afterwards();
    Result<std::int64_t> set_failing_aside(const std::string& current);
    Result<void> compare_with_current();
    Result<void> judge_columns();    // table rules on what the batch holds
    Result<void> judge_row_count();  // and on what the dataset will hold
    Result<void> profile_batch();    // pass_profile.cc: what entered, against the batches before
    Result<void> open_counts();
    Result<std::vector<std::int64_t>> count_distinct();
    std::string inserted() const;
    Result<void> note_newest();
    Result<void> judge_sql_rules();  // sql_rules.cc, on what the dataset will hold
    Result<void> judge_sql_rule(const contract::Rule& rule, SqlQuestion& question);
    void judge_metric(const quality::TableRule& rule, double value, std::int64_t rows);
    Result<void> admit_suspects(const std::vector<std::int64_t>& rows,
                                const std::vector<bool>& enters);
    void replace_stage(const std::filesystem::path& file);
    Result<void> finish();

    // pass_padded.cc
    bool pads_key() const;
    Result<std::string> padded_in(std::string_view column);
    Result<void> tell_of_yielding(const std::string& failing, const std::string& guessed);
    Result<void> yield_padded(const std::vector<std::int64_t>& rows);

    // pass_mending.cc
    Result<void> open_mender();
    Result<std::optional<std::string>> successor_table(const contract::Column& column);
    Result<Successors> successors_of(const Step& step);
    Result<std::unordered_set<std::size_t>> equal_suspects(const scan::Table& suspects,
                                                           const std::vector<bool>& enters);
    Result<void> keep_left_out(const RowSpool::Entry& entry);
    Result<void> write_originals();
    Result<void> find_proposals();
    Result<std::string> current_of(const std::string& name);
    Result<std::map<std::string, std::vector<std::string>>> split_codes(
        const contract::Column& column, const std::string& table);
    Result<void> find_hopeless(const std::vector<std::vector<std::string>>& values,
                               const std::vector<std::int64_t>& places,
                               const std::vector<std::size_t>& failing);
    static json::object said_of_split(Finding split, const Text& title,
                                      const std::map<std::string, std::vector<std::string>>& used);
    // pass_snapshot.cc
    struct SnapshotCounts {
        std::int64_t rows = 0;          // that stand
        std::int64_t missing = 0;       // of them, in no row that enters; each of these is one of:
        std::int64_t deleted = 0;       // …
        std::int64_t kept_aside = 0;    // its key is that of a row set aside
        std::int64_t kept_unclear = 0;  // it may be a row set aside whose key cannot be told
    };
    Result<void> compare_with_snapshot();
    Result<void> find_protected();
    Result<std::string> rows_kept();
    Result<void> write_differences();
    Result<void> drop_kept_deletions();
    Result<void> judge_deletions(const SnapshotCounts& counts);
    Result<json::array> deletions_shown();

    // pass_missing.cc
    Result<std::string> standing();
    Result<void> load_kept();
    std::string with_kept(std::string_view source) const;
    Result<void> judge_missing();

    // pass_replaces.cc
    Result<void> open_replaced();
    Result<void> compare_with_replaced();
    Result<void> close_replaced();

    // pass_corrects.cc
    Result<void> count_corrected();
    Result<void> find_same_file();
    void close_rows(std::vector<RowAside> rows);
    Result<void> read_aside(const store::BatchInfo& batch);
    struct AsideKeys {
        std::shared_ptr<scan::Table> table;  // of the lines that were read
        std::vector<std::int64_t> numbers;   // of each line, the row
    };
    Result<AsideKeys> read_aside_keys();
    Result<void> drop_aside(const std::vector<std::int64_t>& rows);
    struct KeysMended {
        std::vector<std::int64_t> rows;
        std::int64_t others = 0;
    };
    Result<KeysMended> mended_by_key(const std::string& before);
    void say_mended_before(const store::BatchInfo& batch);
    void refuse_mended(const store::BatchInfo& batch);

    void offer_fix(json::object& result, const quality::RuleResult& of) const;
    std::string reference_joins() const;

    std::string final_columns(std::string_view prefix) const;
    std::string key_columns(std::string_view prefix) const;
    std::string copy_options() const;
    std::filesystem::path temporary(std::string_view suffix) const;
    void report(std::string_view step) const;
    std::size_t rule_of(quality::RuleKind kind) const;
    // For rows that are read again: no search for repeated keys.
    scan::Plan plan_without_key(std::shared_ptr<scan::CellMender> mender) const;
    Result<std::shared_ptr<scan::Table>> rescan_suspects();

    store::Store& m_store;
    const store::Store& m_lists;  // where datasets that are referred to stand
    const LoadOptions& m_options;
    const LoadRequest& m_request;
    const store::DatasetInfo& m_info;
    const contract::Dataset& m_dataset;
    contract::Mode m_mode;
    const std::vector<Step> m_recipe;
    store::BatchDraft& m_draft;

    quality::RuleSet m_rules;
    Headers m_headers;  // what the file calls the columns
    scan::Plan m_plan;  // with the recipe's names, without its mender
    std::unique_ptr<Judge> m_judge;
    std::unique_ptr<sql::Duck> m_duck;
    std::shared_ptr<scan::Table> m_table;
    std::shared_ptr<FirstLook> m_look;
    std::filesystem::path m_stage;  // what entered so far
    std::int64_t m_staged = 0;
    std::vector<std::string> m_missing;  // columns that the input lacks
    bool m_keeps = false;       // … and that rows keep: `_kept` has the keys and what stands there
    bool m_compare = false;     // there are current rows with keys to compare with
    bool m_needs_rows = false;  // the stage keeps _row and _record for judge_afterwards()
    bool m_input_damaged = false;
    bool m_keep_order = false;
    // Counts the rows that are staged; null where nobody asks.
    std::unique_ptr<class DistinctCounts> m_distinct;
    bool m_counts_more = false;  // it has counted rows that are no longer there
    bool m_refused = false;      // a table rule of severity error failed
    json::array m_table_results, m_anomalies;
    std::unique_ptr<RowSpool> m_originals;  // of what m_mender changed
    std::shared_ptr<Mender> m_mender, m_quiet_mender;
    std::unordered_map<std::string, Successors> m_successors;  // by table
    std::vector<Proposal> m_proposals;
    std::vector<Step> m_spoken_against;    // of the recipe, by values of rows set aside
    std::vector<json::object> m_findings;  // beside those of rules
    std::vector<std::int64_t> m_left_out;
    bool m_leaves_out_equal = false;
    std::int64_t m_equal = 0, m_equal_left_out = 0;  // suspects equal to the row that entered
    // Suspects with the key of a row that entered and other values; rows set aside whose key cannot
    // be told.
    std::int64_t m_unequal_repeats = 0, m_unclear = 0;
    int m_rescans = 0;
    std::unordered_set<std::int64_t> m_padded;  // rows in whose key zeros were put; where asked for
    std::unordered_set<std::int64_t> m_yielding;
    std::shared_ptr<class SentAgain> m_again;  // null: no mending file
    // Rows that an earlier load of the same file set aside and that stand set aside again: the name
    // that each goes by, by its place.
    std::unordered_map<std::int64_t, RowAside> m_aside_before;
};

}  // namespace nguon::intake
