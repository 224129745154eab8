#!/usr/bin/env python3
"""Takes every cache-maintenance call and every barrier out of the firmware, one at a time, and runs
the programs that it changes on the virtual board: a site is caught when the board complains about
the guest or the console is not what it should be.

uncaught.txt names the sites that may stay uncaught, each with its reason; it must be exactly right.
sample.txt names the sites of the short form, each with a program that catches it.

usage: mutate.py DUET BUILD/firmware [--sample] [--only TEXT] [--programs NAME,NAME] [--jobs N] [-- duet run's options]
"""
import argparse
import concurrent.futures
import os
import pathlib
import sys
import tempfile

from firmware import Firmware
from programs import LONG, Runner
from sites import keys

HERE = pathlib.Path(__file__).resolve().parent


def read_list(name):
    """{key: text behind the bar}"""
    rows = (line.split("|", 1) for line in (HERE / name).read_text(encoding="utf-8").splitlines()
            if line and not line.startswith("#"))
    return {key.strip(): text.strip() for key, text in rows}


def arguments():
    words = sys.argv[1:]
    split = words.index("--") if "--" in words else len(words)
    parser = argparse.ArgumentParser(usage=__doc__.split("usage: ")[1].strip())
    parser.add_argument("duet")
    parser.add_argument("build")
    parser.add_argument("--sample", action="store_true")
    parser.add_argument("--only", default="", metavar="TEXT")
    parser.add_argument("--programs", default="", metavar="NAME,NAME")
    parser.add_argument("--jobs", type=int, default=os.cpu_count())
    chosen = parser.parse_args(words[:split])
    chosen.options = words[split + 1:]
    return chosen


def try_without(firmware, runner, site, programs):
    """(program, symptom) of the first of the programs that shows it, or None."""
    with tempfile.TemporaryDirectory(prefix="duet-mutant-") as folder:
        for program, images in firmware.mutants(site, pathlib.Path(folder), programs):
            symptom = runner.symptom(program, images)
            if symptom:
                return program, symptom
    return None


def compare(uncaught, sites, chosen):
    """Complaints about uncaught.txt."""
    explained = read_list("uncaught.txt")
    for key in uncaught:
        if key not in explained:
            yield f"uncaught and not explained: {key}"
    for key in explained:
        if key not in sites:
            yield f"explained, but there is no such site: {key}"
        elif key in chosen and key not in uncaught:
            yield f"explained as uncaught, but it is caught: {key}"


def attempts(firmware, runner, selected, sample, jobs):
    """Yields (key, what try_without says) in order. The quickest programs are tried first."""
    with concurrent.futures.ThreadPoolExecutor(jobs) as pool:
        list(pool.map(runner.learn, firmware.elfs))
        quickest = sorted(firmware.elfs, key=runner.seconds.get)

        def attempt(key):
            site = selected[key]
            programs = [sample[key]] if sample else [p for p in quickest if site.file.startswith(LONG.get(p, ""))]
            return key, try_without(firmware, runner, site, programs)

        yield from pool.map(attempt, selected)


def main():
    chosen = arguments()
    root = HERE.parent.parent.parent
    sample = read_list("sample.txt") if chosen.sample else None
    firmware = (Firmware(root, chosen.build, set(sample.values()), ("ipc/",)) if sample
                else Firmware(root, chosen.build, set(filter(None, chosen.programs.split(",")))))
    sites = keys(firmware.sites())
    selected = {k: s for k, s in sites.items() if (k in sample if sample else chosen.only in k)}
    runner = Runner(chosen.duet, firmware, chosen.options)
    uncaught = []
    for key, caught in attempts(firmware, runner, selected, sample, chosen.jobs):
        print(f"{key}\n    " + (": ".join(caught) if caught else "NOT CAUGHT"), flush=True)
        if not caught:
            uncaught.append(key)
    score = f"caught {len(selected) - len(uncaught)} of {len(selected)}"
    print(score)
    if sample or not (chosen.only or chosen.programs):
        which = "sample" if sample else "all"
        path = pathlib.Path(chosen.build) / f"mutation-{which}.txt"
        path.write_text(f"cache calls and barriers taken out ({which}): {score}\n", encoding="utf-8")
    if sample:
        wrong = [f"not caught: {k}" for k in uncaught] + [f"no such site: {k}" for k in sample if k not in sites]
    else:
        wrong = list(compare(uncaught, sites, selected))
    print(*wrong, sep="\n")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
