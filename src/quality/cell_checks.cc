#include "quality/cell_checks.h"

#include <fmt/format.h>

#include "quality/part.h"

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

}  // namespace

std::shared_ptr<const scan::CellCheck> cell_check_of(const Column& column) {
    if (is_nested(column.type)) return std::make_shared<NestedCheck>(column);
    if (is_geometry(column)) return std::make_shared<GeometryCheck>(column);
    return nullptr;
}

Text fault_of_cell(const Column& column, std::string_view text) {
    Fault fault;
    std::string buffer;
    std::string_view kept;
    if (is_nested(column.type)) {
        if (NestedCheck(column).judge(text, buffer, kept, fault)) return {};
    } else if (!is_geometry(column) || GeometryCheck(column).judge(text, fault)) {
        return {};
    }
    if (fault.path.empty()) return fault.what;
    return {fmt::format("{}{}: {}", column.name, fault.path, fault.what.vi),
            fmt::format("{}{}: {}", column.name, fault.path, fault.what.en)};
}

}  // namespace nguon::quality
