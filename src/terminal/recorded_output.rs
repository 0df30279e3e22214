//! An output of tests that records what is written.

use std::cell::RefCell;
use std::io::{self, Write};
use std::rc::Rc;

/// Records what is written. Clones share the record.
#[derive(Clone, Default)]
pub struct Written(pub Rc<RefCell<Vec<u8>>>);

impl Write for Written {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0.borrow_mut().extend(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}
