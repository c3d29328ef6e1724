#!/usr/bin/env bash
# Goal: what check says of a file without a contract holds on the screen and for scripts. Method: files with one fault
# each; exit codes, counts, the codes of findings, and a load under the draft that was written.
source "$(dirname "$(readlink -f "$0")")/lib/testing.sh"

said() { flatten <<<"$out" | awk -F '\t' '/\.code\t/ && $1 ~ /results/ { print $2 }' | sort -u | tr '\n' ' '; }

# One day in forty that is none: the column is of dates, the row is counted, and a load agrees.
{
    echo "ma;ngay"
    for i in {10..49}; do echo "k$i;$((i % 28 + 1))/0$((i % 9 + 1))/2026"; done
    echo "k50;31/02/2026"
} >"$work/ngay.csv"
expect 1 check "$work/ngay.csv" --write-contract "$work/ngay.yaml"
same "check: the row that does not fit is counted" "1 date" "$(field rejected) $(field columns.1.type)"
same "check: and said" "not_of_type " "$(said)"
make_node
expect 0 apply "$work/ngay.yaml"
expect 1 load ngay.ngay "$work/ngay.csv"
same "load: the same row is set aside" "41 40 1" \
    "$(field rows.read) $(field rows.accepted) $(field rows.rejected)"

# A sheet keeps 15 digits of a number.
base64 -d >"$work/card.xlsx" <<'END'
UEsDBBQAAAAIAGZafF16xeD+4QAAAAsCAAATAAAAW0NvbnRlbnRfVHlwZXNdLnhtbK1RvU7DMBB+Fcsrqi9lYEBJOgArMPACh3NprPhPPreEt8dxCwOq
Kgam0933a7ndLc6KIyU2wXdyqxq569u3z0gsCuK5k1PO8R6A9UQOWYVIviBjSA5zWdMeIuoZ9wS3TXMHOvhMPm/y6iH79pFGPNgsnpZyPqUUuRQPJ94a
1UmM0RqNucCwonBRl8jyFeHRD7/abc7NVFFWDk8m8s054aU8O5mBxCum/Iyu2MFi4SOk+T2EWV2veSEtjKPRNAR9cEWiOCbCgSei7KyqUzk0/g/5lcxQ
x/afi/z4f/eA+t39F1BLAwQUAAAACABmWnxddD4PKpQAAAADAQAACwAAAF9yZWxzLy5yZWxzjc89DsIwDAXgq0Q+QN0yMKCkXVhYERcIwf1RmzhyApTb
k5EiBkY/P32Wdbf6RT1I0sTBQFPV0LX6TIvNJUjjFJMqjZAMjDnHA2JyI3mbKo4UyqZn8TaXUQaM1s12INzV9R7l04CtqU43A9KAurwi/SNz30+Ojuzu
nkL+ceCrUWQrA2UD64JPlvnKPFcFBWw1bt5r31BLAwQUAAAACABmWnxdDL6v7ZwAAADyAAAADwAAAHhsL3dvcmtib29rLnhtbI2PPQ6DMAyFrxL5ABg6
dEAhLF069wQpmCaCJMhOf47fCMreyX561uf3dP8Ji3oRi0+xg6aqoTf6nXi+pzSrYkbpwOW8togyOApWqrRSLM6UONhcJD9QViY7iiPKYcFTXZ8xWB9h
J7T8DyNNkx/okoZnoJh3CNNic4kmzq8CRm8f5DdVtIE6uIHa5HUsBUBx68vCDaDReNzjUcl8AVBLAwQUAAAACABmWnxd7befwpgAAAAEAQAAGgAAAHhs
L19yZWxzL3dvcmtib29rLnhtbC5yZWxzjc87DsIwDAbgq0Q+QN0yMKCmXVhYKy4QBbep2jxkh9ftiRgQlRiYLP+2Pstt//CruhHLHIOGpqqh79qBVpNL
IG5OospGEA0u53RAFOvIG6liolAmY2Rvcml5wmTsYibCXV3vkb8N2JrqdNHADajzM9E/chzH2dIx2qunkH8cwHvkRRxRLqjhibKGTyT4Lk1VVMCuxc1/
3QtQSwMEFAAAAAgAZlp8XTZOqV3kAAAAJwIAABgAAAB4bC93b3Jrc2hlZXRzL3NoZWV0MS54bWx10ltOxCAUANCtNPya9ELLvAxlotEVuALsoCUWaOCm
4/KlHUMcU/i6LzgJIM7fdqxmHaLxriOspuQsxdWHrzhojVXqutiRAXF6BIj9oK2KtZ+0S50PH6zClIZPiFPQ6rJusiM0lO7BKuOIFGvtRaGSIvhrFZKS
qv0SPDFSYUeMG43TbxhS3UQpUDpltQCUApYc+t/559J8r8Llfh6SlcEmg03hALWlLdtmyeqm5bv94XiibIleH9hOwLzBtJlpC8z7FtOuzKk+UE7TYjeu
zPDM8NJ1bDH8xtwpR/qPgD+vBfkbyB9QSwECFAMUAAAACABmWnxdesXg/uEAAAALAgAAEwAAAAAAAAAAAAAAgAEAAAAAW0NvbnRlbnRfVHlwZXNdLnht
bFBLAQIUAxQAAAAIAGZafF10Pg8qlAAAAAMBAAALAAAAAAAAAAAAAACAARIBAABfcmVscy8ucmVsc1BLAQIUAxQAAAAIAGZafF0Mvq/tnAAAAPIAAAAP
AAAAAAAAAAAAAACAAc8BAAB4bC93b3JrYm9vay54bWxQSwECFAMUAAAACABmWnxd7befwpgAAAAEAQAAGgAAAAAAAAAAAAAAgAGYAgAAeGwvX3JlbHMv
d29ya2Jvb2sueG1sLnJlbHNQSwECFAMUAAAACABmWnxdNk6pXeQAAAAnAgAAGAAAAAAAAAAAAAAAgAFoAwAAeGwvd29ya3NoZWV0cy9zaGVldDEueG1s
UEsFBgAAAAAFAAUARQEAAIIEAAAAAA==
END
expect 0 check "$work/card.xlsx"
same "check: numbers that a sheet rounded are suspected" "digits_lost " "$(said)"

