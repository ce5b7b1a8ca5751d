//! Counting: one worker goes through blocks of rows and keeps a tally per group.
//!
//! Within a block the rows of a stretch are selected, each gets the number of its group, and each measure goes over them on
//! its own. The number of a group is looked up in a small table indexed by the codes of the row, which is
//! filled as combinations are met; a group that rows of one link share is looked up once for all of them.

use std::collections::HashMap;
use std::hash::{BuildHasherDefault, Hasher};
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use super::AskError;
use super::latency::Latencies;
use super::plan::{CODE_BITS, Dim, Plan, label_codes};
use super::select::{Joining, Sieve, Stretch, stretches};
use super::visitors::Visitors;
use crate::store::{Block, Codes, Column, Columns, Field, Run, Values};
use crate::{Question, Robots};

/// Memory that the groups of one question may take.
pub const QUESTION_BYTES_MAX: usize = 512 << 20;
/// Combinations of codes that are looked up in a table; more are hashed.
const TABLE_MAX: usize = 1 << 17;
/// What a group takes besides visitors and latencies: its key twice, its place and its tally.
const GROUP_BYTES: usize = 24 + size_of::<Tally>();
/// In tests few, so that few rows make too many.
const GROUPS_MAX: usize = if cfg!(test) { 2_000 } else { Question::GROUPS_MAX };
const NO_GROUP: u32 = u32::MAX;

/// The numbers of one group.
#[derive(Debug, Default)]
pub(super) struct Tally {
    pub(super) count: u64,
    pub(super) robots: u64,
    pub(super) errors: u64,
    pub(super) visitors: Visitors,
    pub(super) latencies: Latencies,
}

impl Tally {
    fn merge(&mut self, other: Self) {
        self.count += other.count;
        self.robots += other.robots;
        self.errors += other.errors;
        self.visitors.merge(other.visitors);
        self.latencies.merge(other.latencies);
    }

    fn bytes(&self) -> usize {
        self.visitors.bytes() + self.latencies.bytes()
    }
}

/// Keys of groups are codes packed together: a multiplication spreads them well enough.
#[derive(Default)]
pub(super) struct KeyHasher(u64);

impl Hasher for KeyHasher {
    fn finish(&self) -> u64 {
        self.0
    }

    fn write(&mut self, bytes: &[u8]) {
        for byte in bytes {
            self.write_u64(u64::from(*byte));
        }
    }

    fn write_u64(&mut self, key: u64) {
        let product = u128::from(self.0 ^ key) * 0x9e37_79b9_7f4a_7c15;
        self.0 = (product >> 64) as u64 ^ product as u64;
    }
}

/// One thread's share of an answer.
pub(super) struct Worker<'p> {
    plan: &'p Plan<'p>,
    columns: &'p Columns<'p>,
    /// What all threads' groups take together.
    bytes: &'p AtomicUsize,
    bytes_known: usize,
    /// Rows since the groups were last measured.
    rows_unsettled: usize,
    places: HashMap<u64, u32, BuildHasherDefault<KeyHasher>>,
    pub(super) keys: Vec<u64>,
    pub(super) tallies: Vec<Tally>,
    pub(super) total: Tally,
    pub(super) rows_scanned: u64,
    scratch: Scratch,
}

/// Kept between blocks, so that it is allocated once.
#[derive(Default)]
struct Scratch {
    selected: Vec<u32>,
    locals: Vec<u32>,
    groups: Vec<u32>,
    table: Vec<u32>,
    table_base: Option<u64>,
    counts: Vec<u32>,
}

/// What counts, and as what.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Pass {
    Robots,
    Counted,
}

/// The columns of one block that a question needs.
struct Loaded<'p> {
    sieve: Sieve,
    dims: Vec<RowDim<'p>>,
    visitors: Option<Arc<Column>>,
    /// With, for each code, whether it is an error.
    statuses: Option<(Arc<Column>, Vec<bool>)>,
    latencies: Option<Arc<Column>>,
    /// What runs decide, in the order of dimensions.
    run_dims: Vec<RunDim>,
}

/// A dimension that all rows of a run share.
enum RunDim {
    /// The number of each run, from the first one that is looked at.
    Numbers { first: usize, numbers: Vec<u32> },
    /// Of links, which the runs know.
    Labels(Arc<Column>),
}

