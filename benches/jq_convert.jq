# The standard mapping as a jq filter, to measure against: `jq -c -f jq_convert.jq chats.ndjson`.
# Without rudderId and messageId: jq has no MD5 and no other digest. Strings lose their escapes.

def carried: with_entries(select(.value != null and .value != ""));

def carried_if_any: carried | if . == {} then null else . end;

def browser:
  if . == null or . == "" then null else
    rindex(" ") as $at
    | if $at and (.[$at + 1:$at + 2] | . >= "0" and . <= "9")
      then {name: .[:$at], version: .[$at + 1:]} | carried
      else {name: .}
      end
  end;

def track:
  .visitor as $visitor
  | {
      type: "track",
      event: .kind,
      traits: {organization: $visitor.organization, chat_feedback: $visitor.chat_feedback} | carried,
      userId: $visitor.id,
      context: {
        ip: $visitor.ip,
        os: {name: $visitor.operatingSystem} | carried_if_any,
        page: {url: $visitor.conversationBeginPage, referrer: $visitor.referrer} | carried_if_any,
        traits: {
          city: $visitor.city,
          name: $visitor.fullName,
          email: $visitor.emailAddress,
          phone: $visitor.phoneNumber,
          region: $visitor.region,
          country: $visitor.country
        } | carried,
        browser: $visitor.browser | browser,
        library: {name: "unknown", version: "unknown"},
        integration: {name: "Olark"}
      } | carried,
      properties: {tags, items} | carried,
      integrations: {Olark: false}
    }
  | carried;

def group($payload):
  {
    type: "group",
    traits: {name} | carried,
    userId: $payload.visitor.id,
    context: {library: {name: "unknown", version: "unknown"}, integration: {name: "Olark"}},
    groupId: .id,
    properties: {kind, operators: $payload.operators} | carried,
    integrations: {Olark: false}
  };

if .visitor.id == null or .visitor.id == "" then error("visitor.id is missing") else . end
| track, (. as $payload | .groups[]? | select(.id and .id != "" and .id != 0) | group($payload))
