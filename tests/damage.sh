#!/usr/bin/env bash
# Goal: damage costs the rows it touches, not the file; and a file comes in whatever dress it wears. Method: a 100 MB
# file with one stray and one unclosed quote; the same 500 rows with a byte order mark, other delimiters, line ends,
# compressions and formats, each of which must give the same table.
source "$(dirname "$0")/lib/testing.sh"

make_node
small_contract small open >"$work/c.yaml"
nguon apply "$work/c.yaml"

# --- 100 MB: a stray quote in the middle of a field of row 600,000, and one that is never closed in row 1,200,000
rows=1800000
awk -v rows=$rows 'BEGIN {
    print "id,name,amount,day"
    for (i = 1; i <= rows; i++) {
        name = "Một tên khá dài để tệp đủ lớn"
        if (i == 600000) name = "Một \"tên"
        if (i == 1200000) name = "\"Một tên"
        printf "k%07d,%s,%d,2026-01-15\n", i, name, i
    }
}' >"$work/large.csv"
echo "   a file of $(($(stat -c %s "$work/large.csv") / 1000000)) MB"
tell "the file has 100 MB" [ "$(stat -c %s "$work/large.csv")" -ge 100000000 ]
SECONDS=0
nguon load small.item "$work/large.csv" --json
echo "   loaded in $SECONDS s"
rejected=$(field rows.rejected)
same "one stray and one unclosed quote: rows read" $rows "$(field rows.read)"
tell "at most the two rows touched are rejected: $rejected" [ "$rejected" -le 2 -a "$rejected" -ge 1 ]
same "exit 1, and the rest is accepted" "1 $((rows - rejected))" "$code $(field rows.accepted)"
batch=$(field batch)
nguon quarantine get "$batch" -o "$work/q.csv"
same "and they are the rows touched" "" \
    "$(set_aside "$work/q.csv" | awk '$1 != 600000 && $1 != 1200000 { print $1 }' | head -n 3)"
nguon query "select count(*), sum(amount) from small.item where id not in ('k0600000', 'k1200000')" --format csv
same "every other row is there, whole" "$((rows - 2)),$((rows * (rows + 1) / 2 - 1800000))" \
    "$(tail -n 1 <<<"$out" | tr -d '\r')"
rm "$work/large.csv"

# --- one table, many dresses
small_rows 1 500 >"$work/plain.csv"
sed -i '7s/Tên số 6/"Tên, có phẩy và ""nháy"""/; 9s/Tên số 8//' "$work/plain.csv"
LC_ALL=C sort "$work/plain.csv" >"$work/expected"
n=0
# enters WHAT FILE [FLAG…]: FILE, loaded into an empty dataset, gives the table of plain.csv.
enters() {
    local what=$1 file=$2 name
    shift 2
    n=$((n + 1))
    name=dress$n
    small_contract $name open >"$work/$name.yaml"
    nguon apply "$work/$name.yaml"
    if [ "$file" = - ]; then
        code=0
        "$program" load $name.item - --data "$data" --json "$@" <"$work/plain.csv" >"$work/.out" 2>"$work/.err" || code=$?
        out=$(<"$work/.out")
    else
        nguon load $name.item "$file" --json "$@"
    fi
    if [ "$code" != 0 ]; then
        not_ok "$what: exit 0" "exit $code: ${out:0:1500} $(<"$work/.err")"
        return
    fi
    nguon query "select * from $name.item" --format csv
    same_files "$what" "$work/expected" <(tr -d '\r' <"$work/.out" | LC_ALL=C sort)
}
enters "as it is" "$work/plain.csv"
{ printf '\357\273\277'; cat "$work/plain.csv"; } >"$work/bom.csv"
enters "with a byte order mark" "$work/bom.csv"
sed 's/$/\r/' "$work/plain.csv" >"$work/crlf.csv"
enters "CR LF" "$work/crlf.csv"
head -c -1 "$work/plain.csv" >"$work/unended.csv"
enters "no line end at the end" "$work/unended.csv"
for pair in 'semicolon=;' 'tab=	' 'pipe=|'; do
    # the commas outside quotes: only the line with quotes has one inside
    awk -v to="${pair#*=}" '!/"/ { gsub(/,/, to) } /"/ { sub(/,/, to); sub(/",42,/, "\"" to "42" to) } { print }' \
        "$work/plain.csv" >"$work/${pair%%=*}.csv"
    enters "delimiter ${pair%%=*}" "$work/${pair%%=*}.csv"
