
using namespace System.Management.Automation
using namespace System.Management.Automation.Language

Register-ArgumentCompleter -Native -CommandName 'olark2rudder' -ScriptBlock {
    param($wordToComplete, $commandAst, $cursorPosition)

    $commandElements = $commandAst.CommandElements
    $command = @(
        'olark2rudder'
        for ($i = 1; $i -lt $commandElements.Count; $i++) {
            $element = $commandElements[$i]
            if ($element -isnot [StringConstantExpressionAst] -or
                $element.StringConstantType -ne [StringConstantType]::BareWord -or
                $element.Value.StartsWith('-') -or
                $element.Value -eq $wordToComplete) {
                break
        }
        $element.Value
    }) -join ';'

    $completions = @(switch ($command) {
        'olark2rudder' {
            [CompletionResult]::new('--input-format', '--input-format', [CompletionResultType]::ParameterName, 'Layout of the input')
            [CompletionResult]::new('--at', '--at', [CompletionResultType]::ParameterName, 'Look for payloads only at this path of each record')
            [CompletionResult]::new('--max-record', '--max-record', [CompletionResultType]::ParameterName, 'Reject records over this size, in bytes (k, M, G)')
            [CompletionResult]::new('--ext', '--ext', [CompletionResultType]::ParameterName, 'In directories, read all files with this extension (repeatable)')
            [CompletionResult]::new('--files-from', '--files-from', [CompletionResultType]::ParameterName, 'Read the inputs listed in a file, one per line')
            [CompletionResult]::new('--mapping', '--mapping', [CompletionResultType]::ParameterName, 'Mapping to follow')
            [CompletionResult]::new('--events', '--events', [CompletionResultType]::ParameterName, 'Events to write for each conversation')
            [CompletionResult]::new('--user-id', '--user-id', [CompletionResultType]::ParameterName, 'Fields to take the user id from')
            [CompletionResult]::new('--map', '--map', [CompletionResultType]::ParameterName, 'Copy one more field (repeatable)')
            [CompletionResult]::new('--message-id', '--message-id', [CompletionResultType]::ParameterName, 'Kind of messageId')
            [CompletionResult]::new('-o', '-o', [CompletionResultType]::ParameterName, 'Write events to a file')
            [CompletionResult]::new('--output', '--output', [CompletionResultType]::ParameterName, 'Write events to a file')
            [CompletionResult]::new('--output-dir', '--output-dir', [CompletionResultType]::ParameterName, 'Write one output file for each input file')
            [CompletionResult]::new('--base', '--base', [CompletionResultType]::ParameterName, 'Directory that paths in --output-dir are relative to')
            [CompletionResult]::new('--format', '--format', [CompletionResultType]::ParameterName, 'Output format')
            [CompletionResult]::new('--batch-bytes', '--batch-bytes', [CompletionResultType]::ParameterName, 'Largest request body of --format batch, in bytes [default: 4096000]')
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'When to use colors')
            [CompletionResult]::new('-j', '-j', [CompletionResultType]::ParameterName, 'Number of threads [default: cores]')
            [CompletionResult]::new('--jobs', '--jobs', [CompletionResultType]::ParameterName, 'Number of threads [default: cores]')
            [CompletionResult]::new('--rejects', '--rejects', [CompletionResultType]::ParameterName, 'Keep rejected records in a file, as JSON lines')
            [CompletionResult]::new('--summary', '--summary', [CompletionResultType]::ParameterName, 'Write the totals to a file, as JSON')
            [CompletionResult]::new('--completions', '--completions', [CompletionResultType]::ParameterName, 'Print completions for a shell')
            [CompletionResult]::new('-0', '-0', [CompletionResultType]::ParameterName, 'Split the list of --files-from at NUL, as find -print0 writes it')
            [CompletionResult]::new('--null', '--null', [CompletionResultType]::ParameterName, 'Split the list of --files-from at NUL, as find -print0 writes it')
            [CompletionResult]::new('--timestamp', '--timestamp', [CompletionResultType]::ParameterName, 'Give each event the time of its chat')
            [CompletionResult]::new('--skip-starts', '--skip-starts', [CompletionResultType]::ParameterName, 'Skip Olark''s extra posts at the start of chats')
            [CompletionResult]::new('--skip-existing', '--skip-existing', [CompletionResultType]::ParameterName, 'Skip inputs whose output exists and isn''t older')
            [CompletionResult]::new('--overwrite', '--overwrite', [CompletionResultType]::ParameterName, 'Replace existing outputs (with -o, even if there are no events)')
            [CompletionResult]::new('--pretty', '--pretty', [CompletionResultType]::ParameterName, 'Indent events (default on a terminal)')
            [CompletionResult]::new('--fail-fast', '--fail-fast', [CompletionResultType]::ParameterName, 'Stop at the first reject')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Print only fatal errors and inputs that can''t be read')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Print only fatal errors and inputs that can''t be read')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Print warnings, too')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Print warnings, too')
            [CompletionResult]::new('--explain', '--explain', [CompletionResultType]::ParameterName, 'Explain each payload: what goes where, what doesn''t, and why')
            [CompletionResult]::new('--check', '--check', [CompletionResultType]::ParameterName, 'Convert and report, but write no events')
            [CompletionResult]::new('--list-mapping', '--list-mapping', [CompletionResultType]::ParameterName, 'Print the chosen mapping as a table, with the rows of --map')
            [CompletionResult]::new('--man', '--man', [CompletionResultType]::ParameterName, 'Print the manual page')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('-V', '-V ', [CompletionResultType]::ParameterName, 'Print version')
            [CompletionResult]::new('--version', '--version', [CompletionResultType]::ParameterName, 'Print version')
            break
        }
    })

    $completions.Where{ $_.CompletionText -like "$wordToComplete*" } |
        Sort-Object -Property ListItemText
}
