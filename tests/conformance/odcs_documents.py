#!/usr/bin/env python3
"""Goal: whatever document the standard allows is applied, or refused with the place and the fault;
never a crash, never a part of it ignored. Method: 1,000 documents for each of ODCS 3.0, 3.1 and 3.2,
made from the JSON Schema that PyPI carries (open-data-contract-standard, pinned in requirements.txt)
by a seeded generator and valid by jsonschema, each sent to a serving node; each one applied is sent
again with one unknown member somewhere in it, which must be refused by its path.

    python3 tests/conformance/odcs_documents.py [DOCUMENTS_PER_VERSION] [SEED]

The last line: N passed, N failed."""

import collections
import concurrent.futures
import http.client
import json
import os
import pathlib
import random
import signal
import subprocess
import sys
import tempfile
import zipfile

import jsonschema

ROOT = pathlib.Path(__file__).resolve().parents[2]
PROGRAM = pathlib.Path(os.environ.get("NGUON_BUILD", ROOT / "build")) / "nguon"
WORK = pathlib.Path(os.environ.get("NGUON_CONFORMANCE", tempfile.gettempdir()))
RELEASES = {"3.0.5": "v3.0.2", "3.1.2": "v3.1.0", "3.2.0": "v3.2.0"}
TEXTS = ["Công dân", "a", "x y", "0", "no", "Hồ sơ – bản gốc", "${object}", "#", "https://example.vn/a"]
# Places whose inside the standard leaves free.
FREE = {"value", "examples", "arguments", "implementation", "valueExt", "mustBe", "mustNotBe"}


def schema_of(release):
    """The schema file of one release, from a wheel that is downloaded once."""
    folder = WORK / "odcs"
    folder.mkdir(parents=True, exist_ok=True)
    name = f"open_data_contract_standard-{release}-py3-none-any.whl"
    if not (folder / name).exists():
        subprocess.run([sys.executable, "-m", "pip", "download", "--quiet", "--no-deps",
                        "--disable-pip-version-check", "-d", folder,
                        f"open-data-contract-standard=={release}"], check=True)
    with zipfile.ZipFile(folder / name) as wheel:
        return json.loads(wheel.read("open_data_contract_standard/schema.json"))


