#!/usr/bin/env python3
"""Goal: what Nguồn writes of a contract is what the public tools take, and means what Nguồn itself does.
Method: every form of every contract of the packs and of generated ones goes through the validator of
that form; the same files are judged by Nguồn and by the exported schemas, row by row, and by
`datacontract test`, check by check; LibreOffice opens the template and still has its lists.

    python3 tests/conformance/exports.py

Last line: N passed, N failed."""

import csv
import datetime
import json
import os
import pathlib
import re
import shutil
import subprocess
import sys
import tempfile
import warnings
import xml.etree.ElementTree as ET

import frictionless
import jsonschema
import open_data_contract_standard
import openpyxl
import yaml
from csvw import CSVW

ROOT = pathlib.Path(__file__).resolve().parents[2]
BUILD = pathlib.Path(os.environ.get("NGUON_BUILD", ROOT / "build"))
passed = failed = 0
WORK = pathlib.Path(tempfile.mkdtemp(prefix="nguon-exports."))
ENV = {**os.environ, "NGUON_DATA": str(WORK / "node"), "LANG": "C.UTF-8"}
ENV.pop("LC_ALL", None)


def check(what, wrong):
    """`wrong` lists what is wrong; none of it is a pass."""
    global passed, failed
    wrong = list(wrong)
    if wrong:
        failed += 1
        print(f"FAILED {what}: {len(wrong)}, e.g. {[str(one)[:300] for one in wrong[:3]]}")
    else:
        passed += 1
        print(f"ok {what}")


def same(what, found, expected):
    check(what, [] if found == expected else [f"found {found}, expected {expected}"])


def nguon(*words, codes=(0,)):
    done = subprocess.run([str(BUILD / "nguon"), *map(str, words)], env=ENV, capture_output=True, check=False)
    if done.returncode not in codes:
        print(f"FAILED nguon {' '.join(map(str, words))}: exit {done.returncode} {done.stderr.decode()[:500]}")
        global failed
        failed += 1
    return done.stdout.decode("utf-8", "replace")


def form(dataset, name, to=None, lang="vi"):
    target = to or WORK / f"{dataset}.{name}"
    nguon("contract", dataset, "--as", name, "--lang", lang, "-o", target)
    return target


def datacontract(*words):
    """The command line of PyPI datacontract-cli, offline."""
    program = pathlib.Path(sys.executable).with_name("datacontract")
    return subprocess.run([str(program), *map(str, words)], capture_output=True, text=True, check=False,
                          env={**os.environ, "COLUMNS": "200", "DO_NOT_TRACK": "1"}, cwd=WORK)


# One of every type, option and rule that a row alone can break.
OFFICE = """apiVersion: v3.1.0
kind: DataContract
id: office
version: 1.0.0
status: active
domain: office
team: {name: Tổ dữ liệu, members: [{username: lan, role: owner}]}
servers: [{server: local, type: local, path: ./person.csv, format: csv}]
slaProperties: [{property: latency, value: 4, unit: d}]
schema:
  - name: person
    physicalType: table
    businessName: Cán bộ
    customProperties: [{property: access, value: open}]
    quality:
      - {metric: rowCount, mustBeGreaterThan: 0}
    properties:
      - {name: id, businessName: Mã, logicalType: string, primaryKey: true, required: true, unique: true, logicalTypeOptions: {pattern: '[0-9]{4}'}}
      - {name: full_name, businessName: Họ và tên, logicalType: string, required: true, logicalTypeOptions: {minLength: 2, maxLength: 20}}
      - {name: age, logicalType: integer, logicalTypeOptions: {minimum: 0, maximum: 150}}
      - {name: score, logicalType: number, logicalTypeOptions: {exclusiveMinimum: 0}}
      - {name: fee, logicalType: number, physicalType: 'DECIMAL(10,2)'}
      - {name: born, logicalType: date, logicalTypeOptions: {format: dd/MM/yyyy}}
      - {name: seen, logicalType: date}
      - {name: active, logicalType: boolean}
      - name: sex
        logicalType: string
        quality: [{metric: invalidValues, arguments: {validValues: [male, female]}, mustBe: 0}]
      - {name: email, logicalType: string, logicalTypeOptions: {format: email}}
      - {name: at, logicalType: timestamp, logicalTypeOptions: {format: 'dd/MM/yyyy HH:mm', defaultTimezone: Asia/Ho_Chi_Minh}}
      - {name: noon, logicalType: time, logicalTypeOptions: {format: 'HH:mm'}}
      - {name: money, logicalType: number, customProperties: [{property: decimalSeparator, value: ','}]}
"""
HEAD = ["id", "full_name", "age", "score", "fee", "born", "seen", "active", "sex", "email",
        "at", "noon", "money"]
