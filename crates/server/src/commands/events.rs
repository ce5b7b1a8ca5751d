//! `tessera events repair`: saves what is sound of a damaged event log.

use serde_json::json;

use crate::cli::Repair;
use crate::data::DataDirectory;
use crate::ending::{Ending, Failure};
use crate::output::{say, say_json};

/// Damaged files are kept beside the repaired ones as `*.damaged`. The server must be stopped: the lock sees to that.
pub(crate) fn repair(args: &Repair) -> Result<Ending, Failure> {
    let data = DataDirectory::existing(&args.data)?;
    let _lock = data.lock()?;
    let directory = data.events_path().join("log");
    let repaired = tessera_events::repair(&directory)
        .map_err(|error| Failure::failed(format!("{}: {error}", directory.display())))?;
    let lost: u64 = repaired.lost.iter().map(|lost| lost.bytes).sum();
    if args.json {
        let stretches = repaired.lost.iter().map(
            |lost| json!({ "file": lost.path.display().to_string(), "offset": lost.offset, "bytes": lost.bytes }),
        );
        say_json(&json!({
            "files": repaired.files, "kept": repaired.kept, "lost_bytes": lost, "lost": stretches.collect::<Vec<_>>(),
        }))?;
    } else {
        for lost in &repaired.lost {
            say(&format!("{}:{}: {} bytes could not be read", lost.path.display(), lost.offset, lost.bytes))?;
        }
        say(&match lost {
            0 => format!("The event log is sound: {} files, {} records.", repaired.files, repaired.kept),
            _ => format!(
                "Kept {} records, lost {lost} bytes. The damaged files are beside the repaired ones as *.damaged; \
                 delete them when you no longer need them.",
                repaired.kept
            ),
        })?;
    }
    Ok(if repaired.lost.is_empty() { Ending::Good } else { Ending::Found })
}
