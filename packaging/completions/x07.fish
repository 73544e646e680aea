# fish completion for x07. It asks x07 itself for commands, options and their values, so it is never out of date.

function __x07_complete
    set -l words (commandline -opc)
    set -l current (commandline -ct)
    for line in ($words[1] __complete -- $words[2..] "$current" 2>/dev/null)
        switch $line
            case ':files'
                __fish_complete_path "$current"
            case ':directories'
                __fish_complete_directories "$current"
            case '*'
                echo $line
        end
    end
end

complete -c x07 -f -a '(__x07_complete)'
