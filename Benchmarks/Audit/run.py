#!/usr/bin/env python3
"""Times whole audits against inflating alone, and against peers, in one interleaved run.

    Benchmarks/Audit/run.py DATA [--runs 5] [--peers VENV/bin/python] [--shared ../shared]

DATA is a folder that `gen.py w1 DATA --mb N` of the shared bench folder has written (AWSLogs/, truth.json). Prints a table:
wall and CPU seconds (medians), megabytes of uncompressed log a CPU second, the ratio to inflating alone, peak memory.
"""
import argparse, json, os, pathlib, shutil, statistics, subprocess, sys, tempfile

ROOT = pathlib.Path(__file__).resolve().parents[2]


def timed(command, pin, output=subprocess.DEVNULL):
    command = (["taskset", "-c", pin] if pin else []) + command
    import time
    start = time.perf_counter()
    process = subprocess.Popen(command, stdout=output, stderr=subprocess.DEVNULL, stdin=subprocess.DEVNULL)
    _, status, usage = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    return time.perf_counter() - start, usage.ru_utime + usage.ru_stime, usage.ru_maxrss / 1024, process.returncode


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("data", type=pathlib.Path)
    parser.add_argument("--runs", type=int, default=5)
    parser.add_argument("--peers", help="a Python with duckdb and chdb installed")
    parser.add_argument("--shared", type=pathlib.Path, default=ROOT.parent / "shared")
    parser.add_argument("--binary", type=pathlib.Path, default=ROOT / ".build/release/domicile")
    parser.add_argument("--jobs", type=int, default=1)
    options = parser.parse_args()
    truth = json.loads((options.data / "truth.json").read_text())
    megabytes = truth["bytes"] / 1e6
    pin = "1" if options.jobs == 1 else None
    scratch = pathlib.Path(tempfile.mkdtemp(prefix="domicile-bench-"))
    example = ROOT / "Benchmarks/Audit/rules"
    audit = [str(options.binary), "audit", str(options.data / "AWSLogs"), "--policies", str(example), "--now", "2026-11-22T06:00:00Z",
             "--out", str(scratch / "out"), "--format", "json", "--no-store", "--quiet", "--jobs", str(options.jobs)]
    tools = {"domicile look": [str(options.binary), "look", str(options.data / "AWSLogs")], "domicile audit": audit}
    measure = options.binary.with_name("measure")
    if measure.exists() and options.jobs == 1:
        tools["the log path, every vector"] = [str(measure), "observe", str(example), str(options.data / "AWSLogs")]
    else:
        print("skipped: the log path alone (swift build -c release --product measure, and one job)")
    source = options.shared / "bench/inflate_only.c"
    if source.exists() and shutil.which("cc"):
        inflate = scratch / "inflate"
        subprocess.run(["cc", "-O2", "-o", str(inflate), str(source), "-ldeflate", "-lpthread"], check=True)
        tools["inflate only"] = [str(inflate), str(options.data)]
    else:
        print("skipped: inflate only (no source or no cc)")
    if options.peers:
        for name, script, query in [("chdb JSONEachRow", "ch.py", "q1"), ("chdb JSONAsString", "ch.py", "q1s"), ("duckdb csv+from_json", "duck.py", "q1csv")]:
            tools[name] = [options.peers, str(options.shared / "bench/peers" / script), query, str(options.data), str(options.jobs), str(scratch / "answer")]
    rows = {name: [] for name in tools}
    for _ in range(options.runs + 1):
        for name, command in tools.items():
            rows[name].append(timed(command, pin))
    rows = {name: runs[1:] for name, runs in rows.items()}
    base = statistics.median(run[1] for run in rows["inflate only"]) if "inflate only" in rows else None
    print(f"{megabytes:.0f} MB uncompressed, {truth['events']} events, {truth['files']} files, {options.jobs} thread(s), medians of {options.runs}")
    print(f"{'tool':30} {'wall s':>8} {'cpu s':>8} {'MB/cpu-s':>9} {'of inflate':>10} {'peak MB':>8}  exit")
    for name, runs in rows.items():
        wall, cpu = (statistics.median(run[i] for run in runs) for i in (0, 1))
        ratio = f"{base / cpu:.2f}" if base else "-"
        print(f"{name:30} {wall:8.3f} {cpu:8.3f} {megabytes / cpu:9.0f} {ratio:>10} {max(run[2] for run in runs):8.0f}  {sorted({run[3] for run in runs})}")
    shutil.rmtree(scratch)


if __name__ == "__main__":
    sys.exit(main())
