//! Every exit code.

/// The end of a run.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ExitCode {
    /// Everything was converted.
    Success,
    /// Something was rejected or couldn't be read, there was nothing to read, or an output was kept.
    Rejects,
    /// Wrong usage, or refused before anything was written.
    Usage,
    /// An output failed and is incomplete.
    OutputFailed,
    /// A signal ended it: 128 plus the signal's number.
    Signal(u8),
    /// The output pipe was closed.
    ClosedPipe,
}

impl From<ExitCode> for u8 {
    fn from(code: ExitCode) -> u8 {
        match code {
            ExitCode::Success => 0,
            ExitCode::Rejects => 1,
            ExitCode::Usage => 2,
            ExitCode::OutputFailed => 3,
            ExitCode::Signal(code) => code,
            // 128 plus the number of SIGPIPE.
            ExitCode::ClosedPipe => 141,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn exit_codes_are_what_the_documentation_says() {
        for (code, expected) in [
            (ExitCode::Success, 0),
            (ExitCode::Rejects, 1),
            (ExitCode::Usage, 2),
            (ExitCode::OutputFailed, 3),
            (ExitCode::Signal(130), 130),
            (ExitCode::ClosedPipe, 141),
        ] {
            assert_eq!(u8::from(code), expected);
        }
    }
}
