//! Structure of the file.
