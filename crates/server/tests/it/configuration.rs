//! Settings, as the command line sees them; `config/tests.rs` has the finer points.

use super::program::{run, tessera, told};

#[test]
fn an_unknown_setting_is_refused_with_the_nearest_and_exit_code_2() {
    let directory = tempfile::tempdir().unwrap();
    let file = directory.path().join("tessera.toml");
    std::fs::write(&file, "[server]\nlistn = '127.0.0.1:1'\nbody_bytes_max = 'much'\n").unwrap();
    let place = file.to_str().unwrap();
    let (code, out, err) = run(&["config", "check", "--config", place]);
    assert_eq!((code, out.as_str()), (2, ""));
    assert!(
        err.contains(&format!("{place}: there is no setting server.listn; did you mean server.listen?")),
        "{err}"
    );
    assert!(err.contains(&format!("{place}: server.body_bytes_max: invalid type: string \"much\"")), "{err}");

    let (code, out, _) = run(&["config", "check", "--json", "--config", place]);
    assert_eq!(code, 2);
    let told: serde_json::Value = serde_json::from_str(&out).unwrap();
    assert_eq!(told["problems"].as_array().unwrap().len(), 2);
}

#[test]
fn the_server_refuses_wrong_settings_too() {
    let directory = tempfile::tempdir().unwrap();
    let data = directory.path().join("data");
    let (code, _, err) = run(&["serve", "--data", data.to_str().unwrap(), "--listen", "nowhere"]);
    assert_eq!(code, 2);
    assert!(err.contains("--listen: server.listen: invalid socket address"), "{err}");
    assert!(!data.exists());
}

#[test]
fn the_environment_beats_the_file_and_secrets_are_not_shown() {
    let directory = tempfile::tempdir().unwrap();
    let file = directory.path().join("tessera.toml");
    std::fs::write(&file, "[server]\nbody_bytes_max = 1\nrequest_seconds_max = 2\n").unwrap();
    let print = tessera(&["config", "print", "--json", "--config", file.to_str().unwrap()])
        .env("TESSERA_SERVER__BODY_BYTES_MAX", "3")
        .env("TESSERA_METRICS__TOKEN", "s3cret")
        .output();
    let (code, out, err) = told(print.unwrap());
    assert_eq!((code, err.as_str()), (0, ""));
    let shown: serde_json::Value = serde_json::from_str(&out).unwrap();
    assert_eq!(shown["server"]["body_bytes_max"], 3);
    assert_eq!(shown["server"]["request_seconds_max"], 2);
    assert_eq!(shown["metrics"]["token"], "***");
}

#[test]
fn what_is_printed_can_be_used_as_a_file() {
    let directory = tempfile::tempdir().unwrap();
    let file = directory.path().join("tessera.toml");
    let (_, printed, _) = run(&["config", "print"]);
    std::fs::write(&file, &printed).unwrap();
    let place = file.to_str().unwrap();
    assert_eq!(run(&["config", "check", "--config", place]), (0, "ok\n".to_owned(), String::new()));
    assert_eq!(run(&["config", "print", "--config", place]).1, printed);
}

#[test]
fn the_exit_codes_are_documented() {
    let (code, out, _) = run(&["--help"]);
    assert_eq!(code, 0);
    assert!(out.contains(
        "Exit codes:\n  0  done\n  1  failed\n  2  wrong usage or configuration\n  3  a check found"
    ));
    assert_eq!(run(&["--version"]).1, format!("tessera {}\n", env!("CARGO_PKG_VERSION")));
    assert_eq!(run(&["fly"]).0, 2);
}
