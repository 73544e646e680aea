# bash completion for x07. It asks x07 itself for commands, options and their values, so it is never out of date.

_x07() {
    local current=${COMP_WORDS[COMP_CWORD]} line candidates=()
    COMPREPLY=()
    while IFS= read -r line; do
        case $line in
        :files) mapfile -t COMPREPLY < <(compgen -f -- "$current") ;;
        :directories) mapfile -t COMPREPLY < <(compgen -d -- "$current") ;;
        *) candidates+=("${line%%$'\t'*}") ;;
        esac
    done < <("${COMP_WORDS[0]}" __complete -- "${COMP_WORDS[@]:1:COMP_CWORD}" 2>/dev/null)
    ((${#candidates[@]})) || return 0

    compopt +o filenames 2>/dev/null
    # bash parts words at "=" and replaces what stands behind it.
    [[ $current == "=" ]] && current=
    mapfile -t COMPREPLY < <(compgen -W "${candidates[*]}" -- "$current")
}

complete -o filenames -F _x07 x07
