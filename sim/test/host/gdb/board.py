"""The virtual board under a debugger, for the tests: start it, its port, its end."""
import os
import re
import subprocess
import sys


def firmware(build, core):
    return os.path.join(build, "firmware", "camera", core + ".elf")


def need_firmware(build):
    for core in ("cm7", "cm4"):
        if not os.path.exists(firmware(build, core)):
            print("skipped: the camera system is not built")
            sys.exit(77)


class Board:
    def __init__(self, duet, *options, gdb="0"):
        self.process = subprocess.Popen(
            [duet, "run", "--gdb", gdb, *options],
            stdout=subprocess.PIPE, stderr=subprocess.PIPE, stdin=subprocess.DEVNULL)
        line, self.said = "-", ""
        while line and "waiting for gdb" not in line:
            line = self.process.stderr.readline().decode()
            self.said += line
        self.ports = [int(port) for port in re.findall(r":(\d+)", line)]
        assert self.ports, line
        self.port = self.ports[0]

    def end(self):
        out, err = self.process.communicate(timeout=120)
        return self.process.returncode, out.decode(errors="replace"), err.decode()


def hash_of(text):
    return re.search(r"^hash ([0-9a-f]{16})$", text, re.M).group(1)


def plain_hash(duet, *options):
    done = subprocess.run([duet, "run", "--hash", *options], stdout=subprocess.PIPE, check=True,
                          stdin=subprocess.DEVNULL)
    return hash_of(done.stdout.decode(errors="replace"))


def symbol(build, core, name):
    table = subprocess.run(["arm-none-eabi-nm", firmware(build, core)], stdout=subprocess.PIPE,
                           check=True).stdout.decode()
    return next(int(line.split()[0], 16) for line in table.split("\n")
                if line.split()[-1:] == [name])
