//! A year of clicks, from how much each link is clicked on each day.
//!
//! The clicks come in the order in which they are kept: by link, then by time. They are drawn a day at a time, as they
//! are asked for, so two million of them take no memory; each link draws from dice of its own.

use tessera_events::{Channels, ClickRow, Trigger, Utm};
use tessera_types::{LinkId, WorkspaceId};

use super::dice::{Dice, Weighted};
use super::story::{Kind, LinkStory, SPLIT, Shape};
use super::world::{COUNTRIES, Country, DEVICES, HOURS, ROBOTS, WEEKDAYS, referrers};

pub(super) const DAYS: i64 = 365;
pub(super) const DAY_MS: i64 = 86_400_000;
pub(super) const HOUR_MS: i64 = 3_600_000;
/// Of all clicks.
const ROBOTS_SHARE: f64 = 0.08;
/// Of the visits to a link, those by somebody who was there earlier on the same day.
const RETURNS_SHARE: f64 = 0.17;
/// Of the visits to a link on a poster; the others typed it.
const SCANS_SHARE: f64 = 0.9;
const SCANS_ELSEWHERE_SHARE: f64 = 0.015;

/// A link as it was made, with its part of the story.
pub(super) struct Told {
    pub(super) id: LinkId,
    pub(super) domain: String,
    pub(super) story: &'static LinkStory,
}

/// How the clicks of a year are spread.
pub(super) struct Plan {
    pub(super) workspace: WorkspaceId,
    /// The first instant of the year.
    pub(super) from_ms: i64,
    seed: u64,
    /// In the order of their ids.
    pub(super) links: Vec<Told>,
    /// Clicks of each link on each day.
    clicks: Vec<Vec<u64>>,
}

impl Plan {
    /// Spreads exactly `clicks` over links and days. `until_ms` is a midnight (UTC).
    pub(super) fn new(
        workspace: WorkspaceId,
        until_ms: i64,
        seed: u64,
        links: Vec<Told>,
        clicks: u64,
    ) -> Self {
        let from_ms = until_ms - DAYS * DAY_MS;
        let weights: Vec<Vec<f64>> = links.iter().map(|link| weights(link.story, from_ms, seed)).collect();
        let total: f64 = weights.iter().flatten().sum();
        // Each day gets what the running sum has grown by, in whole clicks: nothing is lost by rounding.
        let (mut sum, mut given) = (0.0, 0_u64);
        let mut share = |weight: &f64| {
            sum += weight;
            let until = ((sum / total * clicks as f64).round() as u64).clamp(given, clicks);
            let fresh = until - given;
            given = until;
            fresh
        };
        let clicks = weights.iter().map(|days| days.iter().map(&mut share).collect()).collect();
        Self { workspace, from_ms, seed, links, clicks }
    }

    /// Every click of the year.
    pub(super) fn clicks(&self) -> Clicks<'_> {
        Clicks {
            plan: self,
            world: World::new(),
            link: 0,
            day: 0,
            under_way: None,
            drawn: Vec::new().into_iter(),
        }
    }
}

/// How much a link is clicked on each day of the year, in no unit.
fn weights(story: &LinkStory, from_ms: i64, seed: u64) -> Vec<f64> {
    let mut dice = Dice::new(seed, story.begins_day as u64 * 31 + story.alias.len() as u64);
    let mut fame = 0.0;
    (0..DAYS)
        .map(|day| {
            // Drawn on every day, so that another shape of one link moves nothing else.
            let (noise, luck) = (1.0 + 0.12 * dice.normal(), dice.unit());
            let age = day - story.begins_day;
            if age < 0 {
                return 0.0;
            }
            let growth = 1.0 + 1.5 * day as f64 / DAYS as f64;
            let shape = match story.shape {
                Shape::Steady => (age as f64 + 1.0).min(21.0) / 21.0,
                Shape::Campaign(length) if age <= length => 2.6 * (1.0 - 0.6 * age as f64 / length as f64),
                Shape::Campaign(length) => faded(0.895, age - length),
                Shape::Mailing(weeks) => 9.0 * faded(0.46, days_since_mailing(day, from_ms, weeks)) + 0.1,
                Shape::Viral => {
                    fame = if luck > 0.985 { 14.0 * (0.5 + luck) } else { fame * 0.72 };
                    0.7 + fame
                }
            };
            story.weight * growth * WEEKDAYS[weekday(day, from_ms)] * shape * noise.max(0.3)
        })
        .collect()
}

