#!/usr/bin/env bash
# Goal: the public listener reads open datasets and nothing else; the internal one gives nothing without the token;
# no key of a person reaches a log. Method: datasets open, shared and internal times every route; wrong tokens; the
# log read for a citizen's number.
source "$(dirname "$0")/lib/testing.sh"

make_node
citizen=001088012345
for access in open shared internal; do
    small_contract $access $access >"$work/$access.yaml"
    nguon apply "$work/$access.yaml"
    { small_rows 1 20; echo "$citizen,Nguyễn Thị Hoa,1,1988-04-30"; echo "k9,Sai,x,2026-01-01"; } >"$work/rows.csv"
    nguon load $access.item "$work/rows.csv" --json
    [ "$code" = 1 ] || not_ok "load into $access" "$err"
    declare "batch_$access=$(field batch)"
done
start_node || finish

# status_of WHAT EXPECTED: of the last request.
status_of() { same "$1: $2" "$2" "$status"; }
api GET /api/v1/datasets/open.item/chain
segment=$(field manifests.0 "$body" | cut -d. -f2 | tr '_-' '/+' | base64 -di 2>/dev/null | grep -oE '"segments":\[\{"sha256":"[0-9a-f]+' | grep -oE '[0-9a-f]{64}')
[ ${#segment} = 64 ] || not_ok "the manifest names its segment" "$body"
# Both datasets hold the same bytes, so the hash of one is the hash of all.
reads=("" /contract /chain /quality /history "/history?key=$citizen" /rows "/rows?format=csv" "/rows?name=x" /rows/$citizen
    "/rows/$citizen?as_of=seq:5" "/segments/$segment")
for access in open shared internal; do
    d=/api/v1/datasets/$access.item
    expected=403
    [ $access = open ] && expected=200
    for path in "${reads[@]}"; do
        wanted=$expected
        [[ $wanted == 200 && $path == *seq:5 ]] && wanted=404
        open_api GET "$d$path"
        status_of "public, $access, GET ${path:-the dataset}" $wanted
        [ "$wanted" != 403 ] || [[ $body != *Nguyễn* ]] || not_ok "  and shows nothing" "$body"
        api GET "$d$path"
        wanted=$([[ $path == *seq:5 ]] && echo 404 || echo 200)
        status_of "internal, $access, GET ${path:-the dataset}" $wanted
        request "$internal" GET "$d$path"
        status_of "internal without token, $access, GET ${path:-the dataset}" 401
    done
    open_api POST /api/v1/query -d "{\"sql\":\"select count(*) from $access.item\"}"
    status_of "public, $access, query" $expected
    name=batch_$access
    for path in /batches "/batches/${!name}" "/batches/${!name}/quarantine"; do
        open_api GET "$d$path"
        status_of "public, $access, GET ${path/${!name}/ID}" 403
        api GET "$d$path"
        status_of "internal, $access, GET ${path/${!name}/ID}" 200
    done
    for attempt in "POST $d/batches" "POST $d/batches/${!name}/quarantine" "PUT $d/rows/k000001" "DELETE $d/rows/k000001" \
        "POST $d/views/lookup/rebuild"; do
        open_api "${attempt%% *}" "${attempt#* }" --data-binary "@$work/rows.csv"
        tell "public, $access, ${attempt/${!name}/ID}: $status" [ "$status" = 403 -o "$status" = 405 ]
    done
done
open_api GET /api/v1/datasets
same "the public list has the open dataset alone" open.item "$(flatten <<<"$body" | awk -F '\t' '/\.dataset\t/ { printf "%s%s", s, $2; s = " " }')"
api GET /api/v1/datasets
same "the internal one has all" 3 "$(flatten <<<"$body" | grep -c '\.dataset	')"
for path in /api/v1/contracts /api/v1/verify /api/v1/check; do
    open_api POST $path -d '{}'
    status_of "public, POST $path" 403
    request "$internal" POST $path -d '{}'
    status_of "internal without token, POST $path" 401
done
api GET /api/v1/datasets/open.item
same "nothing was changed by all this" "21 21" "$(field rows "$body") $(field seq "$body")"

# --- roundabout addresses
d=/api/v1/datasets/internal.item
for path in "/api/v1/datasets/internal%2eitem/rows/$citizen" "/api/v1/datasets/open.item/../internal.item/rows/$citizen" \
    "/api/v1//datasets/internal.item/rows/$citizen" "/api/v1/datasets/INTERNAL.item/rows/$citizen" \
    "$d%2frows%2f$citizen" "/api/v1/datasets/open.item%00/../internal.item" "$d/segments/..%2f..%2fadmin.token" \
    "/api/v1/datasets/open.item/segments/..%2f..%2fadmin.token" "/%2e%2e/%2e%2e/etc/passwd" "//etc/passwd"; do
    open_api GET "$path" --path-as-is
    tell "public, GET ${path//$citizen/KEY}: $status" [ "$status" = 400 -o "$status" = 403 -o "$status" = 404 ]
    tell "  and shows nothing" [ "${body/Nguyễn/}${body/root:/}${body/$token/}" = "$body$body$body" ]
done
open_api HEAD $d --head
status_of "public, HEAD of an internal dataset" 403
open_api POST $d/rows -H 'X-HTTP-Method-Override: GET'
tell "public, another method in a header: $status" [ "$status" = 403 -o "$status" = 405 ]

# --- tokens
for wrong in "Bearer" "Bearer x" "Bearer $token$token" "Bearer ${token%?}" "Basic $token" "$token" "bearer  "; do
    request "$internal" GET /api/v1/datasets -H "Authorization: $wrong"
    status_of "a wrong token (${wrong/$token/TOKEN})" 401
done
request "$internal" GET "/api/v1/datasets?token=$token"
status_of "a token in the address" 401
open_api GET /api/v1/datasets/internal.item -H "Authorization: Bearer $token"
status_of "the right token on the public listener" 403
same "admin.token is for its owner alone" "600 700" "$(stat -c %a "$data/admin.token") $(stat -c %a "$data/keys")"

# --- without token
for path in /health /health/live /metrics; do
    request "$internal" GET $path
    status_of "internal without token, GET $path" 200
done
open_api GET /health
status_of "public, GET /health" 200
open_api GET /metrics
status_of "public, GET /metrics" 403
for path in /api/v1/node /api/v1/openapi.json; do
    open_api GET $path
    status_of "public, GET $path" 200
done

# --- request ids
open_api GET /health
first=$(sed -n 's/^[Xx]-[Rr]equest-[Ii]d: //p' <<<"$headers")
open_api GET /no/such
second=$(sed -n 's/^[Xx]-[Rr]equest-[Ii]d: //p' <<<"$headers")
tell "each answer has a request id of its own" [ -n "$first" -a -n "$second" -a "$first" != "$second" ]
holds "a problem names it" "$body" "$second"
grep -q "$second" "$work/node.log" && ok "and so does the log" || not_ok "and so does the log"

# --- what leaves the node about a person: nothing in logs, metrics, errors
api GET "/api/v1/datasets/internal.item/rows/$citizen?as_of=2000-01-01T00:00:00Z"
tell "an error does not repeat the key" [ "$status" = 404 -a "${body/$citizen/}" = "$body" ]
api GET "/api/v1/datasets/internal.item/rows?id=$citizen"
same "the citizen is found by a filter" "200 $citizen" "$status $(field rows.0.id "$body")"
api POST /api/v1/query -d "{\"sql\":\"select * from internal.item where id = '$citizen'\"}"
same "and by SQL" "200 $citizen" "$status $(field rows.0.0 "$body")"
api POST /api/v1/query -d "{\"sql\":\"select id::date from internal.item where id = '$citizen'\"}"
request "$internal" GET /metrics
tell "no key in the metrics" [ "${body/$citizen/}" = "$body" ]
nguon get internal.item $citizen
stop_node
lines=$(wc -l <"$work/node.log")
tell "the log has every request: $lines lines" [ "$lines" -gt 150 ]
same "lines of the log with the citizen's number" 0 "$(grep -c "$citizen" "$work/node.log")"
same "lines of the log with the citizen's name" 0 "$(grep -c "Nguyễn" "$work/node.log")"
same "lines of the log with the token" 0 "$(grep -cF -- "$token" "$work/node.log")"
same "files of other users can read, in the data directory's keys" "" "$(find "$data/keys" "$data/admin.token" -type f -perm /077)"
finish
