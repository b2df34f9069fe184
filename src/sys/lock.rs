//! Locking what threads share.

use std::sync::{Mutex, MutexGuard, PoisonError};

/// Waits for its turn with what is shared. A panic elsewhere ends the run anyway, and need not be told twice.
pub fn lock<T: ?Sized>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
