# SPDX-License-Identifier: MIT
"""The checks behind scripts/check: check_tree.py ROOT BUILD [--list]. Exit code 1 when any fails."""
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

ROOT = Path(sys.argv[1])
BUILD = Path(sys.argv[2])
LIST = "--list" in sys.argv[3:]

FUNCTION_SOFT, FUNCTION_HARD, FILE_SOFT, FILE_HARD = 40, 80, 400, 600

# libc and the kernel: what any layer may include.
SYSTEM_HEADERS = set(
    """assert ctype dirent errno fcntl float getopt inttypes limits locale math poll pthread sched signal stdalign stdarg
    stdatomic stdbool stddef stdint stdio stdlib string strings syslog time unistd arpa/inet linux/tcp netdb netinet/in netinet/tcp
    sys/epoll sys/eventfd sys/prctl sys/file sys/mman sys/random sys/resource sys/socket sys/stat sys/statvfs sys/time sys/timerfd
    sys/types sys/uio sys/un sys/wait""".split())

# One outside library a driver (its headers by their first part).
DRIVER_LIBRARIES = {
    "bell_gpiod": {"gpiod.h"},
    "crypto_sodium": {"sodium.h"},
    "http_civetweb": {"civetweb.h", "wslay", "nettle"},
    "printer_cups": {"cups"},
    "escpos_backend": {"cups"},
    "store_sqlite": {"sqlite3.h"},
    "text_utf8proc": {"utf8proc.h"},
    "ticket_pango": {"pango", "fontconfig", "cairo", "cairo.h", "cairo-pdf.h", "qrencode.h"},
}
# A driver that builds on another: both know what a printer burns.
DRIVER_FRIENDS = {"printer_cups": {"escpos"}, "escpos_backend": {"escpos"}}

# The files where JSON is decoded: they alone may include its parser.
JSON_FILES = re.compile(r"^hub/(json[^/]*|menu_import|menu_replace|menu_rows|api/[^/]*)\.[ch]$")
# These wire hub and drivers together.
BOTH_SIDES = re.compile(r"^hub/(main|cli[^/]*|wiring[^/]*)\.[ch]$")

# State that a library or the C language's model forces; each says why where it stands.
MUTABLE_ALLOWED = {
    ("drivers/os_clock/os_clock.c", "port"): "never written",
    ("drivers/os_clock/os_clock.c", "zone"): "the C library has one time zone",
    ("drivers/crypto_sodium/crypto_sodium.c", "port"): "never written",
    ("drivers/text_utf8proc/text_utf8proc.c", "port"): "never written",
    ("drivers/store_sqlite/store.c", "library_once"): "SQLite's own settings are the process'",
    ("hub/main.c", "printer_maker"): "never written",
}

BANNED_CALLS = re.compile(r"(?<![\w.>])(strcpy|strcat|sprintf|vsprintf|gets|strtok|strtok_r|atoi|atol|atoll|alloca)\s*\(")
UNFINISHED = re.compile(r"\b(TO" + r"DO|FIX" + r"ME|XX" + r"X|HA" + r"CK)\b")
SOURCE_SUFFIXES = {".c", ".h", ".js", ".mjs", ".ts", ".tsx", ".py"}
BINARY_SUFFIXES = {".png", ".ico", ".gz", ".woff2", ".pdf", ".db"}

faults = []


def fault(where, text):
    faults.append(f"{where}: {text}")


def tracked_files():
    """Files that are or will be part of the tree: known to git or not ignored by it; else all but what is built."""
    listed = subprocess.run(["git", "-C", str(ROOT), "ls-files", "-co", "--exclude-standard", "-z"], capture_output=True, check=False)
    if listed.returncode == 0:
        names = [n for n in listed.stdout.decode().split("\0") if n]
    else:
        skipped = {"build", "node_modules", ".git", "dist"}
        names = []
        for folder, folders, files in os.walk(ROOT):
            folders[:] = [f for f in folders if f not in skipped]
            names += [str(Path(folder, f).relative_to(ROOT)) for f in files]
    return sorted(n for n in names if (ROOT / n).is_file() and not (ROOT / n).is_symlink())


def read(name):
    return (ROOT / name).read_text(encoding="utf-8", errors="replace")


def includes(text):
    for number, line in enumerate(text.split("\n"), 1):
        found = re.match(r'\s*#\s*include\s+(?:<([^>]+)>|"([^"]+)")', line)
        if found:
            yield number, found[1], found[2]


def check_layers(names):
    for name in names:
        if not re.match(r"^(hub|drivers)/.*\.[ch]$", name):
            continue
        in_hub = name.startswith("hub/")
        driver = None if in_hub else name.split("/")[1]
        for line, system, own in includes(read(name)):
            where = f"{name}:{line}"
            if system:
                check_library(where, name, driver, system)
            elif in_hub and own.startswith("drivers/") and not BOTH_SIDES.match(name):
                fault(where, f"the hub knows no driver, but includes {own}")
            elif driver and own.startswith("drivers/") and own.split("/")[1] not in {driver} | DRIVER_FRIENDS.get(driver, set()):
                fault(where, f"drivers do not know each other, but {driver} includes {own}")
            elif not own.startswith(("hub/", "drivers/")):
                fault(where, f"write includes from the root of the tree: {own}")


def check_library(where, name, driver, header):
    if header.removesuffix(".h") in SYSTEM_HEADERS:
        return
    if driver and header.split("/")[0] in DRIVER_LIBRARIES.get(driver, set()):
        return
    if header == "cjson/cJSON.h" and JSON_FILES.match(name):
        return
    layer = f"the driver {driver}" if driver else "the hub"
    fault(where, f"{layer} may not include <{header}>")


