"""The standard mapping with msgspec, what is only copied being left as raw text, to measure against:
`python3 msgspec_convert.py chats.ndjson`.

Without messageId, which is a digest of the event's exact text; raw values keep the white space between
their tokens, so the events are not compact.
"""

import gc
import sys
from hashlib import md5
from uuid import UUID

import msgspec
from msgspec import UNSET, Raw, Struct, UnsetType

Copied = Raw | UnsetType


class Group(Struct, gc=False):
    id: Copied = UNSET
    name: Copied = UNSET
    kind: Copied = UNSET


class Visitor(Struct, gc=False, rename="camel"):
    id: Copied = UNSET
    ip: Copied = UNSET
    city: Copied = UNSET
    region: Copied = UNSET
    country: Copied = UNSET
    full_name: Copied = UNSET
    phone_number: Copied = UNSET
    email_address: Copied = UNSET
    operating_system: Copied = UNSET
    referrer: Copied = UNSET
    conversation_begin_page: Copied = UNSET
    organization: Copied = UNSET
    feedback: Copied = msgspec.field(default=UNSET, name="chat_feedback")
    browser: str | None = None


class Payload(Struct, gc=False):
    visitor: Visitor
    kind: Copied = UNSET
    tags: Copied = UNSET
    items: Copied = UNSET
    operators: Copied = UNSET
    groups: list[Group] | None = None


class Library(Struct, gc=False):
    name: str = "unknown"
    version: str = "unknown"


class Named(Struct, gc=False):
    name: Copied | str = UNSET


class Browser(Struct, gc=False):
    name: str | UnsetType
    version: str | UnsetType


class Page(Struct, gc=False):
    url: Copied
    referrer: Copied


class Person(Struct, gc=False):
    city: Copied
    name: Copied
    email: Copied
    phone: Copied
    region: Copied
    country: Copied


class TrackContext(Struct, gc=False):
    ip: Copied
    os: Named | UnsetType
    page: Page | UnsetType
    traits: Person
    browser: Browser | UnsetType
    library: Library
    integration: Named


class TrackTraits(Struct, gc=False):
    organization: Copied
    chat_feedback: Copied


class TrackProperties(Struct, gc=False):
    tags: Copied
    items: Copied


class Integrations(Struct, gc=False, rename={"olark": "Olark"}):
    olark: bool = False


class Track(Struct, gc=False, tag_field="type", tag="track", rename="camel"):
    event: Copied
    traits: TrackTraits
    user_id: Raw
    context: TrackContext
    rudder_id: str
    properties: TrackProperties
    integrations: Integrations


class GroupContext(Struct, gc=False):
    library: Library
    integration: Named


class GroupProperties(Struct, gc=False):
    kind: Copied
    operators: Copied


class GroupEvent(Struct, gc=False, tag_field="type", tag="group", rename="camel"):
    traits: Named
    user_id: Raw
    context: GroupContext
    group_id: Raw
    rudder_id: str
    properties: GroupProperties
    integrations: Integrations


LIBRARY = Library()
INTEGRATION = Named("Olark")
INTEGRATIONS = Integrations()
GROUP_CONTEXT = GroupContext(LIBRARY, INTEGRATION)

NOTHING = (b"null", b'""')
NO_ID = (b"null", b'""', b"0", b"false")


def carried(value):
    return UNSET if value is UNSET or bytes(value) in NOTHING else value


def browser_of(text):
    name, space, version = text.rpartition(" ")
    if space and "0" <= version[:1] <= "9":
        return Browser(name or UNSET, version)
    return Browser(text, UNSET)


def rudder_id_of(user_id):
    text = bytes(user_id)
    if not text.isascii() or b"\\" in text:
        raise ValueError("this script hashes plain ids only")
    return str(UUID(bytes=md5(text.strip(b'"').strip(b" ") + b":").digest(), version=4))


def events_of(payload):
    visitor = payload.visitor
    user_id = carried(visitor.id)
    if user_id is UNSET:
        raise ValueError("visitor.id is missing")
    rudder_id = rudder_id_of(user_id)
    system = carried(visitor.operating_system)
    url, referrer = carried(visitor.conversation_begin_page), carried(visitor.referrer)
    yield Track(
        carried(payload.kind),
        TrackTraits(carried(visitor.organization), carried(visitor.feedback)),
        user_id,
        TrackContext(
            carried(visitor.ip),
            UNSET if system is UNSET else Named(system),
            UNSET if url is UNSET and referrer is UNSET else Page(url, referrer),
            Person(
                carried(visitor.city),
                carried(visitor.full_name),
                carried(visitor.email_address),
                carried(visitor.phone_number),
                carried(visitor.region),
                carried(visitor.country),
            ),
            browser_of(visitor.browser) if visitor.browser else UNSET,
            LIBRARY,
            INTEGRATION,
        ),
        rudder_id,
        TrackProperties(carried(payload.tags), carried(payload.items)),
        INTEGRATIONS,
    )
    for group in payload.groups or ():
        if group.id is UNSET or bytes(group.id) in NO_ID:
            continue
        yield GroupEvent(
            Named(carried(group.name)),
            user_id,
            GROUP_CONTEXT,
            group.id,
            rudder_id,
            GroupProperties(carried(group.kind), carried(payload.operators)),
            INTEGRATIONS,
        )


def main(path):
    # Nothing here refers to itself, so looking for cycles would only cost time.
    gc.disable()
    decode = msgspec.json.Decoder(Payload).decode
    encode = msgspec.json.Encoder().encode
    write = sys.stdout.buffer.write
    with open(path, "rb") as lines:
        for line in lines:
            for event in events_of(decode(line)):
                write(encode(event))
                write(b"\n")


if __name__ == "__main__":
    main(sys.argv[1])
