//! The command line. Names, flags and exit codes are a contract that scripts rely on.

use std::path::PathBuf;

use clap::{Args, Parser, Subcommand};

const EXIT_CODES: &str = "\
Exit codes:
  0  done
  1  failed
  2  wrong usage or configuration
  3  a check found something (keys scan, audit verify, events repair, qr --check)";

/// API keys and short links, self-hosted.
#[derive(Debug, Parser)]
#[command(name = "tessera", version, after_help = EXIT_CODES, disable_help_subcommand = true)]
pub(crate) struct Cli {
    #[command(subcommand)]
    pub(crate) command: Command,
}

#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    /// Run the server until SIGTERM or Ctrl-C
    Serve(Serve),
    /// Make the first owner without a browser; prints {user_id, workspace_id, api_key} as JSON
    Bootstrap(Bootstrap),
    /// Fill an empty data directory with a believable year, for looking around
    Demo(Demo),
    /// People who have an account
    #[command(subcommand)]
    Users(UsersCommand),
    /// API keys
    #[command(subcommand)]
    Keys(KeysCommand),
    /// The record of who changed what
    #[command(subcommand)]
    Audit(AuditCommand),
    /// Settings: what is possible, what is in force
    #[command(subcommand)]
    Config(ConfigCommand),
    /// The log of clicks and requests
    #[command(subcommand)]
    Events(EventsCommand),
    /// Draw QR codes, one or a table of them; needs no server
    Qr(Qr),
    /// The secret under which keys are stored
    #[command(subcommand)]
    Pepper(PepperCommand),
}

/// Where the settings come from and where the deployment lives.
#[derive(Debug, Clone, Args)]
pub(crate) struct Place {
    /// Data directory: pepper file, events, and the SQLite database unless database.url is set
    #[arg(long, value_name = "DIR", default_value = "data")]
    pub(crate) data: PathBuf,
    /// Settings file (TOML)
    #[arg(long, value_name = "FILE")]
    pub(crate) config: Option<PathBuf>,
}

#[derive(Debug, Args)]
pub(crate) struct Serve {
    #[command(flatten)]
    pub(crate) place: Place,
    /// Address to listen on, like 127.0.0.1:8080; port 0 takes a free one
    #[arg(long, value_name = "ADDR")]
    pub(crate) listen: Option<String>,
}

#[derive(Debug, Args)]
#[command(after_help = EXIT_CODES)]
pub(crate) struct Bootstrap {
    #[command(flatten)]
    pub(crate) place: Place,
    #[arg(long, value_name = "E-MAIL")]
    pub(crate) email: String,
    /// Read the password from the first line of standard input; there is no other way to give it
    #[arg(long)]
    pub(crate) password_stdin: bool,
    /// The owner's name
    #[arg(long)]
    pub(crate) name: Option<String>,
    /// The name of the first workspace
    #[arg(long, value_name = "NAME")]
    pub(crate) workspace: Option<String>,
    /// Scopes of a first API key: a preset (read, read_write, all), a list with commas, or none for no key
    #[arg(long, value_name = "SCOPES", default_value = "all")]
    pub(crate) key_scopes: String,
}

#[derive(Debug, Args)]
#[command(after_help = EXIT_CODES)]
pub(crate) struct Demo {
    #[command(flatten)]
    pub(crate) place: Place,
    /// How many clicks, robots among them
    #[arg(long, value_name = "NUMBER", default_value_t = 2_000_000)]
    pub(crate) clicks: u64,
    /// The same seed on the same day makes the same year
    #[arg(long, value_name = "NUMBER", default_value_t = 1)]
    pub(crate) seed: u64,
    /// Print {"workspace_id", "email", "password", "api_key", "members", "links", "clicks", "robots", "requests"}
    #[arg(long)]
    pub(crate) json: bool,
}

#[derive(Debug, Subcommand)]
pub(crate) enum UsersCommand {
    /// Print a link with which this person sets a new password, once
    ResetPassword(ResetPassword),
}

#[derive(Debug, Args)]
#[command(after_help = EXIT_CODES)]
pub(crate) struct ResetPassword {
    #[command(flatten)]
    pub(crate) place: Place,
    #[arg(long, value_name = "E-MAIL")]
    pub(crate) email: String,
    /// Print {"reset_url": …}
    #[arg(long)]
    pub(crate) json: bool,
}

#[derive(Debug, Subcommand)]
pub(crate) enum KeysCommand {
    /// Find leaked API keys in files, or in the whole history of a git repository
    Scan(Scan),
}

