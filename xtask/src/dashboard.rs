//! The dashboard: npm's part of the build, the checks and the tests.
//!
//! Nobody needs Node to have a Tessera: without it the server is built and run as it is, and says at `/app` what is
//! missing. `package-lock.json` decides every version; nothing is installed outside `dashboard/node_modules`.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, ExitCode};
use std::time::SystemTime;

use crate::Outcome;
use crate::command::{is_on_path, must, output, program, root, shown};
use crate::debian;

/// What Vite asks for; `engines` in `dashboard/package.json` says the same.
const NODE_MIN: (u32, u32) = (20, 19);
/// What the built files are made of.
const SOURCES: &[&str] = &[
    "src",
    "public",
    "scripts",
    "index.html",
    "package-lock.json",
    "vite.config.ts",
    "tsconfig.json",
    "../docs/guides",
    "../docs/img",
    "../docs/API.md",
];
const BUILT: &str = "dist/app/index.html";
/// npm writes it at the end of an installation.
const INSTALLED: &str = "node_modules/.package-lock.json";
const CHROMIUM: &str = "/usr/bin/chromium";

fn folder() -> PathBuf {
    root().join("dashboard")
}

/// Builds it if a source is newer than what was built.
pub(crate) fn build() -> Outcome {
    node()?;
    if is_stale(&folder())? {
        install()?;
        must(&mut npm(&["run", "--silent", "build"]))?;
    }
    Ok(ExitCode::SUCCESS)
}

/// As [`build`]; without Node or a network, says what will be missing and how to get it.
pub(crate) fn build_if_possible() {
    if let Err(wrong) = build() {
        eprintln!("no dashboard in this build: {wrong}");
        eprintln!("everything else works; `make run` again builds it once that is mended");
    }
}

/// Formats are nobody's business; what is wrong is: stale types, types that do not fit, forgotten promises, tests.
pub(crate) fn check() -> Result<(), String> {
    if !is_on_path("npm") {
        debian::install("nodejs", "the dashboard's checks need Node")?;
        debian::install("npm", "the dashboard's checks need npm")?;
    }
    node()?;
    install()?;
    for script in ["types:check", "typecheck", "lint", "test"] {
        step(&mut npm(&["run", "--silent", script])).map_err(|wrong| match script {
            "types:check" => {
                format!("{wrong}\n    fix: npm --prefix dashboard run types, and commit what changes")
            }
            _ => wrong,
        })?;
    }
    // Also measures the first load, which has a limit.
    step(&mut npm(&["run", "--silent", "build"]))
}

/// Stories in a real browser against the real binary.
pub(crate) fn test() -> Outcome {
    beside_binary("e2e")
}

/// Every page, light and dark, wide and narrow, into `dashboard/screenshots`.
pub(crate) fn screenshots() -> Outcome {
    beside_binary("screenshots")
}

/// Vite's server on port 5173, with the API of a running `make run` behind it.
pub(crate) fn develop() -> Outcome {
    node()?;
    install()?;
    must(&mut npm(&["run", "--silent", "dev"]))?;
    Ok(ExitCode::SUCCESS)
}

fn beside_binary(script: &str) -> Outcome {
    build()?;
    let binary = crate::run::build()?;
    let mut command = npm(&["run", "--silent", script]);
    must(command.env("TESSERA_BINARY", binary).env("CHROMIUM", chromium()?))?;
    Ok(ExitCode::SUCCESS)
}

fn chromium() -> Result<PathBuf, String> {
    if let Some(given) = std::env::var_os("CHROMIUM") {
        return Ok(given.into());
    }
    if !Path::new(CHROMIUM).exists() {
        debian::install("chromium", "the dashboard's tests need Chromium (or CHROMIUM=/path/to/it)")?;
    }
    Ok(CHROMIUM.into())
}

fn step(command: &mut Command) -> Result<(), String> {
    eprintln!("check: {}", shown(command));
    must(command)
}

fn npm(args: &[&str]) -> Command {
    let mut command = program("npm");
    command.args(args).current_dir(folder());
    command
}

/// Exactly what the lock file says, if it is not there yet.
fn install() -> Result<(), String> {
    let [wanted, there] = ["package-lock.json", INSTALLED].map(|name| changed(&folder().join(name)));
    if wanted <= there {
        return Ok(());
    }
    eprintln!("dashboard: npm ci");
    must(&mut npm(&["ci", "--silent", "--no-audit", "--no-fund"]))
}

/// That Node is there and young enough; or what to do.
fn node() -> Result<(), String> {
    let (major, minor) = NODE_MIN;
    let advice = format!("fix: install Node {major}.{minor} or newer with npm (https://nodejs.org)");
    if !is_on_path("node") || !is_on_path("npm") {
        return Err(format!("Node and npm are not on PATH\n    {advice}"));
    }
    let told = output(program("node").arg("--version"))?;
    match version(&told) {
        Some(found) if found >= NODE_MIN => Ok(()),
        _ => Err(format!("Node is too old (here: {})\n    {advice}", told.trim())),
    }
}

fn version(told: &str) -> Option<(u32, u32)> {
    let mut parts = told.trim().trim_start_matches('v').split('.');
    Some((parts.next()?.parse().ok()?, parts.next()?.parse().ok()?))
}

fn changed(path: &Path) -> Option<SystemTime> {
    fs::metadata(path).and_then(|about| about.modified()).ok()
}

/// Whether something that the build is made of is younger than the build.
fn is_stale(folder: &Path) -> Result<bool, String> {
    let Some(built) = changed(&folder.join(BUILT)) else { return Ok(true) };
    for source in SOURCES {
        if newest(&folder.join(source))? > Some(built) {
            return Ok(true);
        }
    }
    Ok(false)
}

fn newest(path: &Path) -> Result<Option<SystemTime>, String> {
    let mut found = changed(path);
    if path.is_dir() {
        let at = |error: std::io::Error| format!("{}: {error}", path.display());
        for entry in fs::read_dir(path).map_err(at)? {
            found = found.max(newest(&entry.map_err(at)?.path())?);
        }
    }
    Ok(found)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_version_of_node_is_read_and_compared() {
        assert_eq!(version("v20.19.4\n"), Some((20, 19)));
        assert!(version("v18.20.1").is_some_and(|found| found < NODE_MIN));
        assert_eq!(version("node"), None);
    }

    #[test]
    fn it_is_stale_before_the_first_build_and_after_a_change() {
        let folder = std::env::temp_dir().join(format!("tessera-dashboard-{}", std::process::id()));
        fs::create_dir_all(folder.join("src/deep")).expect("folders");
        fs::write(folder.join("src/deep/a.ts"), "").expect("a source");
        assert_eq!(is_stale(&folder), Ok(true));
        fs::create_dir_all(folder.join("dist/app")).expect("folders");
        fs::write(folder.join(BUILT), "").expect("a build");
        let built = changed(&folder.join(BUILT)).expect("a time");
        let source = fs::File::options().write(true).open(folder.join("src/deep/a.ts")).expect("the source");
        source.set_modified(built - std::time::Duration::from_secs(5)).expect("set");
        // The folders are as young as the build, which is not younger.
        let deep = fs::File::open(folder.join("src/deep")).expect("the folder");
        deep.set_modified(built).expect("set");
        fs::File::open(folder.join("src")).expect("the folder").set_modified(built).expect("set");
        assert_eq!(is_stale(&folder), Ok(false));
        source.set_modified(built + std::time::Duration::from_secs(5)).expect("set");
        assert_eq!(is_stale(&folder), Ok(true));
        fs::remove_dir_all(&folder).expect("removed");
    }
}
