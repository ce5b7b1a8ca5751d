//! The table of styles and their verdicts.