/// What is left after so many days, each of which leaves this part. Multiplied out, because `exp` is not the same on every
/// machine, and one click more or less would move all after it.
fn faded(part: f64, days: i64) -> f64 {
    (0..days).fold(1.0, |left, _| left * part)
}

/// Monday is 0. The first of January 1970 was a Thursday.
fn weekday(day: i64, from_ms: i64) -> usize {
    (from_ms.div_euclid(DAY_MS) + day + 3).rem_euclid(7) as usize
}

fn days_since_mailing(day: i64, from_ms: i64, weeks: i64) -> i64 {
    (from_ms.div_euclid(DAY_MS) + day + 2).rem_euclid(7 * weeks)
}

/// What the draws are made from.
struct World {
    channels: Channels,
    countries: Weighted<(&'static Country, Weighted<(&'static str, &'static str)>)>,
    devices: Weighted<Device>,
    scanners: Weighted<Device>,
    robots: Weighted<(&'static str, &'static str)>,
    hours: Weighted<i64>,
}

#[derive(Clone, Copy)]
struct Device {
    browser: &'static str,
    os: &'static str,
    class: &'static str,
}

impl World {
    fn new() -> Self {
        let device = |&(browser, os, class, web, scan): &(_, _, _, f64, f64)| {
            (web, scan, Device { browser, os, class })
        };
        let cities = |country: &Country| {
            Weighted::new(country.cities.iter().map(|(name, region, weight)| (*weight, (*name, *region))))
        };
        Self {
            channels: Channels::new(),
            countries: Weighted::new(
                COUNTRIES.iter().map(|country| (country.weight, (country, cities(country)))),
            ),
            devices: Weighted::new(DEVICES.iter().map(device).map(|(web, _, device)| (web, device))),
            scanners: Weighted::new(DEVICES.iter().map(device).map(|(_, scan, device)| (scan, device))),
            robots: Weighted::new(ROBOTS.iter().map(|(name, country, weight)| (*weight, (*name, *country)))),
            hours: Weighted::new(HOURS.iter().enumerate().map(|(hour, weight)| (*weight, hour as i64))),
        }
    }

    fn somebody(&self, dice: &mut Dice, kind: Kind) -> Visitor {
        let (country, cities) = dice.pick(&self.countries);
        let (city, region) = *dice.pick(cities);
        let devices = if kind == Kind::Poster { &self.scanners } else { &self.devices };
        Visitor {
            // 0 stands for those who are not to be told apart.
            number: dice.next().max(1),
            country,
            city,
            region,
            language: country.languages[dice.below(country.languages.len() as u64) as usize],
            device: *dice.pick(devices),
        }
    }

    /// An instant of the day, by the hours of where the visitor is.
    fn instant(&self, dice: &mut Dice, utc_offset_hours: i64) -> i64 {
        let hour = (dice.pick(&self.hours) - utc_offset_hours).rem_euclid(24);
        hour * HOUR_MS + dice.below(HOUR_MS as u64) as i64
    }
}

#[derive(Clone, Copy)]
struct Visitor {
    number: u64,
    country: &'static Country,
    city: &'static str,
    region: &'static str,
    language: &'static str,
    device: Device,
}

/// See [`Plan::clicks`].
pub(super) struct Clicks<'a> {
    plan: &'a Plan,
    world: World,
    link: usize,
    day: usize,
    under_way: Option<UnderWay>,
    drawn: std::vec::IntoIter<ClickRow<&'a str>>,
}

/// What one link's days share.
struct UnderWay {
    dice: Dice,
    referrers: Weighted<&'static str>,
    utm: Utm<&'static str>,
    /// What tells the variants apart that its visitors met.
    split: Option<[&'static str; 2]>,
}

impl<'a> Iterator for Clicks<'a> {
    type Item = ClickRow<&'a str>;

