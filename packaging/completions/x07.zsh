#compdef x07
# zsh completion for x07. It asks x07 itself for commands, options and their values, so it is never out of date.

_x07() {
    local line candidate
    local -a candidates
    while IFS= read -r line; do
        case $line in
        :files) _files ;;
        :directories) _files -/ ;;
        *)
            candidate=${line%%$'\t'*}
            candidates+=("${candidate//:/\\:}:${line#*$'\t'}")
            ;;
        esac
    done < <("${(Q)words[1]}" __complete -- "${(@Q)words[2,CURRENT]}" 2>/dev/null)
    (( ${#candidates} )) && _describe -t x07 x07 candidates
}

# Loaded by the completion system the file is the function's body; sourced, it registers the function.
if [[ $zsh_eval_context[-1] == loadautofunc ]]; then
    _x07 "$@"
else
    compdef _x07 x07
fi
