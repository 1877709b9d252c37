//! The one door to locks, channels and threads.
//!
//! The real implementations of the strategies are generic over a [`Platform`]: the real one here,
//! on std and crossbeam, and a second one in the tests, on loom, which explores every execution.
//! So loom is an ordinary test dependency, and there is one build.
//!
//! What loom cannot do, and so nobody here does: `try_lock` and `try_recv` (the first is reported
//! as a deadlock, the second is never a branch point), waiting for a channel to be disconnected
//! (loom does not model it; a stop message ends a worker), more than five threads.

use std::io::{self, ErrorKind, Read};
use std::ops::DerefMut;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;

pub use std::sync::{Arc, LazyLock};

/// A value that one thread at a time can touch.
pub trait Lock<T>: Send + Sync {
    /// What gives access to the value, and gives the lock back when it is dropped.
    type Guard<'a>: DerefMut<Target = T>
    where
        Self: 'a;

    /// A free lock around a value.
    fn new(value: T) -> Self;

    /// Waits until the lock is free and takes it.
    fn lock(&self) -> Self::Guard<'_>;
}

/// The end of a channel that letters are put into.
pub trait Sender<T>: Clone + Send {
    /// Puts a letter in. Never waits; a letter that nobody will read is dropped.
    fn send(&self, letter: T);
}

/// The end of a channel that letters come out of.
pub trait Receiver<T>: Send {
    /// Waits for the oldest letter; `None` if none can come any more.
    fn receive(&self) -> Option<T>;
}

/// Where real code runs.
pub trait Platform: Send + Sync + Sized + 'static {
    /// A lock.
    type Lock<T: Send + 'static>: Lock<T> + 'static;
    /// The sending end of a channel.
    type Sender<T: Send + 'static>: Sender<T> + 'static;
    /// The receiving end of a channel.
    type Receiver<T: Send + 'static>: Receiver<T> + 'static;
    /// A running thread.
    type Thread: Send;

    /// A channel without bound, first in, first out.
    fn channel<T: Send + 'static>() -> (Self::Sender<T>, Self::Receiver<T>);

    /// Starts a thread.
    fn spawn(work: impl FnOnce() + Send + 'static) -> Self::Thread;

    /// Waits until a thread has ended. `false` if it panicked.
    fn join(thread: Self::Thread) -> bool;
}

/// Real locks and threads of std, real channels of crossbeam.
pub struct Real;

impl<T: Send> Lock<T> for Mutex<T> {
    type Guard<'a>
        = MutexGuard<'a, T>
    where
        Self: 'a;

    fn new(value: T) -> Self {
        Mutex::new(value)
    }

    fn lock(&self) -> MutexGuard<'_, T> {
        // A value that a panicking thread left behind is looked at as it is.
        self.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl<T: Send> Sender<T> for crossbeam::channel::Sender<T> {
    fn send(&self, letter: T) {
        // The receiver may be gone; then nobody is left to read it.
        let _ = self.send(letter);
    }
}

impl<T: Send> Receiver<T> for crossbeam::channel::Receiver<T> {
    fn receive(&self) -> Option<T> {
        self.recv().ok()
    }
}

impl Platform for Real {
    type Lock<T: Send + 'static> = Mutex<T>;
    type Sender<T: Send + 'static> = crossbeam::channel::Sender<T>;
    type Receiver<T: Send + 'static> = crossbeam::channel::Receiver<T>;
    type Thread = std::thread::JoinHandle<()>;

    fn channel<T: Send + 'static>() -> (Self::Sender<T>, Self::Receiver<T>) {
        crossbeam::channel::unbounded()
    }

    fn spawn(work: impl FnOnce() + Send + 'static) -> Self::Thread {
        std::thread::spawn(work)
    }

    fn join(thread: Self::Thread) -> bool {
        thread.join().is_ok()
    }
}

/// How many threads run at once here, as far as that is known.
pub fn cores() -> usize {
    std::thread::available_parallelism().map_or(1, usize::from)
}

/// Whether another thread can be started; where processes or memory are limited, none may be.
pub fn can_start_threads() -> bool {
    std::thread::Builder::new().spawn(|| ()).is_ok_and(|thread| thread.join().is_ok())
}

