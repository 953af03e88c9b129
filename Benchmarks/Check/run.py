#!/usr/bin/env python3
"""Times `domicile check` on a plan of 1,000 resources, process start included, and what of it is start-up.

    Benchmarks/Check/run.py [--binary .build/release/domicile] [--runs 30] [--resources 1000] [--limit MILLISECONDS]

Prints the least and the median of the runs. With --limit the exit code is 1 if the median is above it.
"""
import argparse, json, pathlib, statistics, subprocess, sys, tempfile, time

ROOT = pathlib.Path(__file__).resolve().parents[2]
POLICY = """policy: eu
title: Customers' data stays in the EU
basis: [contract]
severity: high
applies_to: {data: [customer]}
require: {stored: {in: eu}, processed: {in: eu}, copied: {in: eu}, backed-up: {in: eu}, key-held: {in: eu}}
"""
TYPES = ["aws_s3_bucket", "aws_dynamodb_table", "aws_lambda_function", "aws_sqs_queue", "aws_db_instance", "aws_kms_key",
         "aws_cloudwatch_log_group", "aws_instance", "aws_efs_file_system", "aws_sns_topic"]


def plan(count):
    """A resource in a hundred stands in the wrong region, and a table in ten has a replica there."""
    resources = []
    for number in range(count):
        type_, region = TYPES[number % len(TYPES)], "us-east-1" if number % 97 == 0 else "eu-west-1"
        values = {"name": f"r-{number}", "region": region, "tags": {"data-class": "customer", "system": f"s-{number % 7}"}}
        if type_ == "aws_dynamodb_table" and number % 100 == 1:
            values["replica"] = [{"region_name": "us-east-1"}]
        resources.append({"address": f"{type_}.r{number}", "mode": "managed", "type": type_, "name": f"r{number}",
                          "provider_name": "registry.terraform.io/hashicorp/aws", "values": values})
    changes = [{"address": r["address"], "mode": "managed", "type": r["type"], "name": r["name"], "provider_name": r["provider_name"],
                "change": {"actions": ["create"], "before": None, "after": r["values"], "after_unknown": {"arn": True, "id": True}}} for r in resources]
    return {"format_version": "1.2", "terraform_version": "1.13.4", "planned_values": {"root_module": {"resources": resources}}, "resource_changes": changes}


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--binary", type=pathlib.Path, default=ROOT / ".build/release/domicile")
    parser.add_argument("--runs", type=int, default=30)
    parser.add_argument("--resources", type=int, default=1000)
    parser.add_argument("--limit", type=float)
    options = parser.parse_args()
    scratch = pathlib.Path(tempfile.mkdtemp(prefix="domicile-check-"))
    for name, count in [("plan.json", options.resources), ("one.json", 1)]:
        (scratch / name).write_text(json.dumps(plan(count)))
    (scratch / "eu.yaml").write_text(POLICY)
    binary = str(options.binary)
    check = [binary, "check", str(scratch / "plan.json"), "--policies", str(scratch / "eu.yaml"), "--now", "2026-11-20T06:00:00Z"]
    commands = {"--help": [binary, "--help"], "check, 1 resource": [part.replace("plan.json", "one.json") for part in check],
                f"check, {options.resources} resources": check}
    times = {name: [] for name in commands}
    for _ in range(options.runs):
        for name, command in commands.items():
            start = time.perf_counter()
            code = subprocess.run(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL).returncode
            times[name].append((time.perf_counter() - start) * 1000)
            if code not in (0, 1, 2):
                sys.exit(f"{name}: exit code {code}")
    print(f"{'command':28} {'least ms':>9} {'median ms':>10}")
    for name, values in times.items():
        print(f"{name:28} {min(values):9.1f} {statistics.median(values):10.1f}")
    if options.limit and statistics.median(times[f"check, {options.resources} resources"]) > options.limit:
        sys.exit(1)


main()
