//! The pages that set-up, invitation and reset links lead to: forms without script.
//!
//! The ticket in the form is the proof that the request was meant: another site cannot know it. What was typed
//! comes back with the errors, except passwords.

use axum::Router;
use axum::extract::{Extension, Request, State};
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use http::StatusCode;
use maud::{Markup, html};

use super::cookie::WithCookie;
use crate::App;
use crate::accounts::model::SecretText;
use crate::accounts::people::{self, Application};
use crate::accounts::tickets::{self, Ticket, TicketKind};
use crate::audit::Actor;
use crate::http::extract::read;
use crate::http::pages::{frame, frame_wide};
use crate::http::{Dashboard, Facts};
use crate::problem::{Code, Problem};

/// A form has a handful of short fields.
const FORM_BYTES_MAX: usize = 16 * 1024;

pub fn pages() -> Router<App> {
    Router::new()
        .route("/setup", get(show_setup).post(set_up))
        .route("/invite", get(show_invite).post(accept))
        .route("/reset", get(show_reset).post(reset))
}

/// The fields that these forms have, as typed. Others are passed over.
#[derive(Default)]
struct Form {
    token: String,
    email: String,
    name: String,
    workspace_name: String,
    password: String,
}

impl Form {
    fn of(pairs: &[u8]) -> Self {
        let mut form = Self::default();
        for (name, value) in url::form_urlencoded::parse(pairs) {
            let field = match &*name {
                "token" => &mut form.token,
                "email" => &mut form.email,
                "name" => &mut form.name,
                "workspace_name" => &mut form.workspace_name,
                "password" => &mut form.password,
                _ => continue,
            };
            *field = value.into_owned();
        }
        form
    }

    async fn posted(request: Request) -> Result<Self, Problem> {
        let bytes = read(request, FORM_BYTES_MAX).await?;
        if bytes.contains(&0) || bytes.windows(3).any(|part| part == b"%00") {
            return Err(Problem::field("form", "encoding", "text without NUL"));
        }
        Ok(Self::of(&bytes))
    }

    fn application(&self) -> Application {
        let given = |text: &String| (!text.trim().is_empty()).then(|| text.clone());
        Application {
            email: self.email.clone(),
            password: self.password.clone(),
            name: given(&self.name),
            workspace_name: given(&self.workspace_name),
        }
    }
}

/// What stands in one row of a form.
struct Field {
    name: &'static str,
    label: &'static str,
    kind: &'static str,
    autocomplete: &'static str,
    hint: &'static str,
}

const NAME: Field = Field { name: "name", label: "Your name", kind: "text", autocomplete: "name", hint: "" };
const EMAIL: Field =
    Field { name: "email", label: "E-mail", kind: "email", autocomplete: "username", hint: "" };
const WORKSPACE: Field = Field {
    name: "workspace_name",
    label: "Workspace",
    kind: "text",
    autocomplete: "organization",
    hint: "What your keys and links belong to. You can rename it.",
};
const NEW_PASSWORD: Field = Field {
    name: "password",
    label: "Password",
    kind: "password",
    autocomplete: "new-password",
    hint: "A few words that belong to nobody else are better than one word with signs.",
};
const ANY_PASSWORD: Field = Field {
    hint: "If you have an account here, its password. If not, choose one.",
    autocomplete: "current-password",
    ..NEW_PASSWORD
};

/// A form, with what was typed before and what was wrong with it.
fn form(action: &str, button: &str, fields: &[Field], typed: &Form, refusal: Option<&Problem>) -> Markup {
    let problem_of = |name: &str| {
        let errors = refusal.map_or(&[][..], |refusal| &refusal.errors);
        // The API calls a reset's field by another name than the form.
        errors
            .iter()
            .find(|error| error.field.trim_start_matches("new_") == name)
            .map(|error| error.message.clone())
    };
    html! {
        @if let Some(refusal) = refusal {
            p class="error" role="alert" {
                @if refusal.errors.is_empty() { (refusal.detail) } @else { "Something is not right yet; see below." }
            }
        }
        form method="post" action=(action) {
            input type="hidden" name="token" value=(typed.token);
            @for field in fields {
                @let problem = problem_of(field.name);
                label for=(field.name) { (field.label) }
                input id=(field.name) name=(field.name) type=(field.kind) autocomplete=(field.autocomplete)
                    value=(value_of(field, typed)) required[field.name != "name" && field.name != "workspace_name"]
                    aria-invalid=[problem.as_ref().map(|_| "true")]
                    aria-describedby=[(problem.is_some() || !field.hint.is_empty()).then(|| format!("{}-hint", field.name))];
                @if let Some(problem) = &problem {
                    small id=(format!("{}-hint", field.name)) role="alert" { "✗ " (problem) }
                } @else if !field.hint.is_empty() {
                    small id=(format!("{}-hint", field.name)) { (field.hint) }
                }
            }
            button type="submit" { (button) }
        }
    }
}

fn value_of<'a>(field: &Field, typed: &'a Form) -> &'a str {
    match field.name {
        "name" => &typed.name,
        "email" => &typed.email,
        "workspace_name" => &typed.workspace_name,
        // A password is never sent back.
        _ => "",
    }
}

