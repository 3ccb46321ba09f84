//! Writing to standard output and standard error, where a reader that went away is no fault of ours.

use std::io::{self, Write as _};

/// Writes text to standard output. A closed pipe is not an error.
pub(super) fn out(text: &str) -> io::Result<()> {
    out_bytes(text.as_bytes())
}

/// Writes bytes to standard output as they are.
pub(super) fn out_bytes(bytes: &[u8]) -> io::Result<()> {
    let mut stdout = io::stdout().lock();
    forgive_closed_pipe(stdout.write_all(bytes).and_then(|()| stdout.flush()))
}

/// Writes one line to standard error.
pub(super) fn err_line(text: &str) -> io::Result<()> {
    forgive_closed_pipe(writeln!(io::stderr().lock(), "{text}"))
}

fn forgive_closed_pipe(result: io::Result<()>) -> io::Result<()> {
    match result {
        Err(error) if error.kind() == io::ErrorKind::BrokenPipe => Ok(()),
        other => other,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_a_closed_pipe_is_forgiven() {
        let failed = |kind: io::ErrorKind| forgive_closed_pipe(Err(kind.into()));
        assert!(failed(io::ErrorKind::BrokenPipe).is_ok());
        assert!(failed(io::ErrorKind::StorageFull).is_err());
    }
}
