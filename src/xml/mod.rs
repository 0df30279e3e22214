//! A tolerant XML reader: bytes of any encoding become events with line numbers, and what had to be repaired is reported.
