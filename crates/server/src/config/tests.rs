//! What people may say in files, variables and flags, and what they are told when it is wrong.

use super::*;

fn with(file: &str, environment: &[(&str, &str)], listen: Option<&str>) -> Result<Settings, Vec<String>> {
    let directory = tempfile::tempdir().unwrap();
    let path = directory.path().join("t.toml");
    std::fs::write(&path, file).unwrap();
    let sources = Sources {
        file: Some(&path),
        environment: environment
            .iter()
            .map(|(name, value)| ((*name).to_owned(), (*value).to_owned()))
            .collect(),
        flags: listen.iter().map(|listen| ("--listen", "server.listen", (*listen).to_owned())).collect(),
    };
    let place = path.display().to_string();
    load(&sources)
        .map_err(|problems| problems.0.iter().map(|problem| problem.replace(&place, "t.toml")).collect())
}

fn problems(file: &str, environment: &[(&str, &str)]) -> Vec<String> {
    with(file, environment, None).unwrap_err()
}

#[test]
fn the_example_alone_is_right() {
    let settings = load(&Sources::default()).unwrap();
    assert_eq!(settings.server.listen.to_string(), "127.0.0.1:8080");
    assert_eq!(settings.server.body_bytes_max, 1_048_576);
    assert_eq!(settings.plans.tiers["standard"].keys_max, 0);
}

#[test]
fn each_layer_beats_the_one_before() {
    let file = "[server]\nlisten = '127.0.0.1:1'\nbody_bytes_max = 1\nrequest_seconds_max = 1";
    let environment = [("TESSERA_SERVER__LISTEN", "127.0.0.1:2"), ("TESSERA_SERVER__BODY_BYTES_MAX", "2")];
    let server = with(file, &environment, Some("127.0.0.1:3")).unwrap().server;
    assert_eq!((server.listen.port(), server.body_bytes_max, server.request_seconds_max), (3, 2, 1));
}

#[test]
fn a_variable_is_read_as_toml_or_as_text() {
    let environment = [
        ("TESSERA_DATABASE__URL", "postgres://u:p@db/tessera"),
        ("TESSERA_METRICS__TOKEN", "12345"),
        ("TESSERA_SERVER__TRUSTED_PROXIES", "['10.0.0.0/8']"),
        ("TESSERA_PLANS__TIERS__STANDARD__KEYS_MAX", "5"),
    ];
    let settings = with("", &environment, None).unwrap();
    assert_eq!(settings.database.url, "postgres://u:p@db/tessera");
    assert_eq!(settings.metrics.token, "12345");
    assert_eq!(settings.server.trusted_proxies.len(), 1);
    assert_eq!(settings.plans.tiers["standard"].keys_max, 5);
}

#[test]
fn a_plan_can_be_added() {
    let tier = "[plans.tiers.pro]\napi_access = true\nkeys_max = 1\nlinks_max = 2\nmembers_max = 3";
    assert_eq!(with(tier, &[], None).unwrap().plans.tiers["pro"].members_max, 3);
    let missing = "[plans.tiers.pro]\napi_access = true\nkeys_max = 1\nlinks_max = 2";
    assert_eq!(problems(missing, &[]), ["plans.tiers.pro: missing field `members_max`"]);
}

#[test]
fn a_plan_has_its_limits_in_tables_and_what_is_left_out_is_unlimited() {
    let plan = "[plans.tiers.pro]\napi_access = true\nkeys_max = 1\nlinks_max = 2\nmembers_max = 3\n";
    let file =
        format!("{plan}[plans.tiers.pro.requests]\nper_minute = 60\n[plans.tiers.pro.reports]\nper_day = 5");
    let environment = [("TESSERA_PLANS__TIERS__PRO__REQUESTS__PER_MONTH", "7")];
    let settings = with(&file, &environment, None).unwrap();
    let [requests, reads, _, _, reports] = settings.plans.tiers["pro"].limits();
    assert_eq!((requests.per_minute, requests.burst, requests.per_day, requests.per_month), (60, 0, 0, 7));
    assert_eq!((reads.is_unlimited(), reports.per_day), (true, 5));
    assert!(
        settings.plans.tiers["standard"].limits().iter().all(tessera_app::settings::Limits::is_unlimited)
    );
    assert_eq!(
        problems(&format!("{plan}[plans.tiers.pro.requests]\nper_hour = 1"), &[]),
        ["t.toml: there is no setting plans.tiers.pro.requests.per_hour"]
    );
    assert_eq!(
        problems(&format!("{plan}[plans.tiers.pro.writes]\nburst = 1"), &[]),
        ["plans.tiers: a burst belongs to a per_minute limit; set both or neither"]
    );
}