GOOD = ["1", "An", "20", "1.5", "10.25", "29/02/2024", "2024-02-29", "true", "male", "a@b.vn",
        "29/02/2024 14:30", "08:30", "1.234,5"]
# Column, value: each in a row of its own.
FAULTS = [("id", "12"), ("id", "00012"), ("id", "12a4"), ("full_name", ""), ("full_name", "A"), ("full_name", "Ấ" * 21),
          ("age", "-1"), ("age", "151"), ("age", "abc"), ("age", "1.5"), ("score", "0"), ("score", "-3"), ("score", "x"),
          ("born", "31/02/2005"), ("born", "29/02/2023"), ("born", "2005-13-01"), ("born", "32/01/2005"),
          ("seen", "2023-02-29"), ("seen", "29/02/2024"), ("active", "maybe"), ("sex", "other"), ("sex", "Male"),
          ("email", "nobody"), ("email", "a b@c.vn"), ("at", "30/02/2024 14:30"), ("at", "29/02/2024 25:30"),
          ("noon", "24:00"), ("noon", "noon"), ("money", "1,2,3"), ("money", "x")]
# Right at the edge of what is right.
EDGES = [("full_name", "Ấn"), ("full_name", "Ấ" * 20), ("age", "0"), ("age", "150"), ("age", ""), ("score", "0.0001"),
         ("score", "1e3"), ("fee", ""), ("fee", "-99999999.99"), ("born", "01/01/1900"), ("born", ""), ("active", "0"),
         ("active", "FALSE"), ("sex", ""), ("email", ""), ("seen", "9999-12-31"),
         ("at", ""), ("at", "01/01/1990 00:00"), ("noon", "23:59"), ("money", "0,5"), ("money", "-12.345.678,25")]


# What other forms have no word for: geometry objects, references of parts, keys of several columns.
FIELD = """apiVersion: v3.2.0
kind: DataContract
id: field
version: 1.0.0
status: active
domain: field
schema:
  - name: station
    properties:
      - {name: region, logicalType: string, primaryKey: true, primaryKeyPosition: 1}
      - {name: code, logicalType: string, primaryKey: true, primaryKeyPosition: 2}
  - name: visit
    relationships: [{type: foreignKey, from: [region, station], to: [station.region, station.code]}]
    properties:
      - {name: id, logicalType: string, primaryKey: true}
      - {name: region, logicalType: string}
      - {name: station, logicalType: string}
      - {name: shape, logicalType: object, logicalTypeOptions: {format: geojson}}
      - name: place
        logicalType: object
        properties: [{name: station, logicalType: string, relationships: [{to: station.code}]}]
"""


def check_field():
    """The other forms of field.visit are valid, too; its ODCS is among all others."""
    descriptor = json.loads(form("field.visit", "table-schema").read_text(encoding="utf-8"))
    check("table-schema field.visit: frictionless reads it",
          (str(error) for error in frictionless.Schema.metadata_validate(descriptor)))
    folder = WORK / "field"
    folder.mkdir()
    (folder / "station.csv").write_text("region,code\nn,1\n", encoding="utf-8")
    (folder / "visit.csv").write_text('id,region,station,shape,place\n1,n,1,"{""type"":""Point"",""coordinates"":[1,2]}",\n',
                                      encoding="utf-8")
    check_csvw("field.visit", folder, True)


def write_office():
    (WORK / "office.yaml").write_text(OFFICE, encoding="utf-8")
    wrong = set()
    with open(WORK / "person.csv", "w", encoding="utf-8", newline="") as file:
        out = csv.writer(file, lineterminator="\n")
        out.writerow(HEAD)
        for number, (column, value) in enumerate(FAULTS + EDGES, 1):
            row = dict(zip(HEAD, GOOD), id=f"{number:04d}")
            row[column] = value
            out.writerow(row.values())
            if number <= len(FAULTS):
                wrong.add(number)
    return wrong


