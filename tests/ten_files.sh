#!/usr/bin/env bash
# Goal: the ten commonest mistakes in files of offices are each said in one sentence that a clerk understands, and mended
# by --fix or by an answer. Method: ten files, each with one mistake, loaded into one dataset beside the codes of the
# country; the sentences in both languages, the rows that stand afterwards.
source "$(dirname "$(readlink -f "$0")")/lib/testing.sh"

make_node
nguon pack install "$root/packs/administrative-units"
same "the codes of the country are there" 0 "$code"
units=$root/packs/administrative-units/data

contract() { # VERSION CLASSIFICATION-OF-NOTE
    cat <<YAML
apiVersion: v3.2.0
kind: DataContract
id: office
version: $1
status: active
domain: office
name: office
schema:
  - name: household
    businessName: Hộ
    customProperties:
      - {property: access, value: open}
    properties:
      - {name: ma_ho, logicalType: string, businessName: Mã hộ, primaryKey: true, logicalTypeOptions: {pattern: '^[0-9]{6}$'}}
      - {name: ho_ten, logicalType: string, businessName: Họ và tên, required: true, classification: public}
      - {name: ngay_sinh, logicalType: date, businessName: Ngày sinh, classification: public}
      - {name: so_tien, logicalType: number, businessName: Số tiền}
      - name: ma_xa
        logicalType: string
        businessName: Mã xã
        relationships:
          - {type: foreignKey, to: administrative.ward.code}
      - {name: ghi_chu, logicalType: string, businessName: Ghi chú$2}
YAML
}
contract 1.0.0 "" >"$work/office.yaml"
expect 0 apply "$work/office.yaml"
cat >"$work/other.yaml" <<'YAML'
apiVersion: v3.2.0
kind: DataContract
id: fleet
version: 1.0.0
status: active
domain: fleet
name: fleet
schema:
  - name: vehicle
    properties:
      - {name: bien_so, logicalType: string, primaryKey: true}
      - {name: nhan_hieu, logicalType: string}
      - {name: so_cho, logicalType: integer}
      - {name: nam_san_xuat, logicalType: integer}
YAML
expect 0 apply "$work/other.yaml"

said() { # CODE: the sentence of the finding in both languages
    flatten <<<"$out" | awk -F '\t' -v code="$1" '
        $1 ~ /^(error\.)?(receipt\.)?results\.[0-9]+\.code$/ && $2 == code { at = $1; sub(/code$/, "", at) }
        at != "" && $1 == at "sentence.vi" { vi = $2 }
        at != "" && $1 == at "sentence.en" { print vi " | " $2; exit }'
}
offered() { # CODE: the sentence of the fix
    flatten <<<"$out" | awk -F '\t' -v code="$1" '
        $1 ~ /\.code$/ && $2 == code { at = $1; sub(/code$/, "", at) }
        at != "" && $1 == at "description.vi" { vi = $2 }
        at != "" && $1 == at "description.en" { print vi " | " $2; exit }'
}
load() { expect "$1" load office.household "$work/$2" "${@:3}"; }
row() { nguon get office.household "$1" --json; }
counts() { echo "$(field rows.read) $(field rows.accepted) $(field rows.rejected)"; }
HEAD="ma_ho,ho_ten,ngay_sinh,so_tien,ma_xa,ghi_chu"

# 1. An encoding of old: TCVN3, and text that was garbled on the way.
printf '%s\n100001,Nguy\324n V\250n An,1990-12-31,1,00004,\n100002,Tr\307n Th\336 B\327nh,1991-01-02,2,00004,\n100003,Ph\271m V\250n \247\370c,1992-01-02,3,00004,\n' \
    "$HEAD" >"$work/01-encoding.csv"
load 0 01-encoding.csv
holds "1 old encoding, in Vietnamese" "$(said old_encoding)" "Tệp dùng bảng mã tcvn3; chữ đã được đổi sang Unicode (UTF-8)."
holds "1 old encoding, in English" "$(said old_encoding)" "The file is in tcvn3; its text was changed to Unicode (UTF-8)."
row 100001
holds "1 the letters are right" "$out" '"Nguyễn Văn An"'
printf '%s\n100011,Nguyá»…n VÄƒn An,1990-12-31,1,00004,\n100012,Hoa,1990-12-31,1,00004,\n' "$HEAD" >"$work/01-garbled.csv"
load 0 01-garbled.csv --fix
row 100011
holds "1 garbled text is what it was" "$out" '"Nguyễn Văn An"'
row 100012
holds "1 and text that was right stays" "$out" '"Hoa"'

