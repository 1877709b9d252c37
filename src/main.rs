//! The program; everything is in the library.

use std::process::ExitCode;

fn main() -> ExitCode {
    interleak::cli::main().into()
}

/// A walk takes and gives back large pieces of memory at every layer; this allocator keeps them
/// for the next one instead of asking the system each time.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;