# --- what Nguồn says ---

def judged(dataset, file):
    """Row -> the rules that it breaks, and the receipt."""
    receipt = json.loads(nguon("load", dataset, file, "--json", codes=(0, 1)))
    rows = {}
    if receipt["rows"]["rejected"]:
        nguon("quarantine", "get", receipt["batch"], "-o", WORK / "aside.csv")
        with open(WORK / "aside.csv", encoding="utf-8", newline="") as aside:
            for row in csv.DictReader(aside):
                rows[int(row["_row"])] = row["_rule"].split("; ")
    return rows, receipt


# --- the forms against their validators ---

def check_odcs(datasets):
    folder = pathlib.Path(open_data_contract_standard.__file__).parent
    standard = json.loads((folder / "schema.json").read_text(encoding="utf-8"))
    validator = jsonschema.Draft201909Validator(standard)
    for dataset in datasets:
        file = form(dataset, "odcs", WORK / f"{dataset}.yaml")
        document = yaml.safe_load(file.read_text(encoding="utf-8"))
        check(f"odcs {dataset}: the official JSON Schema of 3.2", (e.message for e in validator.iter_errors(document)))
        same(f"odcs {dataset}: version", document["apiVersion"], "v3.2.0")
        said = datacontract("lint", file)
        check(f"odcs {dataset}: datacontract lint", [] if said.returncode == 0 else [said.stdout])


def typed_row(columns, row):
    """A line of CSV as a JSON row, as a sender would write it; what is no such value stays text."""
    out = {}
    for name, text in row.items():
        if text == "":
            continue
        out[name] = text
        kind = columns.get(name)
        if kind == "integer" and re.fullmatch(r"-?[0-9]+", text):
            out[name] = int(text)
        elif kind in ("integer", "number") and re.fullmatch(r"-?[0-9]+([.][0-9]+)?([eE][+-]?[0-9]+)?", text):
            out[name] = float(text)
        elif kind == "number" and re.fullmatch(r"-?[0-9]{1,3}([.][0-9]{3})*,[0-9]+", text):
            out[name] = float(text.replace(".", "").replace(",", "."))
        elif kind == "boolean" and text.lower() in ("true", "false", "1", "0"):
            out[name] = text.lower() in ("true", "1")
    return out


ROW_RULES = ("type:", "required:", "length:", "pattern:", "format:", "enum:", "range:")


def of_row_alone(rows, more=()):
    return {row for row, rules in rows.items() if any(rule.startswith(ROW_RULES) or rule in more for rule in rules)}


def judged_by_row(dataset):
    """Names of the written rules that are said in the exported schemas: metrics that allow none."""
    contract = yaml.safe_load(nguon("contract", dataset))
    schema = next(one for one in contract["schema"] if one["name"] == dataset.split(".")[1])
    names = set()
    for column in schema["properties"]:
        for rule in column.get("quality", []):
            none = rule.get("mustBe", rule.get("mustBeLessOrEqualTo")) == 0
            if none and rule.get("metric") in ("nullValues", "invalidValues") and rule.get("severity", "error") == "error":
                names.add(rule.get("name") or rule.get("id") or f"{column['name']}_{rule['metric']}")
    return names


def check_json_schema(dataset, file, rows):
    written = judged_by_row(dataset)
    schema = json.loads(form(dataset, "json-schema").read_text(encoding="utf-8"))
    jsonschema.Draft202012Validator.check_schema(schema)
    validator = jsonschema.Draft202012Validator(schema, format_checker=jsonschema.Draft202012Validator.FORMAT_CHECKER)
    columns = {name: one["type"][0] if isinstance(one["type"], list) else one["type"]
               for name, one in schema["properties"].items()}
    with open(file, encoding="utf-8", newline="") as source:
        wrong = {number for number, row in enumerate(csv.DictReader(source), 1)
                 if not validator.is_valid(typed_row(columns, row))}
    # Bounds of dates need more than JSON Schema has.
    expected = of_row_alone({row: [r for r in rules if not (r.startswith("range:") and columns[r[6:]] == "string")]
                             for row, rules in rows.items()}, written)
    same(f"json-schema {dataset}: {len(wrong)} wrong rows, as Nguồn says", sorted(wrong ^ expected), [])
    answer = json.loads(nguon("query", f"select * from {dataset} limit 500", "--json"))
    names = [column["name"] for column in answer["columns"]]
    given = [dict(zip(names, row)) for row in answer["rows"]]
    check(f"json-schema {dataset}: {len(given)} rows as the node gives them",
          (f"{error.json_path} {error.message}" for row in given for error in validator.iter_errors(row)))
    check(f"json-schema {dataset}: there were rows", [] if given else ["none"])


