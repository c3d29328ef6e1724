#!/usr/bin/env python3
"""Goal: messy CSV is read as it was meant, measured as the Pollock benchmark measures it (Vitagliano et
al., "Pollock: A Data Loading Benchmark", PVLDB 16(8), 2023). Method: a table of our own is written to
files with the same kinds of pollution, `nguon check FILE --write-rows OUT.csv` reads each with nothing
told, and what comes out is compared with the clean table: success, and precision, recall and F1 of
header, records and cells, ten marks in all. Simple score: the mean; weighted: by how often each kind
was met in the benchmark's survey of published files.

    python3 tests/conformance/pollock.py [--keep FOLDER]
    python3 tests/conformance/pollock.py --real FOLDER   the benchmark's own files: FOLDER/csv, FOLDER/clean
                                                         and pollock_weights.json in FOLDER or above it

Last line: N passed, N failed."""

import argparse
import collections
import concurrent.futures
import csv
import json
import os
import pathlib
import random
import subprocess
import sys
import tempfile

ROOT = pathlib.Path(__file__).resolve().parents[2]
PROGRAM = pathlib.Path(os.environ.get("NGUON_BUILD", ROOT / "build")) / "nguon"
SIMPLE_AIM, WEIGHTED_AIM = 9.7, 9.5
ROWS = 60

# Kind of pollution: share of the weight, per mille, and the least mark each file of it must have.
KINDS = {
    "line_feed": (380, 9.99), "semicolon": (187, 9.99), "no_header": (106, 6.5), "preamble": (63, 9.99),
    "more_delimiters": (62, 9.5), "fewer_delimiters": (55, 9.0), "no_last_line_end": (41, 9.99),
    "comma_space": (23, 9.99), "table_same": (14, 8.0), "table_narrower": (14, 9.99),
    "table_wider": (14, 9.99), "header_twice": (11, 6.5), "header_thrice": (11, 6.5),
    "another_delimiter_in_row": (3, 6.5), "apostrophe": (2.5, 9.99), "carriage_return": (1.6, 9.99),
    "stray_quote": (1.6, 9.5), "no_escape": (1.6, 9.0), "empty_end": (1.1, 9.99), "tab": (0.9, 9.99),
    "one_row": (0.9, 9.99), "space": (0.9, 7.0), "header_alone": (0.7, 9.99), "backslash": (0.2, 9.99),
    "as_it_is": (0.2, 9.99),
}


# --- the metric

def normal(cell):
    """What a cell means: numbers by value, text without case."""
    text = cell.strip()
    try:
        return repr(float(text))
    except ValueError:
        return text.lower()


def rows_of(path):
    with open(path, encoding="utf-8-sig", newline="") as file:
        return list(csv.reader(file))


def marks(wanted, found):
    """Precision, recall and F1 as the benchmark has them, of two bags."""
    if not wanted:
        return [1.0, 1.0, 1.0]
    both = sum((collections.Counter(wanted) & collections.Counter(found)).values())
    if not both:
        return [0.0, 0.0, 0.0]
    p, r = both / len(wanted), both / len(found)
    return [p, r, 2 * p * r / (p + r)]


def score(clean, out):
    """Of ten: 1 for success, 3 each for header, records and cells."""
    if out is None:
        return 0.0
    if not clean:
        return 10.0
    record = lambda row: "".join(map(normal, row))
    total = 1.0
    total += sum(marks(list(map(normal, clean[0])), list(map(normal, out[0])) if out else []))
    total += sum(marks(list(map(record, clean[1:])), list(map(record, out[1:]))))
    total += sum(marks([c for row in clean for c in row], [c for row in out for c in row]))
    return total


def read(program, file, folder):
    out = pathlib.Path(folder) / (file.name + ".out.csv")
    out.unlink(missing_ok=True)
    subprocess.run([program, "check", file, "--write-rows", out, "--json", "--data", folder],
                   stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, check=False)
    return rows_of(out) if out.exists() else None


def score_all(program, files, clean_of):
    """{file: score}; clean_of(file) gives the clean rows."""
    with tempfile.TemporaryDirectory() as folder:
        with concurrent.futures.ThreadPoolExecutor(os.cpu_count()) as pool:
            read_one = lambda file: (file, score(clean_of(file), read(program, file, folder)))
            return dict(pool.map(read_one, files))


# --- files of our own