    fn next(&mut self) -> Option<Self::Item> {
        loop {
            if let Some(row) = self.drawn.next() {
                return Some(row);
            }
            let link = self.plan.links.get(self.link)?;
            let under_way =
                self.under_way.get_or_insert_with(|| UnderWay::of(link.story, self.plan.seed, self.link));
            self.drawn = draw(
                self.plan,
                &self.world,
                link,
                under_way,
                self.day,
                self.plan.clicks[self.link][self.day],
            );
            self.day += 1;
            if self.day == DAYS as usize {
                (self.link, self.day, self.under_way) = (self.link + 1, 0, None);
            }
        }
    }
}

impl UnderWay {
    fn of(story: &LinkStory, seed: u64, place: usize) -> Self {
        let [source, medium, campaign] = story.utm.unwrap_or_default();
        let split = Some(SPLIT.1).filter(|_| story.alias == SPLIT.0);
        // Robots meet no variant.
        let content = split.map_or("", |[own, _]| own);
        Self {
            dice: Dice::new(seed, 1_000 + place as u64),
            referrers: Weighted::new(referrers(story.kind).iter().map(|(host, weight)| (*weight, *host))),
            utm: Utm { source, medium, campaign, content, ..Utm::default() },
            split,
        }
    }
}

/// The clicks of one link on one day, in the order of their times.
fn draw<'a>(
    plan: &Plan,
    world: &World,
    link: &'a Told,
    under_way: &mut UnderWay,
    day: usize,
    clicks: u64,
) -> std::vec::IntoIter<ClickRow<&'a str>> {
    let midnight_ms = plan.from_ms + day as i64 * DAY_MS;
    let UnderWay { dice, referrers, utm, split } = under_way;
    let mut seen: Vec<Visitor> = Vec::new();
    let mut rows: Vec<ClickRow<&'a str>> = Vec::with_capacity(clicks as usize);
    for _ in 0..clicks {
        if dice.chance(ROBOTS_SHARE) {
            rows.push(robot(plan, world, link, dice, *utm, midnight_ms));
            continue;
        }
        let visitor = match seen.is_empty() || !dice.chance(RETURNS_SHARE) {
            true => world.somebody(dice, link.story.kind),
            false => seen[dice.below(seen.len() as u64) as usize],
        };
        seen.push(visitor);
        let content = split.map_or("", |split| split[(visitor.number % 2) as usize]);
        let utm = Utm { content, ..*utm };
        let scans = if link.story.kind == Kind::Poster { SCANS_SHARE } else { SCANS_ELSEWHERE_SHARE };
        let trigger = if dice.chance(scans) { Trigger::Qr } else { Trigger::Link };
        let referrer = if trigger == Trigger::Qr { "" } else { *dice.pick(referrers) };
        rows.push(ClickRow {
            at_ms: midnight_ms + world.instant(dice, visitor.country.utc_offset_hours),
            visitor: visitor.number,
            is_robot: false,
            trigger,
            country: visitor.country.code,
            region: visitor.region,
            city: visitor.city,
            device: visitor.device.class,
            browser: visitor.device.browser,
            os: visitor.device.os,
            language: visitor.language,
            referrer,
            channel: world.channels.of(trigger, &utm, referrer),
            ..blank(plan, link, utm)
        });
    }
    rows.sort_by_key(|row| row.at_ms);
    rows.into_iter()
}

/// Robots come at any hour, and each is one visitor of its day.
fn robot<'a>(
    plan: &Plan,
    world: &World,
    link: &'a Told,
    dice: &mut Dice,
    utm: Utm<&'static str>,
    midnight_ms: i64,
) -> ClickRow<&'a str> {
    let (browser, country) = *dice.pick(&world.robots);
    ClickRow {
        at_ms: midnight_ms + dice.below(DAY_MS as u64) as i64,
        visitor: Dice::new(browser.len() as u64 + u64::from(browser.as_bytes()[0]), midnight_ms as u64)
            .next()
            .max(1),
        is_robot: true,
        country,
        device: "robot",
        browser,
        channel: world.channels.of(Trigger::Link, &utm, ""),
        ..blank(plan, link, utm)
    }
}

fn blank<'a>(plan: &Plan, link: &'a Told, utm: Utm<&'static str>) -> ClickRow<&'a str> {
    ClickRow {
        at_ms: 0,
        workspace: plan.workspace,
        link: link.id,
        visitor: 0,
        is_robot: false,
        trigger: Trigger::Link,
        domain: &link.domain,
        country: "",
        region: "",
        city: "",
        device: "",
        browser: "",
        os: "",
        language: "",
        referrer: "",
        channel: "",
        utm,
        address: "",
    }
}

#[cfg(test)]
mod tests {
    use std::collections::HashMap;

    use tessera_types::{SeededChance, from_millis};

    use super::super::story::LINKS;
    use super::*;

