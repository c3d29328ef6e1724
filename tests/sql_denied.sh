#!/usr/bin/env bash
# Goal: SQL from people reads datasets and nothing else, and cannot hurt the node. Method: each attack by command and
# over HTTP, on the internal and the public listener: denied (4, 403) or stopped at a limit (5, 503); the node stays
# up, answers others meanwhile, and stays under a bound of memory.
source "$(dirname "$0")/lib/testing.sh"

small_contract open open >"$work/open.yaml"
small_contract closed internal >"$work/closed.yaml"
small_rows 1 2000 >"$work/rows.csv"
make_node
nguon apply "$work/open.yaml" "$work/closed.yaml"
nguon load open.item "$work/rows.csv"
nguon load closed.item "$work/rows.csv"
sed -i 's/query.seconds: .*/query.seconds: 2/; s/query.memory_mb: .*/query.memory_mb: 256/' "$data/nguon.yaml"
echo 0wn3d >"$work/secret.csv"

denied=(
    "select * from read_csv('$work/secret.csv')"
    "select * from '$work/secret.csv'"
    "select * from read_text('/etc/passwd')"
    "select * from read_blob('$data/keys/node.pem')"
    "select * from read_parquet('$data/segments/*.parquet')"
    "select * from glob('/*')"
    "select * from sniff_csv('/etc/passwd')"
    "select content from read_text('$data/admin.token')"
    "select getenv('PATH')"
    "select current_setting('memory_limit')"
    "select * from duckdb_settings()"
    "select * from duckdb_tables()"
    "select * from information_schema.tables"
    "select * from pg_catalog.pg_class"
    "select * from sqlite_master"
    "select * from pragma_version()"
    "select * from query('select 1')"
    "select * from query_table('open.item')"
    "set memory_limit = '100GB'"
    "set threads = 64"
    "reset memory_limit"
    "pragma database_list"
    "attach '$data/control.db' as c"
    "attach ':memory:' as m"
    "use memory"
    "copy open.item to '$work/stolen.csv'"
    "copy (select 1) to '/dev/tcp/127.0.0.1/1'"
    "import database '/tmp'"
    "export database '$work/stolen'"
    "install httpfs"
    "load httpfs"
    "create table t as select 1"
    "create or replace macro m() as 1"
    "create view v as select 1"
    "insert into open.item values ('x', 'x', 1, null)"
    "update open.item set name = 'x'"
    "delete from open.item"
    "drop table open.item"
    "alter table open.item rename to x"
    "begin"
    "checkpoint"
    "vacuum"
    "call pragma_version()"
    "prepare p as select 1"
    "execute p"
    "select 1; select 2"
    "select 1; drop table open.item"
    "explain analyze select 1; select 2"
    "select * from open.item where name in (select content from read_text('/etc/passwd'))"
    "with x as (select * from read_csv('/etc/passwd')) select * from x"
    "select (select max(size) from read_text('/etc/passwd'))"
    "select * from system.main.duckdb_columns"
    "select * from memory.main.x"
)
limits=(
    "with recursive t(n) as (select 1 union all select n + 1 from t) select count(*) from t"
    "with recursive t(s) as (select 'x' union all select s || s from t) select max(length(s)) from t"
    "select length(repeat('x', 2000000000))"
    "select sum(length(repeat(name, 1000000))) from open.item"
    "select string_agg(repeat('x', 1000000), '') from open.item"
    "select count(*) from (select unnest(range(2000000000)) n) a"
    "select list_sum(range(2000000000))"
    "select count(*) from open.item a, open.item b, open.item c, open.item d where a.amount + b.amount + c.amount + d.amount = 1"
    "select * from range(100000000000) order by 1 desc"
)

report() { # WHAT WRONG COUNT, WRONG being empty when all is well
    if [ -z "$2" ]; then ok "$1 ($3)"; else not_ok "$1" "$2"; fi
}
short() { local text=${1//"$work"\//}; echo "${text:0:80}"; }

# --- by command, the node stopped
wrong=''
for sql in "${denied[@]}"; do
    nguon query "$sql" --json
    case "$code $(field error.code)" in
        "4 denied") ;;
        "2 invalid" | "3 not_found") # several statements, or a name that is no dataset
            [[ $sql =~ ^(select|with|explain) ]] || wrong+="$code: $(short "$sql"): $out"$'\n' ;;
        *) wrong+="$code: $(short "$sql"): $out $err"$'\n' ;;
    esac
    [[ $out != *0wn3d* && $out != *root:* ]] || wrong+="leaks: $(short "$sql")"$'\n'
