#include <gtest/gtest.h>

#include "quality/geometry.h"

namespace nguon::quality {
namespace {

std::string from_wkt(std::string_view text) {
    std::string out = "> ";
    return append_geometry(out, text, ShapeForm::kWkt) ? out.substr(2) : out;
}

std::string from_geojson(std::string_view text) {
    std::string out = "> ";
    return append_geometry(out, text, ShapeForm::kGeoJson) ? out.substr(2) : out;
}

// Goal: every kind of shape has its GeoJSON. Method: one of each, with heights, and empty ones.
TEST(GeoJson, OfWellKnownText) {
    EXPECT_EQ(from_wkt("POINT (105.85 21.03)"), R"({"type":"Point","coordinates":[105.85,21.03]})");
    EXPECT_EQ(from_wkt("POINT Z (105.85 21.03 12.5)"),
              R"({"type":"Point","coordinates":[105.85,21.03,12.5]})");
    EXPECT_EQ(from_wkt("LINESTRING (1 2, 3 4)"),
              R"({"type":"LineString","coordinates":[[1,2],[3,4]]})");
    EXPECT_EQ(from_wkt("MULTIPOINT ((1 2), (3 4))"),
              R"({"type":"MultiPoint","coordinates":[[1,2],[3,4]]})");
    EXPECT_EQ(from_wkt("MULTILINESTRING ((1 2, 3 4), (5 6, 7 8))"),
              R"({"type":"MultiLineString","coordinates":[[[1,2],[3,4]],[[5,6],[7,8]]]})");
    EXPECT_EQ(from_wkt("MULTIPOLYGON (((0 0, 1 0, 1 1, 0 0)))"),
              R"({"type":"MultiPolygon","coordinates":[[[[0,0],[1,0],[1,1],[0,0]]]]})");
    EXPECT_EQ(from_wkt("GEOMETRYCOLLECTION (POINT (1 2), LINESTRING (1 2, 3 4))"),
              R"({"type":"GeometryCollection","geometries":[{"type":"Point","coordinates":[1,2]},)"
              R"({"type":"LineString","coordinates":[[1,2],[3,4]]}]})");
    EXPECT_EQ(from_wkt("POINT EMPTY"), R"({"type":"Point","coordinates":[]})");
    EXPECT_EQ(from_wkt("POLYGON EMPTY"), R"({"type":"Polygon","coordinates":[]})");
    EXPECT_EQ(from_wkt("GEOMETRYCOLLECTION EMPTY"),
              R"({"type":"GeometryCollection","geometries":[]})");
}

// Goal: rings turn as RFC 7946 has it. Method: a clockwise exterior with a counterclockwise hole.
TEST(GeoJson, ExteriorRingsAreCounterclockwise) {
    const std::string turned =
        R"({"type":"Polygon","coordinates":[[[0,0],[4,0],[4,4],[0,4],[0,0]],)"
        R"([[1,1],[1,2],[2,2],[2,1],[1,1]]]})";
    EXPECT_EQ(from_wkt("POLYGON ((0 0, 0 4, 4 4, 4 0, 0 0), (1 1, 2 1, 2 2, 1 2, 1 1))"), turned);
    EXPECT_EQ(from_wkt("POLYGON ((0 0, 4 0, 4 4, 0 4, 0 0), (1 1, 1 2, 2 2, 2 1, 1 1))"), turned);
}

// Goal: what is no shape in degrees is not written. Method: metres, words, an unclosed ring.
TEST(GeoJson, OnlyLongitudeAndLatitude) {
    for (const char* text : {"POINT (587000 2330000)", "POINT (21.03 105.85)", "here", "POINT (1",
                             "POLYGON ((0 0, 1 0, 1 1))"}) {
        EXPECT_EQ(from_wkt(text), "> ") << text;
    }
    EXPECT_EQ(from_geojson(R"({"type":"Point","coordinates":[21.03,105.85]})"), "> ");
    EXPECT_EQ(from_geojson("{}"), "> ");
}

// Goal: a cell may hold a feature or several. Method: digits as written.
TEST(GeoJson, OfGeoJson) {
    const std::string point = R"({"type":"Point","coordinates":[105.850,21.0]})";
    EXPECT_EQ(from_geojson(point), point);
    EXPECT_EQ(from_geojson(R"({"type":"Feature","properties":{"a":1},"geometry":)" + point + "}"),
              point);
    EXPECT_EQ(from_geojson(R"({"type":"Feature","properties":null,"geometry":null})"), "null");
    EXPECT_EQ(from_geojson(R"({"type":"FeatureCollection","features":[{"type":"Feature",)"
                           R"("properties":null,"geometry":null},{"type":"Feature",)"
                           R"("properties":null,"geometry":)" +
                           point + "}]}"),
              R"({"type":"GeometryCollection","geometries":[)" + point + "]}");
}

}  // namespace
}  // namespace nguon::quality
