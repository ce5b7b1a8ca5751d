//! Starting over data that is new, known, busy, or missing its pepper.

use std::os::unix::fs::PermissionsExt;

use super::program::{Server, bootstrap, run, tessera, told};

#[test]
fn a_first_start_prints_a_set_up_link_and_a_later_one_only_addresses() {
    let data = tempfile::tempdir().unwrap();
    let server = Server::start(data.path());
    let (address, (code, out, err)) = (server.address.clone(), server.stop());
    assert_eq!(code, 0, "{err}");
    assert!(out.contains(&format!("    http://{address}/setup")), "{out}");
    let link = out.lines().find(|line| line.contains("/setup")).unwrap().trim();
    assert!(!err.contains(link), "the link is in the log");

    bootstrap(data.path());
    let server = Server::start(data.path());
    let (address, (code, out, _)) = (server.address.clone(), server.stop());
    let reference = format!("API reference: http://{address}/api-docs\n");
    // Whether this build has a dashboard depends on whether somebody built one.
    let dashboard = format!("Dashboard:     http://{address}/app\n");
    assert_eq!((code, out.trim_start_matches(&dashboard)), (0, reference.as_str()));
}

#[test]
fn what_is_in_the_data_directory_is_for_its_owner_only() {
    let parent = tempfile::tempdir().unwrap();
    let data = parent.path().join("deep").join("data");
    Server::start(&data);
    assert_eq!(data.metadata().unwrap().permissions().mode() & 0o777, 0o700);
    let mut entries: Vec<_> = data.read_dir().unwrap().collect();
    while let Some(entry) = entries.pop() {
        let path = entry.unwrap().path();
        let mode = path.metadata().unwrap().permissions().mode() & 0o777;
        assert_eq!(mode, if path.is_dir() { 0o700 } else { 0o600 }, "{}", path.display());
        entries.extend(path.read_dir().into_iter().flatten());
    }

    let pepper = data.join("pepper");
    std::fs::set_permissions(&pepper, std::fs::Permissions::from_mode(0o644)).unwrap();
    let (code, _, err) = Server::start(&data).stop();
    assert_eq!(code, 0);
    assert!(
        err.contains("WARNING") && err.contains("open to other users of this machine (mode 644)"),
        "{err}"
    );
}

#[test]
fn two_servers_do_not_share_a_data_directory() {
    let data = tempfile::tempdir().unwrap();
    let first = Server::start(data.path());
    let place = data.path().to_str().unwrap();
    let (code, out, err) = run(&["serve", "--data", place, "--listen", "127.0.0.1:0"]);
    assert_eq!((code, out.as_str()), (1, ""));
    assert!(err.contains(&format!("another Tessera is running on {place}")), "{err}");
    assert_eq!(run(&["pepper", "rotate", "--data", place]).0, 1);
    // The lock dies with its holder, however that ends.
    first.signal("KILL");
    drop(first);
    assert_eq!(Server::start(data.path()).stop().0, 0);
}

#[test]
fn t29_a_lost_pepper_refuses_the_start_and_is_never_replaced() {
    let data = tempfile::tempdir().unwrap();
    let made = bootstrap(data.path());
    let (pepper, place) = (data.path().join("pepper"), data.path().to_str().unwrap());
    let kept = data.path().join("elsewhere");
    std::fs::rename(&pepper, &kept).unwrap();

    let (code, out, err) = run(&["serve", "--data", place, "--listen", "127.0.0.1:0"]);
    assert_eq!((code, out.as_str()), (1, ""));
    assert!(err.contains("pepper version 1") && err.contains("Restore the pepper file"), "{err}");
    assert!(!pepper.exists());

    // A pepper file without the version that the keys need is as good as none.
    let text = std::fs::read_to_string(&kept).unwrap();
    std::fs::write(&pepper, text.replace("v1 ", "v2 ")).unwrap();
    assert_eq!(run(&["serve", "--data", place, "--listen", "127.0.0.1:0"]).0, 1);

    std::fs::rename(&kept, &pepper).unwrap();
    let server = Server::start(data.path());
    let key = made["api_key"].as_str().unwrap();
    assert!(server.get("/v1/me", &format!("authorization: Bearer {key}\r\n")).starts_with("HTTP/1.1 200 "));
}

#[test]
fn a_pepper_file_that_cannot_be_read_is_named_with_the_line() {
    let data = tempfile::tempdir().unwrap();
    std::fs::write(data.path().join("pepper"), "# mine\nv1 abc\n").unwrap();
    let (code, _, err) = run(&["serve", "--data", data.path().to_str().unwrap(), "--listen", "127.0.0.1:0"]);
    assert_eq!(code, 1);
    assert!(err.contains("pepper: line 2 is not of the form"), "{err}");
    assert!(!err.contains("abc"), "{err}");
}

#[test]
fn keys_live_on_when_the_pepper_is_rotated() {
    let data = tempfile::tempdir().unwrap();
    let made = bootstrap(data.path());
    let place = data.path().to_str().unwrap();
    let (code, out, err) = run(&["pepper", "rotate", "--json", "--data", place]);
    assert_eq!(code, 0, "{err}");
    assert_eq!(
        serde_json::from_str::<serde_json::Value>(&out).unwrap(),
        serde_json::json!({"version": 2, "peppers": 2})
    );
    let mode = data.path().join("pepper").metadata().unwrap().permissions().mode();
    assert_eq!(mode & 0o777, 0o600);

    let bearer = format!("authorization: Bearer {}\r\n", made["api_key"].as_str().unwrap());
    for _ in 0..2 {
        let server = Server::start(data.path());
        for _ in 0..2 {
            assert!(server.get("/v1/me", &bearer).starts_with("HTTP/1.1 200 "));
        }
        assert_eq!(server.stop().0, 0);
    }
    assert_eq!(run(&["audit", "verify", "--data", place]).0, 0);
}

#[test]
fn a_port_that_is_taken_is_named() {
    let data = tempfile::tempdir().unwrap();
    let taken = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let address = taken.local_addr().unwrap().to_string();
    let (code, _, err) = run(&["serve", "--data", data.path().to_str().unwrap(), "--listen", &address]);
    assert_eq!(code, 1);
    assert!(err.contains(&format!("cannot listen on {address}")), "{err}");
}

#[test]
fn a_database_that_does_not_answer_refuses_the_start() {
    let data = tempfile::tempdir().unwrap();
    let serve = tessera(&["serve", "--listen", "127.0.0.1:0", "--data", data.path().to_str().unwrap()])
        .env("TESSERA_DATABASE__URL", "postgres://nobody:s3cret@127.0.0.1:1/none")
        .env("TESSERA_DATABASE__WAIT_MS_MAX", "200")
        .output();
    let (code, _, err) = told(serve.unwrap());
    assert_eq!(code, 1);
    assert!(err.contains("database unavailable"), "{err}");
    assert!(!err.contains("s3cret"), "{err}");
}
