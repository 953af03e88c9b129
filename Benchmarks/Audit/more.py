#!/usr/bin/env python3
"""What run.py does not show: allocations, memory, rules, the cache, inventories, start-up.

    Benchmarks/Audit/more.py DATA... [--binary .build/release/domicile]

Each DATA is a folder that `gen.py w1 DATA --mb N` has written, the smallest first. One pinned core; CPU seconds (user and
system), the least of three runs; peak memory in MB. Prints Markdown tables. The log path alone is that of `measure`
(`swift build -c release --product measure`, beside the binary).
"""
import argparse, gzip, json, os, pathlib, random, re, shutil, subprocess, sys, tempfile

ROOT = pathlib.Path(__file__).resolve().parents[2]
RULES = ROOT / "Benchmarks/Audit/rules"
NOW = ["--now", "2026-11-22T06:00:00Z"]


def cost(command, runs=3, env=None):
    """CPU seconds and peak MB, the least of several runs."""
    best, peak = None, 0
    for _ in range(runs):
        process = subprocess.Popen(["taskset", "-c", "1"] + [str(part) for part in command], stdout=subprocess.DEVNULL,
                                   stderr=subprocess.DEVNULL, stdin=subprocess.DEVNULL, env=env)
        _, status, usage = os.wait4(process.pid, 0)
        process.returncode = os.waitstatus_to_exitcode(status)
        assert process.returncode in (0, 1, 2), (command, process.returncode)
        seconds = usage.ru_utime + usage.ru_stime
        best, peak = min(best or seconds, seconds), max(peak, usage.ru_maxrss / 1024)
    return best, peak


def observe(binary, folder, data):
    """The log path: every vector on every event, no judgement."""
    return [binary.with_name("measure"), "observe", folder, data / "AWSLogs"]


def allocations(binary, scratch, sets):
    library = scratch / "mallocs.so"
    subprocess.run(["cc", "-O2", "-shared", "-fPIC", "-o", library, ROOT / "Benchmarks/Audit/mallocs.c", "-ldl"], check=True)
    print("| set | MB | events | heap allocations, log path | peak MB, log path | peak MB, `look` | peak MB, `audit` |\n|---|---:|---:|---:|---:|---:|---:|")
    before = None
    for data in sets:
        truth = json.loads((data / "truth.json").read_text())
        out = scratch / "count"
        env = dict(os.environ, LD_PRELOAD=str(library), MALLOCS_OUT=str(out))
        cost(observe(binary, RULES, data), runs=1, env=env)
        count = int(out.read_text())
        path = cost(observe(binary, RULES, data), runs=1)[1]
        look = cost([binary, "look", data / "AWSLogs"], runs=1)[1]
        audit = cost([binary, "audit", data / "AWSLogs", "--policies", RULES, *NOW, "--out", scratch / "o", "--no-store", "--quiet", "--format", "json", "--jobs", "1"], runs=1)[1]
        print(f"| {data.name} | {truth['bytes'] / 1e6:.0f} | {truth['events']} | {count} | {path:.0f} | {look:.0f} | {audit:.0f} |")
        if before:
            print(f"\nfrom the smaller to the larger: {(count - before[0]) / (truth['events'] - before[1]) * 1e5:.0f} allocations for 100,000 events")
        before = (count, truth["events"])


def rules(binary, scratch, data):
    """Ten times the vectors: the built-in ones again under nine other names of services, and policies beside them."""
    import yaml
    folder = scratch / "ten"
    shutil.copytree(RULES, folder)
    made = 0
    for file in sorted((ROOT / "policies/catalogue").rglob("*.yaml")):
        for document in yaml.safe_load_all(file.read_text()):
            vectors = [vector for vector in (document or {}).get("vectors", []) if "event" in vector]
            for copy in range(9):
                again = []
                for vector in vectors:
                    new = json.loads(json.dumps(vector, default=str))
                    provider, rest = new["id"].split(".", 1)
                    new["id"] = f"{provider}.copy{copy}.{rest}"
                    # Half of them match what is in the logs, under other actions; the rest are of other services.
                    if copy % 2: new["event"]["service"] = f"copy{copy}-" + str(new["event"]["service"]).replace("*", "any")
                    else: new["event"]["action"] = [f"Copy{copy}" + str(action).replace("*", "Any") for action in ([new["event"]["action"]] if isinstance(new["event"]["action"], str) else new["event"]["action"])]
                    new.pop("cases", None)
                    again.append(new)
                made += len(again)
                if again: (folder / f"{file.parent.name}-{file.stem}-{copy}.yaml").write_text(yaml.safe_dump({"vectors": again}))
    one, ten = (cost(observe(binary, rules, data))[0] for rules in (RULES, folder))
    start, load = (cost([binary.with_name("measure"), "start", rules, "-"])[0] for rules in (RULES, folder))
    print(f"\n| vectors | CPU s, log path | of which loading them |\n|---|---:|---:|\n| built in | {one:.2f} | {start:.2f} |\n| and {made} more | {ten:.2f} | {load:.2f} |")


