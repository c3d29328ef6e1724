// Shapes of a column as geometries of GeoJSON. WKT through GEOS: its own writer of GeoJSON leaves
// heights away.
#include <fmt/format.h>
#include <geos_c.h>

#include <cmath>
#include <memory>

#include "quality/geometry.h"

namespace nguon::quality {
namespace {

constexpr double kMostLongitude = 180, kMostLatitude = 90;

// One for each thread, as GEOS asks.
class Wkt {
public:
    Wkt() : m_context(GEOS_init_r()), m_reader(GEOSWKTReader_create_r(m_context)) {
        GEOSContext_setErrorMessageHandler_r(m_context, nullptr, nullptr);
        GEOSContext_setNoticeMessageHandler_r(m_context, nullptr, nullptr);
    }
    ~Wkt() {
        GEOSWKTReader_destroy_r(m_context, m_reader);
        GEOS_finish_r(m_context);
    }
    Wkt(const Wkt&) = delete;
    Wkt& operator=(const Wkt&) = delete;

    bool append(std::string& out, const std::string& text) {
        const auto destroy = [this](GEOSGeometry* shape) { GEOSGeom_destroy_r(m_context, shape); };
        const std::unique_ptr<GEOSGeometry, decltype(destroy)> shape(
            GEOSWKTReader_read_r(m_context, m_reader, text.c_str()), destroy);
        return shape != nullptr && geometry(out, *shape);
    }

private:
    enum class Turn { kAny, kCounterclockwise, kClockwise };

    bool geometry(std::string& out, const GEOSGeometry& shape) {
        const int type = GEOSGeomTypeId_r(m_context, &shape);
        if (type == GEOS_GEOMETRYCOLLECTION) {
            out += "{\"type\":\"GeometryCollection\",\"geometries\":";
            return list(out, shape, &Wkt::geometry) && close(out);
        }
        static constexpr const char* kNames[] = {"Point",       "LineString", "LineString",
                                                 "Polygon",     "MultiPoint", "MultiLineString",
                                                 "MultiPolygon"};
        if (type < 0 || type > GEOS_MULTIPOLYGON) return false;  // a curve
        out += fmt::format("{{\"type\":\"{}\",\"coordinates\":", kNames[type]);
        return coordinates(out, shape) && close(out);
    }
    static bool close(std::string& out) {
        out += '}';
        return true;
    }

    bool coordinates(std::string& out, const GEOSGeometry& shape) {
        switch (GEOSGeomTypeId_r(m_context, &shape)) {
            case GEOS_POINT: return point(out, shape);
            case GEOS_LINESTRING:
            case GEOS_LINEARRING: return line(out, shape, Turn::kAny);
            case GEOS_POLYGON: return polygon(out, shape);
            default: return list(out, shape, &Wkt::coordinates);
        }
    }

    bool list(std::string& out, const GEOSGeometry& shape,
              bool (Wkt::*write)(std::string&, const GEOSGeometry&)) {
        const int count = GEOSGetNumGeometries_r(m_context, &shape);
        out += '[';
        for (int i = 0; i < count; ++i) {
            if (i > 0) out += ',';
            if (!(this->*write)(out, *GEOSGetGeometryN_r(m_context, &shape, i))) return false;
        }
        out += ']';
        return count >= 0;
    }

    bool point(std::string& out, const GEOSGeometry& shape) {
        if (GEOSisEmpty_r(m_context, &shape) != 0) {
            out += "[]";
            return true;
        }
        return position(out, *GEOSGeom_getCoordSeq_r(m_context, &shape), 0);
    }

    bool polygon(std::string& out, const GEOSGeometry& shape) {
        out += '[';
        if (GEOSisEmpty_r(m_context, &shape) == 0) {
            if (!line(out, *GEOSGetExteriorRing_r(m_context, &shape), Turn::kCounterclockwise))
                return false;
            const int holes = GEOSGetNumInteriorRings_r(m_context, &shape);
            for (int i = 0; i < holes; ++i) {
                out += ',';
                if (!line(out, *GEOSGetInteriorRingN_r(m_context, &shape, i), Turn::kClockwise))
                    return false;
            }
        }
        out += ']';
        return true;
    }

    bool line(std::string& out, const GEOSGeometry& shape, Turn turn) {
        const GEOSCoordSequence* points = GEOSGeom_getCoordSeq_r(m_context, &shape);
        unsigned count = 0;
        if (points == nullptr || GEOSCoordSeq_getSize_r(m_context, points, &count) == 0)
            return false;
        char counterclockwise = 0;
        bool reversed = false;
        // Fails for a ring that encloses nothing: then either way is as good.
        if (turn != Turn::kAny && GEOSCoordSeq_isCCW_r(m_context, points, &counterclockwise) != 0)
            reversed = (counterclockwise != 0) != (turn == Turn::kCounterclockwise);
        out += '[';
        for (unsigned i = 0; i < count; ++i) {
            if (i > 0) out += ',';
            if (!position(out, *points, reversed ? count - 1 - i : i)) return false;
        }
        out += ']';
        return true;
    }

    bool position(std::string& out, const GEOSCoordSequence& points, unsigned at) {
        double x = 0, y = 0, z = 0;
        unsigned dimensions = 0;
        if (GEOSCoordSeq_getXY_r(m_context, &points, at, &x, &y) == 0 ||
            GEOSCoordSeq_getDimensions_r(m_context, &points, &dimensions) == 0)
            return false;
        if (!(std::abs(x) <= kMostLongitude && std::abs(y) <= kMostLatitude)) return false;
        out += fmt::format("[{},{}", x, y);
        if (dimensions > 2 && GEOSCoordSeq_getZ_r(m_context, &points, at, &z) != 0 &&
            std::isfinite(z))
            out += fmt::format(",{}", z);
        out += ']';
        return true;
    }

    GEOSContextHandle_t m_context;
    GEOSWKTReader* m_reader;
};

// The geometry of a feature is what counts here; a collection of features is one of geometries.
void append_shape(std::string& out, const Json& value) {
    const Json* features = value.member("features");
    const Json* geometry = value.member("geometry");
    if (features != nullptr && features->kind == Json::Kind::kArray) {
        out += "{\"type\":\"GeometryCollection\",\"geometries\":[";
        bool first = true;
        for (const Json& feature : features->items) {
            const Json* one = feature.member("geometry");
            if (one == nullptr || one->kind == Json::Kind::kNull) continue;
            if (!first) out += ',';
            first = false;
            append_json(out, *one);
        }
        out += "]}";
    } else {
        append_json(out, geometry != nullptr ? *geometry : value);
    }
}

}  // namespace

bool append_geometry(std::string& out, std::string_view text, ShapeForm form) {
    const std::size_t before = out.size();
    bool good = false;
    if (form == ShapeForm::kWkt) {
        thread_local Wkt wkt;
        // Also asks for what GEOS may not be given.
        good =
            fault_of_wkt(text, Coordinates::kDegrees).empty() && wkt.append(out, std::string(text));
    } else {
        Fault fault;
        const auto value = read_json(text, fault.what);
        good = value && is_geojson(*value, fault);
        if (good) append_shape(out, *value);
    }
    if (!good) out.resize(before);
    return good;
}

}  // namespace nguon::quality
