//! Commands that look for trouble: leaked keys, a broken audit chain.

use std::path::Path;
use std::process::Command;

use sea_orm::{ConnectionTrait, Database};
use serde_json::{Value, json};
use tessera_keys::PlainKey;
use tessera_testkit::SeededChance;

use super::program::{bootstrap, run};

fn key(seed: u64) -> String {
    PlainKey::mint(&"tsr_live_".parse().unwrap(), &SeededChance::new(seed)).expose().to_owned()
}

fn mask(seed: u64) -> String {
    PlainKey::mint(&"tsr_live_".parse().unwrap(), &SeededChance::new(seed)).mask().to_string()
}

fn write(directory: &Path, name: &str, text: impl AsRef<[u8]>) {
    let path = directory.join(name);
    std::fs::create_dir_all(path.parent().unwrap()).unwrap();
    std::fs::write(path, text).unwrap();
}

#[test]
fn a_scan_names_the_place_of_each_key_and_never_the_key() {
    let tree = tempfile::tempdir().unwrap();
    let root = tree.path();
    write(root, "a.env", format!("# settings\nKEY={}\n", key(1)));
    write(root, "deep/b.bin", [b"\0\xff\n\n", key(2).as_bytes(), b"\0"].concat());
    write(root, "deep/c.txt", format!("{} {}", key(3), key(1)));
    write(root, ".git/config", key(4));
    write(root, "large.log", vec![b'x'; 10_000_001]);
    write(root, "clean.txt", "tsr_live_00000000000000000000000000000000");
    let place = root.to_str().unwrap();

    let (code, out, err) = run(&["keys", "scan", place]);
    assert_eq!(code, 3);
    let expected = [
        format!("{place}/a.env:2:5: {}", mask(1)),
        format!("{place}/deep/b.bin:3:1: {}", mask(2)),
        format!("{place}/deep/c.txt:1:1: {}", mask(3)),
        format!("{place}/deep/c.txt:1:43: {}", mask(1)),
    ];
    assert_eq!(out.lines().collect::<Vec<_>>(), expected);
    assert_eq!(err, "tessera: 4 keys in 4 files, 1 above 10 MB skipped\n");
    assert!((1..=4).all(|seed| !out.contains(&key(seed))));

    let (code, out, _) = run(&["keys", "scan", "--json", &format!("{place}/a.env")]);
    assert_eq!(code, 3);
    let finding =
        json!({"commit": null, "path": format!("{place}/a.env"), "line": 2, "column": 5, "key": mask(1)});
    assert_eq!(
        serde_json::from_str::<Value>(&out).unwrap(),
        json!({"findings": [finding], "searched": 1, "skipped": 0})
    );
}

#[test]
fn a_scan_that_finds_nothing_or_has_nothing_to_look_at_says_so() {
    let tree = tempfile::tempdir().unwrap();
    write(tree.path(), "clean.txt", "nothing");
    let place = tree.path().to_str().unwrap();
    assert_eq!(run(&["keys", "scan", place]), (0, String::new(), "tessera: 0 keys in 1 files\n".to_owned()));
    assert_eq!(run(&["keys", "scan", &format!("{place}/absent")]).0, 2);
    assert_eq!(run(&["keys", "scan", "--git", place]).0, 1);
    assert_eq!(run(&["keys", "scan"]).0, 2);
}

#[test]
fn the_fixtures_of_the_gitleaks_rule_agree() {
    let fixtures = concat!(env!("CARGO_MANIFEST_DIR"), "/../../docs/gitleaks/fixtures/");
    let (code, out, _) = run(&["keys", "scan", &format!("{fixtures}true.txt")]);
    assert_eq!((code, out.lines().count()), (3, 10));
    assert_eq!(run(&["keys", "scan", &format!("{fixtures}false.txt")]).0, 0);
}

#[test]
fn a_key_that_was_committed_is_found_though_it_was_removed_later() {
    let tree = tempfile::tempdir().unwrap();
    let root = tree.path();
    let git = |args: &[&str]| {
        let identity = ["-c", "user.name=t", "-c", "user.email=t@example.com", "-c", "commit.gpgsign=false"];
        let done = Command::new("git").arg("-C").arg(root).args(identity).args(args).output().unwrap();
        assert!(done.status.success(), "{}", String::from_utf8_lossy(&done.stderr));
        String::from_utf8(done.stdout).unwrap().trim().to_owned()
    };
    git(&["init", "-q", "-b", "main"]);
    write(root, "a b.txt", format!("one\n+++ {}\ntwo\n", key(1)));
    git(&["add", "."]);
    git(&["commit", "-q", "-m", "first"]);
    let first = git(&["rev-parse", "HEAD"]);
    git(&["checkout", "-q", "-b", "other"]);
    write(root, "b.bin", [b"\0\0", key(2).as_bytes()].concat());
    git(&["add", "."]);
    git(&["commit", "-q", "-m", &format!("second\n\nuse {}", key(3))]);
    let second = git(&["rev-parse", "HEAD"]);
    git(&["checkout", "-q", "main"]);
    write(root, "a b.txt", "one\ntwo\n");
    git(&["commit", "-q", "-a", "-m", "removed"]);

    let (code, out, err) = run(&["keys", "scan", "--git", root.to_str().unwrap()]);
    assert_eq!(code, 3, "{err}");
    let mut found: Vec<_> = out.lines().collect();
    found.sort_unstable();
    let mut expected = [
        format!("{first}:a b.txt:2:5: {}", mask(1)),
        format!("{second}:b.bin:1:3: {}", mask(2)),
        format!("{second}:(message):3:5: {}", mask(3)),
    ];
    expected.sort_unstable();
    assert_eq!(found, expected);
    assert!(err.contains("3 keys in 3 commits"), "{err}");
}

#[test]
fn an_audit_chain_that_was_tampered_with_is_found() {
    let data = tempfile::tempdir().unwrap();
    bootstrap(data.path());
    let place = data.path().to_str().unwrap();
    let (code, out, err) = run(&["audit", "verify", "--json", "--data", place]);
    assert_eq!(code, 0, "{err}");
    let verdict: Value = serde_json::from_str(&out).unwrap();
    assert_eq!(verdict["faults"], json!([]));
    assert!(verdict["rows"].as_u64().unwrap() >= 2, "{verdict}");

    let url = format!("sqlite://{place}/tessera.db");
    tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap().block_on(async {
        let db = Database::connect(url).await.unwrap();
        let changed =
            db.execute_unprepared("update audit_rows set action = 'nothing' where seq = 1").await.unwrap();
        assert!(changed.rows_affected() >= 1);
        db.close().await.unwrap();
    });
    let (code, out, _) = run(&["audit", "verify", "--data", place]);
    assert_eq!(code, 3);
    assert!(out.contains("row 1: "), "{out}");
}

#[test]
fn a_deployment_that_is_not_there_is_not_made_by_looking_at_it() {
    let parent = tempfile::tempdir().unwrap();
    let absent = parent.path().join("absent");
    assert_eq!(run(&["audit", "verify", "--data", absent.to_str().unwrap()]).0, 2);
    assert!(!absent.exists());
    assert_eq!(run(&["audit", "verify", "--data", parent.path().to_str().unwrap()]).0, 1);
    assert_eq!(parent.path().read_dir().unwrap().count(), 0);
}
