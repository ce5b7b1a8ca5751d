//! `tessera bootstrap`: the first owner, the first workspace and a first key, without a browser.

use std::io::BufRead;

use serde_json::json;
use tessera_app::{accounts, keys};
use tessera_keys::Grant;

use crate::cli::Bootstrap;
use crate::data::DataDirectory;
use crate::ending::{Ending, Failure};
use crate::output::say_json;
use crate::{log, open};

/// When it returns `Good`, all three are durable. Refuses if somebody has an account already.
pub(crate) async fn run(args: Bootstrap) -> Result<Ending, Failure> {
    if !args.password_stdin {
        return Err(Failure::usage("give the password on standard input, and say so with --password-stdin"));
    }
    // Before anything is made: an owner without the key that was asked for is half a bootstrap.
    let scopes = scopes(&args.key_scopes)?;
    let password = password()?;
    let settings = open::settings(&args.place, Vec::new())?;
    log::begin_quietly(&settings.log)?;
    let app = open::app(settings, &DataDirectory::create(&args.place.data)?, open::Role::Command).await?;

    let (name, named) = (args.name.as_deref(), args.workspace.as_deref());
    let (user, workspace) = accounts::bootstrap(&app, &args.email, &password, name, named).await?;
    let key = match &scopes {
        Some(scopes) => Some(keys::mint_as_operator(&app, workspace, "Bootstrap", scopes).await?),
        None => None,
    };
    say_json(&json!({ "user_id": user, "workspace_id": workspace, "api_key": key }))?;
    app.db.clone().close().await;
    Ok(Ending::Good)
}

fn scopes(text: &str) -> Result<Option<Vec<String>>, Failure> {
    if text == "none" {
        return Ok(None);
    }
    let names: Vec<String> = text.split(',').map(|name| name.trim().to_owned()).collect();
    Grant::request(&names).map_err(|error| Failure::usage(format!("--key-scopes: {error}")))?;
    Ok(Some(names))
}

/// The first line, without its end: what `echo` and `pass` print.
fn password() -> Result<String, Failure> {
    let mut line = String::new();
    let read = std::io::stdin().lock().read_line(&mut line);
    read.map_err(|error| Failure::failed(format!("standard input: {error}")))?;
    let password = line.strip_suffix('\n').unwrap_or(&line);
    Ok(password.strip_suffix('\r').unwrap_or(password).to_owned())
}
