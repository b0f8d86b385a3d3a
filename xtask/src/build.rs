//! From the sources to the page: pkg/, www/generated/ and dist/.
//!
//! ```text
//! src/ ─ cargo → descent.wasm ─ wasm-bindgen, split, wasm-opt → pkg/ ─ catalogue, lessons, temml → www/generated/
//! node_modules/ ─ esbuild → www/generated/qr.js, zip.js
//! index.html, www/, pkg/ ─ esbuild → dist/
//! ```

use std::collections::hash_map::DefaultHasher;
use std::fs;
use std::hash::Hasher;
use std::panic::resume_unwind;
use std::path::{Path, PathBuf};
use std::slice;
use std::thread;
use std::time::Instant;

use anyhow::{Context, Result, ensure};
use wasm_bindgen_cli_support::Bindgen;

use crate::process::{command, root, run, target};
use crate::split::{marked, split};
use crate::tools::{self, WASM};

/// What the module may use of WebAssembly beyond its first version. Every browser has had all of it since 2023.
const FEATURES: [&str; 7] = [
    "--enable-bulk-memory",
    "--enable-multivalue",
    "--enable-mutable-globals",
    "--enable-nontrapping-float-to-int",
    "--enable-reference-types",
    "--enable-sign-ext",
    "--enable-simd",
];

/// What stands in pkg/: the names that `wasm-pack build --target web` gives, and the two parts that the page loads.
const PACKAGE: [&str; 7] = [
    "pkg/descent.js",
    "pkg/descent.d.ts",
    "pkg/descent_bg.wasm",
    "pkg/descent_first.wasm",
    "pkg/descent_rest.wasm",
    "pkg/descent_bg.wasm.d.ts",
    "pkg/package.json",
];

/// What stands in www/generated/.
const GENERATED: [&str; 5] = [
    "www/generated/equations.js",
    "www/generated/equations_more.js",
    "www/generated/slide_equations.js",
    "www/generated/qr.js",
    "www/generated/zip.js",
];

/// Installs what is missing and builds what is out of date.
pub fn build() -> Result<()> {
    let wasm = compile()?;
    let tools = [
        "Cargo.lock",
        "package-lock.json",
        "xtask/src/build.rs",
        "xtask/src/opening.txt",
        "xtask/src/rest.d.ts",
        "xtask/src/rest.js",
        "xtask/src/split.rs",
    ]
    .map(at_root);
    stage(
        "pkg",
        &[&tools[..], slice::from_ref(&wasm)].concat(),
        &PACKAGE.map(at_root),
        || package(&wasm),
    )?;
    let sources = [
        "pkg/descent.js",
        "pkg/descent_bg.wasm",
        "scripts/equations.js",
        "scripts/libraries.js",
        "www/slides/index.html",
        "package-lock.json",
    ]
    .map(at_root);
    stage("www/generated", &sources, &GENERATED.map(at_root), || {
        run(&mut command("node scripts/equations.js"))?;
        run(&mut command("node scripts/libraries.js"))
    })?;
    run(&mut command("node scripts/lessons.js"))?;
    run(&mut command("node scripts/bundle.js"))
}

/// What cargo makes of the sources.
fn compile() -> Result<PathBuf> {
    tools::wasm_target()?;
    tools::npm_packages()?;
    // The flags of .cargo/config.toml hold only where the environment names none: SIMD and the size of the stack.
    run(
        command("cargo build --release --lib --package descent --target")
            .arg(WASM)
            .env_remove("RUSTFLAGS"),
    )?;
    Ok(target()?.join(WASM).join("release/descent.wasm"))
}

/// The module and its JavaScript from what cargo built.
fn package(wasm: &Path) -> Result<()> {
    let folder = at_root("pkg");
    bind(wasm, &folder)?;
    let whole = fs::read(folder.join("descent_bg.wasm"))?;
    let (first, rest) = split(&whole)?;
    fs::write(folder.join("descent_first.wasm"), first)?;
    fs::write(folder.join("descent_rest.wasm"), rest)?;
    thread::scope(|scope| {
        let optimised = ["bg", "first", "rest"].map(|module| scope.spawn(move || optimise(module)));
        optimised
            .into_iter()
            .try_for_each(|done| done.join().unwrap_or_else(|panic| resume_unwind(panic)))
    })?;
    join(&folder)?;
    fs::write(folder.join("package.json"), package_json()).context("pkg/package.json")
}