fn status_of(refusal: Option<&Problem>) -> StatusCode {
    refusal.map_or(StatusCode::OK, |problem| {
        StatusCode::from_u16(problem.code.status()).unwrap_or(StatusCode::BAD_REQUEST)
    })
}

/// What somebody sees whose link leads nowhere, or whom something else kept from getting through.
fn refused(problem: &Problem, advice: &str) -> Response {
    let heading = match problem.code {
        Code::InvalidTicket => "This link does not work any more",
        _ => problem.code.title(),
    };
    let content = html! {
        h1 { (heading) }
        @if problem.code == Code::InvalidTicket {
            p { "It was used already, has expired, or is not complete." }
        } @else {
            p { (problem.detail) }
        }
        p { (advice) }
    };
    let mut response = frame(status_of(Some(problem)), heading, &content);
    if let Some(seconds) = problem.retry_after_seconds {
        response.headers_mut().insert(http::header::RETRY_AFTER, seconds.into());
    }
    response
}

async fn live(app: &App, kind: TicketKind, token: &str) -> Result<Ticket, Problem> {
    let found = tickets::find(app, app.db.read(), kind, token).await?;
    found.ok_or_else(|| Problem::plain(Code::InvalidTicket))
}

/// Whether a form can be shown again with this problem, or the way ends here.
fn can_be_mended(problem: &Problem) -> bool {
    matches!(
        problem.code,
        Code::InvalidRequest | Code::EmailTaken | Code::InvalidLogin | Code::TooManyAttempts | Code::Conflict
    )
}

const SETUP_ADVICE: &str =
    "Restart the server: until there is a first owner, every start prints a new set-up link.";

async fn show_setup(State(app): State<App>, request: Request) -> Response {
    let typed = Form::of(request.uri().query().unwrap_or_default().as_bytes());
    match live(&app, TicketKind::Setup, &typed.token).await {
        Ok(_) => setup_page(&typed, None),
        Err(problem) => refused(&problem, SETUP_ADVICE),
    }
}

fn setup_page(typed: &Form, refusal: Option<&Problem>) -> Response {
    let content = html! {
        h1 { "Welcome to Tessera" }
        p { "Make the first account. It owns this deployment." }
        (form("/setup", "Make my account", &[NAME, EMAIL, NEW_PASSWORD, WORKSPACE], typed, refusal))
    };
    frame(status_of(refusal), "Set up Tessera", &content)
}

async fn set_up(
    State(app): State<App>,
    Extension(dashboard): Extension<Dashboard>,
    facts: Facts,
    request: Request,
) -> Response {
    let typed = match Form::posted(request).await {
        Ok(typed) => typed,
        Err(problem) => return refused(&problem, SETUP_ADVICE),
    };
    match people::set_up(&app, &facts, &typed.token, typed.application()).await {
        Ok(founded) => {
            let actor = Actor::visitor("set-up page", &facts);
            let key = crate::keys::mint_first(&app, founded.workspace, founded.account, &actor).await;
            let page = first_key_page(&app, dashboard, key);
            // Logged in already when the dashboard is opened from here.
            WithCookie::set(&app, &founded.opened.refresh_token, page).into_response()
        }
        Err(problem) if can_be_mended(&problem) => setup_page(&typed, Some(&problem)),
        Err(problem) => refused(&problem, SETUP_ADVICE),
    }
}

fn first_key_page(app: &App, dashboard: Dashboard, key: Result<String, Problem>) -> Response {
    let url = app.settings.public_url();
    let content = html! {
        h1 { "You are set up" }
        @match key {
            Ok(key) => {
                p { "This is your first API key. Copy it now: it is not shown again." }
                pre { code { (key) } }
                h2 { "Make a link" }
                pre { code {
                    "export TESSERA_KEY=" (key) "\n\n"
                    "curl " (url) "/v1/links \\\n  -H \"Authorization: Bearer $TESSERA_KEY\" \\\n"
                    "  -H 'Content-Type: application/json' \\\n"
                    "  -d '{\"destination_url\": \"https://example.com\", \"alias\": \"hello\"}'"
                } }
                h2 { "Follow it" }
                pre { code { "curl -i " (url) "/hello" } }
                h2 { "See the click" }
                pre { code { "curl " (url) "/v1/links \\\n  -H \"Authorization: Bearer $TESSERA_KEY\"" } }
            }
            Err(problem) => {
                p class="error" role="alert" { "Your account is made, but no first key: " (problem.detail) }
                p { "Log in and make one with " code { "POST /v1/api-keys" } "." }
            }
        }
        @if dashboard.is_built() { p { a class="go" href="/app/start" { "Open the dashboard" } } }
        p { a href="/api-docs" { "Read and try the API" } }
    };
    frame_wide(StatusCode::CREATED, "You are set up", &content)
}

const INVITE_ADVICE: &str = "Ask whoever invited you for a new invitation.";

async fn show_invite(State(app): State<App>, request: Request) -> Response {
    let typed = Form::of(request.uri().query().unwrap_or_default().as_bytes());
    invite_page(&app, typed, None).await
}

