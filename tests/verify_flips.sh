#!/usr/bin/env bash
# Goal: nothing on the disk can be altered unseen. Method: a copy of a data directory without private keys; one bit
# flipped in each of 100 random places of segments and chain, then other files changed, removed, swapped: `verify`
# exits 1 and names the file each time. The untouched copy is sound, and verifying it changes no byte.
source "$(dirname "$0")/lib/testing.sh"
seed_random

make_node
small_contract small open >"$work/c.yaml"
nguon apply "$work/c.yaml"
for first in 1 41 81 121; do
    { small_rows $first $((first + 49)); echo "k9,Sai $first,x,2026-01-01"; } >"$work/rows.csv"
    nguon load small.item "$work/rows.csv"
    [ "$code" = 1 ] || not_ok "load" "$err"
done
cp -r "$data" "$work/whole"
rm -r "$work/whole/keys" "$work/whole/admin.token"
data=$work/copy
fresh() { # the copy as it was
    rm -rf "$data"
    cp -r "$work/whole" "$data"
}
sums() { (cd "$data" && find . -type f -exec sha256sum {} + | sort -k2); }
verify() { nguon verify --json "$@"; }
# names FILE: verify exited 1 and FILE is among its findings.
names() { [ "$code" = 1 ] && [[ $(field ok) = false ]] && flatten <<<"$out" | grep -qE "^findings\.[0-9]+\.file	$1\$"; }
caught() { # WHAT FILE
    verify
    if names "$2"; then ok "$1: verify names $2"; else not_ok "$1: verify names $2" "exit $code: $out $err"; fi
}

fresh
sums >"$work/before"
expect 0 verify
same "the untouched copy is sound" "true 4 170" "$(field ok) $(field datasets.0.segments) $(field datasets.0.rows)"
same_files "and not a byte of it changed" "$work/before" <(sums)
expect 0 verify small.item --public-key "$data/public.pem"

# --- one bit in each of 100 places, half of them in segments, half in the chain
flip() { # FILE OFFSET BIT
    local byte
    byte=$(od -An -tu1 -j "$2" -N 1 "$1")
    # shellcheck disable=SC2059
    printf "\\x$(printf %02x $((byte ^ (1 << $3))))" | dd of="$1" bs=1 seek="$2" conv=notrunc status=none
}
cd "$data" || exit 1
segments=(segments/*)
manifests=(chain/small.item/*)
seen=0
for i in $(seq 100); do
    if [ $((i % 2)) = 0 ]; then
        file=${segments[RANDOM % ${#segments[@]}]}
    else
        file=${manifests[RANDOM % ${#manifests[@]}]}
    fi
    offset=$(((RANDOM * 32768 + RANDOM) % $(stat -c %s "$file")))
    bit=$((RANDOM % 8))
    flip "$file" $offset $bit
    verify
    if names "$file"; then
        seen=$((seen + 1))
    else
        not_ok "bit $bit of byte $offset of $file" "exit $code: $out $err"
    fi
    flip "$file" $offset $bit
done
cd "$work" || exit 1
same "flipped bits that verify named, of 100" 100 $seen
same_files "all flipped back" "$work/before" <(sums)

# --- everything else that is kept
file=$(cd "$data" && echo quarantine/* | cut -d' ' -f1)
flip "$data/$file" $(($(stat -c %s "$data/$file") / 2)) 3
caught "a bit of a quarantine file" "$file"
fresh
rm "$data/$file"
caught "a quarantine file gone" "$file"
fresh
rm "$data/${segments[0]}"
caught "a segment gone" "${segments[0]}"
same "  as missing" missing "$(field findings.0.problem)"
fresh
cp "$data/${segments[0]}" "$data/${segments[1]}"
caught "a segment with another's content" "${segments[1]}"
fresh
truncate -s -1 "$data/${segments[2]}"
caught "a segment without its last byte" "${segments[2]}"
fresh
cp "$data/chain/small.item/1.jws" "$work/one"
mv "$data/chain/small.item/2.jws" "$data/chain/small.item/1.jws"
mv "$work/one" "$data/chain/small.item/2.jws"
caught "two manifests swapped" "chain/small.item/[12].jws"
fresh
rm "$data/chain/small.item/3.jws"
caught "a manifest gone" "chain/small.item/3.jws"

# The database: a receipt's text, found in its bytes and changed where it says who accepted what.
fresh
[ ! -s "$data/control.db-wal" ] || not_ok "the log was emptied into the database at the end"
change_text() { # FROM TO, of the same length, in control.db
    sed "s/$1/$2/" "$work/whole/control.db" >"$data/control.db"
    ! cmp -s "$work/whole/control.db" "$data/control.db" || not_ok "control.db has the text $1"
}
change_text '"accepted":50,"rejected":1' '"accepted":51,"rejected":0'
caught "a receipt's counts" control.db
change_text '"batch":"01' '"batch":"02'
caught "a receipt's batch" control.db
fresh
dd if=/dev/zero of="$data/control.db" bs=1 seek=100 count=4000 conv=notrunc status=none
caught "the database's first page" control.db
fresh
rm "$data/control.db"
verify
if [ "$code" = 1 ] && [[ $out == *control.db* ]]; then
    ok "the database gone: verify names control.db"
else
    not_ok "the database gone: verify names control.db" "exit $code: $out $err"
fi

# --- another node's key, and another node's signature
"$program" init --member VN/GOV/OTHER --data "$work/other" >/dev/null
fresh
verify --public-key "$work/other/public.pem"
if names "chain/small.item/1.jws" && [[ $out == *bad_signature* ]]; then
    ok "another node's public key: bad_signature"
else
    not_ok "another node's public key: bad_signature" "exit $code: $out"
fi
verify --public-key "$work/before"
same "a file that is no key is invalid" "2 invalid" "$code $(field error.code)"
fresh
expect 0 verify
finish
