complete -c olark2rudder -l input-format -d 'Layout of the input' -r -f -a "auto\t'The content decides'
json\t'Objects, or arrays of objects, however they are broken into lines'
ndjson\t'One object per line'
form\t'Form bodies, as Olark posts them'
csv\t'Rows, with commas or semicolons between cells'
tsv\t'Rows, with tabs between cells'
log\t'Lines, some with payloads in them; the others are skipped and counted'
sql\t'An SQL dump'
copy\t'One column of PostgreSQL\'s COPY or MySQL\'s batch output, with doubled backslashes'"
complete -c olark2rudder -l at -d 'Look for payloads only at this path of each record' -r
complete -c olark2rudder -l max-record -d 'Reject records over this size, in bytes (k, M, G)' -r
complete -c olark2rudder -l ext -d 'In directories, read all files with this extension (repeatable)' -r
complete -c olark2rudder -l files-from -d 'Read the inputs listed in a file, one per line' -r -F
complete -c olark2rudder -l mapping -d 'Mapping to follow' -r -f -a "standard\t'The documentation\'s example, completed by its table'
full\t'The same, with every row of the table'
live\t'As RudderStack\'s own transformer converts a live webhook'"
complete -c olark2rudder -l events -d 'Events to write for each conversation' -r -f -a "conversation\t'A track event for each conversation'
group\t'A group event for each group'
identify\t'An identify event for a visitor with traits'
chat\t'Live-chat events: a track event for each message, and for the start and end of the chat'
all\t'All of these'"
complete -c olark2rudder -l user-id -d 'Fields to take the user id from' -r
complete -c olark2rudder -l map -d 'Copy one more field (repeatable)' -r
complete -c olark2rudder -l message-id -d 'Kind of messageId' -r -f -a "stable\t'A hash: the same event always has the same id'
random\t'A new id each time'"
complete -c olark2rudder -s o -l output -d 'Write events to a file' -r -F
complete -c olark2rudder -l output-dir -d 'Write one output file for each input file' -r -f -a "(__fish_complete_directories)"
complete -c olark2rudder -l base -d 'Directory that paths in --output-dir are relative to' -r -f -a "(__fish_complete_directories)"
complete -c olark2rudder -l format -d 'Output format' -r -f -a "ndjson\t'One event per line'
json\t'One array of events'
batch\t'One request body per line, for RudderStack\'s /v1/batch'"
complete -c olark2rudder -l batch-bytes -d 'Largest request body of --format batch, in bytes [default: 4096000]' -r
complete -c olark2rudder -l color -d 'When to use colors' -r -f -a "auto\t''
always\t''
never\t''"
complete -c olark2rudder -s j -l jobs -d 'Number of threads [default: cores]' -r
complete -c olark2rudder -l rejects -d 'Keep rejected records in a file, as JSON lines' -r -F
complete -c olark2rudder -l summary -d 'Write the totals to a file, as JSON' -r -F
complete -c olark2rudder -l completions -d 'Print completions for a shell' -r -f -a "bash\t''
elvish\t''
fish\t''
powershell\t''
zsh\t''"
complete -c olark2rudder -s 0 -l null -d 'Split the list of --files-from at NUL, as find -print0 writes it'
complete -c olark2rudder -l timestamp -d 'Give each event the time of its chat'
complete -c olark2rudder -l skip-starts -d 'Skip Olark\'s extra posts at the start of chats'
complete -c olark2rudder -l skip-existing -d 'Skip inputs whose output exists and isn\'t older'
complete -c olark2rudder -l overwrite -d 'Replace existing outputs (with -o, even if there are no events)'
complete -c olark2rudder -l pretty -d 'Indent events (default on a terminal)'
complete -c olark2rudder -l fail-fast -d 'Stop at the first reject'
complete -c olark2rudder -s q -l quiet -d 'Print only fatal errors and inputs that can\'t be read'
complete -c olark2rudder -s v -l verbose -d 'Print warnings, too'
complete -c olark2rudder -l explain -d 'Explain each payload: what goes where, what doesn\'t, and why'
complete -c olark2rudder -l check -d 'Convert and report, but write no events'
complete -c olark2rudder -l list-mapping -d 'Print the chosen mapping as a table, with the rows of --map'
complete -c olark2rudder -l man -d 'Print the manual page'
complete -c olark2rudder -s h -l help -d 'Print help (see more with \'--help\')'
complete -c olark2rudder -s V -l version -d 'Print version'
