#!/usr/bin/env python3
"""Compares every #include and every hefang_room() with the table of docs/house.md.

    floors_test.py [ROOT]        checks the tree at ROOT (default: the tree this file stands in)
    floors_test.py --self-test   breaks a made-up tree in every way and sees each break found
"""
import re
import sys
import tempfile
from pathlib import Path

SUFFIXES = {".cpp", ".hpp", ".ipp", ".h", ".cc", ".hh", ".cxx", ".hxx"}
SKIPPED = {"build", "node_modules", ".git", ".cache", "fixtures", "dist"}
WORDS = ("Manager", "Handler", "Helper", "Util", "Utils", "Common")
LONG = 400

# The first part of an angle include, longest first, and the name that the table uses for it.
LIBRARIES = (
    ("tl/", "tl-expected"), ("spdlog/", "spdlog"), ("fmt/", "spdlog"), ("openssl/", "openssl"), ("modbus", "libmodbus"),
    ("mqtt/", "paho"), ("MQTT", "paho"), ("SQLiteCpp/", "sqlite"), ("sqlite3", "sqlite"), ("expat", "expat"),
    ("boost/", "boost"), ("nlohmann/", "nlohmann"), ("toml++/", "tomlplusplus"), ("CLI/", "cli11"),
    ("systemd/", "libsystemd"), ("catch2/", "catch2"), ("opencv2/", "opencv"), ("ZXing/", "zxing"),
)
INCLUDE = re.compile(r'^[ \t]*#[ \t]*include[ \t]*([<"])([^>"]+)[>"]', re.M)
TYPE = re.compile(r"\b(?:class|struct|enum(?:\s+(?:class|struct))?|union|concept|using|namespace)\s+(?:\[\[\w+\]\]\s*)?(\w+)")


class Room:
    def __init__(self, floor, name, folder, uses, libraries):
        self.floor, self.name, self.folder, self.uses, self.libraries = floor, name, folder, uses, libraries


def cells(line):
    return [cell.strip().strip("`") for cell in line.strip().strip("|").split("|")]


def listed(cell):
    return set() if cell in ("–", "-", "") else {word.strip() for word in cell.split(",")}


def read_rooms(root, faults):
    """The rows of the table whose head is floor | room | folder | may include | third party."""
    text = (root / "docs/house.md").read_text(encoding="utf-8")
    rooms, inside = {}, False
    for line in text.splitlines():
        if not line.startswith("|"):
            inside = False
            continue
        row = cells(line)
        if row[:3] == ["floor", "room", "folder"]:
            inside = True
        elif inside and len(row) == 5 and not row[0].startswith("---"):
            rooms[row[1]] = Room(row[0], row[1], row[2], listed(row[3]), listed(row[4]))
    if not rooms:
        faults.append("docs/house.md: no table with the head | floor | room | folder | may include | third party |")
    return rooms


def check_table(rooms, faults):
    for room in rooms.values():
        for other in room.uses - {"any"}:
            if other not in rooms:
                faults.append(f"docs/house.md: {room.name} may include {other}, which is no room")
            elif room.floor.isdigit() and (not rooms[other].floor.isdigit() or int(rooms[other].floor) >= int(room.floor)):
                faults.append(f"docs/house.md: the arrow {room.name} -> {other} does not point down")


def sources(root):
    for path in sorted(root.rglob("*")):
        parts = path.relative_to(root).parts
        if path.suffix in SUFFIXES and path.is_file() and not SKIPPED.intersection(parts):
            yield path


def room_of(path, root, rooms):
    """The room whose folder is the file's own, or, for tests, the one above it."""
    folder = path.relative_to(root).parent.as_posix()
    for room in rooms.values():
        if folder == room.folder or (room.name == "tests" and folder.startswith(room.folder + "/")):
            return room
    return None


def library_of(header):
    for prefix, name in LIBRARIES:
        if header.startswith(prefix):
            return name
    if "." not in header and "/" not in header:
        return None  # <vector>
    if header.endswith(".h") and not header.startswith("c++"):
        return "posix"
    return "unknown"