/// wasm-bindgen's part: the module, with its names, and the JavaScript.
fn bind(wasm: &Path, folder: &Path) -> Result<()> {
    Bindgen::new()
        .input_path(wasm)
        .web(true)?
        .typescript(true)
        .omit_default_module_path(false)
        .remove_name_section(false)
        .remove_producers_section(true)
        .generate(folder)
}

/// Finds out which functions the opening page calls, and writes them where [`crate::split`] reads them.
pub fn opening() -> Result<()> {
    let wasm = compile()?;
    let copy = target()?.join("xtask/opening");
    bind(&wasm, &copy.join("pkg"))?;
    join(&copy.join("pkg"))?;
    let whole = fs::read(copy.join("pkg/descent_bg.wasm"))?;
    fs::write(copy.join("pkg/descent_first.wasm"), marked(&whole)?)?;
    run(command("node scripts/opening.js").arg(&copy))
}

fn optimise(module: &str) -> Result<()> {
    let file = format!("pkg/descent_{module}.wasm");
    run(
        command("node node_modules/binaryen/bin/wasm-opt -O3 --strip-debug")
            .args([&file, "--output", &file])
            .args(FEATURES),
    )
}

/// Teaches the JavaScript of the package to load the rest of the engine when the first part asks for it.
fn join(folder: &Path) -> Result<()> {
    let file = folder.join("descent.js");
    let script = fs::read_to_string(&file)?;
    let imports = "\"./descent_bg.js\": import0,";
    ensure!(
        script.contains(imports),
        "wasm-bindgen writes its imports in another way"
    );
    let with_rest = format!("{imports}\n        \"./descent_rest.js\": {{ load: joinRest }},");
    let script = script.replacen(imports, &with_rest, 1) + include_str!("rest.js");
    fs::write(&file, script).context("pkg/descent.js")?;
    let file = folder.join("descent.d.ts");
    let types = fs::read_to_string(&file)? + include_str!("rest.d.ts");
    fs::write(&file, types).context("pkg/descent.d.ts")
}

fn package_json() -> String {
    let version = env!("CARGO_PKG_VERSION");
    let license = env!("CARGO_PKG_LICENSE");
    format!(
        r#"{{
  "name": "descent",
  "version": "{version}",
  "license": "{license}",
  "type": "module",
  "main": "descent.js",
  "types": "descent.d.ts",
  "files": ["descent.js", "descent.d.ts", "descent_bg.wasm", "descent_bg.wasm.d.ts"],
  "sideEffects": false
}}
"#
    )
}

/// Does `work` unless `sources` and `products` are, byte for byte, those of its last success.
fn stage(
    name: &str,
    sources: &[PathBuf],
    products: &[PathBuf],
    work: impl FnOnce() -> Result<()>,
) -> Result<()> {
    let stamp = target()?
        .join("xtask")
        .join(name.replace('/', "-"))
        .with_extension("stamp");
    let fingerprint = || {
        Some(format!(
            "{:016x} {:016x}",
            digest(sources)?,
            digest(products)?
        ))
    };
    let last = fs::read_to_string(&stamp).ok();
    if last.is_some() && last == fingerprint() {
        return Ok(());
    }
    let start = Instant::now();
    work().with_context(|| format!("building {name}"))?;
    println!(
        "    Finished {name} in {:.1} s",
        start.elapsed().as_secs_f64()
    );
    let now = fingerprint().with_context(|| format!("{name} is not complete after its build"))?;
    fs::write(&stamp, now).with_context(|| stamp.display().to_string())
}

/// A digest of the contents; none if one of the files is not there.
fn digest(files: &[PathBuf]) -> Option<u64> {
    let mut hasher = DefaultHasher::new();
    for file in files {
        let content = fs::read(file).ok()?;
        hasher.write_usize(content.len());
        hasher.write(&content);
    }
    Some(hasher.finish())
}

fn at_root(path: &str) -> PathBuf {
    root().join(path)
}
