//! The commands of the README.
//!
//! ```text
//! cargo xtask serve [--port N]   builds the page and serves it; builds again when a source changes
//! cargo xtask build              builds the package (pkg/), the equations (www/generated/) and the page (dist/)
//! cargo xtask dist               builds what is published (dist/): the site, the page in one file, the npm package
//! cargo xtask opening            finds out anew what the page opens with (xtask/src/opening.txt)
//! cargo xtask test [quick]       runs every check; quick: those that need neither a browser nor Node
//! cargo xtask test export        runs exported scripts in PyTorch and Ray, which it installs (some gigabytes)
//! cargo xtask test jupyter       runs the notebook in JupyterLab, which it installs
//! cargo xtask test lighthouse    asks Lighthouse, which it installs, for its marks of the published page
//! cargo xtask bench --peers DIR [-- OPTIONS]
//!                                runs the comparison of training speed that DIR holds, with us in it
//! ```

mod bench;
mod build;
mod dist;
mod process;
mod serve;
mod split;
mod test;
mod tools;

use std::env;
use std::process::ExitCode;

use anyhow::{Context, Result, bail};

const USAGE: &str = "\
cargo xtask serve [--port N]   build the page and serve it; build again when a source changes
cargo xtask build              build the package (pkg/), the equations (www/generated/) and the page (dist/)
cargo xtask dist               build what is published (dist/): the site, the page in one file, the npm package
cargo xtask opening            find out anew what the page opens with (xtask/src/opening.txt)
cargo xtask test [quick]       run every check; quick: those that need neither a browser nor Node
cargo xtask test export        run exported scripts in PyTorch and Ray, which it installs (some gigabytes)
cargo xtask test jupyter       run the notebook in JupyterLab, which it installs
cargo xtask test lighthouse    ask Lighthouse, which it installs, for its marks of the published page
cargo xtask bench --peers DIR [-- OPTIONS]
                               run the comparison of training speed that DIR holds, with us in it; OPTIONS are its own";

fn main() -> ExitCode {
    match run() {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("error: {error:#}");
            ExitCode::FAILURE
        }
    }
}

fn run() -> Result<()> {
    let args: Vec<String> = env::args().skip(1).collect();
    let args: Vec<&str> = args.iter().map(String::as_str).collect();
    match args.as_slice() {
        ["serve"] => serve::run(None),
        ["serve", "--port", port] => serve::run(Some(
            port.parse().with_context(|| format!("{port} is no port"))?,
        )),
        ["opening"] => build::opening(),
        ["build"] => build::build(),
        ["dist"] => dist::dist(),
        ["test"] => test::all(),
        ["test", "quick"] => test::quick(),
        ["test", "export"] => test::export(),
        ["test", "jupyter"] => test::jupyter(),
        ["test", "lighthouse"] => test::lighthouse(),
        ["bench", "--peers", peers] => bench::run_against(peers, &[]),
        ["bench", "--peers", peers, "--", options @ ..] => bench::run_against(peers, options),
        [] | ["help" | "--help" | "-h"] => {
            println!("{USAGE}");
            Ok(())
        }
        other => bail!("there is no command `{}`\n{USAGE}", other.join(" ")),
    }
}