def functions(text):
    """(name, first line, length) of every function whose body's braces stand at the line's start."""
    lines = text.split("\n")
    for number, line in enumerate(lines):
        if line != "{" or number == 0:
            continue
        first = number - 1
        while first > 0 and lines[first - 1] and not re.match(r"^([}#/ *]|.*;\s*$)", lines[first - 1]) and lines[first][:1] in " \t)":
            first -= 1
        head = " ".join(lines[first:number])
        if "(" not in head:
            continue
        called = re.search(r"(\w+)\s*\(", head)
        last = next((n for n in range(number, len(lines)) if lines[n] == "}"), len(lines) - 1)
        yield called[1], first + 1, last - first + 1


def check_sizes(names):
    for name in names:
        if not re.search(r"\.(c|h|ts|tsx|mjs|py)$", name) or name.endswith(".d.ts"):
            continue
        text = read(name)
        length = text.count("\n")
        if length > FILE_HARD:
            fault(name, f"{length} lines; {FILE_HARD} are the most")
        elif LIST and length > FILE_SOFT:
            print(f"note: {name}: {length} lines")
        if not name.endswith(".c"):
            continue
        for function, line, size in functions(text):
            if size > FUNCTION_HARD:
                fault(f"{name}:{line}", f"{function}() has {size} lines; {FUNCTION_HARD} are the most")
            elif LIST and size > FUNCTION_SOFT:
                print(f"note: {name}:{line}: {function}() has {size} lines")


def without_comments_and_texts(text):
    keep_lines = lambda match: "\n" * match[0].count("\n")
    return re.sub(r'/\*.*?\*/|//[^\n]*|"(?:\\.|[^"\\\n])*"', keep_lines, text, flags=re.S)


def check_words(names):
    for name in names:
        if Path(name).suffix in BINARY_SUFFIXES or name.endswith(("package-lock.json", "LICENSE")):
            continue
        if name.startswith("tests/fuzz/corpus/"):
            continue
        text = read(name)
        for number, line in enumerate(text.split("\n"), 1):
            if UNFINISHED.search(line):
                fault(f"{name}:{number}", f"unfinished: {line.strip()[:80]}")
        if name.endswith((".c", ".h")):
            for number, line in enumerate(without_comments_and_texts(text).split("\n"), 1):
                for call in BANNED_CALLS.findall(line):
                    fault(f"{name}:{number}", f"{call}() is banned")


def is_source(name, text):
    if Path(name).suffix in SOURCE_SUFFIXES:
        return not name.endswith(".d.ts")
    return text.startswith("#!")


def check_licences(names):
    for name in names:
        if Path(name).suffix in BINARY_SUFFIXES or name.startswith("tests/fuzz/corpus/"):
            continue
        text = read(name)
        if not is_source(name, text):
            continue
        lines = text.split("\n")
        first = lines[1] if lines[0].startswith("#!") and len(lines) > 1 else lines[0]
        if "SPDX-License-Identifier: MIT" not in first:
            fault(name, "the first line (after #!) says SPDX-License-Identifier: MIT")


def mutable_symbols(path):
    """Names in writable memory: .data and .bss, but not what only the loader writes (.data.rel.ro)."""
    listed = subprocess.run(["nm", "-f", "sysv", str(path)], capture_output=True, text=True, check=False)
    for line in listed.stdout.split("\n"):
        columns = [c.strip() for c in line.split("|")]
        if len(columns) < 7 or columns[3] not in ("OBJECT", "TLS") and columns[2] not in "BbDd":
            continue
        section = columns[6]
        if re.match(r"^\.(data|bss|tdata|tbss)", section) and not section.startswith(".data.rel.ro"):
            yield re.sub(r"\.\d+$", "", columns[0])


def check_state():
    if not shutil.which("nm"):
        return "no nm here"
    objects = sorted(BUILD.glob("**/*.c.o"))
    looked = 0
    for path in objects:
        # build/release/hub/CMakeFiles/servery_hub.dir/api/order.c.o -> hub/api/order.c
        found = re.match(r"^(?:(.*)/)?CMakeFiles/[^/]+\.dir/(.*)\.o$", str(path.relative_to(BUILD)))
        source = f"{found[1]}/{found[2]}" if found and found[1] else found[2] if found else ""
        if not source.startswith(("hub/", "drivers/")) or not (ROOT / source).is_file():
            continue
        looked += 1
        for symbol in mutable_symbols(path):
            if (source, symbol) not in MUTABLE_ALLOWED:
                fault(source, f"{symbol} is a mutable global")
    return None if looked else f"no objects in {BUILD}: build first (scripts/build --no-web)"


def formatter():
    for name in ("clang-format-14", "clang-format"):
        if not shutil.which(name):
            continue
        version = subprocess.run([name, "--version"], capture_output=True, text=True, check=False).stdout
        if re.search(r"version 14\.", version):
            return name
    return None


def check_format(names):
    program = formatter()
    if not program:
        return "clang-format 14 is not here, and others format otherwise"
    sources = [n for n in names if n.endswith((".c", ".h"))]
    result = subprocess.run([program, "--dry-run", "-Werror", "--ferror-limit=1", *sources], cwd=ROOT, capture_output=True, text=True, check=False)
    for name in sorted(set(re.findall(r"^(\S+?):\d+:\d+: error: ", result.stderr, re.M))):
        fault(name, f"not formatted: {program} -i {name}")
    return None


def main():
    names = tracked_files()
    check_layers(names)
    check_sizes(names)
    check_words(names)
    check_licences(names)
    for what, skipped in (("state", check_state()), ("format", check_format(names))):
        if skipped:
            print(f"skipped: {what}: {skipped}")
    for text in faults:
        print(text)
    print(f"check: {len(names)} files, {len(faults)} faults")
    return 1 if faults else 0


sys.exit(main())