done
report "denied by command" "$wrong" ${#denied[@]}
tell "nothing was written" [ ! -e "$work/stolen.csv" -a ! -e "$work/stolen" ]
for sql in "${limits[@]:0:3}"; do
    expect 5 query "$sql" --limit-seconds 1 --limit-memory 256MB
done

# --- a node
start_node || finish
rss() { awk '/^VmRSS/ { print $2 }' "/proc/$pid/status"; }
peak() { awk '/^VmHWM/ { print $2 }' "/proc/$pid/status"; }
ask() { # LISTENER SQL
    if [ "$1" = public ]; then
        open_api POST /api/v1/query -d "{\"sql\":$(json_string "$2")}"
    else
        api POST /api/v1/query -d "{\"sql\":$(json_string "$2")}"
    fi
}
ask internal "select count(*) from open.item"
before=$(rss)
for listener in internal public; do
    wrong=''
    for sql in "${denied[@]}"; do
        ask $listener "$sql"
        [[ $status =~ ^(403|400|404)$ ]] || wrong+="$status: $(short "$sql"): ${body:0:200}"$'\n'
        [ "$status" = 403 ] || [[ $sql =~ ^(select|with|explain|call) ]] || wrong+="$status instead of 403: $(short "$sql"): ${body:0:200}"$'\n'
        [[ $body != *0wn3d* && $body != *root:* ]] || wrong+="leaks: $(short "$sql")"$'\n'
    done
    report "denied over HTTP, $listener" "$wrong" ${#denied[@]}
done
wrong=''
for sql in "${limits[@]}"; do
    ask internal "$sql" &
    asking=$!
    [ "$(curl -s -o /dev/null -w '%{http_code}' "http://$public/health/live")" = 200 ] || wrong+="not live during: $(short "$sql")"$'\n'
    wait $asking
    # The subshell's variables are gone; its answer is in the files.
    body=$(<"$work/.body")
    [ "$(field code "$body")" = unavailable ] || [ "$(field code "$body")" = too_large ] ||
        wrong+="$(short "$sql"): ${body:0:300}"$'\n'
done
report "stopped at a limit over HTTP" "$wrong" ${#limits[@]}
ask public "${limits[0]}"
same "and on the public listener" 503 "$status"
sql="select $(printf '(%.0s' {1..3000})1$(printf ')%.0s' {1..3000})"
ask internal "$sql"
tell "3,000 brackets: an answer, no crash" [ "$status" = 200 -o "$status" = 400 -o "$status" = 403 -o "$status" = 503 ]
head -c 3000000 /dev/zero | tr '\0' ' ' >"$work/spaces"
api POST /api/v1/query -d "@$work/spaces"
tell "3 MB of blanks: an answer" [ "$status" = 400 -o "$status" = 413 ]

# --- what may be asked
ask public "select count(*) from open.item"
same "public, open dataset" '200 2000' "$status $(field rows.0.0 "$body")"
ask public "select count(*) from closed.item"
same "public, internal dataset" "403 denied" "$status $(field code "$body")"
ask public "select count(*) from open.item where id in (select id from closed.item)"
same "public, internal dataset in a subquery" "403 denied" "$status $(field code "$body")"
ask public "with c as (select * from closed.item) select count(*) from c"
same "public, internal dataset in a WITH" "403 denied" "$status $(field code "$body")"
ask internal "select count(*) from closed.item join open.item using (id)"
same "internal, both" '200 2000' "$status $(field rows.0.0 "$body")"
open_api POST /api/v1/query -d '{"sql":"select 1","limit_seconds":3000}'
same "public: no limit above the node's" 400 "$status"
open_api POST /api/v1/query -d '{"sql":"select * from open.item","limit_rows":1000000}'
same "public: no more rows than 10,000" 400 "$status"

# --- the node afterwards
tell "the node is up" kill -0 "$pid"
after=$(peak)
echo "   the node's memory: $before kB after the first query, at most $after kB"
tell "its memory never passed 400 MB" [ "$after" -lt 409600 ]
children=$(cat "/proc/$pid/task/"*/children 2>/dev/null)
same "no child is left" '' "${children// /}"
api GET /health
same "and it is well" "200 ready" "$status $(field status "$body")"
tell "no temporary file is left" [ -z "$(ls -A "$data/tmp")" ]
stop_node
expect 0 verify
finish
