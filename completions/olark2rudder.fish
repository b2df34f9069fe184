complete -c olark2rudder -l input-format -d 'What the input holds' -r -f -a "auto\t'Found from the content'
json\t'Objects or arrays of objects, in any layout'
ndjson\t'One object on each line'
form\t'Form bodies, as Olark posts them'
csv\t'Rows of cells, separated by commas or semicolons'
tsv\t'Rows of cells, separated by tabs'
log\t'Lines with payloads in them; other lines are passed over'
sql\t'Statements of an SQL dump'
copy\t'One column of PostgreSQL\'s COPY, or of MySQL\'s batch output'"
complete -c olark2rudder -l at -d 'Where the payloads are in each record' -r
complete -c olark2rudder -l max-record -d 'Largest record, in bytes (k, M, G)' -r
complete -c olark2rudder -l ext -d 'Read all files with this extension in directories (repeatable)' -r
complete -c olark2rudder -l files-from -d 'Read the inputs that a file lists, one per line' -r -F
complete -c olark2rudder -l mapping -d 'Which mapping to follow' -r -f -a "standard\t'The documentation\'s worked example, completed by its table'
full\t'The same with every row of the documented table'
live\t'What RudderStack\'s own transformer emits for a live webhook'"
complete -c olark2rudder -l events -d 'Events to make of a conversation' -r -f -a "conversation\t'A track event for each conversation'
group\t'A group event for each of its groups'
identify\t'An identify event for each visitor with traits'
chat\t'Live-chat events: a track event for each message, and for the start and end of a chat'
all\t'All of these'"
complete -c olark2rudder -l user-id -d 'Fields that say who the user is' -r
complete -c olark2rudder -l map -d 'Carry one more field (repeatable)' -r
complete -c olark2rudder -l message-id -d 'Where messageIds come from' -r -f -a "stable\t'The same for the same event of the same conversation'
random\t'New for each event'"
complete -c olark2rudder -s o -l output -d 'Write to a file, put in place when complete' -r -F
complete -c olark2rudder -l output-dir -d 'Write one file for each input file' -r -f -a "(__fish_complete_directories)"
complete -c olark2rudder -l base -d 'Where the paths in --output-dir start' -r -f -a "(__fish_complete_directories)"
complete -c olark2rudder -l format -d 'How events are put together' -r -f -a "ndjson\t'One event per line'
json\t'One array'
batch\t'One request body for /v1/batch per line'"
complete -c olark2rudder -l batch-bytes -d 'Largest request body of --format batch, in bytes [default: 4096000]' -r
complete -c olark2rudder -l color -d 'When to colour' -r -f -a "auto\t''
always\t''
never\t''"
complete -c olark2rudder -s j -l jobs -d 'Number of threads [default: cores]' -r
complete -c olark2rudder -l rejects -d 'Keep rejected records as JSON lines' -r -F
complete -c olark2rudder -l summary -d 'Write the totals as JSON' -r -F
complete -c olark2rudder -l completions -d 'Print completions for a shell' -r -f -a "bash\t''
elvish\t''
fish\t''
powershell\t''
zsh\t''"
complete -c olark2rudder -s 0 -l null -d 'The list of --files-from is separated by NUL, as find -print0 writes it'
complete -c olark2rudder -l timestamp -d 'Date events by their conversation'
complete -c olark2rudder -l skip-starts -d 'Skip Olark\'s extra posts at the start of chats'
complete -c olark2rudder -l skip-existing -d 'Skip inputs whose output exists and is at least as new'
complete -c olark2rudder -l overwrite -d 'Replace outputs that exist in --output-dir, or FILE by nothing'
complete -c olark2rudder -l pretty -d 'Indent, as on a terminal'
complete -c olark2rudder -l fail-fast -d 'Stop at the first reject'
complete -c olark2rudder -s q -l quiet -d 'Print only fatal errors and inputs that cannot be read'
complete -c olark2rudder -s v -l verbose -d 'List warnings too'
complete -c olark2rudder -l explain -d 'Show what became of each field, and why'
complete -c olark2rudder -l check -d 'Convert and report, but write no events'
complete -c olark2rudder -l list-mapping -d 'List what goes where in the chosen mapping, with the fields of --map'
complete -c olark2rudder -l man -d 'Print the manual page'
complete -c olark2rudder -s h -l help -d 'Print help (see more with \'--help\')'
complete -c olark2rudder -s V -l version -d 'Print version'
