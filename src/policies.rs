//! The policy that holds now: the file's, with the directory that WeCom gives beside it.

use std::sync::{Arc, PoisonError, RwLock};

use changegate_policy::{Directory, Policy};

/// The policy of the file, and the same with the directory of the day.
#[derive(Debug)]
pub(crate) struct Policies {
    /// As the file says.
    file: Arc<Policy>,
    now: RwLock<Arc<Policy>>,
}

impl Policies {
    /// The file's policy alone, until a directory is known.
    pub(crate) fn new(file: Arc<Policy>) -> Self {
        Self {
            now: RwLock::new(Arc::clone(&file)),
            file,
        }
    }

    /// What the file says, without WeCom's directory.
    pub(crate) fn file(&self) -> &Arc<Policy> {
        &self.file
    }

    /// What holds now.
    pub(crate) fn now(&self) -> Arc<Policy> {
        let held = self.now.read().unwrap_or_else(PoisonError::into_inner);
        Arc::clone(&held)
    }

    /// From now on this is who holds which role.
    pub(crate) fn take(&self, directory: Arc<Directory>) {
        let next = Arc::new(self.file.with_directory(directory));
        *self.now.write().unwrap_or_else(PoisonError::into_inner) = next;
    }
}
