#include "intake/proposals.h"

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <set>

#include "base/nearest.h"
#include "intake/cell_fixes.h"
#include "quality/score.h"

namespace nguon::intake {
namespace {

using contract::Column;
using contract::LogicalType;

// "[0-9]{12}" or "^\d{12}$": how many digits a whole value has; 0 where the pattern says something
// else.
std::size_t digits_of_pattern(std::string_view pattern) {
    if (pattern.starts_with('^')) pattern.remove_prefix(1);
    if (pattern.ends_with('$')) pattern.remove_suffix(1);
    for (const std::string_view digit : {"[0-9]{", "\\d{"}) {
        if (!pattern.starts_with(digit) || !pattern.ends_with('}')) continue;
        const std::string_view count =
            pattern.substr(digit.size(), pattern.size() - digit.size() - 1);
        if (count.empty() || count.size() > 2 ||
            count.find_first_not_of("0123456789") != count.npos)
            return 0;
        return static_cast<std::size_t>(std::stoi(std::string(count)));
    }
    return 0;
}

// What the values that fail prove about a step.
struct Evidence {
    bool decides = false;      // some value can be read in no other way
    bool contradicts = false;  // some value can only be read in another way
};

Evidence evidence_of(const Step& step, const std::vector<std::string>& values) {
    Evidence evidence;
    for (const std::string& value : values) {
        if (step.kind == FixKind::kDate) {
            const std::string_view other = step.from == "MM/dd/yyyy" ? "dd/MM/yyyy" : "MM/dd/yyyy";
            const bool here = date_from(day_part(value), step.from, "").has_value();
            const bool there = date_from(day_part(value), other, "").has_value();
            evidence.decides = evidence.decides || (here && !there);
            evidence.contradicts = evidence.contradicts || (there && !here);
        } else if (step.kind == FixKind::kNumber) {
            const bool here = number_from(value, step.from[0]).has_value();
            const bool there = number_from(value, step.from == "," ? '.' : ',').has_value();
            evidence.decides = evidence.decides || (here && !there);
            evidence.contradicts = evidence.contradicts || (there && !here);
        }
    }
    return evidence;
}

class Proposer {
public:
    explicit Proposer(const SetAside& aside) : m_aside(aside), m_by_column(columns()) {}

    Result<std::vector<Proposal>> run() {
        TRY(try_total());
        TRY_ASSIGN(m_failing, judge(m_kept));
        for (const std::size_t c : m_aside.failing) {
            if (m_failing[c] > 0) TRY(find_candidates(c));
        }
        for (;;) {
            TRY_ASSIGN(const bool any, try_next());
            if (!any) break;
        }
        std::vector<Proposal> proposals = std::move(m_rows);
        for (std::vector<Proposal>& of_column : m_by_column)
            std::ranges::move(of_column, std::back_inserter(proposals));
        return proposals;
    }

private:
    static constexpr std::size_t kMostRounds = 12;

    std::size_t columns() const { return m_aside.dataset.columns.size(); }

    // How many rows of the sample fail a rule of each column, after these steps.
    Result<std::vector<std::int64_t>> judge(const std::vector<Step>& steps) {
        std::vector<Successors> successors(steps.size());
        for (std::size_t i = 0; i < steps.size(); ++i) {
            if (steps[i].kind == FixKind::kSuccessor) {
                TRY_ASSIGN(successors[i], m_aside.successors(steps[i]));
            }
        }
        const auto mender =
            std::make_shared<Mender>(m_aside.dataset, steps, std::move(successors), nullptr);
        TRY_ASSIGN(const auto table, m_aside.table(mender));
        const std::string name = fmt::format("_trial{}", ++m_trials);
        TRY(m_aside.duck.register_source(name, table));
        std::string counts = "0";
        for (const std::size_t c : m_aside.failing) {
            const Column& column = m_aside.dataset.columns[c];
            std::string fails;
            for (const quality::RowRule& rule : m_aside.rules.rows) {
                if (rule.column != column.name || rule.judged != quality::Judged::kInPass) continue;
                fails += fmt::format("{}({})", fails.empty() ? "" : " OR ", rule.fails);
            }
            counts += fmt::format(", count(*) FILTER (WHERE {})", fails.empty() ? "false" : fails);
        }
        TRY_ASSIGN(sql::DuckResult rows,
                   m_aside.duck.query(
                       fmt::format("SELECT {} FROM {} _s{} WHERE (_flags & {}) = 0", counts,
                                   quality::with_clock(name + "()", m_aside.clock), m_aside.joins,
                                   static_cast<unsigned>(scan::kLeftOut | scan::kDamaged))));
        TRY_ASSIGN(const std::size_t count, rows.next());
        std::vector<std::int64_t> failing(columns(), 0);
        for (std::size_t i = 0; count > 0 && i < m_aside.failing.size(); ++i)
            failing[m_aside.failing[i]] = rows.integer(1 + i, 0);
        m_left_out = mender->dropped();
        return failing;
    }

