//! `cargo xtask serve`: the built page over http, on this machine only.

use std::fs;
use std::io::{BufRead, BufReader};
use std::ops::RangeInclusive;
use std::path::Path;
use std::process::{Child, Stdio};
use std::thread;
use std::time::{Duration, SystemTime};

use anyhow::{Context, Result, bail};

use crate::build;
use crate::process::{command, root};

/// What is built again when it changes.
const SOURCES: [&str; 6] = [
    "src",
    "www",
    "index.html",
    "scripts",
    "Cargo.toml",
    "package-lock.json",
];

/// Builds the page, serves it on `port`, or on 8080 or the next that is free, and builds again when a source changes.
pub fn run(port: Option<u16>) -> Result<()> {
    build::build()?;
    let mut server = Server::start(match port {
        Some(port) => port..=port,
        None => 8080..=8179,
    })?;
    println!("\n    Descent is at {}  (Ctrl+C ends it)\n", server.address);
    let mut built = newest_source();
    while server.process.try_wait()?.is_none() {
        thread::sleep(Duration::from_millis(500));
        let newest = newest_source();
        if newest != built {
            built = newest;
            match build::build() {
                Ok(()) => println!("    Built; reload the page"),
                Err(error) => eprintln!("error: {error:#}"),
            }
        }
    }
    bail!("the server has ended")
}

/// A server of dist/; it ends when this is dropped, or with this program.
pub struct Server {
    /// Where it is, with a slash at the end.
    pub address: String,
    process: Child,
}

impl Server {
    /// Starts one on the first of `ports` that is free; 0 is any.
    pub fn start(ports: RangeInclusive<u16>) -> Result<Self> {
        let mut process = command("node scripts/serve.js")
            .args([ports.start(), ports.end()].map(u16::to_string))
            .arg("dist")
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .context("could not start `node scripts/serve.js`")?;
        let mut address = String::new();
        if let Some(output) = process.stdout.take() {
            BufReader::new(output).read_line(&mut address)?;
        }
        let address = address.trim().to_owned();
        if address.is_empty() {
            bail!("`node scripts/serve.js` did not say where it serves");
        }
        Ok(Self { address, process })
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        // It may have ended by itself; then there is nothing to end.
        let _ = self.process.kill().and_then(|()| self.process.wait());
    }
}

/// When a source last changed.
fn newest_source() -> Option<SystemTime> {
    SOURCES
        .iter()
        .filter_map(|source| newest(&root().join(source)))
        .max()
}

fn newest(path: &Path) -> Option<SystemTime> {
    let inside = fs::read_dir(path).into_iter().flatten().flatten();
    let own = fs::metadata(path)
        .and_then(|metadata| metadata.modified())
        .ok();
    inside
        .filter_map(|entry| newest(&entry.path()))
        .chain(own)
        .max()
}