def folder_of(header, path, root, by_leaf):
    """The folder that a quoted include points into, or None."""
    head, slash, rest = header.partition("/")
    if slash and "/" not in rest and head in by_leaf:
        return by_leaf[head].folder
    beside = path.parent / header
    if beside.exists():
        return beside.resolve().parent.relative_to(root).as_posix()
    in_tests = root / "tests" / header
    return in_tests.parent.relative_to(root).as_posix() if in_tests.exists() else None


def find_cycle(graph):
    state, trail = {}, []

    def visit(node):
        state[node] = "open"
        trail.append(node)
        for after in sorted(graph.get(node, ())):
            if state.get(after) == "open":
                return trail[trail.index(after):] + [after]
            if after not in state:
                cycle = visit(after)
                if cycle:
                    return cycle
        trail.pop()
        state[node] = "done"
        return None

    for node in sorted(graph):
        if node not in state:
            cycle = visit(node)
            if cycle:
                return cycle
    return None


def check_includes(root, rooms, faults):
    by_leaf = {room.folder.split("/")[-1]: room for room in rooms.values()}
    by_folder = {room.folder: room for room in rooms.values()}
    graph = {}
    for path in sources(root):
        name = path.relative_to(root).as_posix()
        room = room_of(path, root, rooms)
        if room is None:
            faults.append(f"{name}: belongs to no room of docs/house.md")
            continue
        text = path.read_text(encoding="utf-8", errors="replace")
        for found in INCLUDE.finditer(text):
            bracket, header = found.groups()
            where = f"{name}:{text.count(chr(10), 0, found.start(2)) + 1}"
            if bracket == "<":
                library = library_of(header)
                if library and library not in room.libraries and "any" not in room.libraries:
                    faults.append(f"{where}: <{header}> ({library}) may not be used in {room.name}")
                continue
            target = folder_of(header, path, root, by_leaf)
            if target is None:
                faults.append(f'{where}: "{header}" is a header of no room')
                continue
            own = path.parent.relative_to(root).as_posix()
            if target != own:
                graph.setdefault(own, set()).add(target)
            other = by_folder.get(target, rooms.get("tests"))
            if other is not room and other.name not in room.uses and "any" not in room.uses:
                faults.append(f'{where}: "{header}": {room.name} may not include {other.name}')
    cycle = find_cycle(graph)
    if cycle:
        faults.append("folder cycle: " + " -> ".join(cycle))
    return graph


def check_build(root, rooms, faults):
    """What the build lets a room see must not be more than the table."""
    by_folder = {room.folder: room for room in rooms.values()}
    target_room, uses = {}, []
    for path in sorted(root.rglob("CMakeLists.txt")):
        if SKIPPED.intersection(path.relative_to(root).parts):
            continue
        text = re.sub(r"#.*", "", path.read_text(encoding="utf-8"))
        for call in re.finditer(r"hefang_room\(\s*(\S+)\s+(\S+)([^)]*)\)", text):
            target, folder, rest = call.groups()
            said = re.search(r"\bUSES\b(.*?)(?=\bPRIVATE\b|\bPUBLIC\b|$)", rest, re.S)
            if folder not in by_folder:
                faults.append(f"{path.relative_to(root)}: {folder} is no room of docs/house.md")
                continue
            target_room[target] = by_folder[folder]
            uses.append((path, by_folder[folder], said.group(1).split() if said else []))
    for path, room, targets in uses:
        for target in targets:
            other = target_room.get(target)
            if other is None:
                faults.append(f"{path.relative_to(root)}: {room.name} USES {target}, which is no room")
            elif other.name not in room.uses and "any" not in room.uses:
                faults.append(f"{path.relative_to(root)}: {room.name} USES {other.name}, which docs/house.md does not allow")


def says_nothing(name):
    parts = {part.lower() for part in re.findall(r"[A-Z]+(?![a-z])|[A-Z]?[a-z]+|\d+", name)}
    return next((word for word in WORDS if word.lower() in parts), None)