    Result<void> try_total() {
        const Step step{FixKind::kDropTotal, "", "", 0, ""};
        m_kept = m_aside.recipe;
        if (std::ranges::find(m_kept, step) != m_kept.end()) return {};
        TRY(judge({step}));
        if (m_left_out == 0) return {};
        m_kept.push_back(step);
        m_rows.push_back({step, true, m_left_out, "", ""});
        return {};
    }

    std::vector<std::string> values_of(std::size_t column) const {
        std::vector<std::string> values;
        for (const auto& row : m_aside.values) {
            if (!row[column].empty()) values.push_back(row[column]);
        }
        return values;
    }

    Result<void> find_candidates(std::size_t c) {
        const Column& column = m_aside.dataset.columns[c];
        const std::vector<std::string> values = values_of(c);
        std::vector<Step> steps;
        const auto add = [&](FixKind kind, std::string from = "", std::size_t length = 0,
                             std::string dataset = "") {
            steps.push_back({kind, column.name, std::move(from), length, std::move(dataset)});
        };
        switch (column.type) {
            case LogicalType::kDate:
                for (const std::string_view from :
                     {"dd/MM/yyyy", "MM/dd/yyyy", "yyyy-MM-dd", "yyyyMMdd", "ddMMyyyy", "excel"})
                    add(FixKind::kDate, std::string(from));
                break;
            case LogicalType::kTimestamp:
                for (const std::string_view from : {"dd/MM/yyyy", "MM/dd/yyyy", "yyyy-MM-dd"})
                    add(FixKind::kDate, std::string(from));
                break;
            case LogicalType::kInteger:
            case LogicalType::kNumber:
                if (column.decimal != 0) break;  // the contract says how they are written
                add(FixKind::kNumber, ",");
                add(FixKind::kNumber, ".");
                break;
            default: break;
        }
        if (!column.enumeration.empty()) add(FixKind::kLabel);
        if (column.type == LogicalType::kString) {
            TRY_ASSIGN(const std::size_t length, code_length(column));
            if (length > 0) add(FixKind::kPad, "", length);
        }
        if (column.reference) {
            TRY_ASSIGN(const auto table, m_aside.successor_table(column));
            if (table) add(FixKind::kSuccessor, "", 0, *table);
        }
        // Those that change most come first; of equal ones the order above.
        std::vector<std::pair<std::int64_t, Step>> ordered;
        for (Step& step : steps) {
            TRY_ASSIGN(const std::int64_t changed, changed_by(step, column, values));
            if (changed > 0) ordered.emplace_back(changed, std::move(step));
        }
        std::ranges::stable_sort(ordered, std::greater<>(),
                                 [](const auto& pair) { return pair.first; });
        std::vector<Step> candidates;
        if (std::ranges::any_of(values, names_nothing))
            candidates.push_back({FixKind::kEmpty, column.name, "", 0, ""});
        if (std::ranges::any_of(values,
                                [](const std::string& v) { return bare(v).size() < v.size(); }))
            candidates.push_back({FixKind::kTrim, column.name, "", 0, ""});
        for (auto& [changed, step] : ordered)
            candidates.push_back(std::move(step));
        std::erase_if(candidates, [&](const Step& step) {
            return std::ranges::find(m_kept, step) != m_kept.end();
        });
        m_candidates[c] = std::move(candidates);
        return {};
    }

    Result<std::int64_t> changed_by(const Step& step, const Column& column,
                                    const std::vector<std::string>& values) {
        Successors successors;
        if (step.kind == FixKind::kSuccessor) {
            TRY_ASSIGN(successors, m_aside.successors(step));
        }
        const CellStep cell(step, column, std::move(successors));
        return std::ranges::count_if(
            values, [&](const std::string& value) { return cell.apply(value).has_value(); });
    }

