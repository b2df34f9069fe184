#!/usr/bin/env bash
# Measures whole processes side by side: olark2rudder, and jq, orjson and msgspec doing the same.
#
# usage: benches/compare.sh > table.md
#
# It needs hyperfine. It builds the release binary, makes up a corpus, checks that all layouts give the same
# events and that the other tools' events are equal to ours, and prints a Markdown table. Input is read from
# files in the page cache, output goes to /dev/null. All rows of a table are from one run of hyperfine; what
# is printed are medians and their ratios. A tool that is not installed is left out.
#
#   MEGABYTES=100   the size of the corpus as NDJSON; other layouts hold the same payloads
#   ROUNDS=5        how often everything is measured
#   FILES=100000    how many one-payload files there are
#   OUTPUTS=20000   how many files are written with --output-dir
#   STARTS=200      how often a start is measured
#   PYTHON=python3  the Python that has orjson and msgspec
#   TMPDIR=/tmp     where the corpus is put: about nine times its size, and 4 KB for each file
set -euo pipefail
export LC_ALL=C

megabytes=${MEGABYTES:-100}
rounds=${ROUNDS:-5}
files=${FILES:-100000}
starts=${STARTS:-200}
outputs=${OUTPUTS:-20000}

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

# The file that a row reads. Rows that end in -compact read JSON without white space.
input() {
  case $1 in
    pretty | array | form) echo "$work/chats.$1" ;;
    *-compact) echo "$work/chats.compact" ;;
    *) echo "$work/chats.ndjson" ;;
  esac
}

# The command of a row, as a shell would take it.
command_of() {
  local input
  input=$(input "$1")
  case ${1%-compact} in
    olark2rudder | pretty | array | form) echo "$binary $input" ;;
    jobs-*) local row=${1%-compact} && echo "$binary --jobs ${row#jobs-} $input" ;;
    stdin) echo "bash -c 'cat $input | $binary | cat'" ;;
    jq) echo "jq -c -f benches/jq_convert.jq $input" ;;
    orjson | msgspec) echo "$python benches/${1%-compact}_convert.py $input" ;;
    start) echo "$binary $work/one.json" ;;
    true) echo /bin/true ;;
    files) echo "$binary $work/files" ;;
    cat) echo "bash -c 'find $work/files -type f -print0 | xargs -0 cat'" ;;
    # Trees of compressed files, with one thread and with two, and what only decompresses them.
    *-tree-*) echo "$binary --jobs ${1##*-} $work/${1%-*}" ;;
    zcat) echo "bash -c 'cat $work/gzip-tree/* | zcat'" ;;
    zstdcat) echo "bash -c 'cat $work/zstd-tree/* | zstdcat'" ;;
    zcat-jq) echo "bash -c 'cat $work/gzip-tree/* | zcat | jq -c -f benches/jq_convert.jq'" ;;
    tar-gz) echo "$binary $work/chats.tar.gz" ;;
    tar-xzO) echo "tar xzOf $work/chats.tar.gz" ;;
    tar) echo "$binary $work/chats.tar" ;;
    wrapped-*) echo "$binary --jobs 1 $work/chats.$1" ;;
    outputs) echo "bash -c 'rm -rf $work/out && $binary $work/many --output-dir $work/out'" ;;
    cp) echo "bash -c 'rm -rf $work/out && cp -r $work/many $work/out'" ;;
  esac
}

# Runs a row's command.
run() {
  local words
  eval "words=($(command_of "$1"))"
  "${words[@]}"
}

# How a row is called in the table.
label() {
  local name spacing=
  [[ $1 == *-compact ]] && spacing=", compact"
  case ${1%-compact} in
    olark2rudder) name=$("$binary" --version | cut -d ' ' -f 1,2) ;;
    jobs-*) name="… \`--jobs ${1//[!0-9]/}\`" ;;
    pretty) name="… pretty-printed payloads" ;;
    array) name="… one array on one line" ;;
    form) name="… form bodies" ;;
    stdin) name="… \`cat … \\| olark2rudder \\| cat\`" ;;
    jq) name="$(jq --version) (no ids)" ;;
    orjson) name="orjson $(python_says 'import orjson; print(orjson.__version__)'), $("$python" --version) (no messageId)" ;;
    msgspec) name="msgspec $(python_says 'import msgspec; print(msgspec.__version__)') raw, $("$python" --version) (no messageId, output keeps white space)" ;;
  esac
  echo "$name$spacing"
}

