#!/usr/bin/env bash
# Goal: a workbook, a zip and a JSON document of an office go in as they are. Method: a workbook with a cover, a title, a
# merged and a hidden row, dates, zeros that only a format shows and a broken cell; by command and over HTTP.
source "$(dirname "$(readlink -f "$0")")/lib/testing.sh"

# Made by hand from the parts of ECMA-376: sheets "Bìa" (a title) and "Hộ" (a table at B3:D8).
base64 -d >"$work/ho.xlsx" <<'END'
UEsDBBQAAAAIAAAAIVz+dcdZcAAAAIwAAAALAAAAX3JlbHMvLnJlbHNVjbsOhCAURH+F3H7F7bYAbYyJ7UY/APGqROQawNffS2s5cyZnRHmtlh3ogyEn
4ZvlwNBpGoybJHRt/flBWYg/WhXTIsxmC+/ImkGCAtbeG0q4OI2j0ViR3ld0MfXKTxgTsfwkv/RES5Y+gReCv7UPUEsDBBQAAAAIAAAAIVxM6+PeMAAA
AC4AAAATAAAAW0NvbnRlbnRfVHlwZXNdLnhtbLOxr8jNUShLLSrOzM+zVTLUM1BSSM1Lzk/JzEu3VQoNcdO1ULK3swmpLEgt1rcDAFBLAwQUAAAACAAA
ACFc4d0Ynm0AAACgAAAADwAAAHhsL3dvcmtib29rLnhtbLOxr8jNUShLLSrOzM+zVTLUM1BSSM1Lzk/JzEu3VQoNcdO1ULK3synPL8pOys/PtrMpzkhN
LSmG0gp5ibmptkpOh9ckKimARTxTgIYoKRRZZQIZRYZK+qgqPR7unomk0giu0gikUh9muD7cPgBQSwMEFAAAAAgAAAAhXE9rK/6BAAAAEQEAABoAAAB4
bC9fcmVscy93b3JrYm9vay54bWwucmVsc7Oxr8jNUShLLSrOzM+zVTLUM1BSSM1Lzk/JzEu3VQoNcdO1ULK3swlKzUksAaoozsgsKEblKnim2CoVGSop
hFQWpNoqVeiX5xdlF2ekppYAhRKL0lNLbJXgQsX6YMpQD2irkj42g4xIMsgIp0HFCHOKSypzUosRhkD4MJ36qH4DAFBLAwQUAAAACAAAACFcxmc39IgA
AAD5AAAADQAAAHhsL3N0eWxlcy54bWyzsa/IzVEoSy0qzszPs1Uy1DNQUkjNS85PycxLt1UKDXHTtVCyt7MpLqnMSQ3OSE0tsbPJK811yy0phjEUIJRn
ClC3mYmSQlp+UW5iiXN+SqqtUkqKfm6ufiUQKOljVW+Kqt4ACEAq9eF2JKfm5ESkARkVaUgawYpQREBWY4qZgg2Dm6GP5A0AUEsDBBQAAAAIAAAAIVyh
AWd6fwAAAJ8AAAAYAAAAeGwvd29ya3NoZWV0cy9zaGVldDEueG1ss7GvyM1RKEstKs7Mz7NVMtQzUFJIzUvOT8nMS7dVCg1x07VQsrezKc8vyi7OSE0t
sbMBUy6JJYl2NkX55QpFQE1KdjbJIIajoZJCia1SZl5OZl5qcEkRUDyz2M6mxM7p8MJ8hWQQYWRgZGajDzRGHySjnwzEQFOAJJKx+gjbAFBLAwQUAAAA
CAAAACFcQvzSh1ABAACpAwAAGAAAAHhsL3dvcmtzaGVldHMvc2hlZXQyLnhtbH2TT0+DMBiHv0pTz1oYf11Klw1iuMhlmnglUDciK6bgpke/iYlXvXj0
yifxm1hY0pUKHgj05e3zPj9C8eJ5V4I95XVRsQCaFwYElGVVXrBNAG9vrs59uCD4UPGHektpQ3B/i9ImJZhXB8DFJkhw1j2sTAiaABasLBhdN1zUi5rg
hkTLJAbr9jWMMRII1FVRJi5BkBhLYqwJzHX7Ptzft4dT7Xej7dFUe7Jp315A+fP9+fiPpS0tbQjqAM7Eek9MjPaqkj0xY8nAqv1g2zGvI8/sebZrWJ5k
DgQcCLZFnlOmfnhHcZkNXSJH4/rjXFfCXAVmacHciWBx+5VOR3M1hctxBU8qeIqCreXxhjDbGIf5EuYrMEfL4/d5aP/uLEFLbZavzTK1WUg5DTvKNzSk
ZVmDrHpizXGkrAJO77s/Yx46EP2tu/PQ6+rohBGL07n7BVBLAQIUAxQAAAAIAAAAIVz+dcdZcAAAAIwAAAALAAAAAAAAAAAAAACAAQAAAABfcmVscy8u
cmVsc1BLAQIUAxQAAAAIAAAAIVxM6+PeMAAAAC4AAAATAAAAAAAAAAAAAACAAZkAAABbQ29udGVudF9UeXBlc10ueG1sUEsBAhQDFAAAAAgAAAAhXOHd
GJ5tAAAAoAAAAA8AAAAAAAAAAAAAAIAB+gAAAHhsL3dvcmtib29rLnhtbFBLAQIUAxQAAAAIAAAAIVxPayv+gQAAABEBAAAaAAAAAAAAAAAAAACAAZQB
AAB4bC9fcmVscy93b3JrYm9vay54bWwucmVsc1BLAQIUAxQAAAAIAAAAIVzGZzf0iAAAAPkAAAANAAAAAAAAAAAAAACAAU0CAAB4bC9zdHlsZXMueG1s
UEsBAhQDFAAAAAgAAAAhXKEBZ3p/AAAAnwAAABgAAAAAAAAAAAAAAIABAAMAAHhsL3dvcmtzaGVldHMvc2hlZXQxLnhtbFBLAQIUAxQAAAAIAAAAIVxC
/NKHUAEAAKkDAAAYAAAAAAAAAAAAAACAAbUDAAB4bC93b3Jrc2hlZXRzL3NoZWV0Mi54bWxQSwUGAAAAAAcABwDGAQAAOwUAAAAA
END
cat >"$work/c.yaml" <<'YAML'
apiVersion: v3.2.0
kind: DataContract
id: sheets
version: 1.0.0
status: active
domain: ward
name: sheets
schema:
  - name: household
    properties:
      - {name: code, logicalType: string, businessName: Mã, required: true, primaryKey: true}
      - {name: commune, logicalType: string, businessName: Xã}
      - {name: made_on, logicalType: date, businessName: Ngày lập, logicalTypeOptions: {format: dd/MM/yyyy}}
