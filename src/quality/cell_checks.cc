#include "quality/cell_checks.h"

#include <fmt/format.h>

#include <algorithm>

#include "contract/classification.h"
#include "contract/column_type.h"
#include "quality/part.h"
#include "scan/written_number.h"

namespace nguon::quality {
namespace {

using contract::Column;

// The column's own NULL is judged by its rule; inside of a cell there is a value.
class NestedCheck final : public scan::CellCheck {
public:
    explicit NestedCheck(const Column& column) : m_column(column), m_part(m_column) {}

    bool read(std::string_view text, std::string& buffer, std::string_view& kept) const override {
        Fault fault;
        return judge(text, buffer, kept, fault);
    }
    bool judge(std::string_view text, std::string& buffer, std::string_view& kept,
               Fault& fault) const {
        const auto value = read_json(text, fault.what);
        if (!value || !m_part.check(*value, fault)) return false;
        buffer.clear();
        m_part.write(buffer, *value);
        kept = buffer;
        return true;
    }

private:
    const Column m_column;
    Part m_part;
};

class GeometryCheck final : public scan::CellCheck {
public:
    explicit GeometryCheck(const Column& column)
        : m_is_wkt(column.options.format == "wkt"),
          m_coordinates(column.crs_is_degrees() ? Coordinates::kDegrees : Coordinates::kAny) {}

    bool read(std::string_view text, std::string&, std::string_view& kept) const override {
        Fault fault;
        kept = text;
        return judge(text, fault);
    }
    bool judge(std::string_view text, Fault& fault) const {
        if (m_is_wkt) {
            fault.what = fault_of_wkt(text, m_coordinates);
            return fault.what.empty();
        }
        const auto value = read_json(text, fault.what);
        return value && is_geojson(*value, fault);
    }

private:
    bool m_is_wkt;
    Coordinates m_coordinates;
};

bool is_geometry(const Column& column) {
    return column.type == contract::LogicalType::kString &&
           (column.options.format == "wkt" || column.options.format == "geojson");
}

class DigitsCheck final : public scan::CellCheck {
public:
    bool read(std::string_view text, std::string&, std::string_view& kept) const override {
        kept = text;
        return !scan::lost_digits(text);
    }
};

bool is_personal(const std::string& classification) {
    return !contract::is_public(classification) && to_lower_ascii(classification) != "internal";
}

// Whether a pattern could let a '+' pass, without which no "3.02E+11" does.
bool may_match_plus(std::string_view pattern) {
    bool in_class = false;
    for (std::size_t i = 0; i < pattern.size(); ++i) {
        const char c = pattern[i];
        if (c == '\\') {
            ++i;
            if (i < pattern.size() && std::string_view("+SWDpPxQ").contains(pattern[i]))
                return true;
        } else if (in_class) {
            // "[ -~]" has it too; "[A-Z-]" has not.
            const bool is_range = c == '-' && !pattern.substr(i + 1).starts_with(']') &&
                                  std::string_view(" !\"#$%&'()*").contains(pattern[i - 1]);
            if (c == '+' || is_range) return true;
            in_class = c != ']';
        } else if (c == '[') {
            if (pattern.substr(i + 1).starts_with('^')) return true;
            in_class = true;
        } else if (c == '.') {
            return true;
        }
    }
    return false;
}

// "ma_ho", "so_cccd", "household_id", "phone": text that is a number all the same.
bool names_identifier(std::string_view name) {
    constexpr std::string_view kWords[] = {"ma",  "id",  "code", "cccd",  "cmnd",
                                           "mst", "sdt", "stk",  "phone", "imei"};
    const std::vector<std::string> words = split(name, '_');
    const auto is_word = [&](const std::string& word) {
        return std::ranges::find(kWords, word) != std::end(kWords);
    };
    return is_word(words.front()) || is_word(words.back()) ||
           (words.size() > 1 && (words.front() == "so" || words.back() == "number"));
}

}  // namespace

bool refuses_lost_digits(const Column& column) {
    if (column.type != contract::LogicalType::kString || is_geometry(column)) return false;
    // A rule of its own refuses them.
    const std::string& pattern = column.options.pattern;
    if ((!pattern.empty() && !may_match_plus(pattern)) || !column.enumeration.empty() ||
        column.reference || !contract::pattern_of_format(column.options.format).empty())
        return false;
    return column.key_position > 0 || column.unique || is_personal(column.classification) ||
           names_identifier(column.name);
}

Text lost_digits_reason() {
    return {"Chỉ còn dạng 3.02E+11, các chữ số sau đã mất",
            "Left as 3.02E+11, the other digits are gone"};
}

std::shared_ptr<const scan::CellCheck> cell_check_of(const Column& column) {
    if (is_nested(column.type)) return std::make_shared<NestedCheck>(column);
    if (is_geometry(column)) return std::make_shared<GeometryCheck>(column);
    if (refuses_lost_digits(column)) return std::make_shared<DigitsCheck>();
    return nullptr;
}

Text fault_of_cell(const Column& column, std::string_view text) {
    Fault fault;
    std::string buffer;
    std::string_view kept;
    if (is_nested(column.type)) {
        if (NestedCheck(column).judge(text, buffer, kept, fault)) return {};
    } else if (is_geometry(column)) {
        if (GeometryCheck(column).judge(text, fault)) return {};
    } else {
        return refuses_lost_digits(column) && scan::lost_digits(text) ? lost_digits_reason()
                                                                      : Text();
    }
    if (fault.path.empty()) return fault.what;
    return {fmt::format("{}{}: {}", column.name, fault.path, fault.what.vi),
            fmt::format("{}{}: {}", column.name, fault.path, fault.what.en)};
}

}  // namespace nguon::quality
