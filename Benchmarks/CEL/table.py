"""Prints what the benchmarks measured as one table: best / median of nine runs, ns for one evaluation."""
import sys

cells, rows, columns = {}, [], []
for line in sys.stdin:
    engine, name, mode, best, median = line.rstrip("\n").split("\t")
    row = f"{engine}, {mode}"
    if mode == "whole, ns":
        print(f"{engine}: {name}: {float(best) / 1e6:.2f} ms best, {float(median) / 1e6:.2f} ms median")
        continue
    if row not in rows:
        rows.append(row)
    if name not in columns:
        columns.append(name)
    cells[row, name] = f"{float(best):.0f} / {float(median):.0f}"
width = max(map(len, rows))
print(" " * width, *(f"{name:>15}" for name in columns))
for row in rows:
    print(f"{row:<{width}}", *(f"{cells.get((row, name), '-'):>15}" for name in columns))