class Generator:
    """Documents of one schema. A tame one keeps to the names and versions that we take, so that a
    good share is applied; a wild one takes any text."""

    def __init__(self, schema, api, seed):
        self.schema, self.api = schema, api
        self.chance = random.Random(seed)
        self.count = 0

    def document(self):
        self.count += 1
        self.tame = self.chance.random() < 0.75
        self.rich = self.chance.choice([0.08, 0.2, 0.5])
        self.names = 0
        document = self.make(self.schema, "", 0)
        document.update(apiVersion=self.api, kind="DataContract")
        if self.chance.random() < 0.8:
            document.update(domain=f"d{self.count}", version="1.0.0")
        if self.tame:
            document.update(version="1.0.0", id=f"c{self.count}", name=f"d{self.count}",
                            domain=f"d{self.count}")
        return document

    def resolve(self, schema):
        while "$ref" in schema:
            part = self.schema
            for step in schema["$ref"][2:].split("/"):
                part = part[step]
            rest = {k: v for k, v in schema.items() if k != "$ref"}
            schema = self.merge(part, rest) if rest else part
        return schema

    @staticmethod
    def merge(one, other):
        both = dict(one)
        for key, value in other.items():
            if key == "properties":
                both[key] = {**both.get(key, {}), **value}
            elif key == "required":
                both[key] = sorted(set(both.get(key, [])) | set(value))
            elif key == "allOf":
                both[key] = both.get(key, []) + value
            else:
                both[key] = value
        return both

    def holds(self, condition, made):
        """As JSON Schema has it: what is absent breaks no condition on its value."""
        if "anyOf" in condition:
            return any(self.holds(c, made) for c in condition["anyOf"])
        if any(name not in made for name in condition.get("required", [])):
            return False
        return all(name not in made or made[name] == rule.get("const", made[name])
                   for name, rule in condition.get("properties", {}).items())

    def make(self, schema, name, depth):
        schema = self.resolve(schema)
        for choice in ("oneOf", "anyOf"):
            if choice in schema and "properties" not in schema:
                return self.make(self.chance.choice(schema[choice]), name, depth)
        if "enum" in schema:
            return self.chance.choice(schema["enum"])
        kind = schema.get("type")
        if isinstance(kind, list):
            kind = self.chance.choice(kind)
        if kind == "object" or "properties" in schema:
            return self.map(schema, name, depth)
        if kind == "array":
            return self.list(schema, name, depth)
        if kind == "boolean":
            return self.chance.random() < 0.3
        if kind == "integer":
            return self.chance.randint(max(schema.get("minimum", -1), -1), 40)
        if kind == "number":
            low = 1 if "exclusiveMinimum" in schema else -5
            return self.chance.choice([self.chance.randint(low, 90), 0.5, 12.25])
        if kind == "null":
            return None
        if kind == "string":
            return self.text(schema, name)
        return self.chance.choice([0, 1, "a", True])

    def list(self, schema, name, depth):
        most = 3 if depth < 6 else 1
        least = max(schema.get("minItems", 0), 1 if self.tame else 0)
        size = self.chance.randint(least, max(least, min(most, schema.get("maxItems", 9))))
        items = [self.make(schema.get("items", {"type": "string"}), name, depth + 1)
                 for _ in range(size)]
        if name.startswith("must"):
            items = [1, self.chance.randint(2, 90)]
        elif schema.get("uniqueItems"):
            items = list({json.dumps(item, sort_keys=True): item for item in items}.values())
        return items

    def map(self, schema, name, depth):
        made = {}
        self.fill(made, schema, name, depth)
        return made

    def needed(self, schema):
        schema = self.resolve(schema)
        needed = set(schema.get("required", []))
        for part in schema.get("allOf", []):
            if "if" not in part and "not" not in part:
                needed |= self.needed(part)
        return needed

    def fill(self, made, schema, name, depth, above=frozenset()):
        schema = self.resolve(schema)
        required = self.needed(schema) | above
        for part in schema.get("allOf", []):
            if "if" not in part and "not" not in part:
                self.fill(made, part, name, depth, required)
        if "oneOf" in schema:
            self.fill(made, self.chance.choice(schema["oneOf"]), name, depth)
        for key, rule in schema.get("properties", {}).items():
            if key in made or not self.wanted(key, required, name, depth, made):
                continue
            made[key] = self.make(rule, key, depth + 1)
        for part in schema.get("allOf", []):
            if "if" in part and self.holds(part["if"], made):
                made.pop("logicalTypeOptions", None)
                self.fill(made, part["then"], name, depth)
        if "logicalType" in made and self.tame:
            self.tidy(made)

    def wanted(self, key, required, name, depth, made):
        if key in required:
            return True
        if key == "schema" or (name == "schema" and key == "properties"):
            return self.tame or self.chance.random() < 0.9
        if name in ("properties", "items", "key", "value") and key == "logicalType":
            return self.tame or self.chance.random() < 0.9
        if key == "logicalTypeOptions" and "logicalType" not in made:
            return False
        if key in ("metric", "type") and name == "quality":
            return self.chance.random() < 0.9
        if self.tame and key in ("property", "value", "url", "type"):
            return True
        if self.tame and key in ("relationships", "primaryKey", "primaryKeyPosition", "unique"):
            return False
        if depth > 7 and key in ("properties", "items", "map", "quality"):
            return False
        return self.chance.random() < self.rich

    def tidy(self, column):
        """Options in an order that makes sense, for a tame document."""
        options = column.get("logicalTypeOptions", {})
        for low, high in (("minLength", "maxLength"), ("minItems", "maxItems"),
                          ("minProperties", "maxProperties")):
            if options.get(low, 0) > options.get(high, 99):
                options[low], options[high] = options[high], options[low]
        kind = column["logicalType"]
        for bound in ("minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum"):
            if bound not in options or isinstance(options[bound], bool):
                continue
            year = "2001" if "in" in bound[-7:-3] or bound.endswith("inimum") else "2030"
            options[bound] = {"date": f"{year}-01-31", "timestamp": f"{year}-01-31T08:30:00Z",
                              "time": "01:00" if year == "2001" else "23:00",
                              }.get(kind, 1 if year == "2001" else 99)
        if "format" in options and kind in ("date", "timestamp", "time"):
            options["format"] = {"date": "dd/MM/yyyy", "timestamp": "yyyy-MM-dd HH:mm:ss",
                                 "time": "HH:mm:ss"}[kind]
        if "pattern" in options:
            options["pattern"] = "[0-9]{3}"
        if "defaultTimezone" in options:
            options["defaultTimezone"] = "Asia/Ho_Chi_Minh"
        options.pop("required", None)
        if "enum" in column and kind in ("object", "array", "map", "vector", "boolean", "date",
                                         "timestamp", "time", "number", "integer"):
            del column["enum"]
        for one in column.get("enum", []):
            one["value"] = self.name()

    def name(self):
        self.names += 1
        return f"n{self.names}"

    def text(self, schema, name):
        if schema.get("format") == "date":
            return "2025-01-31"
        if schema.get("format") == "date-time":
            return "2025-01-31T08:30:00Z"
        pattern = schema.get("pattern", "")
        if pattern.startswith("^[A-Za-z0-9_-]+$"):
            return self.name()
        if pattern.startswith("^sftp"):
            return "sftp://example.vn/a"
        if pattern:
            return "a.b" if "\\." in pattern[:60] \
                and "/" not in pattern else "schema/a/properties/b"
        if self.tame and name in ("name", "schema", "properties"):
            return self.name()
        if name == "version":
            return self.chance.choice(["1.0.0", "2.1", "x"])
        if name in ("property",):
            return self.chance.choice(["latency", "source", "retention"]) + str(self.chance.random())[2:6]
        if name == "severity":
            return self.chance.choice(["error", "warning", "info"] + ([] if self.tame else ["high"]))
        if name == "unit":
            return self.chance.choice(["rows", "percent"] + ([] if self.tame else ["people"]))
        if name == "engine":
            return self.chance.choice(["soda", "great-expectations"])
        if name == "rule":
            return self.chance.choice(["nullCheck", "rowCount", "duplicateCount", "x"])
        if name == "query":
            return "SELECT count(*) FROM ${object}"
        return self.chance.choice(TEXTS if self.tame else TEXTS + ["", "a\tb", "‮x"])


