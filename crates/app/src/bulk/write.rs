//! From records to things in the database, a batch in one transaction: what a call with JSON and a job with a file share.

use std::collections::HashMap;
use std::collections::hash_map::Entry;
use std::hash::{DefaultHasher, Hash, Hasher};

use serde_json::Value;
use tessera_db::Transaction;
use tessera_types::LogoId;

use crate::http::json::{self, Source};
use crate::links::{self, Address, Author};
use crate::problem::{Code, FieldError, Problem};
use crate::qr::{self, CreateQrCode, Desk};
use crate::{App, Change, logos, workspaces};

/// One record, and what it would be or why it cannot be.
pub(super) struct Row<T = Draft> {
    pub number: u32,
    pub drafted: Result<T, Vec<FieldError>>,
}

impl<T> Row<T> {
    pub(super) fn and_then<U>(self, next: impl FnOnce(T) -> Result<U, Vec<FieldError>>) -> Row<U> {
        Row { number: self.number, drafted: self.drafted.and_then(next) }
    }
}

/// What a record would be.
pub(super) enum Draft {
    Link(Box<links::Draft>),
    Code(Box<qr::Draft>),
}

impl Draft {
    /// # Errors
    /// Everything that is wrong with the body of `POST /v1/links`.
    pub(super) fn link(app: &App, by: &Author, body: Value) -> Result<Self, Vec<FieldError>> {
        let draft = links::Draft::read(app, by, body).map_err(|problem| problem.errors)?;
        Ok(Self::Link(Box::new(draft)))
    }

    /// # Errors
    /// The inner: everything that is wrong with the body of `POST /v1/qr-codes`, or that it would not scan. The outer: what no
    /// record is to blame for.
    pub(super) async fn code(
        desk: &mut Desk<'_>,
        body: Value,
    ) -> Result<Result<Self, Vec<FieldError>>, Problem> {
        let drafted = match json::fit::<CreateQrCode>(body, Source::Body) {
            Ok(wish) => desk.prepare(wish).await,
            Err(problem) => Err(problem),
        };
        match drafted {
            Ok(draft) => Ok(Ok(Self::Code(Box::new(draft)))),
            Err(problem) => refusal(problem).map(Err),
        }
    }

    fn own_link(&self) -> Option<&links::Draft> {
        match self {
            Self::Link(link) => Some(link),
            Self::Code(code) => code.link.as_ref(),
        }
    }

    fn own_link_mut(&mut self) -> Option<&mut links::Draft> {
        match self {
            Self::Link(link) => Some(link),
            Self::Code(code) => code.link.as_mut(),
        }
    }

    fn own_code_mut(&mut self) -> Option<&mut qr::Draft> {
        match self {
            Self::Link(_) => None,
            Self::Code(code) => Some(code),
        }
    }

    fn logo(&self) -> Option<LogoId> {
        match self {
            Self::Link(_) => None,
            Self::Code(code) => code.logo(),
        }
    }

    /// The address somebody asked for.
    fn wanted_address(&self) -> Option<Address> {
        self.own_link()?.wanted_address()
    }

    pub(super) fn has_link(&self) -> bool {
        self.own_link().is_some()
    }

    pub(super) fn has_password(&self) -> bool {
        self.own_link().is_some_and(links::Draft::has_password)
    }

    /// What it is once it is made.
    pub(super) fn thing(&self, app: &App) -> Thing<'_> {
        let (id, name, image_url) = match self {
            Self::Link(link) => (link.id(), link.title(), None),
            Self::Code(code) => (code.id(), code.name(), Some(code.image_url(app))),
        };
        let link = self.own_link();
        Thing {
            id,
            name,
            alias: link.map(links::Draft::alias),
            short_url: link.map(|link| link.short_url(app)),
            image_url,
        }
    }
}

/// A thing that was made, as answers and results name it.
pub(super) struct Thing<'a> {
    pub id: String,
    /// The title of a link.
    pub name: &'a str,
    /// `None` of a static code, as is the URL.
    pub alias: Option<&'a str>,
    pub short_url: Option<String>,
    /// Of a code.
    pub image_url: Option<String>,
}

/// What is wrong with one record.
///
/// # Errors
/// What is wrong with none of them: a database that is away, too much to do.
fn refusal(problem: Problem) -> Result<Vec<FieldError>, Problem> {
    match problem.code {
        Code::InvalidRequest => Ok(problem.errors),
        Code::Unscannable => {
            let whole = FieldError::new("style", "unscannable", problem.detail);
            Ok(std::iter::once(whole).chain(problem.errors).collect())
        }
        _ => Err(problem),
    }
}

/// Which addresses were asked for, and by which row.
///
/// A million of them are kept as hashes of 64 bits, some 40 MB. That two of a million meet by chance is one in 37 million;
/// then a good row is refused as a duplicate.
#[derive(Default)]
pub(super) struct Wanted(HashMap<u64, u32>);

