#!/usr/bin/env bash
# Goal: a data directory of an earlier version opens, with everything in it. Method: kept directories of earlier schema
# versions (tests/data): read without a byte changed, then opened for writing, then used on.
source "$(dirname "$0")/lib/testing.sh"

for kept in "$root"/tests/data/node-of-schema-*.tar.gz; do
    name=$(basename "$kept" .tar.gz)
    rm -rf "$work/kept" "$data"
    mkdir "$work/kept"
    tar -xzf "$kept" -C "$work/kept"
    mv "$work/kept/node" "$data"
    cp -r "$data" "$work/copy"
    rm -rf "$work/copy/keys" "$work/copy/lock"
    find "$work/copy" -type f -exec sha256sum {} + | sort >"$work/before"
    NGUON_DATA=$work/copy "$program" verify --public-key "$data/public.pem" >"$work/out" 2>&1
    same "$name: verified as a copy, without its key" 0 $?
    find "$work/copy" -type f -exec sha256sum {} + | sort >"$work/after"
    same_files "  and not a byte changed" "$work/before" "$work/after"
    rm -rf "$work/copy"

    expect 0 verify
    same "  intact" "true 4 3" "$(field ok) $(field datasets.0.segments) $(field datasets.0.rows)"
    expect 0 history kept.item
    same "  every change" "1 2 3 4 5 6" "$(grep -o '"seq":[0-9]*' <<<"$out" | cut -d: -f2 | head -6 | xargs)"
    same "  with its batch and time" "4 4" "$(grep -o '"batch":"[^"]*"' <<<"$out" | sort -u | wc -l) $(grep -o '"at":"[^"]*"' <<<"$out" | sort -u | wc -l)"
    at=$(field changes.1.at)
    expect 0 get kept.item b
    same "  a row as it is now" "Hai mới" "$(field name)"
    expect 0 get kept.item b --as-of "$at"
    same "  and as it was then" "Hai" "$(field name)"
    expect 1 load kept.item "$work/kept/r1.csv" --idempotency-key first
    first=$(field batch)
    expect 0 quarantine get "$first"
    same "  what was set aside" "type:amount" "$(field rows.0.rule)"
    start_node || finish
    api PUT /api/v1/datasets/kept.item/rows/z -d '{"name":"Mới","amount":9}'
    same "  a row is written" "200 7" "$status $(field seq.first "$body")"
    stop_node
    printf 'id,name\ny,Ypsilon\n' >"$work/rows.csv"
    expect 0 load kept.item "$work/rows.csv"
    expect 0 verify
    same "  intact after it" "true 6 5" "$(field ok) $(field datasets.0.segments) $(field datasets.0.rows)"
done
finish
