#!/usr/bin/env bash
# Goal: what never changes is sent once, in parts, and in few bytes. Method: contract, receipt, segment and row over HTTP
# with conditions, ranges and encodings; what comes back is held against what was sent.
source "$(dirname "$0")/lib/testing.sh"

make_node
small_contract open open >"$work/open.yaml"
small_rows 1 5000 >"$work/rows.csv"
nguon apply "$work/open.yaml"
nguon load open.item "$work/rows.csv" --json
batch=$(field batch)
start_node
d=/api/v1/datasets/open.item

etag() { sed -nE 's/^[Ee][Tt]ag: (.*)/\1/p' <<<"$headers"; }
# conditions LISTENER PATH: 304 for the tag it has, 200 for another; If-Match the other way round, with 412.
conditions() {
    local ask=$1 path=$2 tag
    $ask GET "$path"
    tag=$(etag)
    same "200 with a tag: $path" "200 ${tag:-none}" "$status $tag"
    [ -n "$tag" ] || { not_ok "  a tag" "$headers"; return; }
    : >"$work/.body"
    $ask GET "$path" -H "If-None-Match: $tag"
    same "  unchanged: 304, nothing sent" "304 0" "$status $(wc -c <"$work/.body")"
    $ask GET "$path" -H 'If-None-Match: "other", W/"more"'
    same "  another tag: 200" 200 "$status"
    $ask GET "$path" -H "If-Match: $tag"
    same "  If-Match that holds: 200" 200 "$status"
    $ask GET "$path" -H 'If-Match: "other"'
    same "  If-Match that does not: 412" "412 conflict" "$status $(field code "$body")"
    $ask HEAD "$path" -I -H "If-None-Match: $tag"
    same "  HEAD as GET: 304" 304 "$status"
}
open_api GET "$d/chain"
segment=$(ls "$data/segments" | head -n 1)
segment=${segment%%.*}
conditions open_api "$d/contract"
conditions open_api "$d/segments/$segment"
conditions open_api "$d/rows/k000007"
conditions api "$d/batches/$batch"

file=$(ls "$data"/segments/"$segment"*)
open_api GET "$d/segments/$segment"
same_files "a segment is its file" "$file" "$work/.body"
same "  and its hash" "$segment" "$(sha256sum <"$work/.body" | cut -d' ' -f1)"
size=$(wc -c <"$file")
open_api GET "$d/segments/$segment" -H "Range: bytes=100-299"
same "a part of it: 206" "206 200" "$status $(wc -c <"$work/.body")"
holds "  says which" "$headers" "bytes 100-299/$size"
same_files "  and is that part" <(tail -c +101 "$file" | head -c 200) "$work/.body"
open_api GET "$d/segments/$segment" -H "Range: bytes=$size-"
same "past its end: 416" 416 "$status"
open_api GET "$d/segments/$segment" -H "Range: bytes=0-9" -H 'If-Range: "other"'
same "a part of what was another: the whole" "200 $size" "$status $(wc -c <"$work/.body")"

path="$d/rows?limit=1000"
open_api GET "$path"
cp "$work/.body" "$work/plain"
open_api GET "$path" -H 'Accept-Encoding: gzip'
holds "gzip" "$headers" "Content-Encoding: gzip"
same_files "  holds the same" "$work/plain" <(gzip -dc "$work/.body")
open_api GET "$path" -H 'Accept-Encoding: gzip, deflate, br, zstd'
holds "zstd where both are taken" "$headers" "Content-Encoding: zstd"
same_files "  holds the same" "$work/plain" <(zstd -dcq "$work/.body")
tell "  in a third of the bytes" [ $(($(wc -c <"$work/.body") * 3)) -lt "$(wc -c <"$work/plain")" ]
holds "  and caches are told" "$headers" "Vary: Accept-Encoding"
open_api GET "$path" -H 'Accept-Encoding: zstd;q=0, gzip;q=0'
same_files "neither where neither is taken" "$work/plain" "$work/.body"

finish