/// A dimension that differs from row to row.
struct RowDim<'p> {
    shift: u32,
    /// Numbers that codes are turned into, and with that how many codes there are.
    numbers: Vec<u32>,
    codes: RowCodes<'p>,
}

enum RowCodes<'p> {
    Column(Arc<Column>),
    /// Rows of one run at a time, and the interval that code 0 is.
    Times {
        column: Arc<Column>,
        starts: &'p [i64],
        first: usize,
    },
}

impl<'p> Worker<'p> {
    pub(super) fn new(plan: &'p Plan<'p>, columns: &'p Columns<'p>, bytes: &'p AtomicUsize) -> Self {
        Self {
            plan,
            columns,
            bytes,
            bytes_known: 0,
            rows_unsettled: 0,
            places: HashMap::default(),
            keys: Vec::new(),
            tallies: Vec::new(),
            total: Tally::default(),
            rows_scanned: 0,
            scratch: Scratch::default(),
        }
    }

    /// Adds the rows of one block.
    ///
    /// # Errors
    ///
    /// If a column cannot be read, or there are too many groups, or they take too much memory.
    pub(super) fn add(&mut self, block: &Block) -> Result<(), AskError> {
        let plan = self.plan;
        let is_by_run =
            plan.dims.iter().any(|dim| matches!(dim, Dim::Workspace(_) | Dim::Owner(_) | Dim::Label(_)));
        let joining = if is_by_run || plan.is_by_time() { Joining::RunByRun } else { Joining::Joined };
        let found = stretches(&plan.choice, &plan.range, block, self.columns, joining)?;
        if found.is_empty() {
            return Ok(());
        }
        let loaded = self.load(block, &found)?;
        self.scratch.table_base = None;
        for stretch in &found {
            self.rows_scanned += stretch.rows.len() as u64;
            self.rows_unsettled += stretch.rows.len();
            let bases = bases(plan, &loaded, stretch);
            if plan.wants.robots {
                self.count(&loaded, stretch, &bases, Pass::Robots);
            }
            self.count(&loaded, stretch, &bases, Pass::Counted);
        }
        self.settle()
    }

