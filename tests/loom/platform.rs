//! The second platform: loom's locks, channels and threads.

use interleak::platform::{Lock, Platform, Receiver, Sender};
use loom::sync::{Mutex, MutexGuard, mpsc};

pub struct Loom;

pub struct LoomLock<T>(Mutex<T>);

impl<T: Send> Lock<T> for LoomLock<T> {
    type Guard<'a>
        = MutexGuard<'a, T>
    where
        Self: 'a;

    fn new(value: T) -> Self {
        LoomLock(Mutex::new(value))
    }

    fn lock(&self) -> MutexGuard<'_, T> {
        self.0.lock().unwrap()
    }
}

pub struct LoomSender<T>(mpsc::Sender<T>);

impl<T> Clone for LoomSender<T> {
    fn clone(&self) -> Self {
        LoomSender(self.0.clone())
    }
}

impl<T: Send> Sender<T> for LoomSender<T> {
    fn send(&self, letter: T) {
        let _ = self.0.send(letter);
    }
}

pub struct LoomReceiver<T>(mpsc::Receiver<T>);

impl<T: Send> Receiver<T> for LoomReceiver<T> {
    fn receive(&self) -> Option<T> {
        self.0.recv().ok()
    }
}

impl Platform for Loom {
    type Lock<T: Send + 'static> = LoomLock<T>;
    type Sender<T: Send + 'static> = LoomSender<T>;
    type Receiver<T: Send + 'static> = LoomReceiver<T>;
    type Thread = loom::thread::JoinHandle<()>;

    fn channel<T: Send + 'static>() -> (Self::Sender<T>, Self::Receiver<T>) {
        let (sender, receiver) = mpsc::channel();
        (LoomSender(sender), LoomReceiver(receiver))
    }

    fn spawn(work: impl FnOnce() + Send + 'static) -> Self::Thread {
        loom::thread::spawn(work)
    }

    fn join(thread: Self::Thread) -> bool {
        thread.join().is_ok()
    }
}
