#!/usr/bin/env python3
"""Draws the table of tools/ipc_bench.sh: one-way latency by size, beside the figures published for hardware.

usage: tools/ipc_bench.sh | tools/ipc_plot.py | rsvg-convert -o docs/images/ipc-latency.png
(an SVG on standard output; rsvg-convert is in Debian's librsvg2-bin)
"""
import sys

WIDTH, HEIGHT, LEFT, RIGHT, TOP, BOTTOM = 860, 460, 60, 290, 40, 50
MOST_BYTES, MOST_US = 512, 45
COLOURS = {"FreeRTOS, hardware": "#888888", "RPMsg": "#b03060", "message buffer": "#d08000",
           "ring": "#2060b0", "ring, polled": "#208040"}
# Message buffers and EXTI on an STM32H745, shared memory in D2 SRAM, as published.
PUBLISHED = {"M7 to M4": [(1, 9.4), (64, 13.2), (256, 24.8), (512, 40.3)],
             "M4 to M7": [(1, 7.7), (64, 11.6), (256, 23.7), (512, 39.8)]}


def read_table(lines):
    """{(level, direction): [(bytes, microseconds)]} of the rows for SRAM1, not cached."""
    curves, sizes = {}, []
    for line in lines:
        cells = [cell.strip() for cell in line.strip().strip("|").split("|")]
        if cells[0] == "level":
            sizes = [int(cell) for cell in cells[4:-1]]
        elif len(cells) == len(sizes) + 5 and cells[1:3] == ["SRAM1", "not cached"]:
            curves[cells[0], cells[3]] = [(size, float(cell)) for size, cell in
                                          zip(sizes, cells[4:-1]) if cell != "-"]
    return curves


def place(size, microseconds):
    x = LEFT + size / MOST_BYTES * (WIDTH - LEFT - RIGHT)
    return x, HEIGHT - BOTTOM - microseconds / MOST_US * (HEIGHT - TOP - BOTTOM)


def text(x, y, content, anchor="start"):
    return f'<text x="{x:.1f}" y="{y:.1f}" text-anchor="{anchor}">{content}</text>'


def axes():
    for size in (1, 64, 128, 256, 384, 512):
        x, y = place(size, 0)
        yield f'<line x1="{x:.1f}" y1="{y}" x2="{x:.1f}" y2="{TOP}" stroke="#e0e0e0"/>'
        yield text(x, y + 18, size, "middle")
    for microseconds in range(0, MOST_US + 1, 5):
        x, y = place(0, microseconds)
        yield f'<line x1="{x}" y1="{y:.1f}" x2="{WIDTH - RIGHT}" y2="{y:.1f}" stroke="#e0e0e0"/>'
        yield text(x - 8, y + 4, microseconds, "end")
    yield text((LEFT + WIDTH - RIGHT) / 2, HEIGHT - 12, "bytes in a message", "middle")
    yield text(LEFT, TOP - 16, "microseconds, one way")


def curve(points, colour, dashed):
    path = " ".join("{:.1f},{:.1f}".format(*place(*point)) for point in points)
    dash = ' stroke-dasharray="6 4"' if dashed else ""
    yield f'<polyline points="{path}" fill="none" stroke="{colour}" stroke-width="2"{dash}/>'
    for point in points:
        x, y = place(*point)
        yield f'<circle cx="{x:.1f}" cy="{y:.1f}" r="3" fill="{colour}"/>'


def legend():
    x, y = WIDTH - RIGHT + 24, TOP + 10
    for level, colour in COLOURS.items():
        yield f'<line x1="{x}" y1="{y - 4}" x2="{x + 30}" y2="{y - 4}" stroke="{colour}" stroke-width="3"/>'
        yield text(x + 40, y, level)
        y += 24
    yield text(x, y + 12, "full: M7 to M4, dashed: M4 to M7")
    yield text(x, y + 36, "virtual board: estimated waits")


def main():
    curves = read_table(sys.stdin)
    if not curves:
        sys.exit("no table of tools/ipc_bench.sh on standard input")
    curves.update({("FreeRTOS, hardware", way): points for way, points in PUBLISHED.items()})
    print(f'<svg xmlns="http://www.w3.org/2000/svg" width="{WIDTH}" height="{HEIGHT}" '
          'font-family="sans-serif" font-size="13">')
    print(f'<rect width="{WIDTH}" height="{HEIGHT}" fill="white"/>')
    print(*axes(), sep="\n")
    for (level, way), points in curves.items():
        print(*curve(points, COLOURS[level], way == "M4 to M7"), sep="\n")
    print(*legend(), "</svg>", sep="\n")


if __name__ == "__main__":
    main()