def check_names(root, faults):
    for path in sources(root):
        name = path.relative_to(root).as_posix()
        if says_nothing(path.stem):
            faults.append(f"{name}: a file named {says_nothing(path.stem)} does not say what it is")
        code = re.sub(r"//[^\n]*|/\*.*?\*/", "", path.read_text(encoding="utf-8", errors="replace"), flags=re.S)
        for found in TYPE.finditer(re.sub(r'"(?:\\.|[^"\\\n])*"', '""', code)):
            if says_nothing(found.group(1)):
                faults.append(f"{name}: {found.group(1)}: a type named {says_nothing(found.group(1))} does not say what it is")


def check(root):
    """Everything that is wrong with the tree, and remarks."""
    root, faults, remarks = root.resolve(), [], []
    rooms = read_rooms(root, faults)
    if not rooms:
        return faults, remarks, {}
    check_table(rooms, faults)
    graph = check_includes(root, rooms, faults)
    check_build(root, rooms, faults)
    check_names(root, faults)
    for path in sources(root):
        lines = path.read_text(encoding="utf-8", errors="replace").count("\n")
        if lines > LONG:
            remarks.append(f"{path.relative_to(root).as_posix()}: {lines} lines")
    return faults, remarks, graph


HOUSE = """| floor | room | folder | may include | third party |
| --- | --- | --- | --- | --- |
| 0 | base | `low/base` | – | tl-expected |
| 1 | core | `gateway/core` | base | – |
| 2 | store | `gateway/store` | core, base | sqlite, posix |
| beside | hil | `hil` | any | posix |
| beside | tests | `tests` | any | any |

| floor | room | another table | x | y |
"""
CLEAN = {
    "docs/house.md": HOUSE,
    "low/base/result.hpp": "#include <tl/expected.hpp>\n#include <string>\n",
    "gateway/core/fact.hpp": '#include "base/result.hpp"\n// class OldManager was here\nstruct Fact {};\n',
    "gateway/core/fact.cpp": '#include "core/fact.hpp"\nconst char* text = "class Helper";\n',
    "gateway/store/store.cpp": '#include <sqlite3.h>\n#include <sys/stat.h>\n#include "core/fact.hpp"\n',
    "hil/sim.cpp": '#include "store/store.hpp"\n#include <unistd.h>\n',
    "tests/core/fact_test.cpp": '#include <catch2/catch.hpp>\n#include "core/fact.hpp"\n#include "sample.hpp"\n',
    "tests/core/sample.hpp": "#include <vector>\n",
    "gateway/CMakeLists.txt": "hefang_room(hefang_core gateway/core USES hefang_base)\n"
                              "hefang_room(hefang_store gateway/store\n  USES hefang_core hefang_base PRIVATE SQLiteCpp)\n",
    "low/CMakeLists.txt": "hefang_room(hefang_base low/base PUBLIC tl::expected)\n",
    "build/x.cpp": '#include <mystery/x.hpp>\n',
}
# why, files that are added or replaced, and what must be said (empty: the tree stays right)
BREAKS = (
    ("a clean tree", {}, ""),
    ("an arrow up", {"gateway/core/a.cpp": '#include "store/store.hpp"\n'}, "core may not include store"),
    ("indented and spaced", {"gateway/core/a.cpp": '  #  include "store/store.hpp"\n'}, "core may not include store"),
    ("the line is told", {"gateway/core/a.cpp": '\n\n#include "store/store.hpp"\n'}, "gateway/core/a.cpp:3:"),
    ("a simulator in the product", {"gateway/store/a.cpp": '#include "hil/sim.hpp"\n'}, "store may not include hil"),
    ("SQLite in the core", {"gateway/core/a.cpp": "#include <sqlite3.h>\n"}, "(sqlite) may not be used in core"),
    ("SQLiteCpp in the core", {"gateway/core/a.hpp": "#include <SQLiteCpp/Database.h>\n"}, "(sqlite) may not"),
    ("a socket in the core", {"gateway/core/a.cpp": "#include <sys/socket.h>\n"}, "(posix) may not be used in core"),
    ("MQTT in the store", {"gateway/store/a.cpp": "#include <mqtt/client.h>\n"}, "(paho) may not be used in store"),
    ("beast in the store", {"gateway/store/a.cpp": "#include <boost/beast.hpp>\n"}, "(boost) may not be used in store"),
    ("a library nobody knows", {"gateway/store/a.cpp": "#include <mystery/x.hpp>\n"}, "(unknown) may not be used"),
    ("tests in the product", {"gateway/core/a.cpp": '#include "tests/sample.hpp"\n'}, "core may not include tests"),
    ("tests by a path", {"gateway/core/a.cpp": '#include "../../tests/core/sample.hpp"\n'}, "core may not include tests"),
    ("a header of no room", {"gateway/core/a.cpp": '#include "kernel/x.hpp"\n'}, "header of no room"),
    ("a path around the fence", {"gateway/core/a.cpp": '#include "../store/store.cpp"\n'}, "core may not include store"),
    ("a file outside of any room", {"gateway/core/deep/a.cpp": "\n"}, "belongs to no room"),
    ("a folder cycle that the table would allow",
     {"docs/house.md": HOUSE.replace("| 1 | core | `gateway/core` | base |", "| 1 | core | `gateway/core` | store, base |"),
      "gateway/core/a.cpp": '#include "store/store.hpp"\n'}, "folder cycle: gateway/core -> gateway/store -> gateway/core"),
    ("an arrow of the table that points up",
     {"docs/house.md": HOUSE.replace("`gateway/core` | base |", "`gateway/core` | store, base |")}, "does not point down"),
    ("a floor on itself", {"docs/house.md": HOUSE.replace("`low/base` | – |", "`low/base` | base |")}, "does not point down"),
    ("a room that the table does not have", {"docs/house.md": HOUSE.replace("core, base", "cor, base")}, "which is no room"),
    ("no table", {"docs/house.md": "# The house\n"}, "no table"),
    ("a build that sees more", {"low/CMakeLists.txt": "hefang_room(hefang_base low/base USES hefang_core)\n"},
     "base USES core"),
    ("a build with a room of its own", {"low/CMakeLists.txt": "hefang_room(hefang_x low/x)\n"}, "low/x is no room"),
    ("a type that says nothing", {"gateway/core/a.cpp": "class LaneManager {};\n"}, "LaneManager"),
    ("one word of several", {"gateway/core/a.hpp": "enum class IOHelperKind { a };\n"}, "IOHelperKind"),
    ("a name that only sounds like it", {"gateway/core/a.cpp": "struct Utility {};\nstruct Uncommonly {};\n"}, ""),
    ("a file that says nothing", {"gateway/core/string_utils.cpp": "\n"}, "string_utils.cpp"),
    ("an alias that says nothing", {"gateway/core/a.cpp": "using FactHandler = int;\n"}, "FactHandler"),
)


