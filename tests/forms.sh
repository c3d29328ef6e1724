#!/usr/bin/env bash
# Goal: a contract is given in every form, by the command and over HTTP alike, and a first contract is made from a
# description of another kind. Method: a node with the administrative units; each form asked for and looked into; SQL,
# and what was exported, imported and applied.
source "$(dirname "${BASH_SOURCE[0]}")/lib/testing.sh"

make_node
nguon apply "$root/packs/administrative-units" --json
same "the pack is applied" 0 "$code"

form() { # FORM PART…: the command gives it, with these parts in it
    nguon contract administrative.ward --as "$1"
    same "contract --as $1: exit" 0 "$code"
    for part in "${@:2}"; do holds "contract --as $1 says $part" "$out" "$part"; done
}
form odcs 'apiVersion: v3.2.0' 'name: province_code'
form source 'apiVersion: v3.2.0'
form json-schema 'https://json-schema.org/draft/2020-12/schema' '"const": "commune"'
form table-schema '"resource": "administrative.province"' '"missingValues"'
form csvw 'http://www.w3.org/ns/csvw' '"resource": "province.csv"'
form markdown '| **' 'administrative.province.code'
form html '<!doctype html>' '<table>'
nguon contract administrative.ward
same "odcs is the form when none is named" "$(<"$root/packs/administrative-units/contracts/administrative.yaml")" "$out"
nguon contract administrative.ward --as markdown --lang vi
holds "--lang vi: heads" "$out" "Bắt buộc"
nguon contract administrative.ward --as markdown --lang en
holds "--lang en: heads" "$out" "Required"

nguon contract administrative.ward --as xlsx -o "$work/ward.xlsx"
same "xlsx into a file" "0 PK" "$code $(head -c 2 "$work/ward.xlsx")"
expect 2 contract administrative.ward --as xlsx
expect 2 contract administrative.ward --as docx
expect 0 contract administrative.ward --as html
expect 0 contract administrative.ward --as csvw
expect 0 contract administrative.ward --as xlsx -o "$work/again.xlsx"
same_files "the same contract gives the same file" "$work/ward.xlsx" "$work/again.xlsx"
expect 3 contract administrative.nothing --as html

cat >"$work/office.sql" <<'SQL'
CREATE TABLE `phong_ban` (
  `ma` varchar(10) NOT NULL COMMENT 'Mã phòng',
  `ten` varchar(100) NOT NULL,
  `loai` enum('a','b'),
  `cho` point,
  PRIMARY KEY (`ma`), CHECK (`ten` <> 'x' OR `loai` = 'a'), CHECK (no_such(`ten`) = 1)
) COMMENT='Phòng ban';
SQL
nguon contract import "$work/office.sql" -o "$work/office.yaml"
same "sql is imported" 0 "$code"
holds "what no contract says is told with its line" "$out" "line 5"
holds "a rule that cannot run is told" "$out" "no_such"
expect 0 apply "$work/office.yaml"
same "what was imported is applied" created "$(field applied.0.change)"
nguon contract office.phong_ban --as html --lang vi
holds "names stay" "$out" "Mã phòng"
nguon contract office.phong_ban --as xlsx -o "$work/office.xlsx"
if command -v python3 >/dev/null; then
    same "the template's cells: required headings, lengths, the list" \
        "A1=B1 A1!=C1 | A textLength 10 | B textLength 100 | C list \"a,b\"" "$(python3 - "$work/office.xlsx" <<'PYTHON'
import re, sys, zipfile
sheet = zipfile.ZipFile(sys.argv[1]).read("xl/worksheets/sheet1.xml").decode()
style = dict(re.findall(r'<c r="([A-Z]1)" s="(\d+)"', sheet))
told = ["A1%sB1 A1%sC1" % tuple("=" if style["A1"] == style[cell] else "!=" for cell in ("B1", "C1"))]
for attributes, inside in re.findall(r"<dataValidation ([^>]*)>(.*?)</dataValidation>", sheet):
    kind, place = (re.search(name + r'="([^"]*)"', attributes)[1] for name in ("type", "sqref"))
    formulas = re.findall(r"<formula\d>(.*?)</formula\d>", inside)
    told.append(f"{place[0]} {kind} {formulas[-1]}")
print(" | ".join(told).replace("&quot;", '"'))
PYTHON
    )"
else
    skip "the template's cells" "python3 is not installed"
fi
expect 0 contract import "$work/office.sql"
same "told by its content" sql "$(field from)"
nguon contract import - <"$work/office.sql"
holds "from standard input, onto standard output" "$out" "apiVersion: v3.2.0"
for form in table-schema csvw; do
    nguon contract administrative.ward --as $form -o "$work/$form.json"
    expect 0 contract import "$work/$form.json" --domain other
    same "$form is told by its content" $form "$(field from)"
    same "$form keeps its name" other.ward "$(field datasets.0)"
done
echo "a,b" >"$work/data.csv"
expect 2 contract import "$work/data.csv"
expect 3 contract import "$work/nothing.sql"

start_node || finish
open_api GET '/api/v1/datasets/administrative.ward/contract?as=html&lang=en'
same "html is open with its dataset" 200 "$status"
holds "html's type" "$headers" "text/html; charset=utf-8"
holds "nothing of the page runs" "$headers" "default-src 'none'"
open_api GET '/api/v1/datasets/administrative.ward/contract?as=json-schema'
holds "JSON Schema's type" "$headers" "application/schema+json"
open_api GET '/api/v1/datasets/administrative.ward/contract?as=csvw'
holds "CSVW's type" "$headers" "application/csvm+json"
open_api GET '/api/v1/datasets/administrative.ward/contract?as=xlsx'
holds "Excel's type" "$headers" "spreadsheetml.sheet"
open_api GET '/api/v1/datasets/office.phong_ban/contract?as=html'
same "a form is no way around access" 403 "$status"
open_api POST /api/v1/contracts/import --data-binary "@$work/office.sql"
same "importing is the administrator's" 403 "$status"
api POST '/api/v1/contracts/import?file=o.sql' -H 'Content-Type: application/octet-stream' --data-binary "@$work/office.sql"
same "imported over HTTP" "200 o.phong_ban" "$status $(field datasets.0 "$body")"
stop_node
finish