# Two tables: the other one is said on the screen.
printf 'a,b\n1,2\n3,4\n\n\nx,y,z\n1,2,3\n4,5,6\n' >"$work/two.csv"
LANG=C "$build/nguon" check "$work/two.csv" >"$work/screen"
same "check: the second table and how to read it" 1 "$(tr -s ' \n' '  ' <"$work/screen" |
    grep -c 'line 6 (3 columns, 2 rows). Put each table into a file of its own')"

# A file that a load would refuse has no rejected row, and is no success.
cat >"$work/other.yaml" <<'END'
apiVersion: v3.2.0
kind: DataContract
id: other
name: other
version: 1.0.0
status: draft
schema:
  - name: two
    properties:
      - {name: a, logicalType: integer}
      - {name: must, logicalType: integer, required: true}
END
expect 1 check "$work/two.csv" --contract "$work/other.yaml"
same "check: refused as a whole" "true 0" "$(field refused) $(field rejected)"

# A fix that is not offered, where the recipe kept leaves nothing to offer: what there is is named.
sed -e 's/two/day/' -e 's/logicalType: integer}/logicalType: date, logicalTypeOptions: {format: dd\/MM\/yyyy}}/' \
    -e '/must/d' "$work/other.yaml" >"$work/day.yaml"
printf 'a\n1/2/2026\n3/4/2026\n' >"$work/day.csv"
expect 0 apply "$work/day.yaml"
expect 0 load other.day "$work/day.csv" --fix --accept date:a
expect 2 load other.day "$work/day.csv" --fix --accept date:bogus
same "load: what can be accepted is named" 1 "$(field error.fix | grep -c 'date:a')"
finish
