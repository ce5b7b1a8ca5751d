//! One voice among those that set something: a file, an environment variable, a flag.

use std::path::Path;

use toml::{Table, Value};

use super::Sources;
use super::shape::{self, Shape};

const PREFIX: &str = "TESSERA_";

/// Values from one place, and how a message names that place.
pub(super) struct Layer {
    pub(super) place: String,
    pub(super) values: Table,
}

/// All layers above the example, weakest first. What cannot be read is told.
pub(super) fn read(sources: &Sources<'_>, shape: &Shape, problems: &mut Vec<String>) -> Vec<Layer> {
    let mut layers = Vec::new();
    match sources.file.map(file) {
        Some(Ok(layer)) => layers.push(layer),
        Some(Err(problem)) => problems.push(problem),
        None => {}
    }
    let mut variables: Vec<_> =
        sources.environment.iter().filter(|(name, _)| name.starts_with(PREFIX)).collect();
    variables.sort();
    for (name, value) in variables {
        match key_of(name) {
            Some(key) => layers.extend(one(name.clone(), &key, value, shape)),
            None => problems.extend(nearly(name, shape)),
        }
    }
    for (flag, key, value) in &sources.flags {
        layers.extend(one((*flag).to_owned(), key, value, shape));
    }
    layers
}

fn file(path: &Path) -> Result<Layer, String> {
    let place = path.display().to_string();
    let text = std::fs::read_to_string(path).map_err(|error| format!("{place}: {error}"))?;
    let values =
        toml::from_str(&text).map_err(|error| format!("{place}: {}", error.to_string().trim_end()))?;
    Ok(Layer { place, values })
}

fn one(place: String, key: &str, text: &str, shape: &Shape) -> Option<Layer> {
    let mut values = Table::new();
    shape::set(&mut values, key, value(text, is_text(key, shape))).ok()?;
    Some(Layer { place, values })
}

/// `TESSERA_SERVER__LISTEN` → `server.listen`. Variables without `__` are not ours: container platforms set
/// `TESSERA_PORT` and the like for a service of that name.
fn key_of(name: &str) -> Option<String> {
    let rest = name.strip_prefix(PREFIX)?;
    rest.contains("__").then(|| rest.replace("__", ".").to_ascii_lowercase())
}

/// A single `_` where two belong is told, or the setting would be passed by in silence.
fn nearly(name: &str, shape: &Shape) -> Option<String> {
    let written = name.strip_prefix(PREFIX)?.to_ascii_lowercase();
    let meant = shape.keys().find(|key| key.replace('.', "_") == written)?;
    let right = meant.replace('.', "__").to_ascii_uppercase();
    Some(format!("{name}: did you mean {PREFIX}{right}? Between section and key stand two underscores"))
}

/// Whether the example has a text there: then `1234` is a text too, and no quotes are needed.
fn is_text(key: &str, shape: &Shape) -> bool {
    shape.example(key).is_some_and(Value::is_str)
}

fn value(text: &str, is_text: bool) -> Value {
    match text.parse::<Value>() {
        Ok(parsed) if !is_text || parsed.is_str() => parsed,
        _ => Value::String(text.to_owned()),
    }
}