async fn invite_page(app: &App, mut typed: Form, refusal: Option<&Problem>) -> Response {
    let ticket = match live(app, TicketKind::Invitation, &typed.token).await {
        Ok(ticket) => ticket,
        Err(problem) => return refused(&problem, INVITE_ADVICE),
    };
    let workspace = match ticket.workspace {
        Some(id) => crate::workspaces::get(app, id).await,
        None => Err(Problem::plain(Code::InvalidTicket)),
    };
    let workspace = match workspace {
        Ok(workspace) => workspace,
        Err(problem) => return refused(&problem, INVITE_ADVICE),
    };
    if let (true, Some(email)) = (typed.email.is_empty(), &ticket.email) {
        typed.email = email.to_string();
    }
    let role = ticket.role.map_or("member", tessera_keys::Role::as_str);
    let content = html! {
        h1 { "Join " (workspace.name) }
        p { "You are invited as " (role) "." }
        (form("/invite", "Join", &[NAME, EMAIL, ANY_PASSWORD], &typed, refusal))
    };
    frame(status_of(refusal), "Join a workspace", &content)
}

async fn accept(
    State(app): State<App>,
    Extension(dashboard): Extension<Dashboard>,
    facts: Facts,
    request: Request,
) -> Response {
    let typed = match Form::posted(request).await {
        Ok(typed) => typed,
        Err(problem) => return refused(&problem, INVITE_ADVICE),
    };
    match join(&app, &facts, &typed).await {
        Ok((workspace, None)) => joined_page(&app, dashboard, &workspace),
        Ok((workspace, Some(refresh_token))) => {
            WithCookie::set(&app, &refresh_token, joined_page(&app, dashboard, &workspace)).into_response()
        }
        Err(problem) if can_be_mended(&problem) => invite_page(&app, typed, Some(&problem)).await,
        Err(problem) => refused(&problem, INVITE_ADVICE),
    }
}

/// With the account that has this address, or else with a new one; the name of the workspace joined, and what keeps
/// a newcomer logged in.
async fn join(app: &App, facts: &Facts, typed: &Form) -> Result<(String, Option<SecretText>), Problem> {
    let is_known = match crate::accounts::Email::parse(&typed.email) {
        Ok(email) => crate::accounts::is_known(app, &email).await?,
        Err(_) => false,
    };
    if is_known {
        let joined =
            people::accept_with_password(app, facts, &typed.token, &typed.email, &typed.password).await?;
        return Ok((joined.name, None));
    }
    let opened = people::accept_invitation(app, facts, &typed.token, typed.application()).await?;
    let name = opened.workspace.map(|workspace| workspace.name).unwrap_or_default();
    Ok((name, Some(opened.refresh_token)))
}

fn joined_page(app: &App, dashboard: Dashboard, workspace: &str) -> Response {
    let url = app.settings.public_url();
    let content = html! {
        h1 { "You are a member of " (workspace) }
        @if dashboard.is_built() { p { a class="go" href="/app" { "Open the dashboard" } } }
        p { @if dashboard.is_built() { "Or log in by the API, with your e-mail and password:" } @else { "Log in with your e-mail and password:" } }
        pre { code {
            "curl " (url) "/v1/auth/login \\\n  -H 'Content-Type: application/json' \\\n"
            "  -d '{\"email\": \"you@example.com\", \"password\": \"…\"}'"
        } }
        p { a href="/api-docs" { "Read and try the API" } }
    };
    frame(StatusCode::OK, "You have joined", &content)
}

const RESET_ADVICE: &str = "Ask an admin of your workspace, or whoever runs the server, for a new link.";

async fn show_reset(State(app): State<App>, request: Request) -> Response {
    let typed = Form::of(request.uri().query().unwrap_or_default().as_bytes());
    match live(&app, TicketKind::Reset, &typed.token).await {
        Ok(_) => reset_page(&typed, None),
        Err(problem) => refused(&problem, RESET_ADVICE),
    }
}

fn reset_page(typed: &Form, refusal: Option<&Problem>) -> Response {
    let content = html! {
        h1 { "Choose a new password" }
        p { "You will be logged out everywhere." }
        (form("/reset", "Set password", &[NEW_PASSWORD], typed, refusal))
    };
    frame(status_of(refusal), "Choose a new password", &content)
}

async fn reset(
    State(app): State<App>,
    Extension(dashboard): Extension<Dashboard>,
    facts: Facts,
    request: Request,
) -> Response {
    let typed = match Form::posted(request).await {
        Ok(typed) => typed,
        Err(problem) => return refused(&problem, RESET_ADVICE),
    };
    match people::reset_password(&app, &facts, &typed.token, typed.password.clone()).await {
        Ok(()) => {
            let content = html! {
                h1 { "Your new password is set" }
                p { "All your sessions have ended. Log in with it." }
                @if dashboard.is_built() { p { a class="go" href="/app/login" { "Log in" } } }
            };
            frame(StatusCode::OK, "Password set", &content)
        }
        Err(problem) if can_be_mended(&problem) => reset_page(&typed, Some(&problem)),
        Err(problem) => refused(&problem, RESET_ADVICE),
    }
}
