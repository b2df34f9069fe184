
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
            cand --input-format 'What the input holds'
            cand --max-record 'Largest record, in bytes (k, M, G)'
            cand --mapping 'Which mapping to follow'
            cand --map 'Carry one more field (repeatable)'
            cand --message-id 'Where messageIds come from'
            cand -o 'Write to a file, put in place when complete'
            cand --output 'Write to a file, put in place when complete'
            cand --output-dir 'Write one file for each input file'
            cand --format 'How to put events together'
            cand --batch-bytes 'Largest request body, in bytes'
            cand --color 'When to colour'
            cand -j 'Number of threads [default: cores]'
            cand --jobs 'Number of threads [default: cores]'
            cand --rejects 'Keep rejected records as JSON lines'
            cand --summary 'Write the counts as JSON'
            cand --completions 'Print completions for a shell'
            cand --timestamp 'Date events by their conversation'
            cand --skip-existing 'Leave out inputs that have their file'
            cand --pretty 'Indent, as on a terminal'
            cand --fail-fast 'Stop at the first reject'
            cand -q 'Say nothing but fatal errors'
            cand --quiet 'Say nothing but fatal errors'
            cand -v 'List warnings too'
            cand --verbose 'List warnings too'
            cand --explain 'Show what became of each field, and why'
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
