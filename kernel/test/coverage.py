#!/usr/bin/env python3
"""Sums gcov's JSON reports of several builds of the same sources; see coverage.sh.

A branch is covered if any build took it; builds in which the preprocessor removed a line do not
count for it.
"""
import collections
import gzip
import json
import os
import sys


def read(folders, reports):
    lines = collections.defaultdict(lambda: collections.defaultdict(int))
    branches = collections.defaultdict(lambda: collections.defaultdict(dict))
    for report in reports:
        with gzip.open(report) as stream:
            data = json.load(stream)
        build = os.path.dirname(report)
        for source in data["files"]:
            path = source["file"]
            if not os.path.abspath(path).startswith(folders):
                continue
            name = os.path.basename(path)
            for line in source["lines"]:
                number = line["line_number"]
                lines[name][number] += line["count"]
                taken = tuple(branch["count"] for branch in line["branches"])
                key = (line.get("function_name"), len(taken))
                old = branches[name][number].get(key)
                branches[name][number][key] = (
                    tuple(a + b for a, b in zip(old, taken)) if old else taken)
    return lines, branches


def main():
    folders, least_lines, least_branches = sys.argv[1], float(sys.argv[2]), float(sys.argv[3])
    lines, branches = read(tuple(folders.split(":")), sys.argv[4:])
    totals = [0, 0, 0, 0]
    for name in sorted(lines):
        hit = sum(1 for count in lines[name].values() if count)
        # The form of a line with the most outcomes taken stands for it.
        chosen = [max(forms.values(), key=lambda f: (sum(1 for c in f if c), len(f)))
                  for forms in branches[name].values()]
        outcomes = [count for form in chosen for count in form]
        taken = sum(1 for count in outcomes if count)
        totals = [a + b for a, b in zip(totals, (hit, len(lines[name]), taken, len(outcomes)))]
        missed = sorted(n for n, count in lines[name].items() if not count)
        partly = sorted(n for n, forms in branches[name].items()
                        if lines[name][n] and not all(
                            max(forms.values(), key=lambda f: (sum(1 for c in f if c), len(f)))))
        print(f"{name:16} lines {hit:4}/{len(lines[name]):4}  branches {taken:4}/{len(outcomes):4}"
              + (f"  lines not run: {missed}" if missed else "")
              + (f"  one way only: {partly}" if partly else ""))
    line_share = 100.0 * totals[0] / totals[1]
    branch_share = 100.0 * totals[2] / totals[3]
    print(f"lines {line_share:.1f} %, branches {branch_share:.1f} %")
    return 0 if line_share >= least_lines and branch_share >= least_branches else 1


if __name__ == "__main__":
    sys.exit(main())