def cache(binary, scratch, files, title):
    common = ["--policies", RULES, *NOW, "--no-store", "--quiet", "--format", "json", "--jobs", "1", "--out", scratch / "o"]
    scratch = scratch / re.sub("[^a-z]+", "-", title)
    tree = scratch / "tree"
    tree.mkdir(parents=True)
    for number, file in enumerate(files): (tree / f"{number:05}.json.gz").symlink_to(file)
    held = max(1, len(files) // 100)
    for number in range(held): (tree / f"{number:05}.json.gz").rename(scratch / f"held-{number}")
    store = scratch / "cache"
    full = cost([binary, "audit", tree, *common])[0]
    first = cost([binary, "audit", tree, *common, "--cache", store], runs=1)[0]
    second = cost([binary, "audit", tree, *common, "--cache", store])[0]
    judged = cost([binary, "merge", part(binary, scratch, tree), "--policies", RULES, *NOW, "--no-store", "--quiet", "--format", "json", "--out", scratch / "o"])[0]
    for number in range(held): (scratch / f"held-{number}").rename(tree / f"{number:05}.json.gz")
    some = cost([binary, "audit", tree, *common, "--cache", store], runs=1)[0]
    print(f"\n| audit of the same logs, {title} | CPU s | of the first |\n|---|---:|---:|")
    for name, seconds in [("nothing kept", full), ("first, keeping", first), ("second", second), (f"with {held} of {len(files)} files new", some), ("judging and writing alone (`merge`)", judged)]:
        print(f"| {name} | {seconds:.2f} | {seconds / full * 100:.0f} % |")


def worn(scratch, files):
    """The same logs of a company that uses the same few thousand things over and over: of what chance made in the names of buckets,
    tables, keys and secrets, one digit is left."""
    folder = scratch / "worn"
    folder.mkdir()
    made = []
    for number, file in enumerate(files):
        text = gzip.decompress(file.read_bytes())
        text = re.sub(rb"((?:-data|-tbl)-)(x?)[0-9a-f]{5}([0-9a-f])", rb"\1\2\3", text)
        text = re.sub(rb"(:key/)[0-9a-f-]{35}([0-9a-f])", rb"\1\2", text)
        text = re.sub(rb"(:secret:[a-z/]+-)[0-9A-Z]{5}([0-9A-Z])", rb"\1\2", text)
        made.append(folder / f"{number:05}.json.gz")
        made[-1].write_bytes(gzip.compress(text, 6))
    return made


def part(binary, scratch, tree):
    out = scratch / "part"
    cost([binary, "partial", tree, "--policies", RULES, "--out", out, "--quiet", "--jobs", "1"], runs=1)
    return out


def inventory(binary, scratch, count):
    random.seed(1)
    regions, types = ["eu-west-1", "eu-central-1", "us-east-1", "eu-north-1"], ["AWS::S3::Bucket", "AWS::DynamoDB::Table", "AWS::RDS::DBInstance", "AWS::EC2::Instance", "AWS::Lambda::Function"]
    file = scratch / "snapshot.json"
    with file.open("w") as out:
        out.write('{"fileVersion":"1.0","configSnapshotId":"x","configurationItems":[')
        for number in range(count):
            name, region = f"res-{number:07}", regions[number % 4]
            out.write(("," if number else "") + json.dumps({
                "configurationItemVersion": "1.3", "configurationItemCaptureTime": "2026-11-20T00:00:00Z", "configurationItemStatus": "ResourceDiscovered",
                "awsAccountId": "111122223333", "resourceType": random.choice(types), "resourceId": name, "resourceName": name,
                "ARN": f"arn:aws:x:{region}:111122223333:{name}", "awsRegion": region, "availabilityZone": "Regional",
                "tags": {"data-class": "customer", "tenant": f"t{number % 50}", "Name": name}, "relationships": [],
                "configuration": {"name": name, "encrypted": True, "kmsKeyId": f"arn:aws:kms:{region}:111122223333:key/{number}", "env": {"A": "x" * 200}}}))
        out.write("]}")
    policy = scratch / "policy.yaml"
    policy.write_text("policy: p\ntitle: t\nbasis: [x]\nseverity: high\napplies_to: {data: [customer]}\nrequire:\n  stored: {in: eu}\n  processed: {in: eu}\n  key-held: {in: eu}\n")
    seconds, peak = cost([binary, "audit", file, "--policies", policy, *NOW, "--out", scratch / "o", "--no-store", "--quiet", "--format", "json", "--jobs", "1"], runs=1)
    look, small = cost([binary, "look", file], runs=1)
    print(f"\n| AWS Config snapshot of {count} resources, {file.stat().st_size / 1e6:.0f} MB | CPU s | resources a second | peak MB |\n|---|---:|---:|---:|")
    print(f"| `look` | {look:.2f} | {count / look:.0f} | {small:.0f} |\n| `audit` | {seconds:.2f} | {count / seconds:.0f} | {peak:.0f} |")


def start(binary):
    import time
    print("\n| start | wall ms, median of 21 |\n|---|---:|")
    for name, command in [("`--help`", ["--help"]), ("`where eu-west-1`", ["where", "eu-west-1"])]:
        times = []
        for _ in range(21):
            begun = time.perf_counter()
            subprocess.run([binary] + command, stdout=subprocess.DEVNULL, check=True)
            times.append((time.perf_counter() - begun) * 1000)
        print(f"| {name} | {sorted(times)[10]:.0f} |")


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("data", type=pathlib.Path, nargs="+")
    parser.add_argument("--binary", type=pathlib.Path, default=ROOT / ".build/release/domicile")
    parser.add_argument("--resources", type=int, default=100_000)
    options = parser.parse_args()
    scratch = pathlib.Path(tempfile.mkdtemp(prefix="domicile-bench-"))
    try:
        allocations(options.binary, scratch, options.data)
        rules(options.binary, scratch, options.data[-1])
        files = sorted((options.data[-1] / "AWSLogs").rglob("*.gz"))
        cache(options.binary, scratch, files, "nearly every name new")
        cache(options.binary, scratch, worn(scratch, files), "the same few thousand names")
        inventory(options.binary, scratch, options.resources)
        start(options.binary)
    finally:
        shutil.rmtree(scratch)


if __name__ == "__main__":
    sys.exit(main())
