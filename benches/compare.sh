#!/usr/bin/env bash
# Measures whole processes side by side: olark2rudder, and jq, orjson and msgspec doing the same.
#
# usage: benches/compare.sh > table.md
#
# It builds the release binary, makes up a corpus, checks that the other tools' events are equal to
# ours, and prints a Markdown table. Input is read from files in the page cache, output goes to
# /dev/null. In each round everything runs once, one after the other; what is printed are medians, and
# ratios are medians of what was measured in the same round. A tool that is not installed is left out.
#
#   MEGABYTES=100   the size of the corpus as NDJSON; other layouts hold the same payloads
#   ROUNDS=5        how often everything is measured
#   FILES=100000    how many one-payload files there are
#   STARTS=200      how many starts are measured together
#   PYTHON=python3  the Python that has orjson and msgspec
#   TMPDIR=/tmp     where the corpus is put: about nine times its size, and 4 KB for each file
set -euo pipefail
export LC_ALL=C

megabytes=${MEGABYTES:-100}
rounds=${ROUNDS:-5}
files=${FILES:-100000}
starts=${STARTS:-200}

cd "$(dirname "$0")/.."
work=$(mktemp -d)
binary=$work/olark2rudder
trap 'rm -rf "$work"' EXIT

say() {
  echo "compare: $*" >&2
}

fail() {
  say "$@"
  exit 1
}

generate() {
  cargo bench --quiet --bench generate -- "$@"
}

# What Python prints for a program, or nothing where it cannot run it.
python_says() {
  "${PYTHON:-python3}" -c "$1" 2> /dev/null || true
}

# The command of a row, into the array `command`.
set_command() {
  local corpus=$work/chats.ndjson
  # shellcheck disable=SC2016 # what stands in single quotes is for the inner shell to expand
  case $1 in
    olark2rudder) command=("$binary" "$corpus") ;;
    jobs-*) command=("$binary" --jobs "${1#jobs-}" "$corpus") ;;
    pretty | array | form) command=("$binary" "$work/chats.$1") ;;
    stdin) command=(bash -c 'cat "$1" | "$2" | cat' stdin "$corpus" "$binary") ;;
    jq) command=(jq -c -f benches/jq_convert.jq "$corpus") ;;
    orjson | msgspec) command=("$python" "benches/$1_convert.py" "$corpus") ;;
    start) command=(repeat "$binary" "$work/one.json") ;;
    start-true) command=(repeat /bin/true) ;;
    files) command=("$binary" "$work/files") ;;
    files-cat) command=(bash -c 'find "$1" -type f -print0 | xargs -0 cat' cat "$work/files") ;;
  esac
}

repeat() {
  local i
  for ((i = 0; i < starts; i++)); do
    "$@"
  done
}

# How a row is called in the table.
label() {
  case $1 in
    olark2rudder) "$binary" --version | cut -d ' ' -f 1,2 ;;
    jobs-*) echo "… \`--jobs ${1#jobs-}\`" ;;
    pretty) echo "… pretty-printed payloads" ;;
    array) echo "… one array on one line" ;;
    form) echo "… form bodies" ;;
    stdin) echo "… \`cat … \\| olark2rudder \\| cat\`" ;;
    jq) echo "$(jq --version) (no ids)" ;;
    orjson) echo "orjson $(python_says 'import orjson; print(orjson.__version__)'), $("$python" --version) (no messageId)" ;;
    msgspec) echo "msgspec $(python_says 'import msgspec; print(msgspec.__version__)') raw, $("$python" --version) (no messageId, not compact)" ;;
  esac
}

input_bytes() {
  case $1 in
    pretty | array | form) stat -c %s "$work/chats.$1" ;;
    *) stat -c %s "$work/chats.ndjson" ;;
  esac
}

# Runs a row once, and notes how many microseconds it took.
measure() {
  local began ended
  set_command "$1"
  began=${EPOCHREALTIME/[.,]/}
  "${command[@]}" > /dev/null 2> "$work/messages" || fail "$1 failed: $(head -n 1 "$work/messages")"
  ended=${EPOCHREALTIME/[.,]/}
  echo $((ended - began)) >> "$work/times.$1"
}

# Runs every row of a table once a round. What comes first varies, so that nobody always runs behind the
# same one.
measure_all() {
  local rows=("$@") round row
  for ((round = 1; round <= rounds; round++)); do
    say "round $round of $rounds: $*"
    for row in "${rows[@]}"; do
      measure "$row"
    done
    rows=("${rows[@]:1}" "${rows[0]}")
  done
}

median() {
  sort -g | awk '{ line[NR] = $1 } END { print (line[int((NR + 1) / 2)] + line[int(NR / 2) + 1]) / 2 }'
}

# The median of the microseconds of a row.
microseconds() {
  median < "$work/times.$1"
}

# The slowest and the quickest round of a row in MB/s, which tell how quiet the machine was.
extremes() {
  sort -g "$work/times.$1" | awk -v bytes="$(input_bytes "$1")" '
    NR == 1 { quickest = $1 }
    END { printf "%.0f to %.0f", bytes / $1, bytes / quickest }'
}