def check_table_schema(dataset, file, rows):
    written = judged_by_row(dataset)
    descriptor = json.loads(form(dataset, "table-schema").read_text(encoding="utf-8"))
    alone = {key: value for key, value in descriptor.items() if key != "foreignKeys"}
    check(f"table-schema {dataset}: frictionless reads it",
          (str(error) for error in frictionless.Schema.metadata_validate(descriptor)))
    schema = frictionless.Schema.from_descriptor(alone)
    os.chdir(pathlib.Path(file).parent)
    report = frictionless.validate(frictionless.Resource(path=pathlib.Path(file).name, schema=schema, format="csv",
                                                         encoding="utf-8"), limit_errors=1_000_000)
    wrong = {error.row_number - 1 for task in report.tasks for error in task.errors
             if error.type in ("type-error", "constraint-error")}
    others = [error for task in report.tasks for error in task.errors
              if error.type not in ("type-error", "constraint-error", "primary-key", "unique-error")]
    check(f"table-schema {dataset}: nothing else is wrong", (error.message for error in others))
    # v1 has no exclusive bound, and a fraction no next value: such a bound stands beside the constraints.
    aside = {f"range:{field['name']}" for field in descriptor["fields"] if field["type"] == "number"
             and ("x-exclusiveMinimum" in field or "x-exclusiveMaximum" in field)}
    said = {row: [rule for rule in rules if rule not in aside] for row, rules in rows.items()}
    same(f"table-schema {dataset}: {len(wrong)} wrong rows, as Nguồn says",
         sorted(wrong ^ of_row_alone(said, written)), [])


def check_csvw(dataset, folder, valid):
    metadata = pathlib.Path(folder) / "csvw.json"
    form(dataset, "csvw", metadata)
    with warnings.catch_warnings(record=True) as said:
        warnings.simplefilter("always")
        table = CSVW(str(metadata), validate=True)
        fine = table.is_valid
    same(f"csvw {dataset}: csvw says whether the file is valid", fine, valid)
    if valid:
        check(f"csvw {dataset}: csvw has no warning", (str(one.message) for one in said))


# --- the template ---

def check_template(dataset, enumerated):
    file = form(dataset, "xlsx", WORK / f"{dataset}.xlsx")
    book = openpyxl.load_workbook(file)
    data, hidden = book.worksheets[0], book.worksheets[2]
    same(f"xlsx {dataset}: three sheets, the last hidden", (len(book.worksheets), hidden.sheet_state), (3, "hidden"))
    lists = {}
    for rule in data.data_validations.dataValidation:
        if rule.type == "list":
            for area in rule.sqref.ranges:
                lists[data.cell(1, area.min_col).value] = rule.formula1
    check(f"xlsx {dataset}: a list for each enumeration", enumerated.keys() - lists.keys())
    for title, values in enumerated.items():
        formula = lists.get(title, "")
        if formula.startswith('"'):
            found = formula.strip('"').split(",")
        else:
            area = formula.split("!")[1].replace("$", "")
            found = [cell[0].value for cell in hidden[area]]
        same(f"xlsx {dataset}: the list of {title}", found, values)
    commented = [cell.value for cell in data[1] if cell.comment]
    same(f"xlsx {dataset}: every heading is explained", len(commented), data.max_column)
    check_in_libreoffice(dataset, file, lists)
    return file


