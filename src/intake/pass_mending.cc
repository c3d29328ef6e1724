// The part of a pass that mends: a recipe's steps before the rules, and steps proposed after them.
#include <fmt/format.h>
#include <fmt/ranges.h>

#include "intake/cell_fixes.h"
#include "intake/internal/pass.h"
#include "intake/internal/spool_input.h"
#include "intake/proposals.h"
#include "store/merge.h"

namespace nguon::intake {
namespace {

using sql::quote_identifier;

// Rows that proposals are tried on: many where they mend, some where they are only offered.
constexpr std::int64_t kMostTried = 20'000, kMostOffered = 2'000;
// Former codes that are named with what became of them.
constexpr std::size_t kMostSplit = 20;

// The cells that were mended, as a table.
class OriginalsSource final : public sql::RowSource {
public:
    OriginalsSource(RowSpool& spool, const scan::Table& table, const contract::Dataset& dataset)
        : m_spool(spool), m_table(table), m_dataset(dataset) {}

    std::vector<sql::ColumnSpec> columns() const override {
        return {{"row", {sql::Kind::kBigint}},
                {"column", {sql::Kind::kText}},
                {"fix", {sql::Kind::kText}},
                {"original", {sql::Kind::kText}},
                {"value", {sql::Kind::kText}}};
    }
    std::size_t max_threads() const override { return 1; }
    std::unique_ptr<Reader> reader() override { return std::make_unique<SpoolReader>(*this); }

private:
    class SpoolReader final : public Reader {
    public:
        explicit SpoolReader(OriginalsSource& source)
            : m_source(source), m_reader(source.m_spool) {}

        Result<std::size_t> read(sql::ChunkWriter& chunk) override {
            std::size_t row = 0;
            for (; row < sql::ChunkWriter::kCapacity; ++row) {
                TRY_ASSIGN(const bool more, m_reader.next(m_entry));
                if (!more) break;
                write(chunk, row);
            }
            return row;
        }

    private:
        void write(sql::ChunkWriter& chunk, std::size_t row) {
            const std::string_view entry = m_entry.record;
            const std::size_t first = entry.find('\0');
            // A cell never holds NUL: such a record is damaged and not mended.
            const std::size_t second = entry.rfind('\0');
            if (chunk.wanted(0))
                chunk.data<std::int64_t>(0)[row] = m_source.m_table.row_number(m_entry.row);
            const std::int64_t column = m_entry.masks[0];
            if (column < 0) {
                chunk.set_null(1, row);
            } else {
                chunk.set_text(1, row,
                               m_source.m_dataset.columns[static_cast<std::size_t>(column)].name);
            }
            const auto text = [&](std::size_t to, std::string_view value) {
                chunk.set_text(to, row, is_utf8(value) ? std::string(value) : "hex:" + hex(value));
            };
            text(2, entry.substr(0, first));
            text(3, entry.substr(first + 1, second - first - 1));
            text(4, entry.substr(second + 1));
        }

        OriginalsSource& m_source;
        RowSpool::Reader m_reader;
        RowSpool::Entry m_entry;
    };

