"""Payloads with odd values: real ones with keys, types and texts changed at random."""

import json
import re
from pathlib import Path
from urllib.parse import parse_qs


# Longer payloads of testdata are no seeds: they would take most of the time.
MAX_SEED = 5000
SURROGATE = re.compile("[\ud800-\udfff]")
TOO_DEEP = re.compile(r'(?:\{\s*"[^"]*":\s*|\[\s*){40}')


class Raw(str):
    """A token that is written as it stands."""


class Members(list):
    """An object: its keys and values in order, so that a key can occur twice."""


ODD_VALUES = [
    *map(Raw, ["null", "true", "false", "0", "-0", "1.0", "1e2", "1e400", "-1e-400", "42", "9" * 30]),
    *map(Raw, ["0.30000000000000004", "9007199254740993", '"\\u0000"', '"\\ud800"', '"\\udc00\\ud83d"']),
    *map(Raw, ['"\\ud83d\\ude00"', '"\\/\\b\\f\\n\\r\\t\\"\\\\"', '"\\u005C\\u0022"', '"\\u007b\\u0022visitor"']),
    "", " ", "\t", "\u00a0", "\u200b", "\u2800", "id ", "é漢字", "😀", "\u202e", "x\u0000y", 'say "hi"', "C:\\new\\temp",
    "it's", "<b>&amp;</b>", "&quot;", "a=b&data=c", "data={", "data=%7B%22visitor%22%3A1%7D", "100%", "%7B%22", "+",
    '{"visitor":{"id":"inner"}}', '{"visitor":{', '{"a":1}', '":', "}{", "}]}", ";", "NULL", "\\N", "line\nbreak\r\n",
    "Internet Explorer 11", "Chrome 74.0.3729.131", "Safari", " 7", "1473774819.411", "1473774819", "2016-09-13T13:53:41.411Z",
    "2016-09-13 13:53:41 +0200", "eyJ2aXNpdG9yIjp7ImlkIjoiYjY0In19", "start", "x" * 300, "é" * 150, "y" * 3000, '"' * 400,
    "\\" * 401, [], Members(), [[]], [Raw("null")], Members([["", ""]]), Members([["id", "nested"]]),
]  # fmt: skip

# Texts that stand within others.
FRAGMENTS = ["😀", "😀é", "é", "\u00a0", '"', "\\", "\n", "\r\n", "\t", "'", "''", "&", "&amp;", "<", "%", "+", "=", ";", ",", "\x00", "\x7f", "\u2028",
             "\ud800", "{", "}", '":', '{"', "data=", "\\n", '\\"', "\\u00e9", "\\x22", "%22", " 11", "漢字"]  # fmt: skip

KEYS = """kind id visitor items groups tags operators ip eventType manuallySubmitted isLead visitor.id fullName
    phoneNumber emailAddress city region country countryCode organization chat_feedback operatingSystem browser
    referrer conversationBeginPage customFields name body timestamp operatorId nickname username data payload""".split()

ODD_KEYS = [Raw('"\\u0069d"'), Raw('"visit\\u006fr"'), Raw('"k\\u0069nd"'), "ID", "Visitor", "", "a.b", "é", "__proto__", 'a"b',
            "\\", "x" * 20, "x" * 70, "visitor ", "\u0000"]  # fmt: skip

# Each gives the separators of items and of keys, and the indentation.
SPACINGS = [(",", ":", None), (", ", ": ", None), (",", ": ", 2), (",", ": ", 4), (",", ": ", "\t"), (" ,", " :", None),
            (",\t", ":\t", None)]  # fmt: skip


def parse(text):
    return json.loads(text, object_pairs_hook=lambda pairs: Members(map(list, pairs)), parse_int=Raw, parse_float=Raw)


def read_payloads(testdata):
    """All payloads that testdata has in files of their own or one a line."""
    payloads = []
    for path in sorted([*testdata.glob("payloads/*"), *testdata.glob("golden/*/input*")]):
        text = path.read_text(encoding="utf-8", errors="replace")
        for piece in [text, *text.splitlines()]:
            if path.suffix == ".form":
                piece = parse_qs(piece).get("data", [""])[0]
            if len(piece) > MAX_SEED or TOO_DEEP.search(piece):
                continue
            try:
                value = parse(piece)
            except (ValueError, RecursionError):
                continue
            if isinstance(value, Members) and any(key == "visitor" for key, _ in value) and value not in payloads:
                payloads.append(value)
    return payloads


