
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
            cand --input-format 'What the input holds, when it is not to be found from its content'
            cand --max-record 'Reject records over this many bytes (k, M and G are understood)'
            cand --mapping 'Which reading of RudderStack''s documentation to follow'
            cand --map 'Carry one more field on the track event (repeatable)'
            cand --message-id 'Derive messageIds from the content, or make up new ones'
            cand -o 'Write events to this file, put in place when it is complete'
            cand --output 'Write events to this file, put in place when it is complete'
            cand --output-dir 'Write one file for each input file beneath this directory'
            cand --format 'How to put events together'
            cand --batch-bytes 'The most bytes that one request body may have'
            cand --color 'When to colour'
            cand -j 'How many threads convert [default: the cores there are]'
            cand --jobs 'How many threads convert [default: the cores there are]'
            cand --rejects 'Keep rejected records in this file, one JSON object a line'
            cand --summary 'Write the counts to this file as one JSON object'
            cand --completions 'Print completions for a shell'
            cand --timestamp 'Date events by their conversation''s latest item, as a backfill needs'
            cand --skip-existing 'Leave out inputs whose file in the output directory is there already'
            cand --pretty 'Indent events; on a terminal this is the default'
            cand --fail-fast 'Stop at the first reject'
            cand -q 'Say nothing but fatal errors'
            cand --quiet 'Say nothing but fatal errors'
            cand -v 'List warnings too'
            cand --verbose 'List warnings too'
            cand --explain 'Show what became of each field, and why, in place of writing events'
            cand --check 'Convert and report, but write no events'
            cand --list-mapping 'List what goes where in the chosen mapping'
            cand --man 'Print the manual page'
            cand -h 'Print help (see more with ''--help'')'
            cand --help 'Print help (see more with ''--help'')'
            cand -V 'Print version'
            cand --version 'Print version'
        }
    ]
    $completions[$command]
}
