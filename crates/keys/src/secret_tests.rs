//! What `secret.rs` promises, as tests.

use proptest::prelude::*;
use tessera_types::{SeededChance, from_millis};

use super::*;

fn at(second: i64) -> Timestamp {
    from_millis(1_800_000_000_000 + second * 1000)
}

fn id(number: u64) -> SecretId {
    SecretId::new(at(0), &SeededChance::new(number))
}

fn secret(number: u64, created: i64, valid_until: Option<i64>) -> SecretState {
    SecretState { id: id(number), created_at: at(created), valid_until: valid_until.map(at) }
}

const LIVE: KeyFacts = KeyFacts { is_active: true, revoked_at: None, expires_at: None };

#[test]
fn s068_the_old_secret_lives_through_the_grace() {
    let rotation = rotate(at(0), &[secret(1, -9, None)], None, GRACE_SECONDS_DEFAULT);
    assert_eq!(rotation, Rotation { retire: vec![(id(1), at(86_400))], kill: vec![] });
    assert_eq!(judge(at(86_399), &LIVE, Some(at(86_400))), Ok(()));
    assert_eq!(judge(at(86_400), &LIVE, Some(at(86_400))), Err(Refusal::Unknown));
}

#[test]
fn s178_without_grace_the_old_secret_is_dead_at_once() {
    let rotation = rotate(at(0), &[secret(1, -9, None)], None, 0);
    assert_eq!(rotation, Rotation { retire: vec![], kill: vec![id(1)] });
}

#[test]
fn rotating_in_the_grace_kills_the_oldest() {
    let secrets = [secret(1, -20, Some(50)), secret(2, -10, None)];
    let rotation = rotate(at(0), &secrets, None, 60);
    assert_eq!(rotation, Rotation { retire: vec![(id(2), at(60))], kill: vec![id(1)] });
}

#[test]
fn t09_grace_never_outlives_the_original_expiry() {
    let rotation = rotate(at(0), &[secret(1, -9, None)], Some(at(30)), 60);
    assert_eq!(rotation.retire, [(id(1), at(30))]);
    let expired = rotate(at(0), &[secret(1, -9, None)], Some(at(0)), 60);
    assert_eq!(expired, Rotation { retire: vec![], kill: vec![id(1)] });
}

#[test]
fn t09_a_secret_already_in_grace_gets_no_second_one() {
    let rotation = rotate(at(0), &[secret(1, -20, Some(30))], None, 60);
    assert_eq!(rotation, Rotation { retire: vec![(id(1), at(30))], kill: vec![] });
}

#[test]
fn a_dead_secret_is_left_alone_and_the_longest_grace_is_seven_days() {
    let rotation = rotate(at(0), &[secret(1, -20, Some(0)), secret(2, -10, None)], None, u32::MAX);
    assert_eq!(rotation, Rotation { retire: vec![(id(2), at(604_800))], kill: vec![] });
    assert_eq!(rotate(at(0), &[], None, 60), Rotation::default());
}

#[test]
fn s190_each_kind_of_dead_key_has_its_own_answer() {
    let revoked = KeyFacts { revoked_at: Some(at(-1)), ..LIVE };
    let inactive = KeyFacts { is_active: false, ..LIVE };
    let expired = KeyFacts { expires_at: Some(at(0)), ..LIVE };
    let revoked_and_expired = KeyFacts { revoked_at: Some(at(-1)), ..expired };
    for (facts, status, refusal) in [
        (LIVE, KeyStatus::Active, Ok(())),
        (revoked, KeyStatus::Revoked, Err(Refusal::Inactive)),
        (inactive, KeyStatus::Inactive, Err(Refusal::Inactive)),
        (expired, KeyStatus::Expired, Err(Refusal::Expired)),
        (revoked_and_expired, KeyStatus::Revoked, Err(Refusal::Inactive)),
        (KeyFacts { is_active: false, ..expired }, KeyStatus::Inactive, Err(Refusal::Inactive)),
    ] {
        assert_eq!(facts.status(at(0)), status);
        assert_eq!(judge(at(0), &facts, None), refusal, "{facts:?}");
        assert_eq!(judge(at(0), &facts, Some(at(1))), refusal, "{facts:?} in grace");
        assert_eq!(judge(at(0), &facts, Some(at(0))), Err(Refusal::Unknown), "{facts:?} rotated away");
    }
    assert_eq!(Refusal::Unknown.to_string(), "API key not found or inactive");
}

#[test]
fn s076_a_key_lives_to_the_last_instant_before_its_expiry() {
    let facts = KeyFacts { expires_at: Some(at(14)), ..LIVE };
    let just_before = from_millis(at(14).as_millisecond() - 1);
    assert_eq!(judge(just_before, &facts, None), Ok(()));
    assert_eq!(judge(at(14), &facts, None), Err(Refusal::Expired));
}

#[test]
fn s080_age_and_disuse_are_counted_in_whole_days() {
    const DAY: i64 = 86_400;
    assert!(!needs_rotation(at(90 * DAY), at(0)));
    assert!(needs_rotation(at(90 * DAY + 1), at(0)));
    assert_eq!(unused_days(at(30 * DAY - 1), at(0), None), 29);
    assert_eq!(unused_days(at(30 * DAY), at(0), None), 30);
    assert_eq!(unused_days(at(30 * DAY), at(0), Some(at(29 * DAY))), 1);
    assert_eq!(unused_days(at(0), at(5 * DAY), None), 0);
}

/// What the product does with a [`Rotation`]: marks, kills, and adds the new secret.
fn apply(secrets: &mut Vec<SecretState>, rotation: &Rotation, now: Timestamp, new: SecretId) {
    for secret in secrets.iter_mut() {
        if let Some((_, until)) = rotation.retire.iter().find(|(id, _)| *id == secret.id) {
            secret.valid_until = Some(*until);
        }
        if rotation.kill.contains(&secret.id) {
            secret.valid_until = Some(now);
        }
    }
    secrets.push(SecretState { id: new, created_at: now, valid_until: None });
}

proptest! {
    #[test]
    fn t09_rotation_never_lengthens_a_life(
        steps in proptest::collection::vec((0i64..100_000, 0u32..700_000, proptest::option::of(0i64..300_000)), 1..12),
    ) {
        let mut now = 0;
        let mut secrets = vec![secret(0, 0, None)];
        for (number, (wait, grace, expires)) in steps.into_iter().enumerate() {
            now += wait;
            let expires = expires.map(|second| at(now + second - 100_000));
            let before = secrets.clone();
            let rotation = rotate(at(now), &secrets, expires, grace);
            apply(&mut secrets, &rotation, at(now), id(number as u64 + 1));

            for (old, new) in before.iter().zip(&secrets) {
                let until = new.valid_until.unwrap_or(Timestamp::MAX);
                prop_assert!(until <= old.valid_until.unwrap_or(Timestamp::MAX));
                if old.is_live(at(now)) {
                    let grace = grace.min(GRACE_SECONDS_MAX);
                    prop_assert!(until <= at(now + i64::from(grace)));
                    prop_assert!(until <= expires.unwrap_or(Timestamp::MAX).max(at(now)));
                }
            }
            prop_assert!(secrets.iter().filter(|secret| secret.is_live(at(now))).count() <= 2);
            prop_assert!(secrets.iter().filter(|secret| secret.valid_until.is_none()).count() == 1);
            prop_assert!(rotation.retire.len() <= 1);
        }
    }
}
