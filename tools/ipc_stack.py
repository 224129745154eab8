#!/usr/bin/env python3
"""Stack depth of each call of ipc/ on a Cortex-M4: the compiler's frames summed along the deepest path.

    tools/ipc_stack.py [-O2|-Os]

What the port and the user hang in (calls by pointer) comes on top and is marked with a +.
"""
import collections
import pathlib
import re
import subprocess
import sys
import tempfile

ROOT = pathlib.Path(__file__).resolve().parent.parent
NODE = re.compile(r'node: { title: "([^"]+)" label: "[^"]*?(\d+) bytes \((\w+)')
EDGE = re.compile(r'edge: { sourcename: "([^"]+)" targetname: "([^"]+)"')
FLAGS = ["-mcpu=cortex-m4", "-mthumb", "-std=gnu11", "-ffreestanding", "-DDUET_CORE_HAS_CACHE=0",
         "-fcallgraph-info=su", "-c"]


def compile_all(level, place):
    for source in sorted(ROOT.glob("ipc/src/*.c")):
        subprocess.run(["arm-none-eabi-gcc", level, *FLAGS, f"-I{ROOT}/ipc/include", str(source),
                        "-o", f"{place}/{source.stem}.o"], check=True)


def read_graph(place):
    frames, calls = {}, collections.defaultdict(set)
    for graph in pathlib.Path(place).glob("*.ci"):
        text = graph.read_text()
        for name, size, _ in NODE.findall(text):
            frames[name] = int(size)
        for source, target in EDGE.findall(text):
            calls[source].add(target)
    return frames, calls


def depth(name, frames, calls, path=()):
    """Bytes, and whether something is called by pointer on the way."""
    if name in path:
        raise SystemExit(f"{name} calls itself: its depth has no bound")
    deepest, by_pointer = 0, "__indirect_call" in calls[name]
    for callee in calls[name]:
        if callee in frames:
            below, pointer = depth(callee, frames, calls, path + (name,))
            deepest = max(deepest, below)
            by_pointer |= pointer
    return frames[name] + deepest, by_pointer


def main():
    levels = sys.argv[1:] or ["-O2", "-Os"]
    table = collections.defaultdict(dict)
    for level in levels:
        with tempfile.TemporaryDirectory() as place:
            compile_all(level, place)
            frames, calls = read_graph(place)
        for name in frames:
            if re.match(r"(duet_(?!copy|step)|x[MS]|OPENAMP|MX_)", name):
                table[name][level] = depth(name, frames, calls)
    print("| bytes of stack, Cortex-M4 | " + " | ".join(levels) + " |")
    print("|---|" + "---|" * len(levels))
    for name in sorted(table):
        cells = []
        for level in levels:
            size, pointer = table[name].get(level, ("", False))
            cells.append(f"{size}{'+' if pointer else ''}")
        print(f"| {name} | " + " | ".join(cells) + " |")


if __name__ == "__main__":
    main()
