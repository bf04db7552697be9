#!/usr/bin/env python3
"""What docs/*.md quote from a file stands in that file.

    quotes_test.py [ROOT]

A quote is a fenced block whose info string names a file: ```cpp tests/made_up/moon_frame.hpp. A line that is only "…"
leaves lines out; the pieces between must stand in the file as they are, in this order.
"""
import re
import sys
from pathlib import Path

FENCE = re.compile(r"^```(\w+) (\S+)\n(.*?)^```$", re.M | re.S)


def pieces(block):
    return [piece.strip("\n") for piece in re.split(r"^[ \t]*…[ \t]*$", block, flags=re.M) if piece.strip()]


def fault(block, text):
    """The first line of the piece that is not in `text`, or None."""
    at = 0
    for piece in pieces(block):
        found = text.find("\n" + piece + "\n", at)
        if found < 0:
            return piece.splitlines()[0]
        at = found + len(piece)
    return None


def check(root):
    faults, quotes = [], 0
    for page in sorted((root / "docs").glob("*.md")):
        for _, name, block in FENCE.findall(page.read_text(encoding="utf-8")):
            quotes += 1
            file = root / name
            if not file.is_file():
                faults.append(f"{page.name}: quotes {name}, which does not exist")
                continue
            line = fault(block, "\n" + file.read_text(encoding="utf-8"))
            if line is not None:
                faults.append(f"{page.name}: {name} does not hold what is quoted from '{line.strip()}' on")
    return faults, quotes


def self_test():
    text = "\na\n  b\nc\nd\n"
    assert fault("a\n  b\n", text) is None
    assert fault("a\n…\nd\n", text) is None
    assert fault("a\nb\n", text) == "a"  # the indent counts
    assert fault("d\n…\na\n", text) == "a"  # so does the order
    assert fault("c\nx\n", text) == "c"


self_test()
ROOT = Path(sys.argv[1]) if len(sys.argv) > 1 else Path(__file__).resolve().parent.parent
FAULTS, QUOTES = check(ROOT)
for one in FAULTS:
    print(one)
print(f"quotes: {QUOTES}, {len(FAULTS)} faults")
sys.exit(1 if FAULTS or QUOTES == 0 else 0)
