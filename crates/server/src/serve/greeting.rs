//! The first words of a server: where it listens, and on a first start, what to do next.

use std::path::Path;

use tessera_app::App;

use crate::ending::Failure;

/// On a first start this holds the set-up link, which makes whoever opens it the owner: it goes to standard
/// output and into no log.
pub(super) async fn text(app: &App, data: &Path) -> Result<String, Failure> {
    let scheme = if app.settings.server.tls_certificate_file.is_empty() { "http" } else { "https" };
    let listening = format!("Listening on {scheme}://{}", app.settings.server.listen);
    let url = app.settings.public_url();
    let reference = match crate::dashboard::dashboard().is_built() {
        true => format!("Dashboard:     {url}/app\nAPI reference: {url}/api-docs"),
        false => format!("API reference: {url}/api-docs"),
    };
    let Some(setup) = tessera_app::accounts::setup_link(app).await? else {
        return Ok(format!("{listening}\n{reference}"));
    };
    let data = data.display();
    Ok(format!(
        "{listening}

Welcome to Tessera. Nobody has an account here yet. Make the first one in a browser; the link works once:

    {setup}

or without one, from another terminal:

    echo 'a long password' | tessera bootstrap --data {data} --email you@example.com --password-stdin

Either gives you an API key. Then:

    curl {url}/v1/links -H \"Authorization: Bearer $KEY\" --json '{{\"destination_url\": \"https://example.com\"}}'

{reference}"
    ))
}
