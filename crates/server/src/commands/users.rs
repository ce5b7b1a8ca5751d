//! `tessera users reset-password`: the way back in for somebody who forgot, without mail.

use serde_json::json;

use crate::cli::ResetPassword;
use crate::ending::{Ending, Failure};
use crate::open;
use crate::output::{say, say_json};

pub(crate) async fn reset_password(args: ResetPassword) -> Result<Ending, Failure> {
    let app = open::existing(&args.place).await?;
    let link = tessera_app::accounts::reset_link(&app, &args.email).await?;
    app.db.clone().close().await;
    let link = link.ok_or_else(|| Failure::failed(format!("nobody here has the address {}", args.email)))?;
    match args.json {
        true => say_json(&json!({ "reset_url": link }))?,
        false => say(&link)?,
    }
    Ok(Ending::Good)
}
