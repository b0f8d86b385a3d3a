//! The layout's invariants, read from the imports of the sources. ARCHITECTURE.md says why each holds.

#![cfg(not(target_arch = "wasm32"))]

use std::fs;
use std::path::{Path, PathBuf};

/// What a module may import of the crate's other modules.
enum Rule {
    Only(&'static [&'static str]),
    Never(&'static [&'static str]),
}

/// The directions of dependency. A module that is not named here may import any other.
const DIRECTIONS: &[(&str, Rule)] = &[
    ("real", Rule::Only(&[])),
    ("error", Rule::Only(&[])),
    ("rng", Rule::Only(&[])),
    ("value", Rule::Only(&["error"])),
    ("args", Rule::Only(&["error", "value"])),
    ("linalg", Rule::Only(&["real", "error"])),
    (
        "problem",
        Rule::Never(&["optim", "nn", "data", "train", "tune", "plot", "web"]),
    ),
    (
        "optim",
        Rule::Only(&["linalg", "problem", "rng", "args", "value", "real", "error"]),
    ),
    (
        "nn",
        Rule::Never(&["optim", "train", "tune", "plot", "web"]),
    ),
    (
        "data",
        Rule::Never(&["optim", "nn", "train", "tune", "plot", "web"]),
    ),
    ("train", Rule::Never(&["tune", "plot", "web"])),
    ("tune", Rule::Never(&["plot", "web"])),
    ("plot", Rule::Only(&["train::history", "error"])),
];

/// The pieces that methods share; otherwise a method never imports another.
const SHARED_BY_METHODS: &[&str] = &[
    "adam",
    "weight_decay",
    "clip",
    "line_search",
    "quasi_newton",
    "direct",
    "exact_step",
    "relaxation",
    "population",
    "chains",
    "adaptation",
    "shape",
    "penalised",
    "certificate",
];

const WASM_CRATES: &[&str] = &[
    "wasm_bindgen",
    "js_sys",
    "web_sys",
    "serde_wasm_bindgen",
    "plotters_canvas",
    "tsify",
];

/// Who may import what in www/: `None` is nothing at all.
const PAGE_WITHOUT_IMPORTS: &[&str] = &["state.js", "protocol.js"];
const PAGE_WITH_PACKAGE: &[&str] = &["worker.js", "draw.js", "pool_worker.js"];

#[test]
fn dependencies_point_in_one_direction() {
    let mut faults = Vec::new();
    for source in sources("src", "rs") {
        let module = source.modules().first().cloned().unwrap_or_default();
        let Some((_, rule)) = DIRECTIONS.iter().find(|(name, _)| *name == module) else {
            continue;
        };
        for import in source.imports() {
            let top = import.split("::").next().unwrap_or_default();
            let within = |names: &[&str]| {
                names
                    .iter()
                    .any(|name| import == *name || import.starts_with(&format!("{name}::")))
            };
            let allowed = match rule {
                Rule::Only(names) => within(names),
                Rule::Never(names) => !within(names),
            };
            if top != module && !allowed {
                faults.push(format!("{} imports crate::{import}", source.name()));
            }
        }
    }
    assert!(faults.is_empty(), "{}", faults.join("\n"));
}

#[test]
fn methods_do_not_import_each_other() {
    let mut faults = Vec::new();
    for source in sources("src/optim", "rs") {
        let modules = source.modules();
        let [_, family, method] = modules.as_slice() else {
            continue;
        };
        for import in source.imports() {
            let parts: Vec<&str> = import.split("::").collect();
            let ["optim", of, other, ..] = parts.as_slice() else {
                continue;
            };
            let is_method = Path::new(env!("CARGO_MANIFEST_DIR"))
                .join(format!("src/optim/{of}/{other}.rs"))
                .is_file();
            if is_method && of == family && other != method && !SHARED_BY_METHODS.contains(other) {
                faults.push(format!("{} imports crate::{import}", source.name()));
            }
        }
    }
    assert!(faults.is_empty(), "{}", faults.join("\n"));
}

#[test]
fn the_browser_is_known_to_web_only() {
    let mut faults = Vec::new();
    for source in sources("src", "rs")
        .iter()
        .filter(|source| source.modules().first().is_none_or(|top| top != "web"))
    {
        for name in source.words().filter(|word| WASM_CRATES.contains(word)) {
            faults.push(format!("{} names {name}", source.name()));
        }
    }
    assert!(faults.is_empty(), "{}", faults.join("\n"));
}

#[test]
fn the_page_reaches_the_package_through_its_doors_only() {
    let mut faults = Vec::new();
    for source in sources("www", "js") {
        let file = source
            .path
            .strip_prefix("www")
            .unwrap_or(&source.path)
            .to_string_lossy()
            .into_owned();
        for import in source.page_imports() {
            let package = import.contains("pkg/") && !PAGE_WITH_PACKAGE.contains(&file.as_str());
            let worker = file.starts_with("views/") && import.ends_with("worker.js");
            if PAGE_WITHOUT_IMPORTS.contains(&file.as_str()) || package || worker {
                faults.push(format!("{} imports {import}", source.name()));
            }
        }
    }
    assert!(faults.is_empty(), "{}", faults.join("\n"));
}

