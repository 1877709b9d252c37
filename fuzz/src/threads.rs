//! Pools of threads, made once.

use rayon::{ThreadPool, ThreadPoolBuilder};
use std::sync::LazyLock;

/// A single thread, on which every attack runs: so an input does the same each time.
pub static ONE: LazyLock<ThreadPool> = LazyLock::new(|| pool(1));
/// More threads than there are tasks.
pub static EIGHT: LazyLock<ThreadPool> = LazyLock::new(|| pool(8));

fn pool(threads: usize) -> ThreadPool {
    // As large a stack as a program's first thread usually has.
    let pool = ThreadPoolBuilder::new().num_threads(threads).stack_size(8 << 20);
    pool.build().expect("threads can be started")
}
