#!/usr/bin/env python3
"""The remote serial protocol by a plain socket: protocol.py DUET BUILD"""
import subprocess
import sys

from board import Board, hash_of, need_firmware, plain_hash, symbol
from remote import Link, expect, monitor, word


def registers_and_memory(link):
    expect("features", "qXfer:features:read+" in link.ask("qSupported:multiprocess+"))
    expect("stop reply", link.ask("?") == "T05thread:1;")
    expect("both cores are threads", link.ask("qfThreadInfo") == "m1,2")
    expect("and no more", link.ask("qsThreadInfo") == "l")
    stack, entry = (word(link.ask(f"m{a:x},4")) for a in (0x08000000, 0x08000004))
    expect("sp from the vector table", word(link.ask("pd")) == stack)
    expect("pc from the vector table, before the first instruction",
           word(link.ask("pf")) == entry & ~1)
    expect("no instruction yet", "instructions 0" in monitor(link, "time"))
    expect("g has all registers", len(link.ask("g")) == 2 * (17 * 4 + 16 * 8 + 7 * 4))
    expect("P", link.ask("P3=78563412") == "OK" and word(link.ask("p3")) == 0x12345678)
    expect("P back", link.ask("P3=00000000") == "OK")
    expect("P of a register that is not there", link.ask("P99=00000000") == "E01")
    expect("M", link.ask("M24070000,4:01020304") == "OK" and link.ask("m24070000,4") == "01020304")
    expect("X", link.ask("X24070000,2:}\x03\x04") == "OK" and link.ask("m24070000,4") == "23040304")
    expect("M back", link.ask("M24070000,4:00000000") == "OK")
    expect("nothing there", link.ask("m60000000,4").startswith("E"))
    expect("CPUID by the system space", word(link.ask("me000ed00,4")) == 0x411fc271)
    expect("thread 2", link.ask("Hg2") == "OK")
    expect("has its own entry", word(link.ask("pf")) & 0xfff00000 == 0x08100000)
    expect("and its own CPUID", word(link.ask("me000ed00,4")) & 0xfff0 == 0xc240)
    expect("thread 3 is none", link.ask("Hg3") == "E01" and link.ask("Hg1") == "OK")
    xml = link.ask("qXfer:features:read:target.xml:0,3000")
    expect("target.xml", xml[0] == "l" and "org.gnu.gdb.arm.m-system" in xml)
    part = link.ask("qXfer:features:read:target.xml:0,10")
    expect("in parts", part == "m" + xml[1:17])
    expect("memory map", "flash" in link.ask("qXfer:memory-map:read::0,3000"))
    expect("unknown packets", link.ask("vMustReplyEmpty") == "" and link.ask("!") == "")


def monitors(link):
    expect("monitor help", "regs BLOCK" in monitor(link, "help"))
    expect("monitor hsem", "no semaphore is locked" in monitor(link, "hsem"))
    expect("monitor regs", "RLR0" in monitor(link, "regs HSEM"))
    expect("monitor regs of nothing", "no block FOO" in monitor(link, "regs FOO"))
    expect("monitor memory", monitor(link, "memory 0x08000000 4").startswith("0x08000000  "))
    expect("monitor cache of what is not in it",
           "is not in the M7's data cache" in monitor(link, "cache 0x24000000"))
    expect("monitor nonsense", "no command bar" in monitor(link, "bar"))


def steps(link):
    before = word(link.ask("pf"))
    reply, _ = link.run("vCont;s:1")
    expect("a step", reply == "T05thread:1;" and before < word(link.ask("pf")) <= before + 4)
    expect("of one instruction", "instructions 1," in monitor(link, "time").split("\n")[1])
    link.ask("Hg2")
    before = word(link.ask("pf"))
    reply, _ = link.run("vCont;s:2;c")
    expect("a step of the M4", reply == "T05thread:2;" and word(link.ask("pf")) != before)
    link.ask("Hg1")


def points(link, build):
    main7, main4 = (symbol(build, core, "main") for core in ("cm7", "cm4"))
    for at in (main7, main4):
        expect("Z0", link.ask(f"Z0,{at:x},2") == "OK")
    stops = {}
    for _ in range(2):
        reply, _ = link.run("vCont;c")
        thread = int(reply.split("thread:")[1][0])
        link.ask(f"Hg{thread}")
        stops[thread] = word(link.ask("pf"))
    expect("a breakpoint in each core", stops == {1: main7, 2: main4}, stops)
    for at in (main7, main4):
        expect("z0", link.ask(f"z0,{at:x},2") == "OK")
    lines = symbol(build, "cm4", "line_buffers")
    expect("Z2", link.ask(f"Z2,{lines:x},4") == "OK")
    # The start-up code zeroes it; the DMA comes later.
    for _ in range(10):
        reply, said = link.run("vCont;c")
        expect("a watch", f"watch:{lines:x}" in reply, reply)
        if "DMA2" in said:
            break
    expect("a DMA's write is told, and whose it was",
           f"0x{lines:08x} was written by the DMA2" in said, said)
    expect("z2", link.ask(f"z2,{lines:x},4") == "OK")
    expect("a watch where nothing is", link.ask("Z2,28000000,4") == "E0c")
    tick = symbol(build, "cm7", "journal")
    expect("Z4", link.ask(f"Z4,{tick:x},408") == "OK")
    reply, said = link.run("vCont;c")
    expect("an access by the M7", reply.startswith("T05thread:1;awatch:") and "Cortex-M7" in said,
           reply, said)
    expect("z4", link.ask(f"z4,{tick:x},408") == "OK")


def interrupt(link):
    link.send("vCont;c")
    link.send_raw(b"\3")
    expect("the interrupt", link.receive().startswith("T02"))


def main():
    duet, build = sys.argv[1:3]
    need_firmware(build)
    options = ["--for", "400ms"]
    board = Board(duet, "--hash", *options)
    busy = subprocess.run([duet, "run", "--gdb", str(board.port), "--for", "1ms"],
                          stderr=subprocess.PIPE, stdout=subprocess.PIPE)
    expect("a busy port", busy.returncode == 2 and b"give another port" in busy.stderr)
    wrong = subprocess.run([duet, "run", "--gdb", "x", "--for", "1ms"], stderr=subprocess.PIPE)
    expect("no port", wrong.returncode == 2 and b"--gdb x" in wrong.stderr)
    link = Link(board.port)
    link.send_raw(b"$?#00")
    expect("a wrong checksum is refused", link.socket.recv(1) == b"-")
    registers_and_memory(link)
    monitors(link)
    steps(link)
    points(link, build)
    interrupt(link)
    reply, _ = link.run("vCont;c")
    expect("the end is told", reply == "W00")
    status, out, _ = board.end()
    expect("exit status", status == 0)
    expect("no stop has left a trace", hash_of(out) == plain_hash(duet, *options))
    board = Board(duet)
    Link(board.port).send("k")
    expect("kill ends the run", board.end()[0] == 0)


main()
