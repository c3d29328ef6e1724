#!/usr/bin/env bash
# Goal: a node that works for a long time stays as it was: memory, descriptors and the slowest answers do not grow, and
# the history verifies. Method: NGUON_SOAK_SECONDS (1800) of everything at once at a fixed rate, some half of what two
# cores do: rows put, got and deleted by key, lists, SQL, files loaded, a stream followed, backups, erasures, bases. Each
# ten seconds memory, descriptors and the times of answers are noted; the last quarter is held against the second.
source "$(dirname "$0")/../lib/testing.sh"
seconds=${NGUON_SOAK_SECONDS:-1800}
export XDG_CONFIG_HOME=$work/config

make_node
small_contract small open >"$work/c.yaml"
nguon apply "$work/c.yaml"
printf 'settings:\n  rows.seal_count: 2000\n  rows.seal_seconds: 20\n' >>"$data/nguon.yaml"
small_rows 1 200000 >"$work/rows.csv"
nguon load small.item "$work/rows.csv"
start_node || finish
cat >"$work/soak.py" <<'PYTHON'
import http.client, json, os, random, statistics, subprocess, sys, threading, time

public, internal, token, pid, seconds, work, program, data = sys.argv[1:9]
pid, seconds = int(pid), float(seconds)
start = time.monotonic()
stop = start + seconds
lock = threading.Lock()
times, failures, counts = [], [], {}
SMALL = "/api/v1/datasets/small.item"


def over():
    return time.monotonic() >= stop


def worker(name, rate, act):
    """Calls act(connection, i) `rate` times a second, each worker on a connection of its own."""
    connection, i, due = None, 0, time.monotonic()
    while not over():
        due += 1 / rate
        time.sleep(max(0, due - time.monotonic()))
        began = time.monotonic()
        try:
            if connection is None:
                connection = http.client.HTTPConnection(internal, timeout=60)
            status = act(connection, i)
        except Exception as failure:  # a connection that broke
            connection, status = None, repr(failure)
        took = time.monotonic() - began
        with lock:
            counts[name] = counts.get(name, 0) + 1
            if name in ("put", "get"):
                times.append((began - start, name, took))
            if status not in (200, 201, 404):
                failures.append((round(began - start), name, status))
        i += 1


def ask(connection, method, path, body=None):
    connection.request(method, path, body, {"Authorization": "Bearer " + token})
    answer = connection.getresponse()
    answer.read()
    return answer.status


def put(number):
    def act(connection, i):
        body = json.dumps({"name": f"Tên {i}", "amount": i})
        return ask(connection, "PUT", f"{SMALL}/rows/w{number}-{i % 3000}", body)
    return act


def get(connection, i):
    return ask(connection, "GET", f"{SMALL}/rows/k{random.randrange(1, 200000):06d}")


def delete(connection, i):
    return ask(connection, "DELETE", f"{SMALL}/rows/w0-{i % 3000}")


def listing(connection, i):
    return ask(connection, "GET", f"{SMALL}/rows?sort=-amount&limit=20")


def query(connection, i):
    return ask(connection, "POST", "/api/v1/query", json.dumps({"sql": "select count(*), max(amount) from small.item"}))


def load(connection, i):
    rows = ["id,name,amount,day"]
    rows += [f"k{(i * 2000 + j) % 200000:06d},Sửa {i},{j},2026-01-01" for j in range(2000)]
    return ask(connection, "POST", f"{SMALL}/batches", "\n".join(rows).encode())


def backup(connection, i):
    status = ask(connection, "POST", "/api/v1/backup", json.dumps({"to": work + "/backups"}))
    subprocess.run([program, "backup", "prune", work + "/backups", "--keep", "2", "--data", data], capture_output=True)
    return status


def erase(connection, i):
    body = {"keys": [f"k{199000 + i:06d}"], "order": "Quyết định thử"}
    return ask(connection, "POST", f"{SMALL}/erasures", json.dumps(body))


def follow():
    last = 0
    while not over():
        try:
            connection = http.client.HTTPConnection(public, timeout=60)
            connection.request("GET", f"{SMALL}/history", None, {"Accept": "text/event-stream", "Last-Event-ID": str(last)})
            answer = connection.getresponse()
            for line in answer:
                if line.startswith(b"id: "):
                    seq = int(line[4:])
                    if seq != last + 1:
                        failures.append((0, "follow", f"{seq} after {last}"))
                    last = seq
                if over():
                    return
        except Exception:
            time.sleep(0.5)


def sample():
    with open(f"/proc/{pid}/status") as status:
        memory = next(int(line.split()[1]) for line in status if line.startswith("VmRSS"))
    return memory / 1024, len(os.listdir(f"/proc/{pid}/fd"))


jobs = [("put", 20, put(n)) for n in range(4)] + [("get", 100, get), ("get", 100, get), ("delete", 5, delete),
        ("list", 1, listing), ("query", 0.5, query), ("load", 0.1, load), ("backup", 1 / min(60, seconds / 5), backup), ("erase", 1 / min(45, seconds / 6), erase)]
threads = [threading.Thread(target=worker, args=job, daemon=True) for job in jobs]
threads.append(threading.Thread(target=follow, daemon=True))
for thread in threads:
    thread.start()
samples = []
while not over():
    time.sleep(min(10, max(0.1, stop - time.monotonic())))
    samples.append((time.monotonic() - start, *sample()))
time.sleep(3)


def quarter(n):
    low, high = seconds * n / 4, seconds * (n + 1) / 4
    memory = statistics.mean(m for t, m, f in samples if low <= t <= high + 1)
    files = statistics.mean(f for t, m, f in samples if low <= t <= high + 1)
    taken = {}
    for name in ("put", "get"):
        all_of = sorted(took for t, kind, took in times if kind == name and low <= t < high)
        taken[name] = all_of[int(len(all_of) * 0.99)] * 1000
    return memory, files, taken


for n in range(4):
    memory, files, taken = quarter(n)
    print(f"   quarter {n + 1}: {memory:.0f} MB, {files:.0f} descriptors, p99 put {taken['put']:.1f} ms, get {taken['get']:.1f} ms")
print("  ", counts)


def verdict(what, good, detail):
    print(("ok " if good else "not ok ") + what + ("" if good else "\n    " + str(detail)))


before, after = quarter(1), quarter(3)
verdict("memory is flat", after[0] <= before[0] * 1.15 + 20, (before[0], after[0]))
verdict("descriptors are flat", after[1] <= before[1] + 5, (before[1], after[1]))
for name in ("put", "get"):
    verdict(f"p99 of {name} is flat", after[2][name] <= before[2][name] * 1.5 + 5, (before[2][name], after[2][name]))
verdict("nothing failed", not failures, failures[:5])
PYTHON
python3 "$work/soak.py" "$public" "$internal" "$token" "$pid" "$seconds" "$work" "$program" "$data" >"$work/out" 2>&1
cat "$work/out"
failed=$(grep -c '^not ok' "$work/out")
grep -q '^ok memory' "$work/out" || not_ok "the load ran" "$(tail -n 3 "$work/out")"
stop_node
nguon verify --json
same "verify at the end" "0 true" "$code $(field ok)"
nguon backup verify "$work/backups" --json
same "and of the backups" "0 true" "$code $(field ok)"
finish
