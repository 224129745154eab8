"""The programs that are run without a site, and how it is told that one goes wrong."""
import pathlib
import re
import subprocess
import sys
import tempfile
import time

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent.parent))
from run_example import differences  # noqa: E402

BOARD_TIME = {"camera": "2.5s"}  # of those that need more than a second
# Programs that take long are run for the sites of these folders only.
LONG = {"camera": ("firmware/", "kernel/"), "examples/threads": ("kernel/", "firmware/threads")}
STRICTEST = ("--strict", "--check")
SPECULATING = ("--set", "speculation=1")
# A store waits as long as it may, an interrupt is let in and shut out as late as it may, beside the usual.
LATE = ("--set", "stores=late", "--set", "effects=late")
WALL_SECONDS = 120


def tolerant(lines):
    """Expected lines from seen ones: figures change with the timing. The camera's rate must not."""
    for line in lines:
        kept = re.sub(r"\d+(\.\d+)?", "<n>", line)
        status = re.fullmatch(r"(frames <n>  )fps <n>  drops <n>(  .*)", kept)
        if status:
            rate = re.search(r"fps \S+  drops \S+", line)[0]
            kept = status[1] + rate + status[2]
        yield kept


def settings(program):
    """How a program is run, one way after the other."""
    if program in LONG:
        return ((*SPECULATING, "--set", "effects=late"),)
    if program == "cached-link":  # what a cache forgets by speculation it cannot be caught with
        return ((), SPECULATING, LATE)
    return (SPECULATING, LATE)


class Runner:
    """Runs programs on the virtual board, whatever makes its checks strictest."""

    def __init__(self, duet, firmware, options):
        self.duet, self.firmware, self.options = duet, firmware, options
        self.expected, self.seconds = {}, {}

    def run(self, program, images, setting=SPECULATING):
        """(exit status, console's lines, what the board said)."""
        with tempfile.NamedTemporaryFile(prefix="duet-console-") as console:
            command = [self.duet, "run", "--cm7", images["cm7"], "--cm4", images["cm4"], "--for",
                       BOARD_TIME.get(program, "1s"), *STRICTEST, *setting, "--console", console.name,
                       *self.options]
            try:
                result = subprocess.run(command, capture_output=True, text=True, check=False,
                                        timeout=WALL_SECONDS)
            except subprocess.TimeoutExpired:
                return -1, [], f"no end after {WALL_SECONDS} s"
            lines = pathlib.Path(console.name).read_text(encoding="utf-8", errors="replace").splitlines()
        return result.returncode, lines, result.stderr

    def learn(self, program):
        """Runs it as it is: it must be clean. What it prints is what its mutants must print."""
        images = {core: elf.path for core, elf in self.firmware.elfs[program].items()}
        start = time.monotonic()
        for setting in settings(program):
            status, lines, said = self.run(program, images, setting)
            if status or said or not lines:
                raise SystemExit(f"{program} is not clean as it is, with {' '.join(setting)}: exit status {status}\n"
                                 f"{said}\n" + "\n".join(lines))
        self.seconds[program] = time.monotonic() - start
        story = self.firmware.root / "firmware/apps" / program / "expected.txt"
        self.expected[program] = (story.read_text(encoding="utf-8").splitlines() if story.exists()
                                  else list(tolerant(lines)))

    def symptom(self, program, images):
        """How the program shows that something is missing; None when it does not."""
        for setting in settings(program):
            status, lines, said = self.run(program, images, setting)
            if said:
                return said.splitlines()[0]
            wrong = next(differences(self.expected[program], lines), None)
            if wrong:
                return "console, " + " ".join(wrong.split())
            if status:
                return f"exit status {status}"
        return None
