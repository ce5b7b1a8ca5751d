//! `tessera bootstrap` and `tessera users`: people, without a browser.

use super::program::{PASSWORD, Server, bootstrap, run, run_with_input};

#[test]
fn bootstrap_prints_one_object_and_its_key_works() {
    let data = tempfile::tempdir().unwrap();
    let made = bootstrap(data.path());
    assert_eq!(made.as_object().unwrap().len(), 3);
    assert!(made["user_id"].as_str().unwrap().starts_with("usr_"));
    assert!(made["workspace_id"].as_str().unwrap().starts_with("ws_"));
    let key = made["api_key"].as_str().unwrap();
    assert!(key.starts_with("tsr_live_"));

    let server = Server::start(data.path());
    let answer = server.get("/v1/me", &format!("x-api-key: {key}\r\n"));
    assert!(answer.starts_with("HTTP/1.1 200 "), "{answer}");
    let (_, out, err) = server.stop();
    assert!(!err.contains(key) && !out.contains(key));
}

#[test]
fn a_second_bootstrap_is_refused_also_beside_a_running_server() {
    let data = tempfile::tempdir().unwrap();
    let server = Server::start(data.path());
    bootstrap(data.path());
    let place = data.path().to_str().unwrap();
    let again = ["bootstrap", "--data", place, "--email", "other@example.com", "--password-stdin"];
    let (code, out, err) = run_with_input(&again, &format!("{PASSWORD}\n"));
    assert_eq!((code, out.as_str()), (1, ""));
    assert!(err.starts_with("tessera: "), "{err}");
    drop(server);
}

#[test]
fn a_key_is_made_with_the_scopes_asked_for_or_not_at_all() {
    let args = |place: &str, scopes: &str| {
        ["bootstrap", "--email", "o@example.com", "--password-stdin", "--data", place, "--key-scopes", scopes]
            .map(str::to_owned)
    };
    let bootstrap = |scopes: &str| {
        let data = tempfile::tempdir().unwrap();
        let args = args(data.path().to_str().unwrap(), scopes);
        run_with_input(&args.each_ref().map(String::as_str), &format!("{PASSWORD}\n"))
    };
    let (code, out, _) = bootstrap("none");
    assert_eq!(code, 0);
    assert!(serde_json::from_str::<serde_json::Value>(&out).unwrap()["api_key"].is_null());
    assert_eq!(bootstrap("links.read,links.create").0, 0);
    let (code, out, err) = bootstrap("links.raed");
    assert_eq!((code, out.as_str()), (2, ""));
    assert!(err.contains("did you mean \"links.read\"?"), "{err}");
}

#[test]
fn what_is_wrong_with_a_bootstrap_is_told_and_nothing_is_made() {
    let data = tempfile::tempdir().unwrap();
    let place = data.path().to_str().unwrap();
    let with = |email: &str, password: &str| {
        run_with_input(&["bootstrap", "--data", place, "--email", email, "--password-stdin"], password)
    };
    let (code, _, err) = with("owner@example.com", "short\n");
    assert_eq!(code, 2);
    assert!(err.contains("password"), "{err}");
    assert!(!err.contains("short\n"), "{err}");
    assert_eq!(with("no address", &format!("{PASSWORD}\n")).0, 2);
    assert_eq!(run(&["bootstrap", "--data", place, "--email", "owner@example.com"]).0, 2);
    bootstrap(data.path());
}

#[test]
fn a_reset_link_is_printed_for_who_exists() {
    let data = tempfile::tempdir().unwrap();
    bootstrap(data.path());
    let place = data.path().to_str().unwrap();
    let reset = |email: &str| run(&["users", "reset-password", "--json", "--data", place, "--email", email]);
    let (code, out, err) = reset("owner@example.com");
    assert_eq!(code, 0, "{err}");
    let link = serde_json::from_str::<serde_json::Value>(&out).unwrap();
    assert!(link["reset_url"].as_str().unwrap().starts_with("http://127.0.0.1:8080/reset"), "{link}");
    assert_eq!(reset("stranger@example.com").0, 1);
}
