"""--check as a person and as a program see it: text, JSON lines, exit status, marks in the trace.
Usage: test_checker.py DUET GCC"""

import json
import os
import re
import shutil
import subprocess
import sys
import tempfile
import unittest

HERE = os.path.dirname(os.path.abspath(__file__))
GUEST = os.path.join(HERE, "../../machine/guest")
sys.path.insert(0, os.path.join(HERE, "../timeline"))
from perfetto_reader import MARK, Trace  # noqa: E402

SKIPPED = 77
DUET, GCC = os.path.abspath(sys.argv[1]), sys.argv[2]
CORES = {"cm7": ["-mcpu=cortex-m7", "-mfpu=fpv5-d16", "-DCM7"],
         "cm4": ["-mcpu=cortex-m4", "-mfpu=fpv4-sp-d16", "-DCM4"]}


def build(folder, name, *options):
    for core, flags in CORES.items():
        subprocess.run(
            [GCC, *flags, "-mfloat-abi=hard", "-mthumb", "-Os", "-g", "-ffreestanding", "-nostdlib",
             "-I", GUEST, "-T", f"{GUEST}/{core}.ld", "-Wl,--build-id=none",
             "-Wl,--section-start=.shared=0x24001000", *options, f"{HERE}/handover.c",
             f"{GUEST}/start.c", "-lgcc", "-o", f"{folder}/{name}.{core}.elf"], check=True)


class Checker(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.folder = tempfile.mkdtemp()
        build(cls.folder, "faulty")
        build(cls.folder, "cured", "-DCURED")

    @classmethod
    def tearDownClass(cls):
        shutil.rmtree(cls.folder)

    def duet(self, name, *options):
        done = subprocess.run(
            [DUET, "run", "--cm7", f"{name}.cm7.elf", "--cm4", f"{name}.cm4.elf", "--for", "5ms", "--hash",
             *options], cwd=self.folder, capture_output=True, text=True, timeout=120, check=False)
        return done.returncode, done.stdout, done.stderr

    def places(self):
        with open(os.path.join(self.folder, "places"), encoding="utf-8") as lines:
            return [json.loads(line) for line in lines]

    def test_the_text_names_both_and_the_cure(self):
        status, _, said = self.duet("faulty", "--check")
        self.assertEqual(status, 0)
        lines = said.splitlines()
        self.assertEqual(lines[0], "duet: stale read: the Cortex-M7 read an old 0x2400100c..0x2400100f "
                         "(mailbox+0xc) from its cache, from before the Cortex-M4 wrote it")
        where = r" 0x2400100c at pc 0x08[01]\w{5}, main\+0x\w+ \(handover\.c:\d+\), board time 0\.\d{9} s"
        self.assertRegex(lines[1], "^  Cortex-M4 wrote" + where)
        self.assertRegex(lines[2], "^  Cortex-M7 read" + where)
        self.assertEqual(lines[3], "  cure: invalidate 0x24001000..0x2400101f when the Cortex-M4 has written "
                         "it, before reading")
        self.assertEqual(lines[4:], ["duet: check: 1 place: 1 stale read; 5 times in all"])

    def test_the_json_lines_have_the_same_and_the_count(self):
        self.duet("faulty", "--check-json", "places")
        place, = self.places()
        self.assertEqual((place["kind"], place["address"], place["length"], place["symbol"], place["count"]),
                         ("stale read", "0x2400100c", 4, "mailbox+0xc", 5))
        self.assertIn("invalidate 0x24001000..0x2400101f", place["cure"])
        self.assertEqual([(party["by"], party["did"]) for party in place["parties"]],
                         [("Cortex-M4", "wrote"), ("Cortex-M7", "read")])
        for party in place["parties"]:
            self.assertIn("handover.c:", party["place"])
        self.assertLess(place["parties"][0]["t"], place["parties"][1]["t"])

    def test_strict_ends_the_run(self):
        status, _, said = self.duet("faulty", "--check", "--strict")
        self.assertEqual(status, 3)
        self.assertIn("the Cortex-M7 was stopped by --strict at pc", said)
        status, _, said = self.duet("faulty", "--strict")
        self.assertEqual((status, said), (0, ""))

    def test_nothing_is_said_of_what_is_right(self):
        status, _, said = self.duet("cured", "--check-json", "places", "--strict")
        self.assertEqual((status, said, self.places()), (0, "", []))

    def test_the_run_is_the_same(self):
        _, checked, _ = self.duet("faulty", "--check")
        _, alone, _ = self.duet("faulty")
        self.assertRegex(checked, r"^hash \w{16}$")
        self.assertEqual(checked, alone)

    def test_reports_are_marks_in_the_trace(self):
        self.duet("faulty", "--check", "--trace", "trace")
        trace = Trace(os.path.join(self.folder, "trace"))
        marks = [event.name for event in trace.events if event.type == MARK]
        self.assertEqual(sum(bool(re.match("the Cortex-M7 read an old", name)) for name in marks), 1)


if __name__ == "__main__":
    if not shutil.which(GCC):
        sys.exit(SKIPPED)
    unittest.main(argv=sys.argv[:1])
