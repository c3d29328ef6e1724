// What a cell of the template may hold.
#include <fmt/format.h>

#include <charconv>
#include <cmath>

#include "forms/internal/columns.h"
#include "forms/internal/words.h"
#include "forms/internal/workbook.h"

namespace nguon::forms::internal {
namespace {

using contract::Column;
using contract::LogicalType;

// Excel's own limits: a list within the cell, a message, its title.
constexpr std::size_t kMostListed = 255, kMostMessage = 255, kMostTitle = 32;
constexpr double kLargest = 9.99e307;

std::size_t characters(std::string_view text) {
    return static_cast<std::size_t>(std::ranges::count_if(
        text, [](char c) { return (static_cast<unsigned char>(c) & 0xC0U) != 0x80U; }));
}

std::optional<double> number(std::string_view text) {
    double value = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
    if (error != std::errc() || end != text.data() + text.size()) return std::nullopt;
    return value;
}

lxw_datetime date_of(std::string_view iso) {
    const auto part = [&](std::size_t at, std::size_t length) {
        int value = 0;
        std::from_chars(iso.data() + at, iso.data() + at + length, value);
        return value;
    };
    return {part(0, 4), part(5, 2), part(8, 2), 0, 0, 0};
}

class Validation {
public:
    Validation(const Column& column, Language language, Lists& lists)
        : m_column(column), m_language(language), m_lists(lists) {
        m_rule.ignore_blank = LXW_VALIDATION_ON;
        m_rule.show_input = LXW_VALIDATION_ON;
        m_rule.show_error = LXW_VALIDATION_ON;
        m_rule.error_type = LXW_VALIDATION_ERROR_TYPE_STOP;
        m_rule.dropdown = LXW_VALIDATION_ON;
    }

    bool add(lxw_worksheet* sheet, lxw_col_t place) {
        if (!choose()) return false;
        m_title = shortened(m_column.title.in(m_language), kMostTitle);
        m_error_title = words::kWrongValue.in(m_language);
        m_error = shortened(type_in_words(m_column, m_language), kMostMessage);
        if (m_message.empty()) m_message = m_error;
        m_message = shortened(m_message, kMostMessage);
        m_rule.input_title = m_title.data();
        m_rule.input_message = m_message.data();
        m_rule.error_title = m_error_title.data();
        m_rule.error_message = m_error.data();
        return worksheet_data_validation_range(sheet, kFirstRow, place, kLastRow, place, &m_rule) ==
               LXW_NO_ERROR;
    }

private:
    bool choose() {
        if (!m_column.enumeration.empty()) return list();
        switch (m_column.type) {
            case LogicalType::kBoolean: return booleans();
            case LogicalType::kInteger: return numbers(LXW_VALIDATION_TYPE_INTEGER);
            case LogicalType::kNumber: return numbers(LXW_VALIDATION_TYPE_DECIMAL);
            case LogicalType::kDate: return dates();
            case LogicalType::kString: return lengths();
            default: return false;
        }
    }

    bool list() {
        std::string joined;
        bool has_comma = false;
        for (const contract::EnumValue& value : m_column.enumeration) {
            m_values.push_back(value.value);
            joined += (joined.empty() ? "" : ",") + value.value;
            has_comma = has_comma || value.value.find(',') != std::string::npos;
            if (!value.label.empty() && value.label.in(m_language) != value.value) {
                m_message += (m_message.empty() ? "" : "\n") + value.value + " = " +
                             value.label.in(m_language);
            }
        }
        if (m_message.empty()) m_message = words::kChoose.in(m_language);
        if (has_comma || characters(joined) > kMostListed) {
            m_formula = m_lists.put(m_values);
            m_rule.validate = LXW_VALIDATION_TYPE_LIST_FORMULA;
            m_rule.value_formula = m_formula.data();
            return true;
        }
        return in_cell();
    }

