//! `tessera pepper rotate`: a new pepper for new keys. The old ones stay, until no key needs them.

use serde_json::json;

use crate::cli::Rotate;
use crate::data::DataDirectory;
use crate::ending::{Ending, Failure};
use crate::output::{say, say_json};
use crate::system::SystemChance;

/// When it returns, the new pepper is durable. A server reads the file only at start, so it must be stopped:
/// the lock sees to that.
pub(crate) fn rotate(args: &Rotate) -> Result<Ending, Failure> {
    let data = DataDirectory::existing(&args.data)?;
    let _lock = data.lock()?;
    let Some(keyring) = data.keyring()? else {
        return Err(Failure::failed(format!("there is no pepper file {}", data.pepper_path().display())));
    };
    let rotated = keyring.rotated(&SystemChance);
    data.replace(&rotated)?;
    let (version, peppers) = (rotated.current(), rotated.versions().count());
    match args.json {
        true => say_json(&json!({ "version": version, "peppers": peppers }))?,
        false => say(&format!(
            "Pepper {version} is in use from the next start. Keys move to it when they are next used.\n\
             Make a new copy of {} and keep it apart from the database.",
            data.pepper_path().display()
        ))?,
    }
    Ok(Ending::Good)
}
