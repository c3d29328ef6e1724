// Places and shapes as text: Well-Known Text (OGC 06-103r4, clause 7, read by GEOS) and GeoJSON
// (RFC 7946).
#pragma once

#include <string>
#include <string_view>

#include "base/result.h"
#include "quality/json_tree.h"

namespace nguon::quality {

// Whether coordinates are degrees of longitude and latitude, and so have bounds.
enum class Coordinates { kAny, kDegrees };

// Where inside a value something is wrong, and what: ".coordinates[0][1]".
struct Fault {
    std::string path;
    Text what;
};

// What is wrong with it; empty when nothing is. Threads: all may call it.
Text fault_of_wkt(std::string_view text, Coordinates coordinates);

// False: not a geometry, feature or collection of features; `fault` says where and why. Coordinates
// are degrees (RFC 7946, section 4), rings are closed (section 3.1.6).
bool is_geojson(const Json& value, Fault& fault);

// How a column keeps its shapes: `format: wkt`, or `format: geojson`.
enum class ShapeForm { kWkt, kGeoJson };

// A shape as a geometry of RFC 7946, behind what stands in `out`: exterior rings counterclockwise
// (section 3.1.6), of a feature its geometry, of several a collection. False: it cannot be read, or
// its coordinates are no degrees; `out` is as it was.
bool append_geometry(std::string& out, std::string_view text, ShapeForm form);

}  // namespace nguon::quality