    bool in_cell() {
        for (std::string& value : m_values)
            m_pointers.push_back(value.data());
        m_pointers.push_back(nullptr);
        m_rule.validate = LXW_VALIDATION_TYPE_LIST;
        m_rule.value_list = m_pointers.data();
        return true;
    }

    bool booleans() {
        m_values = {"true", "false"};
        return in_cell();
    }

    bool numbers(std::uint8_t type) {
        const contract::TypeOptions& options = m_column.options;
        const bool whole = type == LXW_VALIDATION_TYPE_INTEGER;
        const auto low = number(options.minimum), high = number(options.maximum);
        auto above = number(options.exclusive_minimum), below = number(options.exclusive_maximum);
        m_rule.validate = type;
        m_rule.criteria = LXW_VALIDATION_CRITERIA_BETWEEN;
        m_rule.minimum_number = low.value_or(above ? *above + (whole ? 1 : 0) : -kLargest);
        m_rule.maximum_number = high.value_or(below ? *below - (whole ? 1 : 0) : kLargest);
        return true;
    }

    // Excel counts days from 1900: what is earlier must be text, so there it only warns.
    bool dates() {
        const contract::TypeOptions& options = m_column.options;
        std::string low = options.minimum, high = options.maximum;
        if (low.empty())
            low = next_to(LogicalType::kDate, options.exclusive_minimum, 1).value_or("");
        if (high.empty())
            high = next_to(LogicalType::kDate, options.exclusive_maximum, -1).value_or("");
        if (low < "1900-01-01") {
            low = "1900-01-01";
            m_rule.error_type = LXW_VALIDATION_ERROR_TYPE_WARNING;
        }
        m_rule.validate = LXW_VALIDATION_TYPE_DATE;
        m_rule.criteria = LXW_VALIDATION_CRITERIA_BETWEEN;
        m_rule.minimum_datetime = date_of(low);
        m_rule.maximum_datetime = date_of(high.empty() ? "9999-12-31" : high);
        return true;
    }

    bool lengths() {
        const contract::TypeOptions& options = m_column.options;
        if (!options.min_length && !options.max_length) return false;
        constexpr std::int64_t kMostInCell = 32'767;
        m_rule.validate = LXW_VALIDATION_TYPE_LENGTH;
        m_rule.criteria = LXW_VALIDATION_CRITERIA_BETWEEN;
        m_rule.minimum_number =
            static_cast<double>(std::min(options.min_length.value_or(0), kMostInCell));
        m_rule.maximum_number =
            static_cast<double>(std::min(options.max_length.value_or(kMostInCell), kMostInCell));
        return true;
    }

    const Column& m_column;
    Language m_language;
    Lists& m_lists;
    lxw_data_validation m_rule{};
    // The library reads these until the call ends.
    std::vector<std::string> m_values;
    std::vector<char*> m_pointers;
    std::string m_formula, m_title, m_message, m_error_title, m_error;
};

}  // namespace

std::string shortened(std::string_view text, std::size_t most) {
    if (characters(text) <= most) return std::string(text);
    std::size_t at = 0;
    for (std::size_t seen = 0; at < text.size(); ++at) {
        const bool starts = (static_cast<unsigned char>(text[at]) & 0xC0U) != 0x80U;
        if (starts && seen++ == most - 1) break;
    }
    return std::string(text.substr(0, at)) + "…";
}

std::string Lists::put(const std::vector<std::string>& values) {
    for (std::size_t i = 0; i < values.size(); ++i)
        worksheet_write_string(m_sheet, static_cast<lxw_row_t>(i), m_used, values[i].c_str(),
                               nullptr);
    char column[LXW_MAX_COL_NAME_LENGTH];
    lxw_col_to_name(column, m_used, 1);
    ++m_used;
    return fmt::format("='{0}'!{1}$1:{1}${2}", m_name, column, values.size());
}

bool add_validation(lxw_worksheet* sheet, lxw_col_t place, const Column& column, Language language,
                    Lists& lists) {
    return Validation(column, language, lists).add(sheet, place);
}

}  // namespace nguon::forms::internal
