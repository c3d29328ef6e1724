#!/usr/bin/env bash
# Goal: a column of a file fills one column of the contract, and what a title means is never a guess. Method: titles that
# two columns share, a title that is another column's name without its marks, drafts of files with headers alike.
source "$(dirname "$(readlink -f "$0")")/lib/testing.sh"
make_node

contract() { # NAME COLUMNS: the contract of dataset t.NAME
    cat >"$work/$1.yaml" <<END
apiVersion: v3.2.0
kind: DataContract
id: $1
version: 1.0.0
status: active
domain: t
schema:
  - name: $1
    properties:
$2
END
}
titles() { grep businessName: "$1" | sort | uniq -d; }

contract one '      - {name: id, logicalType: string, primaryKey: true, businessName: Mã}
      - {name: ma, logicalType: string}'
expect 0 apply "$work/one.yaml"
same "apply: nothing to warn of" "" "$(field warnings)"
printf 'Mã\nx1\n' >"$work/one.csv"
expect 0 load t.one "$work/one.csv"
expect 0 get t.one x1
same "load: the title's column is filled, the other one is not" "x1 null" "$(field id) $(field ma)"

contract two '      - {name: id, logicalType: string, primaryKey: true}
      - {name: note, logicalType: string, businessName: Ghi chú}
      - {name: remark, logicalType: string, businessName: Ghi chú}'
expect 0 apply "$work/two.yaml"
holds "apply: one title of two columns is said by name" "$(field warnings.0.en)" "note, remark"
printf 'id,Ghi chú\n1,x\n' >"$work/two.csv"
expect 0 load t.two "$work/two.csv"
expect 0 get t.two 1
same "load: it means neither" "null null" "$(field note) $(field remark)"
printf 'id,note,remark\n1,x,y\n' >"$work/two.csv"
expect 0 load t.two "$work/two.csv"
expect 0 get t.two 1
same "load: names still do" "x y" "$(field note) $(field remark)"

printf 'Mã số,Họ tên,Họ và tên\n%s\n' '1,Nguyễn An,Trần Bình' >"$work/ten.csv"
expect 0 check "$work/ten.csv" --write-contract "$work/ten.yaml"
same "check: no two titles of a draft are equal" "" "$(titles "$work/ten.yaml")"
NGUON_DATA=$data "$program" query "select '00001' as \"Mã xã\", 'x' as \"Mã xã \"" --format parquet >"$work/xa.parquet"
expect 0 check "$work/xa.parquet" --write-contract "$work/xa.yaml"
same "check: nor of a Parquet file with a blank in a name" "" "$(titles "$work/xa.yaml")"
expect 0 check "$work/xa.parquet" --contract "$work/xa.yaml"
same "check: its draft takes the file" "1 0" "$(field rows) $(field rejected)"
finish
