//! `cargo xtask test`: every check, each announced, timed and summed up at the end.

use std::fs;
use std::io::{IsTerminal, stdout};
use std::path::PathBuf;
use std::process::Command;
use std::time::{Duration, Instant};

use anyhow::{Context, Result, bail};

use crate::build;
use crate::dist;
use crate::process::{command, root, run, target};
use crate::serve::Server;
use crate::tools::{self, WASM};

/// The checks of the Rust sources, on this machine.
pub fn quick() -> Result<()> {
    let mut report = Report::default();
    native(&mut report);
    report.finish()
}

/// All checks: the Rust sources here and as WebAssembly, the page's sources, and the page in a browser.
pub fn all() -> Result<()> {
    let mut report = Report::default();
    native(&mut report);
    report.stage("clippy, wasm", || {
        tools::wasm_target()?;
        run(command("cargo clippy --lib --package descent --target")
            .args([WASM, "--", "-D", "warnings"]))
    });
    if report.stage("build", build::build) {
        report.stage("biome", || {
            let colors = if stdout().is_terminal() {
                "force"
            } else {
                "off"
            };
            run(command("node node_modules/@biomejs/biome/bin/biome ci")
                .arg(format!("--colors={colors}")))
        });
        report.stage("types", || {
            run(&mut command(
                "node node_modules/typescript/bin/tsc --project tsconfig.json",
            ))?;
            run(&mut command(
                "node node_modules/typescript/bin/tsc --project tests/tsconfig.json",
            ))
        });
        report.stage("node", || {
            node_tests("tests/node", &mut command(NODE_TESTS))
        });
        report.stage("wasm in Chromium", wasm_in_chromium);
        report.stage("page in Chromium", page_in_chromium);
        report.stage("published page", published_page);
    }
    report.finish()
}

/// Exported scripts against PyTorch and Ray, in a virtual environment of their own.
pub fn export() -> Result<()> {
    let python = tools::python_with("export", "tests/reference/requirements-export.txt")?;
    run(command("cargo test --test export -- --ignored --nocapture").env("DESCENT_PYTHON", python))
}

/// The notebook in `JupyterLab`, in a virtual environment of its own, seen in Chromium.
pub fn jupyter() -> Result<()> {
    let python = tools::python_with("jupyter", "tests/jupyter/requirements.txt")?;
    let chromium = tools::chromium()?;
    dist::dist()?;
    let mut command = command(NODE_TESTS);
    command
        .env("DESCENT_PYTHON", python)
        .env("CHROMIUM", chromium)
        .env_remove("FIREFOX");
    node_tests("tests/jupyter", &mut command)
}

/// What Lighthouse says of the published page. It depends on what else the machine does, so it is a command of its own.
pub fn lighthouse() -> Result<()> {
    let chromium = tools::chromium()?;
    dist::dist()?;
    let folder = root().join("tests/lighthouse");
    run(command("npm ci --ignore-scripts --no-audit --no-fund").current_dir(&folder))?;
    run(command("node tests/lighthouse/run.js")
        .arg(target()?.join("lighthouse"))
        .env("CHROMIUM", chromium))
}

fn native(report: &mut Report) {
    report.stage("format", || {
        tools::rust_components()?;
        run(&mut command("cargo fmt --all --check"))
    });
    report.stage("clippy", || {
        run(&mut command(
            "cargo clippy --workspace --all-targets -- -D warnings",
        ))
    });
    report.stage("native", || {
        run(&mut command(
            "cargo test --lib --bins --tests --no-fail-fast",
        ))
    });
    report.stage("examples in the docs", || {
        run(&mut command("cargo test --doc"))
    });
}

const NODE_TESTS: &str = "node --test --test-reporter spec";

/// The tests in a folder, file by file: Node 20 takes a folder here and no pattern, Node 22 a pattern and no folder.
fn node_tests(folder: &str, command: &mut Command) -> Result<()> {
    let folder = root().join(folder);
    let entries = fs::read_dir(&folder).with_context(|| folder.display().to_string())?;
    let mut files: Vec<PathBuf> = entries
        .map(|entry| Ok(entry?.path()))
        .collect::<Result<_>>()?;
    files.retain(|file| file.to_string_lossy().ends_with(".test.js"));
    files.sort();
    run(command.args(files))
}

fn wasm_in_chromium() -> Result<()> {
    tools::chromium()?;
    run(command("wasm-pack test --headless --chrome").env("PATH", tools::wasm_pack_path()?))
}

fn page_in_chromium() -> Result<()> {
    let chromium = tools::chromium()?;
    let server = Server::start(0..=0)?;
    run(command("node node_modules/@playwright/test/cli.js test")
        .env("CHROMIUM", chromium)
        .env("DESCENT_URL", &server.address))
}

/// What is published, in Chromium and, where there is one or may be one, in Firefox.
fn published_page() -> Result<()> {
    let chromium = tools::chromium()?;
    let firefox = tools::firefox()?;
    dist::dist()?;
    let mut command = command(NODE_TESTS);
    // The tests of one machine would disturb each other.
    command
        .arg("--test-concurrency=1")
        .env("CHROMIUM", chromium);
    match firefox {
        Some(firefox) => command.env("FIREFOX", firefox),
        None => command.env_remove("FIREFOX"),
    };
    node_tests("tests/dist", &mut command)
}

/// What each stage came to.
#[derive(Default)]
struct Report {
    stages: Vec<(&'static str, Duration, bool)>,
}

impl Report {
    /// Runs one stage; says whether it passed.
    fn stage(&mut self, name: &'static str, work: impl FnOnce() -> Result<()>) -> bool {
        println!("\n==> {name}");
        let start = Instant::now();
        let outcome = work();
        if let Err(error) = &outcome {
            eprintln!("error: {error:#}");
        }
        self.stages.push((name, start.elapsed(), outcome.is_ok()));
        outcome.is_ok()
    }

    fn finish(self) -> Result<()> {
        println!();
        for (name, time, passed) in &self.stages {
            println!(
                "{:<24}{:>8.1} s  {}",
                name,
                time.as_secs_f64(),
                if *passed { "passed" } else { "FAILED" }
            );
        }
        let failed: Vec<_> = self
            .stages
            .iter()
            .filter(|(.., passed)| !passed)
            .map(|(name, ..)| *name)
            .collect();
        if !failed.is_empty() {
            bail!("failed: {}", failed.join(", "));
        }
        let seconds: f64 = self.stages.iter().map(|(_, t, _)| t.as_secs_f64()).sum();
        println!("all {} stages passed in {seconds:.0} s", self.stages.len());
        Ok(())
    }
}
