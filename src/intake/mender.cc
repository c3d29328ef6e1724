#include "intake/mender.h"

#include <fmt/format.h>

#include <algorithm>

#include "intake/cell_fixes.h"
#include "intake/total_rows.h"

namespace nguon::intake {
namespace {

// Of years of birth: one that no clock is asked for.
constexpr int kAnyYear = 2099;

// Every way to write a value of the list that means just one of them.
std::unordered_map<std::string, std::string> values_by_shape(const contract::Column& column) {
    std::unordered_map<std::string, std::string> values;
    std::vector<std::string> ambiguous;
    const auto add = [&](std::string_view written, const std::string& value) {
        if (written.empty()) return;
        const auto [at, fresh] = values.try_emplace(snake_case(written), value);
        if (!fresh && at->second != value) ambiguous.push_back(at->first);
    };
    for (const contract::EnumValue& value : column.enumeration) {
        add(value.value, value.value);
        add(value.label.vi, value.value);
        add(value.label.en, value.value);
    }
    for (const std::string& shape : ambiguous)
        values.erase(shape);
    return values;
}

}  // namespace

CellStep::CellStep(const Step& step, const contract::Column& column, Successors successors)
    : m_step(step), m_date_format(column.options.format), m_separators_known(column.decimal != 0) {
    m_pads = step.from == name_of(Personal::kPhone) ? Personal::kPhone : Personal::kCitizenId;
    m_is_moment = column.type == contract::LogicalType::kTimestamp;
    m_zone_required = m_is_moment && column.options.zone_is_required();
    if (step.kind == FixKind::kLabel) {
        m_values = values_by_shape(column);
        m_by_shape = true;
    } else if (step.kind == FixKind::kSuccessor) {
        m_values = std::move(successors);
    }
}

std::optional<std::string> CellStep::apply(std::string_view text) const {
    const auto changed = [&](std::optional<std::string> value) {
        return value && *value == text ? std::nullopt : std::move(value);
    };
    switch (m_step.kind) {
        case FixKind::kTrim: return changed(std::string(bare(text)));
        case FixKind::kEmpty:
            return names_nothing(text) ? std::optional<std::string>("") : std::nullopt;
        case FixKind::kDate:
            if (m_zone_required) return std::nullopt;  // a cell without one cannot be made one
            if (m_is_moment) return changed(moment_from(text, m_step.from, m_date_format));
            return changed(date_from(text, m_step.from, m_date_format));
        case FixKind::kNumber:
            if (m_separators_known) return std::nullopt;
            return changed(number_from(text, m_step.from.empty() ? ',' : m_step.from[0]));
        case FixKind::kEncoding: return ungarbled(text);
        case FixKind::kPad:
            if (!m_step.from.empty()) return with_zeros(bare(text), m_pads, kAnyYear);
            return changed(padded(text, m_step.length));
        case FixKind::kLabel:
        case FixKind::kSuccessor: {
            const auto found =
                m_values.find(m_by_shape ? snake_case(text) : std::string(bare(text)));
            return found == m_values.end() ? std::nullopt : changed(found->second);
        }
        default: return std::nullopt;
    }
}

Mender::Mender(const contract::Dataset& dataset, const std::vector<Step>& steps,
               std::vector<Successors> successors, RowSpool* originals)
    : m_dataset(dataset), m_steps(dataset.columns.size()), m_originals(originals) {
    successors.resize(steps.size());
    for (std::size_t i = 0; i < steps.size(); ++i) {
        m_drops_totals = m_drops_totals || steps[i].kind == FixKind::kDropTotal;
        const contract::Column* column = dataset.column(steps[i].column);
        if (column == nullptr) continue;
        m_steps[static_cast<std::size_t>(column - dataset.columns.data())].emplace_back(
            steps[i], *column, std::move(successors[i]));
    }
}

void Mender::mend(scan::Block& block, std::span<const std::ptrdiff_t> field_of) {
    const auto signs = m_drops_totals ? total_signs(block) : std::vector<TotalSign>();
    for (std::size_t record = 0; record < block.size(); ++record) {
        const std::int64_t row = scan::Table::place_of(block, record);
        if (!signs.empty() && signs[record] >= TotalSign::kWord &&
            may_be_total(block, record, m_dataset, field_of)) {
            block.flags[record] |= scan::kLeftOut;
            ++m_dropped;
            keep(row, -1, name_of(FixKind::kDropTotal), block.texts[record], "");
            continue;
        }
        if ((block.flags[record] & scan::kDamaged) != 0) continue;
        for (std::size_t c = 0; c < field_of.size(); ++c) {
            if (field_of[c] < 0 || m_steps[c].empty()) continue;
            std::string_view& cell =
                block.fields[record * block.width + static_cast<std::size_t>(field_of[c])];
            if (!cell.empty()) mend_column(block, record, c, cell);
        }
    }
}

void Mender::mend_column(scan::Block& block, std::size_t record, std::size_t column,
                         std::string_view& cell) {
    const std::string_view original = cell;
    const auto field = static_cast<std::size_t>(&cell - block.fields.data());
    std::string steps;
    for (const CellStep& step : m_steps[column]) {
        // What the file has as a number can be read in one way only.
        if (step.step().kind == FixKind::kNumber && block.is_number(field)) continue;
        std::optional<std::string> mended = step.apply(cell);
        if (!mended) continue;
        cell = block.arena.emplace_back(std::move(*mended));
        steps += fmt::format("{}{}", steps.empty() ? "" : ",", name_of(step.step().kind));
    }
    if (steps.empty()) return;
    ++m_cells;
    keep(scan::Table::place_of(block, record), static_cast<std::int64_t>(column), steps, original,
         cell);
}

void Mender::keep(std::int64_t row, std::int64_t column, std::string_view steps,
                  std::string_view original, std::string_view value) {
    if (m_originals == nullptr) return;
    std::string entry(steps);
    entry += '\0';
    entry += original;
    entry += '\0';
    entry += value;
    if (Result<void> kept = m_originals->add(row, {column}, entry); !kept) {
        const std::lock_guard lock(m_lock);
        if (m_failure) m_failure = std::move(kept);
    }
}

Result<void> Mender::failure() {
    const std::lock_guard lock(m_lock);
    return m_failure;
}

}  // namespace nguon::intake
