#!/usr/bin/env python3
"""peers.py FILE.csv: how long other programs take to check a population file, each with the rules it can say.

Prints one JSON object: {"name": {"version", "seconds", "rows", "failures"}}. A peer that is not installed is left
out. They only check: nothing is kept, sealed or signed.
"""
import importlib.metadata
import json
import os
import sys
import time

ID = r"^0[0-9]{2}[0-3][0-9]{8}$"
PHONE = r"^0[35789][0-9]{8}$"
SEXES = ["male", "female"]


def with_pandera(path):
    import pandera.polars as pa
    import polars as pl

    schema = pa.DataFrameSchema({
        "citizen_id": pa.Column(str, [pa.Check.str_matches(ID)], unique=True),
        "full_name": pa.Column(str),
        "birth_date": pa.Column(pl.Date, nullable=True),
        "sex": pa.Column(str, [pa.Check.isin(SEXES)]),
        "ward_code": pa.Column(str, [pa.Check.str_length(5, 5)]),
        "phone": pa.Column(str, [pa.Check.str_matches(PHONE)], nullable=True),
    })
    table = pl.read_csv(path, infer_schema=False)
    table = table.with_columns(pl.col("birth_date").str.to_date("%Y-%m-%d", strict=False))
    try:
        schema.validate(table, lazy=True)
        failures = 0
    except pa.errors.SchemaErrors as found:
        failures = found.failure_cases.height
    return table.height, failures


def with_frictionless(path):
    from frictionless import Checklist, Resource, Schema

    schema = Schema.from_descriptor({"primaryKey": ["citizen_id"], "fields": [
        {"name": "citizen_id", "type": "string", "constraints": {"required": True, "pattern": ID}},
        {"name": "full_name", "type": "string", "constraints": {"required": True}},
        {"name": "birth_date", "type": "date"},
        {"name": "sex", "type": "string", "constraints": {"enum": SEXES}},
        {"name": "ethnicity", "type": "string"},
        {"name": "ward_code", "type": "string"},
        {"name": "address", "type": "string"},
        {"name": "household_id", "type": "string"},
        {"name": "relation_to_head", "type": "string"},
        {"name": "phone", "type": "string", "constraints": {"pattern": PHONE}},
        {"name": "registered_at", "type": "datetime"},
    ]})
    folder, name = os.path.split(os.path.abspath(path))  # an absolute path counts as unsafe
    resource = Resource(path=name, basepath=folder, schema=schema)
    report = resource.validate(Checklist(), limit_rows=100_000, limit_errors=1_000_000)
    return report.tasks[0].stats.get("rows", 0), report.stats.get("errors", 0)


def main():
    figures = {}
    for package, run in (("pandera", with_pandera), ("frictionless", with_frictionless)):
        try:
            version = importlib.metadata.version(package)
        except importlib.metadata.PackageNotFoundError:
            continue
        started = time.monotonic()
        rows, failures = run(sys.argv[1])
        seconds = round(time.monotonic() - started, 3)
        figures[package] = {"version": version, "seconds": seconds, "rows": rows, "failures": failures}
    print(json.dumps(figures))


if __name__ == "__main__":
    main()
