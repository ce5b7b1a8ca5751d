//! `tessera demo`: a deployment with a year behind it, for looking around.

use std::sync::Arc;

use serde_json::json;
use tessera_app::demo::{self, StoryChance, StoryClock, Wish};
use tessera_types::Clock;

use crate::cli::Demo;
use crate::data::DataDirectory;
use crate::ending::{Ending, Failure};
use crate::output::{say, say_json};
use crate::system::{SystemChance, SystemClock};
use crate::{log, open};

/// When it returns `Good`, everything is durable. Refuses if somebody has an account already.
pub(crate) async fn run(args: Demo) -> Result<Ending, Failure> {
    let settings = open::settings(&args.place, Vec::new())?;
    log::begin_quietly(&settings.log)?;
    let data = DataDirectory::create(&args.place.data)?;
    let _lock = data.lock()?;
    let wish = Wish { clicks: args.clicks, seed: args.seed, until: SystemClock::new().now() };
    let clock = Arc::new(StoryClock::before(wish.until));
    let chance = Arc::new(StoryChance::new(args.seed, Arc::new(SystemChance)));
    let app = open::told(settings, &data, clock.clone(), chance).await?;
    let filled = demo::fill(&app, &clock, &wish).await.map_err(Failure::failed)?;
    let url = app.settings.public_url().to_owned();
    app.db.clone().close().await;
    if args.json {
        say_json(&json!({
            "workspace_id": filled.workspace, "email": filled.email, "password": filled.password,
            "api_key": filled.api_key, "members": filled.members, "links": filled.links,
            "qr_codes": filled.qr_codes, "templates": filled.templates, "views": filled.views,
            "clicks": filled.clicks, "robots": filled.robots, "requests": filled.requests,
        }))?;
        return Ok(Ending::Good);
    }
    say(&format!(
        "A year of Harbour Lane Coffee is in {data}: {links} links, {codes} QR codes, {clicks} clicks ({robots} by robots), \
         {requests} API requests, {members} people.\n\n\
         Start:     tessera serve --data {data}\n\
         Open:      {url}/app\n\
         Log in as: {email}   {password}\n\
         API key:   {key}\n\n\
         Password and key are shown this once.",
        data = args.place.data.display(),
        links = filled.links,
        codes = filled.qr_codes,
        clicks = filled.clicks,
        robots = filled.robots,
        requests = filled.requests,
        members = filled.members,
        email = filled.email,
        password = filled.password,
        key = filled.api_key,
    ))?;
    Ok(Ending::Good)
}