    // The length that every code of the column's list has; 0 when they differ or are not told.
    Result<std::size_t> code_length(const Column& column) {
        std::set<std::size_t> lengths;
        for (const contract::EnumValue& value : column.enumeration)
            lengths.insert(value.value.size());
        for (std::size_t i = 0; i < m_aside.rules.references.size(); ++i) {
            const quality::ReferenceSet& reference = m_aside.rules.references[i];
            if (reference.columns != std::vector{column.name} ||
                reference.dataset == m_aside.dataset.name)
                continue;
            TRY_ASSIGN(sql::DuckResult rows,
                       m_aside.duck.query(fmt::format(
                           "SELECT min(length(_k0)), max(length(_k0)) FROM _ref{}", i)));
            TRY_ASSIGN(const std::size_t count, rows.next());
            if (count == 0 || rows.is_null(0, 0)) continue;
            lengths.insert(static_cast<std::size_t>(rows.integer(0, 0)));
            lengths.insert(static_cast<std::size_t>(rows.integer(1, 0)));
        }
        if (lengths.empty()) {
            const auto& options = column.options;
            if (const std::size_t digits = digits_of_pattern(options.pattern); digits > 0)
                lengths.insert(digits);
            else if (options.min_length && options.min_length == options.max_length)
                lengths.insert(static_cast<std::size_t>(*options.min_length));
        }
        return lengths.size() == 1 ? *lengths.begin() : 0;
    }

    // One more step for each column that has one left: kept where fewer rows fail.
    Result<bool> try_next() {
        if (m_rounds++ == kMostRounds) return false;
        std::vector<Step> steps = m_kept;
        std::vector<std::size_t> tried;
        for (auto& [c, candidates] : m_candidates) {
            while (!candidates.empty() && !may_join(candidates.front()))
                candidates.erase(candidates.begin());
            if (candidates.empty() || m_failing[c] == 0) continue;
            steps.push_back(candidates.front());
            tried.push_back(c);
        }
        if (tried.empty()) return false;
        TRY_ASSIGN(const std::vector<std::int64_t> failing, judge(steps));
        for (const std::size_t c : tried) {
            Step step = std::move(m_candidates[c].front());
            m_candidates[c].erase(m_candidates[c].begin());
            if (failing[c] >= m_failing[c]) continue;
            TRY(keep(c, std::move(step), m_failing[c] - failing[c]));
            m_failing[c] = failing[c];
        }
        return true;
    }

    // Days first and months first in one column: nobody could tell which is meant.
    bool may_join(const Step& step) const {
        const auto contradicts = [&](const Step& kept) {
            if (kept.column != step.column || kept.kind != step.kind) return false;
            return step.kind == FixKind::kNumber ||
                   (step.kind == FixKind::kDate &&
                    ((kept.from.starts_with("dd") && step.from.starts_with("MM")) ||
                     (kept.from.starts_with("MM") && step.from.starts_with("dd"))));
        };
        return std::ranges::none_of(m_kept, contradicts);
    }

    Result<void> keep(std::size_t c, Step step, std::int64_t mended) {
        const Column& column = m_aside.dataset.columns[c];
        const std::vector<std::string> values = values_of(c);
        Proposal proposal{step, is_safe(step, column, values), mended, "", ""};
        Successors successors;
        if (step.kind == FixKind::kSuccessor) {
            TRY_ASSIGN(successors, m_aside.successors(step));
        }
        show_example(CellStep(step, column, std::move(successors)), values, proposal);
        const Evidence evidence = evidence_of(step, values);
        const bool two_ways = step.kind == FixKind::kDate && step.from == "dd/MM/yyyy" &&
                              !evidence.decides && !evidence.contradicts;
        m_kept.push_back(std::move(step));
        m_by_column[c].push_back(proposal);
        if (two_ways) m_by_column[c].push_back(months_first(std::move(proposal), column, values));
        return {};
    }

    // Of the first value that the step changes, masked.
    static void show_example(const CellStep& cell, const std::vector<std::string>& values,
                             Proposal& proposal) {
        for (const std::string& value : values) {
            const std::optional<std::string> after = cell.apply(value);
            if (!after) continue;
            proposal.before = quality::mask(value);
            proposal.after = quality::mask(*after);
            break;
        }
    }

    // The same cells read the other way: a person chooses.
    static Proposal months_first(Proposal proposal, const Column& column,
                                 const std::vector<std::string>& values) {
        proposal.step.from = "MM/dd/yyyy";
        proposal.alternative = true;
        show_example(CellStep(proposal.step, column, {}), values, proposal);
        return proposal;
    }

