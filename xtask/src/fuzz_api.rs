//! `fuzz-api`: schemathesis reads the OpenAPI document of a live server and tries to break its word.
//!
//! A fresh server with one owner; examples, edge cases, random input, and sequences of calls that follow from
//! one another: first with a key that may do everything a key may, then, where only people are let in, with the
//! owner's own token. Everything it leaves lies in `target/fuzz-api`: the
//! server's data and log, and the tool itself.

use std::fs::{self, File};
use std::io::{Read, Write};
use std::net::TcpStream;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use crate::Outcome;
use crate::command::{exit_code, must, output, program, status, target_dir};
use crate::debian;
use crate::postgres::free_port;

const SCHEMATHESIS: &str = "schemathesis==4.32.5";
const EXAMPLES_DEFAULT: &str = "30";
/// Two checks that our rules break by design. A schema cannot say that an alias is free, that a time lies ahead, or
/// that a second credential beside the first is refused, so input that fits it may still be a 400; and an intake that
/// is switched off is a 404 before its headers are looked at.
const NOT_ASKED: &str = "positive_data_acceptance,missing_required_header";
/// A stream of events has no end that anybody could wait for.
const ENDLESS: &str = "^/v1/events/live$";
/// What only people may call, but for what would log the caller out.
const FOR_PEOPLE: &str = "^/v1/(members|invitations|workspace|auth/user|events/erase)";
const READY_WAIT_MAX: Duration = Duration::from_secs(30);
const READY_POLL: Duration = Duration::from_millis(50);
const EMAIL: &str = "owner@example.com";
/// The owner exists on this machine for the length of one run, behind a loopback address.
const PASSWORD: &str = "a mosaic of 4096 small tiles";

pub(crate) fn fuzz_api(args: &[String]) -> Outcome {
    let home = target_dir().join("fuzz-api");
    let tool = installed(&home)?;
    let tessera = crate::run::build()?;
    let data = home.join("data");
    // Yesterday's server is no part of today's answer.
    let _ = fs::remove_dir_all(&data);
    fs::create_dir_all(&data).map_err(|error| format!("{}: {error}", data.display()))?;

    let key = bootstrap(&tessera, &data)?;
    let server = Server::start(&tessera, &data, &home.join("server.log"))?;
    let examples = std::env::var("EXAMPLES").unwrap_or_else(|_| EXAMPLES_DEFAULT.to_owned());
    let fuzz = |credential: &str, also: &[&str]| {
        status(
            Command::new(&tool)
                .args(["run", &format!("http://{}/openapi.json", server.address)])
                .args(["--header", &format!("Authorization: Bearer {credential}")])
                .args(["--checks", "all", "--exclude-checks", NOT_ASKED])
                .args(["--exclude-path-regex", ENDLESS])
                .args(["--max-examples", &examples, "--continue-on-failure"])
                .args(also)
                .args(args)
                // Its reports and its database of failed examples stay with the rest.
                .current_dir(&home),
        )
    };
    let by_key = fuzz(&key, &[])?;
    let by_person = fuzz(&log_in(&server.address)?, &["--include-path-regex", FOR_PEOPLE])?;
    if !by_key.success() || !by_person.success() {
        eprintln!("fuzz-api: the server's log is {}", server.log.display());
    }
    Ok(exit_code(if by_key.success() { by_person } else { by_key }))
}

/// Installs the tool into an environment of its own, once per version.
fn installed(home: &Path) -> Result<PathBuf, String> {
    let environment = home.join(SCHEMATHESIS.replace("==", "-"));
    let tool = environment.join("bin/schemathesis");
    if tool.is_file() {
        return Ok(tool);
    }
    fs::create_dir_all(home).map_err(|error| format!("{}: {error}", home.display()))?;
    let make = || output(program("python3").args(["-m", "venv", "--clear"]).arg(&environment));
    if let Err(error) = make() {
        debian::install("python3-venv", &format!("schemathesis needs Python and its venv module: {error}"))?;
        make()?;
    }
    must(program(environment.join("bin/pip")).args(["install", "--quiet", SCHEMATHESIS]))?;
    Ok(tool)
}