# Measures rows so many times each.
measure() { # runs, row...
  local runs=$1 commands=() row
  shift
  for row in "$@"; do
    commands+=(--command-name "$row" "$(command_of "$row")")
  done
  hyperfine --shell none --style basic --warmup 1 --runs "$runs" --export-csv "$work/table" "${commands[@]}" >&2
  tail -n +2 "$work/table" >> "$work/times"
}

# The seconds that a row took: median, min or max.
seconds() { # row, which
  awk -F, -v row="$1" -v which="$2" \
    '$1 == row { print which == "median" ? $4 : which == "min" ? $7 : $8 }' "$work/times"
}

# What awk makes of a calculation.
calculate() { # format, expression
  awk "BEGIN { printf \"$1\", $2 }"
}

# How many times as long a tool takes for the same payloads, in the same spacing where that was measured.
times() { # tool, row
  local other=
  [[ $2 == *-compact ]] && other=$(seconds "$1-compact" median)
  [[ -n $other ]] || other=$(seconds "$1" median)
  if [[ -n $other ]]; then calculate %.1f "$other / $(seconds "$2" median)"; else echo -; fi
}

# The most memory that a row has in use at a time.
peak_memory() {
  local words
  eval "words=($(command_of "$1"))"
  if /usr/bin/time -f %M true 2> /dev/null; then
    /usr/bin/time -o "$work/peak" -f %M "${words[@]}" > /dev/null 2>&1
  elif [[ -n $python ]]; then
    "$python" -c '
import resource, subprocess, sys
subprocess.run(sys.argv[2:], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, check=True)
print(resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss, file=open(sys.argv[1], "w"))
' "$work/peak" "${words[@]}"
  else
    echo "?"
    return
  fi
  awk '{ printf "%.1f MB", $1 * 1024 / 1e6 }' "$work/peak"
}

