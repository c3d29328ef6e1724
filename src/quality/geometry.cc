#include "quality/geometry.h"

#include <fmt/format.h>
#include <geos_c.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <memory>

#include "base/text.h"
#include "scan/value.h"

namespace nguon::quality {
namespace {

constexpr double kMostLongitude = 180, kMostLatitude = 90;
// GEOS reads collections by recursion; real ones are two or three levels deep.
constexpr int kDeepestWkt = 32;

// One context for each thread: GEOS has no lock inside of one.
class Geos {
public:
    Geos() : m_context(GEOS_init_r()), m_reader(GEOSWKTReader_create_r(m_context)) {
        GEOSContext_setErrorMessageHandler_r(m_context, keep_message, this);
        GEOSContext_setNoticeMessageHandler_r(m_context, nullptr, nullptr);
    }
    ~Geos() {
        GEOSWKTReader_destroy_r(m_context, m_reader);
        GEOS_finish_r(m_context);
    }
    Geos(const Geos&) = delete;
    Geos& operator=(const Geos&) = delete;

    struct Extent {
        double low_x = 0, high_x = 0, low_y = 0, high_y = 0;
        bool is_empty = true;
    };
    // False when it cannot be read; message() then says why, in GEOS's words.
    bool extent_of(const std::string& wkt, Extent& extent) {
        m_message.clear();
        const auto destroy = [this](GEOSGeometry* shape) { GEOSGeom_destroy_r(m_context, shape); };
        const std::unique_ptr<GEOSGeometry, decltype(destroy)> shape(
            GEOSWKTReader_read_r(m_context, m_reader, wkt.c_str()), destroy);
        if (shape == nullptr) return false;
        extent.is_empty = GEOSisEmpty_r(m_context, shape.get()) != 0;
        if (extent.is_empty) return true;
        return GEOSGeom_getXMin_r(m_context, shape.get(), &extent.low_x) != 0 &&
               GEOSGeom_getXMax_r(m_context, shape.get(), &extent.high_x) != 0 &&
               GEOSGeom_getYMin_r(m_context, shape.get(), &extent.low_y) != 0 &&
               GEOSGeom_getYMax_r(m_context, shape.get(), &extent.high_y) != 0;
    }
    // Without what it quotes of the value.
    std::string message() const { return m_message.substr(0, m_message.find('\'')); }

private:
    static void keep_message(const char* message, void* self) {
        static_cast<Geos*>(self)->m_message.assign(message);
    }

