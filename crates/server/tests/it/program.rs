//! Running `tessera` and speaking HTTP to it in the plainest way, so that nothing is smoothed over.

use std::io::{BufRead, BufReader, Read, Write};
use std::net::TcpStream;
use std::path::Path;
use std::process::{Child, ChildStdout, Command, Output, Stdio};
use std::time::Duration;

pub(crate) const PASSWORD: &str = "mosaic-of-nine-tiles";
const PATIENCE: Duration = Duration::from_secs(30);

/// The command, with nothing of the developer's environment that is ours.
pub(crate) fn tessera(args: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_tessera"));
    command.args(args).stdin(Stdio::null());
    command
}

/// Runs to the end: exit code, standard output, standard error.
pub(crate) fn run(args: &[&str]) -> (i32, String, String) {
    told(tessera(args).output().unwrap())
}

/// As [`run`], with a line on standard input.
pub(crate) fn run_with_input(args: &[&str], input: &str) -> (i32, String, String) {
    let mut child =
        tessera(args).stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
    // A command that refuses before reading has closed its end already.
    let _ = child.stdin.take().unwrap().write_all(input.as_bytes());
    told(child.wait_with_output().unwrap())
}

pub(crate) fn told(output: Output) -> (i32, String, String) {
    let text = |bytes| String::from_utf8(bytes).unwrap();
    (output.status.code().unwrap(), text(output.stdout), text(output.stderr))
}

/// The first owner of a new deployment in `data`; what `bootstrap` printed.
pub(crate) fn bootstrap(data: &Path) -> serde_json::Value {
    let data = data.to_str().unwrap();
    let args = ["bootstrap", "--data", data, "--email", "owner@example.com", "--password-stdin"];
    let (code, out, err) = run_with_input(&args, &format!("{PASSWORD}\n"));
    assert_eq!(code, 0, "{err}");
    serde_json::from_str(&out).unwrap()
}

/// A server that is listening. Killed when dropped, unless it was stopped.
pub(crate) struct Server {
    child: Child,
    stdout: BufReader<ChildStdout>,
    /// `host:port`.
    pub(crate) address: String,
    pub(crate) scheme: String,
}

impl Server {
    pub(crate) fn start(data: &Path) -> Self {
        Self::start_with(data, &[])
    }

    /// `environment` holds settings.
    pub(crate) fn start_with(data: &Path, environment: &[(&str, &str)]) -> Self {
        let mut child = tessera(&["serve", "--listen", "127.0.0.1:0", "--data"])
            .arg(data)
            .envs(environment.iter().copied())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap();
        let mut stdout = BufReader::new(child.stdout.take().unwrap());
        let mut line = String::new();
        stdout.read_line(&mut line).unwrap();
        let Some(url) = line.trim_end().strip_prefix("Listening on ") else {
            let (code, out, err) = told(child.wait_with_output().unwrap());
            panic!("no server: exit code {code}\n{line}{out}\n{err}");
        };
        let (scheme, address) = url.split_once("://").unwrap();
        Self { scheme: scheme.to_owned(), address: address.to_owned(), stdout, child }
    }

    pub(crate) fn connect(&self) -> TcpStream {
        let stream = TcpStream::connect(&self.address).unwrap();
        stream.set_read_timeout(Some(PATIENCE)).unwrap();
        stream
    }

    /// Sends these bytes on a connection of their own and returns all that comes back until it is closed.
    pub(crate) fn exchange(&self, request: impl AsRef<[u8]>) -> String {
        let mut stream = self.connect();
        // A server that refuses early may close before everything is sent; its answer is there all the same.
        let _ = stream.write_all(request.as_ref());
        rest(&mut stream)
    }

    pub(crate) fn get(&self, path: &str, headers: &str) -> String {
        self.exchange(format!(
            "GET {path} HTTP/1.1\r\nhost: {}\r\nconnection: close\r\n{headers}\r\n",
            self.address
        ))
    }

    pub(crate) fn signal(&self, name: &str) {
        let sent = Command::new("kill").args(["-s", name, &self.child.id().to_string()]).status().unwrap();
        assert!(sent.success());
    }

    /// Asks it to end and waits: exit code, and what it printed and logged.
    pub(crate) fn stop(self) -> (i32, String, String) {
        self.signal("TERM");
        self.wait()
    }

    pub(crate) fn wait(mut self) -> (i32, String, String) {
        let (mut out, mut err) = (String::new(), String::new());
        self.stdout.read_to_string(&mut out).unwrap();
        self.child.stderr.take().unwrap().read_to_string(&mut err).unwrap();
        (self.child.wait().unwrap().code().unwrap(), out, err)
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// What comes until the other end closes.
pub(crate) fn rest(stream: &mut TcpStream) -> String {
    let mut bytes = Vec::new();
    // A reset after the answer (unread input at the server) ends it like a close.
    let _ = stream.read_to_end(&mut bytes);
    String::from_utf8_lossy(&bytes).into_owned()
}
