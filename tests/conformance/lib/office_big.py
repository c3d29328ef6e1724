"""About 100 MB of each kind of file through `nguon check`: seconds and the most memory. Called by
office_files.py --big; the bound is 60 s for 100 MB."""

import io
import json
import os
import pathlib
import random
import subprocess
import tempfile
import time
import zipfile

SIZE = int(os.environ.get("NGUON_BIG_MB", "100")) << 20


def noise(chance):
    return "%016x" % chance.getrandbits(64)


def rows(chance):
    i = 0
    while True:
        i += 1
        yield i, noise(chance), noise(chance), chance.random() * 1e6, 40000 + i % 6000


def lines(path, first, line, between="", last=""):
    with open(path, "w", encoding="utf-8") as out:
        out.write(first)
        for i, row in enumerate(rows(random.Random(1))):
            out.write((between if i else "") + line(row))
            if i % 1000 == 0 and out.tell() > SIZE:
                break
        out.write(last)
    return i + 1


def parts(path, fixed, name, first, line, last, limit=1_000_000):
    """A zip whose one large part is streamed until the archive is large, or the sheet is full."""
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as archive:
        for other, text in fixed.items():
            archive.writestr(other, text)
        with archive.open(name, "w", force_zip64=True) as out:
            out.write(first.encode())
            buffer = io.StringIO()
            for i, row in enumerate(rows(random.Random(1))):
                buffer.write(line(i, row))
                if i % 1000 == 0:
                    out.write(buffer.getvalue().encode())
                    buffer = io.StringIO()
                    if archive.fp.tell() > SIZE or i + 1 >= limit:
                        break
            out.write((buffer.getvalue() + last).encode())
    return i + 1


BOOK = {
    "_rels/.rels": '<Relationships><Relationship Id="a" Type="x/officeDocument" Target="xl/workbook.xml"/></Relationships>',
    "xl/workbook.xml": '<workbook><sheets><sheet name="S" sheetId="1" r:id="r1"/></sheets></workbook>',
    "xl/_rels/workbook.xml.rels": '<Relationships><Relationship Id="r1" Type="x/worksheet" Target="worksheets/sheet1.xml"/>'
                                  '<Relationship Id="s" Type="x/styles" Target="styles.xml"/></Relationships>',
    "xl/styles.xml": '<styleSheet><cellXfs><xf numFmtId="0"/><xf numFmtId="14"/></cellXfs></styleSheet>',
}
TEXT = '<c r="{0}{1}" t="inlineStr"><is><t>{2}</t></is></c>'


def sheet_row(i, row):
    r = i + 2
    texts = "".join(TEXT.format(c, r, row[1 + n % 2] + row[2 - n % 2]) for n, c in enumerate("BCDEFG"))
    return f'<row r="{r}"><c r="A{r}"><v>{row[0]}</v></c>{texts}<c r="H{r}"><v>{row[3]!r}</v></c><c r="I{r}" s="1"><v>{row[4]}</v></c></row>'


def ods_row(i, row):
    cell = '<table:table-cell office:value-type="string"><text:p>{}</text:p></table:table-cell>'
    return "<table:table-row>" + "".join(cell.format(row[1 + n % 2] + row[2 - n % 2]) for n in range(7)) + \
        f'<table:table-cell office:value-type="float" office:value="{row[3]!r}"/></table:table-row>'


def make(folder):
    header = '<worksheet><sheetData><row r="1">' + "".join(
        TEXT.format(c, 1, n) for c, n in zip("ABCDEFGHI", "mã a b c d e f số ngày".split())) + "</row>"
    record = lambda row: json.dumps({"id": row[0], "a": {"x": row[1], "y": row[2]}, "n": row[3]})
    yield "big.csv", lines(folder / "big.csv", "id,a,b,n,d\n", lambda r: f"{r[0]},{r[1]},{r[2]},{r[3]!r},{r[4]}\n")
    yield "big.jsonl", lines(folder / "big.jsonl", "", lambda r: record(r) + "\n")
    yield "big.json", lines(folder / "big.json", '{"ok":true,"data":[\n', record, ",\n", "\n]}\n")
    yield "big.geojson", lines(folder / "big.geojson", '{"type":"FeatureCollection","features":[', lambda r: json.dumps(
        {"type": "Feature", "properties": {"id": r[0], "a": r[1]}, "geometry": {"type": "Point", "coordinates": [r[3] / 1e4, 16]}}),
        ",", "]}")
    yield "big.xlsx", parts(folder / "big.xlsx", BOOK, "xl/worksheets/sheet1.xml", header, sheet_row, "</sheetData></worksheet>")
    yield "big.ods", parts(folder / "big.ods", {"mimetype": "application/vnd.oasis.opendocument.spreadsheet"}, "content.xml",
                           '<o><table:table table:name="S"><table:table-row>' + "".join(
                               f'<table:table-cell office:value-type="string"><text:p>c{n}</text:p></table:table-cell>'
                               for n in range(8)) + "</table:table-row>", ods_row, "</table:table></o>")
    yield "big.zip", parts(folder / "big.zip", {}, "a.csv", "id,a,b,n,d\n",
                           lambda i, r: f"{r[0]},{r[1]},{r[2]},{r[3]!r},{r[4]}\n", "", 1 << 40)


def main(program):
    passed = failed = 0
    with tempfile.TemporaryDirectory() as temporary:
        folder = pathlib.Path(temporary)
        for name, count in make(folder):
            begin = time.monotonic()
            done = subprocess.Popen([program, "check", folder / name, "--json", "--data", folder / "none"],
                                    stdout=subprocess.PIPE, stderr=subprocess.PIPE)
            answer = json.loads(done.stdout.read())
            _, status, usage = os.wait4(done.pid, 0)
            took = time.monotonic() - begin
            size = (folder / name).stat().st_size / (1 << 20)
            read = answer.get("rows")
            right = read == count and took < 60 * max(size, 1) / 100
            passed, failed = passed + right, failed + (not right)
            print(f"{'ok' if right else 'not ok'} {name}: {size:.0f} MB, {read} rows of {count}, {took:.1f} s, "
                  f"{usage.ru_maxrss >> 10} MB of memory {answer.get('error', '')}", flush=True)
            (folder / name).unlink()
    print(f"{passed} passed, {failed} failed")
    return 1 if failed else 0
