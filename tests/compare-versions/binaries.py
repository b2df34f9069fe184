"""Runs a binary on one source or on many, and collects what it writes."""

import collections
import fcntl
import io
import json
import os
import re
import struct
import subprocess
import tarfile
import tempfile
import termios
import time
from pathlib import Path
from typing import NamedTuple, Optional

TIMEOUT = 60
# Sources are files with a number as their name, so that outputs and rows tell which source they are of.
NUMBER = re.compile(r"(\d{6})[.\w]*$")
EXTENSIONS = ["json", "ndjson", "form", "txt", "log", "csv"]


class Case(NamedTuple):
    """A source by itself. It is read as a file, or piped in pieces of the sizes that feed holds."""

    label: str
    source: bytes
    options: list
    feed: Optional[tuple]


class Batch(NamedTuple):
    """Sources (labels and bytes) that one process converts, and how they get to it."""

    name: str
    sources: list
    options: list
    carrier: str

    @property
    def label(self):
        return self.name


class Result(NamedTuple):
    code: object
    output: bytes
    rows: list


class BatchResult(NamedTuple):
    """Outputs and rows by source; those of no source are under None."""

    code: object
    outputs: dict
    rows: dict


def read_rows(path):
    """The rows of a --rejects file; text that is no row is kept as one."""
    if not path.exists():
        return []
    rows = []
    for line in path.read_bytes().splitlines():
        try:
            rows.append(json.loads(line))
        except ValueError:
            rows.append({"code": "not a row", "text": repr(line)})
    return rows


def run_case(binary, case):
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        command = [binary, *case.options, "--rejects", "rejects"]
        if not case.feed:
            (folder / "source").write_bytes(case.source)
            command.append("source")
        with open(folder / "output", "wb") as output:
            process = subprocess.Popen(
                command,
                cwd=folder,
                stdin=subprocess.PIPE if case.feed else subprocess.DEVNULL,
                stdout=output,
                stderr=subprocess.DEVNULL,
                bufsize=0,
            )
            if case.feed:
                feed(process, case)
            code = wait(process)
        return Result(code, (folder / "output").read_bytes(), read_rows(folder / "rejects"))


def wait(process):
    try:
        return process.wait(TIMEOUT)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()
        return "timeout"


def feed(process, case):
    """Writes pieces, each when the one before has been read, so that reads end where pieces do."""
    pipe = process.stdin.fileno()
    at = piece = 0
    deadline = time.monotonic() + TIMEOUT
    try:
        while at < len(case.source) and time.monotonic() < deadline:
            end = at + case.feed[piece % len(case.feed)]
            at += os.write(pipe, case.source[at : end])
            piece += 1
            while unread(pipe) and process.poll() is None and time.monotonic() < deadline:
                time.sleep(0)
        process.stdin.close()
    except BrokenPipeError:
        pass


def unread(pipe):
    return struct.unpack("i", fcntl.ioctl(pipe, termios.FIONREAD, b"\0" * 4))[0]


def run_batch(binary, batch):
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        inputs = folder / "in"
        inputs.mkdir()
        files = [f"{at:06}.{EXTENSIONS[at % len(EXTENSIONS)]}" for at in range(len(batch.sources))]
        command = [binary, *batch.options, "--rejects", "../rejects"]
        if batch.carrier == "tar":
            with tarfile.open(folder / "sources.tar", "w") as tar:
                for file, (_, source) in zip(files, batch.sources):
                    member = tarfile.TarInfo(file)
                    member.size = len(source)
                    tar.addfile(member, io.BytesIO(source))
            command += ["../sources.tar", "--ext", "*"]
        else:
            for file, (_, source) in zip(files, batch.sources):
                (inputs / file).write_bytes(source)
            command += ["."] if batch.carrier == "directory" else files
        if batch.carrier != "stdout":
            command += ["--output-dir", "../out"]
        with open(folder / "output", "wb") as output:
            process = subprocess.Popen(
                command, cwd=inputs, stdin=subprocess.DEVNULL, stdout=output, stderr=subprocess.DEVNULL
            )
            code = wait(process)
        outputs = {number(path.name): path.read_bytes() for path in (folder / "out").rglob("*") if path.is_file()}
        if batch.carrier == "stdout":
            outputs[None] = (folder / "output").read_bytes()
        rows = collections.defaultdict(list)
        for row in read_rows(folder / "rejects"):
            rows[number(row.get("source", ""))].append(row)
        return BatchResult(code, outputs, rows)


def number(name):
    found = NUMBER.search(name)
    return int(found[1]) if found else None