class Node:
    """`nguon serve` over a folder of its own."""

    def __init__(self, folder):
        self.folder = folder
        subprocess.run([PROGRAM, "init", "--data", folder, "--member", "VN/GOV/BCA", "--name-vi",
                        "Nút thử", "--name-en", "A node for tests"], check=True,
                       stdout=subprocess.DEVNULL)
        self.process = subprocess.Popen(
            [PROGRAM, "serve", "--data", folder, "--public", "127.0.0.1:0", "--internal",
             "127.0.0.1:0", "--federation", "off"],
            stdout=subprocess.PIPE, stderr=open(pathlib.Path(folder).parent / "log", "w"), text=True)
        self.address = json.loads(self.process.stdout.readline())["internal"]
        self.token = (pathlib.Path(folder) / "admin.token").read_text().strip()
        self.connection = http.client.HTTPConnection(self.address, timeout=60)

    def apply(self, text):
        body = json.dumps({"contracts": [{"file": "document.yaml", "text": text}]})
        headers = {"Authorization": f"Bearer {self.token}", "Content-Type": "application/json",
                   "Accept-Language": "en"}
        self.connection.request("POST", "/api/v1/contracts", body.encode(), headers)
        answer = self.connection.getresponse()
        return answer.status, json.loads(answer.read())

    def stop(self):
        self.connection.close()
        self.process.send_signal(signal.SIGTERM)
        return self.process.wait(60)


