#!/usr/bin/env bash
# Goal: what was set aside is mended where it stands and sent back. Method: a file with one fault a row, its
# quarantine as a file, sed in place of the officer; by command and over HTTP, with the node serving and stopped.
source "$(dirname "$(readlink -f "$0")")/lib/testing.sh"

make_node
small_contract small internal >"$work/c.yaml"
nguon apply "$work/c.yaml"
{
    echo "id;name;amount;day"
    echo "k1;An, \"cả\" nhà;1;2026-01-01"
    echo "k2;\"Bình; \"\"út\"\", ba\";hai;2026-01-02"
    echo "k3;Cúc;3;2026-02-30"
    echo "k4;Dần"
    printf 'k5;\377;5;2026-01-05\n'
    echo ";không mã;6;2026-01-06"
    echo "k1;trùng;7;bảy"
    echo "k8;\"không đóng;8;2026-01-08"
} >"$work/rows.csv"
expect 1 load small.item "$work/rows.csv"
batch=$(field batch)
same "one row enters, seven are set aside" "1 7" "$(field rows.accepted) $(field rows.rejected)"
flatten <<<"$out" | awk -F '\t' '/\.rule\t/ { rule = $2 } /\.failed\t/ && $2 > 0 { print rule, $2 }' | sort >"$work/found"
same_files "the receipt counts each kind of damage by itself" <(sort <<LIST
record:encoding 1
record:fields 1
record:quote 1
required:id 1
type:amount 1
type:day 2
LIST
) "$work/found"

same_again() { # WHAT FILE: the file has each of these rows once, and the reasons in the language asked for
    same "$1: the columns, then the reasons" "id,name,amount,day,_row,_rule,_reason,_record,_id" "$(head -n 1 "$2")"
    same "$1: a line for each row" "2 3 4 5 6 7 8" \
        "$(set_aside "$2" | awk '!seen[$1]++ { printf "%s%s", n++ ? " " : "", $1 }')"
    holds "$1: values as they stood" "$(<"$2")" 'k2,"Bình; ""út"", ba",hai,2026-01-02,2,type:amount,'
    holds "$1: the text of a record that is damaged" "$(<"$2")" ',k4;Dần'
}
LANG=vi_VN.UTF-8 nguon quarantine get "$batch" -o "$work/wrong.csv"
holds "the command says how to send it" "$out" "nguon quarantine resubmit $batch $work/wrong.csv"
same_again "by command" "$work/wrong.csv"
holds "the reasons are in Vietnamese" "$(<"$work/wrong.csv")" "2 trường, tiêu đề có 4"
start_node || finish
api GET "/api/v1/batches/$batch/quarantine?format=csv" -H 'Accept-Language: en'
same_again "over HTTP" "$work/.body"
holds "the reasons are in English" "$body" "2 fields, the header has 4"

# Sent back as it is: set aside again, nothing lost.
expect 1 quarantine resubmit "$batch" "$work/wrong.csv"
same "not mended: all set aside again" "0 7 $batch" "$(field rows.accepted) $(field rows.rejected) $(field corrects)"
lacks_warning() { # the reserved columns are no columns of the file
    same "$1: no word of the reserved columns" "" "$(flatten <<<"$out" | awk -F '\t' '/\.rule\tunknown_column/')"
}
lacks_warning "not mended"

sed -i -e '/,2,type:amount/s/,hai,/,2,/' \
    -e 's/2026-02-30/2026-02-28/' \
    -e '/,4,record:fields/s/^,,,,/k4,Dần,4,2026-01-04,/' \
    -e '/,5,record:encoding/s/^,,,,/k5,Én,5,2026-01-05,/' \
    -e 's/^,không mã/k6,không mã/' \
    -e 's/^k1,trùng,7,bảy/k7,trùng,7,2026-01-07/' \
    -e '/,8,record:quote/s/^,,,,/k8,"có đóng",8,2026-01-08,/' "$work/wrong.csv"
expect 0 quarantine resubmit "$batch" "$work/wrong.csv"
same "mended: all accepted, and the receipt names what it corrects" "7 0 $batch" \
    "$(field rows.accepted) $(field rows.rejected) $(field corrects)"
lacks_warning "mended"
stop_node
nguon query "select * from small.item order by id" --format csv
same_files "what stands is what was meant" - <(tr -d '\r' <"$work/.out") <<'ROWS'
id,name,amount,day
k1,"An, ""cả"" nhà",1,2026-01-01
k2,"Bình; ""út"", ba",2,2026-01-02
k3,Cúc,3,2026-02-28
k4,Dần,4,2026-01-04
k5,Én,5,2026-01-05
k6,không mã,6,2026-01-06
k7,trùng,7,2026-01-07
k8,có đóng,8,2026-01-08
ROWS

# Without a contract the look at a file names the damage too.
nguon check "$work/rows.csv" --json
same "check: unreadable rows are results" "3 3" \
    "$(field rejected) $(flatten <<<"$out" | grep -c $'\\.rule\trecord:')"
same "check: with their rows" "4" \
    "$(flatten <<<"$out" | awk -F '\t' '/\.rule\trecord:fields/ { on = 1 } on && /examples\.0\.row\t/ { print $2; exit }')"
expect 0 verify

# A batch that was refused as a whole is sent whole again: its good rows did not enter.
cat >"$work/few.yaml" <<'CONTRACT'
apiVersion: v3.1.0
kind: DataContract
id: few
name: few
version: 1.0.0
status: active
domain: few
schema:
  - name: item
    properties:
      - {name: id, logicalType: string, primaryKey: true, primaryKeyPosition: 1}
      - {name: n, logicalType: integer}
    quality:
      - {metric: rowCount, mustBeLessThan: 3, severity: error}
CONTRACT
nguon apply "$work/few.yaml"
printf 'id,n\na,1\nb,2\nc,3\nd,x\n' >"$work/many.csv"
expect 4 load few.item "$work/many.csv"
batch=$(field error.receipt.batch)
[ -n "$batch" ] || { nguon quarantine list few.item --json; batch=$(field batches.0.batch); }
printf 'id,n\nd,4\n' >"$work/one.csv"
expect 4 quarantine resubmit "$batch" "$work/one.csv"
holds "a refused batch is not mended in part" "$out" "refused as a whole"
nguon query "select count(*) from few.item" --format csv
same "  nothing entered" 0 "$(tail -n 1 <<<"$out" | tr -d '\r')"

finish
