//! What the commands need beside Rust, and how it comes onto the machine.
//!
//! Each function looks first and installs only what is missing: Rust's parts with rustup, the JavaScript tools with
//! `npm ci`, programs of crates into target/tools, and Debian's Chromium and Firefox with apt where we may.

use std::env;
use std::ffi::OsString;
use std::fs;
use std::path::PathBuf;
use std::process::Command;

use anyhow::{Context, Result, bail};

use crate::process::{command, find, output, path_with, root, run, target};

/// The target that the page runs on.
pub const WASM: &str = "wasm32-unknown-unknown";

/// Adds the wasm target to the toolchain that rust-toolchain.toml names.
pub fn wasm_target() -> Result<()> {
    let libraries = output(command("rustc --print target-libdir --target").arg(WASM))?;
    if PathBuf::from(libraries).is_dir() {
        return Ok(());
    }
    println!("installing the target {WASM}");
    run(command("rustup target add").arg(WASM))
        .context("without rustup, install your distribution's Rust standard library for wasm32")
}

/// Adds rustfmt and clippy to the toolchain.
pub fn rust_components() -> Result<()> {
    for (program, component) in [("cargo-fmt", "rustfmt"), ("cargo-clippy", "clippy")] {
        if output(command(program).arg("--version")).is_err() {
            println!("installing {component}");
            run(command("rustup component add").arg(component))?;
        }
    }
    Ok(())
}

/// Checks Node, and installs the packages of package-lock.json unless they are there.
pub fn npm_packages() -> Result<()> {
    let version = output(&mut command("node --version"))
        .context("install Node 20 or later: https://nodejs.org")?;
    let major = version
        .trim_start_matches('v')
        .split('.')
        .next()
        .and_then(|major| major.parse::<u32>().ok());
    if major.is_none_or(|major| major < 20) {
        bail!("this is Node {version}; install Node 20 or later: https://nodejs.org");
    }
    let lock = fs::read(root().join("package-lock.json")).context("package-lock.json")?;
    let installed = root().join("node_modules/.installed-lock.json");
    if fs::read(&installed).is_ok_and(|installed| installed == lock) {
        return Ok(());
    }
    println!("installing the npm packages");
    run(&mut command("npm ci --ignore-scripts --no-audit --no-fund"))?;
    fs::write(&installed, lock).context("node_modules")
}

/// Finds Chromium or Chrome, and chromedriver on the PATH, or installs Debian's.
pub fn chromium() -> Result<PathBuf> {
    if let Some(chromium) = find_chromium() {
        return Ok(chromium);
    }
    let advice =
        "install Chromium and its chromedriver (Debian: apt-get install chromium chromium-driver)";
    if !may_install()? {
        bail!("no chromium and chromedriver on the PATH: {advice}");
    }
    println!("installing Chromium");
    install("chromium chromium-driver fonts-liberation").context(advice)?;
    find_chromium()
        .with_context(|| format!("apt-get ran, and there is no chromium on the PATH yet: {advice}"))
}

/// Finds Firefox, or installs Debian's. Without one, what is tested in both browsers is tested in Chromium alone.
pub fn firefox() -> Result<Option<PathBuf>> {
    let found = || {
        let named = env::var_os("FIREFOX")
            .map(PathBuf::from)
            .filter(|file| file.is_file());
        named.or_else(|| ["firefox-esr", "firefox"].into_iter().find_map(find))
    };
    if let Some(firefox) = found() {
        return Ok(Some(firefox));
    }
    if !may_install()? {
        println!("no firefox on the PATH: NOTHING IS TESTED IN FIREFOX");
        return Ok(None);
    }
    println!("installing Firefox");
    install("firefox-esr").context("install Firefox (Debian: apt-get install firefox-esr)")?;
    Ok(found())
}

/// Whether Debian's packages can be installed here, and by us.
fn may_install() -> Result<bool> {
    Ok(find("apt-get").is_some() && output(&mut command("id -u"))? == "0")
}

fn install(packages: &str) -> Result<()> {
    let install = format!("apt-get install --quiet --yes --no-install-recommends {packages}");
    for line in ["apt-get update --quiet", &install] {
        run(command(line).env("DEBIAN_FRONTEND", "noninteractive"))?;
    }
    Ok(())
}

/// A Python whose virtual environment in target/`name` holds the packages that the file `requirements` names.
pub fn python_with(name: &str, requirements: &str) -> Result<PathBuf> {
    let folder = target()?.join(name);
    let programs = folder.join(if cfg!(windows) { "Scripts" } else { "bin" });
    let python = programs.join("python");
    let wanted = fs::read(root().join(requirements)).context("the packages to install")?;
    let installed = folder.join("installed.txt");
    if fs::read(&installed).is_ok_and(|installed| installed == wanted) {
        return Ok(python);
    }
    println!("installing the packages of {requirements}");
    run(command("python3 -m venv").arg(&folder)).context(
        "install Python 3.11 or later with its module venv (Debian: apt-get install python3-venv)",
    )?;
    let install = [
        "-m",
        "pip",
        "install",
        "--quiet",
        "--requirement",
        requirements,
    ];
    run(Command::new(&python).args(install).current_dir(root()))?;
    fs::write(&installed, wanted).with_context(|| folder.display().to_string())?;
    Ok(python)
}

fn find_chromium() -> Option<PathBuf> {
    find("chromedriver")?;
    let named = env::var_os("CHROMIUM")
        .map(PathBuf::from)
        .filter(|file| file.is_file());
    named.or_else(|| {
        ["chromium", "chromium-browser", "google-chrome"]
            .into_iter()
            .find_map(find)
    })
}

/// A PATH on which wasm-pack and the programs it calls stand; those of wasm-bindgen at the version of Cargo.lock.
pub fn wasm_pack_path() -> Result<OsString> {
    run(&mut command(
        "cargo build --profile xtask --package xtask-wasm-bindgen",
    ))?;
    let programs = target()?.join("xtask");
    if find("wasm-pack").is_some() {
        return path_with(&[programs]);
    }
    let tools = target()?.join("tools");
    if !tools.join("bin/wasm-pack").is_file() {
        println!("installing wasm-pack");
        // It only calls other programs, so the build that is soonest done serves best.
        let install = "cargo install wasm-pack --version 0.15.1 --locked --debug";
        run(command(install)
            .arg("--root")
            .arg(&tools)
            .arg("--target-dir")
            .arg(tools.join("build"))
            .env("CARGO_PROFILE_DEV_OPT_LEVEL", "0")
            .env("CARGO_PROFILE_DEV_DEBUG", "false"))?;
    }
    path_with(&[programs, tools.join("bin")])
}