    /// 2026-11-21, a Saturday.
    const UNTIL_MS: i64 = 20_778 * DAY_MS;
    const CLICKS: u64 = 60_000;

    fn plan(seed: u64) -> Plan {
        let chance = SeededChance::new(seed);
        let told = LINKS.iter().map(|story| Told {
            id: LinkId::new(from_millis(UNTIL_MS - (DAYS - story.begins_day) * DAY_MS), &chance),
            domain: "go.example.com".to_owned(),
            story,
        });
        let mut told: Vec<Told> = told.collect();
        told.sort_by_key(|told| told.id);
        Plan::new(WorkspaceId::new(from_millis(UNTIL_MS), &chance), UNTIL_MS, seed, told, CLICKS)
    }

    #[test]
    fn the_same_seed_draws_the_same_year_and_another_another() {
        let year = |seed| {
            plan(seed).clicks().map(|row| (row.at_ms, row.visitor, row.city.len())).collect::<Vec<_>>()
        };
        assert_eq!(year(1), year(1));
        assert_ne!(year(1), year(2));
    }

    #[test]
    fn exactly_so_many_clicks_in_the_order_they_are_kept_in_within_the_year_and_the_life_of_their_link() {
        let plan = plan(1);
        let born: HashMap<LinkId, i64> =
            plan.links.iter().map(|link| (link.id, plan.from_ms + link.story.begins_day * DAY_MS)).collect();
        let mut last = None;
        let mut count = 0;
        for row in plan.clicks() {
            assert!(Some((row.link, row.at_ms)) >= last);
            last = Some((row.link, row.at_ms));
            assert!(row.at_ms >= born[&row.link] && row.at_ms < UNTIL_MS);
            assert_ne!(row.visitor, 0);
            count += 1;
        }
        assert_eq!(count, CLICKS);
    }

    #[test]
    fn the_year_looks_like_one() {
        let plan = plan(1);
        let rows: Vec<_> = plan.clicks().collect();
        let share = |part: &dyn Fn(&ClickRow<&str>) -> bool| {
            rows.iter().filter(|row| part(row)).count() as f64 / rows.len() as f64
        };
        let robots = share(&|row| row.is_robot);
        assert!((0.075..0.085).contains(&robots), "{robots}");
        let weekend = share(&|row| {
            row.at_ms.div_euclid(DAY_MS).rem_euclid(7) == 2 || row.at_ms.div_euclid(DAY_MS).rem_euclid(7) == 3
        });
        assert!((0.17..0.25).contains(&weekend), "{weekend}");
        let second_half = share(&|row| row.at_ms >= plan.from_ms + DAYS / 2 * DAY_MS);
        assert!((0.58..0.75).contains(&second_half), "{second_half}");
        let scans = share(&|row| row.trigger == Trigger::Qr);
        assert!((0.15..0.5).contains(&scans), "{scans}");
        let scanned_by_desktop = share(&|row| row.trigger == Trigger::Qr && row.channel != "qr");
        assert_eq!(scanned_by_desktop, 0.0);
        // Awake hours, as UTC sees people who mostly live an hour east of it.
        let night = share(&|row| (1..4).contains(&(row.at_ms.rem_euclid(DAY_MS) / HOUR_MS)));
        assert!(night < 0.06, "{night}");
        for channel in
            ["qr", "direct", "search", "social", "email", "paid", "ai", "video", "referral", "messaging"]
        {
            assert!(share(&|row| row.channel == channel) > 0.0, "{channel}");
        }
    }

    #[test]
    fn a_campaign_begins_with_a_jolt_and_fades() {
        let winter = LINKS.iter().find(|link| link.alias == "winter").expect("the winter blend");
        let days = weights(winter, UNTIL_MS - DAYS * DAY_MS, 1);
        let week = |from: usize| days[from..from + 7].iter().sum::<f64>();
        assert_eq!(week(13), 0.0);
        assert!(week(20) > 1.3 * week(41) && week(41) > 3.0 * week(70), "{days:?}");
    }

    #[test]
    fn mailings_go_out_on_tuesdays() {
        let letter = LINKS.iter().find(|link| link.alias == "letter").expect("the letter");
        let from_ms = UNTIL_MS - DAYS * DAY_MS;
        let days = weights(letter, from_ms, 1);
        let largest = (100..114).max_by(|a, b| days[*a].total_cmp(&days[*b])).expect("a day");
        assert_eq!(weekday(largest as i64, from_ms), 1);
    }
}