/// Lets the calling thread really wait.
pub fn pause(time: Duration) {
    std::thread::sleep(time);
}

/// A list that is written beside the run and that no lane can notice. It never is a place where
/// lanes meet, so it is the same on every platform and loom does not see it.
#[derive(Debug)]
pub struct Log<T>(Mutex<Vec<T>>);

impl<T> Default for Log<T> {
    fn default() -> Self {
        Log(Mutex::new(Vec::new()))
    }
}

impl<T> Log<T> {
    /// Adds an entry.
    pub fn push(&self, entry: T) {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).push(entry);
    }

    /// Takes all entries out.
    pub fn take(&self) -> Vec<T> {
        std::mem::take(&mut *self.0.lock().unwrap_or_else(PoisonError::into_inner))
    }
}

/// A value that several threads of the tool itself use in turn. Like [`Log`], no place where
/// lanes meet.
#[derive(Debug, Default)]
pub struct Kept<T>(Mutex<T>);

impl<T> Kept<T> {
    /// Waits for its turn, and uses the value.
    pub fn with<R>(&self, use_it: impl FnOnce(&mut T) -> R) -> R {
        use_it(&mut self.0.lock().unwrap_or_else(PoisonError::into_inner))
    }
}

/// What a thread of the tool itself hands over, piece by piece. Whoever takes it can give up, which
/// reading from another program does not allow.
pub struct Feed<T>(crossbeam::channel::Receiver<T>);

/// What came out of a [`Feed`].
pub enum Fed<T> {
    /// The next piece.
    Piece(T),
    /// Nothing in this time.
    Nothing,
    /// There are no more.
    Ended,
}

impl<T: Send + 'static> Feed<T> {
    /// Starts the thread. It is given what hands a piece over, waits there while so many pieces
    /// were not taken, and hears `false` if nobody takes them any more.
    pub fn start(
        ahead: usize,
        work: impl FnOnce(&dyn Fn(T) -> bool) + Send + 'static,
    ) -> io::Result<Feed<T>> {
        let (sender, receiver) = crossbeam::channel::bounded(ahead);
        std::thread::Builder::new().spawn(move || work(&|piece| sender.send(piece).is_ok()))?;
        Ok(Feed(receiver))
    }

    /// Waits for the next piece, but not longer than this.
    pub fn next(&self, patience: std::time::Duration) -> Fed<T> {
        match self.0.recv_timeout(patience) {
            Ok(piece) => Fed::Piece(piece),
            Err(crossbeam::channel::RecvTimeoutError::Timeout) => Fed::Nothing,
            Err(crossbeam::channel::RecvTimeoutError::Disconnected) => Fed::Ended,
        }
    }
}

/// Whether the first Ctrl-C is a question to the work.
static ASKS: AtomicBool = AtomicBool::new(false);
/// Whether Ctrl-C is for another program.
static LEFT: AtomicBool = AtomicBool::new(false);
/// Whether the user wants no more to be begun.
static INTERRUPTED: AtomicBool = AtomicBool::new(false);
/// Held while something is done that must not end in its middle.
static WHOLE: Mutex<()> = Mutex::new(());

/// Whether Ctrl-C was pressed while [`interruptible`] work was done. What is being done then ends
/// soon, and keeps what it has.
pub fn is_interrupted() -> bool {
    INTERRUPTED.load(Ordering::Relaxed)
}

/// From now on the first Ctrl-C asks the work to end and to show what it has; the second one ends
/// the program.
pub fn interruptible() {
    ASKS.store(true, Ordering::Relaxed);
    watch();
}

/// From now on Ctrl-C is for the program that was started on this terminal: this one only waits.
pub fn leave_interrupts() {
    LEFT.store(true, Ordering::Relaxed);
    watch();
}

/// Does what must not be left half-done. Ctrl-C and SIGTERM end the program behind it, not in its
/// middle, and a file that gets larger than the user allows (`ulimit -f`) is an error of whoever
/// writes it. Nothing holds up SIGKILL, and SIGHUP is left as `nohup` may have set it. Where signals
/// are not known (Windows), Ctrl-C ends the program at once.
pub fn whole<R>(work: impl FnOnce() -> R) -> R {
    watch();
    let _held = WHOLE.lock().unwrap_or_else(PoisonError::into_inner);
    work()
}

