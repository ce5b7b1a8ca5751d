//! A PostgreSQL to throw away: made for one command, gone when that ends, however it ends.
//!
//! The server is found on PATH or where Debian keeps it, and installed with apt-get when we are root. It is
//! tuned to forget (no fsync), because nothing in it outlives the command.
//!
//! A signal may end us without running a destructor, so the stopping is not ours: a shell in a process group
//! of its own, the *keeper*, reads from a pipe that only we hold. When we are gone the pipe closes, and the
//! keeper stops the server and deletes its folder.

use std::fs::{self, DirBuilder};
use std::net::TcpListener;
use std::os::unix::fs::{DirBuilderExt, chown};
use std::os::unix::process::CommandExt;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::{SystemTime, UNIX_EPOCH};

use crate::Outcome;
use crate::command::{exit_code, must, output, program, status};
use crate::debian::{self, is_root};

/// Where Debian keeps server programs, one folder per major version.
const DEBIAN_HOME: &str = "/usr/lib/postgresql";
/// Not the temporary folder of the environment: a socket's path may have no more than 107 bytes, and the
/// user that the server runs as must be able to walk there.
const SCRATCH: &str = "/tmp";
/// How often to try another port, when somebody took the free one between our look and the server's start.
const START_ATTEMPTS_MAX: u32 = 3;
const SETTINGS: &[&str] = &[
    "listen_addresses=127.0.0.1",
    "fsync=off",
    "synchronous_commit=off",
    "full_page_writes=off",
    "max_connections=300",
    "shared_buffers=128MB",
    // Tests log plenty of errors on purpose.
    "log_min_error_statement=panic",
];

/// `postgres -- COMMAND…`: runs a command beside a throw-away server, which it finds in
/// `TESSERA_TEST_POSTGRES_URL` and, for psql and its friends, in the `PG…` variables.
pub(crate) fn beside(args: &[String]) -> Outcome {
    let args = args.strip_prefix(&["--".to_owned()]).unwrap_or(args);
    let Some((name, args)) = args.split_first() else {
        return Err("which command? `cargo xtask postgres -- psql -c 'select version()'`".to_owned());
    };
    let cluster = Cluster::start()?;
    let mut command = program(name);
    command
        .args(args)
        .env("TESSERA_TEST_POSTGRES_URL", cluster.url())
        .env("PGHOST", "127.0.0.1")
        .env("PGPORT", cluster.port.to_string())
        .env("PGUSER", "postgres")
        .env("PGDATABASE", "postgres");
    Ok(exit_code(status(&mut command)?))
}

/// A running server. Dropping it stops the server and deletes its folder.
pub(crate) struct Cluster {
    port: u16,
    keeper: Child,
}

impl Cluster {
    pub(crate) fn start() -> Result<Cluster, String> {
        let programs = match programs() {
            Some(programs) => programs,
            None => {
                debian::install("postgresql", "the tests need a PostgreSQL server, and there is none here")?;
                programs()
                    .ok_or("postgresql was installed, but there is no initdb on PATH or below /usr/lib")?
            }
        };
        let owner = if is_root() { Some(unprivileged()?) } else { None };
        let home = new_folder(owner)?;
        let server = Server { programs, home, owner };

        // The keeper first: from here on, whatever happens, nothing stays behind.
        let keeper = server.keeper()?;
        let mut cluster = Cluster { port: 0, keeper };
        server.create()?;
        cluster.port = server.start()?;
        Ok(cluster)
    }

    pub(crate) fn url(&self) -> String {
        format!("postgres://postgres@127.0.0.1:{}/postgres", self.port)
    }
}

impl Drop for Cluster {
    fn drop(&mut self) {
        drop(self.keeper.stdin.take());
        let _ = self.keeper.wait();
    }
}

/// Numeric user and group, as in `/etc/passwd`.
#[derive(Clone, Copy, Debug, PartialEq)]
struct Owner {
    user: u32,
    group: u32,
}

struct Server {
    programs: PathBuf,
    home: PathBuf,
    owner: Option<Owner>,
}

impl Server {
    fn keeper(&self) -> Result<Child, String> {
        let script = r#"cat >/dev/null; "$0" -D "$1" -m immediate -s stop; rm -rf "$1""#;
        self.command("sh")
            .args(["-c", script])
            .arg(self.programs.join("pg_ctl"))
            .arg(&self.home)
            .process_group(0)
            .stdin(Stdio::piped())
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .map_err(|error| format!("`sh` could not be started: {error}"))
    }

    fn create(&self) -> Result<(), String> {
        // C.UTF-8: every Debian has it, and it knows that É is a capital, as a server in production does.
        let args =
            ["--username=postgres", "--auth=trust", "--encoding=UTF8", "--locale=C.UTF-8", "--no-sync"];
        output(self.command(self.programs.join("initdb")).arg("--pgdata").arg(&self.home).args(args))?;
        Ok(())
    }