def source():
    """Header and rows of a shop for household goods: dates, codes, prices, prose with commas and quotes."""
    chance = random.Random(2023)
    things = ["Nồi cơm điện", "Quạt cây", "Ấm siêu tốc", "Đèn bàn, chống cận", "Bàn là hơi nước",
              "Màn hình 24\"", "Ghế xếp", "Chảo, 28 cm", "Thảm 6' chân", "Dao 5\" thép"]
    uses = ["Bền, nhẹ và dễ dùng cho cả nhà.", "Được người dùng gọi là \"tốt nhất\", bảo hành hai năm.",
            "Chạy êm, tiết kiệm điện.", "Dùng ngoài trời, chịu mưa nắng, dễ gấp gọn.",
            "Hàng Việt Nam chất lượng cao."]
    header = ["NGAY", "GIO", "SoLuong", "MaHang", "Gia", "Loai", "MoTa", "LienKet", "GhiChu"]
    rows = []
    for i in range(ROWS):
        code = f"{chance.choice('ABCDGH')}{chance.choice('KLMN')}-{chance.randint(1000, 9999)}"
        rows.append([f"{i % 28 + 1:02}/{i // 28 + 1:02}/2026", f"{i * 15 // 60 % 24:02}:{i * 15 % 60:02}",
                     str(chance.randint(0, 12)), code, f"${chance.randint(300, 9900) / 100:.2f}",
                     chance.choice(things), chance.choice(uses), f"https://vd.vn/{code}.html", ""])
    return header, rows


class Writer:
    """A file as a list of rows of cells, with the signs between them; a pollution changes either."""

    def __init__(self, delimiter=",", quote='"', escape='"', end="\r\n"):
        self.delimiter, self.quote, self.escape, self.end = delimiter, quote, escape, end

    def cell(self, value, column):
        # As a program would that quotes text columns and what needs it.
        signs = (self.delimiter[0] if self.delimiter != " " else " ", self.quote)
        if not any(sign in value for sign in signs) and column not in (6, 7):
            return value
        return self.quote + value.replace(self.quote, self.escape + self.quote) + self.quote

    def row(self, cells, delimiter=None):
        delimiter = delimiter or self.delimiter
        return delimiter.join(self.cell(c, i) for i, c in enumerate(cells)) + self.end

    def text(self, rows):
        return "".join(map(self.row, rows))


def add_delimiter(cells, column):
    return ",".join(cells[:column]) + "," * (column > 0) + "," + ",".join(cells[column:])


def generate():
    """(kind, name, bytes, clean rows) of every polluted file."""
    header, rows = source()
    plain = Writer()
    table = [header] + rows
    made = lambda kind, text, clean=table, name="": (kind, f"{kind}{name}.csv", text.encode(), clean)

    yield made("as_it_is", plain.text(table))
    yield made("line_feed", Writer(end="\n").text(table))
    yield made("carriage_return", Writer(end="\r").text(table))
    for kind, delimiter in (("semicolon", ";"), ("tab", "\t"), ("comma_space", ", "), ("space", " ")):
        yield made(kind, Writer(delimiter).text(table))
    yield made("apostrophe", Writer(quote="'", escape="'").text(table))
    yield made("backslash", Writer(escape="\\").text(table))
    yield made("no_escape", Writer(escape="").text(table))
    yield made("no_last_line_end", plain.text(table)[:-2])
    yield made("empty_end", plain.text(table) + "\r\n")
    yield made("no_header", plain.text(rows), rows)
    yield made("header_alone", plain.text([header]), [header])
    yield made("one_row", plain.text(table[:2]), table[:2])
    yield made("preamble", "BAO CAO,,,,,,,,\r\n,,,,,,,,\r\n" + plain.text(table))
    for kind, times in (("header_twice", 2), ("header_thrice", 3)):
        joined = [" ".join([name] * times) for name in header]
        yield made(kind, plain.text([header] * (times - 1) + table), [joined] + rows)
    yield made("table_same", plain.text(table + table))
    yield made("table_narrower", plain.text(table + [row[:-1] for row in table]))
    yield made("table_wider", plain.text(table + [header + ["Them"]] + [row + [""] for row in rows]))
    for r in range(0, len(table), 6):
        yield made("another_delimiter_in_row",
                   plain.text(table[:r]) + plain.row(table[r], " ") + plain.text(table[r + 1:]), name=f"_{r}")
        written = [plain.cell(c, i) for i, c in enumerate(table[r])]
        for c in range(len(header)):
            def polluted(line):
                return plain.text(table[:r]) + line + "\r\n" + plain.text(table[r + 1:])
            at = f"_{r}_{c}"
            yield made("more_delimiters", polluted(add_delimiter(written, c)), name=at)
            if c > 0:
                fewer = written[:c - 1] + [written[c - 1] + written[c]] + written[c + 1:]
                yield made("fewer_delimiters", polluted(",".join(fewer)), name=at)
            value = table[r][c]
            stray = written[:]
            quoted = written[c] != value
            stray[c] = '""' + written[c][1:] if quoted else '"' + value
            dirty = [row[:] for row in table]
            dirty[r][c] = '"' + value
            yield made("stray_quote", polluted(",".join(stray)), dirty, name=at)