YAML

expect 1 check "$work/ho.xlsx"
same "format" xlsx "$(field format)"
same "rows" 5 "$(field rows)"
same "the row with a broken cell" 1 "$(field rejected)"
same "sheets" Hộ "$(field sheets.1.name)"
same "the sheet read" true "$(field sheets.1.chosen)"
same "its hidden rows" 1 "$(field hidden.rows)"
same "the title is no row" 2 "$(field dialect.preamble_lines)"
expect 0 check "$work/ho.xlsx" --sheet Bìa
expect 2 check "$work/ho.xlsx" --sheet Xe
holds "it names the sheets there are" "$out" "Bìa, Hộ"

make_node
expect 0 apply "$work/c.yaml"
expect 1 load ward.household "$work/ho.xlsx"
same "read" 5 "$(field rows.read)"
same "accepted" 4 "$(field rows.accepted)"
holds "why one is set aside" "$out" "record:cell_error"
holds "hidden rows are told" "$out" "hidden_cells"
batch=$(field batch)
expect 0 quarantine get "$batch"
holds "the cell is named" "$out" "#N/A"
expect 0 get ward.household 0002
same "a merged cell gives its value to each row" "An Bình" "$(field commune)"
same "a date, whatever the contract's format" "2026-01-16" "$(field made_on)"

start_node
api POST "/api/v1/datasets/ward.household/batches?sheet=2" --data-binary @"$work/ho.xlsx"
same "over HTTP" 201 "$status"
api POST "/api/v1/datasets/ward.household/batches?sheet=9" --data-binary @"$work/ho.xlsx"
same "a sheet that is not there makes no batch" "400 sheet" "$status $(field errors.0.path "$body")"
holds "  said in parameters" "$body" "Use sheet with"
api POST "/api/v1/check?file=ho.xlsx&sheet=2" --data-binary @"$work/ho.xlsx"
holds "check over HTTP" "$body" '"chosen":true'
stop_node

