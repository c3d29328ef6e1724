#include "scan/internal/json_fields.h"

#include <algorithm>
#include <array>
#include <set>

#include "base/normal_form.h"

namespace nguon::scan {
namespace {

constexpr std::size_t kDeepest = 8;       // objects inside objects that are taken apart
constexpr int kLookedRecords = 200;       // for the names, where nobody said which
constexpr std::size_t kMostNames = 4096;  // of those
constexpr std::string_view kGeometry = "geometry";

// What a contract may call the column of shapes.
constexpr std::array<std::string_view, 5> kGeometryNames{"geometry", "geom", "the_geom",
                                                         "wkb_geometry", "hinh_hoc"};

void find_paths(const json::object& object, const std::string& prefix, std::size_t depth,
                std::vector<std::string>& names) {
    for (const auto& member : object) {
        std::string path = prefix + std::string(member.key());
        const json::value& value = member.value();
        if (value.is_object() && !value.get_object().empty() && depth < kDeepest) {
            find_paths(value.get_object(), path + ".", depth + 1, names);
        } else if (names.size() < kMostNames && std::ranges::find(names, path) == names.end()) {
            names.push_back(std::move(path));
        }
    }
}

std::vector<std::string> paths_of(std::string_view lines, Geo geo) {
    std::vector<std::string> names;
    bool has_geometry = false;
    for (int line = 0; line < kLookedRecords && !lines.empty(); ++line) {
        const std::size_t end = lines.find('\n');
        const Result<json::value> value = parse_json(trim(lines.substr(0, end)));
        lines.remove_prefix(end == std::string_view::npos ? lines.size() : end + 1);
        if (!value || !value->is_object()) continue;
        const json::object& object = value->get_object();
        if (geo == Geo::kNo) {
            find_paths(object, "", 0, names);
            continue;
        }
        has_geometry = true;
        if (object.contains("id") && std::ranges::find(names, "id") == names.end())
            names.emplace_back("id");
        const json::value* properties = object.if_contains("properties");
        if (properties != nullptr && properties->is_object())
            find_paths(properties->get_object(), "", 0, names);
    }
    if (has_geometry && std::ranges::find(names, kGeometry) == names.end())
        names.emplace_back(kGeometry);
    return names;
}

}  // namespace

bool is_feature(const json::value& value) {
    if (!value.is_object()) return false;
    const json::value* type = value.get_object().if_contains("type");
    return type != nullptr && type->is_string() && type->get_string() == "Feature" &&
           value.get_object().contains("geometry");
}

JsonFields::JsonFields(const InputOptions& options, Geo geo, std::string_view head) : m_geo(geo) {
    m_names = options.columns.empty() ? paths_of(head, geo) : options.columns;
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
