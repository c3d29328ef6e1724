#!/usr/bin/env bash
# Goal: rows with a shape are had as GeoJSON (RFC 7946), complete and readable by others. Method: a dataset with WKT,
# one with GeoJSON, one without a shape; the answer is read by its members and loaded again.
source "$(dirname "$(readlink -f "$0")")/lib/testing.sh"

make_node
cat >"$work/c.yaml" <<'YAML'
apiVersion: v3.2.0
kind: DataContract
id: geo
version: 1.0.0
status: active
domain: geo
name: geo
schema:
  - name: place
    customProperties: [{property: access, value: open}]
    properties:
      - {name: code, logicalType: string, primaryKey: true, required: true}
      - {name: name, logicalType: string}
      - {name: shape, logicalType: string, logicalTypeOptions: {format: wkt}, customProperties: [{property: crs, value: 'EPSG:4326'}]}
      - {name: area, logicalType: number, physicalType: 'DECIMAL(20,2)'}
      - {name: opened, logicalType: date}
  - name: lot
    properties:
      - {name: sheet, logicalType: integer, primaryKey: true, primaryKeyPosition: 1, required: true}
      - {name: number, logicalType: string, primaryKey: true, primaryKeyPosition: 2, required: true}
      - {name: geometry, logicalType: object, logicalTypeOptions: {format: geojson}}
  - name: metres
    properties:
      - {name: id, logicalType: integer, primaryKey: true, required: true}
      - {name: shape, logicalType: string, logicalTypeOptions: {format: wkt}, customProperties: [{property: crs, value: 'EPSG:3405'}]}
  - name: unsaid
    properties:
      - {name: id, logicalType: integer, primaryKey: true, required: true}
      - {name: shape, logicalType: string, logicalTypeOptions: {format: wkt}}
  - name: plain
    properties:
      - {name: id, logicalType: integer, primaryKey: true, required: true}
YAML
expect 0 apply "$work/c.yaml"
cat >"$work/place.csv" <<'CSV'
code,name,shape,area,opened
P1,"Hồ ""Gươm""",POINT (105.852 21.028),12345678901234567.89,2026-01-02
P 2,Cầu,"LINESTRING (105 21, 106 22)",1.5,
P3,Vườn,"POLYGON ((0 0, 0 4, 4 4, 4 0, 0 0))",,
P4,Chưa đo,,,
CSV
expect 0 load geo.place "$work/place.csv"
printf '%s\n' '{"sheet":7,"number":"a,1","geometry":{"type":"Feature","properties":{},"geometry":{"type":"Point","coordinates":[105.850,21.0]}}}' >"$work/lot.jsonl"
expect 0 load geo.lot "$work/lot.jsonl"
printf 'id,shape\n1,POINT (587000 2330000)\n' >"$work/metres.csv"
expect 0 load geo.metres "$work/metres.csv"
expect 0 load geo.unsaid "$work/metres.csv"
start_node || finish

d=/api/v1/datasets
open_api GET "$d/geo.place/rows?format=geojson&sort=code"
same "answered" 200 "$status"
holds "with its media type" "$headers" "Content-Type: application/geo+json"
holds "and as a file" "$headers" 'filename="geo.place.geojson"'
if is_one_json "$body"; then ok "one JSON object"; else not_ok "one JSON object" "$body"; fi
same "every member" "$(cat <<'LIST'
type	FeatureCollection
features.0.type	Feature
features.0.id	P 2
features.0.geometry.type	LineString
features.0.geometry.coordinates.0.0	105
features.0.geometry.coordinates.0.1	21
features.0.geometry.coordinates.1.0	106
features.0.geometry.coordinates.1.1	22
features.0.properties.code	P 2
features.0.properties.name	Cầu
features.0.properties.area	1.5
features.0.properties.opened	null
features.1.type	Feature
features.1.id	P1
features.1.geometry.type	Point
features.1.geometry.coordinates.0	105.852
features.1.geometry.coordinates.1	21.028
features.1.properties.code	P1
features.1.properties.name	Hồ "Gươm"
features.1.properties.area	12345678901234567.89
features.1.properties.opened	2026-01-02
LIST
)" "$(flatten <<<"$body" | head -n 21)"
same "rings turn as RFC 7946 has it" "4 0" \
    "$(field features.2.geometry.coordinates.0.1.0 "$body") $(field features.2.geometry.coordinates.0.1.1 "$body")"
same "no shape is null" "null" "$(field features.3.geometry "$body")"

open_api GET "$d/geo.place/rows?format=geojson&area.gte=1&sort=-code&limit=1"
same "filters, order and limit hold" "P1 " "$(field features.0.id "$body") $(field features.1.id "$body")"
open_api GET "$d/geo.place/rows?format=geojson&code=none"
same "no rows: an empty collection" "FeatureCollection" "$(field type "$body")"
if is_one_json "$body"; then ok "which is JSON"; else not_ok "which is JSON" "$body"; fi

api GET "$d/geo.lot/rows?format=geojson"
same "a key of several columns is the KEY; a number keeps its digits" "7,a%2C1 7 Point 105.850" \
    "$(field features.0.id "$body") $(field features.0.properties.sheet "$body") $(field features.0.geometry.type "$body") $(field features.0.geometry.coordinates.0 "$body")"

api GET "$d/geo.plain/rows?format=geojson"
same "without a shape: 400" "400 invalid" "$status $(field code "$body")"
holds "which says what to do" "$(field fix "$body")" "format=csv"
for dataset in metres unsaid; do
    api GET "$d/geo.$dataset/rows?format=geojson"
    same "metres are no degrees: $dataset" "400 invalid" "$status $(field code "$body")"
done
api GET "$d/geo.unsaid/rows?format=geojson"
holds "the row is named by its change" "$(field detail "$body")" "change 1:"
holds "and how such rows are kept out" "$(field fix "$body")" "EPSG:4326"
api GET "$d/geo.metres/rows?format=kml"
holds "an unknown format: the known ones" "$(field fix "$body")" "geojson"
api GET /api/v1/openapi.json
holds "OpenAPI names the media type" "$body" "application/geo+json"

# What was had loads again: the same rows.
open_api GET "$d/geo.place/rows?format=geojson"
cp "$work/.body" "$work/place.geojson"
stop_node
expect 0 check "$work/place.geojson"
same "our own reader takes it" "geojson 4" "$(field format) $(field rows)"
if command -v ogr2ogr >/dev/null; then
    ogr2ogr -f CSV "$work/ogr.csv" "$work/place.geojson" -lco GEOMETRY=AS_WKT 2>"$work/ogr.log"
    holds "GDAL reads it" "$(cat "$work/ogr.csv")" "POINT (105.852 21.028)"
else
    skip "GDAL reads it" "ogr2ogr is not installed"
fi
if command -v python3 >/dev/null; then
    tell "Python reads it, and every feature has the members of RFC 7946" python3 - "$work/place.geojson" <<'PYTHON'
import json, sys
collection = json.load(open(sys.argv[1], encoding="utf-8"))
assert collection["type"] == "FeatureCollection"
assert len(collection["features"]) == 4
for feature in collection["features"]:
    assert set(feature) == {"type", "id", "geometry", "properties"}, feature
    assert feature["type"] == "Feature"
    assert feature["geometry"] is None or set(feature["geometry"]) == {"type", "coordinates"}
    assert feature["id"] == feature["properties"]["code"]
assert len({feature["id"] for feature in collection["features"]}) == 4
PYTHON
fi
finish