const SCAN_HELP: &str = "\
Prints PATH:LINE:COLUMN: MASKED-KEY for each key, or COMMIT:PATH:LINE:COLUMN: MASKED-KEY with --git; columns
count bytes from 1. The key itself is never printed. Keys of every prefix are found; a key is reported only if
its checksum is right. Not searched, and counted on standard error: files above 10 MB. Directories named .git
and symbolic links are passed by. With --json one object: {\"findings\": [{\"commit\", \"path\", \"line\", \"column\",
\"key\"}], \"searched\", \"skipped\"}; the counts are of files, or with --git of commits.

Exit codes:
  0  no key found
  1  something could not be read, and no key was found in the rest
  2  wrong usage
  3  at least one key found";

#[derive(Debug, Args)]
#[command(after_help = SCAN_HELP)]
pub(crate) struct Scan {
    /// A file or a directory
    pub(crate) path: PathBuf,
    /// Search every commit reachable from any ref, added lines and messages
    #[arg(long)]
    pub(crate) git: bool,
    /// Print one JSON object
    #[arg(long)]
    pub(crate) json: bool,
}

#[derive(Debug, Subcommand)]
pub(crate) enum AuditCommand {
    /// Recompute every chain of the audit log
    Verify(Verify),
}

#[derive(Debug, Args)]
#[command(after_help = EXIT_CODES)]
pub(crate) struct Verify {
    #[command(flatten)]
    pub(crate) place: Place,
    /// Print {"chains", "rows", "faults": [{"chain", "seq", "what"}]}
    #[arg(long)]
    pub(crate) json: bool,
}

#[derive(Debug, Subcommand)]
pub(crate) enum ConfigCommand {
    /// Tell everything that is wrong with the settings
    Check(ConfigArgs),
    /// Print the settings in force; secrets are blotted out
    Print(ConfigArgs),
}

#[derive(Debug, Args)]
#[command(after_help = EXIT_CODES)]
pub(crate) struct ConfigArgs {
    /// Settings file (TOML)
    #[arg(long, value_name = "FILE")]
    pub(crate) config: Option<PathBuf>,
    /// Print JSON: {"problems": [...]}, or the settings
    #[arg(long)]
    pub(crate) json: bool,
}

#[derive(Debug, Subcommand)]
pub(crate) enum EventsCommand {
    /// Save what is sound of a damaged log; damaged files are kept. The server must be stopped
    Repair(Repair),
}

#[derive(Debug, Args)]
#[command(after_help = EXIT_CODES)]
pub(crate) struct Repair {
    /// Data directory
    #[arg(long, value_name = "DIR", default_value = "data")]
    pub(crate) data: PathBuf,
    /// Print {"files", "kept", "lost_bytes", "lost": [{"file", "offset", "bytes"}]}
    #[arg(long)]
    pub(crate) json: bool,
}

const QR_HELP: &str = "\
Without -o, a terminal is shown the code itself and a pipe is sent SVG. --csv reads a table (UTF-8; comma, semicolon
or tab) whose first row names the columns: name (which becomes the name of the file) and data, or payload (JSON),
or type with a column for each field of that type: type,ssid,password. Lists in a cell are divided by commas. Bad
rows are named on standard error, ROW: FIELD: REASON, and nothing is written unless --skip-bad is given.

  tessera qr https://example.com
  tessera qr https://example.com -o code.png --size 1200 --style style.json
  tessera qr --payload wifi.json -o wifi.pdf
  tessera qr --csv tables.csv --out tables.zip --format png

Exit codes:
  0  done
  1  failed: a file could not be written
  2  wrong usage, or an input that is refused
  3  --check: the code was made, and will not scan";

#[derive(Debug, Args)]
#[command(after_help = QR_HELP)]
pub(crate) struct Qr {
    /// What the code says, as it is
    #[arg(value_name = "TEXT", conflicts_with_all = ["payload", "csv"])]
    pub(crate) data: Option<String>,
    /// A payload as JSON, like {"type": "wifi", "ssid": "…", "password": "…"}; - reads standard input
    #[arg(long, value_name = "FILE", conflicts_with = "csv")]
    pub(crate) payload: Option<PathBuf>,
    /// A table of codes; - reads standard input
    #[arg(long, value_name = "FILE", requires = "out")]
    pub(crate) csv: Option<PathBuf>,
    /// With --csv: a new directory, or a new archive whose name ends in .zip
    #[arg(long, value_name = "PATH", requires = "csv")]
    pub(crate) out: Option<PathBuf>,
    /// With --csv: leave bad rows out and make the others
    #[arg(long, requires = "csv")]
    pub(crate) skip_bad: bool,
    /// The file to write; its ending says the format
    #[arg(short, long, value_name = "FILE", conflicts_with = "csv")]
    pub(crate) output: Option<PathBuf>,
    /// svg, png, pdf, eps, webp, jpeg or text
    #[arg(long, value_name = "NAME")]
    pub(crate) format: Option<String>,
    /// A style: the option object of qr-code-styling, and what Tessera adds to it (JSON)
    #[arg(long, value_name = "FILE")]
    pub(crate) style: Option<PathBuf>,
    /// A picture for the middle: PNG, JPEG or SVG
    #[arg(long, value_name = "FILE")]
    pub(crate) logo: Option<PathBuf>,
    /// How much may be lost: L 7 %, M 15 %, Q 25 %, H 30 %; Q if neither this nor the style says
    #[arg(long, value_name = "LEVEL")]
    pub(crate) level: Option<String>,
    /// Width in pixels
    #[arg(long, value_name = "PIXELS")]
    pub(crate) size: Option<u32>,
    /// Judge whether it will scan, on standard error; a code that fails ends with exit code 3, a row is a bad one
    #[arg(long)]
    pub(crate) check: bool,
}

#[derive(Debug, Subcommand)]
pub(crate) enum PepperCommand {
    /// Add a pepper for new keys; old keys move to it when next used. The server must be stopped
    Rotate(Rotate),
}

#[derive(Debug, Args)]
#[command(after_help = EXIT_CODES)]
pub(crate) struct Rotate {
    /// Data directory
    #[arg(long, value_name = "DIR", default_value = "data")]
    pub(crate) data: PathBuf,
    /// Print {"version", "peppers"}
    #[arg(long)]
    pub(crate) json: bool,
}
