# SPDX-License-Identifier: Apache-2.0
# fish completion for tlsgauge, which is asked itself what its words are (--help=words).

function __tlsgauge_words
    set -l tokens (commandline -opc)
    set -l command
    for word in $tokens[2..-1]
        if string match -q -- '-*' $word
            break
        end
        set -a command $word
        if test (count $command) -eq 2
            break
        end
    end
    $tokens[1] $command --help=words 2>/dev/null | string replace -r '^([^\t]*)\t[^\t]*\t(.*)$' '$1\t$2'
end

complete -c tlsgauge -a '(__tlsgauge_words)'