def check_in_libreoffice(dataset, file, lists):
    office = shutil.which("soffice") or shutil.which("libreoffice")
    if office is None:
        check(f"xlsx {dataset}: LibreOffice is there", ["soffice is not installed: tools/install.sh conformance"])
        return
    home = WORK / "office-home"
    done = subprocess.run([office, f"-env:UserInstallation=file://{home}", "--headless", "--convert-to", "fods",
                           "--outdir", str(WORK), str(file)], capture_output=True, text=True, timeout=180, check=False)
    flat = file.with_suffix(".fods")
    if not flat.exists():
        check(f"xlsx {dataset}: LibreOffice opens it", [done.stdout + done.stderr])
        return
    names = {"table": "urn:oasis:names:tc:opendocument:xmlns:table:1.0"}
    root = ET.parse(flat).getroot()
    conditions = [one.get(f"{{{names['table']}}}condition") or ""
                  for one in root.iter(f"{{{names['table']}}}content-validation")]
    listed = [one for one in conditions if "cell-content-is-in-list" in one]
    check(f"xlsx {dataset}: LibreOffice has its {len(lists)} lists",
          [] if len(listed) >= len(set(lists.values())) else [conditions])
    check(f"xlsx {dataset}: LibreOffice has the bounds",
          [] if len(conditions) > len(listed) or not conditions else [conditions])


def check_filled_in(dataset, file):
    """A template that somebody filled in loads as it is."""
    book = openpyxl.load_workbook(file)
    data = book.worksheets[0]
    values = ["0007", "Ấn", 30, 1.5, 10.25, datetime.date(2024, 2, 29), datetime.date(2024, 3, 1), "true", "male",
              "a@b.vn", datetime.datetime(2024, 3, 2, 14, 30), datetime.time(8, 30), 1234.5]
    for column, value in enumerate(values, 1):
        cell = data.cell(2, column)
        cell.value = value
        if isinstance(value, datetime.date) and not isinstance(value, datetime.datetime):
            cell.number_format = "dd/mm/yyyy"
    filled = WORK / "filled.xlsx"
    book.save(filled)
    seen = json.loads(nguon("check", filled, "--json", codes=(0, 1, 2)))
    if seen.get("format") != "xlsx":
        print("   skipped: a filled-in template is not loaded: this build does not read XLSX")
        return
    rows, receipt = judged(dataset, filled)
    same(f"xlsx {dataset}: a filled-in template loads", (receipt["rows"], rows),
         ({"read": 1, "accepted": 1, "rejected": 0}, {}))
    row = json.loads(nguon("get", dataset, "0007", "--json"))
    same(f"xlsx {dataset}: as it was meant", [row[name] for name in HEAD],
         ["0007", "Ấn", 30, 1.5, 10.25, "2024-02-29", "2024-03-01", True, "male", "a@b.vn",
          "2024-03-02T07:30:00Z", "08:30:00", 1234.5])


# --- datacontract-cli over the same file ---

def check_lint_of_packs():
    for file in sorted(ROOT.glob("packs/*/contracts/*.yaml")):
        said = datacontract("lint", file)
        check(f"datacontract lint {file.relative_to(ROOT)}", [] if said.returncode == 0 else [said.stdout])


DRAFTS = {
    "plain.csv": "id,name\n1,An\n2,Bình\n",
    "zeros.csv": "ma;ten;ngay\n001;An;31/12/2024\n002;Bình;01/01/2025\n",
    "titled.csv": "DANH SÁCH CÁN BỘ\n\nSTT,Họ và tên,Ngày sinh\n1,Nguyễn An,02/03/1980\n2,Trần Bình,04/05/1990\n",
    "numbers.csv": "a\tb\tc\n1.5\t2\ttrue\n2.25\t3\tfalse\n",
    "quoted.csv": '"x","y ""z"""\n"1","a\nb"\n"2","c"\n',
    "yes-no.csv": "đúng,sai,trống,1st\nyes,no,~,1\nno,yes,null,2\n",
    "times.csv": "at,t\n2025-01-31T08:30:00Z,08:30:00\n2025-02-01T09:00:00Z,09:00:00\n",
    "people.csv": "cccd,email,sdt\n001099000001,a@b.vn,0912345678\n001099000002,c@d.vn,0912345679\n",
    "meanings.csv": "Họ và tên,Ngày sinh,Mã tỉnh,Số hộ nghèo,mã gốc\nNguyễn An,31/12/1990,01,1,301234567890\n"
                    "Trần Bình,05/06/1991,79,2,3.02E+11\nTổng cộng,,,3,\n",
    "rows.jsonl": '{"id":1,"name":"An","ok":true}\n{"id":2,"name":"Bình","ok":false}\n',
    "Tên có dấu & ký tự (1).csv": "Mã số,Ghi chú: \"x\"\n1,- a\n2,# b\n",
}


