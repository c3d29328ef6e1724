#!/usr/bin/env bash
# Goal: the dashboard and the alerts of deploy/ draw what there is. Method: every metric that their expressions name is
# looked for in /metrics of a node that has served something, with its type: a counter where a rate is taken.
source "$(dirname "$0")/lib/testing.sh"
cd "$root" || exit 1

make_node
small_contract open open >"$work/open.yaml"
printf 'slaProperties:\n  - {property: frequency, value: 1, unit: d}\n' >>"$work/open.yaml" # a promise to be late with
small_rows 1 20 >"$work/rows.csv"
nguon apply "$work/open.yaml"
nguon load open.item "$work/rows.csv"
start_node
open_api GET /api/v1/datasets
open_api GET /nowhere
request "$internal" GET /metrics
same "metrics need no token on the internal listener" 200 "$status"
printf '%s\n' "$body" >"$work/metrics"
stop_node

is_one_json "$(<deploy/grafana/nguon.json)" && ok "the dashboard is JSON" || not_ok "the dashboard is JSON"
expressions() { grep -hoE '("expr": "|expr: |"query": ").*' "$@"; }
named() { grep -oE '\b(nguon|process)_[a-z_]+' | sort -u; }
for file in deploy/grafana/nguon.json deploy/prometheus/alerts.yaml; do
    count=0
    for metric in $(expressions $file | named); do
        grep -q "^$metric[{ ]" "$work/metrics" && count=$((count + 1)) || not_ok "$file: $metric" "it is not in /metrics"
    done
    tell "$file names $count metrics, and they are there" [ $count -ge 5 ]
    for metric in $(expressions $file | grep -oE 'rate\((nguon|process)_[a-z_]+' | sed 's/rate(//' | sort -u); do
        grep -qE "^# TYPE ${metric%_bucket} (counter|histogram)$" "$work/metrics" ||
            not_ok "$file: a rate of $metric" "it is no counter"
    done
done
started=$(awk '$1 == "process_start_time_seconds" { printf "%d", $2 }' "$work/metrics")
tell "the start of the process is a minute ago at most" [ $(($(date +%s) - started)) -le 60 ]
# And the other way round: what nobody looks at is not worth its place.
for metric in $(grep -oE '^# TYPE [a-z_]+' "$work/metrics" | cut -d' ' -f3); do
    expressions deploy/grafana/nguon.json | grep -q "$metric" || not_ok "the dashboard shows $metric"
done

finish
