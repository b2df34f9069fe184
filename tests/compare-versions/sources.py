"""Sources made up at random: payloads in every wrapper and layout, and then cut, joined and damaged."""

import base64
import gzip
import json
import random
import re
import sys
from urllib.parse import quote, quote_plus

from payloads import SPACINGS, Members, Raw, has_visitor_id, mutate, odd_key, odd_value, render

# Payloads may be nested hundreds of levels deep, each of which is several calls.
sys.setrecursionlimit(20_000)

ENDINGS = [b"\n"] * 6 + [b"\r\n", b"\n\n", b"", b" ", b"\r", b"\n \n", b",\n", b";\n", b"\n\t"]
PREFIXES = ["2019-05-17 22:00:01,123 INFO got ", "[17/May/2019:22:00:01] ", "web_1  | ", "> ", "- ", "body: ", "POST /olark data=",
            "{level=info} ", "a \"quoted\" word ", "it's ", "x={} ", "\u001b[32mINFO\u001b[0m "]  # fmt: skip
SUFFIXES = ["", "", ";", ",", " ", "\t;", " done", " took 12ms", "\"", "'", "}", "]", ' {"a":1}', " data=1", ' "x":', "&ip=1"]
ODD_BYTES = [b"\x00", b"\xff", b"\xc3", b"\xed\xa0\x80", b"\xef\xbb\xbf", b"\xa0", "\u00a0".encode(), "\u2028".encode(), b'"', b"\\",
             b"{", b"}", b"[", b"]", b",", b":", b";", b"\n", b"\r", b"\t", b"\x0c", b"'", b"%", b"&", b"=", b"+", b"\\u00", b"'{",
             b'{"visitor":', b"data=", b"%7B", b'{""', b'{\\"', b"//", b"```", "\u201c".encode(), b"NaN", b"e9"]  # fmt: skip


