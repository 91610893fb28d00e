"""check_packets.py PACKETS RECORDS: whether what tshark finds in a capture is what the records of the run say.

Prints a line for each thing that is otherwise, and ends with 1 then.
"""

import collections
import json
import subprocess
import sys
import tempfile

packets, records = sys.argv[1:3]
problems = []

CHECKS = ["-o", "ip.check_checksum:TRUE", "-o", "tcp.check_checksum:TRUE", "-o", "nameres.network_name:FALSE"]
FIELDS = ["frame.interface_name", "_ws.malformed", "ip.checksum.status", "tcp.checksum.status", "tcp.flags.reset",
          "tcp.window_size_value", "tcp.analysis.retransmission", "tcp.analysis.fast_retransmission",
          "tcp.analysis.spurious_retransmission", "tcp.analysis.out_of_order", "tcp.analysis.duplicate_ack",
          "tcp.len", "icmp.type", "frame.comment"]


def dissected(path, condition=None):
    """The wanted fields of each packet."""
    command = ["tshark", "-r", path, *CHECKS, "-T", "fields", "-E", "separator=\x1f"]
    for field in FIELDS:
        command += ["-e", field]
    if condition:
        command += ["-Y", condition]
    output = subprocess.run(command, check=True, capture_output=True, text=True)
    complaints = [line for line in output.stderr.splitlines() if "Running as user" not in line]
    if complaints:
        problems.append(f"tshark says: {complaints[0]}")
    for line in output.stdout.split("\n"):
        if line:
            yield dict(zip(FIELDS, line.split("\x1f")))


class Lane:
    """What passed a direction of a link."""

    def __init__(self):
        self.counts = collections.Counter()
        self.streams = {}

    def passes(self, segment, is_copy):
        counts = self.counts
        counts["packets"] += 1
        flags = segment.get("flags", "").split("-")
        if "purpose" in segment and segment["purpose"] in ("repeat", "fast repeat", "tail-loss probe") or is_copy:
            # A copy of what holds nothing repeats nothing.
            if segment["bytes"] > 0 or "SYN" in flags or "FIN" in flags:
                counts["repeats"] += 1
        if "RST" in flags:
            counts["resets"] += 1
        if segment["window"] == 0 and "RST" not in flags:
            counts["zero windows"] += 1
        self.acknowledges(segment, flags)

    def acknowledges(self, segment, flags):
        """Counts it where it says what the one before it has said (as Wireshark defines a duplicate acknowledgement)."""
        key = (segment["connection"], segment["side"])
        takes = segment["bytes"] + ("SYN" in flags) + ("FIN" in flags)
        last = self.streams.get(key)
        is_bare = takes == 0 and "RST" not in flags and "ACK" in flags
        now = (segment.get("acknowledgement"), segment["window"])
        if last and is_bare and last[0] == now and segment["window"] > 0 and segment["sequence"] == last[1]:
            self.counts["duplicate acknowledgements"] += 1
        following = max(segment["sequence"] + takes, last[1] if last else 0)
        self.streams[key] = (now, following)


expected = collections.defaultdict(Lane)
segments = {}
with open(records, encoding="utf-8") as lines:
    for line in lines:
        for change in json.loads(line)["changes"]:
            what = change["what"]
            if what in ("sent", "duplicated"):
                segments[change["segment"]] = change
            if what in ("sent", "duplicated", "forwarded"):
                # What the network says of a connection is no segment of it.
                if segment := segments.get(change["segment"]):
                    expected[change.get("link") or "lo"].passes(segment, what == "duplicated")

found = collections.Counter()
for packet in dissected(packets):
    found[packet["frame.interface_name"]] += 1
    if packet["_ws.malformed"]:
        problems.append(f"malformed: {packet}")
    if packet["ip.checksum.status"].split(",")[0] != "1":
        problems.append(f"the IP checksum is wrong: {packet}")
    if not packet["icmp.type"] and packet["tcp.checksum.status"] != "1":
        problems.append(f"the TCP checksum is wrong: {packet}")
    if not packet["frame.comment"]:
        problems.append(f"nothing is said of it: {packet}")

for name in found:
    lane = expected[name if not name.endswith(":lo") else "lo"].counts
    with tempfile.NamedTemporaryFile(suffix=".pcapng") as part:
        subprocess.run(["tshark", "-r", packets, "-Y", f'frame.interface_name == "{name}"', "-w", part.name],
                       check=True, capture_output=True)
        seen = collections.Counter()
        for packet in dissected(part.name):
            if packet["icmp.type"]:
                seen["notices"] += 1
                continue
            seen["packets"] += 1
            if any(packet[f"tcp.analysis.{kind}"] for kind in (
                    "retransmission", "fast_retransmission", "spurious_retransmission", "out_of_order")):
                seen["repeats"] += 1
            if packet["tcp.analysis.duplicate_ack"]:
                seen["duplicate acknowledgements"] += 1
            if packet["tcp.flags.reset"] in ("1", "True"):
                seen["resets"] += 1
            elif packet["tcp.window_size_value"] == "0":
                seen["zero windows"] += 1
    for what in ("packets", "repeats", "resets", "zero windows", "duplicate acknowledgements"):
        if seen[what] != lane[what]:
            problems.append(f"{name}: {what}: tshark sees {seen[what]}, the records have {lane[what]}")

print(f"{sum(found.values())} packets on {len(found)} interfaces; "
      + ", ".join(f"{what} {sum(lane.counts[what] for lane in expected.values())}"
                  for what in ("repeats", "resets", "zero windows", "duplicate acknowledgements")))
for problem in problems[:20]:
    print(problem)
sys.exit(1 if problems else 0)
