#include "intake/internal/reasons.h"

#include <fmt/format.h>

#include <algorithm>

#include "contract/column_type.h"
#include "quality/cell_checks.h"
#include "quality/damage.h"

namespace nguon::intake {
namespace {

// A number written plainly that does not fit precision and scale: which of them it passes.
Text decimal_reason(const contract::Column& column, std::string_view value, const Text& otherwise) {
    std::string_view number = value.starts_with('-') ? value.substr(1) : value;
    number.remove_prefix(std::min(number.find_first_not_of('0'), number.size()));
    const std::size_t point = number.find('.');
    const std::string_view whole = number.substr(0, point);
    std::string_view decimals;
    if (point != std::string_view::npos) decimals = number.substr(point + 1);
    const auto is_digits = [](std::string_view text) {
        return std::ranges::all_of(text, [](char c) { return c >= '0' && c <= '9'; });
    };
    if (value.empty() || value.back() == '.' || !is_digits(whole) || !is_digits(decimals))
        return otherwise;
    const std::size_t last = decimals.find_last_not_of('0');  // zeros at the end lose nothing
    const std::size_t places = last == std::string_view::npos ? 0 : last + 1;
    if (places > static_cast<std::size_t>(column.scale)) {
        if (column.scale == 0)
            return {"Không được có phần thập phân", "No decimals are allowed here"};
        return {fmt::format("Quá nhiều chữ số thập phân: nhiều nhất {}", column.scale),
                fmt::format("Too many decimals: at most {}", column.scale)};
    }
    const int most = column.precision - column.scale;
    if (whole.size() > static_cast<std::size_t>(most)) {
        return {fmt::format("Quá nhiều chữ số trước dấu chấm: nhiều nhất {}", most),
                fmt::format("Too many digits before the point: at most {}", most)};
    }
    return otherwise;
}

}  // namespace

std::string value_of(const quality::RowRule& rule, const contract::Dataset& dataset,
                     const std::vector<std::string>& fields, std::string_view record) {
    if (rule.kind == quality::RuleKind::kRecord) return std::string(record);
    std::string value;
    for (const std::string& name : split(rule.column, ',')) {
        for (std::size_t i = 0; i < dataset.columns.size(); ++i) {
            // "address.ward" stands in the field of address
            if (dataset.columns[i].name != name.substr(0, name.find('.')) || i >= fields.size())
                continue;
            value += value.empty() ? "" : ",";
            value += fields[i];
        }
    }
    return value;
}

Text reason_of(const quality::RowRule& rule, const contract::Dataset& dataset,
               const scan::Table& table, std::string_view value) {
    if (rule.kind == quality::RuleKind::kRecord) {
        for (const quality::Damage& damage : quality::damages()) {
            if (damage.rule == rule.name) return quality::reason_of(damage, table.input(), value);
        }
    }
    if (rule.kind == quality::RuleKind::kType) {
        const contract::Column* column = dataset.column(rule.column);
        if (column != nullptr && contract::column_type(*column).kind == sql::Kind::kText) {
            Text inside = quality::fault_of_cell(*column, value);
            return inside.empty() ? rule.reason : inside;
        }
        if (column != nullptr && contract::column_type(*column).kind == sql::Kind::kDecimal)
            return decimal_reason(*column, value, rule.reason);
    }
    return rule.reason;
}

}  // namespace nguon::intake