    RowSpool& m_spool;
    const scan::Table& m_table;
    const contract::Dataset& m_dataset;
};

// Of a table of former and present codes, the column of the former ones: former_ward_code beside
// ward_code, which refers to what the column refers to.
std::string former_column(const contract::Dataset& table, const contract::Reference& target) {
    for (const contract::Column& column : table.columns) {
        if (!column.reference || column.reference->dataset != target.dataset ||
            column.reference->column != target.column)
            continue;
        const std::string former = "former_" + column.name;
        if (table.column(former) != nullptr) return former;
    }
    return "";
}

}  // namespace

// Tables of successors stand beside what they lead to: in its domain.
Result<std::optional<std::string>> Pass::successor_table(const contract::Column& column) {
    if (!column.reference) return std::nullopt;
    const std::string domain =
        column.reference->dataset.substr(0, column.reference->dataset.find('.') + 1);
    for (const std::string& name : m_lists.dataset_names()) {
        if (!name.starts_with(domain)) continue;
        TRY_ASSIGN(const auto info, m_lists.dataset(name));
        if (!former_column(info->contract, *column.reference).empty()) return name;
    }
    return std::nullopt;
}

// The rows of a list as they are now, as SQL.
Result<std::string> Pass::current_of(const std::string& name) {
    TRY_ASSIGN(const auto info, m_lists.dataset(name));
    TRY_ASSIGN(const store::Head head, m_lists.head(name));
    TRY_ASSIGN(const auto segments, m_lists.current_files(name, head.seq));
    return store::current_view(*info, segments, head.seq, store::WithSeq::kNo).sql;
}

Result<Successors> Pass::successors_of(const Step& step) {
    Successors successors;
    const contract::Column* column = m_dataset.column(step.column);
    if (column == nullptr || !column->reference) return successors;
    if (const auto known = m_successors.find(step.dataset); known != m_successors.end())
        return known->second;
    TRY_ASSIGN(const auto info, m_lists.dataset(step.dataset));
    const std::string former = former_column(info->contract, *column->reference);
    if (former.empty()) return successors;
    TRY_ASSIGN(const std::string table, current_of(step.dataset));
    TRY_ASSIGN(const std::string target, current_of(column->reference->dataset));
    // Only codes that lead to one, and that no present unit bears.
    TRY_ASSIGN(sql::DuckResult rows,
               m_duck->query(fmt::format(
                   "SELECT {0}::VARCHAR, min({1})::VARCHAR FROM ({2}) WHERE {0} NOT IN (SELECT {3} "
                   "FROM ({4}) WHERE {3} IS NOT NULL) GROUP BY {0} HAVING count(DISTINCT {1}) = 1",
                   quote_identifier(former), quote_identifier(former.substr(7)), table,
                   quote_identifier(column->reference->column), target)));
    for (;;) {
        TRY_ASSIGN(const std::size_t count, rows.next());
        if (count == 0) break;
        for (std::size_t i = 0; i < count; ++i)
            successors.emplace(rows.text(0, i), rows.text(1, i));
    }
    m_successors.emplace(step.dataset, successors);
    return successors;
}

Result<void> Pass::open_mender() {
    if (m_recipe.empty()) return {};
    std::vector<Successors> successors(m_recipe.size());
    for (std::size_t i = 0; i < m_recipe.size(); ++i) {
        const Step& step = m_recipe[i];
        if (step.kind == FixKind::kSuccessor) {
            TRY_ASSIGN(successors[i], successors_of(step));
        }
        if (step.kind == FixKind::kDropDuplicates) m_leaves_out_equal = true;
    }
    m_originals = std::make_unique<RowSpool>(
        *m_store.options().disk, temporary("").parent_path() / (m_draft.id + ".mended"), 1);
    m_mender = std::make_shared<Mender>(m_dataset, m_recipe, successors, m_originals.get());
    m_quiet_mender = std::make_shared<Mender>(m_dataset, m_recipe, std::move(successors), nullptr);
    return {};
}

// Former codes that became several: only a person knows which. former -> present ones.
Result<std::map<std::string, std::vector<std::string>>> Pass::split_codes(
    const contract::Column& column, const std::string& table) {
    std::map<std::string, std::vector<std::string>> codes;
    TRY_ASSIGN(const auto info, m_lists.dataset(table));
    const std::string former = former_column(info->contract, *column.reference);
    TRY_ASSIGN(const std::string rows_of, current_of(table));
    TRY_ASSIGN(sql::DuckResult rows,
               m_duck->query(fmt::format(
                   "SELECT DISTINCT {0}::VARCHAR AS former, {1}::VARCHAR AS code FROM ({2}) WHERE "
                   "{0} IS NOT NULL AND {1} IS NOT NULL QUALIFY count(*) OVER (PARTITION BY {0}) > "
                   "1 ORDER BY former, code",
                   quote_identifier(former), quote_identifier(former.substr(7)), rows_of)));
    for (;;) {
        TRY_ASSIGN(const std::size_t count, rows.next());
        if (count == 0) break;
        for (std::size_t i = 0; i < count; ++i)
            codes[std::string(rows.text(0, i))].emplace_back(rows.text(1, i));
    }
    return codes;
}

// What is wrong with cells of the sample and no machine can mend.
Result<void> Pass::find_hopeless(const std::vector<std::vector<std::string>>& values,
                                 const std::vector<std::int64_t>& places,
                                 const std::vector<std::size_t>& failing) {
    for (const std::size_t c : failing) {
        const contract::Column& column = m_dataset.columns[c];
        const Text title = Text::same(m_headers.of(column.name));
        Finding lost{"digits_lost", column.name}, split{"split_codes", column.name};
        std::map<std::string, std::vector<std::string>> codes, used;
        if (column.reference) {
            TRY_ASSIGN(const auto table, successor_table(column));
            if (table) {
                TRY_ASSIGN(codes, split_codes(column, *table));
            }
        }
        lost.count = split.count = 0;
        for (std::size_t i = 0; i < values.size(); ++i) {
            const std::string_view value = bare(values[i][c]);
            const auto known = codes.find(std::string(value));
            Finding* finding = lost_digits(value) ? &lost : known != codes.end() ? &split : nullptr;
            if (finding == nullptr) continue;
            if (known != codes.end() && used.size() < kMostSplit) used.insert(*known);
            ++finding->count;
            if (finding->rows.size() == quality::kMostExamples) continue;
            finding->rows.push_back(m_table->row_number(places[i]));
            finding->examples.push_back({finding->rows.back(), quality::mask(value)});
        }
        for (Finding* finding : {&lost, &split})
            finding->checked = static_cast<std::int64_t>(values.size());
        if (lost.count > 0) {
            const Text rows = rows_text(lost.count);
            lost.dimension = contract::Dimension::kAccurate;
            lost.sentence = {
                fmt::format("Cột «{}»: {} chỉ còn dạng 3.02E+11, các chữ số sau đã mất và không ai "
                            "đoán lại được; mở tệp gốc, định dạng cột là Văn bản (Text), rồi xuất "
                            "lại.",
                            title.vi, rows.vi),
                fmt::format("\"{}\": {} left as 3.02E+11, the other digits are gone and cannot be "
                            "guessed; in the original file make the column Text, then export it "
                            "again.",
                            title.en, rows.en)};
            m_findings.push_back(to_json(lost));
        }
        if (split.count > 0) m_findings.push_back(said_of_split(std::move(split), title, used));
    }
    return {};
}

json::object Pass::said_of_split(Finding split, const Text& title,
                                 const std::map<std::string, std::vector<std::string>>& used) {
    const Text rows = rows_text(split.count);
    const auto& [former, present] = *used.begin();
    const std::string shown = fmt::format("{} → {}", former, fmt::join(present, ", "));
    split.dimension = contract::Dimension::kLive;
    split.sentence = {
        fmt::format("Cột «{}»: {} có mã cũ nay chia cho nhiều mã mới ({}); chọn mã đúng cho từng "
                    "dòng.",
                    title.vi, rows.vi, shown),
        fmt::format("\"{}\": {} with a former code that became several ({}); choose the right one "
                    "for each.",
                    title.en, rows.en, shown)};
    json::object result = to_json(split);
    json::array candidates;
    for (const auto& [code, became] : used)
        candidates.push_back(
            {{"value", code}, {"candidates", json::array(became.begin(), became.end())}});
    result["candidates"] = std::move(candidates);
    return result;
}

Result<void> Pass::find_proposals() {
    if (m_judge->rejected() == 0) return {};
    const std::int64_t most = m_request.mend ? kMostTried : kMostOffered;
    SetAside aside{m_dataset,
                   m_rules,
                   m_recipe,
                   *m_duck,
                   reference_joins(),
                   m_store.options().clock->now(),
                   {},
                   {},
                   {},
                   {},
                   {}};
    for (std::size_t c = 0; c < m_dataset.columns.size(); ++c) {
        if (m_judge->has_failed(m_dataset.columns[c].name)) aside.failing.push_back(c);
    }
    aside.table =
        [this,
         most](std::shared_ptr<scan::CellMender> mender) -> Result<std::shared_ptr<scan::Table>> {
        return std::make_shared<scan::Table>(
            std::make_unique<SpoolInput>(m_judge->rejects(), m_table->input(), most),
            plan_without_key(std::move(mender)), *m_store.options().random);
    };
    aside.successors = [this](const Step& step) { return successors_of(step); };
    aside.successor_table = [this](const contract::Column& column) {
        return successor_table(column);
    };
    RowSpool::Reader reader(m_judge->rejects());
    RowSpool::Entry entry;
    std::vector<std::int64_t> places;
    while (static_cast<std::int64_t>(aside.values.size()) < most) {
        TRY_ASSIGN(const bool more, reader.next(entry));
        if (!more) break;
        aside.values.push_back(m_table->fields_of(entry.record));
        places.push_back(entry.row);
    }
    for (const Step& step : m_recipe) {
        const contract::Column* column = m_dataset.column(step.column);
        if (column == nullptr) continue;
        std::vector<std::string> values;
        for (const std::vector<std::string>& row : aside.values)
            values.push_back(row[static_cast<std::size_t>(column - m_dataset.columns.data())]);
        if (speaks_against(step, values)) m_spoken_against.push_back(step);
    }
    TRY(find_hopeless(aside.values, places, aside.failing));
    TRY_ASSIGN(m_proposals, propose(aside));
    for (Proposal& proposal : m_proposals) {
        if (proposal.step.kind == FixKind::kDropTotal && m_look->has_total_values(*m_table))
            proposal.safe = false;
        if (m_look->contradicts(proposal.step)) proposal.safe = false;
    }
    if (m_equal > m_equal_left_out) {
        m_proposals.push_back({{FixKind::kDropDuplicates, "", "", 0, ""}, true, m_equal, "", ""});
    }
    return {};
}

std::vector<Proposal> Pass::tell(NamesVerdict names) {
    Look look = m_look->look(*m_table);
    json::array contents = warnings_of(m_table->input().contents());
    for (json::array* found : {&look.results, &names.warnings, &contents}) {
        for (json::value& result : *found)
            m_draft.results.push_back(std::move(result));
    }
    std::vector<Proposal> proposals = std::move(m_proposals);
    std::ranges::move(look.proposals, std::back_inserter(proposals));
    std::ranges::move(names.proposals, std::back_inserter(proposals));
    return proposals;
}

std::vector<Step> Pass::contradicted() const {
    std::vector<Step> steps;
    for (const Step& step : m_recipe) {
        const auto is_accepted = [&](const std::string& code) {
            return code == step.code() || code == step.code() + "=" + step.from;
        };
        const bool against = m_look->contradicts(step) ||
                             std::ranges::find(m_spoken_against, step) != m_spoken_against.end();
        if (against && std::ranges::none_of(m_request.accept, is_accepted)) steps.push_back(step);
    }
    return steps;
}

// The proposals that answer a rule's finding: the first as `fix`, all of them, in the order in
// which they run, as `fixes`.
void Pass::offer_fix(json::object& result, const quality::RuleResult& of) const {
    if (of.failed == 0) return;
    for (const Proposal& proposal : m_proposals) {
        const FixKind kind = proposal.step.kind;
        const bool answers = kind == FixKind::kDropDuplicates ? of.rule.starts_with("key:")
                             : kind == FixKind::kDropTotal
                                 ? of.rule.starts_with("record") || of.rule.starts_with("required:")
                                 : !of.column.empty() && of.column == proposal.step.column;
        if (!answers) continue;
        json::object fix = to_json(proposal, m_headers);
        if (result.at("fix").is_null()) {
            result["fix"] = fix;
            result["fixes"] = json::array();
        }
        result["fixes"].as_array().push_back(std::move(fix));
    }
}

// The places of suspects that do not enter and equal the row that did in every column.
Result<std::unordered_set<std::size_t>> Pass::equal_suspects(const scan::Table& suspects,
                                                             const std::vector<bool>& enters) {
    std::unordered_set<std::size_t> equal;
    std::string same_key, same;
    for (const contract::Column& column : m_dataset.columns) {
        std::string& condition = column.key_position > 0 ? same_key : same;
        condition += fmt::format("{0}_s.{1} {2} _e.{1}", condition.empty() ? "" : " AND ",
                                 quote_identifier(column.name),
                                 column.key_position > 0 ? "=" : "IS NOT DISTINCT FROM");
    }
    TRY(rescan_suspects());
    TRY_ASSIGN(sql::DuckResult rows,
               m_duck->query(fmt::format(
                   "SELECT _s._row FROM {} _s JOIN read_parquet({}) _e ON {} WHERE {}",
                   with_kept(fmt::format("_suspects{}()", m_rescans)),
                   sql::quote_literal(m_stage.string()), same_key, same.empty() ? "true" : same)));
    for (;;) {
        TRY_ASSIGN(const std::size_t count, rows.next());
        if (count == 0) break;
        for (std::size_t i = 0; i < count; ++i) {
            const auto place =
                static_cast<std::size_t>(suspects.row_number(rows.integer(0, i)) - 1);
            if (!enters[place]) equal.insert(place);
        }
    }
    m_equal = static_cast<std::int64_t>(equal.size());
    return equal;
}

Result<void> Pass::keep_left_out(const RowSpool::Entry& entry) {
    m_left_out.push_back(entry.row);
    return m_originals->add(
        entry.row, {-1},
        fmt::format("{}{}{}{}", name_of(FixKind::kDropDuplicates), '\0', entry.record, '\0'));
}

Result<void> Pass::write_originals() {
    if (!m_mender) return {};
    TRY(m_mender->failure());
    m_draft.mended = {{"steps", parse_json(to_json_text(m_recipe)).value()},
                      {"cells", m_mender->cells()},
                      {"left_out", m_mender->dropped() + m_equal_left_out}};
    if (m_originals->size() == 0) return {};
    const std::filesystem::path file = temporary(".parquet");
    TRY(m_duck->register_source(
        "_originals", std::make_shared<OriginalsSource>(*m_originals, *m_table, m_dataset)));
    TRY_ASSIGN(const std::int64_t rows,
               m_duck->query_integer(fmt::format(
                   "COPY (SELECT * FROM _originals() ORDER BY \"row\", \"column\") TO {} (FORMAT "
                   "parquet, COMPRESSION zstd)",
                   sql::quote_literal(file.string()))));
    m_draft.originals = store::DraftFile{file, rows};
    return {};
}

}  // namespace nguon::intake
