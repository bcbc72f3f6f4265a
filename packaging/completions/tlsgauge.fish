# SPDX-License-Identifier: Apache-2.0
# fish completion for tlsgauge, which is asked itself what its words are (--help=words).

# What the command before the cursor admits, a line a word: the word, its value's name, its text.
function __tlsgauge_words
    set -l tokens (commandline -opc)
    set -l command
    for word in $tokens[2..-1]
        string match -q -- '-*' $word; and break
        set -a command $word
    end
    set -l words ($tokens[1] $command[1] --help=words 2>/dev/null)
    # A command whose words are no options has verbs.
    if set -q command[2]; and not string match -q -- '--*' $words[1]
        set words ($tokens[1] $command[1..2] --help=words 2>/dev/null)
    end
    printf '%s\n' $words
end

# What may stand behind the option $argv[1], whose value is called $argv[2] and whose text is $argv[3].
function __tlsgauge_values
    set -l tool (commandline -opc)[1]
    set -l text (string replace -r ';.*' '' -- $argv[3])
    switch $argv[1]
        case --policy
            $tool policy list 2>/dev/null | string replace -r ' .*' ''
        case --cases
            printf '%s\n' all none
            $tool cases list 2>/dev/null | string replace -r '\..*' '' | sort -u
        case --depth
            printf '%s\n' hello finished session
        case --gate
            printf '%s\n' tolerated strict
        case --level
            printf '%s\n' MUST SHOULD MAY ROBUSTNESS
        case '*'
            if string match -qr '^[a-z-]+(\|[a-z-]+)+$' -- $argv[2]
                string split '|' -- $argv[2]
            else if string match -qr '^[a-z-]+(, [a-z-]+)* or [a-z-]+$' -- $text
                string replace ' or ' ', ' -- $text | string split ', '
            end
    end
end

function __tlsgauge
    set -l current (commandline -ct)
    set -l before (commandline -opc)[-1]
    set -l prefix ''
    if string match -qr '^--[^=]+=' -- $current
        set before (string replace -r '=.*' '' -- $current)
        set prefix $before=
        set current (string replace -r '^[^=]*=' '' -- $current)
    end
    set -l words (__tlsgauge_words)
    for word in $words
        set -l fields (string split \t -- $word)
        if test "$fields[1]" = "$before" -a -n "$fields[2]"
            set -l values (__tlsgauge_values $fields)
            if set -q values[1]
                printf '%s\n' $prefix$values
            else if string match -qr 'FILE|DIR' -- $fields[2]
                printf '%s\n' $prefix(__fish_complete_path $current)
            end
            return
        end
    end
    for word in $words
        set -l fields (string split \t -- $word)
        printf '%s\t%s\n' $fields[1] "$fields[3]"
    end
    if not string match -q -- '-*' $current; and string match -q -- '--*' $words[1]
        __fish_complete_path $current
    end
end

complete -c tlsgauge -f -a '(__tlsgauge)'