done
sed 's/^\([^,]*\),\("[^"]*\(""[^"]*\)*"\|[^,]*\),\([^,]*\),/\1~|~\2~|~\4~|~/' "$work/plain.csv" >"$work/long.csv"
enters "a delimiter of three characters" "$work/long.csv"
tr '\n' '\r' <"$work/plain.csv" >"$work/cr.csv"
enters "lines that end in CR" "$work/cr.csv"
sed 's/""/\\"/g' "$work/plain.csv" >"$work/backslash.csv"
enters "quotes escaped by a backslash" "$work/backslash.csv"
sed 's/$/,/' "$work/plain.csv" >"$work/ends.csv"
enters "a delimiter at the end of every row" "$work/ends.csv"
{
    printf 'DANH SÁCH MẪU,,,\n"Năm 2026, đơn vị: đồng",,,\n,,,\n'
    cat "$work/plain.csv"
    printf ',,,\nNguồn: sổ của đơn vị\nNgười lập: An\n'
} >"$work/titled.csv"
enters "titles before the table and notes after it" "$work/titled.csv"
{ head -n 250 "$work/plain.csv"; cat "$work/plain.csv" | sed '2,250d'; } >"$work/joined.csv"
enters "the header once more in the middle" "$work/joined.csv"
for encoding in UTF-16LE UTF-16BE; do
    iconv -f UTF-8 -t $encoding "$work/plain.csv" >"$work/$encoding.csv"
    enters "$encoding without a mark" "$work/$encoding.csv"
done
iconv -f UTF-8 -t UTF-16 "$work/plain.csv" >"$work/utf16.csv"
enters "UTF-16 with a mark" "$work/utf16.csv"
python3 -c 'import sys, unicodedata as u
tones = "\u0300\u0301\u0303\u0309\u0323"
def letter(c):
    parts = u.normalize("NFD", c)
    marks = [p for p in parts if p in tones]
    return u.normalize("NFC", "".join(p for p in parts if p not in tones)) + "".join(marks)
sys.stdout.buffer.write("".join(map(letter, open(sys.argv[1], encoding="utf-8").read())).encode("cp1258"))' \
    "$work/plain.csv" >"$work/cp1258.csv"
enters "Windows-1258" "$work/cp1258.csv"
enters "Windows-1258, named" "$work/cp1258.csv" --encoding windows-1258
iconv -f UTF-8 -t TCVN5712-1 "$work/plain.csv" >"$work/tcvn3.csv"
enters "TCVN3" "$work/tcvn3.csv"
enters "TCVN3, named" "$work/tcvn3.csv" --encoding tcvn3
awk -F, '!/"/ { print $4 "," $2 "," $1 "," $3 } /"/ { sub(/^k000006,/, ""); sub(/,42,.*/, ""); print "2026-07-07," $0 ",k000006,42" }' \
    "$work/plain.csv" >"$work/order.csv"
enters "columns in another order" "$work/order.csv"
gzip -k "$work/plain.csv"
enters "gzip" "$work/plain.csv.gz"
mv "$work/plain.csv.gz" "$work/named_otherwise"
enters "gzip with no such name" "$work/named_otherwise"
if command -v zstd >/dev/null; then
    zstd -q "$work/plain.csv" -o "$work/plain.csv.zst"
    enters "zstd" "$work/plain.csv.zst"
else
    skip "zstd" "the program zstd is not installed"
fi
enters "from standard input" -
awk -F, 'NR == 1 { next }
    /"/ { printf "{\"id\":\"k000006\",\"name\":\"Tên, có phẩy và \\\"nháy\\\"\",\"amount\":42,\"day\":\"2026-07-07\"}\n"; next }
    { printf "{\"id\":\"%s\",\"name\":%s,\"amount\":%s,\"day\":\"%s\"}\n", $1, ($2 == "" ? "null" : "\"" $2 "\""), $3, $4 }' \
    "$work/plain.csv" >"$work/rows.jsonl"
