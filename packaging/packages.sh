# packages.sh: what a Debian 12 machine needs to build and test x07. Sourced by quickstart.sh and test.sh.

x07_build_packages="gcc libc6-dev cmake ninja-build pkg-config libjson-c-dev libffi-dev libarchive-dev libcurl4-openssl-dev
libssl-dev libutf8proc-dev libpcre2-dev libseccomp-dev tzdata"
x07_test_packages="g++ libcunit1-dev python3 python3-jsonschema tcc nginx-light bubblewrap clang libclang-rt-14-dev"

# install_packages NAME...: installs those that are missing; asks the package manager nothing when none is.
install_packages() {
    missing=""
    for package in "$@"; do
        case $(dpkg-query -W -f='${Status}' "$package" 2>/dev/null) in
        "install ok installed") ;;
        *) missing="$missing $package" ;;
        esac
    done
    [ -n "$missing" ] || return 0

    as_root=""
    [ "$(id -u)" -eq 0 ] || as_root="sudo"
    echo "Installing:$missing"
    export DEBIAN_FRONTEND=noninteractive
    $as_root apt-get update -qq
    # shellcheck disable=SC2086 # a list of words on purpose
    $as_root apt-get install -y -qq --no-install-recommends $missing >/dev/null
}
