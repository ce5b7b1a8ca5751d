//! The program `tessera`. Everything is in the library, so that tests reach it.

use std::process::ExitCode;

// glibc's allocator keeps what a burst of requests took; mimalloc gives it back and is faster under threads.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

fn main() -> ExitCode {
    tessera_server::main()
}