enters "JSON lines" "$work/rows.jsonl"
NGUON_DATA=$data "$program" query "select * from dress1.item order by id" --format parquet >"$work/rows.parquet"
same "query gives Parquet" PAR1 "$(head -c 4 "$work/rows.parquet")"
enters "Parquet" "$work/rows.parquet"
enters "the format named" "$work/rows.jsonl" --format jsonl

# --- over HTTP, compressed
start_node || finish
small_contract sent open >"$work/sent.yaml"
nguon apply "$work/sent.yaml"
gzip -c "$work/plain.csv" >"$work/body.gz"
api POST /api/v1/datasets/sent.item/batches --data-binary "@$work/body.gz" -H 'Content-Encoding: gzip'
same "HTTP with Content-Encoding: gzip" "201 500" "$status $(field rows.accepted "$body")"
stop_node

# --- damaged rows, one by one
refused() { # WHAT FILE
    nguon load small.item "$2" --json
    same "$1: refused, with a receipt" "4 refused refused 0" \
        "$code $(field error.code) $(field receipt.status) $(field receipt.rows.accepted)"
}
no_table() { # WHAT FILE: sent by mistake, so no batch is made of it
    nguon load small.item "$2" --json
    same "$1: invalid, no batch" "2 invalid  file" \
        "$code $(field error.code) $(field receipt.status) $(field error.errors.0.path)"
}
: >"$work/empty.csv"
no_table "an empty file" "$work/empty.csv"
printf '\n\n\n' >"$work/blank.csv"
no_table "a file of empty lines" "$work/blank.csv"
printf '\000\001\377\376rubbish\n\200' >"$work/binary"
no_table "a binary file" "$work/binary"
: >"$work/"$'\xff\xfe'.csv
no_table "an empty file whose name is no UTF-8" "$work/"$'\xff\xfe'.csv
head -c 100000 "$program" >"$work/program"
no_table "a program" "$work/program"
printf 'a,b\n1,2\n' >"$work/strange.csv"
refused "other columns" "$work/strange.csv"
head -c 200 "$work/body.gz" >"$work/cut.gz"
refused "half a gzip file" "$work/cut.gz"
head -c 300 "$work/rows.parquet" >"$work/cut.parquet"
refused "half a Parquet file" "$work/cut.parquet"
echo "id,name,amount,day" >"$work/header.csv"
nguon load small.item "$work/header.csv" --json
same "a header alone: nothing read, nothing refused" "0 0" "$code $(field rows.read)"

{
    echo "id,name,amount,day"
    echo "d1,tốt,1,2026-01-01"
    echo "d2,thiếu cột,2"
    echo "d3,thừa,3,2026-01-01,cột"
    printf 'd4,\377\376,4,2026-01-01\n'
    printf 'd5,\000,5,2026-01-01\n'
    echo ""
    echo "d6,tốt,6,2026-01-01"
    echo 'd7,"hai'
    echo 'dòng",7,2026-01-01'
    echo "d8,ngày,8,2026-02-30"
    echo "d9,số,9e,2026-01-01"
    echo "d1,trùng,1,2026-01-01"
} >"$work/damaged.csv"
nguon load small.item "$work/damaged.csv" --json
echo "   $(field rows.read) read, $(field rows.accepted) accepted, $(field rows.rejected) rejected"
same "read = accepted + rejected" "$(field rows.read)" "$(($(field rows.accepted) + $(field rows.rejected)))"
nguon quarantine get "$(field batch)" -o "$work/q.csv"
for id in d1 d6 d7; do
    nguon get small.item $id --json
    same "row $id enters" 0 "$code"
done
for id in d2 d3 d4 d5 d8 d9; do
    text="$id,"
    [ $id != d4 ] || text=hex:64342cfffe # bytes that are no text are kept as hex
    nguon get small.item $id --json
    same "row $id does not" 3 "$code"
    holds "  and is in quarantine, with its text" "$(tr -d "\0" <"$work/q.csv")" "$text"
done
nguon quarantine get "$(grep -o '"batch":"[^"]*"' <<<"$("$program" quarantine list small.item --data "$data" --json)" | head -n 1 | cut -d'"' -f4)" --json
tell "the quarantine as JSON is JSON" is_one_json "$out"
expect 0 verify
finish