    GEOSContextHandle_t m_context;
    GEOSWKTReader* m_reader;
    std::string m_message;
};

// Deeper than GEOS may be asked to follow.
bool is_too_deep(std::string_view text) {
    int depth = 0;
    for (const char c : text) {
        if (c == '(' && ++depth > kDeepestWkt) return true;
        if (c == ')') --depth;
    }
    return false;
}

Text out_of_bounds() {
    return {"tọa độ ngoài kinh độ ±180, vĩ độ ±90: viết kinh độ trước",
            "coordinates outside longitude ±180, latitude ±90: longitude comes first"};
}

// GeoJSON ----------------------------------------------------------------------------------------

bool fail_at(Fault& fault, std::string path, Text what) {
    fault.path = std::move(path);
    fault.what = std::move(what);
    return false;
}

// Puts the step before what was said of the inside.
bool inside(Fault& fault, std::string_view step) {
    fault.path.insert(0, step);
    return false;
}

bool is_position(const Json& value, Fault& fault) {
    if (value.kind != Json::Kind::kArray || value.items.size() < 2 || value.items.size() > 4) {
        return fail_at(
            fault, "",
            {"một vị trí phải là [kinh độ, vĩ độ]", "a position must be [longitude, latitude]"});
    }
    std::array<double, 4> numbers{};
    for (std::size_t i = 0; i < value.items.size(); ++i) {
        const Json& item = value.items[i];
        if (item.kind != Json::Kind::kNumber || !scan::parse_double(item.text, numbers[i]) ||
            !std::isfinite(numbers[i])) {
            return fail_at(fault, fmt::format("[{}]", i),
                           {"tọa độ phải là số", "a coordinate must be a number"});
        }
    }
    if (std::abs(numbers[0]) <= kMostLongitude && std::abs(numbers[1]) <= kMostLatitude)
        return true;
    return fail_at(fault, "", out_of_bounds());
}

// A list of at least `least` of what `check` takes.
template <class Check>
bool is_list(const Json& value, std::size_t least, Fault& fault, const Check& check) {
    if (value.kind != Json::Kind::kArray) {
        return fail_at(fault, "", {"phải là một danh sách", "must be a list"});
    }
    if (value.items.size() < least) {
        return fail_at(fault, "",
                       {fmt::format("cần ít nhất {} vị trí", least),
                        fmt::format("at least {} positions are needed", least)});
    }
    for (std::size_t i = 0; i < value.items.size(); ++i) {
        if (!check(value.items[i], fault)) return inside(fault, fmt::format("[{}]", i));
    }
    return true;
}

bool is_line(const Json& value, Fault& fault) {
    return is_list(value, 2, fault, is_position);
}

bool is_ring(const Json& value, Fault& fault) {
    if (!is_list(value, 4, fault, is_position)) return false;
    const auto same = [](const Json& left, const Json& right) {
        return std::ranges::equal(left.items, right.items, [](const Json& a, const Json& b) {
            double x = 0, y = 0;
            scan::parse_double(a.text, x);
            scan::parse_double(b.text, y);
            return x == y;
        });
    };
    if (same(value.items.front(), value.items.back())) return true;
    return fail_at(fault, "",
                   {"vòng không khép kín: điểm cuối phải là điểm đầu",
                    "the ring is not closed: its last position must be its first"});
}

bool is_polygon(const Json& value, Fault& fault) {
    return is_list(value, 0, fault, is_ring);
}

using Check = bool (*)(const Json&, Fault&);

template <Check check>
bool is_list_of(const Json& value, Fault& fault) {
    return is_list(value, 0, fault, check);
}

struct Shape {
    std::string_view type;
    Check check;
};
constexpr std::array kShapes = {Shape{"Point", is_position},
                                Shape{"LineString", is_line},
                                Shape{"Polygon", is_polygon},
                                Shape{"MultiPoint", is_list_of<is_position>},
                                Shape{"MultiLineString", is_list_of<is_line>},
                                Shape{"MultiPolygon", is_list_of<is_polygon>}};

bool is_geometry(const Json& value, Fault& fault);

bool check_members(const Json& value, std::string_view name, Fault& fault, Check check) {
    const Json* list = value.member(name);
    if (list == nullptr) {
        return fail_at(fault, "",
                       {fmt::format("thiếu `{}`", name), fmt::format("`{}` is missing", name)});
    }
    return is_list(*list, 0, fault, check) || inside(fault, fmt::format(".{}", name));
}

std::string_view type_in(const Json& value) {
    const Json* type = value.member("type");
    return type != nullptr && type->kind == Json::Kind::kString ? std::string_view(type->text)
                                                                : std::string_view();
}

bool is_geometry(const Json& value, Fault& fault) {
    const std::string_view type = type_in(value);
    if (type == "GeometryCollection") return check_members(value, "geometries", fault, is_geometry);
    for (const Shape& shape : kShapes) {
        if (shape.type != type) continue;
        const Json* coordinates = value.member("coordinates");
        if (coordinates == nullptr) {
            return fail_at(fault, "", {"thiếu `coordinates`", "`coordinates` is missing"});
        }
        return shape.check(*coordinates, fault) || inside(fault, ".coordinates");
    }
    return fail_at(fault, ".type",
                   {"không phải loại hình học của GeoJSON", "not a geometry of GeoJSON"});
}

bool is_feature(const Json& value, Fault& fault) {
    if (type_in(value) != "Feature")
        return fail_at(fault, ".type", {"phải là `Feature`", "must be `Feature`"});
    const Json* geometry = value.member("geometry");
    if (geometry == nullptr)
        return fail_at(fault, "", {"thiếu `geometry`", "`geometry` is missing"});
    return geometry->kind == Json::Kind::kNull || is_geometry(*geometry, fault) ||
           inside(fault, ".geometry");
}

// In our words what GEOS says: its own are of its code, and may quote the value.
Text unreadable(std::string_view message) {
    struct Known {
        std::string_view part;
        Text words;
    };
    static const std::array<Known, 6> kKnown{
        {{"closed linestring",
          {"vòng không khép kín: điểm cuối phải trùng điểm đầu",
           "a ring is not closed: its last point must be its first"}},
         {"number of points in LinearRing",
          {"vòng phải có ít nhất bốn điểm", "a ring needs at least four points"}},
         {"point array must contain",
          {"đường phải có ít nhất hai điểm", "a line needs at least two points"}},
         {"Unknown type",
          {"từ đầu không phải loại hình học của WKT (POINT, POLYGON, …)",
           "its first word is no WKT geometry (POINT, POLYGON, …)"}},
         {"Expected number",
          {"chỗ của tọa độ không phải số", "where a coordinate belongs is no number"}},
         {"Expected word",
          {"thiếu hoặc thừa dấu ngoặc, dấu phẩy", "a bracket or a comma is missing or too many"}}}};
    for (const Known& known : kKnown) {
        if (message.find(known.part) == std::string_view::npos) continue;
        return {"không đọc được hình học WKT: " + known.words.vi,
                "the WKT geometry cannot be read: " + known.words.en};
    }
    return {"không đọc được hình học WKT: viết như POINT (105.8 21.0)",
            "the WKT geometry cannot be read: write it like POINT (105.8 21.0)"};
}

}  // namespace

Text fault_of_wkt(std::string_view text, Coordinates coordinates) {
    if (is_too_deep(text)) {
        return {fmt::format("lồng quá {} tầng ngoặc", kDeepestWkt),
                fmt::format("nested deeper than {} brackets", kDeepestWkt)};
    }
    // No word of WKT has these letters, but a number may be written so.
    const std::string lower = to_lower_ascii(text);
    if (lower.find("nan") != std::string::npos || lower.find("inf") != std::string::npos)
        return {"tọa độ không phải số hữu hạn", "a coordinate is not a finite number"};
    thread_local Geos geos;
    Geos::Extent extent;
    if (!geos.extent_of(std::string(text), extent)) return unreadable(geos.message());
    if (extent.is_empty) return {};
    for (const double number : {extent.low_x, extent.high_x, extent.low_y, extent.high_y}) {
        if (!std::isfinite(number))
            return {"tọa độ không phải số hữu hạn", "a coordinate is not a finite number"};
    }
    if (coordinates == Coordinates::kAny) return {};
    if (extent.low_x < -kMostLongitude || extent.low_y < -kMostLatitude) return out_of_bounds();
    if (extent.high_x > kMostLongitude || extent.high_y > kMostLatitude) return out_of_bounds();
    return {};
}

bool is_geojson(const Json& value, Fault& fault) {
    if (value.kind != Json::Kind::kObject)
        return fail_at(fault, "", {"GeoJSON phải là một đối tượng", "GeoJSON must be an object"});
    const std::string_view type = type_in(value);
    if (type == "FeatureCollection") return check_members(value, "features", fault, is_feature);
    if (type == "Feature") return is_feature(value, fault);
    return is_geometry(value, fault);
}

}  // namespace nguon::quality