class Generator:
    """Makes sources; the same random generator gives the same source."""

    def __init__(self, payloads):
        self.payloads = payloads
        self.good = [payload for payload in payloads if has_visitor_id(payload)]
        self.long = [payload for payload in self.good if len(render(payload)) > 300]
        self.families = {
            name[5:].replace("_", "-"): getattr(self, name) for name in dir(self) if name.startswith("make_")
        }

    def source(self, rng, families):
        source = self.families[rng.choice(families)](rng)
        if rng.random() < 0.15:
            source = self.joined(source, self.families[rng.choice(families)](rng), rng)
        if rng.random() < 0.3:
            source = damage(source, rng)
        return dress(source, rng)

    def payload(self, rng):
        return mutate(rng.choice(rng.choice([self.long, self.long, self.good, self.good, self.payloads])), rng)

    def text(self, rng, one_line=False):
        spacing = rng.choice(SPACINGS[:2] if one_line or rng.random() < 0.7 else SPACINGS)
        return render(self.payload(rng), spacing, ascii_only=rng.random() < 0.6)

    def record(self, rng, one_line=True):
        """A payload, or something that holds one or should."""
        chance = rng.random()
        if chance < 0.5:
            return self.text(rng, one_line)
        if chance < 0.7:
            return form(self.text(rng, one_line), rng)
        if chance < 0.85:
            return self.wrapped(rng)
        if chance < 0.95:
            return in_text(self.text(rng, one_line=True), rng)
        return rng.choice(["", " ", "null", "[]", "{}", "1", '"text"', "nothing", '{"a":1}', "data=", "data=%zz", '{"visitor":1}', "{",
                           "}", '{"visitor":{"id":"b64"}}{"visitor":{"id":"c"}}', "# comment", "--", "\\.", "id,payload"])  # fmt: skip

    def wrapped(self, rng):
        value = self.payload(rng)
        for _ in range(rng.choice([1, 1, 1, 2, 2, 3, 17])):
            value = self.wrap(value, rng)
        return render(value, rng.choice(SPACINGS[:2]), ascii_only=rng.random() < 0.6)

    def wrap(self, value, rng):
        text = render(value, rng.choice(SPACINGS[:3]), ascii_only=rng.random() < 0.6)
        encode = rng.choice([base64.b64encode, base64.urlsafe_b64encode])
        rest = [[odd_key(rng), odd_value(rng)] for _ in range(rng.randrange(3))]
        return rng.choice([
            lambda: Members([["data", text], *rest]),
            lambda: Members([*rest, ["data", [text, rng.choice(["", text, self.text(rng)])]]]),
            lambda: Members([*rest, ["_source", value]]),
            lambda: Members([["hits", Members([["hits", [Members([["_source", value]])] * rng.randint(1, 3)]])]]),
            lambda: Members([*rest, ["Item", Members([["payload", dynamo(value)]])]]),
            lambda: Members([["Records", [Members([["dynamodb", Members([["NewImage", dynamo(value).members()]])]])]]]),
            lambda: Members([["body", form(text, rng)], ["isBase64Encoded", Raw("false")], *rest]),
            lambda: Members([["body", encode(utf8(form(text, rng))).decode()], ["isBase64Encoded", Raw("true")]]),
            lambda: Members([["payload", encode(utf8(text)).decode().rstrip(rng.choice(["", "="]))], *rest]),
            lambda: Members([["awslogs", Members([["data", encode(gzip.compress(utf8(text), 1, mtime=0)).decode()]])]]),
            lambda: Members([["transcripts", [value, *[self.payload(rng) for _ in range(rng.randrange(3))]]], *rest]),
            lambda: Members([["raw", text], ["parsed", value], *rest]),
            lambda: Members([["log", in_text(text, rng) + rng.choice(["", "\n"])], ["stream", "stdout"]]),
            lambda: Members([["message", rng.choice(PREFIXES)], *rest, ["event", value]]),
            lambda: [value],
        ])()  # fmt: skip

    def make_payloads(self, rng):
        return utf8(self.text(rng))

    def make_lines(self, rng):
        """Lines: payloads, forms, wrappers and rubbish, some cut off."""
        ending = rng.choice(ENDINGS)
        lines = []
        for _ in range(rng.choice([1, 2, 3, 5, 9])):
            line = self.record(rng)
            if rng.random() < 0.15:
                line = line[: rng.randint(0, len(line))]
            lines.append(utf8(line))
        return ending.join(lines) + rng.choice([ending, b""])

    def make_wrappers(self, rng):
        lines = [self.wrapped(rng) for _ in range(rng.randint(1, 3))]
        return utf8(rng.choice(["\n", "", "\n\n"]).join(lines))

    def make_documents(self, rng):
        """Payloads one after the other in one layout, or each in another."""
        spacing = rng.choice(SPACINGS)
        texts = []
        for _ in range(rng.randint(1, 5)):
            if rng.random() < 0.2:
                spacing = rng.choice(SPACINGS)
            texts.append(render(self.payload(rng), spacing, ascii_only=rng.random() < 0.6))
        return utf8(rng.choice(["\n", "", " ", "\n\n", "\r\n", ",\n", "\n---\n"]).join(texts))

    def make_arrays(self, rng):
        between = rng.choice([",", ", ", ",\n", ",\n  ", "\n,", ",\r\n"])
        items = [self.text(rng) if rng.random() < 0.8 else self.record(rng) for _ in range(rng.randint(0, 5))]
        opening, closing = rng.choice([("[", "]"), ("[\n  ", "\n]\n"), (" [ ", " ] "), ("[[", "]]"), ("[", ",]"), ("[", "")])
        text = opening + between.join(items) + closing
        if rng.random() < 0.3:
            text = '{"transcripts": ' + text + rng.choice(["}", ', "next": null}\n'])
        return utf8(text)

    def make_forms(self, rng):
        forms = [form(self.text(rng), rng) for _ in range(rng.randint(1, 4))]
        return utf8(rng.choice(["\n", "\r\n", "\n\n", "&"]).join(forms) + rng.choice(["", "\n"]))

    def make_logs(self, rng):
        lines = []
        for _ in range(rng.randint(1, 5)):
            text = self.text(rng, one_line=rng.random() < 0.9)
            lines.append(rng.choice([lambda: in_text(text, rng), lambda: rng.choice(PREFIXES), lambda: text])())
        return utf8("\n".join(lines) + rng.choice(["", "\n"]))

    def make_tables(self, rng):
        """Tables as spreadsheets and databases write them: quotes doubled, after backslashes, or none."""
        width = rng.choice([1, 2, 2, 3, 5])
        at = rng.randrange(width)
        separator = rng.choice(",,\t;|")
        ending = rng.choice(["\n", "\n", "\r\n"])
        quoted = rng.choice([doubled, doubled, doubled, backslashed, backslashed, lambda cell: cell])
        always = rng.random() < 0.4
        rows = []
        if rng.random() < 0.6:
            rows.append([rng.choice(["id", "payload", "created at", "note", "", "é"]) for _ in range(width)])
        for _ in range(rng.randint(1, 4)):
            row = [rng.choice(["1", "2020-01-01", "", 'a "b"', "x,y", "line\nbreak", "é", "{}"]) for _ in range(width)]
            row[at] = self.record(rng) if rng.random() < 0.2 else self.text(rng)
            if rng.random() < 0.1:
                row.append("more")
            rows.append(row)
        lines = [
            separator.join(quoted(cell) if always or re.search(f'["\r\n{separator}]', cell) else cell for cell in row)
            for row in rows
        ]
        return utf8(rng.choice(["", "", "", "sep=;\n"]) + ending.join(lines) + rng.choice(["", ending]))

    def joined(self, one, other, rng):
        return one[: cut(one, rng)] + rng.choice(ENDINGS) + other[cut(other, rng) if rng.random() < 0.5 else 0 :]