# Sheets "Xã A" (2 rows), "Xã B" (3), "Cũ" (1, hidden), "Trống" (none) with the same header, "Ghi chú" with another.
base64 -d >"$work/communes.xlsx" <<'END'
UEsDBBQAAAAIAAAAIVwdp9JzUAAAAGYAAAALAAAAX3JlbHMvLnJlbHOzCUrNSSzJzM8rzsgsKLazQeYqeKbYKhUpKYRUFqTaKlXo56elZSanuuQnl+am5pUA
xROL0lNLgDI5+uX5RdlJ+fnZehW5OUr6djb6qMYCAFBLAwQUAAAACAAAACFcMXE5vX4AAAAPAQAADwAAAHhsL3dvcmtib29rLnhtbLMpzy/KTsrPz7azKc5I
TS0phtIKeYm5qbZKEYcXKzgqKYCFPFNslQyVFIqsMoGMIkMlfUylTkhKjeBKjdCVOh9diaTQGMguSSwBimdkpqSk5sH1GaPrCyl6uHtiXjqSXhO4YhN0xe4Z
mQrJGYd3Iak2has2BanWh/lYHx4IAFBLAwQUAAAACAAAACFckQR+j2gAAADSAQAAGgAAAHhsL19yZWxzL3dvcmtib29rLnhtbC5yZWxzswlKzUksyczPK87I
LCi2s0HmKnim2CoVGSophFQWpNoqVegXIavVL88vyi7OSE0tASpILEpPLbFVggsV64MpQ72K3BwlfWzGGlFgrBFuY40pMNYYt7EmFBhrgttYUwqMNYUZq48a
hQBQSwMEFAAAAAgAAAAhXPkwea95AAAAxwEAABgAAAB4bC93b3Jrc2hlZXRzL3NoZWV0MS54bWyzKc8vyi7OSE0tsbMBUy6JJYl2NkX55XY2yQoltkqZeTmZ
eanBJUVKdjaZxXY2JXa+hxfb6AOV64O4+sk41UUQqc4v/fCCSoWch7vWFqCq1we7Ap9THA2JssGRKFUGhvoGRvpGBkamJDvDiJrOMMLnDH2kSNJHxB0AUEsD
BBQAAAAIAAAAIVyPZW28gQAAAE4CAAAYAAAAeGwvd29ya3NoZWV0cy9zaGVldDIueG1ssynPL8ouzkhNLbGzAVMuiSWJdjZF+eV2NskKJbZKmXk5mXmpwSVF
SnY2mcV2NiV2vocX2+gDleuDuPrJONVFEKnOL/3wgkqFnIe71hagqtcHuwKfU5wMibLBiShVBob6Bkb6RgZGpiQ7w4iazjAi2xnG1HSGMT5n6COlFX1EEgIA
UEsDBBQAAAAIAAAAIVz1AquBcgAAAEABAAAYAAAAeGwvd29ya3NoZWV0cy9zaGVldDMueG1ssynPL8ouzkhNLbGzAVMuiSWJdjZF+eV2NskKJbZKmXk5mXmp
wSVFSnY2mcV2NiV2vocX2+gDleuDuPrJONVFEKnOL/3wgkqFnIe71hagqtcHuwKfU5wNibLBmShVBob6Bkb6RgZGpticoY8UOvqIQAMAUEsDBBQAAAAIAAAA
IVz+Phi7WwAAALkAAAAYAAAAeGwvd29ya3NoZWV0cy9zaGVldDQueG1ssynPL8ouzkhNLbGzAVMuiSWJdjZF+eV2NskKJbZKmXk5mXmpwSVFSnY2mcV2NiV2
vocX2+gDleuDuPrJONVFEKnOL/3wgkqFnIe71hagqtcHu0IfyVn6CNcCAFBLAwQUAAAACAAAACFcR6pvdGUAAADuAAAAGAAAAHhsL3dvcmtzaGVldHMvc2hl
ZXQ1LnhtbLMpzy/KLs5ITS2xswFTLokliXY2RfnldjbJCiW2Spl5OZl5qcElRUp2NpnFdjYlds4Pd88ssdEHatAHCegn41Tpl55xZGUiqlJ9sNH4zPc9vJgo
04HqFDKAbsFmvj6SX/QRXgQAUEsBAhQDFAAAAAgAAAAhXB2n0nNQAAAAZgAAAAsAAAAAAAAAAAAAAIABAAAAAF9yZWxzLy5yZWxzUEsBAhQDFAAAAAgAAAAh
XDFxOb1+AAAADwEAAA8AAAAAAAAAAAAAAIABeQAAAHhsL3dvcmtib29rLnhtbFBLAQIUAxQAAAAIAAAAIVyRBH6PaAAAANIBAAAaAAAAAAAAAAAAAACAASQB
AAB4bC9fcmVscy93b3JrYm9vay54bWwucmVsc1BLAQIUAxQAAAAIAAAAIVz5MHmveQAAAMcBAAAYAAAAAAAAAAAAAACAAcQBAAB4bC93b3Jrc2hlZXRzL3No
ZWV0MS54bWxQSwECFAMUAAAACAAAACFcj2VtvIEAAABOAgAAGAAAAAAAAAAAAAAAgAFzAgAAeGwvd29ya3NoZWV0cy9zaGVldDIueG1sUEsBAhQDFAAAAAgA
AAAhXPUCq4FyAAAAQAEAABgAAAAAAAAAAAAAAIABKgMAAHhsL3dvcmtzaGVldHMvc2hlZXQzLnhtbFBLAQIUAxQAAAAIAAAAIVz+Phi7WwAAALkAAAAYAAAA
AAAAAAAAAACAAdIDAAB4bC93b3Jrc2hlZXRzL3NoZWV0NC54bWxQSwECFAMUAAAACAAAACFcR6pvdGUAAADuAAAAGAAAAAAAAAAAAAAAgAFjBAAAeGwvd29y
a3NoZWV0cy9zaGVldDUueG1sUEsFBgAAAAAIAAgAHAIAAP4EAAAAAA==
END
expect 0 check "$work/communes.xlsx"
holds "sheets with the same columns are said" "$out" '\"Xã B\" (3 rows), \"Cũ\" (1 row, hidden)'
expect 0 load ward.household "$work/communes.xlsx"
same "one is read" 2 "$(field rows.accepted)"
holds "a load says it, too" "$out" "other_sheets"
holds "  with what to do" "$out" 'Read each with --sheet'
same "  and no others" "" "$(grep -o 'Trống' <<<"$out")"
expect 0 load ward.household "$work/communes.xlsx" --sheet "Xã B"
same "the sheet that was asked for" 3 "$(field rows.accepted)"
same "nothing is said of others then" "" "$(grep -o 'other_sheets' <<<"$out")"

