//! `cargo xtask serve`: the repository over http, on this machine only.

use std::fs::{self, File};
use std::io;
use std::net::{Ipv4Addr, SocketAddr};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::thread;
use std::time::{Duration, SystemTime};

use anyhow::{Result, anyhow};
use tiny_http::{Header, Method, Request, Response, Server};

use crate::build;
use crate::process::root;

/// What is built again when it changes.
const SOURCES: [&str; 4] = ["src", "scripts", "Cargo.toml", "package-lock.json"];

/// Builds the page, serves it on `port`, or on 8080 or the next that is free, and builds again when a source changes.
pub fn run(port: Option<u16>) -> Result<()> {
    build::build()?;
    let address = match port {
        Some(port) => start(port..=port)?,
        None => start(8080..=8179)?,
    };
    println!("\n    Descent is at http://{address}/  (Ctrl+C ends it)\n");
    let mut built = newest_source();
    loop {
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
}

/// Serves the repository from other threads on the first of `ports` that is free, as long as this program runs.
pub fn start(ports: impl IntoIterator<Item = u16>) -> Result<SocketAddr> {
    let mut refusal = anyhow!("no port to try");
    for port in ports {
        let address = SocketAddr::from((Ipv4Addr::LOCALHOST, port));
        match Server::http(address) {
            Ok(server) => {
                let bound = server.server_addr().to_ip().unwrap_or(address);
                let server = Arc::new(server);
                for _ in 0..4 {
                    let server = Arc::clone(&server);
                    thread::spawn(move || server.incoming_requests().for_each(answer));
                }
                return Ok(bound);
            }
            Err(error) => {
                refusal = anyhow!("cannot serve on {address}: {error}; try another --port");
            }
        }
    }
    Err(refusal)
}

fn answer(request: Request) {
    let readable = matches!(request.method(), Method::Get | Method::Head);
    let file = file_of(request.url())
        .filter(|_| readable)
        .and_then(|path| Some((File::open(&path).ok()?, path)));
    // A client that has gone away does not concern the others.
    let _: io::Result<()> = match file {
        Some((file, path)) => {
            let headers = [
                ("Content-Type", media_type(&path)),
                ("Cache-Control", "no-cache"),
            ];
            let response = headers
                .into_iter()
                .filter_map(header)
                .fold(Response::from_file(file), Response::with_header);
            request.respond(response)
        }
        None => {
            request.respond(Response::from_string("There is no such file.\n").with_status_code(404))
        }
    };
}

fn header((name, value): (&str, &str)) -> Option<Header> {
    Header::from_bytes(name, value).ok()
}

/// The file of the repository that a URL asks for; none for what is not there, not inside, or hidden.
fn file_of(url: &str) -> Option<PathBuf> {
    let path = decode(url.split(['?', '#']).next()?)?;
    let mut file = root().to_owned();
    for part in path.split('/').filter(|part| !part.is_empty()) {
        if part.starts_with('.') || part.contains(['\\', ':', '\0']) {
            return None;
        }
        file.push(part);
    }
    if file.is_dir() {
        file.push("index.html");
    }
    file.is_file().then_some(file)
}

/// `%41` → `A`; none if the result is not text.
fn decode(path: &str) -> Option<String> {
    let mut bytes = path.bytes();
    let mut decoded = Vec::with_capacity(path.len());
    while let Some(byte) = bytes.next() {
        decoded.push(match byte {
            b'%' => {
                let digits = [bytes.next()?, bytes.next()?];
                u8::from_str_radix(std::str::from_utf8(&digits).ok()?, 16).ok()?
            }
            byte => byte,
        });
    }
    String::from_utf8(decoded).ok()
}

fn media_type(file: &Path) -> &'static str {
    match file
        .extension()
        .and_then(|extension| extension.to_str())
        .unwrap_or_default()
    {
        "html" => "text/html; charset=utf-8",
        "js" | "mjs" => "text/javascript; charset=utf-8",
        "css" => "text/css; charset=utf-8",
        "wasm" => "application/wasm",
        "json" | "map" => "application/json",
        "svg" => "image/svg+xml",
        "png" => "image/png",
        "ico" => "image/x-icon",
        "woff2" => "font/woff2",
        "csv" => "text/csv; charset=utf-8",
        "md" | "txt" | "rs" | "ts" => "text/plain; charset=utf-8",
        _ => "application/octet-stream",
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn serves_what_is_inside_and_nothing_else() {
        assert_eq!(file_of("/Cargo.toml?x=1"), Some(root().join("Cargo.toml")));
        assert_eq!(
            file_of("/xtask/src/%6Dain.rs"),
            Some(root().join("xtask/src/main.rs"))
        );
        for outside in [
            "/../secret",
            "/%2e%2e/secret",
            "/.git/config",
            "/xtask/..%2f..",
            "/C:/x",
            "/%zz",
            "/%",
            "/no",
        ] {
            assert_eq!(file_of(outside), None, "{outside}");
        }
    }

    #[test]
    fn names_the_types_that_browsers_insist_on() {
        assert_eq!(
            media_type(Path::new("pkg/descent_bg.wasm")),
            "application/wasm"
        );
        assert!(media_type(Path::new("www/main.js")).starts_with("text/javascript"));
    }
}
