"""--trace and duet report, from outside: the trace is read by a reader of its own, and held against what
the program says elsewhere. Usage: test_timeline.py DUET GCC"""

import os
import re
import shutil
import subprocess
import sys
import tempfile
import unittest

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
from perfetto_reader import BEGIN, MARK, Trace  # noqa: E402

SKIPPED = 77
DUET, GCC = os.path.abspath(sys.argv[1]), sys.argv[2]
CORES = ("Cortex-M7", "Cortex-M4")


def duet(folder, *arguments):
    done = subprocess.run([DUET, *arguments], cwd=folder, capture_output=True, text=True,
                          stdin=subprocess.DEVNULL, timeout=280)
    return done.returncode, done.stdout, done.stderr


class Camera(unittest.TestCase):
    """The bundled camera system."""

    @classmethod
    def setUpClass(cls):
        cls.folder = tempfile.mkdtemp()
        run = ("run", "--for", "1200ms", "--hash", "--stats", "--console", "console")
        cls.status, cls.said, cls.log = duet(cls.folder, *run, "--trace", "t", "--log", "HSEM")
        _, cls.plain, _ = duet(cls.folder, *run)
        cls.trace = Trace(os.path.join(cls.folder, "t"))

    @classmethod
    def tearDownClass(cls):
        shutil.rmtree(cls.folder)

    def number(self, pattern):
        return int(re.search(pattern, self.said).group(1))

    def begins(self, path):
        return sum(event.type == BEGIN for event in self.trace.on(path))

    def marks(self, path, name):
        return sum(event.name == name for event in self.trace.on(path))

    def test_the_run_is_the_same(self):
        self.assertEqual(self.status, 0)
        pattern = r"hash \w+|frames .*|Cortex.*"
        self.assertEqual(re.findall(pattern, self.said), re.findall(pattern, self.plain))

    def test_the_trace_is_sound(self):
        self.assertLessEqual(self.trace.check(), 2)  # a notification may be under way at the end

    def test_interrupts_are_those_of_the_statistics(self):
        for core in CORES:
            count = self.number(core + r" .*interrupts (\d+)")
            self.assertGreater(count, 300)
            self.assertEqual(self.begins(core + "/exceptions"), count)

    def test_vectors_have_names_and_handlers(self):
        names = {event.name for event in self.trace.on("Cortex-M7/exceptions") if event.name}
        self.assertLessEqual({"SysTick", "PendSV", "HSEM1", "LTDC"}, names)
        names = {event.name for event in self.trace.on("Cortex-M4/exceptions") if event.name}
        self.assertLessEqual({"SysTick", "PendSV", "HSEM2", "MDMA", "USART1"}, names)
        for core in CORES:
            begins = [event for event in self.trace.on(core + "/exceptions") if event.type == BEGIN]
            unknown = [event.name for event in begins if "latency ns" not in event.notes]
            self.assertTrue(all("handler" in event.notes for event in begins))
            # PendSV has no line and no timer; SysTick may be set anew while the core does not sleep.
            self.assertLessEqual(set(unknown), {"PendSV", "SysTick"})
            self.assertLessEqual(unknown.count("SysTick"), len(begins) // 50)

    def test_frames(self):
        captured = self.number(r"captured (\d+)")
        ended = [s for s in self.trace.slices("Frames/sensor") if s[1] < 1200000000]
        self.assertGreater(captured, 20)
        self.assertEqual(len(ended), captured)
        refreshes = self.number(r"panel refreshes (\d+)")
        new = self.marks("Frames/panel", "new picture")
        self.assertEqual(new, self.number(r"shown (\d+)"))
        self.assertEqual(new + self.marks("Frames/panel", "refresh"), refreshes)
        self.assertGreater(self.marks("Frames/LTDC", "reload"), 20)
        mdma = sum(event.name == "MDMA" for event in self.trace.on("Cortex-M4/exceptions"))
        done = sum(event.name == "transfer complete" for event in self.trace.events)
        self.assertEqual(mdma, done)
        self.assertGreater(self.begins("Frames/DCMI"), 20)

    def test_transfers_carry_the_statistics_bytes(self):
        total = self.number(r"DMA2 (\d+)")
        traced = sum(s[2].notes["bytes"] for track in range(8)
                     for s in self.trace.slices("DMA/DMA2 stream %d" % track))
        last = max(s[2].notes["bytes"] for track in range(8)
                   for s in self.trace.slices("DMA/DMA2 stream %d" % track))
        self.assertLessEqual(total, traced)
        self.assertLess(traced - total, 4 * last)  # what was not full when it was stopped

    def test_semaphores_are_those_of_the_registers(self):
        """Each write of R<n> without the lock bit is a release, each mark of a core one that somebody
        listens to."""
        releases = re.findall(r"HSEM\.R(\d+) <- 0x([0-7]\w{7})", self.log)
        slices = [s for n in range(32) for s in self.trace.slices("HSEM/semaphore %d" % n)
                  if s[1] < 1200000000]  # not those that are held at the end
        self.assertEqual(len(slices), len(releases))
        marks = sum(bool(event.starts) for core in CORES
                    for event in self.trace.on(core + "/HSEM"))
        interrupts = sum(event.name in ("HSEM1", "HSEM2") for event in self.trace.events
                         if event.type == BEGIN)
        self.assertGreater(marks, 50)
        self.assertLessEqual(marks, len(releases))
        self.assertLessEqual(interrupts, marks)

    def test_arrows_cross_the_cores(self):
        starts = {flow: self.trace.path(event.track) for event in self.trace.events
                  for flow in event.starts}
        for core, other, name in (CORES[0], CORES[1], "HSEM1"), (CORES[1], CORES[0], "HSEM2"):
            taken = [event for event in self.trace.on(core + "/exceptions") if event.name == name]
            flows = [flow for event in taken for flow in event.ends]
            self.assertGreater(len(flows), 20)
            self.assertEqual({starts[flow] for flow in flows}, {other + "/HSEM"})

    def test_sleep_is_that_of_the_statistics(self):
        for core in CORES:
            asleep = sum(end - begin for begin, end, event, _ in self.trace.slices(core + "/state")
                         if event.name != "held in reset")
            said = float(re.search(core + r" .*asleep ([\d.]+)", self.said).group(1))
            self.assertAlmostEqual(100 * asleep / 1.2e9, said, delta=0.01)

    def test_console(self):
        with open(os.path.join(self.folder, "console")) as file:
            lines = [line.rstrip() for line in file.read().split("\n") if line.strip()]
        told = [event.name.rstrip() for event in self.trace.on("Board/console")]
        self.assertEqual(told, lines)

    def test_report(self):
        status, said, _ = duet(self.folder, "report", "t")
        self.assertEqual(status, 0)
        for core in CORES:
            rows = re.findall(core + r" \w+ +(\d+) +[\d-]", said)
            self.assertEqual(sum(map(int, rows)), self.number(core + r" .*interrupts (\d+)"))
        ticks = sorted(end - begin for begin, end, event, _ in
                       self.trace.slices("Cortex-M4/exceptions") if event.name == "HSEM2")
        row = re.search(r"Cortex-M4 HSEM2 .*", said).group().split()
        self.assertEqual(int(row[2]), len(ticks))
        rank = (len(ticks) * 99 + 99) // 100 - 1
        wanted = [ticks[0], ticks[(len(ticks) * 50 + 99) // 100 - 1], ticks[rank], ticks[-1]]
        self.assertEqual(row[7:], ["%.3f" % (time / 1000) for time in wanted])
        self.assertRegex(said, r"Cortex-M7 to Cortex-M4 +\d+ +[\d.]+")
        self.assertRegex(said, r"Cortex-M4 to Cortex-M7 +\d+ +[\d.]+")

    def test_cost_in_bytes(self):
        size = os.path.getsize(os.path.join(self.folder, "t"))
        self.assertLess(size / len(self.trace.events), 64)


GUEST = r"""
#include <stdint.h>
#define R(a) (*(volatile uint32_t *)(a))
void start(void);
void supervisor(void) { R(0xe0000004) = 7; R(0xe0000008) = 7; }
__attribute__((section(".vectors"), used)) void *const vectors[16] =
    {(void *)0x20020000, start, 0, 0, 0, 0, 0, 0, 0, 0, 0, supervisor};
static void text(const char *c) { for (; *c; c++) *(volatile uint8_t *)0xe0000000 = (uint8_t)*c; }
void start(void)
{
    R(0xe000edfc) |= 1u << 24;
    R(0xe0000fb0) = 0xc5acce55;
    R(0xe0000e80) = 1;
    R(0xe0000e00) = 15;
    text("hello\nworld\n");
    R(0xe0000004) = (uint32_t) "outer";
    R(0xe0000004) = (uint32_t) "inner";
    __asm__ volatile("svc 0");
    R(0xe000000c) = (uint32_t) "here";
    R(0xe0000008) = 0;
    R(0xe0000008) = 0;
    R(0xe0000008) = 0; /* one too many */
    R(0xe0000004) = 0xfffffff0; /* no string there */
    for (uint32_t at = 0x24000000; at < 0x24000100; at += 32)
        R(0xe000ef68) = at;
    for (;;)
        __asm__ volatile("wfi");
}
"""


class Marks(unittest.TestCase):
    """What firmware marks through ITM ports."""

    @classmethod
    def setUpClass(cls):
        cls.folder = tempfile.mkdtemp()
        with open(os.path.join(cls.folder, "guest.c"), "w") as file:
            file.write(GUEST)
        with open(os.path.join(cls.folder, "guest.ld"), "w") as file:
            file.write("SECTIONS { . = 0x08000000; .text : { *(.vectors) *(.text*) *(.rodata*) } }")
        subprocess.run([GCC, "-mcpu=cortex-m7", "-mthumb", "-nostdlib", "-ffreestanding", "-O1",
                        "-Tguest.ld", "-Wl,--build-id=none", "-o", "guest.elf", "guest.c"],
                       cwd=cls.folder, check=True)
        status, _, said = duet(cls.folder, "run", "--cm7", "guest.elf", "--set", "BCM4=0", "--for",
                               "1ms", "--trace", "t")
        if status:
            raise AssertionError(said)
        cls.trace = Trace(os.path.join(cls.folder, "t"))

    @classmethod
    def tearDownClass(cls):
        shutil.rmtree(cls.folder)

    def test_spans_nest_and_marks_stand_in_them(self):
        self.assertEqual(self.trace.check(), 0)
        spans = [(event.name, depth) for _, _, event, depth in
                 self.trace.slices("Cortex-M7/spans")]
        self.assertEqual(spans, [("span 7", 2), ("inner", 1), ("outer", 0),
                                 ("span 0xfffffff0", 0)])
        marks = [e.name for e in self.trace.on("Cortex-M7/spans") if e.type == MARK]
        self.assertEqual(marks, ["here"])

    def test_text(self):
        self.assertEqual([e.name for e in self.trace.on("Cortex-M7/text")], ["hello", "world"])

    def test_an_exception_lies_within(self):
        (begin, end, event, _), = self.trace.slices("Cortex-M7/exceptions")
        self.assertEqual((event.name, event.notes["handler"]), ("SVCall", "supervisor"))
        outer = [s for s in self.trace.slices("Cortex-M7/spans") if s[2].name == "outer"][0]
        self.assertTrue(outer[0] <= begin < end <= outer[1])

    def test_maintenance_in_a_row_is_one_slice(self):
        (_, _, event, _), = self.trace.slices("Cortex-M7/cache maintenance")
        self.assertEqual(event.name, "DCCMVAC")
        self.assertEqual(event.notes, {"address": 0x24000000, "lines": 8})

    def test_the_other_core_is_held(self):
        (begin, end, event, _), = self.trace.slices("Cortex-M4/state")
        self.assertEqual((begin, end, event.name), (0, 1000000, "held in reset"))


class Refusals(unittest.TestCase):
    def test_what_is_no_trace(self):
        with tempfile.TemporaryDirectory() as folder:
            with open(os.path.join(folder, "no"), "wb") as file:
                file.write(b"\x0a\x7fno trace")
            status, _, said = duet(folder, "report", "no")
            self.assertEqual(status, 2)
            self.assertIn("not a trace", said)
            status, _, said = duet(folder, "run", "--for", "1us", "--trace", "no/such/file")
            self.assertEqual(status, 2)
            self.assertIn("--trace no/such/file", said)
            status, _, said = duet(folder, "report")
            self.assertEqual(status, 2)


if __name__ == "__main__":
    if not os.path.exists(os.path.join(os.path.dirname(DUET), "firmware/camera/cm7.elf")):
        print("skipped: the bundled firmware is not built")
        sys.exit(SKIPPED)
    unittest.main(argv=sys.argv[:1])
