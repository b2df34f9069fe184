#!/usr/bin/env bash
# Measures whole processes side by side: olark2rudder, and other programs that make the same events.
#
# usage: benches/compare.sh [PEERS] > table.md
#
# The others are jq, Python with orjson and with msgspec, and two programs in Rust, on serde_json and on sonic-rs: the
# binaries `serde` and `sonic` of the crate in PEERS (../shared/peers/rust unless it is named). What is not installed is
# left out. Needs hyperfine. Builds the release binary, makes up a corpus, checks that all layouts and all programs give
# the same events, and prints the tables that README.md shows. Input is read from files in the page cache, output goes
# to /dev/null. All rows of a table are from one run of hyperfine; printed are medians and their ratios.
#
#   MEGABYTES=100   the size of the corpus as NDJSON; other layouts hold the same payloads
#   ROUNDS=5        how often everything is measured
#   FILES=20000     how many one-payload files there are
#   STARTS=200      how often a start is measured
#   PYTHON=python3  the Python that has orjson and msgspec
#   TMPDIR=/tmp     where the corpus is put: about eleven times its size, and 8 KB for each file
set -euo pipefail
export LC_ALL=C

megabytes=${MEGABYTES:-100}
rounds=${ROUNDS:-5}
files=${FILES:-20000}
starts=${STARTS:-200}

cd "$(dirname "$0")/.."
peers=${1:-../shared/peers/rust}
target=${CARGO_TARGET_DIR:-target}
work=$(mktemp -d)
binary=$work/olark2rudder
trap 'rm -rf "$work"' EXIT
layouts=(ndjson compact pretty array form wrapped)

say() {
  echo "compare: $*" >&2
}

fail() {
  say "$@"
  exit 1
}

# The output of a Python program, or nothing where it cannot run.
python_says() {
  "${PYTHON:-python3}" -c "$1" 2> /dev/null || true
}

# The command of a row, as a shell would take it. Rows are named LAYOUT-JOBS, TOOL-LAYOUT or after what they measure.
command_of() {
  local input=$work/chats.${1#*-}
  case $1 in
    serde-* | sonic-*) echo "$work/${1%-*} $input" ;;
    jq-*) echo "jq -c -f benches/jq_convert.jq $input" ;;
    orjson-* | msgspec-*) echo "$python benches/${1%-*}_convert.py $input" ;;
    pipes) echo "bash -c 'cat $work/chats.ndjson | $binary --jobs 2 | cat'" ;;
    start) echo "$binary $work/one.json" ;;
    start-jq) echo "jq . $work/one.json" ;;
    start-rg) echo "rg --no-config visitor $work/one.json" ;;
    start-true) echo /bin/true ;;
    files) echo "$binary $work/files" ;;
    cat) echo "bash -c 'find $work/files -type f -print0 | xargs -0 cat'" ;;
    outputs) echo "bash -c 'rm -rf $work/out && $binary $work/files --output-dir $work/out'" ;;
    cp) echo "bash -c 'rm -rf $work/out && cp -r $work/files $work/out'" ;;
    zcat) echo "bash -c 'cat $work/gzip/* | zcat'" ;;
    zstdcat) echo "bash -c 'cat $work/zstd/* | zstdcat'" ;;
    tar) echo "$binary $work/chats.tar.gz" ;;
    tar-xzO) echo "tar xzOf $work/chats.tar.gz" ;;
    gzip-* | zstd-*) echo "$binary --jobs ${1#*-} $work/${1%-*}" ;;
    *) echo "$binary --jobs ${1#*-} $work/chats.${1%-*}" ;;
  esac
}

