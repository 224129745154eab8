"""The built firmware: its translation units, its programs, and programs with one site taken out."""
import collections
import concurrent.futures
import json
import os
import pathlib
import re
import shlex
import struct
import subprocess

from sites import Unit

LAUNCHERS = ("ccache",)
# Sources that may have a site: their own, or one of a header that they include.
FOLDERS = ("ipc/", "kernel/", "firmware/chip", "firmware/drivers", "firmware/boards", "firmware/threads",
           "firmware/apps")
# Wrong on purpose; of no help here; with a test of their own that does more than run them.
LEFT_OUT = ("faults/", "ipc-bench", "ipc-restart", "usb-stick", "stick-relay")


def loaded(path):
    """What the program headers load: (address, bytes) in order."""
    data = pathlib.Path(path).read_bytes()
    offset, = struct.unpack_from("<I", data, 28)
    size, count = struct.unpack_from("<HH", data, 42)
    segments = []
    for n in range(count):
        kind, at, _, address, length = struct.unpack_from("<5I", data, offset + n * size)
        if kind == 1 and length:
            segments.append((address, data[at:at + length]))
    return segments


class Source:
    """One compilation: a source for one core of one target."""

    def __init__(self, root, entry):
        words = shlex.split(entry["command"])
        while pathlib.Path(words[0]).name in LAUNCHERS:
            words = words[1:]
        at = words.index("-o")
        self.object = words[at + 1]
        self.folder = entry["directory"]
        self.flags = words[:at] + words[at + 2:]
        self.flags.remove("-c")
        self.flags.remove(entry["file"])
        text = subprocess.run([*self.flags, "-E", entry["file"]], cwd=self.folder, check=True,
                              capture_output=True, text=True).stdout
        self.unit = Unit(text, root)
        self.edits = self.unit.edits()

    def compile_without(self, site, to):
        mutant = to.with_suffix(".i")
        mutant.write_text(self.unit.without(site), encoding="utf-8")
        subprocess.run([*self.flags, "-w", "-fpreprocessed", "-c", str(mutant), "-o", str(to)],
                       cwd=self.folder, check=True)


class Elf:
    """One core's image of one program, and how it is linked."""

    def __init__(self, folder, command):
        words = [w for w in shlex.split(command) if w not in (":", "&&") and not w.startswith("-Wl,-Map")]
        at = words.index("-o")
        self.folder = pathlib.Path(folder)
        self.path = self.folder / words[at + 1]
        self.words = words[:at] + words[at + 2:]
        self.objects = {w for w in self.words if w.endswith(".obj")} | set(self._members())

    def _members(self):
        """Objects that the linker took from archives, by their path in the build."""
        text = self.path.with_suffix(".map").read_text(encoding="utf-8")
        for archive, member in re.findall(r"\b(lib\w+)\.a\(([^)]+)\)", text):
            yield archive.removeprefix("lib") + "/" + member

    def holds(self, source):
        target = re.match(r"CMakeFiles/(\w[\w-]*)\.dir/", source.object)[1]
        return source.object in self.objects or f"{target}/{pathlib.Path(source.object).name}" in self.objects

    def link(self, replaced, to):
        """Links with other objects, {object's path in the build: path}. Those of archives go in
        front: the archive's own is then never asked for."""
        words = [replaced.get(w, w) for w in self.words]
        first = next(i for i, w in enumerate(words) if w.endswith((".obj", ".o")))
        words[first:first] = [path for obj, path in replaced.items() if obj not in self.words]
        subprocess.run([*words, "-o", str(to)], cwd=self.folder, check=True)


class Firmware:
    """`programs` and `folders`: only these."""

    def __init__(self, root, build, programs=None, folders=FOLDERS):
        self.root, self.build = pathlib.Path(root), pathlib.Path(build)
        entries = json.loads((self.build / "compile_commands.json").read_text(encoding="utf-8"))
        entries = [e for e in entries if str(pathlib.Path(e["file"]).relative_to(self.root)).startswith(folders)]
        with concurrent.futures.ThreadPoolExecutor(os.cpu_count()) as pool:
            self.sources = list(pool.map(lambda e: Source(self.root, e), entries))
        commands = subprocess.run(["ninja", "-C", str(self.build), "-t", "commands"], check=True,
                                  capture_output=True, text=True).stdout.splitlines()
        self.elfs = collections.defaultdict(dict)  # {program: {core: Elf}}
        for command in commands:
            made = re.search(r"-o (\S+)/(cm[47])\.elf", command)
            if made and (made[1] in programs if programs else not made[1].startswith(LEFT_OUT)):
                self.elfs[made[1]][made[2]] = Elf(self.build, command)

    def sites(self):
        return {site for source in self.sources for site in source.edits}

    def mutants(self, site, folder, programs):
        """Yields (program, {core: path}) for each of the programs that the loss of the site changes."""
        replaced = {}
        for n, source in enumerate(s for s in self.sources if site in s.edits):
            replaced[source] = folder / f"{n}.o"
            source.compile_without(site, replaced[source])
        for program in programs:
            cores = self.elfs[program]
            images = {core: elf.path for core, elf in cores.items()}
            changed = False
            for core, elf in cores.items():
                own = {s.object: str(o) for s, o in replaced.items() if elf.holds(s)}
                if not own:
                    continue
                image = folder / f"{program.replace('/', '-')}-{core}.elf"
                elf.link(own, image)
                if loaded(image) != loaded(elf.path):
                    images[core], changed = image, True
            if changed:
                yield program, images
