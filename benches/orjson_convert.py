"""The standard mapping with orjson, to measure against: `python3 orjson_convert.py chats.ndjson`.

Without messageId, which is a digest of the event's exact text; orjson decodes strings and writes them
anew, without their escapes.
"""

import gc
import sys
from hashlib import md5
from uuid import UUID

import orjson

LIBRARY = {"name": "unknown", "version": "unknown"}
INTEGRATION = {"name": "Olark"}
INTEGRATIONS = {"Olark": False}

TRAITS = (
    ("city", "city"),
    ("fullName", "name"),
    ("emailAddress", "email"),
    ("phoneNumber", "phone"),
    ("region", "region"),
    ("country", "country"),
)


def carried(source, fields):
    """The fields, named anew, that have something in them."""
    values = ((target, source.get(name)) for name, target in fields)
    return {target: value for target, value in values if value is not None and value != ""}


def browser_of(text):
    name, space, version = text.rpartition(" ")
    if space and "0" <= version[:1] <= "9":
        return {"name": name, "version": version} if name else {"version": version}
    return {"name": text}


def rudder_id_of(user_id):
    text = user_id if isinstance(user_id, str) else orjson.dumps(user_id).decode()
    if not text.isascii() or not text.isprintable():
        raise ValueError("this script hashes plain ids only")
    return str(UUID(bytes=md5(text.strip(" ").encode() + b":").digest(), version=4))


def events_of(payload):
    visitor = payload.get("visitor") or {}
    user_id = visitor.get("id")
    if user_id is None or user_id == "":
        raise ValueError("visitor.id is missing")
    rudder_id = rudder_id_of(user_id)
    context = carried(visitor, (("ip", "ip"),))
    if system := visitor.get("operatingSystem"):
        context["os"] = {"name": system}
    if page := carried(visitor, (("conversationBeginPage", "url"), ("referrer", "referrer"))):
        context["page"] = page
    context["traits"] = carried(visitor, TRAITS)
    if browser := visitor.get("browser"):
        context["browser"] = browser_of(browser)
    context["library"] = LIBRARY
    context["integration"] = INTEGRATION
    track = {"type": "track"}
    track.update(carried(payload, (("kind", "event"),)))
    track["traits"] = carried(
        visitor, (("organization", "organization"), ("chat_feedback", "chat_feedback"))
    )
    track["userId"] = user_id
    track["context"] = context
    track["rudderId"] = rudder_id
    track["properties"] = carried(payload, (("tags", "tags"), ("items", "items")))
    track["integrations"] = INTEGRATIONS
    yield track
    operators = carried(payload, (("operators", "operators"),))
    for group in payload.get("groups") or ():
        if not group.get("id"):
            continue
        yield {
            "type": "group",
            "traits": carried(group, (("name", "name"),)),
            "userId": user_id,
            "context": {"library": LIBRARY, "integration": INTEGRATION},
            "groupId": group["id"],
            "rudderId": rudder_id,
            "properties": {**carried(group, (("kind", "kind"),)), **operators},
            "integrations": INTEGRATIONS,
        }


def main(path):
    # Nothing here refers to itself, so looking for cycles would only cost time.
    gc.disable()
    write = sys.stdout.buffer.write
    with open(path, "rb") as lines:
        for line in lines:
            for event in events_of(orjson.loads(line)):
                write(orjson.dumps(event, option=orjson.OPT_APPEND_NEWLINE))


if __name__ == "__main__":
    main(sys.argv[1])
