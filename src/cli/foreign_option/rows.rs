//! The table: first our own options with other tools' values, then other tools' options.

use super::{Row, any, of};

const FORMATS: &[&str] = &["json", "ndjson", "jsonl", "csv", "tsv", "form", "yaml", "batch"];

pub(super) const ROWS: &[Row] = &[
    of(
        &["--format"],
        &["jsonl", "jsonlines", "json-lines", "ldjson", "nd-json", "lines"],
        "--format ndjson writes one event a line",
    ),
    of(&["--format"], &["array", "json-array", "list"], "--format json writes one array"),
    of(&["--format"], &["pretty", "indent"], "--pretty indents the events"),
    of(
        &["--format"],
        &["request", "requests", "body", "bodies", "batches"],
        "--format batch writes request bodies for /v1/batch",
    ),
    of(
        &["--format"],
        &["csv", "tsv", "yaml", "xml", "parquet", "avro", "table", "text", "txt"],
        "events are JSON, so --format takes ndjson, json or batch",
    ),
    of(
        &["--input-format"],
        &["jsonl", "jsonlines", "json-lines", "ldjson", "nd-json", "lines"],
        "--input-format ndjson reads one object a line",
    ),
    of(
        &["--input-format"],
        &["array", "json-array", "list", "pretty"],
        "--input-format json reads objects and arrays, however laid out",
    ),
    of(
        &["--input-format"],
        &["urlencoded", "form-urlencoded", "x-www-form-urlencoded", "webhook", "post"],
        "--input-format form reads form bodies",
    ),
    of(
        &["--input-format"],
        &["gzip", "gz", "zstd", "zst", "bzip2", "bz2", "xz", "zip", "tar", "tgz"],
        "compressed data and archives are recognized by themselves; leave the option out",
    ),
    of(&["--color"], &["yes", "true", "on", "force", "1"], "--color always colours everything"),
    of(&["--color"], &["no", "false", "off", "none", "0"], "--color never leaves colours out"),
    of(
        &["--message-id"],
        &["uuid", "uuid4", "uuidv4", "v4", "new"],
        "--message-id random makes a new one for each event",
    ),
    of(
        &["--message-id"],
        &["deterministic", "hash", "uuid5", "uuidv5", "fixed"],
        "--message-id stable makes the same one each time",
    ),
    of(&["--mapping"], &["default", "example", "documented", "docs"], "--mapping standard is the default"),
    of(&["--mapping"], &["all", "complete", "table"], "--mapping full carries every documented field"),
    of(
        &["--mapping"],
        &["webhook", "transformer", "production", "legacy", "compat"],
        "--mapping live is what RudderStack's own transformer does",
    ),
    of(&["--events"], &["track"], "--events conversation is the track event"),
    of(
        &["--events"],
        &["message", "messages", "chats", "live-chat"],
        "--events chat makes one event for each message",
    ),
    of(
        &["--completions", "--completion"],
        &["sh"],
        "--completions takes bash, zsh, fish, powershell or elvish",
    ),
    of(&["--jobs", "-j"], &["0", "auto", "max", "all"], "leave --jobs out to use all cores"),
    of(
        &["--verbose", "-v"],
        &["0", "1", "2", "3", "true", "false", "debug", "info"],
        "--verbose takes no value: it lists warnings too",
    ),
    of(&["--quiet", "-q"], &["0", "1", "2", "true", "false"], "--quiet takes no value"),
    of(
        &["--pretty"],
        &["true", "false", "0", "1", "2", "4"],
        "--pretty takes no value: it indents by two spaces",
    ),
    // Options of other tools.
    of(&["--from"], FORMATS, "--input-format says what the input holds, if it is not recognized"),
    of(&["--to"], FORMATS, "--format says how events are put together"),
    any(
        &["--dry-run", "--dryrun", "--simulate", "--validate", "--lint", "--no-output"],
        "--check converts and reports, but writes no events",
    ),
    any(
        &[
            "--since",
            "--from",
            "--until",
            "--before",
            "--after",
            "--start-date",
            "--end-date",
            "--newer-than",
        ],
        "there is no choice by date; name the files to convert",
    ),
    any(
        &["--filter", "--where", "--grep", "--select", "--query"],
        "there is no choice of payloads; filter them before with jq or grep",
    ),
    any(
        &["--include", "--pattern", "--glob", "--extension", "--extensions", "--suffix"],
        "--ext reads files with one more extension",
    ),
    any(&["--exclude", "--ignore"], "name the files to convert, or list them in --files-from"),
    any(
        &["--input", "-i", "--in", "--infile", "--input-file", "--file", "--source", "--stdin"],
        "name files and directories without an option; - is standard input",
    ),
    any(&["--input-dir", "--directory", "--dir"], "name the directory without an option"),
    any(&["--recursive", "--recurse", "-r", "-R"], "directories are always read with all that is in them"),
    any(&["--files", "--file-list", "-T"], "--files-from reads names of files, one a line"),
    any(&["--print0"], "-0 says that the names in --files-from end with NUL"),
    any(
        &["--out", "--output-file", "--outfile", "--output-path", "--dest", "--destination", "--save"],
        "--output FILE or -o FILE writes to a file",
    ),
    any(
        &["--outdir", "--out-dir", "--output-directory", "--target-dir"],
        "--output-dir DIR writes one file for each input",
    ),
    any(&["--stdout"], "standard output is where events go without --output"),
    any(&["--output-format", "--to-format", "--out-format"], "--format says how events are put together"),
    any(
        &["--input-type", "--from-format", "--parser"],
        "--input-format says what the input holds, if it is not recognized",
    ),
    any(
        &[
            "--ndjson",
            "--jsonl",
            "--lines",
            "--compact",
            "--minify",
            "--raw",
            "--raw-output",
            "--compact-output",
        ],
        "--format ndjson writes one event a line, and is the default",
    ),
    any(&["--json", "--array"], "--format json writes one array"),
    any(&["--batch", "--batch-size"], "--format batch writes request bodies, of at most --batch-bytes each"),
    any(&["--indent", "--tab", "--beautify", "--prettify"], "--pretty indents the events"),
    any(
        &["--threads", "--parallel", "-P", "--workers", "--concurrency", "--processes", "--num-threads"],
        "--jobs N or -j N sets the number of threads",
    ),
    any(
        &["--limit", "-n", "--head", "--max", "--max-count", "--take", "--first", "--sample"],
        "there is no limit; cut the output with head -n",
    ),
    any(&["--skip", "--offset", "--tail"], "there is no start within a file; cut the input with tail -n"),
    any(&["--line", "--record"], "--explain FILE:LINE shows one record"),
    any(
        &["--compress", "--gzip", "--gz", "--zstd", "--bzip2", "--xz"],
        "the output is not compressed; pipe it through gzip or zstd",
    ),
    any(&["--decompress", "--gunzip", "--uncompress", "--unzip"], "compressed data is recognized by itself"),
    any(
        &["--delimiter", "--separator", "--sep", "--csv", "--tsv", "--header", "--no-header"],
        "--input-format csv or tsv; separators and headers are recognized",
    ),
    any(&["--encoding", "--charset"], "the input must be UTF-8; convert it with iconv"),
    any(&["--debug", "--trace", "--inspect"], "--explain shows what became of each field"),
    any(&["--log-level", "--loglevel", "--warnings"], "--verbose lists warnings too"),
    any(
        &["--silent", "--no-progress", "--no-messages"],
        "--quiet or -q prints only fatal errors and inputs that cannot be read",
    ),
    any(&["--no-color", "--no-colour", "--monochrome"], "--color never leaves colours out"),
    any(&["--colour", "--colors", "--colours"], "--color is spelled without a u"),
    any(
        &["--force", "--force-overwrite", "--replace", "--clobber"],
        "--overwrite replaces outputs that exist",
    ),
    any(
        &["--no-clobber", "--resume", "--continue", "--incremental"],
        "--skip-existing skips inputs whose output exists",
    ),
    any(&["--append"], "append with >> in the shell"),
    any(
        &["--strict", "--exit-on-error", "--stop-on-error", "--abort-on-error"],
        "--fail-fast stops at the first reject",
    ),
    any(
        &["--errors", "--error-file", "--bad", "--dead-letter", "--reject", "--rejected", "--failures"],
        "--rejects FILE keeps rejected records",
    ),
    any(
        &["--keep-going", "--ignore-errors", "--skip-errors", "--lenient"],
        "a bad record never stops the run",
    ),
    any(&["--stats", "--report", "--metrics"], "--summary FILE writes the counts as JSON"),
    any(
        &["--schema", "--show-mapping", "--print-mapping", "--fields"],
        "--list-mapping shows what goes where",
    ),
    any(&["--profile"], "--mapping says which mapping to follow"),
    any(
        &["--set", "--add-field", "--extra", "--rename", "--property"],
        "--map SOURCE=TARGET carries one more field",
    ),
    any(&["--jsonpath", "--json-path", "--pointer"], "--at PATH says where in a record the payloads are"),
    any(&["--timestamps", "--original-timestamp"], "--timestamp dates events by their conversation"),
    any(
        &["--userid", "--identity", "--id-field", "--anonymous-id"],
        "--user-id PATH says which field identifies the user",
    ),
    any(&["--uuid", "--random-ids", "--random"], "--message-id random makes new messageIds"),
    any(
        &["--max-size", "--max-line", "--max-line-length", "--buffer-size", "--max-record-size"],
        "--max-record BYTES sets the largest record",
    ),
    any(&["--completion", "--generate-completion", "--shell-completion"], "--completions SHELL prints them"),
    any(&["--manual", "--manpage", "--man-page"], "--man prints the manual page"),
    any(
        &["--url", "--endpoint", "--write-key", "--writekey", "--api-key", "--send", "--upload"],
        "nothing is sent; --format batch writes bodies to post with curl",
    ),
    any(&["--watch", "--follow"], "pipe tail -F into it"),
    any(&["-version"], "--version prints the version"),
    any(&["-?", "--usage"], "--help explains all options"),
];
