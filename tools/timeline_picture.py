#!/usr/bin/env python3
"""Draws the way of a camera frame through the system from a trace of `duet run --trace`, as SVG.

timeline_picture.py TRACE PICTURE [FRAME]     FRAME: which of the frames that the DCMI took, from 0
"""

import os
import sys
from xml.sax.saxutils import escape

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)),
                                "../sim/test/host/timeline"))
from perfetto_reader import MARK, Trace  # noqa: E402

LEFT, WIDTH, ROW, TOP = 170, 1000, 30, 44
COLOURS = {"Frames": "#2f7d5b", "DMA": "#b5762a", "Cortex-M4": "#7a4fa3", "Cortex-M7": "#2f66a8"}
ROWS = ["Frames/sensor", "Frames/DCMI", "DMA/DMA2 stream *", "DMA/MDMA channel *",
        "Cortex-M4/exceptions", "Cortex-M4/HSEM", "Cortex-M7/exceptions", "Cortex-M7/HSEM",
        "Frames/LTDC", "Frames/panel"]


def row_of(trace, track):
    path = trace.path(track)
    for n, row in enumerate(ROWS):
        if path == row or (row.endswith("*") and path.startswith(row[:-1])):
            return n
    return None


class Picture:
    def __init__(self, trace, begin, end, lines, top, title):
        self.trace, self.begin, self.end = trace, begin, end
        self.out, self.top = lines, top
        self.frame(title)

    def x(self, time):
        time = min(max(time, self.begin), self.end)
        return LEFT + WIDTH * (time - self.begin) / (self.end - self.begin)

    def y(self, row):
        return self.top + TOP + row * ROW

    def frame(self, title):
        self.out.append('<text x="8" y="%d" font-weight="bold">%s</text>'
                        % (self.top + 16, escape(title)))
        unit, name = (1000000, "ms") if self.end - self.begin > 2000000 else (1000, "µs")
        step = next(s for s in (1, 2, 5, 10, 20, 50, 100, 200, 500)
                    if (self.end - self.begin) / unit / s <= 12)
        for n in range(0, int((self.end - self.begin) / unit) + 1, step):
            x = self.x(self.begin + n * unit)
            self.out.append('<path d="M%.1f %d V%d" stroke="#ddd"/><text x="%.1f" y="%d" '
                            'fill="#777">%d %s</text>'
                            % (x, self.y(0) - 4, self.y(len(ROWS)), x + 2, self.y(0) - 8, n, name))
        for n, row in enumerate(ROWS):
            self.out.append('<text x="8" y="%d">%s</text>' % (self.y(n) + 17, row.replace("/", " · ")))

    def slice(self, row, begin, end, name, depth):
        if end < self.begin or begin > self.end:
            return
        x, width = self.x(begin), max(self.x(end) - self.x(begin), 0.8)
        colour = COLOURS[ROWS[row].split("/")[0]]
        self.out.append('<rect x="%.2f" y="%d" width="%.2f" height="%d" fill="%s" fill-opacity=".8">'
                        '<title>%s</title></rect>'
                        % (x, self.y(row) + 3 + 4 * depth, width, ROW - 8 - 4 * depth, colour,
                           escape("%s, %.3f us" % (name, (end - begin) / 1000))))
        if width > 7 * len(name):
            self.out.append('<text x="%.1f" y="%d" fill="#fff">%s</text>'
                            % (x + 4, self.y(row) + 18, escape(name)))

    def mark(self, row, time, name):
        if not self.begin <= time <= self.end:
            return
        x, y = self.x(time), self.y(row)
        self.out.append('<path d="M%.1f %d l4 9 h-8z" fill="#c0392b"><title>%s</title></path>'
                        % (x, y + 5, escape(name)))
        self.out.append('<text x="%.1f" y="%d" fill="#c0392b">%s</text>'
                        % (x + 6, y + 18, escape(name)))

    def arrow(self, from_row, begin, to_row, end):
        if self.begin <= begin and end <= self.end:
            self.out.append('<path d="M%.1f %d L%.1f %d" stroke="#c0392b" marker-end="url(#a)"/>'
                            % (self.x(begin), self.y(from_row) + 14, self.x(end),
                               self.y(to_row) + 6))

    def draw(self):
        starts = {}
        for track in self.trace.tracks:
            row = row_of(self.trace, track)
            if row is not None:
                for begin, end, event, depth in self.trace.slices(self.trace.path(track)):
                    self.slice(row, begin, end, event.name, depth)
        for event in self.trace.events:
            row = row_of(self.trace, event.track)
            if row is not None and event.type == MARK:
                self.mark(row, event.time, event.name)
            for flow in event.starts:
                starts[flow] = (row, event.time)
            for flow in event.ends:
                if row is not None and flow in starts:
                    self.arrow(*starts[flow], row, event.time)


def main():
    trace = Trace(sys.argv[1])
    number = int(sys.argv[3]) if len(sys.argv) > 3 else 20
    begin, end, _, _ = trace.slices("Frames/DCMI")[number]
    signs = [event.time for event in trace.on("Cortex-M4/HSEM")
             if event.type == MARK and event.time >= end]
    done = [event.time for event in trace.events
            if event.name == "transfer complete" and event.time >= end - 1000000]
    shown = [event.time for event in trace.on("Frames/panel")
             if event.name == "new picture" and event.time >= signs[0]]
    lines = []
    height = TOP + len(ROWS) * ROW + 12
    Picture(trace, begin - 2000000, shown[0] + 2000000, lines, 0,
            "One frame, from the sensor to the panel").draw()
    Picture(trace, done[0] - 5000, done[0] + 25000, lines, height,
            "The end of the frame: MDMA, the M4's interrupt, the message to the M7").draw()
    with open(sys.argv[2], "w", encoding="utf-8") as file:
        file.write('<svg xmlns="http://www.w3.org/2000/svg" width="%d" height="%d" '
                   'font-family="sans-serif" font-size="11"><defs><marker id="a" markerWidth="7" '
                   'markerHeight="7" refX="6" refY="3" orient="auto"><path d="M0 0 L6 3 L0 6z" '
                   'fill="#c0392b"/></marker></defs><rect width="100%%" height="100%%" '
                   'fill="#fff"/>\n' % (LEFT + WIDTH + 60, 2 * height))
        file.write("\n".join(lines) + "\n</svg>\n")


main()
