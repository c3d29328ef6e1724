#include "intake/internal/row_judge.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>

#include "contract/column_type.h"
#include "intake/first_look.h"
#include "intake/hash_set.h"
#include "intake/internal/newest.h"
#include "intake/internal/pass_sql.h"
#include "quality/promises.h"
#include "quality/sql_rules.h"
#include "store/key.h"
#include "store/merge.h"
#include "store/row_json.h"

namespace nguon::intake {

// A table whose rows are others at each question.
class RowJudge::Swapped final : public sql::RowSource {
public:
    explicit Swapped(std::vector<sql::ColumnSpec> columns) : m_columns(std::move(columns)) {}
    void show(std::shared_ptr<scan::Table> table) { m_table = std::move(table); }
    std::vector<sql::ColumnSpec> columns() const override { return m_columns; }
    std::unique_ptr<Reader> reader() override { return m_table->reader(); }
    std::size_t max_threads() const override { return 1; }
    std::uint64_t row_estimate() const override { return 100; }

private:
    const std::vector<sql::ColumnSpec> m_columns;
    std::shared_ptr<scan::Table> m_table;
};

namespace {

std::string joined(std::span<const std::string> lines) {
    std::string text;
    for (const std::string& line : lines)
        text += line;
    return text;
}

scan::InputOptions input_of(store::Store& store, const scan::Plan& plan, std::string bytes) {
    scan::InputOptions options;
    options.bytes = std::move(bytes);
    options.format = scan::Format::kJsonLines;
    options.temporary_folder = store.new_temporary("").parent_path();
    options.disk = store.options().disk;
    scan::want_columns(plan, options);
    return options;
}

}  // namespace

bool RowJudge::suits(const store::DatasetInfo& info) {
    const quality::RuleSet rules = quality::compile(info.contract);
    const bool alone = std::ranges::all_of(rules.rows, [](const quality::RowRule& rule) {
        return rule.judged == quality::Judged::kInPass || rule.kind == quality::RuleKind::kKey;
    });
    return alone && rules.tables.empty() && !quality::has_sql_rules(info.contract);
}

RowJudge::RowJudge(store::Store& store, const LoadOptions& options,
                   std::shared_ptr<const store::DatasetInfo> info)
    : m_store(store),
      m_options(options),
      m_info(std::move(info)),
      m_rules(quality::compile(m_info->contract)),
      m_reference_heads(m_rules.references.size(), -1) {}

Result<std::unique_ptr<RowJudge>> RowJudge::open(store::Store& store, const LoadOptions& options,
                                                 std::shared_ptr<const store::DatasetInfo> info) {
    std::unique_ptr<RowJudge> judge(new RowJudge(store, options, std::move(info)));
    TRY(judge->prepare());
    return judge;
}

Result<void> RowJudge::prepare() {
    const contract::Dataset& dataset = m_info->contract;
    TRY_ASSIGN(m_plan, quality::plan_of(dataset));
    m_plan.key.clear();  // a key that is there already makes an update
    sql::DuckOptions options;
    options.memory_limit = m_options.memory_limit;
    options.threads = 1;
    TRY_ASSIGN(m_duck, sql::Duck::open(options));

    TRY_ASSIGN(auto input, scan::RecordInput::open(input_of(m_store, m_plan, "{}\n")));
    const scan::Table shape(std::move(input), m_plan, *m_store.options().random);
    m_source = std::make_shared<Swapped>(shape.columns());
    TRY(m_duck->register_source("_scan", m_source));
    const Judge clean(m_rules, *m_store.options().disk, m_store.new_temporary("").parent_path(),
                      "none");
    m_scores = clean.scores(1);
    m_faults = clean.faults();
    TRY(m_duck->register_filter("_judge", clean.arguments(),
                                [this](const sql::ChunkReader& rows, std::span<bool> enters) {
                                    return m_judge->judge(rows, enters);
                                }));

    for (std::size_t i = 0; i < m_rules.references.size(); ++i)
        m_joins += fmt::format(" LEFT JOIN _ref{} ON {}", i,
                               same_values(m_rules.references[i], fmt::format("_ref{}", i)));
    std::vector<std::string> names;
    names.reserve(dataset.columns.size());
    for (const contract::Column& column : dataset.columns)
        names.push_back(sql::quote_identifier(column.name));
    m_columns = fmt::format("{}", fmt::join(names, ", "));
    if (m_info->contract_text.find("slaProperties") == std::string::npos) return {};
    TRY_ASSIGN(const contract::Contract contract,
               contract::parse(m_info->contract_text, "contract.yaml"));
    for (const quality::Promise& promise : quality::promises_of(contract, dataset).all) {
        const contract::Column* column = dataset.column(promise.column);
        if (column != nullptr && std::ranges::find(m_newest, column) == m_newest.end())
            m_newest.push_back(column);
    }
    return {};
}

// Read again when the dataset referred to has changed.
Result<void> RowJudge::load_references() {
    for (std::size_t i = 0; i < m_rules.references.size(); ++i) {
        const quality::ReferenceSet& reference = m_rules.references[i];
        const store::Store& lists = m_options.lists != nullptr ? *m_options.lists : m_store;
        TRY_ASSIGN(const store::Head head, lists.head(reference.dataset));
        if (m_reference_heads[i] == head.seq) continue;
        TRY_ASSIGN(const auto info, lists.dataset(reference.dataset));
        TRY_ASSIGN(const auto segments, lists.current_files(reference.dataset, head.seq));
        const store::HistoryView view =
            store::current_view(*info, segments, head.seq, store::WithSeq::kNo);
        TRY(m_duck->execute(fmt::format("CREATE OR REPLACE TEMP TABLE _ref{} AS {}", i,
                                        referred_values(reference, view.sql))));
        m_reference_heads[i] = head.seq;
    }
    return {};
}

Result<std::vector<std::optional<CleanRow>>> RowJudge::judge(std::span<const std::string> lines) {
    std::vector<std::optional<CleanRow>> rows(lines.size());
    TRY(load_references());
    TRY_ASSIGN(auto input, scan::RecordInput::open(input_of(m_store, m_plan, joined(lines))));
    const std::vector<Step> no_recipe;
    const Headers headers(m_plan, input->names());
    const auto look = std::make_shared<FirstLook>(
        FirstLook::Options{m_info->contract, no_recipe, year_of(m_store.options().clock->now()),
                           *input, headers, nullptr, seed_from(*m_store.options().random), true});
    scan::Plan plan = m_plan;
    plan.mender = look;
    const auto table =
        std::make_shared<scan::Table>(std::move(input), std::move(plan), *m_store.options().random);
    const std::string id = make_id(*m_store.options().clock, *m_store.options().random);
    m_judge = std::make_unique<Judge>(m_rules, *m_store.options().disk,
                                      m_store.new_temporary("").parent_path(), id);
    m_source->show(table);
    const Result<void> taken = take_rows(*table, rows);
    if (!taken && taken.error().code != Code::kInvalid) return std::unexpected(taken.error());
    if (!taken || m_judge->has_warnings() || !look->look(*table).results.empty())
        std::ranges::fill(rows, std::nullopt);
    m_source->show(nullptr);
    return rows;
}

Result<void> RowJudge::take_rows(const scan::Table& table,
                                 std::vector<std::optional<CleanRow>>& rows) {
    const contract::Dataset& dataset = m_info->contract;
    const Micros now = m_store.options().clock->now();
    std::string newest;
    for (const contract::Column* column : m_newest)
        newest += fmt::format("CAST({} AS BIGINT), ", newest_of_row_sql(*column, now));
    TRY_ASSIGN(sql::DuckResult result,
               m_duck->query(fmt::format("SELECT _row, {}{} FROM {} _s{} WHERE {}", newest,
                                         m_columns, quality::with_clock("_scan()", now), m_joins,
                                         m_judge->condition())));
    const std::size_t first = 1 + m_newest.size();
    const store::RowJson row_json(result, first, &dataset);
    for (;;) {
        TRY_ASSIGN(const std::size_t count, result.next());
        if (count == 0) return {};
        for (std::size_t i = 0; i < count; ++i) {
            const auto place = static_cast<std::size_t>(table.row_number(result.integer(0, i)) - 1);
            if (place >= rows.size()) continue;
            CleanRow row;
            json::array values;
            for (std::size_t c = 0; c < dataset.columns.size(); ++c) {
                if (result.is_null(first + c, i)) {
                    values.emplace_back(nullptr);
                    continue;
                }
                std::string text;
                store::append_canonical(text, dataset.columns[c], result, first + c, i);
                values.emplace_back(std::move(text));
            }
            row.values = to_text(values);
            row_json.append(row.row_json, result, i);
            for (std::size_t n = 0; n < m_newest.size(); ++n) {
                if (!result.is_null(1 + n, i))
                    row.newest[m_newest[n]->name] = format_time(result.integer(1 + n, i));
            }
            rows[place] = std::move(row);
        }
    }
}

}  // namespace nguon::intake