    static bool is_safe(const Step& step, const Column& column,
                        const std::vector<std::string>& values) {
        switch (step.kind) {
            case FixKind::kDate: {
                if (step.from.starts_with("yyyy")) return true;
                if (step.from == "excel" || step.from == "ddMMyyyy") return false;
                const Evidence evidence = evidence_of(step, values);
                return evidence.decides && !evidence.contradicts;
            }
            case FixKind::kNumber: {
                if (column.type == LogicalType::kInteger) return true;
                const Evidence evidence = evidence_of(step, values);
                return evidence.decides && !evidence.contradicts;
            }
            case FixKind::kPad: return column.reference.has_value() || !column.enumeration.empty();
            default: return true;
        }
    }

    const SetAside& m_aside;
    std::vector<Step> m_kept;  // the recipe, and what was found
    std::vector<Proposal> m_rows;
    std::vector<std::vector<Proposal>> m_by_column;
    std::vector<std::int64_t> m_failing;
    std::map<std::size_t, std::vector<Step>> m_candidates;
    std::int64_t m_left_out = 0;
    std::size_t m_trials = 0, m_rounds = 0;
};

// From 0 to 1: the better of few edits and of shared words.
double likeness(const std::string& a, const std::string& b) {
    constexpr std::size_t kLongest = 64;
    if (a.empty() || b.empty() || a.size() > kLongest || b.size() > kLongest) return 0;
    const double edits = 1.0 - static_cast<double>(distance(a, b)) /
                                   static_cast<double>(std::max(a.size(), b.size()));
    const std::vector<std::string> words_a = split(a, '_'), words_b = split(b, '_');
    const std::set<std::string> of_a(words_a.begin(), words_a.end());
    const auto shared = static_cast<double>(
        std::ranges::count_if(std::set<std::string>(words_b.begin(), words_b.end()),
                              [&](const std::string& word) { return of_a.contains(word); }));
    const double words = shared / static_cast<double>(std::max<std::size_t>(
                                      1, std::min(words_a.size(), words_b.size())));
    return std::max(edits, words * 0.9);
}

}  // namespace

Result<std::vector<Proposal>> propose(const SetAside& aside) {
    return Proposer(aside).run();
}

bool speaks_against(const Step& step, const std::vector<std::string>& values) {
    const bool has_order = step.from.starts_with("dd/") || step.from.starts_with("MM/");
    return step.kind == FixKind::kDate && has_order && evidence_of(step, values).contradicts;
}

std::vector<Proposal> propose_names(const contract::Dataset& dataset, const scan::Plan& plan,
                                    const std::vector<std::string>& unknown,
                                    const std::vector<std::string>& missing) {
    constexpr double kAlike = 0.6;
    std::vector<Proposal> proposals;
    std::set<std::string> taken;
    const auto garbled = [&](const std::string& name) -> std::string {
        const auto planned = std::ranges::find(plan.columns, name, &scan::PlannedColumn::name) -
                             plan.columns.begin();
        for (const std::string& header : unknown) {
            const std::optional<std::string> mended = ungarbled(header);
            if (mended && !taken.contains(header) &&
                scan::column_of(scan::HeaderName(trim(*mended)), plan.columns) == planned)
                return header;
        }
        return {};
    };
    for (const std::string& name : missing) {
        const std::string header = garbled(name);
        if (header.empty()) continue;
        taken.insert(header);
        // Safe, as for cells: the way back from what stands there gives exactly the name.
        proposals.push_back({{FixKind::kRename, name, header, 0, ""}, true, 1, header, name});
    }
    for (const std::string& name : missing) {
        const Column* column = dataset.column(name);
        const bool is_found = std::ranges::any_of(
            proposals, [&](const Proposal& one) { return one.step.column == name; });
        if (column == nullptr || is_found) continue;
        std::pair<double, std::string> best{kAlike, ""};
        for (const std::string& header : unknown) {
            if (taken.contains(header)) continue;
            const std::string shape = snake_case(header);
            const double alike = std::max({likeness(shape, column->name),
                                           likeness(shape, snake_case(column->title.vi)),
                                           likeness(shape, snake_case(column->title.en))});
            if (alike >= best.first) best = {alike, header};
        }
        if (best.second.empty()) continue;
        taken.insert(best.second);
        proposals.push_back(
            {{FixKind::kRename, column->name, best.second, 0, ""}, false, 1, best.second, name});
    }
    return proposals;
}

}  // namespace nguon::intake