    /// Starts and waits until it answers. The socket lies in the server's own folder.
    fn start(&self) -> Result<u16, String> {
        let log = self.home.join("server.log");
        let mut attempt = 1;
        loop {
            let port = free_port()?;
            let socket = format!("unix_socket_directories={}", self.home.display());
            let settings = SETTINGS.iter().copied().chain([socket.as_str()]);
            let settings: String = settings.map(|setting| format!(" -c {setting}")).collect();
            let mut start = self.command(self.programs.join("pg_ctl"));
            start.args(["-w", "-s", "-t", "60", "-D"]).arg(&self.home);
            start.arg("-l").arg(&log).arg("-o").arg(format!("-p {port}{settings}")).arg("start");
            // Not captured: the server inherits these, and a pipe would stay open as long as it lives.
            match must(start.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null())) {
                Ok(()) => return Ok(port),
                Err(_) if attempt < START_ATTEMPTS_MAX => attempt += 1,
                Err(error) => {
                    return Err(format!("{error}\n{}", fs::read_to_string(&log).unwrap_or_default()));
                }
            }
        }
    }

    /// A program that runs in the server's folder, as its owner: PostgreSQL refuses to run as root.
    fn command(&self, name: impl AsRef<Path>) -> Command {
        let mut command = Command::new(name.as_ref());
        command.current_dir(&self.home);
        if let Some(owner) = self.owner {
            command.uid(owner.user).gid(owner.group);
        }
        command
    }
}

/// The folder of the server programs: that of the `initdb` on PATH, else Debian's newest.
fn programs() -> Option<PathBuf> {
    let path = std::env::var_os("PATH").unwrap_or_default();
    let on_path = std::env::split_paths(&path).map(|folder| folder.join("initdb"));
    // A link into another folder is followed: the programs lie beside what it points to.
    let on_path = on_path.filter_map(|initdb| fs::canonicalize(initdb).ok()?.parent().map(Path::to_owned));
    let versions = fs::read_dir(DEBIAN_HOME).into_iter().flatten().flatten().map(|entry| entry.path());
    on_path.chain(newest_first(versions.collect())).find(|folder| is_complete(folder))
}

fn is_complete(folder: &Path) -> bool {
    ["initdb", "pg_ctl", "postgres"].iter().all(|name| folder.join(name).is_file())
}

fn newest_first(mut versions: Vec<PathBuf>) -> impl Iterator<Item = PathBuf> {
    versions.sort_by_key(|path| path.file_name().and_then(|name| name.to_str()?.parse::<u32>().ok()));
    versions.into_iter().rev().map(|version| version.join("bin"))
}

/// Whom to run as when we are root: the user that Debian's package makes, else nobody.
fn unprivileged() -> Result<Owner, String> {
    let users = fs::read_to_string("/etc/passwd").map_err(|error| format!("/etc/passwd: {error}"))?;
    owner(&users, "postgres")
        .or_else(|| owner(&users, "nobody"))
        .ok_or_else(|| "PostgreSQL does not run as root\n    fix: useradd --system postgres".to_owned())
}

fn owner(users: &str, name: &str) -> Option<Owner> {
    let line = users.lines().find(|line| line.split(':').next() == Some(name))?;
    let mut numbers = line.split(':').skip(2);
    Some(Owner { user: numbers.next()?.parse().ok()?, group: numbers.next()?.parse().ok()? })
}

fn new_folder(owner: Option<Owner>) -> Result<PathBuf, String> {
    // The time too: process ids start over in every container, over the same folder perhaps.
    let now = SystemTime::now().duration_since(UNIX_EPOCH).map_or(0, |since| since.as_millis());
    let folder = Path::new(SCRATCH).join(format!("tessera-postgres-{}-{now}", std::process::id()));
    let wrong = |error| format!("{}: {error}", folder.display());
    DirBuilder::new().mode(0o700).create(&folder).map_err(wrong)?;
    if let Some(owner) = owner {
        chown(&folder, Some(owner.user), Some(owner.group)).map_err(wrong)?;
    }
    Ok(folder)
}

/// A port that nobody listens on, at this moment.
pub(crate) fn free_port() -> Result<u16, String> {
    let address = TcpListener::bind("127.0.0.1:0").and_then(|listener| listener.local_addr());
    address.map(|address| address.port()).map_err(|error| format!("no free port on 127.0.0.1: {error}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn version_17_is_newer_than_9() {
        let versions = ["/usr/lib/postgresql/9", "/usr/lib/postgresql/17", "/usr/lib/postgresql/15"];
        let newest = newest_first(versions.iter().map(PathBuf::from).collect()).next();
        assert_eq!(newest, Some(PathBuf::from("/usr/lib/postgresql/17/bin")));
    }

    #[test]
    fn the_user_and_group_are_read_from_the_passwd_file() {
        let users =
            "root:x:0:0:root:/root:/bin/bash\npostgres:x:101:104:PostgreSQL:/var/lib/postgresql:/bin/bash\n";
        assert_eq!(owner(users, "postgres"), Some(Owner { user: 101, group: 104 }));
        assert_eq!(owner(users, "nobody"), None);
    }
}
