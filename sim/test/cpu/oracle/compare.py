#!/usr/bin/env python3
"""Runs the guest program on QEMU's MPS2 boards and on our core and compares what it says, line by line.

    compare.py BARE_RUN GUEST_ELF FIRST_SEED COUNT

Every line is a check: a tag of four letters and a value. After the first difference that the table below
does not explain a scenario is given up, for all that follows in it may follow from that. Exit status 0: no
unexplained difference; 1: some; 77: no QEMU here.
"""
import collections
import shutil
import subprocess
import sys
import tempfile

# The end of some RAM behind which a read fails; the M4's board has none, 0x80 stands for the table at 0.
BOARDS = {"m4": ("mps2-an386", 0x80), "m7": ("mps2-an500", 0x61000000)}
PARAMETERS = 0x203F0000
LSPEN = 1 << 30  # of FPCCR
BATCH = 50  # scenarios a run
TIMEOUT = 600  # seconds of a run of QEMU, which takes about one; for one that hangs, not for a busy machine


def explain_hfsr(ours, qemu, past):
    if (ours, qemu) == (0x80000000, 0x40000000) and past.get("flt ") == 9:
        return "BKPT without debugger sets HFSR.DEBUGEVT (C1.6.1); QEMU sets FORCED"
    if ours == 2 and qemu == 0x40000002:
        return "A vector that cannot be read sets HFSR.VECTTBL alone (table B1-9); QEMU sets FORCED as well"
    return None


def explain_ufrdy(ours, qemu, past):
    if ours ^ qemu == 0x400:
        return "FPCCR bit 10 (UFRDY) is ARMv8-M's, reserved in ARMv7-M; QEMU sets it"
    return None


def explain_vectpending(ours, qemu, past):
    if ours == 0 and (past.get("bpri") or past.get("fmsk")):
        return "ICSR.VECTPENDING heeds BASEPRI and FAULTMASK (Cortex-M4 user guide 4.3.3); QEMU's does not"
    return None


def explain_fp_register(ours, qemu, past):
    if qemu == 0 and past.get("at once"):
        return "S0 to S15 and FPSCR are UNKNOWN after stacking at once (FPCCR.LSPEN 0); QEMU zeroes them, we keep them"
    return None


def explain_fpscr(ours, qemu, past):
    if (ours ^ qemu) & 0x07C00000 == 0:
        return "A new FP context takes FPDSCR's bits 26:22 only (ExecuteFPCheck); QEMU writes all of FPSCR"
    return explain_fp_register(ours, qemu, past)


EXPLAINED = {
    "fpr0": explain_fp_register,
    "fprf": explain_fp_register,
    "hfsr": explain_hfsr,
    "fpcc": explain_ufrdy,
    "vpnd": explain_vectpending,
    "fpsc": explain_fpscr,
}


def explain_lazy_user(ours, qemu, past):
    """QEMU is at a fault and we are not: both transcripts from there on."""
    told = dict(reversed(qemu[:20]))
    lazy_of_user = past.get("fpcc", 0) & 3 == 3 and past.get("cpac") == 0x00500000
    if lazy_of_user and qemu[0] in (("exc ", 3), ("exc ", 6)) and told.get("cfsr") == 0x80000:
        return "State of unprivileged code is put off (FPCCR.USER): that it may use the FPU is asked by ARMv8-M; QEMU asks"
    return None


def scenarios(text):
    found, lines = {}, None
    for line in text.splitlines():
        if line.startswith("S"):
            lines = found.setdefault(int(line[1:], 16), [])
        elif lines is not None and len(line) == 12:
            lines.append((line[:4], int(line[4:12], 16)))
    return found


def run_ours(bare_run, core, elf, first, count):
    done = subprocess.run([bare_run, core, elf, str(first), str(count)], capture_output=True, text=True)
    if done.returncode:
        print(f"{core}: our core: {done.stderr.strip()}")
    return scenarios(done.stdout), done.returncode == 0


def run_qemu(core, elf, first, count):
    board, end = BOARDS[core]
    words = [first, count, end]
    with tempfile.NamedTemporaryFile("r") as console:
        command = ["qemu-system-arm", "-M", board, "-display", "none", "-monitor", "none", "-kernel", elf,
                   "-serial", f"file:{console.name}", "-semihosting-config", "enable=on,target=native"]
        for i, word in enumerate(words):
            command += ["-device", f"loader,addr={PARAMETERS + 4 * i:#x},data={word:#x},data-len=4"]
        try:
            done = subprocess.run(command, stdin=subprocess.DEVNULL, capture_output=True, text=True,
                                  timeout=TIMEOUT)
        except subprocess.TimeoutExpired:
            print(f"{core}: QEMU did not end with the scenarios from {first} on")
            return scenarios(console.read()), False
        if done.returncode:
            print(f"{core}: QEMU: {done.stderr.strip().splitlines()[:1]}")
        return scenarios(console.read()), done.returncode == 0


class Tally:
    def __init__(self):
        self.checks = self.scenarios = self.entries = 0
        self.reasons = collections.Counter()
        self.unexplained = []

    def compare(self, core, seed, ours, qemu):
        past = {}
        self.scenarios += 1
        for i, ((tag, mine), (other_tag, other)) in enumerate(zip(ours, qemu)):
            self.checks += 1
            self.entries += tag == "exc "
            if tag != other_tag:
                self.note_parting(core, seed, ours[i:], qemu[i:], past)
                return
            if mine != other:
                reason = tag in EXPLAINED and EXPLAINED[tag](mine, other, past)
                if not reason:
                    self.unexplained.append((core, seed, tag, f"{mine:08x}", f"QEMU {other:08x}"))
                    return
                self.reasons[reason] += 1
            past[tag] = mine
            if tag == "fpcc" and mine & LSPEN == 0:
                past["at once"] = True
        if len(ours) != len(qemu):
            self.unexplained.append((core, seed, "lengths", len(ours), len(qemu)))

    def note_parting(self, core, seed, ours, qemu, past):
        """The two went different ways; what follows cannot be compared."""
        reason = explain_lazy_user(ours, qemu, past)
        if reason:
            self.reasons[reason] += 1
        else:
            self.unexplained.append((core, seed, *ours[0], "QEMU", *qemu[0]))


def main(bare_run, elf, first, count):
    if not shutil.which("qemu-system-arm"):
        print("skipped: qemu-system-arm is not installed")
        return 77
    tally, complete = Tally(), True
    for core in BOARDS:
        for start in range(first, first + count, BATCH):
            size = min(BATCH, first + count - start)
            ours, ended = run_ours(bare_run, core, elf, start, size)
            qemu, qemu_ended = run_qemu(core, elf, start, size)
            complete = complete and ended and qemu_ended and len(ours) == len(qemu) == size
            for seed in sorted(ours.keys() & qemu.keys()):
                tally.compare(core, seed, ours[seed], qemu[seed])
    print(f"{tally.scenarios} scenarios, {tally.entries} exceptions, {tally.checks} checks against QEMU, "
          f"{len(tally.unexplained)} unexplained differences")
    for reason, times in tally.reasons.most_common():
        print(f"  explained {times:5}: {reason}")
    for difference in tally.unexplained[:20]:
        print("  NOT explained:", *difference)
    return 0 if complete and not tally.unexplained else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1], sys.argv[2], int(sys.argv[3]), int(sys.argv[4])))
