#include "scan/internal/json_fields.h"

#include <algorithm>
#include <array>
#include <set>

#include "base/normal_form.h"

namespace nguon::scan {
namespace {

constexpr std::string_view kGeometry = "geometry";

// What a contract may call the column of shapes.
constexpr std::array<std::string_view, 5> kGeometryNames{"geometry", "geom", "the_geom",
                                                         "wkb_geometry", "hinh_hoc"};

}  // namespace

bool is_feature(const json::value& value) {
    if (!value.is_object()) return false;
    const json::value* type = value.get_object().if_contains("type");
    return type != nullptr && type->is_string() && type->get_string() == "Feature" &&
           value.get_object().contains("geometry");
}

JsonFields::JsonFields(const InputOptions& options, Geo geo)
    : m_geo(geo), m_names(options.columns) {
    for (std::size_t i = 0; i < m_names.size(); ++i)
        m_by_name.emplace(m_names[i], static_cast<std::ptrdiff_t>(i));
    std::string nfc;
    for (std::size_t i = 0; i < std::min(m_names.size(), options.titles.size()); ++i) {
        for (const std::string& title : options.titles[i]) {
            if (!title.empty())
                m_by_name.emplace(to_nfc(title, nfc), static_cast<std::ptrdiff_t>(i));
        }
    }
}

std::ptrdiff_t JsonFields::column_of(const std::string& path) const {
    std::string nfc;
    if (const auto exact = m_by_name.find(std::string(to_nfc(path, nfc))); exact != m_by_name.end())
        return exact->second;
    std::string joined = path;
    std::ranges::replace(joined, '.', '_');
    if (const auto flat = m_by_name.find(joined); flat != m_by_name.end()) return flat->second;
    const auto snake = m_by_name.find(snake_case(joined));
    return snake == m_by_name.end() ? -1 : snake->second;
}

std::ptrdiff_t JsonFields::geometry_column() const {
    for (const std::string_view name : kGeometryNames) {
        if (const std::ptrdiff_t column = column_of(std::string(name)); column >= 0) return column;
    }
    return -1;
}

std::size_t JsonFields::count_columns(const std::vector<std::string>& paths) const {
    std::set<std::ptrdiff_t> found;
    for (const std::string& path : paths) {
        const bool shape = m_geo == Geo::kFeatures && path == kGeometry;
        if (const std::ptrdiff_t column = shape ? geometry_column() : column_of(path); column >= 0)
            found.insert(column);
    }
    return found.size();
}

}  // namespace nguon::scan
