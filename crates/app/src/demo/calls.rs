//! A year of requests with the demonstration's keys: habits, an afternoon on which the database was gone, and a night
//! on which the export ran into its limit.

use tessera_events::{CallClass, Method, RequestRow};
use tessera_types::{ApiKeyId, RequestId, SecretId, SeededChance, WorkspaceId, from_millis};

use super::dice::{Dice, Weighted};
use super::story::{Habit, KeyStory};
use super::traffic::{DAY_MS, DAYS, HOUR_MS};
use super::world::{HOURS, WEEKDAYS};

/// The day of the outage, and its first and last minute after midnight.
const OUTAGE: (i64, i64, i64) = (197, 13 * 60 + 5, 13 * 60 + 48);
/// The day of the export that asked too much.
const TOO_MUCH_DAY: i64 = 288;
const NIGHT_MS: i64 = 2 * HOUR_MS;
const NIGHT_LENGTH_MS: u64 = 720_000;

/// A key as it was made, with its part of the story.
pub(super) struct Held {
    pub(super) key: ApiKeyId,
    pub(super) secret: SecretId,
    pub(super) story: &'static KeyStory,
}

struct Call {
    method: Method,
    class: CallClass,
    route: &'static str,
    status: u16,
    /// The middle of its durations.
    latency_us: f64,
}

const fn call(method: Method, class: CallClass, route: &'static str, status: u16, latency_us: f64) -> Call {
    Call { method, class, route, status, latency_us }
}

/// What each kind of program asks, with weights. Some of it is wrong, as in life.
fn calls(habit: Habit) -> Weighted<Call> {
    use {CallClass as Class, Method as M};
    match habit {
        Habit::Daily => Weighted::new([
            (34.0, call(M::Post, Class::Write, "/v1/links", 201, 2_900.0)),
            (30.0, call(M::Get, Class::Read, "/v1/links/{id}", 200, 620.0)),
            (16.0, call(M::Get, Class::Read, "/v1/links", 200, 1_900.0)),
            (9.0, call(M::Patch, Class::Write, "/v1/links/{id}", 200, 2_600.0)),
            (4.0, call(M::Get, Class::Read, "/v1/links/{id}/qr", 200, 1_300.0)),
            (2.2, call(M::Get, Class::Read, "/v1/links/{id}", 404, 540.0)),
            (1.6, call(M::Post, Class::Write, "/v1/links", 422, 480.0)),
            (0.8, call(M::Post, Class::Write, "/v1/links", 409, 1_100.0)),
            (0.5, call(M::Delete, Class::Delete, "/v1/links/{id}", 204, 2_200.0)),
        ]),
        Habit::Always => Weighted::new([
            (70.0, call(M::Get, Class::Read, "/v1/links/{id}", 200, 600.0)),
            (28.0, call(M::Get, Class::Read, "/v1/links", 200, 1_700.0)),
            (2.0, call(M::Get, Class::Read, "/v1/links/{id}", 404, 520.0)),
        ]),
        Habit::Nightly => Weighted::new([
            (60.0, call(M::Get, Class::Read, "/v1/links", 200, 4_200.0)),
            (38.0, call(M::Get, Class::Read, "/v1/links/{id}", 200, 700.0)),
            (2.0, call(M::Get, Class::Read, "/v1/me", 200, 380.0)),
        ]),
    }
}

/// `count` requests of the year that begins at `from_ms`, by key, then by time.
pub(super) fn requests(
    workspace: WorkspaceId,
    from_ms: i64,
    seed: u64,
    keys: &[Held],
    count: u64,
) -> impl Iterator<Item = RequestRow<&str>> {
    let total: f64 = keys.iter().map(|held| held.story.weight).sum();
    keys.iter().enumerate().flat_map(move |(place, held)| {
        let wanted = (held.story.weight / total * count as f64).round() as u64;
        of_key(workspace, from_ms, Dice::new(seed, 9_000 + place as u64), held, wanted)
    })
}

