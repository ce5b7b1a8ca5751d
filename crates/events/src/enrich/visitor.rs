//! Visitors, told apart for one day and then no more.
//!
//! A visitor is SipHash-2-4 (Aumasson and Bernstein, 2012) of workspace, address and user agent under 128 bits that are
//! drawn for each UTC day. While a day's salt exists, who visited can be found out by trying addresses; once it is
//! forgotten, nobody can, we included. So salts are in one private file, never in a backup of the database or in the
//! rows, and each goes a day after its day. A day whose salt is gone gets a new one if its clock comes back: nobody is
//! recognised across it.

use std::fmt::Write as _;
use std::fs::{self, DirBuilder, File, OpenOptions};
use std::io::{self, Write as _};
use std::net::IpAddr;
use std::os::unix::fs::{DirBuilderExt, OpenOptionsExt};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use siphasher::sip::SipHasher24;
use tessera_types::{Chance, Stream, WorkspaceId};

use super::text::{USER_AGENT_BYTES_MAX, beginning};

/// The file in the events directory.
const FILE: &str = "salts";
const FIRST_LINE: &str = "tessera salts 1";
const DAY_MS: i64 = 86_400_000;
/// Days before and after today whose salts are kept: an event may be folded after midnight, and clocks differ.
const DAYS_KEPT: i64 = 1;
/// Salts in memory and in the file between two refreshes, however far apart the times of events are.
const SALTS_MAX: usize = 16;

/// The salts of the days around today, as they stand in the file.
pub(super) struct Salts {
    directory: PathBuf,
    chance: Arc<dyn Chance>,
    days: Vec<Salt>,
    /// The file lacks what stands here, because it could not be written.
    is_unwritten: bool,
    text: Vec<u8>,
}

struct Salt {
    day: i64,
    key: [u8; 16],
    hasher: SipHasher24,
}

impl Salt {
    fn new(day: i64, key: [u8; 16]) -> Self {
        Self { day, key, hasher: SipHasher24::new_with_key(&key) }
    }
}

impl Salts {
    /// Reads the file. One that is missing or cannot be read means new salts: whoever was seen today counts once more.
    pub(super) fn open(directory: &Path, chance: Arc<dyn Chance>) -> Self {
        let path = directory.join(FILE);
        let days = match fs::read_to_string(&path) {
            Ok(text) => parse(&text).unwrap_or_else(|| {
                tracing::warn!(file = %path.display(), "the visitors' salts are damaged; new ones are drawn");
                Vec::new()
            }),
            Err(error) if error.kind() == io::ErrorKind::NotFound => Vec::new(),
            Err(error) => {
                tracing::warn!(file = %path.display(), %error, "the visitors' salts cannot be read; new ones are drawn");
                Vec::new()
            }
        };
        Self { directory: directory.to_owned(), chance, days, is_unwritten: false, text: Vec::new() }
    }

    /// Never 0. Without an address, the user agent alone tells visitors apart.
    pub(super) fn visitor(
        &mut self,
        at_ms: i64,
        workspace: WorkspaceId,
        address: Option<IpAddr>,
        user_agent: &str,
    ) -> u64 {
        self.text.clear();
        self.text.extend_from_slice(workspace.uuid().as_bytes());
        // The length says which kind of address it is, so no two inputs make one text.
        match address {
            Some(IpAddr::V4(address)) => {
                self.text.push(4);
                self.text.extend_from_slice(&address.octets());
            }
            Some(IpAddr::V6(address)) => {
                self.text.push(16);
                self.text.extend_from_slice(&address.octets());
            }
            None => self.text.push(0),
        }
        self.text.extend_from_slice(beginning(user_agent, USER_AGENT_BYTES_MAX).as_bytes());
        let at = self.of_day(at_ms.div_euclid(DAY_MS));
        self.days[at].hasher.hash(&self.text).max(1)
    }

    /// Forgets the salts of days that are over for a day, and of days that are not to come soon.
    pub(super) fn forget(&mut self, now_ms: i64) {
        let today = now_ms.div_euclid(DAY_MS);
        let before = self.days.len();
        self.days.retain(|salt| (today - DAYS_KEPT..=today + DAYS_KEPT).contains(&salt.day));
        if before != self.days.len() || self.is_unwritten {
            self.write();
        }
    }

