# bash completion for x07

_x07_values() {
    # The values of an option that takes one of a few, or nothing.
    case $1 in
    --repair) echo "off memory write" ;;
    --report) echo "runner wrapped full" ;;
    --cc-profile) echo "default size" ;;
    esac
}

_x07() {
    local current=${COMP_WORDS[COMP_CWORD]} previous=${COMP_WORDS[COMP_CWORD - 1]} words
    COMPREPLY=()

    words=$(_x07_values "$previous")
    if [[ -n $words ]]; then
        mapfile -t COMPREPLY < <(compgen -W "$words" -- "$current")
        return
    fi
    case $previous in
    --program | --artifact | --input | --compiled-out | --report-out | --module-root | --plugin-dir | --policy | \
        --project | --*-host-file | --*-root)
        mapfile -t COMPREPLY < <(compgen -f -- "$current")
        return
        ;;
    --*-bytes | --solve-fuel | --*-seconds | --input-b64 | --repair-max-iters)
        return
        ;;
    esac

    if ((COMP_CWORD == 1)); then
        words="run check lint fix diag fmt ast patch plugins doc guide help --help --version"
    else
        case ${COMP_WORDS[1]} in
        run)
            words="--program --artifact --project --profile --module-root --input --stdin --input-b64 --os --host
                --solve-fuel --max-memory-bytes --max-output-bytes --cpu-time-limit-seconds --debug-borrow-checks
                --compiled-out --cc-profile --max-c-bytes --repair --repair-max-iters --report --report-out
                --quiet-json --plugin-dir --sandbox-backend --policy --i-accept-weaker-isolation --allow-host
                --deny-host --allow-host-file --deny-host-file --allow-read-root --allow-write-root --auto-ffi
                --no-auto-ffi --help"
            ;;
        check)
            words="--program --module-root --help"
            ;;
        lint)
            words="--input --help"
            ;;
        fix)
            words="--input --write --suggest-generics --help"
            ;;
        diag)
            words="explain catalog --format --out-json --out-md --check --help"
            ;;
        fmt)
            words="--check --write --input --help"
            ;;
        ast)
            words="get canon validate apply-patch edit insert-stmts apply-quickfix --in --out --ptr --patch --validate
                --x07diag --defn --stmt-file --code --help"
            ;;
        patch)
            words="apply --in --repo-root --write --help"
            ;;
        build)
            words="--project --program --world --module-root --out --emit-c-header --freestanding --max-c-bytes --repair
                --repair-max-iters --plugin-dir --help"
            ;;
        doc)
            words="--module-root --builtin --help"
            ;;
        guide)
            words="--out --help"
            ;;
        plugins)
            words="list info check --json --diagnostics --call --plugin-dir --help"
            ;;
        help)
            words="run check fmt ast patch plugins doc guide"
            ;;
        esac
    fi
    mapfile -t COMPREPLY < <(compgen -W "$words" -- "$current")
    if ((${#COMPREPLY[@]} == 0)); then
        mapfile -t COMPREPLY < <(compgen -f -- "$current")
    fi
}

complete -o filenames -F _x07 x07