#[test]
fn an_unknown_key_is_told_with_its_place_and_the_nearest() {
    let file = "listen = '127.0.0.1:1'\n[server]\nbody_byte_max = 1\n[frobnicate]\nzebra = 1";
    assert_eq!(
        problems(file, &[("TESSERA_LOG__LEVLE", "info"), ("TESSERA_PLANS__TIERS__PRO__KEY_MAX", "1")]),
        [
            "t.toml: there is no setting frobnicate.zebra",
            "t.toml: there is no setting listen; did you mean metrics.listen or server.listen?",
            "t.toml: there is no setting server.body_byte_max; did you mean server.body_bytes_max?",
            "TESSERA_LOG__LEVLE: there is no setting log.levle; did you mean log.level?",
            "TESSERA_PLANS__TIERS__PRO__KEY_MAX: there is no setting plans.tiers.pro.key_max; \
             did you mean plans.tiers.standard.keys_max?",
        ]
    );
}

#[test]
fn a_missing_underscore_is_told_and_strangers_are_passed_by() {
    let environment =
        [("TESSERA_PORT", "tcp://10.0.0.1:80"), ("TESSERA_SERVER_LISTEN", "127.0.0.1:1"), ("PATH", "/bin")];
    assert_eq!(
        problems("", &environment),
        [
            "TESSERA_SERVER_LISTEN: did you mean TESSERA_SERVER__LISTEN? Between section and key stand two underscores"
        ]
    );
}

#[test]
fn every_wrong_value_is_told_at_once() {
    let file = "[server]\nbody_bytes_max = 'much'\ncors_origins = 1\n[accounts]\nsign_up = 'sometimes'";
    let environment = [("TESSERA_KEYS__PREFIX", "Bad_"), ("TESSERA_KEYS__GRACE_SECONDS", "700000")];
    let told = problems(file, &environment);
    assert_eq!(told.len(), 5, "{told:#?}");
    assert!(told.iter().any(|line| line.starts_with("t.toml: server.body_bytes_max: ")), "{told:#?}");
    assert!(told.iter().any(|line| line.starts_with("t.toml: server.cors_origins: ")), "{told:#?}");
    assert!(told.iter().any(|line| line.starts_with("t.toml: accounts.sign_up: ")), "{told:#?}");
    assert!(told.iter().any(|line| line.starts_with("TESSERA_KEYS__PREFIX: keys.prefix: ")), "{told:#?}");
    assert_eq!(told[4], "keys.grace_seconds: 0 to 604800 (7 days)");
}

#[test]
fn what_no_file_or_bad_toml_or_a_scalar_section_says() {
    let missing = Sources { file: Some(Path::new("/nonexistent/t.toml")), ..Sources::default() };
    let told = load(&missing).unwrap_err().0;
    assert_eq!(told, ["/nonexistent/t.toml: No such file or directory (os error 2)"]);
    assert!(problems("[server", &[])[0].starts_with("t.toml: TOML parse error at line 1"));
    assert_eq!(problems("server = 1", &[]), ["t.toml: there is no setting server"]);
    assert_eq!(problems("[log]\nlevel = 'a=b=c'", &[]).len(), 1);
    assert_eq!(problems("[metrics]\nlisten = '9464'", &[]).len(), 1);
}

#[test]
fn secrets_are_blotted_out_and_the_rest_is_shown() {
    let file = "[database]\nurl = 'postgres://u:s3cret@db/t?sslmode=require&sslpassword=s3cret'\n[metrics]\ntoken = 's3cret'";
    let shown = toml::to_string(&blotted(&with(file, &[], None).unwrap())).unwrap();
    assert!(!shown.contains("s3cret"), "{shown}");
    assert!(shown.contains("postgres://u:***@db/t?sslmode=require&sslpassword=***"), "{shown}");
    assert_eq!(toml::from_str::<Settings>(&shown).unwrap().metrics.token, "***");
}