def check_lint_of_drafts():
    for name, text in DRAFTS.items():
        file = WORK / name
        file.write_text(text, encoding="utf-8")
        draft = WORK / (name + ".yaml")
        nguon("check", file, "--write-contract", draft, codes=(0, 1))
        said = datacontract("lint", draft)
        check(f"datacontract lint of the draft for {name}", [] if said.returncode == 0 else [said.stdout])


# Check of datacontract-cli -> rules of Nguồn that count the same rows.
COUNTS = {"field_required": ("required:{}",), "field_regex": ("pattern:{}",), "field_min_length": ("length:{}",),
          "field_max_length": ("length:{}",), "field_minimum": ("range:{}",), "field_maximum": ("range:{}",),
          "field_enum": ("enum:{}",), "field_unique": ("key:{}", "unique:{}"),
          "field_null_values": ("{}_nullValues",), "field_invalid_values": ("{}_invalidValues",)}


def check_counts():
    """One file that both can read as the contract types it; per rule, how many rows fail."""
    contract = """apiVersion: v3.2.0
kind: DataContract
id: count
version: 1.0.0
status: active
domain: count
servers: [{server: local, type: local, path: ./counted.csv, format: csv}]
schema:
  - name: person
    physicalType: table
    quality:
      - {metric: rowCount, mustBeGreaterThan: 100}
    properties:
      - {name: id, logicalType: string, primaryKey: true, required: true, unique: true, logicalTypeOptions: {pattern: '^[0-9]{5}$'}}
      - {name: name, logicalType: string, required: true, logicalTypeOptions: {minLength: 2, maxLength: 12}}
      - {name: age, logicalType: integer, logicalTypeOptions: {minimum: 0, maximum: 150}}
      - name: sex
        logicalType: string
        quality:
          - {metric: nullValues, mustBe: 0}
          - {metric: invalidValues, arguments: {validValues: [male, female]}, mustBe: 0}
      - name: kind
        logicalType: string
        enum: [{value: a}, {value: b}]
      - name: note
        logicalType: string
        quality: [{name: few_without_note, metric: nullValues, mustBeLessOrEqualTo: 1, severity: warning}]
"""
    (WORK / "count.yaml").write_text(contract, encoding="utf-8")
    with open(WORK / "counted.csv", "w", encoding="utf-8", newline="") as file:
        out = csv.writer(file, lineterminator="\n")
        out.writerow(["id", "name", "age", "sex", "kind", "note"])
        for n in range(400):
            # A key that comes twice is counted among rows that are right otherwise.
            sound = n % 50 in (6, 7)
            out.writerow([f"{n - (n % 50 == 7):05d}" if n % 40 or sound else f"{n}x",
                          f"Tên {n}" if sound else "" if n % 31 == 3 else "A" if n % 37 == 5 else "A" * 13
                          if n % 41 == 6 else f"Tên {n}",
                          n % 90 if sound else 200 if n % 29 == 1 else -5 if n % 43 == 2 else n % 90,
                          "male" if sound else "" if n % 23 == 4 else "khác" if n % 19 == 8
                          else ("male", "female")[n % 2],
                          "c" if n % 17 == 9 and not sound else "ab"[n % 2],
                          "" if n in (6, 40, 80) else "x"])  # of which 40 and 80 are set aside
    nguon("apply", WORK / "count.yaml")
    _, receipt = judged("count.person", WORK / "counted.csv")
    ours = {one["rule"]: one["failed"] for one in receipt["results"]}
    datacontract("test", WORK / "count.yaml", "--output-format", "json", "--output", WORK / "count.json")
    theirs, checks = {}, json.loads((WORK / "count.json").read_text(encoding="utf-8"))["checks"]
    for one in checks:
        if one.get("field") == "note":
            continue
        rules = COUNTS.get(one["type"], ())
        name = next((r.format(one["field"]) for r in rules if r.format(one["field"]) in ours), None)
        if name is not None:  # minimum and maximum are two checks there and one rule here
            theirs[name] = theirs.get(name, 0) + one["diagnostics"]["value"]
        elif rules:
            check(f"datacontract test: {one['type']} of {one['field']} is a rule here too",
                  [] if one["diagnostics"]["value"] == 0 else [sorted(ours)])
    for rule, count in sorted(theirs.items()):
        same(f"datacontract test: {count} rows fail {rule}, as Nguồn says", ours[rule], count)
    check("datacontract test: eight rules were compared", [] if len(theirs) >= 8 else [sorted(theirs), sorted(ours)])
    # A bound of some is on what enters (docs/concepts/quality.md): of the file, theirs sees the rows set aside too.
    notes = [one["diagnostics"]["value"] for one in checks
             if one.get("field") == "note" and one["type"] == "field_null_values"]
    same("datacontract test: a bound of one null is of the whole file there, of what enters here",
         (notes, ours["few_without_note"]), ([3], 0))
    rows = next(one for one in checks if one["type"] == "row_count")
    same("datacontract test: as many rows", rows["diagnostics"]["value"], receipt["rows"]["read"])


