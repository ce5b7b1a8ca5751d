//! Which keys exist, and values by dotted key.
//!
//! Everything below `plans.tiers` has a name that the operator chose; there the names of the tiers are free and
//! the keys inside each are those of the example's tier.

use std::collections::BTreeMap;

use toml::{Table, Value};

/// The table whose names are free, and the example's entry in it, which shows what an entry holds.
const OPEN: &str = "plans.tiers.";
const OPEN_EXAMPLE: &str = "plans.tiers.standard.";

/// How unlike a name may be to what was probably meant: one typing error in three letters.
const TYPOS_PER_LETTERS: usize = 3;

pub(super) struct Shape {
    /// Each key with the example's value.
    keys: BTreeMap<String, Value>,
}

impl Shape {
    pub(super) fn of(example: &Table) -> Self {
        Self { keys: leaves(example.clone()).into_iter().collect() }
    }

    pub(super) fn is_known(&self, key: &str) -> bool {
        self.example(key).is_some()
    }

    /// What the example says there.
    pub(super) fn example(&self, key: &str) -> Option<&Value> {
        self.keys.get(&generic(key))
    }

    /// The example's keys, in order.
    pub(super) fn keys(&self) -> impl Iterator<Item = &str> {
        self.keys.keys().map(String::as_str)
    }

    /// One sentence for each key that does not exist.
    pub(super) fn unknown(&self, values: &Table) -> impl Iterator<Item = String> {
        let keys = leaves(values.clone()).into_iter().map(|(key, _)| key);
        keys.filter(|key| !self.is_known(key)).map(|key| match self.nearest(&key).join(" or ") {
            near if near.is_empty() => format!("there is no setting {key}"),
            near => format!("there is no setting {key}; did you mean {near}?"),
        })
    }

    /// The known keys most like this one, by the whole or by the last part in another section.
    fn nearest(&self, key: &str) -> Vec<&str> {
        let wanted = generic(key);
        let last = |key: &str| key.rsplit('.').next().unwrap_or_default().to_owned();
        let distance = |known: &str| {
            let whole = strsim::damerau_levenshtein(known, &wanted);
            let end = strsim::damerau_levenshtein(&last(known), &last(&wanted));
            // The right name in the wrong section is as near as one typing error.
            whole.min(end + 1)
        };
        let bearable = last(&wanted).len() / TYPOS_PER_LETTERS + 1;
        let least = self.keys().map(distance).min().unwrap_or(usize::MAX);
        self.keys().filter(|known| least <= bearable && distance(known) == least).collect()
    }
}

/// `plans.tiers.pro.keys_max` is judged as `plans.tiers.standard.keys_max`.
fn generic(key: &str) -> String {
    match key.strip_prefix(OPEN).and_then(|rest| rest.split_once('.')) {
        Some((_, field)) => format!("{OPEN_EXAMPLE}{field}"),
        None => key.to_owned(),
    }
}

/// Every value that is not a table, with its dotted key. An empty table counts as a value: it says something.
pub(super) fn leaves(table: Table) -> Vec<(String, Value)> {
    fn walk(prefix: &str, table: Table, found: &mut Vec<(String, Value)>) {
        for (name, value) in table {
            let key = if prefix.is_empty() { name } else { format!("{prefix}.{name}") };
            match value {
                Value::Table(inner) if !inner.is_empty() => walk(&key, inner, found),
                Value::Table(_) if prefix.is_empty() => {}
                value => found.push((key, value)),
            }
        }
    }
    let mut found = Vec::new();
    walk("", table, &mut found);
    found
}

pub(super) fn get<'a>(table: &'a Table, key: &str) -> Option<&'a Value> {
    match key.split_once('.') {
        None => table.get(key),
        Some((head, rest)) => get(table.get(head)?.as_table()?, rest),
    }
}

/// A key goes through a value that is no table.
#[derive(Debug)]
pub(super) struct NoTable;

/// Sets the value, making the tables on the way.
pub(super) fn set(table: &mut Table, key: &str, value: Value) -> Result<(), NoTable> {
    match key.split_once('.') {
        None => {
            table.insert(key.to_owned(), value);
            Ok(())
        }
        Some((head, rest)) => match table.entry(head).or_insert_with(|| Value::Table(Table::new())) {
            Value::Table(inner) => set(inner, rest, value),
            _ => Err(NoTable),
        },
    }
}