# How many times as long the first row takes as the second.
ratio() {
  paste "$work/times.$1" "$work/times.$2" | awk '{ print $1 / $2 }' | median
}

# The most memory that a row has in use at a time, in MB.
peak_memory() {
  set_command "$1"
  if /usr/bin/time -f %M true 2> /dev/null; then
    /usr/bin/time -o "$work/peak" -f %M "${command[@]}" > /dev/null 2>&1
  elif [[ -n $python ]]; then
    "$python" -c '
import resource, subprocess, sys
subprocess.run(sys.argv[2:], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, check=True)
print(resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss, file=open(sys.argv[1], "w"))
' "$work/peak" "${command[@]}"
  else
    echo "?"
    return
  fi
  awk '{ printf "%.1f MB", $1 * 1024 / 1e6 }' "$work/peak"
}

# A checksum of the events that a row writes, less the ids named, whatever its white space, escapes and
# order of keys.
events() {
  set_command "$1"
  if [[ -n $jq ]]; then
    "${command[@]}" | jq -cS "del(.${2/,/, .})" | cksum
  else
    "${command[@]}" | "$python" -c '
import json, sys
for line in sys.stdin:
    event = json.loads(line)
    for name in sys.argv[1].split(","):
        event.pop(name, None)
    print(json.dumps(event, sort_keys=True))
' "$2" | cksum
  fi
}

# Checks that a tool does what we do; the ids are those that it cannot compute.
check() {
  local ours theirs
  ours=$(events olark2rudder "$2")
  theirs=$(events "$1" "$2")
  [[ $ours == "$theirs" ]] || fail "the events of $1 are not equal to ours"
}

# What there is to compare with.
jq=$(command -v jq || true)
python=$(python_says 'import sys; print(sys.executable)') # not a wrapper that takes time itself
tools=()
[[ -n $jq ]] && tools+=(jq)
for module in orjson msgspec; do
  [[ -n $(python_says "import $module; print($module)") ]] && tools+=("$module")
done
for tool in jq orjson msgspec; do
  [[ " ${tools[*]} " == *" $tool "* ]] || say "$tool is not installed, skipped"
done

say "building"
cargo build --release --quiet
# A copy, because making up a corpus builds the binary again where the sources changed meanwhile.
cp "${CARGO_TARGET_DIR:-target}/release/olark2rudder" "$binary"
for layout in ndjson pretty array form; do
  say "making up $megabytes MB: $layout"
  generate "$layout" "$megabytes" > "$work/chats.$layout"
done
head -n 1 "$work/chats.ndjson" > "$work/one.json"
say "making up $files files"
mkdir "$work/files"
# Payloads have about 2200 bytes each; a few more do no harm.
generate ndjson $((files / 400 + 1)) | sed -n "1,${files}p" \
  | (cd "$work/files" && split -l 1 -a 5 --additional-suffix=.json)

for tool in "${tools[@]}"; do
  say "checking the events of $tool"
  case $tool in
    jq) check jq rudderId,messageId ;;
    *) check "$tool" messageId ;;
  esac
done

rows=(olark2rudder jobs-1 jobs-2 pretty array form stdin "${tools[@]}")
others=(start start-true files files-cat)
measure_all "${rows[@]}"
measure_all "${others[@]}"

echo "$(nproc) cores, $(sed -n 's/^model name[^:]*: //p;T;q' /proc/cpuinfo); \
$megabytes MB of NDJSON, medians of $rounds rounds"
echo
echo "| | MB/s | slowest to quickest | times jq | peak memory |"
echo "| --- | ---: | ---: | ---: | ---: |"
for row in "${rows[@]}"; do
  speed=$(awk "BEGIN { printf \"%.0f\", $(input_bytes "$row") / $(microseconds "$row") }")
  times=-
  [[ -n $jq ]] && times=$(awk "BEGIN { printf \"%.1f\", $(ratio jq "$row") }")
  echo "| $(label "$row") | $speed | $(extremes "$row") | $times | $(peak_memory "$row") |"
done
echo
echo "| | takes | against | ratio |"
echo "| --- | ---: | ---: | ---: |"
awk "BEGIN {
  printf \"| start-up, one small payload | %.2f ms | \`/bin/true\`: %.2f ms | %.1f |\\n\",
    $(microseconds start) / 1000 / $starts, $(microseconds start-true) / 1000 / $starts, $(ratio start start-true)
  printf \"| $files one-payload files | %.2f s | \`cat\`: %.2f s | %.1f |\\n\",
    $(microseconds files) / 1e6, $(microseconds files-cat) / 1e6, $(ratio files files-cat)
}"

echo
if command -v valgrind > /dev/null; then
  say "counting instructions"
  valgrind --tool=callgrind --callgrind-out-file=/dev/null \
    "$binary" --jobs 1 "$work/chats.ndjson" > /dev/null 2> "$work/messages"
  awk -v bytes="$(stat -c %s "$work/chats.ndjson")" \
    '/Collected/ { printf "%.2f instructions for each byte of input (`--jobs 1`)\n", $NF / bytes }' \
    "$work/messages"
else
  say "valgrind is not installed, instructions are not counted"
fi