    fn load(&self, block: &Block, found: &[Stretch]) -> Result<Loaded<'p>, AskError> {
        let (plan, columns) = (self.plan, self.columns);
        let wants = plan.wants;
        let is_robots_known =
            plan.question.kind == crate::Kind::Click && (wants.robots || plan.robots != Robots::Include);
        let sieve = Sieve::new(&plan.choice, is_robots_known, block, columns)?;
        let get = |is_wanted: bool, field| is_wanted.then(|| columns.get(block, field)).transpose();
        let statuses = get(wants.errors, Field::Status)?.map(|column| {
            let is_error = match &*column {
                Column::Coded(_, Values::Numbers(numbers)) => {
                    numbers.iter().map(|status| *status >= 400).collect()
                }
                _ => Vec::new(),
            };
            (column, is_error)
        });
        let mut loaded = Loaded {
            sieve,
            dims: Vec::new(),
            visitors: get(wants.visitors, Field::Visitor)?,
            statuses,
            latencies: get(wants.latency, Field::Latency)?,
            run_dims: Vec::new(),
        };
        for (at, dim) in plan.dims.iter().enumerate() {
            self.load_dim(block, found, at as u32 * CODE_BITS, dim, &mut loaded)?;
        }
        Ok(loaded)
    }

    fn load_dim(
        &self,
        block: &Block,
        found: &[Stretch],
        shift: u32,
        dim: &'p Dim,
        loaded: &mut Loaded<'p>,
    ) -> Result<(), AskError> {
        match dim {
            Dim::Coded { field, is_continent, book } => {
                let column = self.columns.get(block, *field)?;
                if let Column::Coded(_, values) = &*column {
                    let numbers = book.numbers(values, *is_continent)?;
                    loaded.dims.push(RowDim { shift, numbers, codes: RowCodes::Column(column) });
                }
            }
            Dim::Time(times) => {
                let first = times.place(block.first_ms().max(self.plan.range.start));
                let last = times.place(block.last_ms().min(self.plan.range.end - 1));
                let numbers = times.codes[first..=last].to_vec();
                let column = self.columns.get(block, Field::Time)?;
                let codes = RowCodes::Times { column, starts: &times.starts, first };
                loaded.dims.push(RowDim { shift, numbers, codes });
            }
            Dim::Workspace(book) | Dim::Owner(book) => {
                let sort = self.columns.get(block, Field::Sort)?;
                let Column::Sort(runs) = &*sort else { return Ok(()) };
                let is_owner = matches!(dim, Dim::Owner(_));
                let id = |stretch: &Stretch| {
                    let Run { workspace, owner, .. } = runs.list()[stretch.run];
                    if is_owner { owner } else { workspace }
                };
                let numbers = book.ids(found.iter().map(id))?;
                let first = found.first().map_or(0, |stretch| stretch.run);
                let last = found.last().map_or(0, |stretch| stretch.run);
                let mut of_run = vec![0; last + 1 - first];
                for (stretch, number) in found.iter().zip(numbers) {
                    of_run[stretch.run - first] = number;
                }
                loaded.run_dims.push(RunDim::Numbers { first, numbers: of_run });
            }
            Dim::Label(_) => {
                loaded.run_dims.push(RunDim::Labels(self.columns.get(block, Field::Sort)?));
            }
        }
        Ok(())
    }

    fn count(&mut self, loaded: &Loaded<'_>, stretch: &Stretch, bases: &[u64], pass: Pass) {
        let robots = if pass == Pass::Robots { Robots::Only } else { self.plan.robots };
        let wants = self.plan.wants;
        let needs_rows = pass == Pass::Counted && (wants.visitors || wants.errors || wants.latency);
        if loaded.dims.is_empty()
            && !needs_rows
            && let Some(count) = loaded.sieve.count(&stretch.rows, robots)
        {
            return self.count_all(bases, count, pass);
        }
        let mut scratch = std::mem::take(&mut self.scratch);
        loaded.sieve.select(&stretch.rows, robots, &mut scratch.selected);
        if !scratch.selected.is_empty() {
            if wants.total {
                tally_all(&mut self.total, loaded, &scratch.selected, pass);
            }
            for base in bases.iter().filter(|_| !self.plan.dims.is_empty()) {
                if loaded.dims.is_empty() {
                    let group = self.group(*base);
                    tally_all(&mut self.tallies[group as usize], loaded, &scratch.selected, pass);
                } else if !self.count_by_table(loaded, *base, &mut scratch, pass) {
                    self.number(loaded, *base, &mut scratch);
                    tally_each(&mut self.tallies, loaded, &scratch, pass);
                }
            }
        }
        self.scratch = scratch;
    }

    fn count_all(&mut self, bases: &[u64], count: u64, pass: Pass) {
        if count == 0 {
            return;
        }
        let add = |tally: &mut Tally| match pass {
            Pass::Robots => tally.robots += count,
            Pass::Counted => tally.count += count,
        };
        if self.plan.wants.total {
            add(&mut self.total);
        }
        for base in bases.iter().filter(|_| !self.plan.dims.is_empty()) {
            let group = self.group(*base);
            add(&mut self.tallies[group as usize]);
        }
    }

    fn group(&mut self, key: u64) -> u32 {
        let (keys, tallies) = (&mut self.keys, &mut self.tallies);
        *self.places.entry(key).or_insert_with(|| {
            keys.push(key);
            tallies.push(Tally::default());
            keys.len() as u32 - 1
        })
    }

    /// Counts combinations of codes before groups, where nothing but their number is wanted and rows are many enough.
    fn count_by_table(&mut self, loaded: &Loaded<'_>, base: u64, scratch: &mut Scratch, pass: Pass) -> bool {
        let is_number_all = pass == Pass::Robots
            || loaded.visitors.is_none() && loaded.statuses.is_none() && loaded.latencies.is_none();
        let size = loaded.dims.iter().try_fold(1usize, |size, dim| size.checked_mul(dim.numbers.len()));
        let size = size.filter(|size| is_number_all && *size <= TABLE_MAX && *size <= scratch.selected.len());
        let Some(size) = size else { return false };
        scratch.locate(loaded);
        scratch.counts.clear();
        scratch.counts.resize(size, 0);
        for local in &scratch.locals {
            scratch.counts[*local as usize] += 1;
        }
        for (local, count) in scratch.counts.iter().enumerate().filter(|(_, count)| **count > 0) {
            let group = self.group(base | key_of(&loaded.dims, local as u32));
            let tally = &mut self.tallies[group as usize];
            let number = if pass == Pass::Robots { &mut tally.robots } else { &mut tally.count };
            *number += u64::from(*count);
        }
        true
    }

    /// Writes the group of each selected row to `scratch.groups`.
    fn number(&mut self, loaded: &Loaded<'_>, base: u64, scratch: &mut Scratch) {
        let size = loaded.dims.iter().try_fold(1usize, |size, dim| size.checked_mul(dim.numbers.len()));
        let is_worth_it =
            |size: usize| scratch.table_base == Some(base) || scratch.selected.len() * 8 >= size;
        match size.filter(|size| *size <= TABLE_MAX && is_worth_it(*size)) {
            Some(size) => {
                scratch.locate(loaded);
                if scratch.table_base != Some(base) {
                    scratch.table.clear();
                    scratch.table.resize(size, NO_GROUP);
                    scratch.table_base = Some(base);
                }
                scratch.groups.clear();
                for local in &scratch.locals {
                    let known = &mut scratch.table[*local as usize];
                    if *known == NO_GROUP {
                        *known = self.group(base | key_of(&loaded.dims, *local));
                    }
                    scratch.groups.push(*known);
                }
            }
            None => {
                let mut keys = vec![base; scratch.selected.len()];
                for dim in &loaded.dims {
                    let with = |key, code: usize| key | u64::from(dim.numbers[code]) << dim.shift;
                    dim.fold(&scratch.selected, &mut keys, with);
                }
                scratch.groups.clear();
                scratch.groups.extend(keys.into_iter().map(|key| self.group(key)));
            }
        }
    }

    /// Accounts for what the groups take by now.
    fn settle(&mut self) -> Result<(), AskError> {
        if self.tallies.len() > GROUPS_MAX {
            return Err(AskError::Groups);
        }
        // Measuring goes over all groups, so it waits until as many rows went by.
        if self.rows_unsettled < self.tallies.len() {
            return Ok(());
        }
        self.rows_unsettled = 0;
        let inside = if self.plan.wants.visitors || self.plan.wants.latency {
            self.tallies.iter().chain([&self.total]).map(Tally::bytes).sum()
        } else {
            0
        };
        let bytes = inside + self.tallies.len() * GROUP_BYTES;
        let grown = bytes.saturating_sub(self.bytes_known);
        self.bytes_known = self.bytes_known.max(bytes);
        if self.bytes.fetch_add(grown, Ordering::Relaxed) + grown > QUESTION_BYTES_MAX {
            return Err(AskError::Memory { bytes_max: QUESTION_BYTES_MAX });
        }
        Ok(())
    }

    /// Takes over what another thread counted.
    ///
    /// # Errors
    ///
    /// If there are too many groups.
    pub(super) fn merge(&mut self, other: Worker<'_>) -> Result<(), AskError> {
        self.rows_scanned += other.rows_scanned;
        self.total.merge(other.total);
        for (key, tally) in other.keys.into_iter().zip(other.tallies) {
            let group = self.group(key);
            self.tallies[group as usize].merge(tally);
        }
        if self.tallies.len() > GROUPS_MAX { Err(AskError::Groups) } else { Ok(()) }
    }
}

