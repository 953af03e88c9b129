"""Times the same expressions in cel-cpp (cel-expr-python) and in Rust's cel (common-expression-language)."""
import json
import statistics
import sys
import time

with open(sys.argv[1] if len(sys.argv) > 1 else "cases.json") as file:
    document = json.load(file)
bindings = document["bindings"]
resources = [bindings["resource"]] * 1000


def measure(count, body):
    body()
    runs = []
    for _ in range(9):
        start = time.process_time_ns()
        body()
        runs.append((time.process_time_ns() - start) / count)
    return min(runs), statistics.median(runs)


def report(engine, name, mode, result):
    print(f"{engine}\t{name}\t{mode}\t{result[0]:.1f}\t{result[1]:.1f}", flush=True)


def cel_cpp():
    from cel_expr_python import cel

    variables = {name: cel.Type.DYN for name in bindings}
    variables["resources"] = cel.Type.DYN
    environment = cel.NewEnv(variables=variables)
    for case in document["cases"]:
        program = environment.compile(case["expr"])
        data = dict(bindings)
        assert program.eval(data=data).value() is True, case
        report("cel-cpp", case["name"], "per call", measure(2000, lambda: [program.eval(data=data) for _ in range(2000)]))
        loop = environment.compile(f"resources.all(resource, {case['expr']})")
        activation = environment.Activation({**bindings, "resources": resources})
        assert loop.eval(activation).value() is True, case
        report("cel-cpp", case["name"], "in a loop", measure(5000, lambda: [loop.eval(activation) for _ in range(5)]))


def cel_rust():
    import cel

    for case in document["cases"]:
        program = cel.compile(case["expr"])
        context = cel.Context()
        for name, value in bindings.items():
            context.add_variable(name, value)
        assert program.execute(context) is True, case
        report("rust cel", case["name"], "per call", measure(5000, lambda: [program.execute(context) for _ in range(5000)]))


for engine in (cel_cpp, cel_rust):
    try:
        engine()
    except Exception as error:  # one engine that can't be used leaves the others
        print(f"{engine.__name__}: {error!r}", file=sys.stderr)
