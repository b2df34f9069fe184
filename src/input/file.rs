//! A file or pipe that is read: it can be interrupted, and its bytes are counted.

use std::fs::File;
use std::io::{self, Read};

use crate::input::meter::Meter;
use crate::input::stream::Waiting;
use crate::sys::file_kind::FileKind;
use crate::sys::{console, pipe_size};

/// An open file or pipe.
pub struct InputFile {
    file: File,
    waiting: Waiting,
    meter: Meter,
}

impl InputFile {
    /// Reads an open file.
    ///
    /// # Errors
    /// When it is a directory, or its kind cannot be found out.
    pub fn new(file: File, meter: &Meter) -> io::Result<InputFile> {
        let waiting = match FileKind::of_open(&file)? {
            FileKind::Directory => return Err(io::ErrorKind::IsADirectory.into()),
            FileKind::Regular => Waiting::Never,
            FileKind::Other => Waiting::Possible,
        };
        if waiting == Waiting::Possible {
            pipe_size::enlarge(&file);
        }
        Ok(InputFile { file, waiting, meter: meter.clone() })
    }

    /// Whether reading may have to wait for somebody to write.
    pub fn waiting(&self) -> Waiting {
        self.waiting
    }
}

impl Read for InputFile {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let len = loop {
            if self.waiting == Waiting::Possible {
                self.meter.wait_readable(&self.file)?;
            }
            self.meter.check()?;
            match console::read(&mut self.file, buffer) {
                Err(error)
                    if matches!(error.kind(), io::ErrorKind::Interrupted | io::ErrorKind::WouldBlock) => {}
                other => break other?,
            }
        };
        self.meter.add(len);
        Ok(len)
    }
}