def self_test():
    failed = 0
    for why, files, want in BREAKS:
        with tempfile.TemporaryDirectory() as folder:
            root = Path(folder)
            for name, text in {**CLEAN, **files}.items():
                (root / name).parent.mkdir(parents=True, exist_ok=True)
                (root / name).write_text(text, encoding="utf-8")
            faults, _, _ = check(root)
        good = any(want in fault for fault in faults) if want else not faults
        if not good:
            failed += 1
            print(f"not found: {why}: wanted {want or 'nothing'}, got {faults}")
    with tempfile.TemporaryDirectory() as folder:
        root = Path(folder)
        for name, text in {**CLEAN, "gateway/core/long.cpp": "\n" * 401, "gateway/core/fits.cpp": "\n" * 400}.items():
            (root / name).parent.mkdir(parents=True, exist_ok=True)
            (root / name).write_text(text, encoding="utf-8")
        faults, remarks, _ = check(root)
        if faults or remarks != ["gateway/core/long.cpp: 401 lines"]:
            failed += 1
            print(f"sizes: {faults} {remarks}")
    print(f"floors, self-test: {len(BREAKS) + 1 - failed} passed, {failed} failed")
    return 1 if failed else 0


def main(arguments):
    if arguments == ["--self-test"]:
        return self_test()
    root = Path(arguments[0]) if arguments else Path(__file__).resolve().parent.parent
    faults, remarks, graph = check(root)
    for remark in remarks:
        print(f"remark: over {LONG} lines: {remark}")
    for fault in faults:
        print(fault)
    count = sum(1 for _ in sources(root))
    print(f"floors: {count} files, {sum(map(len, graph.values()))} arrows between folders, {len(faults)} faults")
    return 1 if faults else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
