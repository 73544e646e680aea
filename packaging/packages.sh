# packages.sh: what a Debian 12 machine needs to build and test x07. Sourced by quickstart.sh and test.sh.

x07_build_packages="gcc libc6-dev cmake ninja-build pkg-config libjson-c-dev libffi-dev libarchive-dev libcurl4-openssl-dev
libssl-dev libutf8proc-dev libpcre2-dev libseccomp-dev tzdata"
x07_test_packages="g++ libcunit1-dev python3 python3-jsonschema tcc nginx-light bubblewrap clang libclang-rt-14-dev
qemu-system-x86 kmod"

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

# provide_kernel DIR: a kernel for the tests of virtual machines. Without one in /boot, the distribution's is unpacked
# into DIR: installing it would change how this machine starts.
provide_kernel() {
    [ -z "$(ls /boot/vmlinuz-* 2>/dev/null)" ] && [ -z "${X07_VM_KERNEL:-}" ] || return 0
    if [ ! -d "$1/boot" ]; then
        package=$(apt-cache depends linux-image-cloud-amd64 2>/dev/null | sed -n 's/^ *Depends: //p' | head -n 1)
        [ -n "$package" ] || { echo "no package linux-image-cloud-amd64: run apt-get update" >&2; return 1; }
        echo "Unpacking: $package"
        rm -rf "$1.new"
        mkdir -p "$1.new"
        (cd "$1.new" && apt-get download -qq "$package" && dpkg-deb -x ./*.deb . && rm ./*.deb)
        /sbin/depmod -b "$1.new" "$(ls "$1.new/lib/modules")"
        mv "$1.new" "$1"
    fi
    X07_VM_KERNEL=$(ls "$(cd "$1" && pwd)"/boot/vmlinuz-*)
    X07_VM_MODULES=$(ls -d "$(cd "$1" && pwd)"/lib/modules/*)
    export X07_VM_KERNEL X07_VM_MODULES
}