/// The keys that all rows of a stretch share, before what differs from row to row: one, or one for each label.
fn bases(plan: &Plan<'_>, loaded: &Loaded<'_>, stretch: &Stretch) -> Vec<u64> {
    let mut bases = vec![0u64];
    let mut by_run = loaded.run_dims.iter();
    for (at, dim) in plan.dims.iter().enumerate() {
        let shift = at as u32 * CODE_BITS;
        match dim {
            Dim::Time(_) | Dim::Coded { .. } => {}
            Dim::Workspace(_) | Dim::Owner(_) => {
                if let Some(RunDim::Numbers { first, numbers }) = by_run.next() {
                    let number = u64::from(numbers[stretch.run - first]);
                    bases.iter_mut().for_each(|base| *base |= number << shift);
                }
            }
            Dim::Label(labels) => {
                if let Some(RunDim::Labels(sort)) = by_run.next()
                    && let Column::Sort(runs) = &**sort
                {
                    let codes = label_codes(labels, runs.list()[stretch.run].owner);
                    let with = |base: u64| codes.iter().map(move |code| base | u64::from(*code) << shift);
                    bases = bases.iter().flat_map(|base| with(*base)).collect();
                }
            }
        }
    }
    bases
}

/// The key of a place in the table of combinations.
fn key_of(dims: &[RowDim<'_>], local: u32) -> u64 {
    let mut rest = local as usize;
    dims.iter().rev().fold(0, |key, dim| {
        let code = rest % dim.numbers.len();
        rest /= dim.numbers.len();
        key | u64::from(dim.numbers[code]) << dim.shift
    })
}

impl Scratch {
    /// Writes the combination of codes of each selected row to `locals`.
    fn locate(&mut self, loaded: &Loaded<'_>) {
        self.locals.clear();
        self.locals.resize(self.selected.len(), 0);
        for dim in &loaded.dims {
            let size = dim.numbers.len() as u32;
            dim.fold(&self.selected, &mut self.locals, |local, code| local * size + code as u32);
        }
    }
}

impl RowDim<'_> {
    /// Works the code of each selected row into what stands for that row.
    fn fold<V: Copy>(&self, selected: &[u32], into: &mut [V], with: impl Fn(V, usize) -> V) {
        let each = into.iter_mut().zip(selected);
        match &self.codes {
            RowCodes::Column(column) => match &**column {
                Column::Coded(Codes::Bytes(codes), _) => {
                    each.for_each(|(value, row)| *value = with(*value, usize::from(codes[*row as usize])));
                }
                Column::Coded(Codes::Words(codes), _) => {
                    each.for_each(|(value, row)| *value = with(*value, usize::from(codes[*row as usize])));
                }
                _ => each.for_each(|(value, _)| *value = with(*value, 0)),
            },
            // Rows of one run come in the order of time, so the interval is looked up only when one ends.
            RowCodes::Times { column, starts, first } => {
                if let Column::Times(times) = &**column {
                    let (mut place, mut end) = (*first, i64::MIN);
                    for (value, row) in each {
                        let at = times[*row as usize];
                        if at >= end {
                            place = starts.partition_point(|start| *start <= at).saturating_sub(1);
                            end = starts.get(place + 1).copied().unwrap_or(i64::MAX);
                        }
                        *value = with(*value, place - first);
                    }
                }
            }
        }
    }
}