def main():
    nguon("init", "--member", "VN/GOV/TEST")
    nguon("pack", "install", ROOT / "packs" / "administrative-units")
    nguon("apply", ROOT / "packs" / "population")
    wrong = write_office()
    nguon("apply", WORK / "office.yaml")
    (WORK / "field.yaml").write_text(FIELD, encoding="utf-8")
    nguon("apply", WORK / "field.yaml")
    datasets = [one["dataset"] for one in json.loads(nguon("datasets", "--json"))["datasets"]]
    check_odcs(datasets)
    check_lint_of_packs()
    check_lint_of_drafts()
    check_field()

    rows, _ = judged("office.person", WORK / "person.csv")
    same("Nguồn finds the faults that were planted, and no other", set(rows), wrong)
    check_json_schema("office.person", WORK / "person.csv", rows)
    check_table_schema("office.person", WORK / "person.csv", rows)
    check_csvw("office.person", WORK, False)
    with open(WORK / "person.csv", encoding="utf-8", newline="") as file:
        lines = list(csv.reader(file))
    good = WORK / "good"
    good.mkdir()
    with open(good / "person.csv", "w", encoding="utf-8", newline="") as file:
        csv.writer(file, lineterminator="\n").writerows(
            [lines[0]] + [line for number, line in enumerate(lines[1:], 1)
                          if number not in wrong and "FALSE" not in line])  # xsd:boolean knows small letters only
    check_csvw("office.person", good, True)

    people = WORK / "people"
    people.mkdir()
    subprocess.run([str(BUILD / "nguon-population"), "--seed", "11", "--rows", "5000", "--wards",
                    str(ROOT / "packs" / "administrative-units" / "data" / "ward.csv"), "--out",
                    str(people / "person.csv"), "--truth", str(people / "truth.csv")], check=True, capture_output=True)
    found, _ = judged("population.person", people / "person.csv")
    check("population.person: some rows are wrong, most are not", [] if 10 < len(found) < 500 else [len(found)])
    check_json_schema("population.person", people / "person.csv", found)
    check_table_schema("population.person", people / "person.csv", found)

    units = WORK / "units"
    shutil.copytree(ROOT / "packs" / "administrative-units" / "data", units)
    for schema in ("province", "ward", "former_ward", "ward_succession"):
        check_json_schema(f"administrative.{schema}", units / f"{schema}.csv", {})
        check_table_schema(f"administrative.{schema}", units / f"{schema}.csv", {})
    check_csvw("administrative.ward", units, True)

    file = check_template("office.person", {"sex": ["male", "female"], "active": ["true", "false"]})
    check_filled_in("office.person", file)
    check_template("administrative.ward", {"Loại đơn vị": ["commune", "ward", "special_zone"]})
    check_counts()
    print(f"{passed} passed, {failed} failed")
    return 0 if passed and not failed else 1


if __name__ == "__main__":
    try:
        sys.exit(main())
    finally:
        shutil.rmtree(WORK, ignore_errors=True)