# A checksum of the events that a row writes, less the ids named, whatever its white space, escapes and
# order of keys.
events() {
  if [[ -n $jq ]]; then
    run "$1" | jq -cS "del(.${2/,/, .})" | cksum
  else
    run "$1" | "$python" -c '
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
command -v hyperfine > /dev/null || fail "hyperfine is not installed"
jq=$(command -v jq || true)
python=$(python_says 'import sys; print(sys.executable)') # not a wrapper that takes time itself
tools=()
[[ -n $jq ]] && tools+=(jq)
for module in orjson msgspec; do
  [[ -n $(python_says "import $module; print($module)") ]] && tools+=("$module" "$module-compact")
done
for tool in jq orjson msgspec; do
  [[ " ${tools[*]} " == *" $tool "* ]] || say "$tool is not installed, skipped"
done

say "building"
cargo build --release --quiet
# A copy, because making up a corpus builds the binary again where the sources changed meanwhile.
cp "${CARGO_TARGET_DIR:-target}/release/olark2rudder" "$binary"
for layout in ndjson compact pretty array form; do
  say "making up $megabytes MB: $layout"
  generate "$layout" "$megabytes" > "$work/chats.$layout"
  [[ $layout == ndjson ]] && expected=$(run olark2rudder | cksum)
  [[ $("$binary" "$work/chats.$layout" | cksum) == "$expected" ]] || fail "the events of $layout are others"
done
head -n 1 "$work/chats.ndjson" > "$work/one.json"
say "making up $files files"
mkdir "$work/files"
# Payloads have about 2200 bytes each; a few more do no harm.
generate ndjson $((files / 400 + 1)) | sed -n "1,${files}p" \
  | (cd "$work/files" && split -l 1 -a 5 --additional-suffix=.json)

say "making up archives, wrappers and $outputs files"
mkdir "$work"/{gzip-tree,zstd-tree,many}
split -n l/20 -d --additional-suffix=.ndjson "$work/chats.ndjson" "$work/gzip-tree/chats"
cp "$work"/gzip-tree/* "$work/zstd-tree"
tar -C "$work" --sort=name -cf "$work/chats.tar" --transform='s/gzip-tree/chats/' gzip-tree
gzip -k "$work/chats.tar"
gzip "$work"/gzip-tree/*
archives=(gzip-tree tar-gz tar)
zstd=$(command -v zstd || true)
if [[ -n $zstd ]]; then
  zstd -q --rm "$work"/zstd-tree/*
  archives+=(zstd-tree)
fi
find "$work/files" -name "*.json" | sed -n "1,${outputs}p" | xargs cp -t "$work/many"
sed 's/^/{"_source": /; s/$/}/' "$work/chats.ndjson" > "$work/chats.wrapped-object"
sed 's/[\\"]/\\&/g; s/^/{"data": "/; s/$/"}/' "$work/chats.ndjson" > "$work/chats.wrapped-string"
for row in gzip-tree-2 tar-gz tar wrapped-object wrapped-string ${zstd:+zstd-tree-2}; do
  [[ $(run "$row" | cksum) == "$expected" ]] || fail "the events of $row are others"
done

for tool in "${tools[@]}"; do
  say "checking the events of $tool"
  case $tool in
    jq) check jq rudderId,messageId ;;
    *) check "$tool" messageId ;;
  esac
done

rows=(olark2rudder olark2rudder-compact jobs-1 jobs-1-compact jobs-2 pretty array form stdin "${tools[@]}")
measure "$rounds" "${rows[@]}"
measure "$rounds" files cat
measure "$rounds" gzip-tree-1 gzip-tree-2 zcat ${jq:+zcat-jq} ${zstd:+zstd-tree-1 zstd-tree-2 zstdcat}
measure "$rounds" tar-gz tar-xzO tar wrapped-object wrapped-string
measure "$rounds" outputs cp
measure "$starts" start true

echo "$(nproc) cores, $(sed -n 's/^model name[^:]*: //p;T;q' /proc/cpuinfo); \
$megabytes MB of NDJSON, medians of $rounds rounds"
echo
echo "| | MB/s | slowest to quickest | times jq | times orjson | times msgspec | peak memory |"
echo "| --- | ---: | ---: | ---: | ---: | ---: | ---: |"
for row in "${rows[@]}"; do
  megabytes_in=$(calculate %f "$(stat -c %s "$(input "$row")") / 1e6")
  speed() { calculate %.0f "$megabytes_in / $(seconds "$row" "$1")"; }
  echo "| $(label "$row") | $(speed median) | $(speed max) to $(speed min) \
| $(times jq "$row") | $(times orjson "$row") | $(times msgspec "$row") | $(peak_memory "$row") |"
done
echo
echo "| | takes | against | ratio |"
echo "| --- | ---: | ---: | ---: |"
pairs=("start true" "files cat" "gzip-tree-1 gzip-tree-2" "gzip-tree-2 zcat" "tar-gz tar-xzO" "tar olark2rudder"
  "wrapped-object jobs-1" "wrapped-string jobs-1" "outputs cp")
[[ -n $jq ]] && pairs+=("gzip-tree-2 zcat-jq")
[[ -n $zstd ]] && pairs+=("zstd-tree-1 zstd-tree-2" "zstd-tree-2 zstdcat")
for pair in "${pairs[@]}"; do
  read -r row other <<< "$pair"
  ours=$(seconds "$row" median) theirs=$(seconds "$other" median)
  case $row in
    start) name="start-up, one small payload" other=/bin/true ;;
    files) name="$files one-payload files" ;;
    *-tree-*) name="20 ${row%%-*} files, \`--jobs ${row##*-}\`" ;;
    tar-gz) name="a tar.gz of 20 files" other="tar xzO" ;;
    tar) name="a tar of 20 plain files" other="the plain file" ;;
    wrapped-object) name="payloads under \`_source\`, \`--jobs 1\`" other="bare ones" ;;
    wrapped-string) name="payloads as text under \`data\`, \`--jobs 1\`" other="bare ones" ;;
    outputs) name="$outputs files with \`--output-dir\`" other="cp -r" ;;
  esac
  case $other in
    *-tree-*) other="--jobs ${other##*-}" ;;
    zcat-jq) other="zcat \| jq" ;;
  esac
  # What stands in code marks can be run.
  [[ $row == tar || $row == wrapped-* ]] || other="\`$other\`"
  calculate "| $name | %.1f ms | $other: %.1f ms | %.2f |\n" "$ours * 1000, $theirs * 1000, $ours / $theirs"
done

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