fn tally_all(tally: &mut Tally, loaded: &Loaded<'_>, selected: &[u32], pass: Pass) {
    if pass == Pass::Robots {
        tally.robots += selected.len() as u64;
        return;
    }
    tally.count += selected.len() as u64;
    if let Some(Column::Hashes(visitors)) = loaded.visitors.as_deref() {
        tally.visitors.reserve(selected.len());
        tally.visitors.insert_all(selected.iter().map(|row| visitors[*row as usize]));
    }
    if let Some((column, is_error)) = &loaded.statuses
        && let Column::Coded(codes, _) = &**column
    {
        tally.errors += selected.iter().filter(|row| is_error[codes.at(**row as usize)]).count() as u64;
    }
    if let Some(Column::Numbers(latencies)) = loaded.latencies.as_deref() {
        selected.iter().for_each(|row| tally.latencies.insert(latencies[*row as usize]));
    }
}

fn tally_each(tallies: &mut [Tally], loaded: &Loaded<'_>, scratch: &Scratch, pass: Pass) {
    let (selected, groups) = (&scratch.selected, &scratch.groups);
    if pass == Pass::Robots {
        groups.iter().for_each(|group| tallies[*group as usize].robots += 1);
        return;
    }
    groups.iter().for_each(|group| tallies[*group as usize].count += 1);
    let each = || selected.iter().map(|row| *row as usize).zip(groups.iter().map(|group| *group as usize));
    if let Some(Column::Hashes(visitors)) = loaded.visitors.as_deref() {
        each().for_each(|(row, group)| tallies[group].visitors.insert(visitors[row]));
    }
    if let Some((column, is_error)) = &loaded.statuses
        && let Column::Coded(codes, _) = &**column
    {
        each().for_each(|(row, group)| tallies[group].errors += u64::from(is_error[codes.at(row)]));
    }
    if let Some(Column::Numbers(latencies)) = loaded.latencies.as_deref() {
        each().for_each(|(row, group)| tallies[group].latencies.insert(latencies[row]));
    }
}
