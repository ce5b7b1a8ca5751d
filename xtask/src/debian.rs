//! Programs that Debian packages: installed when we may, named with the exact line to type when not.

use crate::command::{is_on_path, must, output, program};

/// Installs a package. Not root, or not Debian: an error that says what to type.
pub(crate) fn install(package: &str, why: &str) -> Result<(), String> {
    if !is_on_path("apt-get") {
        return Err(format!("{why}\n    fix: install {package} with your system's package manager"));
    }
    if !is_root() {
        return Err(format!("{why}\n    fix: sudo apt-get update && sudo apt-get install -y {package}"));
    }
    eprintln!("xtask: installing {package}");
    must(program("apt-get").args(["update", "-qq"]).stdin(std::process::Stdio::null()))?;
    must(
        program("apt-get")
            .args(["install", "-y", "-qq", package])
            .env("DEBIAN_FRONTEND", "noninteractive")
            .stdin(std::process::Stdio::null()),
    )
}

pub(crate) fn is_root() -> bool {
    output(program("id").arg("-u")).is_ok_and(|id| id.trim() == "0")
}
