//! Formulas typed by the user.
