//! The program `tessera`. Everything is in the library, so that tests reach it.

use std::process::ExitCode;

// Faster than glibc's under threads, and it gives back what a burst of requests took. Without huge pages (`no_thp`):
// with them an idle server holds 12 MiB more.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

fn main() -> ExitCode {
    tessera_server::main()
}