/// Has a thread of its own see signals. Where none can be started they end the program, as they do
/// everywhere else: whoever lets go of a signal does not give it back to the system, so they are
/// taken by that thread itself.
fn watch() {
    #[cfg(unix)]
    {
        use signal_hook::consts::{SIGINT, SIGTERM, SIGXFSZ};
        static ONCE: std::sync::Once = std::sync::Once::new();
        ONCE.call_once(|| {
            // To be noticed is enough; then it is an error of whoever writes.
            let _ = signal_hook::flag::register(SIGXFSZ, Arc::default());
            let (ready, is_ready) = crossbeam::channel::bounded::<()>(0);
            let watching = std::thread::Builder::new().spawn(move || {
                let signals = signal_hook::iterator::Signals::new([SIGINT, SIGTERM]);
                drop(ready);
                signals.into_iter().for_each(|mut signals| signals.forever().for_each(seen));
            });
            if watching.is_ok() {
                // It says nothing; that it has let go is the answer.
                let _ = is_ready.recv();
            }
        });
    }
}

#[cfg(unix)]
fn seen(signal: i32) {
    if signal == signal_hook::consts::SIGINT && LEFT.load(Ordering::Relaxed) {
        return;
    }
    let asks = signal == signal_hook::consts::SIGINT && ASKS.load(Ordering::Relaxed);
    let is_question = asks && !INTERRUPTED.swap(true, Ordering::Relaxed);
    if !is_question {
        let _held = WHOLE.lock().unwrap_or_else(PoisonError::into_inner);
        // As if nobody had seen it; so whoever started the program learns what ended it.
        let _ = signal_hook::low_level::emulate_default_handler(signal);
    }
}

/// Bytes that come when they come: from a pipe, a keyboard, a device. A read that waits for them
/// cannot be called back, so it is left to a thread of its own, and whoever wants them waits for
/// the next ones or for Ctrl-C.
pub struct Patient {
    pieces: Feed<io::Result<Vec<u8>>>,
    piece: io::Cursor<Vec<u8>>,
}

/// What is read at once.
const PIECE_BYTES: usize = 256 << 10;
/// How long nobody looks whether Ctrl-C was pressed.
const GLANCE: Duration = Duration::from_millis(50);

impl Patient {
    /// Opens something and reads it; opening may wait too, as that of a named pipe does.
    pub fn open<R: Read>(
        open: impl FnOnce() -> io::Result<R> + Send + 'static,
    ) -> io::Result<Patient> {
        // Nothing is read far ahead of whoever judges it.
        let pieces = Feed::start(1, move |hand_over| {
            let ended = open().and_then(|mut source| {
                while let Some(piece) = next_piece(&mut source)? {
                    if !hand_over(Ok(piece)) {
                        break;
                    }
                }
                Ok(())
            });
            if let Err(error) = ended {
                // Whoever would look at it may be gone.
                let _ = hand_over(Err(error));
            }
        })?;
        Ok(Patient { pieces, piece: io::Cursor::default() })
    }
}

/// Waits for the next bytes; `None` at the end.
fn next_piece(source: &mut impl Read) -> io::Result<Option<Vec<u8>>> {
    let mut piece = vec![0; PIECE_BYTES];
    loop {
        match source.read(&mut piece) {
            Ok(0) => return Ok(None),
            Ok(bytes) => {
                piece.truncate(bytes);
                return Ok(Some(piece));
            }
            // A source that another program has told not to wait.
            Err(error) if error.kind() == ErrorKind::WouldBlock => pause(GLANCE),
            Err(error) if error.kind() == ErrorKind::Interrupted => {}
            Err(error) => return Err(error),
        }
    }
}

/// Ends with [`ErrorKind::WouldBlock`] where it would have to wait, or go on, after Ctrl-C.
impl Read for Patient {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        loop {
            let bytes = self.piece.read(buffer)?;
            if bytes > 0 || buffer.is_empty() {
                return Ok(bytes);
            }
            if is_interrupted() {
                return Err(ErrorKind::WouldBlock.into());
            }
            match self.pieces.next(GLANCE) {
                Fed::Piece(piece) => self.piece = io::Cursor::new(piece?),
                Fed::Nothing => {}
                Fed::Ended => return Ok(0),
            }
        }
    }
}
