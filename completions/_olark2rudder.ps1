
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
            [CompletionResult]::new('--input-format', '--input-format', [CompletionResultType]::ParameterName, 'What the input holds')
            [CompletionResult]::new('--at', '--at', [CompletionResultType]::ParameterName, 'Where the payloads are in each record')
            [CompletionResult]::new('--max-record', '--max-record', [CompletionResultType]::ParameterName, 'Largest record, in bytes (k, M, G)')
            [CompletionResult]::new('--ext', '--ext', [CompletionResultType]::ParameterName, 'Read all files with this extension in directories (repeatable)')
            [CompletionResult]::new('--files-from', '--files-from', [CompletionResultType]::ParameterName, 'Read the inputs that a file lists, one per line')
            [CompletionResult]::new('--mapping', '--mapping', [CompletionResultType]::ParameterName, 'Which mapping to follow')
            [CompletionResult]::new('--events', '--events', [CompletionResultType]::ParameterName, 'Events to make of a conversation')
            [CompletionResult]::new('--user-id', '--user-id', [CompletionResultType]::ParameterName, 'Fields that say who the user is')
            [CompletionResult]::new('--map', '--map', [CompletionResultType]::ParameterName, 'Carry one more field (repeatable)')
            [CompletionResult]::new('--message-id', '--message-id', [CompletionResultType]::ParameterName, 'Where messageIds come from')
            [CompletionResult]::new('-o', '-o', [CompletionResultType]::ParameterName, 'Write to a file, put in place when complete')
            [CompletionResult]::new('--output', '--output', [CompletionResultType]::ParameterName, 'Write to a file, put in place when complete')
            [CompletionResult]::new('--output-dir', '--output-dir', [CompletionResultType]::ParameterName, 'Write one file for each input file')
            [CompletionResult]::new('--base', '--base', [CompletionResultType]::ParameterName, 'Where the paths in --output-dir start')
            [CompletionResult]::new('--format', '--format', [CompletionResultType]::ParameterName, 'How events are put together')
            [CompletionResult]::new('--batch-bytes', '--batch-bytes', [CompletionResultType]::ParameterName, 'Largest request body of --format batch, in bytes [default: 4096000]')
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'When to colour')
            [CompletionResult]::new('-j', '-j', [CompletionResultType]::ParameterName, 'Number of threads [default: cores]')
            [CompletionResult]::new('--jobs', '--jobs', [CompletionResultType]::ParameterName, 'Number of threads [default: cores]')
            [CompletionResult]::new('--rejects', '--rejects', [CompletionResultType]::ParameterName, 'Keep rejected records as JSON lines')
            [CompletionResult]::new('--summary', '--summary', [CompletionResultType]::ParameterName, 'Write the totals as JSON')
            [CompletionResult]::new('--completions', '--completions', [CompletionResultType]::ParameterName, 'Print completions for a shell')
            [CompletionResult]::new('-0', '-0', [CompletionResultType]::ParameterName, 'The list of --files-from is separated by NUL, as find -print0 writes it')
            [CompletionResult]::new('--null', '--null', [CompletionResultType]::ParameterName, 'The list of --files-from is separated by NUL, as find -print0 writes it')
            [CompletionResult]::new('--timestamp', '--timestamp', [CompletionResultType]::ParameterName, 'Date events by their conversation')
            [CompletionResult]::new('--skip-starts', '--skip-starts', [CompletionResultType]::ParameterName, 'Skip Olark''s extra posts at the start of chats')
            [CompletionResult]::new('--skip-existing', '--skip-existing', [CompletionResultType]::ParameterName, 'Skip inputs whose output exists and is at least as new')
            [CompletionResult]::new('--overwrite', '--overwrite', [CompletionResultType]::ParameterName, 'Replace outputs that exist in --output-dir, or FILE by nothing')
            [CompletionResult]::new('--pretty', '--pretty', [CompletionResultType]::ParameterName, 'Indent, as on a terminal')
            [CompletionResult]::new('--fail-fast', '--fail-fast', [CompletionResultType]::ParameterName, 'Stop at the first reject')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Print only fatal errors and inputs that cannot be read')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Print only fatal errors and inputs that cannot be read')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'List warnings too')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'List warnings too')
            [CompletionResult]::new('--explain', '--explain', [CompletionResultType]::ParameterName, 'Show what became of each field, and why')
            [CompletionResult]::new('--check', '--check', [CompletionResultType]::ParameterName, 'Convert and report, but write no events')
            [CompletionResult]::new('--list-mapping', '--list-mapping', [CompletionResultType]::ParameterName, 'List what goes where in the chosen mapping, with the fields of --map')
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