passed = failed = 0


def check(what, holds, seen):
    global passed, failed
    passed, failed = passed + holds, failed + (not holds)
    print(f"{'ok' if holds else 'FAILED'} {what}: {seen}")


def own(keep):
    with tempfile.TemporaryDirectory() as temporary:
        folder = pathlib.Path(keep or temporary)
        folder.mkdir(parents=True, exist_ok=True)
        kind_of, clean_of = {}, {}
        for kind, name, content, clean in generate():
            file = folder / name
            file.write_bytes(content)
            kind_of[file], clean_of[file] = kind, clean
        scores = score_all(PROGRAM, list(kind_of), clean_of.get)
    by_kind = collections.defaultdict(list)
    for file, mark in scores.items():
        by_kind[kind_of[file]].append((mark, file.name))
    for kind, (_, least) in KINDS.items():
        worst, name = min(by_kind[kind])
        mean = sum(mark for mark, _ in by_kind[kind]) / len(by_kind[kind])
        # A header that is damaged cannot be known: those files are in the scores, not in this bound.
        bounded = [m for m, n in by_kind[kind] if "_0_" not in n and not n.endswith("_0.csv")]
        check(f"{kind} ({len(by_kind[kind])})", min(bounded) >= least,
              f"mean {mean:.3f}, worst {worst:.3f} {name}, bound {least}")
    simple = sum(scores.values()) / len(scores)
    mean = {kind: sum(m for m, _ in all_) / len(all_) for kind, all_ in by_kind.items()}
    weight = sum(w for w, _ in KINDS.values())
    weighted = sum(mean[kind] * w for kind, (w, _) in KINDS.items()) / weight
    check(f"simple score of {len(scores)} files", simple >= SIMPLE_AIM, f"{simple:.3f}, aim {SIMPLE_AIM}")
    check("weighted score", weighted >= WEIGHTED_AIM, f"{weighted:.3f}, aim {WEIGHTED_AIM}")


def real(folder):
    files = sorted(f for f in (folder / "csv").iterdir() if f.suffix.lower() == ".csv")
    files = [f for f in files if (folder / "clean" / f.name).exists()]
    scores = score_all(PROGRAM, files, lambda f: rows_of(folder / "clean" / f.name))
    simple = sum(scores.values()) / len(scores)
    weights = next((w for w in (folder / "pollock_weights.json", folder.parent / "pollock_weights.json")
                    if w.exists()), None)
    print("worst ten:")
    for file, mark in sorted(scores.items(), key=lambda item: item[1])[:10]:
        print(f"   {mark:.3f} {file.name}")
    check(f"simple score of {len(files)} files", simple >= SIMPLE_AIM, f"{simple:.3f}, aim {SIMPLE_AIM}")
    if weights:
        weight = json.loads(weights.read_text())
        total = sum(weight.get(f.name, 0) for f in files)
        weighted = sum(weight.get(f.name, 0) * mark for f, mark in scores.items()) / total
        check("weighted score", weighted >= WEIGHTED_AIM, f"{weighted:.3f}, aim {WEIGHTED_AIM}")


if __name__ == "__main__":
    parser = argparse.ArgumentParser()
    parser.add_argument("--real", type=pathlib.Path)
    parser.add_argument("--keep", help="a folder for the generated files")
    arguments = parser.parse_args()
    csv.field_size_limit(1 << 30)
    real(arguments.real) if arguments.real else own(arguments.keep)
    print(f"{passed} passed, {failed} failed")
    sys.exit(failed > 0)