# 2. Zeros that a spreadsheet took away.
printf '%s\n123,An,1990-12-31,1,4,\n45,Bình,1990-12-31,1,00008,\n' "$HEAD" >"$work/02-zeros.csv"
load 1 02-zeros.csv
holds "2 lost zeros, in Vietnamese" "$(offered pad:ma_ho)" "Cột «ma_ho»: thêm lại số 0 ở đầu cho đủ 6 chữ số."
holds "2 lost zeros, in English" "$(offered pad:ma_xa)" "zeros lost at the front are put back, 5 digits in all"
load 0 02-zeros.csv --accept pad:ma_ho
same "2 mended" "2 2 0" "$(counts)"
row 000123
holds "2 the codes are whole" "$out" '"ma_xa":"00004"'
# Digits that are gone are refused.
printf '%s\n3.02E+11,An,1990-12-31,1,00004,\n' "$HEAD" >"$work/02-digits.csv"
load 1 02-digits.csv --fix
holds "2 destroyed digits, in Vietnamese" "$(said digits_lost)" "các chữ số sau đã mất và không ai đoán lại được"
holds "2 destroyed digits, in English" "$(said digits_lost)" "make the column Text, then export it again"

# 3. Dates that can be read two ways: asked, never silently.
printf '%s\n100031,An,05/06/1991,1,00004,\n100032,Bình,07/08/1992,1,00004,\n' "$HEAD" >"$work/03-dates.csv"
load 1 03-dates.csv --fix
same "3 not without an answer" "2 0 2" "$(counts)"
holds "3 dates, in Vietnamese" "$(offered date:ngay_sinh)" "Cột «ngay_sinh»: ngày viết kiểu dd/MM/yyyy được đọc lại đúng kiểu đó."
holds "3 the other reading is offered too" "$(offered date:ngay_sinh=MM/dd/yyyy)" "dates written as MM/dd/yyyy are read that way"
if script -qec true /dev/null >/dev/null 2>&1 </dev/null; then # a machine without pseudo-terminals cannot ask
    # A person at a terminal says no to days first and yes to months first.
    printf 'k\nc\n' | NGUON_DATA=$data LANG=vi_VN.UTF-8 script -qec "$program load office.household $work/03-dates.csv --fix" /dev/null >"$work/asked" 2>&1
    holds "3 asked at a terminal" "$(<"$work/asked")" "Sửa như vậy?"
    row 100031
    holds "3 the answer is what stands" "$out" '"ngay_sinh":"1991-05-06"'
else
    skip "3 asked at a terminal" "no pseudo-terminal can be made here"
fi

# 4. Numbers with the separators of Viet Nam.
printf '%s\n100041,An,1990-12-31,"1.234,5",00004,\n100042,Bình,1990-12-31,"2.000.000 đ",00004,\n' "$HEAD" >"$work/04-numbers.csv"
load 1 04-numbers.csv
holds "4 separators, in Vietnamese" "$(offered number:so_tien)" "Cột «so_tien»: số viết kiểu 1.234,5 được đọc là 1234.5."
holds "4 separators, in English" "$(offered number:so_tien)" "numbers written like 1.234,5 are read as 1234.5"
load 0 04-numbers.csv --fix
row 100041
holds "4 the number is right" "$out" '"so_tien":1234.5'
row 100042
holds "4 also with a currency" "$out" '"so_tien":2000000'

# 5. A title above the table, a total below it.
printf 'DANH SÁCH HỘ,,,,,\nNăm 2026,,,,,\n%s\n100051,An,1990-12-31,1,00004,\n100052,Bình,1990-12-31,2,00004,\nTổng cộng,,,3,,\n' "$HEAD" >"$work/05-total.csv"
load 1 05-total.csv
holds "5 a load says it too" "$(said total_row)" "Dòng 3 là dòng tổng cộng, không phải dữ liệu: nạp với --fix để bỏ."
load 0 05-total.csv --fix
same "5 mended" "2 2 0" "$(counts)"
holds "5 title rows, in Vietnamese" "$(said title_rows)" "2 dòng đầu tệp là tiêu đề, không phải dữ liệu; bảng bắt đầu ở dòng 3 của tệp."
holds "5 title rows, in English" "$(said title_rows)" "the table begins at line 3"
nguon check "$work/05-total.csv" --json
holds "5 the total, in Vietnamese" "$(said total_row)" "Dòng 3 là dòng tổng cộng, không phải dữ liệu"
holds "5 the total, in English" "$(said total_row)" "Row 3 sums up the others and is no data"