/// Makes the owner, and answers a key of theirs that may do everything a key may.
fn bootstrap(tessera: &Path, data: &Path) -> Result<String, String> {
    let mut command = program(tessera);
    command.args(["bootstrap", "--email", EMAIL, "--password-stdin", "--key-scopes", "all"]);
    command.arg("--data").arg(data).stdin(Stdio::piped()).stdout(Stdio::piped());
    let wrong = |error| format!("tessera bootstrap: {error}");
    let mut child = command.spawn().map_err(wrong)?;
    if let Some(mut stdin) = child.stdin.take() {
        writeln!(stdin, "{PASSWORD}").map_err(wrong)?;
    }
    let output = child.wait_with_output().map_err(wrong)?;
    if !output.status.success() {
        return Err(format!("tessera bootstrap failed ({})", output.status));
    }
    let answer = String::from_utf8_lossy(&output.stdout);
    text_field(&answer, "api_key").ok_or_else(|| format!("tessera bootstrap printed no api_key: {answer}"))
}

/// The owner's access token.
fn log_in(address: &str) -> Result<String, String> {
    let body = format!(r#"{{"email": "{EMAIL}", "password": "{PASSWORD}"}}"#);
    let head = format!("POST /v1/auth/login HTTP/1.1\r\nHost: {address}\r\nConnection: close\r\n");
    let kind = format!("Content-Type: application/json\r\nContent-Length: {}\r\n", body.len());
    let answer =
        exchange(address, &format!("{head}{kind}\r\n{body}")).map_err(|error| format!("login: {error}"))?;
    text_field(&answer, "access_token").ok_or_else(|| format!("the login gave no access_token: {answer}"))
}

/// The value of a string field whose text holds no escapes, as a key's does not.
fn text_field(json: &str, name: &str) -> Option<String> {
    let (_, rest) = json.split_once(&format!("\"{name}\""))?;
    let (value, _) = rest.trim_start().strip_prefix(':')?.trim_start().strip_prefix('"')?.split_once('"')?;
    Some(value.to_owned())
}

/// A server of ours. Dropping it ends it.
struct Server {
    child: Child,
    address: String,
    log: PathBuf,
}

impl Server {
    fn start(tessera: &Path, data: &Path, log: &Path) -> Result<Server, String> {
        let wrong = |error| format!("{}: {error}", log.display());
        let sink = File::create(log).map_err(wrong)?;
        let address = format!("127.0.0.1:{}", free_port()?);
        let mut command = program(tessera);
        command.args(["serve", "--listen", &address, "--data"]).arg(data);
        command.stdin(Stdio::null()).stdout(sink.try_clone().map_err(wrong)?).stderr(sink);
        let child = command.spawn().map_err(|error| format!("tessera serve: {error}"))?;
        let mut server = Server { child, address, log: log.to_owned() };
        server.wait_until_ready()?;
        Ok(server)
    }

    fn wait_until_ready(&mut self) -> Result<(), String> {
        let begin = Instant::now();
        while !is_ready(&self.address).unwrap_or(false) {
            let ended = self.child.try_wait().is_ok_and(|status| status.is_some());
            if ended || begin.elapsed() > READY_WAIT_MAX {
                let log = fs::read_to_string(&self.log).unwrap_or_default();
                return Err(format!("the server did not become ready on {}\n{log}", self.address));
            }
            std::thread::sleep(READY_POLL);
        }
        Ok(())
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

fn is_ready(address: &str) -> std::io::Result<bool> {
    let answer =
        exchange(address, &format!("GET /readyz HTTP/1.1\r\nHost: {address}\r\nConnection: close\r\n\r\n"))?;
    Ok(answer.starts_with("HTTP/1.1 200"))
}

/// Sends one request that asks to close, and reads to the end.
fn exchange(address: &str, request: &str) -> std::io::Result<String> {
    let mut stream = TcpStream::connect(address)?;
    stream.set_read_timeout(Some(READY_WAIT_MAX))?;
    stream.write_all(request.as_bytes())?;
    let mut answer = String::new();
    stream.read_to_string(&mut answer)?;
    Ok(answer)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_key_is_read_from_what_bootstrap_prints() {
        let answer = r#"{"user_id": "usr_1", "workspace_id":"ws_1", "api_key" : "tsr_live_abc"}"#;
        assert_eq!(text_field(answer, "api_key").as_deref(), Some("tsr_live_abc"));
        assert_eq!(text_field(answer, "key"), None);
    }
}