def copy(value):
    if isinstance(value, Members):
        return Members([key, copy(inner)] for key, inner in value)
    return [copy(inner) for inner in value] if isinstance(value, list) else value


def has_visitor_id(payload):
    visitors = [value for key, value in payload if key == "visitor" and isinstance(value, Members)]
    return any(key == "id" for visitor in visitors for key, _ in visitor)


def containers(value):
    """The value and all objects and arrays in it."""
    found = []
    if isinstance(value, list):
        found.append(value)
        for inner in value:
            found += containers(inner[1] if isinstance(value, Members) else inner)
    return found


def odd_value(rng):
    if rng.random() < 0.05:
        depth = rng.choice([3, 15, 16, 17, 18, 100, 509, 510, 511, 512, 513, 1000])
        opening, closing = rng.choice([("[", "]"), ('{"a":', "}"), ('{"visitor":', "}")])
        return Raw(opening * depth + "1" + closing * depth)
    return copy(rng.choice(ODD_VALUES))


def odd_key(rng):
    return rng.choice(ODD_KEYS) if rng.random() < 0.4 else rng.choice(KEYS)


def mutate_object(members, rng):
    at = rng.randrange(len(members))
    change = rng.randrange(10)
    if change < 4:
        members[at][1] = odd_value(rng)
    elif change == 4:
        del members[at]
    elif change == 5:
        members.insert(rng.randint(0, len(members)), [members[at][0], odd_value(rng)])
    elif change == 6:
        members.insert(rng.randint(0, len(members)), [members[at][0], copy(members[at][1])])
    elif change == 7:
        members[at][0] = odd_key(rng)
    elif change == 8:
        members.insert(rng.randint(0, len(members)), [odd_key(rng), odd_value(rng)])
    else:
        rng.shuffle(members)


def sprinkle(payload, rng):
    """Puts fragments into some of the texts of a payload."""
    few = rng.sample(FRAGMENTS, rng.randint(1, 5)) + rng.choice([[], [], ["😀"], ['"']])
    for value in containers(payload):
        for at, inner in enumerate(value):
            text = inner[1] if isinstance(value, Members) else inner
            if isinstance(text, str) and not isinstance(text, Raw) and rng.random() < 0.3:
                middle = rng.randint(0, len(text))
                text = text[:middle] + rng.choice(few) + text[middle:]
                if isinstance(value, Members):
                    inner[1] = text
                else:
                    value[at] = text


def mutate(payload, rng):
    """A payload with a few changes, nearer to its top more often than deep in it."""
    payload = copy(payload)
    if rng.random() < 0.5:
        sprinkle(payload, rng)
    for _ in range(rng.choice([0, 0, 1, 1, 2, 4])):
        found = containers(payload)
        target = payload if rng.random() < 0.3 else rng.choice(found[: rng.choice([2, 4, len(found)])])
        if not target:
            target.append([odd_key(rng), odd_value(rng)] if isinstance(target, Members) else odd_value(rng))
        elif isinstance(target, Members):
            mutate_object(target, rng)
        else:
            target[rng.randrange(len(target))] = odd_value(rng)
    return payload


def render(value, spacing=SPACINGS[0], ascii_only=True, depth=0):
    comma, colon, indent = spacing
    if isinstance(value, Raw):
        return str(value)
    if value is None or isinstance(value, bool):
        return json.dumps(value)
    if isinstance(value, str):
        return json.dumps(value, ensure_ascii=ascii_only or SURROGATE.search(value) is not None)
    if isinstance(value, Members):
        brackets = "{}"
        parts = [
            render(key, spacing, ascii_only) + colon + render(inner, spacing, ascii_only, depth + 1)
            for key, inner in value
        ]
    else:
        brackets = "[]"
        parts = [render(inner, spacing, ascii_only, depth + 1) for inner in value]
    if indent is None or not parts:
        return brackets[0] + comma.join(parts) + brackets[1]
    step = indent if isinstance(indent, str) else " " * indent
    line = "\n" + step * (depth + 1)
    return brackets[0] + line + (comma + line).join(parts) + "\n" + step * depth + brackets[1]
