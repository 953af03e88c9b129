/// What Spark runs: it hands shares of the list of inputs to `domicile partial` on the executors and brings back what that
/// wrote. It decides nothing.
enum SparkJob {
    static let python = #"""
        import json
        import os
        import subprocess
        import sys
        import tempfile

        from pyspark import SparkConf, SparkContext, SparkFiles, StorageLevel


        def judge(number, lines, rules, arguments):
            """Runs the shipped program on one share of the inputs; gives the bytes that it wrote."""
            with tempfile.TemporaryDirectory(prefix="domicile-") as folder:
                for name, content in rules.items():
                    path = os.path.join(folder, "rules", name)
                    os.makedirs(os.path.dirname(path), exist_ok=True)
                    with open(path, "wb") as file:
                        file.write(content)
                listing, out = os.path.join(folder, "inputs"), os.path.join(folder, "part")
                with open(listing, "wb") as file:
                    file.write(b"\n".join(lines) + b"\n")
                program = SparkFiles.get("domicile")
                os.chmod(program, 0o755)
                arguments = [os.path.join(folder, "rules", a[1:]) if a.startswith("@") else a for a in arguments]
                try:
                    run = subprocess.run(
                        [program, "partial", "--files-from", listing, "--out", out, "--jobs", "1", "--quiet"] + arguments,
                        stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, cwd=folder)
                except OSError as error:
                    raise RuntimeError("DOMICILE share %d: the program does not start on the executor: %s" % (number, error))
                # 3 with a part: some input could not be read, and the part says which.
                if run.returncode not in (0, 3) or not os.path.exists(out):
                    said = run.stderr.decode("utf-8", "replace").strip()
                    raise RuntimeError("DOMICILE share %d ended with exit code %d: %s" % (number, run.returncode, said))
                with open(out, "rb") as file:
                    return number, file.read()


        def main(folder):
            with open(os.path.join(folder, "job.json")) as file:
                job = json.load(file)
            rules = {}
            base = os.path.join(folder, "rules")
            for parent, _, names in os.walk(base):
                for name in names:
                    path = os.path.join(parent, name)
                    with open(path, "rb") as file:
                        rules[os.path.relpath(path, base)] = file.read()
            with open(os.path.join(folder, "inputs"), "rb") as file:
                lines = [line for line in file.read().split(b"\n") if line]
            context = SparkContext(conf=SparkConf().setAppName("domicile " + job["id"]))
            context.setLogLevel("ERROR")
            context.addFile(job["program"])
            # The largest first, each to the share that has the least, and as many shares for each core: all end at about the same time.
            cores = context.defaultParallelism
            count = min(len(lines), -(-max(job["shares"], 2 * cores) // cores) * cores)
            shares = [[0, []] for _ in range(count)]
            sized = [line.split(b"\t", 1) for line in lines]
            for size, line in sorted(sized, key=lambda pair: (-int(pair[0]), pair[1])):
                share = min(range(count), key=lambda index: shares[index][0]) if count <= 512 else hash(line) % count
                shares[share][0] += int(size) + 1
                shares[share][1].append(line)
            numbered = [(number, share[1]) for number, share in enumerate(shares) if share[1]]
            shipped, arguments = context.broadcast(rules), job["arguments"]
            parts = context.parallelize(numbered, len(numbered)).map(
                lambda share: judge(share[0], share[1], shipped.value, arguments)).persist(StorageLevel.DISK_ONLY)
            # All at once on the executors, then one after the other here: the driver holds one part at a time.
            parts.count()
            for number, part in parts.toLocalIterator():
                with open(os.path.join(folder, "parts", "%08d" % number), "wb") as file:
                    file.write(part)
            with open(os.path.join(folder, "done"), "w") as file:
                file.write(str(len(numbered)))
            context.stop()


        main(sys.argv[1])
        """#
}