def utf8(text):
    return text.encode("utf-8", "surrogatepass")


def cut(source, rng):
    return rng.randint(0, len(source)) if rng.random() < 0.5 else len(source)


def form(text, rng):
    escaped = rng.choice([
        lambda: quote_plus(text, errors="surrogatepass"),
        lambda: quote(text, safe="", errors="surrogatepass"),
        lambda: re.sub("%..", lambda escape: escape[0].lower(), quote(text, safe='{}":,', errors="surrogatepass")),
        lambda: text,
        lambda: quote_plus(quote_plus(text, errors="surrogatepass")),
    ])()  # fmt: skip
    before = rng.choice([""] * 6 + ["a=b&", "token=%20x&", "data=1&", "?"])
    return before + rng.choice(["data="] * 8 + ["", "DATA=", "data[]="]) + escaped + rng.choice([""] * 6 + ["&b=c", "&data=", "&"])


def in_text(text, rng):
    quoted = rng.choice([
        lambda: text,
        lambda: text,
        lambda: json.dumps(text),
        lambda: json.dumps(json.dumps(text)),
        lambda: text.replace('"', "\\x22"),
        lambda: text.replace("&", "&amp;").replace('"', "&quot;"),
        lambda: "'" + text.replace("'", "''") + "'",
        lambda: "'" + text.replace("\\", "\\\\").replace("'", "\\'") + "'",
        lambda: doubled(text),
        lambda: text.replace("\\", "\\\\"),
        lambda: quote_plus(text, errors="surrogatepass"),
        lambda: "data=" + text,
        lambda: repr(json.loads(text)) if len(text) < 3000 and is_json(text) else repr(text),
    ])()  # fmt: skip
    return rng.choice(["", *PREFIXES]) + quoted + rng.choice(SUFFIXES)


def doubled(cell):
    return '"' + cell.replace('"', '""') + '"'


def backslashed(cell):
    return '"' + cell.replace("\\", "\\\\").replace('"', '\\"') + '"'


def is_json(text):
    try:
        json.loads(text)
    except (ValueError, RecursionError):
        return False
    return True


class Typed(Members):
    """A value in DynamoDB's typed JSON."""

    def members(self):
        return self[0][1]


def dynamo(value):
    if isinstance(value, Members):
        return Typed([["M", Members([key, dynamo(inner)] for key, inner in value)]])
    if isinstance(value, list):
        return Typed([["L", [dynamo(inner) for inner in value]]])
    if value is None or isinstance(value, bool):
        return dynamo(Raw(json.dumps(value)))
    if not isinstance(value, Raw):
        return Typed([["S", value]])
    if value == "null":
        return Typed([["NULL", Raw("true")]])
    if value in ("true", "false"):
        return Typed([["BOOL", value]])
    return Typed([["S", value]]) if value.startswith('"') else Typed([["N", str(value)]])


def damage(source, rng):
    """A source cut off, or with bytes lost, added, doubled or moved."""
    for _ in range(rng.choice([1, 1, 1, 2, 4])):
        one, other = sorted([rng.randint(0, len(source)), rng.randint(0, len(source))])
        short = min(other, one + rng.randint(1, 8))
        source = rng.choice([
            lambda: source[:one],
            lambda: source[one:],
            lambda: source[:one] + source[short:],
            lambda: source[:one] + rng.choice(ODD_BYTES) + source[one:],
            lambda: source[:one] + rng.choice(ODD_BYTES) + source[one + 1 :],
            lambda: source[:other] + source[one:],
            lambda: source[:one] + source[other:],
            lambda: source.replace(b"\n", b"", 1),
            lambda: source.replace(b" ", b"\n", 1),
            lambda: source[:one] + b"\n" + source[one:],
        ])()  # fmt: skip
    return source


def dress(source, rng):
    """A source with what may be around one: a byte order mark, other line ends, blank lines, compression."""
    chance = rng.random()
    if chance < 0.03:
        return b"\xef\xbb\xbf" + source
    if chance < 0.06:
        return source.replace(b"\n", b"\r\n")
    if chance < 0.08:
        return rng.choice([b"\n", b"\r\n", b" \n\n", b"\t"]) + source + rng.choice([b"\n\n", b" ", b"\r\n"])
    if chance < 0.10:
        compressed = gzip.compress(source, 1, mtime=0)
        return rng.choice([compressed, compressed * 2, compressed[: cut(compressed, rng)], compressed + b"\0" * 9])
    if chance < 0.11:
        return source.decode("utf-8", "replace").encode(rng.choice(["utf-16", "utf-16-be", "utf-32"]))
    if chance < 0.14:
        return source * rng.choice([2, 3, 40])
    return source


def make(generator, seed, number, families):
    return generator.source(random.Random(f"{seed}:{number}"), families)