# The same without a contract of one's own: check writes one with the types of the data, and the total is left out.
printf 'STT,Tên thôn,Số hộ\n1,Thôn A,10\n2,Thôn B,20\n3,Thôn C,35\nTổng cộng,,65\n' >"$work/thon.csv"
expect 1 check "$work/thon.csv" --write-contract "$work/thon.yaml"
same "5 the total makes no text of a number" "integer 3 35" "$(field columns.0.type) $(field columns.2.distinct) $(field columns.2.max)"
expect 0 apply "$work/thon.yaml"
expect 1 load thon.thon "$work/thon.csv"
same "5 as check counted" "4 3 1" "$(counts)"
expect 0 load thon.thon "$work/thon.csv" --accept drop_total --replaces "$(field batch)"
same "5 left out by its name" "3 3 0 1" "$(counts) $(field mended.left_out)"
# And where it breaks no rule at all: never silently.
sed -e '/required: true/d' -e '/primaryKey/d' -e 's/logicalType: integer/logicalType: string/' -e 's/ thon$/ xom/' "$work/thon.yaml" >"$work/xom.yaml"
expect 0 apply "$work/xom.yaml"
expect 0 load xom.xom "$work/thon.csv"
same "5 it enters, and that is said" "4 4 0 Row 4 sums up the others and is no data: load with --fix to leave it out." \
    "$(counts) $(said total_row | sed 's/.* | //')"
expect 0 check "$work/thon.csv" --contract "$work/xom.yaml"
holds "5 check says it under a contract too" "$(said total_row)" "Row 4 sums up the others"
expect 0 check "$work/thon.csv" --contract "$work/xom.yaml" --fix -o "$work/xom.csv"
same "5 and writes the file without it" "3,Thôn C,35" "$(tail -n 1 "$work/xom.csv")"
expect 0 load xom.xom "$work/thon.csv" --fix --again
same "5 --fix leaves it out" "3 3 0" "$(counts)"

# 6. The same key twice: equal rows go, others wait for a person.
printf '%s\n100061,An,1990-12-31,1,00004,\n100061,An,1990-12-31,1,00004,\n100062,Bình,1990-12-31,2,00004,\n100062,Bình,1990-12-31,3,00004,\n' "$HEAD" >"$work/06-keys.csv"
load 1 06-keys.csv
holds "6 keys, in Vietnamese" "$(said key)" "2 dòng trùng khóa «ma_ho» với một dòng phía trên; dòng đầu tiên được giữ."
holds "6 keys, in English" "$(said key)" "2 rows with a key \"ma_ho\" that a row above has; the first one stays."
load 1 06-keys.csv --fix
same "6 the equal row is left out, the other is set aside" "3 2 1" "$(counts)"

