#!/usr/bin/env python3
"""Times what evidence costs, by the built binary: CPU seconds and peak memory of each command.

    Benchmarks/Evidence/run.py [findings] [entries] [nights] [--size 1000000] [--nights 1000] [--keep DIR]

findings  an audit of SIZE tables of 20 tenants, then bundle, verify, log verify, disclose
entries   a log of SIZE entries, which this script writes and signs with openssl (not by our code), then log verify and appends
nights    the sample company, NIGHTS times into one store: what a night costs at the beginning and at the end
"""
import argparse, base64, hashlib, json, os, pathlib, shutil, sqlite3, statistics, subprocess, sys, tempfile

ROOT = pathlib.Path(__file__).resolve().parents[2]
SAMPLE = ROOT / "policies/examples/northwind"
TENANTS = 20


def timed(command, codes=(0,)):
    process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, cwd=ROOT)
    output = process.stdout.read()
    _, status, usage = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode not in codes:
        sys.exit(f"{' '.join(command)}: {process.returncode}\n{output}")
    return usage.ru_utime + usage.ru_stime, usage.ru_maxrss / 1024, output


def row(name, command, codes=(0,)):
    cpu, peak, output = timed(command, codes)
    print(f"{name:44} {cpu:8.2f} s CPU {peak:7.0f} MB", flush=True)
    return output


def tables(folder, size):
    """AWS Config snapshots of customers' tables; every 50th is in the US."""
    folder.mkdir(parents=True)
    for part in range(0, size, 20000):
        items = []
        for number in range(part, min(part + 20000, size)):
            region = "us-east-1" if number % 50 == 0 else "eu-west-1"
            items.append({
                "configurationItemCaptureTime": "2026-11-14T14:04:36.502Z", "awsAccountId": "111122223333", "configurationItemStatus": "OK",
                "resourceType": "AWS::DynamoDB::Table", "resourceId": f"orders-{number}", "resourceName": f"orders-{number}",
                "ARN": f"arn:aws:dynamodb:{region}:111122223333:table/orders-{number}", "awsRegion": region,
                "tags": {"data-class": "customer", "residency": "eu", "tenant": f"tenant-{number % TENANTS}"},
                "configuration": {"tableName": f"orders-{number}", "tableStatus": "ACTIVE"}})
        with open(folder / f"111122223333_Config_eu-west-1_ConfigSnapshot_{part}.json", "w") as file:
            json.dump({"fileVersion": "1.0", "configurationItems": items}, file)


POLICY = """policy: eu
title: Data of EU customers is stored in the EU
basis: [a contract]
severity: critical
applies_to: {data: [customer]}
require: {stored: {in: eu}}
---
subjects: {tags: {data: [data-class], tenant: [tenant], home: [residency]}}
"""


def findings(domicile, folder, keys, size):
    if not (folder / "tables").exists(): tables(folder / "tables", size)
    (folder / "eu.yaml").write_text(POLICY)
    store, key = str(folder / "findings.sqlite"), str(keys / "p256.pem")
    print(f"{size} findings")
    row("audit, signed, into a store", [domicile, "audit", str(folder / "tables"), "--policies", str(folder / "eu.yaml"), "--now", "2026-11-20T06:00:00Z",
        "--out", str(folder / "out"), "--format", "json", "--store", store, "--key", key, "--quiet", "--no-cache"], (1, 2))
    bundle = str(folder / "bundle")
    row("evidence bundle, from the store", [domicile, "evidence", "bundle", "--store", store, "--key", key, "--out", bundle, "--format", "junit", "--now", "2026-11-20T06:00:00Z"])
    row("evidence verify", [domicile, "evidence", "verify", bundle, "--trust", str(keys)])
    row("evidence log verify", [domicile, "evidence", "log", "verify", "--store", store, "--trust", str(keys / "log.vkey")])
    given = str(folder / "given")
    print("    " + row("evidence disclose, one tenant of 20", [domicile, "evidence", "disclose", "--store", store, "--key", key, "--tenant", "tenant-7", "--out", given]).strip())
    row("evidence verify, of what it was given", [domicile, "evidence", "verify", given, "--trust", str(keys)])


def node(left, right):
    return hashlib.sha256(b"\1" + left + right).digest()


def note(keys, origin, size, root):
    """A signed note (C2SP): the text, and Ed25519 over it with the key's hash before it."""
    text = f"{origin}\n{size}\n{base64.b64encode(root).decode()}\n".encode()
    with tempfile.TemporaryDirectory() as scratch:
        path = pathlib.Path(scratch) / "text"
        path.write_bytes(text)
        signature = subprocess.run(["openssl", "pkeyutl", "-sign", "-inkey", str(keys / "log.pem"), "-rawin", "-in", str(path)], check=True, capture_output=True).stdout
    name, tail = (keys / "log.vkey").read_text().strip().split("+", 1)
    return text.decode() + f"\n\u2014 {name} {base64.b64encode(bytes.fromhex(tail.split('+', 1)[0]) + signature).decode()}\n"