#[test]
fn imports_are_read_in_every_form() {
    let source = |path: &str, text: &str| Source {
        path: path.into(),
        text: without_comments(text),
    };
    let deep = source(
        "src/optim/first_order/adam.rs",
        "use crate::{real::Real, nn::{self, loss::Loss}};\nuse super::Rule; use super::super::Step; // crate::plot\n\
         use super::super::super::data; fn f() { crate::train::run() }",
    );
    let imports = [
        "real::Real",
        "nn::self",
        "nn::loss::Loss",
        "optim::first_order::Rule",
        "optim::Step",
        "data",
        "train::run",
    ];
    assert_eq!(deep.imports(), imports);
    assert_eq!(source("src/lib.rs", "").modules(), [""; 0]);
    let page = source(
        "www/a.js",
        "import x from \"./b.js\";\nimport \"./c.js\";\nexport { y } from './d.js'; import(\"./e.js\")",
    );
    assert_eq!(
        page.page_imports(),
        ["./b.js", "./c.js", "./d.js", "./e.js"]
    );
    let typed = source(
        "www/a.js",
        "/** @type {import(\"./b.js\").B} */ // import \"./c.js\"",
    );
    assert!(typed.page_imports().is_empty());
}

/// A source file, without its comments.
struct Source {
    /// From the repository's root.
    path: PathBuf,
    text: String,
}

impl Source {
    fn name(&self) -> String {
        self.path.display().to_string()
    }

    /// `src/optim/first_order/adam.rs` → `optim`, `first_order`, `adam`; the crate's root has none.
    fn modules(&self) -> Vec<String> {
        let path = self.path.with_extension("");
        let parts = path
            .iter()
            .skip(1)
            .map(|part| part.to_string_lossy().into_owned());
        parts.filter(|part| part != "lib").collect()
    }

    fn words(&self) -> impl Iterator<Item = &str> {
        self.text.split(|c: char| !c.is_alphanumeric() && c != '_')
    }

    /// The paths that start at `crate` or `super`, from the crate's root, in the order of the text.
    fn imports(&self) -> Vec<String> {
        let modules = self.modules();
        let mut imports = Vec::new();
        let mut rest = self.text.as_str();
        while let Some(start) = ["crate::", "super::"]
            .iter()
            .filter_map(|word| find_word(rest, word))
            .min()
        {
            rest = &rest[start..];
            let supers = rest.split("::").take_while(|part| *part == "super").count();
            let skipped = if supers > 0 {
                supers * "super::".len()
            } else {
                "crate::".len()
            };
            rest = &rest[skipped..];
            let kept = if supers > 0 {
                modules.len().saturating_sub(supers)
            } else {
                0
            };
            let base: String = modules[..kept]
                .iter()
                .flat_map(|module| [module.as_str(), "::"])
                .collect();
            expand(&base, tree(rest), &mut imports);
        }
        imports
    }

    /// What a module of the page imports: the string after `from`, `import` or `import(`.
    fn page_imports(&self) -> Vec<String> {
        let strings = self
            .text
            .split_inclusive(['"', '\'', '`'])
            .zip(self.text.split(['"', '\'', '`']).skip(1));
        let imported = strings.filter(|(before, _)| {
            let before = before[..before.len() - 1]
                .trim_end()
                .trim_end_matches('(')
                .trim_end();
            before.ends_with("from") || before.ends_with("import")
        });
        imported.map(|(_, string)| string.to_owned()).collect()
    }
}

/// Where `word` stands in `text` and does not continue another word.
fn find_word(text: &str, word: &str) -> Option<usize> {
    let starts =
        |at: &usize| !text[..*at].ends_with(|c: char| c.is_alphanumeric() || c == '_' || c == ':');
    text.match_indices(word).map(|(at, _)| at).find(starts)
}

/// The use tree or path that `text` begins with.
fn tree(text: &str) -> &str {
    let mut depth = 0;
    let end = text.find(|c: char| {
        match c {
            '{' => depth += 1,
            '}' if depth > 0 => {
                depth -= 1;
                return false;
            }
            _ => {}
        }
        let path = c.is_alphanumeric() || matches!(c, '_' | ':' | '*' | '{');
        depth == 0 && !path
    });
    let end = end.unwrap_or(text.len());
    text[..end].trim_end_matches(':')
}

/// `a::{b, c::{d, e}}` → `a::b`, `a::c::d`, `a::c::e`, each after `base`.
fn expand(base: &str, tree: &str, paths: &mut Vec<String>) {
    let Some((stem, group)) = tree.split_once('{') else {
        let name = tree.split_whitespace().next().unwrap_or_default();
        if !name.is_empty() {
            paths.push(format!("{base}{name}"));
        }
        return;
    };
    let base = format!("{base}{stem}");
    let group = group.rsplit_once('}').map_or(group, |(group, _)| group);
    let mut depth = 0;
    let parts = group.split(|c: char| {
        match c {
            '{' => depth += 1,
            '}' => depth -= 1,
            _ => {}
        }
        c == ',' && depth == 0
    });
    for part in parts {
        expand(&base, part.trim(), paths);
    }
}

fn without_comments(text: &str) -> String {
    let mut kept = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(start) = rest.find("/*") {
        kept.push_str(&rest[..start]);
        rest = rest[start..]
            .split_once("*/")
            .map_or("", |(_, after)| after);
    }
    kept.push_str(rest);
    kept.lines()
        .map(|line| line.find("//").map_or(line, |at| &line[..at]))
        .flat_map(|line| [line, "\n"])
        .collect()
}

/// The sources with this extension under `folder`, in the order of their names.
fn sources(folder: &str, extension: &str) -> Vec<Source> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let mut found = Vec::new();
    let mut folders = vec![root.join(folder)];
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(folder)
            .expect("a folder of the layout")
            .flatten()
        {
            let path = entry.path();
            if path.is_dir() {
                folders.push(path);
            } else if path.extension().is_some_and(|found| found == extension) {
                let text = fs::read_to_string(&path).expect("a source is UTF-8");
                let path = path
                    .strip_prefix(root)
                    .expect("inside the repository")
                    .to_owned();
                found.push(Source {
                    path,
                    text: without_comments(&text),
                });
            }
        }
    }
    found.sort_by(|a, b| a.path.cmp(&b.path));
    found
}