# 7. Codes of communes that are no more.
former=$(awk -F, 'NR == FNR { now[$1] = 1; next } FNR > 1 && !($1 in now) { n[$1]++; to[$1] = $2 }
    END { for (c in n) if (n[c] == 1) print c, to[c] }' "$units/ward.csv" "$units/ward_succession.csv" | sort | head -n 1)
split_code=$(awk -F, 'NR == FNR { now[$1] = 1; next } FNR > 1 && !($1 in now) { n[$1]++ }
    END { for (c in n) if (n[c] > 1) print c }' "$units/ward.csv" "$units/ward_succession.csv" | sort | head -n 1)
printf '%s\n100071,An,1990-12-31,1,%s,\n100072,Bình,1990-12-31,2,%s,\n' "$HEAD" "${former% *}" "$split_code" >"$work/07-wards.csv"
load 1 07-wards.csv
holds "7 old wards, in Vietnamese" "$(offered successor:ma_xa)" "Cột «ma_xa»: mã cũ được thay bằng mã mới (chỉ khi một đổi một)."
holds "7 old wards, in English" "$(offered successor:ma_xa)" "former codes become present ones, where one became one"
holds "7 codes that became several, in Vietnamese" "$(said split_codes)" "mã cũ nay chia cho nhiều mã mới ($split_code → "
candidates=$(flatten <<<"$out" | awk -F '\t' '/\.candidates\.0\.candidates\.[0-9]+\t/ { print $2 }' | sort | paste -sd' ')
same "7 and they are named" "$(awk -F, -v c="$split_code" '$1 == c { print $2 }' "$units/ward_succession.csv" | sort -u | paste -sd' ')" "$candidates"
load 1 07-wards.csv --fix
same "7 one became several: never guessed" "2 1 1" "$(counts)"
row 100071
holds "7 one became one: changed" "$out" "\"ma_xa\":\"${former#* }\""


# 8. Personal data where nobody said so, in a dataset that is open.
printf '%s\n100081,An,1990-12-31,1,00004,001090000001\n100082,Bình,1990-12-31,1,00004,001191000002\n' "$HEAD" >"$work/08-personal.csv"
load 0 08-personal.csv
holds "8 personal data, in Vietnamese" "$(said personal_data)" "Cột «ghi_chu» có vẻ là dữ liệu cá nhân (số căn cước)"
holds "8 personal data, in English" "$(said personal_data)" "looks like personal data (citizen numbers) and everybody can read the dataset"
contract 1.1.0 ", classification: restricted" >"$work/office.yaml"
expect 2 apply "$work/office.yaml"
contract 1.1.0 ", classification: public" >"$work/office.yaml"
expect 0 apply "$work/office.yaml"
load 0 08-personal.csv
same "8 decided in the contract: not said again" "" "$(said personal_data)"

# 9. Columns under other names.
printf 'Mã số hộ,Họ tên chủ hộ,ngay_sinh,so_tien,ma_xa,ghi_chu\n100091,An,1990-12-31,1,00004,\n' >"$work/09-names.csv"
load 4 09-names.csv
holds "9 names, in Vietnamese" "$(offered rename:ho_ten)" "Cột «Họ tên chủ hộ» của tệp là «ho_ten»."
holds "9 names, in English" "$(offered rename:ma_ho)" "The file's column \"Mã số hộ\" is \"ma_ho\"."
load 0 09-names.csv --accept rename:ma_ho,rename:ho_ten
row 100091
holds "9 the columns are where they belong" "$out" '"ho_ten":"An"'

# 10. Another file altogether.
printf 'bien_so,nhan_hieu,so_cho,nam_san_xuat\n29A-123.45,Toyota,5,2020\n' >"$work/10-wrong.csv"
load 4 10-wrong.csv
holds "10 wrong file, in Vietnamese" "$(said wrong_file)" "Có vẻ nhầm tệp: chỉ 0 trong 4 cột của tệp có trong office.household; tệp giống dữ liệu của fleet.vehicle."
holds "10 wrong file, in English" "$(said wrong_file)" "it looks like one for fleet.vehicle"
same "10 and nothing else" 1 "$(flatten <<<"$out" | grep -cE '^results\.[0-9]+\.rule')"
expect 0 load fleet.vehicle "$work/10-wrong.csv"

# What was accepted is kept, and offered next time.
load 1 02-digits.csv
holds "the recipe is offered, in Vietnamese" "$(said recipe)" "Lần trước tệp đã được sửa; nạp với --fix để sửa như vậy:"
holds "the recipe is offered, in English" "$(said recipe)" "The last file was mended; load with --fix to do the same:"

# The same without loading: check says what it would be, and writes the mended file.
expect 1 check "$work/02-zeros.csv" --contract "$work/office.yaml" --schema household
holds "check knows the codes of the node" "$(offered pad:ma_xa)" "5 chữ số"
expect 0 check "$work/02-zeros.csv" --contract "$work/office.yaml" --schema household --fix --accept pad:ma_ho -o "$work/mended.csv"
same "check --fix -o writes the mended file" "000123,An,1990-12-31,1,00004," "$(sed -n 2p "$work/mended.csv")"
saved=$data
data=$work/nowhere
expect 1 check "$work/02-zeros.csv" --contract "$work/office.yaml" --schema household
data=$saved
same "without a node it says what was not judged" "administrative.ward" "$(field not_judged.0.to)"
expect 2 check "$work/02-zeros.csv" --fix
expect 0 verify
finish
