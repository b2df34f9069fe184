#!/usr/bin/env python3
"""Compares two versions of olark2rudder: what one makes of a source, the other must make of it, too.

    tests/compare-versions/compare.py OLD NEW [--count N] [--seed S] [DIRECTORY]...

OLD and NEW are binaries. Both convert each file of testdata (and of ../shared; or of the directories that are named),
and N sources made up at random: payloads with odd values, lines, documents, arrays, form bodies, logs, tables and
wrappers, cut, joined and damaged; from files, directories and tars, through pipes in pieces of 1, 7, 4096 or any
number of bytes, with --jobs 1 and 2, small --max-record, and various mappings. Compared are standard output (or the
files of --output-dir), the exit code, and the rows of --rejects. Most sources are converted 250 to a process, one in ten
by itself. On two cores, the files and 10,000 sources take about four minutes. It needs Python 3.9 and Unix.

Differences are counted by kind. The first sources of each kind are saved in --save, made smaller while they still differ
in this way, with the commands that show it. The exit code is 1 if any differ. The same seed gives the same sources.

    --ignore reason     leaves a field of the rows out of the comparison (also: exit, output); repeatable
    --allow FILE        Python that defines allowed(source, old, new): a true value for a difference that is intended
                        (a string names it in the summary). source is bytes; old and new have .code, .output (bytes)
                        and .rows (a list of dicts)
    --only FAMILY       makes up only sources of this family (payloads, lines, tables, …); repeatable
"""

import argparse
import collections
import multiprocessing
import os
import random
import runpy
import shutil
import sys
import time
from pathlib import Path

sys.dont_write_bytecode = True

from binaries import Batch, Case, run_batch, run_case
from payloads import read_payloads
from sources import Generator, make

ROOT = Path(__file__).resolve().parents[2]
BATCH = 250
# One in so many sources is also converted by itself, most of them through a pipe.
SINGLE = 10
# Sources saved of each kind of difference and in all, and runs to make one of them smaller.
MAX_SAVED_OF_KIND = 3
MAX_SAVED = 40
MAX_STEPS = 300

# Every file is converted in each of these ways.
FILE_OPTIONS = [
    ["--jobs", "1"],
    ["--jobs", "2", "--mapping", "full", "--events", "all", "--timestamp"],
    ["--jobs", "1", "--mapping", "live", "--max-record", "2000"],
    ["--jobs", "2", "--max-record", "300", "--at", "."],
    ["--jobs", "2", "--input-format", "ndjson"],
    ["--jobs", "1", "--input-format", "json", "--max-record", "1k"],
    ["--jobs", "1", "--input-format", "form"],
    ["--jobs", "2", "--input-format", "csv"],
    ["--jobs", "1", "--input-format", "tsv"],
]


def random_options(rng):
    options = ["--jobs", rng.choice("12")]
    if rng.random() < 0.4:
        options += ["--max-record", str(rng.choice([300, 2000, rng.randint(50, 5000)]))]
    if rng.random() < 0.4:
        options += ["--mapping", rng.choice(["full", "live"])]
    if "live" not in options and rng.random() < 0.25:
        options += ["--events", "all"]
    if rng.random() < 0.25:
        options += ["--timestamp"]
    if rng.random() < 0.15:
        options += ["--input-format", rng.choice(["json", "ndjson", "form", "csv", "tsv"])]
    if rng.random() < 0.1:
        options += ["--at", rng.choice([".", "data", "body", "payload", "hits.hits[]._source", "transcripts[]"])]
    return options