    /// Where the day's salt stands. A new one is in the file before its first use.
    fn of_day(&mut self, day: i64) -> usize {
        if let Some(at) = self.days.iter().position(|salt| salt.day == day) {
            return at;
        }
        if self.days.len() == SALTS_MAX {
            // The day furthest in the past: whoever is still to be told apart is likelier in the others.
            let oldest = (0..SALTS_MAX).min_by_key(|at| self.days[*at].day).unwrap_or(0);
            self.days.swap_remove(oldest);
        }
        let mut key = [0; 16];
        self.chance.fill(Stream::Salt, &mut key);
        self.days.push(Salt::new(day, key));
        self.write();
        self.days.len() - 1
    }

    /// Warns once for as long as it fails; [`Salts::forget`] tries again.
    fn write(&mut self) {
        match self.try_to_write() {
            Ok(()) => self.is_unwritten = false,
            Err(error) => {
                if !self.is_unwritten {
                    tracing::warn!(
                        directory = %self.directory.display(), %error,
                        "the visitors' salts cannot be written; after a restart, today's visitors count once more"
                    );
                }
                self.is_unwritten = true;
            }
        }
    }

    /// At one blow: after a crash there is the old file or the new one.
    fn try_to_write(&self) -> io::Result<()> {
        DirBuilder::new().recursive(true).mode(0o700).create(&self.directory)?;
        let (path, draft) = (self.directory.join(FILE), self.directory.join(format!("{FILE}.new")));
        let mut file = OpenOptions::new().write(true).create(true).truncate(true).mode(0o600).open(&draft)?;
        file.write_all(to_text(&self.days).as_bytes())?;
        file.sync_all()?;
        fs::rename(&draft, &path)?;
        File::open(&self.directory)?.sync_all()
    }
}

fn to_text(days: &[Salt]) -> String {
    let mut text = format!("{FIRST_LINE}\n");
    for salt in days {
        // Writing to a string cannot fail.
        let _ = writeln!(text, "{} {:032x}", salt.day, u128::from_be_bytes(salt.key));
    }
    text
}

