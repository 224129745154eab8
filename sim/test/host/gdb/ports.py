#!/usr/bin/env python3
"""One port for each core: ports.py DUET BUILD"""
import sys

from board import Board, hash_of, need_firmware, plain_hash, symbol
from remote import Link, expect, monitor, word


def threads_of_one(link, cpuid, flash):
    expect("one thread", link.ask("qfThreadInfo") == "m1" and link.ask("Hg2") == "E01")
    expect("it is there", link.ask("qC") == "QC1" and link.ask("?") == "T05thread:1;")
    expect("of its core", word(link.ask("me000ed00,4")) & 0xfff0 == cpuid)
    expect("at its program", word(link.ask("pf")) & 0xfff00000 == flash)


def breakpoints(m7, m4, build):
    main7, main4 = (symbol(build, core, "main") for core in ("cm7", "cm4"))
    for link, at in ((m7, main7), (m4, main4)):
        expect("a breakpoint", link.ask(f"Z0,{at:x},2") == "OK")
        link.send("vCont;c")
        if link is m7:
            expect("the board waits for the other debugger",
                   "until the other core's debugger" in m7.hear())
    stops = {}
    while len(stops) < 2:
        for name, link in (("m7", m7), ("m4", m4)):
            reply = None if name in stops else link.wait(0.02)
            if reply:
                expect(f"{name} stops", reply == "T05thread:1;", reply)
                stops[name] = word(link.ask("pf"))
                link.ask(f"z0,{stops[name]:x},2")
                link.send("vCont;c")
    expect("each at its own", stops == {"m7": main7, "m4": main4}, stops)


def stop_together(m7, m4):
    """A stop of one stands both still, and the other's debugger goes on waiting."""
    m7.send_raw(b"\3")
    expect("the M7 is interrupted", m7.receive() == "T02thread:1;")
    first = monitor(m7, "time")
    heard = m4.wait(0.1)  # at most that the board stands, if it came to its continue only now
    expect("the M4's debugger hears of no stop", heard is None or heard.startswith("O"), heard)
    m4.send_raw(b"\3")
    expect("the M4 is interrupted", m4.receive() == "T02thread:1;")
    expect("in the same place", monitor(m4, "time") == first)
    m4.send("vCont;c")
    m4.hear()
    before = word(m7.ask("pf"))
    for _ in range(3):
        reply, _ = m7.run("vCont;s:1")
        expect("a step while the M4's debugger lets it run", reply == "T05thread:1;")
    expect("has moved", word(m7.ask("pf")) != before or monitor(m7, "time") != first)


def back_in_one(m7, m4):
    """One goes back while the other lets the board run; both then see the same place."""
    first = monitor(m7, "time")
    m7.run("vCont;s:1")
    reply, _ = m7.run("bs")
    expect("a step back", reply == "T05thread:1;", reply)
    expect("in the past", "in the past" in monitor(m7, "time"))
    m4.send_raw(b"\3")
    expect("the M4's debugger is served there", m4.receive() == "T02thread:1;")
    expect("and sees the same", monitor(m4, "time") == monitor(m7, "time"))
    m7.send("bs")
    expect("nobody goes back while the other stands", "until the other core's" in m7.hear())
    expect("but waits", m7.wait(0.1) is None)
    m4.send("vCont;c")
    expect("until it is let", m7.receive() == "T05thread:1;")
    for _ in range(3):
        m7.run("vCont;s:1")
    expect("forward again", first != monitor(m7, "time"))


def watch_in_one(m7, m4, build):
    lines = symbol(build, "cm4", "line_buffers")
    expect("a watch", m7.ask(f"Z2,{lines:x},4") == "OK")
    reply, said = m7.run("vCont;c")
    expect("stops for its debugger", f"watch:{lines:x}" in reply and "DMA2" in said, reply, said)
    heard = m4.wait(0.1)
    expect("and not for the other's", heard is None or heard.startswith("O"), heard)
    expect("taken away", m7.ask(f"z2,{lines:x},4") == "OK")


def main():
    duet, build = sys.argv[1:3]
    need_firmware(build)
    options = ["--for", "400ms"]
    board = Board(duet, "--hash", *options, gdb="0,0")
    expect("two ports", len(board.ports) == 2)
    m7, m4 = (Link(port) for port in board.ports)
    threads_of_one(m7, 0xc270, 0x08000000)
    threads_of_one(m4, 0xc240, 0x08100000)
    breakpoints(m7, m4, build)
    stop_together(m7, m4)
    back_in_one(m7, m4)
    watch_in_one(m7, m4, build)
    m4.send_raw(b"\3")
    m4.receive()
    expect("detach", m4.ask("D") == "OK")
    reply, _ = m7.run("vCont;c")
    expect("the end is told", reply == "W00")
    status, out, _ = board.end()
    expect("exit status", status == 0)
    expect("no stop has left a trace", hash_of(out) == plain_hash(duet, *options))


main()
