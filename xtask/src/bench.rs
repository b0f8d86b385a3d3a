//! `cargo xtask bench`: training in the browser, side by side with other libraries.
//!
//! The libraries, the workloads and the clock belong to a harness outside this repository, a folder with a `run.mjs`. We
//! put our adapter into it and let it serve our package and page, and it does the rest.

use std::fs;

use anyhow::{Context, Result, bail};

use crate::process::{command, root, run};
use crate::{build, tools};

/// Our side of the comparison.
const ADAPTER: &str = "benches/browser/ours.mjs";

/// Runs the harness in the folder `peers`, with `options` of its own.
pub fn run_against(peers: &str, options: &[&str]) -> Result<()> {
    let folder = fs::canonicalize(peers).with_context(|| format!("{peers} cannot be opened"))?;
    // An administrator could write all the same.
    if fs::metadata(&folder)?.permissions().readonly() {
        bail!("{peers} is read-only, and packages are installed in it: name a copy");
    }
    let adapter = folder.join("peers/ours.mjs");
    build::build()?;
    fs::copy(root().join(ADAPTER), &adapter)
        .with_context(|| format!("{} cannot be written", adapter.display()))?;
    let chromium = tools::chromium()?;
    let there = |line: &str| {
        let mut command = command(line);
        command.current_dir(&folder);
        command
    };
    run(&mut there(
        "npm install --ignore-scripts --no-audit --no-fund",
    ))?;
    run(there("node run.mjs --ours-dir")
        .arg(root())
        .args(options)
        .env("CHROMIUM", chromium))
}
