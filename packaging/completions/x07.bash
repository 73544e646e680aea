# bash completion for x07. It asks x07 itself for commands, options and their values, so it is never out of date.

# The help of the longest command that the words so far name.
_x07_help() {
    local help words=() word
    help=$("$1" --help 2>/dev/null)
    for word in "${@:2}"; do
        grep -qE "^  $word  " <<<"$help" || break
        words+=("$word")
        help=$("$1" "${words[@]}" --help 2>/dev/null)
    done
    printf '%s\n' "$help"
}

_x07() {
    local current=${COMP_WORDS[COMP_CWORD]} previous=${COMP_WORDS[COMP_CWORD - 1]} help line words=()
    COMPREPLY=()
    help=$(_x07_help "${COMP_WORDS[@]:0:COMP_CWORD}")

    line=$(grep -E "^ +$previous <" <<<"$help")
    if [[ $line =~ \[([a-z0-9|-]+)\] ]]; then
        mapfile -t COMPREPLY < <(compgen -W "${BASH_REMATCH[1]//|/ }" -- "$current")
    elif [[ -n $line ]]; then
        mapfile -t COMPREPLY < <(compgen -f -- "$current")
    else
        words=($(sed -n '/^Commands:/,/^$/s/^  \([a-z-]*\)  .*/\1/p' <<<"$help"))
        words+=($(grep -oE '^ +(-[a-z], )?--[a-z0-9-]+' <<<"$help" | grep -oE -e '--[a-z0-9-]+'))
        mapfile -t COMPREPLY < <(compgen -W "${words[*]}" -- "$current")
        ((${#COMPREPLY[@]})) || mapfile -t COMPREPLY < <(compgen -f -- "$current")
    fi
}

complete -o filenames -F _x07 x07
