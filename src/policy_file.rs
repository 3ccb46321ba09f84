//! Loading the policy: a named file, else the regulation that is built in.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use changegate_policy::{Policy, PolicyError};

/// Why there is no policy to judge by.
#[derive(Debug, thiserror::Error)]
pub(crate) enum PolicyFileError {
    /// The named file cannot be read; a missing one is an error, never the built-in policy.
    #[error("政策文件 {} 读不了：{source}", path.display())]
    Unreadable {
        /// The file.
        path: PathBuf,
        /// What the system says.
        source: std::io::Error,
    },
    /// The file has mistakes.
    #[error(transparent)]
    Wrong(#[from] PolicyError),
}

/// The policy in `file`, else the built-in regulation.
pub(crate) fn load(file: Option<&Path>) -> Result<Arc<Policy>, PolicyFileError> {
    let Some(path) = file else {
        return Ok(Policy::built_in());
    };
    let text = std::fs::read_to_string(path).map_err(|source| PolicyFileError::Unreadable {
        path: path.to_owned(),
        source,
    })?;
    Ok(Arc::new(Policy::parse(&text, &path.display().to_string())?))
}