impl Wanted {
    /// The earlier row that asks for the same address.
    pub(super) fn earlier(&mut self, number: u32, draft: &Draft) -> Option<u32> {
        let mut hasher = DefaultHasher::new();
        draft.wanted_address()?.hash(&mut hasher);
        let first = *self.0.entry(hasher.finish()).or_insert(number);
        (first != number).then_some(first)
    }
}

/// Refuses rows whose alias an earlier row asks for; `name` says which row that is.
pub(super) fn refuse_duplicates(rows: &mut [Row], wanted: &mut Wanted, name: impl Fn(u32) -> String) {
    for row in rows {
        let Ok(draft) = &row.drafted else { continue };
        if let Some(first) = wanted.earlier(row.number, draft) {
            let message = format!("{} has this alias too; give each its own", name(first));
            row.drafted = Err(vec![FieldError::new("alias", "duplicate", message)]);
        }
    }
}

/// Refuses rows whose alias is taken now. Until they are inserted it may still be.
pub(super) async fn refuse_taken(app: &App, rows: &mut [Row]) -> Result<(), Problem> {
    let wanted: Vec<(usize, Address)> = rows
        .iter()
        .enumerate()
        .filter_map(|(place, row)| Some((place, row.drafted.as_ref().ok()?.wanted_address()?)))
        .collect();
    for place in links::taken(app.db.read(), &wanted).await? {
        rows[place].drafted = Err(vec![taken()]);
    }
    Ok(())
}

/// Outside any transaction: each takes milliseconds.
pub(super) async fn hash_passwords(app: &App, rows: &mut [Row]) -> Result<(), Problem> {
    for link in rows.iter_mut().filter_map(|row| row.drafted.as_mut().ok()?.own_link_mut()) {
        link.hash_password(app).await?;
    }
    Ok(())
}

/// Inserts what can be inserted and refuses the rest, as far as the plan reaches. Gives what to announce with the commit.
///
/// # Errors
/// As the database.
pub(super) async fn write(
    app: &App,
    txn: &Transaction,
    by: &Author,
    rows: &mut [Row],
) -> Result<Vec<Change>, Problem> {
    // Of two batches at once, the later one counts the earlier.
    workspaces::lock(txn, by.workspace()).await?;
    refuse_beyond_plan(txn, by, rows).await?;
    refuse_without_logo(txn, by, rows).await?;
    let (places, mut drafts): (Vec<usize>, Vec<&mut links::Draft>) = rows
        .iter_mut()
        .enumerate()
        .filter_map(|(place, row)| Some((place, row.drafted.as_mut().ok()?.own_link_mut()?)))
        .unzip();
    for place in links::insert_drafts(app, txn, &mut drafts).await? {
        rows[places[place]].drafted = Err(vec![taken()]);
    }
    let mut codes: Vec<&mut qr::Draft> =
        rows.iter_mut().filter_map(|row| row.drafted.as_mut().ok()?.own_code_mut()).collect();
    qr::insert_drafts(txn, &mut codes).await?;
    Ok(rows.iter().filter_map(|row| Some(row.drafted.as_ref().ok()?.own_link()?.change())).collect())
}

async fn refuse_beyond_plan(txn: &Transaction, by: &Author, rows: &mut [Row]) -> Result<(), Problem> {
    let (mut links, mut codes) = (links::room(txn, by).await?, qr::room(txn, by).await?);
    for row in rows {
        let Ok(draft) = &row.drafted else { continue };
        let is_code = matches!(draft, Draft::Code(_));
        let (needed, has_link) = ([&mut links, &mut codes], draft.has_link());
        let full = match needed {
            [_, Some(0)] if is_code => Some("the plan holds no more QR codes"),
            [Some(0), _] if is_code && has_link => {
                Some("the plan holds no more links, and a dynamic code has one")
            }
            [Some(0), _] if has_link => Some("the plan holds no more links"),
            [links, codes] => {
                *links = links.map(|room| room - u64::from(has_link));
                *codes = codes.map(|room| room - u64::from(is_code));
                None
            }
        };
        if let Some(message) = full {
            row.drafted = Err(vec![FieldError::new("row", NO_ROOM, message)]);
        }
    }
    Ok(())
}

/// Refuses codes whose logo somebody has deleted meanwhile, and keeps the others' from being deleted.
async fn refuse_without_logo(txn: &Transaction, by: &Author, rows: &mut [Row]) -> Result<(), Problem> {
    let mut held: HashMap<LogoId, Option<Vec<FieldError>>> = HashMap::new();
    for row in rows {
        let Some(logo) = row.drafted.as_ref().ok().and_then(Draft::logo) else { continue };
        let missing = match held.entry(logo) {
            Entry::Occupied(known) => known.into_mut(),
            Entry::Vacant(new) => new.insert(match logos::hold(txn, by.workspace(), logo).await {
                Ok(()) => None,
                Err(problem) => Some(refusal(problem)?),
            }),
        };
        if let Some(errors) = missing {
            row.drafted = Err(errors.clone());
        }
    }
    Ok(())
}

fn taken() -> FieldError {
    FieldError::new("alias", "alias_taken", "another link of this domain has it")
}

pub(super) const NO_ROOM: &str = "plan_required";