# What stands below a table and is not read is said; a record is no note.
printf 'code,commune,made_on\nF1,Huế,01/02/2025\nF2,Huế,02/02/2025\n\nNguồn: Sở Y tế\n\nGhi chú: sơ bộ,,\n' >"$work/f.csv"
expect 0 check "$work/f.csv"
holds "check says which lines were not read" "$out" "2 lines below the table were not read: lines 5–7."
expect 0 load ward.household "$work/f.csv"
holds "so does a load" "$out" "2 lines below the table were not read: lines 5–7."
printf 'code;commune;made_on\nF3;Huế;01/02/2025\nF4;Huế;02/02/2025\nF5,Phú Hội,03/02/2025\n' >"$work/g.csv"
expect 1 load ward.household "$work/g.csv"
same "a record with another delimiter is read" "3 2 1" "$(field rows.read) $(field rows.accepted) $(field rows.rejected)"
same "  and no note" "" "$(grep -o footer_lines <<<"$out")"

# A document with its list under a member, nested; and what is no table.
printf '{"status":"ok","data":[{"code":"0007","commune":"Huế"},{"code":"0008"}]}' >"$work/d.json"
expect 0 load ward.household "$work/d.json"
same "a list under a member" 2 "$(field rows.accepted)"
printf '%%PDF-1.7' >"$work/a.pdf"
expect 2 check "$work/a.pdf"
holds "a PDF is named" "$out" "PDF"
printf 'a,b\n1,2\n\nkind,count,sum\nx,1,2\n' >"$work/two.csv"
expect 0 check "$work/two.csv"
same "the second table is listed" 4 "$(field tables.1.line)"
finish
