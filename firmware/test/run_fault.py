#!/usr/bin/env python3
"""Runs one twin of a fault on the virtual board: the faulty one goes wrong as its fault.toml says,
the cured one runs clean.

fault.toml has a table for each twin:
  console     the console's lines, in order and nothing more; <n> stands for any number
  complaints  texts that must stand in what the board and its checker say; none: they say nothing
and for both, optional:
  seeds       with how many seeds (0, 1, ...) it must do so; one otherwise
  options     more of duet run's options
  time        of the board; one second otherwise

usage: run_fault.py DUET ELFS FAULT_TOML faulty|cured
"""
import pathlib
import subprocess
import sys
import tempfile
import tomllib

from run_example import differences


def run(duet, elfs, time, options):
    """Exit status, console's lines and what the board said."""
    with tempfile.NamedTemporaryFile(prefix="duet-console-") as console:
        command = [duet, "run", "--cm7", f"{elfs}/cm7.elf", "--cm4", f"{elfs}/cm4.elf",
                   "--for", time, "--console", console.name, *options]
        result = subprocess.run(command, capture_output=True, text=True, check=False)
        lines = pathlib.Path(console.name).read_text(encoding="utf-8").splitlines()
    return result.returncode, lines, result.stderr


def failures(twin, status, console, said):
    yield from differences(twin["console"], console)
    complaints = twin.get("complaints", [])
    if status:
        yield f"exit status {status}"
    for text in complaints:
        if text not in said:
            yield f"the board does not say {text!r}"
    if not complaints and said:
        yield "the board has complaints"


def main():
    duet, elfs, story, which = sys.argv[1:]
    fault = tomllib.loads(pathlib.Path(story).read_text(encoding="utf-8"))
    options = ["--check", *fault.get("options", []), *(["--strict"] if which == "cured" else [])]
    for seed in range(fault.get("seeds", 1)):
        outcome = run(duet, f"{elfs}/{which}", fault.get("time", "1s"), [*options, "--set", f"seed={seed}"])
        wrong = list(failures(fault[which], *outcome))
        if wrong:
            print(f"seed {seed}:", *wrong[:5], "console:", *outcome[1], "board:", outcome[2], sep="\n")
            return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
