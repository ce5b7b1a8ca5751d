#!/bin/sh
# Looks at the machine, before anything is compiled: this is why it is not Rust.
#
# Installs what Debian has when it may (root, apt-get); otherwise says the exact line to type. It is silent
# and takes some milliseconds when nothing is missing.
set -eu

RUST_MIN_MINOR=95 # of Rust 1; `rust-version` in Cargo.toml says the same

missing() {
    printf '\nmissing: %s\n    fix: %s\n' "$1" "$2" >&2
    exit 1
}

# The linker is tried, not looked up: a `cc` without the C headers fails only minutes into the build.
c_compiler_works() {
    printf '#include <stdio.h>\nint main(void) { return 0; }\n' | cc -x c -o "$probe" - 2>/dev/null
}

debian_package_needed() {
    command -v make >/dev/null 2>&1 && c_compiler_works && return 1
    return 0
}

command -v cargo >/dev/null 2>&1 || missing "Rust (cargo is not on PATH)" \
    "curl -sSf https://sh.rustup.rs | sh, then open a new shell"
command -v rustc >/dev/null 2>&1 || missing "rustc" "rustup toolchain install stable"

minor=$(rustc --version | sed -n 's/^rustc 1\.\([0-9]*\)\..*/\1/p')
[ "${minor:-0}" -ge "$RUST_MIN_MINOR" ] || missing \
    "Rust 1.$RUST_MIN_MINOR or newer (here: $(rustc --version))" "rustup update stable"

probe=$(mktemp)
trap 'rm -f "$probe"' EXIT

if debian_package_needed; then
    if [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null 2>&1; then
        echo "setup: installing a C compiler and make (build-essential)" >&2
        export DEBIAN_FRONTEND=noninteractive
        apt-get update -qq </dev/null >&2
        apt-get install -y -qq build-essential </dev/null >&2
    elif command -v apt-get >/dev/null 2>&1; then
        missing "a C compiler and make" "sudo apt-get update && sudo apt-get install -y build-essential"
    else
        missing "a C compiler and make" "install gcc or clang with the C headers, and make"
    fi
    c_compiler_works || missing "a C compiler that can link a program" "apt-get install -y --reinstall build-essential"
fi
