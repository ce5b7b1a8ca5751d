//! The settings in force: the embedded example < a file < the environment < the command line.
//!
//! The example is the list of what exists. A name that is not in it is refused with the nearest that is, and
//! everything that is wrong anywhere is told at once.

mod layer;
mod shape;

use std::collections::BTreeMap;
use std::fmt;
use std::path::Path;

use tessera_app::Settings;
use toml::{Table, Value};

use layer::Layer;
use shape::Shape;

const EXAMPLE: &str = include_str!("../../../../tessera.example.toml");

/// What a person said: each layer beats the one before it.
#[derive(Debug, Default)]
pub struct Sources<'a> {
    pub file: Option<&'a Path>,
    /// Variables of the environment; those that are not ours are passed by.
    pub environment: Vec<(String, String)>,
    /// Flags, as `(flag, key, value)`.
    pub flags: Vec<(&'static str, &'static str, String)>,
}

impl<'a> Sources<'a> {
    /// The process's own environment, and these.
    #[allow(clippy::disallowed_methods, reason = "this is where settings are read, once")]
    pub fn of_process(file: Option<&'a Path>, flags: Vec<(&'static str, &'static str, String)>) -> Self {
        let text = |part: std::ffi::OsString| part.to_string_lossy().into_owned();
        let environment = std::env::vars_os().map(|(name, value)| (text(name), text(value))).collect();
        Self { file, environment, flags }
    }
}

/// Everything that is wrong, one line each, naming the key and where it was said.
#[derive(Debug, PartialEq, Eq)]
pub struct Problems(pub Vec<String>);

impl fmt::Display for Problems {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("the settings are wrong:")?;
        self.0.iter().try_for_each(|problem| write!(f, "\n  {problem}"))
    }
}

/// Reads and checks.
///
/// # Errors
/// Tells all that is wrong, not only the first.
pub fn load(sources: &Sources<'_>) -> Result<Settings, Problems> {
    let example: Table = toml::from_str(EXAMPLE).map_err(|error| Problems(vec![error.to_string()]))?;
    let shape = Shape::of(&example);
    let mut problems = Vec::new();
    let mut merged = Merged { values: example.clone(), said_by: BTreeMap::new() };
    for layer in layer::read(sources, &shape, &mut problems) {
        problems.extend(shape.unknown(&layer.values).map(|unknown| format!("{}: {unknown}", layer.place)));
        merged.add(layer, &shape);
    }
    let settings = merged.fit(&example, &mut problems);
    if let Some(settings) = &settings {
        problems.extend(settings.problems());
        problems.extend(beyond_types(settings));
    }
    match settings {
        Some(settings) if problems.is_empty() => Ok(settings),
        _ => Err(Problems(problems)),
    }
}

/// What only this crate can judge, since only it uses it.
fn beyond_types(settings: &Settings) -> impl Iterator<Item = String> {
    let level = tracing_subscriber::EnvFilter::try_new(&settings.log.level).err().map(|error| {
        format!("log.level: {error}; say error, warn, info, debug, trace, or \"info,tessera_app=debug\"")
    });
    let listen = &settings.metrics.listen;
    let is_address = listen.is_empty() || listen.parse::<std::net::SocketAddr>().is_ok();
    let metrics =
        (!is_address).then(|| "metrics.listen: empty, or an address like \"127.0.0.1:9464\"".to_owned());
    level.into_iter().chain(metrics)
}

struct Merged {
    values: Table,
    /// Who said the value of a key, for keys that are not as in the example.
    said_by: BTreeMap<String, String>,
}

impl Merged {
    fn add(&mut self, layer: Layer, shape: &Shape) {
        for (key, value) in shape::leaves(layer.values) {
            // Unknown keys were told already; kept, they would hide what else is wrong.
            if shape.is_known(&key) && shape::set(&mut self.values, &key, value).is_ok() {
                self.said_by.insert(key, layer.place.clone());
            }
        }
    }

    /// The values as settings. A value of the wrong type is told, then taken from the example, so that the
    /// next one is found too.
    fn fit(mut self, example: &Table, problems: &mut Vec<String>) -> Option<Settings> {
        loop {
            let error = match serde_path_to_error::deserialize(Value::Table(self.values.clone())) {
                Ok(settings) => return Some(settings),
                Err(error) => error,
            };
            let path = error.path().to_string();
            let words = error.inner().message().trim_end().to_owned();
            // Inside arrays the path goes on, `links.domains[0].host`; what was said is the array.
            let said = self.said_by.iter().find(|(key, _)| {
                path.strip_prefix(key.as_str())
                    .is_some_and(|rest| matches!(rest.bytes().next(), None | Some(b'.' | b'[')))
            });
            let Some((key, place)) = said.map(|(key, place)| (key.clone(), place.clone())) else {
                problems.push(format!("{path}: {words}"));
                return None;
            };
            problems.push(format!("{place}: {path}: {words}"));
            self.said_by.remove(&key);
            let original = shape::get(example, &key).cloned();
            original.and_then(|value| shape::set(&mut self.values, &key, value).ok())?;
        }
    }
}

/// The settings with what is secret blotted out, to be shown.
pub fn blotted(settings: &Settings) -> Settings {
    const BLOT: &str = "***";
    let mut shown = settings.clone();
    if !shown.metrics.token.is_empty() {
        shown.metrics.token = BLOT.to_owned();
    }
    if let Ok(mut url) = url::Url::parse(&shown.database.url) {
        if url.password().is_some() {
            let _ = url.set_password(Some(BLOT));
        }
        let pairs: Vec<(String, String)> = url.query_pairs().into_owned().collect();
        if pairs.iter().any(|(name, _)| is_secret(name)) {
            let shown =
                pairs.iter().map(|(name, value)| (name, if is_secret(name) { BLOT } else { value.as_str() }));
            url.query_pairs_mut().clear().extend_pairs(shown);
        }
        shown.database.url = url.into();
    }
    shown
}

/// Parameters with which PostgreSQL's drivers take secrets from a URL's query.
fn is_secret(parameter: &str) -> bool {
    parameter.contains("password")
}

#[cfg(test)]
mod tests;
