#include "intake/internal/pass.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <atomic>
#include <chrono>
#include <thread>
#include <unordered_map>

#include "contract/column_type.h"
#include "intake/internal/batch_counts.h"
#include "intake/internal/cell_text.h"
#include "intake/internal/pass_sql.h"
#include "intake/internal/sent_again.h"
#include "intake/internal/spool_input.h"
#include "store/segment_file.h"

namespace nguon::intake {
namespace {

using sql::quote_identifier;
using sql::quote_literal;

// An input up to this size has its changes numbered in file order.
constexpr std::uint64_t kOrderedBytes = 8 << 20;

// Reports how many bytes were read, and interrupts the query when nobody waits any more.
class Ticker {
public:
    Ticker(const LoadRequest& request, const scan::Table& table, sql::Duck& duck) {
        m_thread = std::jthread([&](const std::stop_token& stop) {
            while (!stop.stop_requested()) {
                std::this_thread::sleep_for(std::chrono::milliseconds(50));
                if (request.cancelled && request.cancelled()) duck.interrupt();
                if (request.progress)
                    request.progress("read", table.consumed(), table.input().size());
            }
        });
    }

private:
    std::jthread m_thread;
};

}  // namespace

std::string parquet(const std::filesystem::path& file) {
    return fmt::format("read_parquet({})", quote_literal(file.string()));
}

std::string target_columns(const quality::ReferenceSet& reference) {
    std::vector<std::string> columns;
    for (std::size_t k = 0; k < reference.target_columns.size(); ++k) {
        columns.push_back(
            fmt::format("{} AS _k{}", contract::sql_of_path("", reference.target_columns[k]), k));
    }
    return fmt::format("{}", fmt::join(columns, ", "));
}

std::string referred_values(const quality::ReferenceSet& reference, std::string_view view_sql) {
    return fmt::format("SELECT DISTINCT {} FROM ({}) WHERE _k0 IS NOT NULL",
                       target_columns(reference), view_sql);
}

std::string same_values(const quality::ReferenceSet& reference, std::string_view to) {
    std::vector<std::string> same;
    for (std::size_t k = 0; k < reference.columns.size(); ++k) {
        same.push_back(
            fmt::format("{} = {}._k{}", contract::sql_of_path("_s.", reference.columns[k]), to, k));
    }
    return fmt::format("{}", fmt::join(same, " AND "));
}

Pass::Pass(store::Store& store, const LoadOptions& options, const LoadRequest& request,
           const store::DatasetInfo& dataset, contract::Mode mode, std::vector<Step> recipe,
           store::BatchDraft& draft)
    : m_store(store),
      m_lists(options.lists != nullptr ? *options.lists : store),
      m_options(options),
      m_request(request),
      m_info(dataset),
      m_dataset(dataset.contract),
      m_mode(mode),
      m_recipe(std::move(recipe)),
      m_draft(draft),
      m_rules(quality::compile(dataset.contract)) {}

Pass::~Pass() {
    m_duck.reset();  // its files under tmp/ are closed first
    if (!m_stage.empty()) (void)m_store.options().disk->remove(m_stage);
}

std::filesystem::path Pass::temporary(std::string_view suffix) const {
    return m_store.new_temporary(suffix);
}

void Pass::report(std::string_view step) const {
    if (m_request.progress) m_request.progress(step, 0, 0);
}

std::size_t Pass::rule_of(quality::RuleKind kind) const {
    for (std::size_t i = 0; i < m_rules.rows.size(); ++i) {
        if (m_rules.rows[i].kind == kind) return i;
    }
    return 0;
}

std::string Pass::final_columns(std::string_view prefix) const {
    std::vector<std::string> names;
    for (const contract::Column& column : m_dataset.columns) {
        names.push_back(fmt::format("{}{}", prefix, quote_identifier(column.name)));
    }
    return fmt::format("{}", fmt::join(names, ", "));
}

std::string Pass::key_columns(std::string_view prefix) const {
    std::vector<std::string> names;
    for (const contract::Column* column : m_dataset.key()) {
        names.push_back(fmt::format("{}{}", prefix, quote_identifier(column->name)));
    }
    return fmt::format("{}", fmt::join(names, ", "));
}

std::string Pass::copy_options() const {
    return store::segment_copy_options(m_info);
}

Result<void> Pass::open_duck() {
    sql::DuckOptions options;
    options.memory_limit = m_options.memory_limit;
    options.threads = m_options.threads;
    options.temporary_folder = temporary(".spill");
    // Kept order makes COPY run on one thread: changes of a large file are numbered block by block.
    options.preserve_order = m_keep_order;
    TRY_ASSIGN(m_duck, sql::Duck::open(options));
    return {};
}

Result<void> Pass::load_references() {
    for (std::size_t i = 0; i < m_rules.references.size(); ++i) {
        const quality::ReferenceSet& reference = m_rules.references[i];
        if (reference.dataset == m_dataset.name) continue;
        TRY_ASSIGN(const auto info, m_lists.dataset(reference.dataset));
        TRY_ASSIGN(const store::Head head, m_lists.head(reference.dataset));
        TRY_ASSIGN(const auto segments, m_lists.current_files(reference.dataset, head.seq));
        const store::HistoryView view =
            store::current_view(*info, segments, head.seq, store::WithSeq::kNo);
        TRY(m_duck->execute(fmt::format("CREATE TEMP TABLE _ref{} AS {}", i,
                                        referred_values(reference, view.sql))));
    }
    return {};
}

Result<void> Pass::run(std::unique_ptr<scan::RecordInput> input, scan::Plan plan,
                       std::vector<std::string> missing) {
    m_missing = std::move(missing);
    if (!m_request.corrects.empty()) {  // what nobody mended stays aside
        TRY_ASSIGN(const store::BatchInfo corrected, m_store.batch(m_request.corrects));
        TRY_ASSIGN(m_again, SentAgain::of(m_store, corrected));
        input = SentAgain::wrap(m_again, std::move(input), plan);
    }
    m_keep_order = input->size() <= kOrderedBytes;
    TRY(open_duck());
    TRY(load_references());
    m_plan = plan;
    m_headers = Headers(plan, input->names());
    TRY(open_mender());
    m_look = std::make_shared<FirstLook>(FirstLook::Options{
        m_dataset, m_recipe, year_of(m_store.options().clock->now()), *input, m_headers, m_mender,
        seed_from(*m_store.options().random), m_request.all_or_none});
    plan.mender = m_look;
    m_table =
        std::make_shared<scan::Table>(std::move(input), std::move(plan), *m_store.options().random);
    m_judge = std::make_unique<Judge>(m_rules, *m_store.options().disk, temporary("").parent_path(),
                                      m_draft.id);
    m_judge->sent_again(m_again.get());
    m_compare = m_draft.expected_head > 0 && !m_dataset.key().empty();
    for (const quality::RowRule& rule : m_rules.rows) {
        if (rule.judged == quality::Judged::kAfterPass && rule.kind != quality::RuleKind::kKey) {
            m_needs_rows = true;
        }
    }
    if (m_compare && m_mode == contract::Mode::kAppend) m_needs_rows = true;
    if (pads_key()) m_needs_rows = true;
    TRY(open_replaced());
    TRY(load_kept());
    TRY(scan_once());
    report("check");
    TRY(settle_suspects());
    if (m_needs_rows) TRY(judge_afterwards());
    TRY(judge_columns());
    TRY(profile_batch());
    TRY(count_corrected());
    TRY(close_replaced());
    if (m_mode == contract::Mode::kSnapshot) {
        report("compare");
        TRY(compare_with_snapshot());
    } else if (!m_request.replaces.empty()) {
        report("compare");
        TRY(compare_with_replaced());
    } else if (m_compare && m_mode == contract::Mode::kUpsert) {
        report("compare");
        TRY(compare_with_current());
    } else {
        m_draft.changes.inserted = m_staged;
    }
    return finish();
}

std::string Pass::reference_joins() const {
    std::string joins;
    for (std::size_t i = 0; i < m_rules.references.size(); ++i) {
        const quality::ReferenceSet& reference = m_rules.references[i];
        if (reference.dataset == m_dataset.name) continue;
        joins += fmt::format(" LEFT JOIN _ref{} ON {}", i,
                             same_values(reference, fmt::format("_ref{}", i)));
    }
    return joins;
}

Result<void> Pass::scan_once() {
    TRY(m_duck->register_source("_scan", m_table));
    TRY(m_judge->register_on(*m_duck));
    TRY(open_counts());
    m_stage = temporary(".parquet");
    const std::string columns = final_columns("");
    const std::string sql = fmt::format(
        "COPY (SELECT {} AS _op, {}{} FROM {} _s{} WHERE {}) TO {} {}", inserted(), columns,
        m_needs_rows ? ", _row, _record" : "",
        quality::with_clock(with_kept("_scan()"), m_store.options().clock->now()),
        reference_joins(), m_judge->condition(), quote_literal(m_stage.string()), copy_options());
    const Ticker ticker(m_request, *m_table, *m_duck);
    const Result<std::int64_t> staged = m_duck->query_integer(sql);
    if (!staged) {
        m_input_damaged = staged.error().code == Code::kInvalid;
        return std::unexpected(staged.error());
    }
    m_staged = *staged;
    if (m_again) m_again->scan_done();
    return {};
}

scan::Plan Pass::plan_without_key(std::shared_ptr<scan::CellMender> mender) const {
    scan::Plan plan = m_plan;
    plan.key.clear();
    plan.mender = std::move(mender);
    return plan;
}

Result<std::shared_ptr<scan::Table>> Pass::rescan_suspects() {
    auto table = std::make_shared<scan::Table>(
        std::make_unique<SpoolInput>(m_judge->suspects(), m_table->input()),
        plan_without_key(m_quiet_mender), *m_store.options().random);
    TRY(m_duck->register_source(fmt::format("_suspects{}", ++m_rescans), table));
    return table;
}

// Suspects are good rows whose key (by its hash) stood earlier in the file. Nearly always the
// earlier row entered, and they are duplicates. Where it did not (it was rejected, or only the
// hashes are equal), the first of them enters.
Result<void> Pass::settle_suspects() {
    RowSpool& suspects = m_judge->suspects();
    if (suspects.size() == 0) return {};
    TRY_ASSIGN(const auto table, rescan_suspects());
    const std::string keys = key_columns("");
    TRY(m_duck->execute(fmt::format(
        "CREATE TEMP TABLE _suspect_keys AS SELECT _row, {} FROM _suspects{}()", keys, m_rescans)));
    // Places and rows differ: the spool is in the order in which threads filled it.
    std::vector<std::int64_t> rows;  // by place in the spool
    std::vector<bool> unmended;      // a repeated key of a mending file, as it was
    RowSpool::Reader reader(suspects);
    RowSpool::Entry entry;
    for (;;) {
        TRY_ASSIGN(const bool more, reader.next(entry));
        if (!more) break;
        rows.push_back(entry.row);
        unmended.push_back(m_again != nullptr && m_again->is_repeat(entry.record));
    }
    if (pads_key()) TRY(yield_padded(rows));
    std::vector<bool> enters(rows.size(), false);
    TRY_ASSIGN(sql::DuckResult unmatched,
               m_duck->query(fmt::format(
                   "SELECT _row, dense_rank() OVER (ORDER BY {0}) FROM _suspect_keys ANTI "
                   "JOIN (SELECT {0} FROM {1}) USING ({0})",
                   keys, parquet(m_stage))));
    struct Winner {
        bool padded = false;  // a key that was guessed comes last
        std::int64_t row = 0;
        std::size_t place = 0;
        auto operator<=>(const Winner&) const = default;
    };
    std::unordered_map<std::int64_t, Winner> winners;  // by key
    for (;;) {
        TRY_ASSIGN(const std::size_t count, unmatched.next());
        if (count == 0) break;
        for (std::size_t i = 0; i < count; ++i) {
            const auto place =
                static_cast<std::size_t>(table->row_number(unmatched.integer(0, i)) - 1);
            if (unmended[place]) continue;
            const Winner candidate{m_padded.contains(rows[place]), rows[place], place};
            const auto [at, fresh] = winners.try_emplace(unmatched.integer(1, i), candidate);
            if (!fresh && candidate < at->second) at->second = candidate;
        }
    }
    if (!winners.empty()) {
        for (const auto& [key, winner] : winners)
            enters[winner.place] = true;
        TRY(admit_suspects(rows, enters));
    }
    TRY_ASSIGN(const std::unordered_set<std::size_t> equal, equal_suspects(*table, enters));
    const std::size_t rule = rule_of(quality::RuleKind::kKey);
    RowSpool::Reader losers(suspects);
    for (std::size_t place = 0; place < rows.size(); ++place) {
        TRY(losers.next(entry));
        if (enters[place]) {
            m_judge->admit(entry.row, entry.record, entry.masks);
        } else if (m_leaves_out_equal && equal.contains(place)) {
            ++m_equal_left_out;
            TRY(keep_left_out(entry));
        } else {
            if (!equal.contains(place)) ++m_unequal_repeats;
            TRY(m_judge->reject_for(rule, entry.row, entry.record, std::move(entry.masks)));
        }
    }
    return {};
}

// The stage again, with the suspects that enter.
Result<void> Pass::admit_suspects(const std::vector<std::int64_t>& rows,
                                  const std::vector<bool>& enters) {
    std::vector<std::string> values;
    for (std::size_t place = 0; place < rows.size(); ++place) {
        if (enters[place]) values.push_back(fmt::format("({}, {})", place + 1, rows[place]));
    }
    TRY(m_duck->execute(
        fmt::format("CREATE TEMP TABLE _entering AS SELECT * FROM (VALUES {}) _e(_place, _origin)",
                    fmt::join(values, ", "))));
    TRY(rescan_suspects());
    const std::filesystem::path wider = temporary(".parquet");
    TRY_ASSIGN(m_staged, m_duck->query_integer(fmt::format(
                             "COPY (SELECT * FROM {0} UNION ALL SELECT {6}, {1}{2} FROM "
                             "(SELECT *, row_number() OVER "
                             "(ORDER BY _row) AS _place FROM {3}) JOIN _entering USING "
                             "(_place)) TO {4} {5}",
                             parquet(m_stage), final_columns(""),
                             m_needs_rows ? ", _origin AS _row, _record" : "",
                             with_kept(fmt::format("_suspects{}()", m_rescans)),
                             quote_literal(wider.string()), copy_options(), inserted())));
    replace_stage(wider);
    return {};
}

void Pass::replace_stage(const std::filesystem::path& file) {
    (void)m_store.options().disk->remove(m_stage);
    m_stage = file;
}

Result<void> Pass::finish() {
    const std::int64_t read = m_table->records() - m_equal_left_out;
    TRY(write_originals());
    TRY(find_proposals());
    m_draft.body_sha256 = m_table->sha256();
    m_draft.rows = {read, read - m_judge->rejected(), m_judge->rejected()};
    for (const quality::RuleResult& result : m_judge->results(*m_table, m_dataset)) {
        m_draft.results.push_back(quality::to_json(result));
        offer_fix(m_draft.results.back().as_object(), result);
    }
    for (json::object& finding : m_findings)
        m_draft.results.push_back(std::move(finding));
    m_draft.scores = m_judge->scores(read);
    m_draft.kept["faults"] = m_judge->faults();
    for (json::value& result : m_table_results)
        m_draft.results.push_back(std::move(result));
    TRY(judge_row_count());
    TRY(judge_sql_rules());
    for (json::value& result : m_anomalies)
        m_draft.results.push_back(std::move(result));
    if (!m_refused) TRY(find_same_file());
    if (m_judge->rejected() > 0) {
        m_judge->set_aside_before(&m_aside_before);
        const std::filesystem::path file = temporary(".parquet");
        RecordCells cells(m_dataset, m_plan, m_table->input());
        TRY_ASSIGN(const std::int64_t rows,
                   m_judge->write_quarantine(*m_duck, *m_table, cells, file));
        m_draft.quarantine = store::DraftFile{file, rows};
    }
    const std::int64_t changed =
        m_draft.changes.inserted + m_draft.changes.updated + m_draft.changes.deleted;
    if (m_refused) {  // nothing enters
        m_draft.status = store::BatchStatus::kRefused;
        m_draft.kept["aside"] = m_judge->rejected();
        m_draft.rows = {read, 0, read};
        m_draft.changes = {};
    } else if (changed > 0) {
        m_draft.segment = store::DraftFile{m_stage, changed};
        m_stage.clear();
    }
    m_duck.reset();
    return {};
}

}  // namespace nguon::intake