/// `None` if anything but salts stands there.
fn parse(text: &str) -> Option<Vec<Salt>> {
    let mut lines = text.lines();
    if lines.next() != Some(FIRST_LINE) {
        return None;
    }
    let salt = |line: &str| {
        let (day, key) = line.split_once(' ')?;
        let key = (key.len() == 32).then(|| u128::from_str_radix(key, 16).ok())??;
        Some(Salt::new(day.parse().ok()?, key.to_be_bytes()))
    };
    lines.take(SALTS_MAX).map(salt).collect()
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;
    use std::os::unix::fs::PermissionsExt;

    use tempfile::TempDir;
    use tessera_types::{SeededChance, from_millis};

    use super::*;

    const NOON: i64 = 20_000 * DAY_MS + DAY_MS / 2;

    struct House {
        directory: TempDir,
        chance: Arc<SeededChance>,
        workspace: WorkspaceId,
    }

    impl House {
        fn new() -> Self {
            let chance = Arc::new(SeededChance::new(5));
            let workspace = WorkspaceId::new(from_millis(NOON), &*chance);
            Self { directory: TempDir::new().expect("a directory"), chance, workspace }
        }

        fn open(&self) -> Salts {
            Salts::open(self.directory.path(), self.chance.clone())
        }

        fn file(&self) -> PathBuf {
            self.directory.path().join(FILE)
        }

        /// Somebody at 192.0.2.1 with Firefox.
        fn somebody(&self, salts: &mut Salts, at_ms: i64) -> u64 {
            salts.visitor(at_ms, self.workspace, "192.0.2.1".parse().ok(), "Firefox")
        }
    }

    #[test]
    fn a_visitor_is_the_same_all_day_and_another_the_next() {
        let house = House::new();
        let mut salts = house.open();
        let today = house.somebody(&mut salts, NOON);
        assert_eq!(house.somebody(&mut salts, NOON + DAY_MS / 2 - 1), today);
        assert_eq!(house.somebody(&mut salts, NOON - DAY_MS / 2), today);
        assert_ne!(house.somebody(&mut salts, NOON + DAY_MS / 2), today);
        assert_ne!(house.somebody(&mut salts, NOON - DAY_MS / 2 - 1), today);
        // An event that is folded after midnight still belongs to its day.
        assert_eq!(house.somebody(&mut salts, NOON), today);
    }

    #[test]
    fn workspace_address_and_user_agent_each_make_another_visitor() {
        let house = House::new();
        let mut salts = house.open();
        let elsewhere = WorkspaceId::new(from_millis(NOON), &*house.chance);
        let mut of = |workspace, address: Option<&str>, user_agent| {
            salts.visitor(NOON, workspace, address.map(|text| text.parse().expect("an address")), user_agent)
        };
        let visitors = HashSet::from([
            of(house.workspace, Some("192.0.2.1"), "Firefox"),
            of(elsewhere, Some("192.0.2.1"), "Firefox"),
            of(house.workspace, Some("192.0.2.2"), "Firefox"),
            of(house.workspace, Some("::c000:201"), "Firefox"),
            of(house.workspace, None, "Firefox"),
            of(house.workspace, Some("192.0.2.1"), ""),
            of(house.workspace, None, ""),
        ]);
        assert_eq!((visitors.len(), visitors.contains(&0)), (7, false));
    }

    #[test]
    fn a_restart_keeps_todays_visitors() {
        let house = House::new();
        let before = house.somebody(&mut house.open(), NOON);
        assert_eq!(house.somebody(&mut house.open(), NOON), before);
        assert_eq!(house.file().metadata().expect("the file").permissions().mode() & 0o777, 0o600);
    }

    #[test]
    fn a_salt_is_forgotten_a_day_after_its_day_in_memory_and_in_the_file() {
        let house = House::new();
        let mut salts = house.open();
        let visitor = house.somebody(&mut salts, NOON);
        salts.forget(NOON + DAY_MS + DAY_MS / 2 - 1);
        assert_eq!(house.somebody(&mut salts, NOON), visitor);
        assert_eq!(fs::read_to_string(house.file()).expect("the file").lines().count(), 2);

        salts.forget(NOON + DAY_MS + DAY_MS / 2);
        assert_eq!(fs::read_to_string(house.file()).expect("the file"), format!("{FIRST_LINE}\n"));
        // Whoever comes with a time of that day meets a new salt, once.
        let after = house.somebody(&mut salts, NOON);
        assert_ne!(after, visitor);
        assert_eq!(house.somebody(&mut house.open(), NOON), after);
    }

    #[test]
    fn a_clock_that_was_ahead_and_steps_back_splits_no_day() {
        let house = House::new();
        let mut salts = house.open();
        let today = house.somebody(&mut salts, NOON);
        // An hour ahead, over midnight, and back again.
        let tomorrow = house.somebody(&mut salts, NOON + DAY_MS / 2 + 1);
        salts.forget(NOON + DAY_MS / 2 + 1);
        assert_eq!(house.somebody(&mut salts, NOON + 1), today);
        salts.forget(NOON + 1);
        assert_eq!(house.somebody(&mut salts, NOON + DAY_MS), tomorrow);
        // Ten days ahead: what that clock left behind goes when it is right again, and the day has another salt.
        let far = house.somebody(&mut salts, NOON + 10 * DAY_MS);
        salts.forget(NOON);
        assert_ne!(house.somebody(&mut salts, NOON + 10 * DAY_MS), far);
        assert_eq!(house.somebody(&mut salts, NOON), today);
    }

    #[test]
    fn times_from_all_over_keep_the_salts_few() {
        let house = House::new();
        let mut salts = house.open();
        for day in 0..100 {
            house.somebody(&mut salts, NOON + day * DAY_MS);
        }
        assert_eq!(salts.days.len(), SALTS_MAX);
        for at_ms in [i64::MIN, i64::MAX, -1] {
            assert_ne!(house.somebody(&mut salts, at_ms), 0);
        }
        salts.forget(i64::MAX);
        salts.forget(i64::MIN);
        assert_eq!(salts.days.len(), 0);
    }

    #[test]
    fn a_damaged_file_is_replaced_and_one_that_cannot_be_written_is_tried_again() {
        let house = House::new();
        for damage in
            ["", "tessera salts 2\n", "tessera salts 1\n20000 abc\n", "tessera salts 1\nx\n", "\u{0}"]
        {
            fs::write(house.file(), damage).expect("written");
            let visitor = house.somebody(&mut house.open(), NOON);
            assert_eq!(house.somebody(&mut house.open(), NOON), visitor, "{damage:?}");
        }

        let inside_a_file = house.file().join("events");
        let mut salts = Salts::open(&inside_a_file, house.chance.clone());
        let visitor = house.somebody(&mut salts, NOON);
        assert_eq!((house.somebody(&mut salts, NOON), salts.is_unwritten), (visitor, true));
        fs::remove_file(house.file()).expect("removed");
        salts.forget(NOON);
        assert!(!salts.is_unwritten);
        assert_eq!(house.somebody(&mut Salts::open(&inside_a_file, house.chance.clone()), NOON), visitor);
    }
}
