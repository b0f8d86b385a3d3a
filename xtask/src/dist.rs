//! `cargo xtask dist`: all that is published, in dist/.

use anyhow::Result;

use crate::build;
use crate::process::{command, run};

/// What is made of the built page, in this order: each script says what it makes.
const SCRIPTS: [&str; 3] = [
    "scripts/one_file.js",
    "scripts/offline.js",
    "scripts/package.js",
];

/// Builds the page, and makes of it what is published.
pub fn dist() -> Result<()> {
    build::build()?;
    for script in SCRIPTS {
        run(command("node").arg(script))?;
    }
    println!("\n    dist/ can be copied to any static host\n");
    Ok(())
}
