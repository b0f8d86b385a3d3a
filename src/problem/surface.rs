//! Standard test functions.
