
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
            cand --at 'Where the payloads are in each record'
            cand --max-record 'Largest record, in bytes (k, M, G)'
            cand --ext 'Read all files with this extension in directories (repeatable)'
            cand --files-from 'Read the inputs that a file lists, one per line'
            cand --mapping 'Which mapping to follow'
            cand --events 'Events to make of a conversation'
            cand --user-id 'Fields that say who the user is'
            cand --map 'Carry one more field (repeatable)'
            cand --message-id 'Where messageIds come from'
            cand -o 'Write to a file, put in place when complete'
            cand --output 'Write to a file, put in place when complete'
            cand --output-dir 'Write one file for each input file'
            cand --base 'Where the paths in --output-dir start'
            cand --format 'How events are put together'
            cand --batch-bytes 'Largest request body of --format batch, in bytes [default: 4096000]'
            cand --color 'When to colour'
            cand -j 'Number of threads [default: cores]'
            cand --jobs 'Number of threads [default: cores]'
            cand --rejects 'Keep rejected records as JSON lines'
            cand --summary 'Write the totals as JSON'
            cand --completions 'Print completions for a shell'
            cand -0 'The list of --files-from is separated by NUL, as find -print0 writes it'
            cand --null 'The list of --files-from is separated by NUL, as find -print0 writes it'
            cand --timestamp 'Date events by their conversation'
            cand --skip-starts 'Skip Olark''s extra posts at the start of chats'
            cand --skip-existing 'Skip inputs whose output exists and is at least as new'
            cand --overwrite 'Replace outputs that exist in --output-dir, or FILE by nothing'
            cand --pretty 'Indent, as on a terminal'
            cand --fail-fast 'Stop at the first reject'
            cand -q 'Print only fatal errors and inputs that cannot be read'
            cand --quiet 'Print only fatal errors and inputs that cannot be read'
            cand -v 'List warnings too'
            cand --verbose 'List warnings too'
            cand --explain 'Show what became of each field, and why'
            cand --check 'Convert and report, but write no events'
            cand --list-mapping 'List what goes where in the chosen mapping, with the fields of --map'
            cand --man 'Print the manual page'
            cand -h 'Print help (see more with ''--help'')'
            cand --help 'Print help (see more with ''--help'')'
            cand -V 'Print version'
            cand --version 'Print version'
        }
    ]
    $completions[$command]
}
