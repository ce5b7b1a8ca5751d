//! `tessera audit verify`: does every chain of the audit log still hold?

use crate::cli::Verify;
use crate::ending::{Ending, Failure};
use crate::open;
use crate::output::{say, say_json};

pub(crate) async fn verify(args: Verify) -> Result<Ending, Failure> {
    let app = open::existing(&args.place).await?;
    let verdict = tessera_app::audit::verify(&app).await?;
    match args.json {
        true => say_json(&verdict)?,
        false => {
            for fault in &verdict.faults {
                say(&format!("chain {}, row {}: {}", fault.chain, fault.seq, fault.what))?;
            }
            let faults = verdict.faults.len();
            say(&format!("{} chains, {} rows, {faults} faults", verdict.chains, verdict.rows))?;
        }
    }
    app.db.clone().close().await;
    Ok(if verdict.faults.is_empty() { Ending::Good } else { Ending::Found })
}
