//! An input that limits the CPU time of the process that reads it.

use std::io::{self, Read};

use super::limits;

/// An input that allows this process some seconds of CPU time from each read on: what was asked for is done after its last read.
#[derive(Debug)]
pub struct LimitedInput<R> {
    input: R,
    seconds: u64,
}

impl<R> LimitedInput<R> {
    /// An input with a limit in seconds.
    pub fn new(input: R, seconds: u64) -> LimitedInput<R> {
        LimitedInput { input, seconds }
    }
}

impl<R: Read> Read for LimitedInput<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let count = self.input.read(buffer)?;
        limits::arm_cpu_limit(self.seconds);
        Ok(count)
    }
}
