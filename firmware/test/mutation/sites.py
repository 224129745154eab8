"""Sites: every cache-maintenance call and barrier in the firmware and what it is linked with.

They are looked for in preprocessed sources, so that macros, inline functions and the conditions of
each core are seen as the compiler sees them, and so that one can be taken out of a header as well.
The sources themselves know nothing of this.
"""
import bisect
import collections
import pathlib
import re

# Folders whose sites count; what is in faults/ is wrong on purpose.
SCOPE = ("ipc/src", "ipc/port/stm32h7", "firmware/chip", "firmware/drivers", "firmware/boards",
         "firmware/threads", "firmware/apps/camera", "firmware/apps/examples",
         "kernel/port/cortex_m", "kernel/src")

# Functions that are the operation itself: a site is where they are called.
OPERATIONS = ("duet_fence", "shared_fetch", "shared_publish", "data_memory_barrier",
              "data_sync_barrier", "instruction_sync_barrier", "cache_clean", "cache_invalidate")
CALL = re.compile(r"(?:\b(?P<call>%s)|\b\w+(?:->|\.)(?P<method>clean|invalidate))\s*(?=\()" % "|".join(OPERATIONS))
# Within a string of assembly.
INSTRUCTION = re.compile(r'(?<=["t\s])(?P<mnemonic>dsb|dmb|isb)\b(?:\s+\w+)?(?:\\n\\t)?')
# SCB's maintenance registers (PM0253 4.8), written by address or by the name of a parameter.
REGISTER = re.compile(r"\breg_write\s*(?=\(\s*(?:0xe000ef[567]\wu|operation)\b)|"
                      r"\*\(volatile uint32_t \*\)operation = [^;]*(?=;)")
FUNCTION = re.compile(r"^(?!#|typedef)[A-Za-z_][^;={]*?\b(?P<name>\w+)\s*\((?!\()[^;]*$")

Site = collections.namedtuple("Site", "file line column what function")


def key_of(site, ordinal):
    return f"{site.file}:{site.function}: {site.what}" + (f" {ordinal}" if ordinal > 1 else "")


def keys(sites):
    """{key: site}; the key names a site without a line's number, so that it outlives an edit."""
    seen = collections.Counter()
    named = {}
    for site in sorted(sites):
        group = (site.file, site.function, site.what)
        seen[group] += 1
        named[key_of(site, seen[group])] = site
    return named


def closing(text, start):
    """The offset behind the parenthesis that closes the one at `start`."""
    depth = 0
    for at in range(start, len(text)):
        depth += {"(": 1, ")": -1}.get(text[at], 0)
        if depth == 0:
            return at + 1
    raise ValueError("a parenthesis is not closed")


class Unit:
    """One preprocessed source: where each of its lines is from, and the sites in it."""

    def __init__(self, text, root):
        self.text = text
        self.starts, self.origins = [], []
        self._map_lines(pathlib.Path(root))

    def _map_lines(self, root):
        file, line, offset = None, 0, 0
        marker = re.compile(r'# (\d+) "([^"]*)"')
        for row in self.text.splitlines(keepends=True):
            moved = marker.match(row)
            if moved:
                line = int(moved[1]) - 1
                path = pathlib.Path(moved[2])
                file = str(path.relative_to(root)) if path.is_relative_to(root) else None
                if file and not file.startswith(SCOPE):
                    file = None
            else:
                line += 1
                self.starts.append(offset)
                self.origins.append((file, line))
            offset += len(row)

    def _row(self, offset):
        return bisect.bisect_right(self.starts, offset) - 1

    def _line(self, row):
        """The source's line: where a macro of a system header was in it, it comes in pieces."""
        pieces = []
        while row < len(self.origins) and (not pieces or self.origins[row] == self.origins[row - 1]):
            pieces.append(self.text[self.starts[row]:self.text.index("\n", self.starts[row])])
            row += 1
        return " ".join(filter(None, pieces))

    def _function(self, row):
        for before in range(row, -1, -1):
            if (self.origins[before][0] != self.origins[row][0]
                    or before and self.origins[before - 1] == self.origins[before]):
                continue
            line = self._line(before)
            if line[:1] in ("", " ", "\t"):
                continue
            found = FUNCTION.match(re.sub(r"__attribute__\s*\(\(.*?\)\)\)?", "", line).strip("{ "))
            if found:
                return found["name"]
        return "?"

    def _found(self):
        """(start, end, replacement, what) of everything that can be taken out."""
        for match in CALL.finditer(self.text):
            yield match.start(), closing(self.text, match.end()), "((void)0)", match["call"] or match["method"]
        for match in INSTRUCTION.finditer(self.text):
            yield match.start(), match.end(), "", match["mnemonic"]
        for match in REGISTER.finditer(self.text):
            call = match[0].startswith("reg_write")
            yield (match.start(), closing(self.text, match.end()) if call else match.end(),
                   "((void)0)", "operation")

    def edits(self):
        """{site: (start, end, replacement)}; columns count sites of a line, not characters."""
        column = collections.Counter()
        edits = {}
        for start, end, replacement, what in sorted(self._found()):
            row = self._row(start)
            file, line = self.origins[row]
            inside = self.text[self.starts[row]] in " \t"
            if file is None or not inside:
                continue  # elsewhere, or a definition's first line
            function = self._function(row)
            if function in OPERATIONS:
                continue
            column[file, line] += 1
            edits[Site(file, line, column[file, line], what, function)] = (start, end, replacement)
        return edits

    def without(self, site):
        start, end, replacement = self.edits()[site]
        return self.text[:start] + replacement + self.text[end:]
