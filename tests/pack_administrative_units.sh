#!/bin/sh
# Goal: the pack's data hold together. Method: counts, keys and references by awk; no network.
# The CSV files hold no quoted field (checked first), so splitting at commas is right.
set -eu
LC_ALL=C
export LC_ALL
pack=$(cd "$(dirname "$0")/../packs/administrative-units" && pwd)
data=$pack/data
failed=0

check() { # WHAT EXPECTED FOUND
    if [ "$2" = "$3" ]; then
        echo "ok $1: $3"
    else
        echo "FAILED $1: expected $2, found $3"
        failed=1
    fi
}

# rows FILE [CONDITION]: data rows for which the awk condition holds
rows() { awk -F, "NR > 1 && (${2:-1})" "$data/$1.csv" | wc -l | tr -d ' '; }

# column FILE NAME: the non-empty values of a column
column() {
    awk -F, -v name="$2" '
        NR == 1 { for (i = 1; i <= NF; i++) if ($i == name) at = i
                  if (!at) { print "no column " name; exit } next }
        $at != "" { print $at }' "$data/$1.csv"
}

# dangling FILE COLUMN TO_FILE: values of the column that are no key there
dangling() {
    column "$1" "$2" | awk -v to="$data/$3.csv" '
        BEGIN { while ((getline line < to) > 0) { split(line, f, ","); key[f[1]] = 1 } }
        !($0 in key)' | wc -l | tr -d ' '
}

for file in province ward former_province former_district former_ward ward_succession; do
    check "$file: quotes and carriage returns" 0 \
        "$(awk '/["\r]/' "$data/$file.csv" | wc -l | tr -d ' ')"
    check "$file: rows of another width" 0 \
        "$(awk -F, 'NR == 1 { n = NF } NF != n' "$data/$file.csv" | wc -l | tr -d ' ')"
done

check "provinces and cities" 34 "$(rows province)"
check "cities on 1 July 2025" 6 "$(rows province '$4 == "municipality"')"
check "cities on 20 September 2026" 9 "$(rows province '$9 == "municipality"')"
check "units below the province" 3321 "$(rows ward)"
check "communes" 2621 "$(rows ward '$4 == "commune"')"
check "wards" 687 "$(rows ward '$4 == "ward"')"
check "special zones" 13 "$(rows ward '$4 == "special_zone"')"
check "wards whose name begins with another kind" 0 "$(rows ward \
    '!($4 == "commune" && /,Xã / || $4 == "ward" && /,Phường / || $4 == "special_zone" && /,Đặc khu /)')"
check "former provinces" 63 "$(rows former_province)"
check "former districts" 696 "$(rows former_district)"
check "former wards" 10051 "$(rows former_ward)"
check "former wards merged before the reform" 19 "$(rows former_ward '$7 == "merged_before"')"
check "successions" 10578 "$(rows ward_succession)"

for file in province:2 ward:5 former_province:2 former_district:3 former_ward:5; do
    name=${file%:*}
    check "$name: doubled codes" 0 "$(column "$name" code | sort | uniq -d | wc -l | tr -d ' ')"
    check "$name: codes that are not ${file#*:} digits" 0 \
        "$(rows "$name" "\$1 !~ /^[0-9]+\$/ || length(\$1) != ${file#*:}")"
    check "$name: out of order" 0 "$(column "$name" code | sort -c 2>&1 | wc -l | tr -d ' ')"
done
check "ward_succession: doubled pairs" 0 \
    "$(cut -d, -f1,2 "$data/ward_succession.csv" | sort | uniq -d | wc -l | tr -d ' ')"

for reference in ward:province_code:province former_province:successor_province_code:province \
    former_district:former_province_code:former_province \
    former_district:successor_ward_code:ward former_ward:former_district_code:former_district \
    former_ward:former_province_code:former_province \
    ward_succession:former_ward_code:former_ward ward_succession:ward_code:ward; do
    from=${reference%%:*}
    to=${reference##*:}
    name=${reference#*:}
    name=${name%:*}
    check "$from.$name: not in $to" 0 "$(dangling "$from" "$name" "$to")"
done

check "former wards outside their district's province" 0 \
    "$(awk -F, 'NR == FNR { home[$1] = $5; next } FNR > 1 && home[$5] != $6' \
        "$data/former_district.csv" "$data/former_ward.csv" | wc -l | tr -d ' ')"
check "successions that leave the province's successor" 0 \
    "$(awk -F, 'FILENAME ~ /former_province/ { successor[$1] = $6; next }
                FILENAME ~ /former_ward/ { home[$1] = $6; next }
                FILENAME ~ /\/ward\.csv/ { where[$1] = $5; next }
                FNR > 1 && successor[home[$1]] != where[$2]' \
        "$data/former_province.csv" "$data/former_ward.csv" "$data/ward.csv" \
        "$data/ward_succession.csv" | wc -l | tr -d ' ')"
check "former wards with parts and a whole" 0 \
    "$(awk -F, 'NR > 1 { n[$1]++; if ($3 == "whole") whole[$1] = 1 }
                END { for (c in n) if (whole[c] && n[c] > 1) print c }' \
        "$data/ward_succession.csv" | wc -l | tr -d ' ')"

# exceptions TITLE: the codes in the README's list that follows the line with TITLE
exceptions() {
    awk -v title="$1" 'index($0, title) { on = 1 } on && /^[0-9][0-9 ]*$/ { print; exit }' \
        "$pack/README.md"
}
missing() { # FILE COLUMN_OF_SUCCESSION
    awk -F, -v at="$2" 'NR == FNR { seen[$at] = 1; next } FNR > 1 && !($1 in seen) { print $1 }' \
        "$data/ward_succession.csv" "$data/$1.csv" | sort | tr '\n' ' ' | sed 's/ $//'
}
check "wards without predecessor are those of the README" \
    "$(exceptions 'New wards without a predecessor')" "$(missing ward 2)"
check "former wards without successor are those of the README" \
    "$(exceptions 'Former wards without a successor')" "$(missing former_ward 1)"
check "wards without predecessor are those that follow a district" "$(missing ward 2)" \
    "$(column former_district successor_ward_code | sort | tr '\n' ' ' | sed 's/ $//')"

exit $failed
