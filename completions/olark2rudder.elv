
use builtin;
use str;

set edit:completion:arg-completer[olark2rudder] = {|@words|
    fn spaces {|n|
        builtin:repeat $n ' ' | str:join ''
    }
    fn cand {|text desc|
        edit:complex-candidate $text &display=$text' '(spaces (- 14 (wcswidth $text)))$desc
    }
    var command = 'olark2rudder'
    for word $words[1..-1] {
        if (str:has-prefix $word '-') {
            break
        }
        set command = $command';'$word
    }
    var completions = [
        &'olark2rudder'= {
            cand --input-format 'Layout of the input'
            cand --at 'Look for payloads only at this path of each record'
            cand --max-record 'Reject records over this size, in bytes (k, M, G)'
            cand --ext 'In directories, read all files with this extension (repeatable)'
            cand --files-from 'Read the inputs listed in a file, one per line'
            cand --mapping 'Mapping to follow'
            cand --events 'Events to write for each conversation'
            cand --user-id 'Fields to take the user id from'
            cand --map 'Copy one more field (repeatable)'
            cand --message-id 'Kind of messageId'
            cand -o 'Write events to a file'
            cand --output 'Write events to a file'
            cand --output-dir 'Write one output file for each input file'
            cand --base 'Directory that paths in --output-dir are relative to'
            cand --format 'Output format'
            cand --batch-bytes 'Largest request body of --format batch, in bytes [default: 4096000]'
            cand --color 'When to use colors'
            cand -j 'Number of threads [default: cores]'
            cand --jobs 'Number of threads [default: cores]'
            cand --rejects 'Keep rejected records in a file, as JSON lines'
            cand --summary 'Write the totals to a file, as JSON'
            cand --completions 'Print completions for a shell'
            cand -0 'Split the list of --files-from at NUL, as find -print0 writes it'
            cand --null 'Split the list of --files-from at NUL, as find -print0 writes it'
            cand --timestamp 'Give each event the time of its chat'
            cand --skip-starts 'Skip Olark''s extra posts at the start of chats'
            cand --skip-existing 'Skip inputs whose output exists and isn''t older'
            cand --overwrite 'Replace existing outputs (with -o, even if there are no events)'
            cand --pretty 'Indent events (default on a terminal)'
            cand --fail-fast 'Stop at the first reject'
            cand -q 'Print only fatal errors and inputs that can''t be read'
            cand --quiet 'Print only fatal errors and inputs that can''t be read'
            cand -v 'Print warnings, too'
            cand --verbose 'Print warnings, too'
            cand --explain 'Explain each payload: what goes where, what doesn''t, and why'
            cand --check 'Convert and report, but write no events'
            cand --list-mapping 'Print the chosen mapping as a table, with the rows of --map'
            cand --man 'Print the manual page'
            cand -h 'Print help (see more with ''--help'')'
            cand --help 'Print help (see more with ''--help'')'
            cand -V 'Print version'
            cand --version 'Print version'
        }
    ]
    $completions[$command]
}