fn of_key(
    workspace: WorkspaceId,
    from_ms: i64,
    mut dice: Dice,
    held: &Held,
    count: u64,
) -> std::vec::IntoIter<RequestRow<&'static str>> {
    let story = held.story;
    let first_day = from_ms.div_euclid(DAY_MS);
    let days = Weighted::new((story.made_day..DAYS).map(|day| {
        let weekday = WEEKDAYS[(first_day + day + 3).rem_euclid(7) as usize];
        let busy = if story.habit == Habit::Daily { weekday } else { 1.0 };
        (busy * (1.0 + 1.2 * day as f64 / DAYS as f64), day)
    }));
    let hours = Weighted::new(HOURS.iter().enumerate().map(|(hour, weight)| (*weight, hour as i64)));
    let calls = calls(story.habit);
    let chance = SeededChance::new(dice.next());
    let mut times: Vec<(i64, i64)> = (0..count)
        .map(|_| {
            let day = *dice.pick(&days);
            (day, instant(&mut dice, story.habit, &hours))
        })
        .collect();
    times.sort_unstable();
    let rows: Vec<_> = times
        .into_iter()
        .map(|(day, instant_ms)| {
            let call = dice.pick(&calls);
            let (status, latency_us) = outcome(&mut dice, story.habit, call, day, instant_ms);
            let at_ms = from_ms + day * DAY_MS + instant_ms;
            RequestRow {
                at_ms,
                workspace,
                key: held.key,
                secret: held.secret,
                id: RequestId::new(from_millis(at_ms), &chance),
                method: call.method,
                class: call.class,
                status,
                latency_us,
                route: call.route,
                address: story.address,
                country: story.country,
                user_agent: story.user_agent,
            }
        })
        .collect();
    rows.into_iter()
}

/// Milliseconds after midnight.
fn instant(dice: &mut Dice, habit: Habit, hours: &Weighted<i64>) -> i64 {
    match habit {
        Habit::Daily => dice.pick(hours) * HOUR_MS + dice.below(HOUR_MS as u64) as i64,
        Habit::Always => dice.below(DAY_MS as u64) as i64,
        Habit::Nightly => NIGHT_MS + dice.below(NIGHT_LENGTH_MS) as i64,
    }
}

/// Status and duration. Durations are spread like those of real services: most near the middle, some far above it.
fn outcome(dice: &mut Dice, habit: Habit, call: &Call, day: i64, instant_ms: i64) -> (u16, u32) {
    let minute = instant_ms / 60_000;
    let latency = call.latency_us * (0.45 * dice.normal()).exp() * if dice.chance(0.01) { 9.0 } else { 1.0 };
    if day == OUTAGE.0 && (OUTAGE.1..=OUTAGE.2).contains(&minute) && dice.chance(0.7) {
        return (503, 5_000_000 + dice.below(40_000) as u32);
    }
    if day == TOO_MUCH_DAY && habit == Habit::Nightly && dice.chance(0.4) {
        return (429, 210 + dice.below(90) as u32);
    }
    if dice.chance(0.0004) {
        return (500, (latency * 2.0) as u32);
    }
    (call.status, latency as u32)
}

#[cfg(test)]
mod tests {
    use tessera_types::to_millis;

    use super::super::story::KEYS;
    use super::*;

    const FROM_MS: i64 = 20_413 * DAY_MS;

    fn held() -> Vec<Held> {
        let chance = SeededChance::new(4);
        let now = from_millis(FROM_MS);
        KEYS.iter()
            .map(|story| Held {
                key: ApiKeyId::new(now, &chance),
                secret: SecretId::new(now, &chance),
                story,
            })
            .collect()
    }

    #[test]
    fn the_requests_of_a_year_are_repeatable_ordered_and_sometimes_wrong() {
        let (held, workspace) = (held(), WorkspaceId::new(from_millis(FROM_MS), &SeededChance::new(1)));
        let year = |seed| requests(workspace, FROM_MS, seed, &held, 20_000).collect::<Vec<_>>();
        let rows = year(1);
        assert_eq!(rows, year(1));
        assert_ne!(rows, year(2));
        assert!((19_990..=20_010).contains(&rows.len()), "{}", rows.len());
        for key in &held {
            let of_key: Vec<i64> =
                rows.iter().filter(|row| row.key == key.key).map(|row| row.at_ms).collect();
            assert!(of_key.is_sorted() && of_key.len() > 200);
            assert!(of_key[0] >= FROM_MS + key.story.made_day * DAY_MS);
            assert!(of_key.last().is_some_and(|last| *last < FROM_MS + DAYS * DAY_MS));
        }
        let wrong = rows.iter().filter(|row| row.status >= 400).count() as f64 / rows.len() as f64;
        assert!((0.02..0.08).contains(&wrong), "{wrong}");
        assert!(rows.iter().any(|row| row.status == 503) && rows.iter().any(|row| row.status == 429));
        assert!(rows.iter().all(|row| to_millis(from_millis(row.at_ms)) == row.at_ms));
    }
}