def lengthen(store, keys, size):
    """Appends entries to the log of a store until it has this many, and signs the head."""
    origin = (keys / "log.vkey").read_text().split("+", 1)[0]
    db = sqlite3.connect(store)
    leaves = [bytes(r[0]) for r in db.execute("SELECT leaf_hash FROM entry ORDER BY idx")]
    first = len(leaves)
    created = db.execute("SELECT MAX(created) FROM entry").fetchone()[0]
    import time
    stamp = time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime(created))
    rows = []
    for index in range(first, size):
        # The record of a disclosure tree, as each night has one.
        record = json.dumps({"n": index, "root": hashlib.sha256(b"%d" % index).hexdigest(), "run": f"20261120T060000Z-{index:012x}", "size": 100, "t": stamp,
                             "type": "disclosure"}, sort_keys=True, separators=(",", ":")).encode()
        leaves.append(hashlib.sha256(b"\0" + record).digest())
        rows.append((index, "disclosure", created, leaves[index], record))
    db.executemany("INSERT INTO entry(idx, kind, created, leaf_hash, record) VALUES(?, ?, ?, ?, ?)", rows)
    level, hashes, partial = 0, leaves, []
    while True:
        if len(hashes) % 2:
            partial.append(hashes[-1])
        if len(hashes) < 2:
            break
        level += 1
        hashes = [node(hashes[i], hashes[i + 1]) for i in range(0, len(hashes) - 1, 2)]
        db.executemany("INSERT OR IGNORE INTO node(level, idx, hash) VALUES(?, ?, ?)", [(level, i, h) for i, h in enumerate(hashes)])
    root = partial[0]
    for part in partial[1:]:
        root = node(part, root)
    text = note(keys, origin, size, root)
    db.execute("INSERT INTO checkpoint(size, root, created, note) VALUES(?, ?, ?, ?)", (size, root, created, text))
    db.commit()
    db.close()


def night(domicile, folder, keys, store, now):
    return [domicile, "audit", str(SAMPLE / "inputs"), str(SAMPLE / "register.yaml"), "--policies", str(SAMPLE), "--now", now, "--out", str(folder / "night"),
            "--format", "json", "--store", str(store), "--key", str(keys / "p256.pem"), "--quiet"]


def entries(domicile, folder, keys, size):
    short, long = folder / "short.sqlite", folder / "long.sqlite"
    timed(night(domicile, folder, keys, short, "2026-11-20T06:00:00Z"), (1,))
    timed(night(domicile, folder, keys, long, "2026-11-20T06:00:00Z"), (1,))
    lengthen(long, keys, size)
    print(f"a log of {size} entries")
    output = row("evidence log verify", [domicile, "evidence", "log", "verify", "--store", str(long), "--trust", str(keys / "log.vkey")])
    print("    " + output.strip().replace("\n", "; "))
    row("a night into a log of a few entries", night(domicile, folder, keys, short, "2026-11-21T06:00:00Z"), (1,))
    row(f"a night into a log of {size} entries", night(domicile, folder, keys, long, "2026-11-21T06:00:00Z"), (1,))
    row("evidence verify, of that night's bundle", [domicile, "evidence", "verify", str(folder / "night/evidence"), "--trust", str(keys)])


def nights(domicile, folder, keys, count):
    store = folder / "nights.sqlite"
    costs = []
    for number in range(count):
        year, rest = divmod(number, 336)
        month, day = divmod(rest, 28)
        costs.append(timed(night(domicile, folder, keys, store, f"{2030 + year}-{month + 1:02}-{day + 1:02}T06:00:00Z"), (1,))[0])
    tenth = max(1, count // 10)
    print(f"{count} nights of the sample company into one store")
    print(f"a night, median of the first {tenth:4}                {statistics.median(costs[:tenth]):8.3f} s CPU")
    print(f"a night, median of the last {tenth:4}                 {statistics.median(costs[-tenth:]):8.3f} s CPU")
    output = row("evidence log verify", [domicile, "evidence", "log", "verify", "--store", str(store), "--trust", str(keys / "log.vkey")])
    print("    " + output.strip().replace("\n", "; "))


def main():
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("what", nargs="*", default=["findings", "entries", "nights"])
    options.add_argument("--size", type=int, default=1_000_000)
    options.add_argument("--nights", type=int, default=1000)
    options.add_argument("--binary", default=str(ROOT / ".build/release/domicile"))
    options.add_argument("--keep", type=pathlib.Path, help="work here, and leave what was made")
    o = options.parse_args()
    folder = o.keep or pathlib.Path(tempfile.mkdtemp(prefix="domicile-evidence-"))
    folder.mkdir(parents=True, exist_ok=True)
    keys = folder / "keys"
    if not keys.exists():
        timed([o.binary, "keys", "generate", "--out", str(keys)])
    try:
        if "findings" in o.what: findings(o.binary, folder, keys, o.size)
        if "entries" in o.what: entries(o.binary, folder, keys, o.size)
        if "nights" in o.what: nights(o.binary, folder, keys, o.nights)
    finally:
        if not o.keep:
            shutil.rmtree(folder)


main()
