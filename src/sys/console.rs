//! Reading and writing what may be a terminal.
//!
//! A Windows console takes and gives bytes in the code page that it happens to be set to, and only the standard
//! library's own streams turn them from and into UTF-8. Elsewhere a terminal is a file like any other.

use std::fs::File;
use std::io;

/// The keys that end what is typed.
pub const END_OF_INPUT: &str = if cfg!(windows) { "Ctrl-Z and Enter" } else { "Ctrl-D" };

/// Reads some bytes.
///
/// # Errors
/// When the system cannot read.
pub fn read(file: &mut File, buffer: &mut [u8]) -> io::Result<usize> {
    use std::io::Read;
    #[cfg(windows)]
    if std::io::IsTerminal::is_terminal(file) {
        return io::stdin().lock().read(buffer);
    }
    file.read(buffer)
}

/// Writes some bytes.
///
/// # Errors
/// When the system cannot write.
pub fn write(file: &mut File, bytes: &[u8]) -> io::Result<usize> {
    use std::io::Write;
    #[cfg(windows)]
    if std::io::IsTerminal::is_terminal(file) && std::io::IsTerminal::is_terminal(&io::stdout()) {
        let mut stdout = io::stdout().lock();
        stdout.write_all(bytes)?;
        return stdout.flush().map(|()| bytes.len());
    }
    file.write(bytes)
}

/// Makes the terminal show colours, and gives whether it does.
pub fn shows_colors() -> bool {
    // Consoles before Windows Terminal have to be asked.
    #[cfg(windows)]
    return winapi_util::console::Console::stdout()
        .and_then(|mut console| console.set_virtual_terminal_processing(true))
        .is_ok();
    #[cfg(not(windows))]
    true
}
