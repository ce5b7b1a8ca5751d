//! `tessera config check` and `tessera config print`.

use serde_json::json;

use crate::cli::ConfigArgs;
use crate::config::{self, Problems, Sources};
use crate::ending::{Ending, Failure};
use crate::output::{say, say_json};

pub(crate) fn check(args: &ConfigArgs) -> Result<Ending, Failure> {
    match load(args) {
        Ok(_) if args.json => say_json(&json!({ "problems": [] }))?,
        Ok(_) => say("ok")?,
        Err(problems) => {
            if args.json {
                say_json(&json!({ "problems": problems.0 }))?;
            }
            return Err(Failure::usage(problems));
        }
    }
    Ok(Ending::Good)
}

pub(crate) fn print(args: &ConfigArgs) -> Result<Ending, Failure> {
    let shown = config::blotted(&load(args).map_err(Failure::usage)?);
    match args.json {
        true => say_json(&shown)?,
        false => say(toml::to_string_pretty(&shown).map_err(Failure::failed)?.trim_end())?,
    }
    Ok(Ending::Good)
}

fn load(args: &ConfigArgs) -> Result<tessera_app::Settings, Problems> {
    config::load(&Sources::of_process(args.config.as_deref(), Vec::new()))
}
