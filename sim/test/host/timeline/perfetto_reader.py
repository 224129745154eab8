"""Reads a trace in the Perfetto format without Perfetto: protobuf by hand, written apart from sim/host."""

BEGIN, END, MARK = 1, 2, 3


def varint(data, at):
    value = shift = 0
    while True:
        byte = data[at]
        at += 1
        value |= (byte & 0x7F) << shift
        if byte < 0x80:
            return value, at
        shift += 7
        if shift > 63:
            raise ValueError("varint of more than 64 bits")


def fields(data):
    """(number, value) of each field; a value is an int or the bytes."""
    at = 0
    while at < len(data):
        key, at = varint(data, at)
        number, kind = key >> 3, key & 7
        if number == 0:
            raise ValueError("field 0")
        if kind == 0:
            value, at = varint(data, at)
        elif kind in (1, 5):
            size = 8 if kind == 1 else 4
            if at + size > len(data):
                raise ValueError("cut off")
            value, at = int.from_bytes(data[at:at + size], "little"), at + size
        elif kind == 2:
            size, at = varint(data, at)
            if at + size > len(data):
                raise ValueError("cut off")
            value, at = data[at:at + size], at + size
        else:
            raise ValueError("wire type %d" % kind)
        yield number, value


class Event:
    def __init__(self):
        self.time = self.type = self.track = self.name = None
        self.notes, self.starts, self.ends = {}, [], []


class Trace:
    def __init__(self, path):
        self.names, self.note_names = {}, {}
        self.tracks = {}  # id: (parent, name)
        self.events = []
        with open(path, "rb") as file:
            data = file.read()
        first = True
        for number, packet in fields(data):
            if number != 1:
                raise ValueError("a trace has packets only")
            self.packet(packet, first)
            first = False

    def packet(self, data, first):
        parts = {}
        for number, value in fields(data):
            if number in parts:
                raise ValueError("packet field %d twice" % number)
            parts[number] = value
        if parts.pop(10) != 1:
            raise ValueError("sequence id")
        if parts.pop(13) != (3 if first else 2):
            raise ValueError("sequence flags")
        time = parts.pop(8, None)
        for number, value in fields(parts.pop(12, b"")):
            entry = dict(fields(value))
            table = {2: self.names, 3: self.note_names}[number]
            if entry[1] in table or entry[1] == 0:
                raise ValueError("name %d is told twice" % entry[1])
            table[entry[1]] = entry[2].decode()
        if 60 in parts:
            track = dict(fields(parts.pop(60)))
            if track[1] in self.tracks or track[1] == 0:
                raise ValueError("track %d is told twice" % track[1])
            if 5 in track and track[5] not in self.tracks:
                raise ValueError("track %d has no parent" % track[1])
            self.tracks[track[1]] = (track.get(5), track[2].decode())
        if 11 in parts:
            self.event(parts.pop(11), time)
        if parts:
            raise ValueError("packet fields %s" % sorted(parts))

    def event(self, data, time):
        event = Event()
        event.time = time
        for number, value in fields(data):
            if number == 4:
                note = dict(fields(value))
                event.notes[self.note_names[note[1]]] = note[3] if 3 in note else note[6].decode()
            elif number == 9:
                event.type = value
            elif number == 10:
                event.name = self.names[value]
            elif number == 11:
                event.track = value
            elif number == 47:
                event.starts.append(value)
            elif number == 48:
                event.ends.append(value)
            else:
                raise ValueError("event field %d" % number)
        if event.track not in self.tracks or event.type not in (BEGIN, END, MARK):
            raise ValueError("event without track or type")
        if (event.type == END) != (event.name is None) or time is None:
            raise ValueError("event without name or time")
        self.events.append(event)

    def path(self, track):
        parent, name = self.tracks[track]
        return (self.path(parent) + "/" if parent else "") + name

    def on(self, path):
        """The events of a track."""
        return [event for event in self.events if self.path(event.track) == path]

    def slices(self, path):
        """(begin, end, event, depth) of a track's slices, in the order of their ends."""
        done, open_ = [], []
        for event in self.on(path):
            if event.type == BEGIN:
                open_.append(event)
            elif event.type == END:
                begin = open_.pop()
                done.append((begin.time, event.time, begin, len(open_)))
        return done

    def check(self):
        """Each track's time goes on, its slices nest and end, each arrow has two ends in order."""
        last, depth, flows = {}, {}, {}
        for event in self.events:
            if event.time < last.get(event.track, 0):
                raise ValueError("time goes back on %s" % self.path(event.track))
            last[event.track] = event.time
            change = {BEGIN: 1, END: -1, MARK: 0}[event.type]
            depth[event.track] = depth.get(event.track, 0) + change
            if depth[event.track] < 0:
                raise ValueError("an end without a begin on %s" % self.path(event.track))
            for flow in event.starts:
                if flow in flows:
                    raise ValueError("flow %d starts twice" % flow)
                flows[flow] = event.time
            for flow in event.ends:
                if flows.pop(flow) > event.time:
                    raise ValueError("flow %d goes back in time" % flow)
        for track, open_ in depth.items():
            if open_:
                raise ValueError("%d slices of %s never end" % (open_, self.path(track)))
        return len(flows)
