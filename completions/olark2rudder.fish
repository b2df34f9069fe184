complete -c olark2rudder -l input-format -d 'What the input holds, when it is not to be found from its content' -r -f -a "auto\t'Found from the content'
json\t'Objects or arrays of objects, however laid out'
ndjson\t'One object on each line'
form\t'Form bodies, as Olark posts them'"
complete -c olark2rudder -l max-record -d 'Reject records over this many bytes (k, M and G are understood)' -r
complete -c olark2rudder -l mapping -d 'Which reading of RudderStack\'s documentation to follow' -r -f -a "standard\t'The documentation\'s worked example, completed by its table'
full\t'The same with every row of the documented table'
live\t'What RudderStack\'s own transformer emits for a live webhook'"
complete -c olark2rudder -l map -d 'Carry one more field on the track event (repeatable)' -r
complete -c olark2rudder -l message-id -d 'Derive messageIds from the content, or make up new ones' -r -f -a "stable\t'The same for the same event of the same conversation'
random\t'New for each event'"
complete -c olark2rudder -s o -l output -d 'Write events to this file, put in place when it is complete' -r -F
complete -c olark2rudder -l output-dir -d 'Write one file for each input file beneath this directory' -r -f -a "(__fish_complete_directories)"
complete -c olark2rudder -l format -d 'How to put events together' -r -f -a "ndjson\t'One event a line'
json\t'One array'
batch\t'One request body for /v1/batch a line'"
complete -c olark2rudder -l batch-bytes -d 'The most bytes that one request body may have' -r
complete -c olark2rudder -l color -d 'When to colour' -r -f -a "auto\t'On a terminal, unless NO_COLOR is set'
always\t'Always'
never\t'Never'"
complete -c olark2rudder -s j -l jobs -d 'How many threads convert [default: the cores there are]' -r
complete -c olark2rudder -l rejects -d 'Keep rejected records in this file, one JSON object a line' -r -F
complete -c olark2rudder -l summary -d 'Write the counts to this file as one JSON object' -r -F
complete -c olark2rudder -l completions -d 'Print completions for a shell' -r -f -a "bash\t''
elvish\t''
fish\t''
powershell\t''
zsh\t''"
complete -c olark2rudder -l timestamp -d 'Date events by their conversation\'s latest item, as a backfill needs'
complete -c olark2rudder -l skip-existing -d 'Leave out inputs whose file in the output directory is there already'
complete -c olark2rudder -l pretty -d 'Indent events; on a terminal this is the default'
complete -c olark2rudder -l fail-fast -d 'Stop at the first reject'
complete -c olark2rudder -s q -l quiet -d 'Say nothing but fatal errors'
complete -c olark2rudder -s v -l verbose -d 'List warnings too'
complete -c olark2rudder -l explain -d 'Show what became of each field, and why, in place of writing events'
complete -c olark2rudder -l check -d 'Convert and report, but write no events'
complete -c olark2rudder -l list-mapping -d 'List what goes where in the chosen mapping'
complete -c olark2rudder -l man -d 'Print the manual page'
complete -c olark2rudder -s h -l help -d 'Print help (see more with \'--help\')'
complete -c olark2rudder -s V -l version -d 'Print version'
