//! The file that says which country an address is in, for `run`.
//!
//! It is the one of ip-location-db that is in the public domain (CC0: from WHOIS, geofeeds and routing tables), brought
//! once by npm into the data directory, 7.8 MB. Nothing depends on it: without npm or a network, countries are unknown.

use std::fs::{self, DirBuilder};
use std::os::unix::fs::DirBuilderExt;
use std::path::Path;

use crate::command::{is_on_path, must, output, program, root};

const PACKAGE: &str = "@ip-location-db/geo-whois-asn-country-mmdb";
const IN_PACKAGE: &str = "package/geo-whois-asn-country.mmdb";
/// What the server looks for in its data directory.
const FILE: &str = "place.mmdb";

/// Brings the file if it is not there. Says in one line what it did, or why countries will be unknown.
pub(crate) fn bring(shown: &Path) {
    let data = root().join(shown);
    if data.join(FILE).exists() {
        return;
    }
    let wanted = match is_on_path("npm") {
        true => fetch(&data),
        false => Err("npm is not installed".to_owned()),
    };
    match wanted {
        Ok(()) => println!("countries: brought {FILE} (ip-location-db, CC0) into {}", shown.display()),
        Err(cause) => {
            let cause = cause.lines().next().unwrap_or_default().to_owned();
            println!("countries will be unknown: {cause}; an MMDB file at data/{FILE} changes that");
        }
    }
}

fn fetch(data: &Path) -> Result<(), String> {
    let io = |error: std::io::Error| error.to_string();
    // As the server makes it: nobody else's business.
    DirBuilder::new().recursive(true).mode(0o700).create(data).map_err(io)?;
    // Beside the place it is moved to, so that moving is one step and nobody meets half a file.
    let folder = data.join("place.new");
    let outcome =
        fetch_into(&folder).and_then(|()| fs::rename(folder.join(IN_PACKAGE), data.join(FILE)).map_err(io));
    let cleared = fs::remove_dir_all(&folder).map_err(io);
    outcome.and(cleared)
}

fn fetch_into(folder: &Path) -> Result<(), String> {
    fs::create_dir_all(folder).map_err(|error| error.to_string())?;
    let mut npm = program("npm");
    // One attempt: whoever is offline should not wait for the others.
    npm.args(["pack", "--silent", "--fetch-retries=0", "--fetch-timeout=60000", "--pack-destination"]);
    let packed =
        output(npm.arg(folder).arg(PACKAGE)).map_err(|_| format!("npm could not bring {PACKAGE}"))?;
    let packed = packed.lines().last().ok_or("npm did not say what it brought")?.to_owned();
    must(program("tar").arg("-xzmf").arg(folder.join(packed)).arg("-C").arg(folder).arg(IN_PACKAGE))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_that_is_there_is_left_alone() {
        let data = std::env::temp_dir().join(format!("tessera-place-{}", std::process::id()));
        fs::create_dir_all(&data).expect("a directory");
        fs::write(data.join(FILE), "mine").expect("written");
        bring(&data);
        assert_eq!(fs::read_to_string(data.join(FILE)).expect("the file"), "mine");
        assert_eq!(fs::read_dir(&data).expect("the directory").count(), 1);
        fs::remove_dir_all(&data).expect("removed");
    }
}