def random_feed(rng, source):
    """The sizes of the pieces that a source is piped in; none for a file."""
    size = rng.choice([1, 7, 4096, "random", None])
    if size == "random":
        return tuple(rng.randint(1, rng.choice([10, 300, 5000])) for _ in range(50))
    # Small pieces of large sources take too long.
    return size and (max(size, len(source) // 1000),)


class Comparison:
    """Two binaries, and what counts as a difference between them."""

    def __init__(self, arguments):
        self.binaries = [arguments.old, arguments.new]
        self.ignored = set(arguments.ignore)
        self.allowed = runpy.run_path(arguments.allow)["allowed"] if arguments.allow else None

    def kind(self, case):
        """How the results for a case differ, and whether that is intended; nothing if they do not."""
        old, new = (run_case(binary, case) for binary in self.binaries)
        kinds = self.differences(old, new)
        if not kinds:
            return None, None
        label = self.allowed and self.allowed(case.source, old, new)
        return "; ".join(kinds), str(label) if label else None

    def differences(self, old, new):
        kinds = []
        if "exit" not in self.ignored and old.code != new.code:
            kinds.append(f"exit {old.code} became {new.code}")
        if "output" not in self.ignored and old.output != new.output:
            lines = len(old.output.splitlines()), len(new.output.splitlines())
            kinds.append(("other" if lines[0] == lines[1] else "fewer" if lines[0] > lines[1] else "more") + " events")
        rows = [[self.stripped(row) for row in result.rows] for result in (old, new)]
        if rows[0] != rows[1]:
            kinds.append(row_differences(*rows))
        return kinds

    def stripped(self, row):
        return {key: value for key, value in row.items() if key not in self.ignored}

    def suspects(self, batch):
        """The sources of a batch that the binaries may differ on; all of them where it cannot be said which."""
        old, new = (run_batch(binary, batch) for binary in self.binaries)
        parts = [[{at: list(map(self.stripped, rows)) for at, rows in result.rows.items()} for result in (old, new)]]
        if "output" not in self.ignored:
            parts.append((old.outputs, new.outputs))
        names = {at for one, other in parts for at in one.keys() | other.keys() if one.get(at) != other.get(at)}
        if None not in names and (names or old.code == new.code or "exit" in self.ignored):
            return sorted(names)
        return range(len(batch.sources))

    def batch(self, batch):
        """The differences in a batch: case, kind, and what allows it."""
        if batch.carrier == "single":
            rng = random.Random(batch.name)
            feeds = [random_feed(rng, source) for _, source in batch.sources]
            suspects = range(len(batch.sources))
        else:
            feeds = [None] * len(batch.sources)
            suspects = self.suspects(batch)
        found = []
        for at in suspects:
            label, source = batch.sources[at]
            case = Case(label, source, batch.options, feeds[at])
            kind, allowed = self.kind(case)
            if kind:
                found.append((case, kind, allowed))
        if suspects and not found and batch.carrier != "single":
            found.append((batch, f"only as a whole ({batch.carrier}, {' '.join(batch.options)})", None))
        return found


def row_differences(old, new):
    """How two lists of rows differ."""
    lost, gained = [row for row in old if row not in new], [row for row in new if row not in old]
    codes = ["+".join(sorted({row.get("code", "?") for row in rows})) for rows in (lost, gained)]
    if not lost and not gained:
        return "rejects repeated or in another order"
    if not lost or not gained:
        return f"fewer rejects: {codes[0]}" if lost else f"more rejects: {codes[1]}"
    if codes[0] != codes[1] or len(lost) != len(gained):
        return f"rejects {codes[0]} became {codes[1]}"
    fields = set()
    for one, other in zip(lost, gained):
        fields |= {key for key in one.keys() | other.keys() if one.get(key) != other.get(key)}
    return f"{'+'.join(sorted(fields))} of rejects {codes[0]}"


def smaller(comparison, case, kind):
    """A case with less of its source that still differs in the same way."""
    source, steps = case.source, 0
    size = len(source) // 2
    while size and steps < MAX_STEPS:
        at, before = 0, len(source)
        while at < len(source) and steps < MAX_STEPS:
            shorter = case._replace(source=source[:at] + source[at + size :])
            steps += 1
            if comparison.kind(shorter) == (kind, None):
                source = shorter.source
            else:
                at += size
        if len(source) == before or size > len(source):
            size //= 2
    return case._replace(source=source)


def batches_of_files(directories):
    files = [path for directory in directories for path in sorted(directory.rglob("*")) if path.is_file()]
    sources = [(os.path.relpath(path), path.read_bytes()) for path in files]
    for options in FILE_OPTIONS:
        for carrier in ["files", "tar"] if "--input-format" in options else ["files", "tar", "single"]:
            for at in range(0, len(sources), BATCH):
                yield Batch(f"files {at} {carrier}", sources[at : at + BATCH], options, carrier)


def work(task):
    """The number of sources of a task, and the differences in it."""
    if not isinstance(task, Batch):
        first, count = task
        rng = random.Random(f"{STATE.seed}:batch {first}")
        sources = [
            (f"generated {number}", make(STATE.generator, STATE.seed, number, STATE.families))
            for number in range(first, first + count)
        ]
        carrier = rng.choice(["files"] * 4 + ["directory"] * 2 + ["tar", "stdout"])
        single = Batch(f"{STATE.seed}:{first}", sources[::SINGLE], random_options(rng), "single")
        together = Batch(f"generated {first} to {first + count - 1}", sources, random_options(rng), carrier)
        return count, STATE.comparison.batch(single) + STATE.comparison.batch(together)
    return len(task.sources), STATE.comparison.batch(task)


class State:
    """What every process needs."""

    def __init__(self, arguments):
        self.comparison = Comparison(arguments)
        self.generator = Generator(read_payloads(ROOT / "testdata"))
        self.families = arguments.only or sorted(self.generator.families)
        self.seed = arguments.seed


def save(folder, number, subject, kind, binaries):
    if isinstance(subject, Batch):
        target = folder / f"{number:03}-sources"
        target.mkdir()
        for at, (_, source) in enumerate(subject.sources):
            (target / f"{at:06}").write_bytes(source)
        return target
    target = folder / f"{number:03}-source"
    target.write_bytes(subject.source)
    options = " ".join(map(repr, subject.options))
    feed = f"piped in pieces of {subject.feed}" if subject.feed else "read as a file"
    commands = "".join(f"{binary} {options} --rejects /dev/stderr -q {target}\n" for binary in binaries)
    (folder / f"{number:03}-about.txt").write_text(f"{subject.label}, {feed}: {kind}\n{commands}")
    return target


def parse_arguments():
    parser = argparse.ArgumentParser(
        description=__doc__.partition("\n")[0], epilog="The beginning of this file says more."
    )
    parser.add_argument("old", type=lambda path: str(Path(path).resolve(strict=True)))
    parser.add_argument("new", type=lambda path: str(Path(path).resolve(strict=True)))
    parser.add_argument("directories", nargs="*", type=Path, metavar="DIRECTORY")
    parser.add_argument("--count", type=int, default=2000, metavar="N")
    parser.add_argument("--seed", default="1", metavar="S")
    parser.add_argument("--ignore", action="append", default=[], metavar="FIELD")
    parser.add_argument("--allow", metavar="FILE")
    parser.add_argument("--only", action="append", metavar="FAMILY")
    parser.add_argument("--save", type=Path, default=ROOT / "target/compare-versions", metavar="FOLDER")
    parser.add_argument("--processes", type=int, default=multiprocessing.cpu_count(), metavar="N")
    return parser.parse_args()


def main():
    global STATE
    arguments = parse_arguments()
    STATE = State(arguments)
    directories = arguments.directories or [path for path in [ROOT / "testdata", ROOT / "../shared"] if path.is_dir()]
    shutil.rmtree(arguments.save, ignore_errors=True)
    generated = [(first, min(BATCH, arguments.count - first)) for first in range(0, arguments.count, BATCH)]
    tasks = [*batches_of_files(directories), *generated]

    compared, started, told = 0, time.time(), time.time()
    kinds, allowed, saved = collections.Counter(), collections.Counter(), 0
    # Forked, so that the processes have the state.
    with multiprocessing.get_context("fork").Pool(arguments.processes) as pool:
        for count, differences in pool.imap(work, tasks):
            compared += count
            for subject, kind, label in differences:
                if label:
                    allowed[label] += 1
                    continue
                kinds[kind] += 1
                if kinds[kind] > MAX_SAVED_OF_KIND or saved == MAX_SAVED:
                    continue
                if isinstance(subject, Case):
                    subject = smaller(STATE.comparison, subject, kind)
                arguments.save.mkdir(parents=True, exist_ok=True)
                saved += 1
                target = save(arguments.save, saved, subject, kind, STATE.comparison.binaries)
                print(f"{subject.label}: {kind}: {target}", flush=True)
            if time.time() - told > 10:
                told = time.time()
                print(f"{compared} sources, {sum(kinds.values())} differ", file=sys.stderr)

    print(f"{compared} sources in {time.time() - started:.0f} s: {sum(kinds.values())} differ")
    for title, counter in [("", kinds), ("allowed: ", allowed)]:
        for kind, count in counter.most_common():
            print(f"{count:8} {title}{kind}")
    return 1 if kinds else 0


if __name__ == "__main__":
    sys.exit(main())