def maps_in(value, path, found):
    """Every group of fields whose keys the standard closes, with its path."""
    if isinstance(value, dict):
        found.append((path, value))
        for key, inner in value.items():
            if key not in FREE:
                maps_in(inner, f"{path}.{key}" if path else key, found)
    elif isinstance(value, list):
        for i, inner in enumerate(value):
            maps_in(inner, f"{path}[{i}]", found)


def is_refusal(status, answer):
    errors = answer.get("errors") or []
    return status in (400, 409) and bool(errors) and all(
        "path" in e and e.get("problem") for e in errors)


def check_mutant(node, document, chance):
    """One more member in one group: refused, by its path."""
    found = []
    maps_in(document, "", found)
    path, group = chance.choice(found)
    group["zzUnknown"] = 1
    status, answer = node.apply(json.dumps(document, ensure_ascii=False))
    del group["zzUnknown"]
    wanted = f"{path}.zzUnknown" if path else "zzUnknown"
    if status == 400 and any(e["path"] == wanted for e in answer.get("errors", [])):
        return None
    return f"{wanted} was not refused: {status} {json.dumps(answer, ensure_ascii=False)[:300]}"


def check_release(release, count, seed):
    """What is wrong, and how many were applied and refused, with the commonest reasons."""
    schema = schema_of(release)
    validator = jsonschema.Draft201909Validator(schema)
    generator = Generator(schema, RELEASES[release], f"{seed}/{release}")
    chance = random.Random(f"{seed}/{release}/mutants")
    wrong, tally, reasons, made = [], collections.Counter(), collections.Counter(), 0
    with tempfile.TemporaryDirectory(prefix="nguon-odcs.") as folder:
        node = Node(pathlib.Path(folder) / "data")
        while made < count:
            document = generator.document()
            if not validator.is_valid(document):
                tally["not valid, not sent"] += 1
                continue
            made += 1
            text = json.dumps(document, ensure_ascii=False)
            status, answer = node.apply(text)
            if status == 200:
                tally["applied"] += 1
                fault = check_mutant(node, document, chance)
                if fault:
                    wrong.append((fault, text))
            elif is_refusal(status, answer):
                tally["refused"] += 1
                reasons[answer["errors"][0]["problem"]] += 1
            else:
                wrong.append((f"{status} {json.dumps(answer, ensure_ascii=False)[:400]}", text))
        code = node.stop()
        if code != 0:
            wrong.append((f"the node ended with {code}", ""))
    return wrong, tally, reasons


def main():
    count = int(sys.argv[1]) if len(sys.argv) > 1 else 1000
    seed = sys.argv[2] if len(sys.argv) > 2 else "1"
    passed = failed = 0
    with concurrent.futures.ProcessPoolExecutor(len(RELEASES)) as pool:
        results = list(pool.map(check_release, RELEASES, [count] * 3, [seed] * 3))
    for release, (wrong, tally, reasons) in zip(RELEASES, results):
        print(f"   ODCS {release}: {dict(tally)}; refused for:")
        for reason, times in reasons.most_common(8):
            print(f"      {times} × {reason}")
        for what, good in ((f"{release}: every one of {count} documents is applied or refused by name, "
                            "and what is unknown in it is refused by its path", not wrong),
                           (f"{release}: at least a fifth is applied", tally["applied"] * 5 >= count)):
            passed, failed = passed + good, failed + (not good)
            print(("ok " if good else "not ok ") + what)
        for fault, text in wrong[:5]:
            print(f"    {fault}\n    {text[:1500]}")
    print(f"{passed} passed, {failed} failed")
    sys.exit(failed > 0)


if __name__ == "__main__":
    main()