# Runs a row's command.
run() {
  local words
  eval "words=($(command_of "$1"))"
  "${words[@]}"
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

# The seconds that a row took; nothing if it was not measured.
seconds() {
  awk -F, -v row="$1" '$1 == row { print $4 }' "$work/times"
}

calculate() { # format, expression
  awk "BEGIN { printf \"$1\", $2 }"
}

# How many times as long a tool takes for the same payloads, in the same spacing where that was measured.
times() { # tool, layout
  local other=
  [[ $2 == compact ]] && other=$(seconds "$1-compact")
  [[ -n $other ]] || other=$(seconds "$1-ndjson")
  if [[ -n $other ]]; then calculate %.1f "$other / $(seconds "$2-1")"; else echo -; fi
}

# A checksum of the events that a row writes, less the ids named, whatever its white space, escapes and
# order of keys.
events() { # row, ids
  run "$1" | "${python:-python3}" -c '
import json, sys
for line in sys.stdin:
    event = json.loads(line)
    for name in sys.argv[1].split(","):
        event.pop(name, None)
    print(json.dumps(event, sort_keys=True))
' "$2" | cksum
}

# Checks that a tool makes our events; the ids are those that it cannot compute.
check() { # row, ids
  say "checking the events of $1"
  [[ $(events ndjson-1 "$2") == "$(events "$1" "$2")" ]] || fail "the events of $1 are not equal to ours"
}

command -v hyperfine > /dev/null || fail "hyperfine is not installed"
jq=$(command -v jq || true)
rg=$(command -v rg || true)
zstd=$(command -v zstd || true)
python=$(python_says 'import sys; print(sys.executable)') # not a wrapper that takes time itself

say "building"
cargo build --release --quiet --locked
# A copy, in case the sources change meanwhile.
cp "$target/release/olark2rudder" "$binary"
if "$binary" --input-format sql /dev/null 2> /dev/null; then layouts+=(mysqldump pg_dump); fi

for layout in "${layouts[@]}"; do
  say "making up $megabytes MB: $layout"
  cargo bench --quiet --profile dev --bench generate -- "$layout" "$megabytes" > "$work/chats.$layout"
  sum=$(run "$layout-1" | cksum)
  [[ $sum == "${expected:=$sum}" ]] || fail "the events of $layout are others"
done

tools=()
versions=()
if [[ -n $jq ]]; then
  tools+=(jq-ndjson) versions+=("$(jq --version) (no ids)")
  check jq-ndjson rudderId,messageId
fi
for module in orjson msgspec; do
  version=$(python_says "import $module; print($module.__version__)")
  [[ -n $version ]] || continue
  tools+=("$module-ndjson" "$module-compact") versions+=("$module $version (no messageId)")
  check "$module-ndjson" messageId
  check "$module-compact" messageId
done
# Where the crate is may be read-only.
if [[ -d $peers ]] && cp -r "$peers" "$work/peers" \
  && cargo build --quiet --release --manifest-path "$work/peers/Cargo.toml" --target-dir "$target/peers"; then
  for peer in serde sonic; do
    cp "$target/peers/release/$peer" "$work"
    tools+=("$peer-ndjson" "$peer-compact")
    for layout in ndjson compact; do
      [[ $(run "$peer-$layout" | cksum) == "$expected" ]] || fail "the events of $peer-$layout are not equal to ours"
    done
  done
  lock=$work/peers/Cargo.lock
  for crate in serde_json sonic-rs; do
    versions+=("$crate $(grep -A 1 "^name = \"$crate\"" "$lock" | sed -n 's/^version = "\(.*\)"/\1/p')")
  done
fi
for tool in jq orjson msgspec serde sonic; do
  [[ " ${tools[*]} " == *" $tool-ndjson "* ]] || say "$tool is not installed, skipped"
done

say "making up $files files, and archives"
mkdir "$work"/{files,gzip,zstd}
head -n 1 "$work/chats.ndjson" > "$work/one.json"
# Payloads have about 2200 bytes each; a few more do no harm.
cargo bench --quiet --profile dev --bench generate -- ndjson $((files / 400 + 1)) | sed -n "1,${files}p" \
  | (cd "$work/files" && split -l 1 -a 5 --additional-suffix=.json)
split -n l/20 -d --additional-suffix=.ndjson "$work/chats.ndjson" "$work/gzip/chats"
tar -C "$work" --sort=name -czf "$work/chats.tar.gz" gzip
if [[ -n $zstd ]]; then
  zstd -q "$work"/gzip/* --output-dir-flat "$work/zstd"
fi
gzip "$work"/gzip/*
for row in gzip-2 tar ${zstd:+zstd-2}; do
  [[ $(run "$row" | cksum) == "$expected" ]] || fail "the events of $row are others"
done

measure "$rounds" "${layouts[@]/%/-1}" "${layouts[@]/%/-2}" pipes "${tools[@]}"
measure "$rounds" gzip-1 gzip-2 zcat ${zstd:+zstd-1 zstd-2 zstdcat} tar tar-xzO
measure "$rounds" files cat
measure "$rounds" outputs cp
measure "$starts" start start-true ${jq:+start-jq} ${rg:+start-rg}

echo "$(nproc) cores, $(sed -n 's/^model name[^:]*: //p;T;q' /proc/cpuinfo); medians of $rounds rounds; ratios are \
those of one thread. $(printf '%s, ' "${versions[@]}")$("${python:-true}" --version)"
echo
echo "| $megabytes MB | MB/s, one thread | two threads | times jq | orjson | msgspec | serde_json | sonic-rs |"
echo "| --- | ---: | ---: | ---: | ---: | ---: | ---: | ---: |"
for layout in "${layouts[@]}"; do
  case $layout in
    ndjson) name=NDJSON ;;
    compact) name="NDJSON without white space" ;;
    pretty) name=pretty-printed ;;
    array) name="an array on one line" ;;
    form) name="form bodies" ;;
    wrapped) name="in a string of a wrapper" ;;
    *) name="\`$layout\`" ;;
  esac
  size=$(stat -c %s "$work/chats.$layout")
  row="| $name"
  for jobs in 1 2; do row+=" | $(calculate %.0f "$size / 1e6 / $(seconds "$layout-$jobs")")"; done
  for tool in jq orjson msgspec serde sonic; do row+=" | $(times "$tool" "$layout")"; done
  echo "$row |"
done

echo
echo "| | takes | against | ratio |"
echo "| --- | ---: | ---: | ---: |"
while IFS='|' read -r row other name title; do
  ours=$(seconds "$row") theirs=$(seconds "$other")
  [[ -n $ours && -n $theirs ]] || continue
  calculate "| $name | %.1f ms | $title: %.1f ms | %.2f |\n" "$ours * 1000, $theirs * 1000, $ours / $theirs"
done << ROWS
start|start-true|start-up, one small payload|\`true\`
start|start-jq|start-up, one small payload|\`jq\`
start|start-rg|start-up, one small payload|\`rg\`
pipes|ndjson-2|from a pipe into a pipe|from a file
gzip-1|zcat|20 gzip files, one thread|\`zcat\`
gzip-2|zcat|20 gzip files, two threads|\`zcat\`
zstd-1|zstdcat|20 zstd files, one thread|\`zstdcat\`
zstd-2|zstdcat|20 zstd files, two threads|\`zstdcat\`
tar|tar-xzO|a tar.gz of 20 files|\`tar xzO\`
files|cat|$files one-payload files|\`cat\`
outputs|cp|$files files with \`--output-dir\`|\`cp -r\`
ROWS
