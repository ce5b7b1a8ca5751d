//! What went wrong, as a client sees it: one table of codes, one envelope (RFC 9457).
//!
//! The table produces the responses of the OpenAPI document and `docs/errors.md`. A code is a promise:
//! programs branch on it, so it is never reworded.

use std::borrow::Cow;

use serde::Serialize;
use tessera_db::DbError;
use utoipa::ToSchema;

macro_rules! codes {
    ($($variant:ident $status:literal $code:literal $title:literal, $meaning:literal;)*) => {
        /// Every code a problem can carry.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
        pub enum Code { $($variant),* }

        impl Code {
            pub const ALL: &'static [Code] = &[$(Code::$variant),*];

            pub const fn status(self) -> u16 {
                match self { $(Code::$variant => $status),* }
            }

            /// The stable, machine-readable name.
            pub const fn as_str(self) -> &'static str {
                match self { $(Code::$variant => $code),* }
            }

            /// The same few words for every problem with this code.
            pub const fn title(self) -> &'static str {
                match self { $(Code::$variant => $title),* }
            }

            /// When it is answered, and what to do: the text of `docs/errors.md`.
            pub const fn meaning(self) -> &'static str {
                match self { $(Code::$variant => $meaning),* }
            }
        }
    };
}

codes! {
    InvalidRequest 400 "invalid_request" "Invalid request", "A field or parameter is missing, unknown or out of range. `errors` names each one and what would be right.";
    InvalidJson 400 "invalid_json" "Body is not valid JSON", "The body does not parse: bad syntax, bad UTF-8, a name given twice, or nested deeper than 128.";
    MultipleCredentials 400 "multiple_credentials" "More than one credential", "Send the key in one place only: `Authorization: Bearer`, `X-API-Key` or `?api_key=`.";
    InvalidIdempotencyKey 400 "invalid_idempotency_key" "Invalid Idempotency-Key", "Send one `Idempotency-Key` of 1 to 255 printable ASCII characters.";
    Unscannable 400 "unscannable" "Would not scan", "The QR code, styled like this, would not be read. `errors` says why. Mend the style, or send `allow_unscannable: true`.";
    Unauthorized 401 "unauthorized" "Not authenticated", "No credential was sent, or it is not known here.";
    ApiKeyInactive 401 "api_key_inactive" "API key is inactive", "The key was revoked (final) or deactivated (can be undone).";
    ApiKeyExpired 401 "api_key_expired" "API key has expired", "The key's `expires_at` has passed. Give it a later one, or use another key.";
    SessionEnded 401 "session_ended" "Session has ended", "The login behind this token expired, was logged out, or its refresh token was used twice. Log in again.";
    InvalidLogin 401 "invalid_login" "Wrong e-mail or password", "The two do not belong together. Which one is wrong is not said.";
    IpNotAllowed 403 "ip_not_allowed" "Address not allowed", "The key has an allow list and the request came from elsewhere.";
    PlanRequired 403 "plan_required" "Plan does not include this", "The workspace's plan has no API access, or its limit for this resource is reached.";
    InsufficientScope 403 "insufficient_scope" "Not permitted", "The key lacks the scope, or the person the role, that the detail names.";
    PersonRequired 403 "person_required" "Only for people", "API keys can never do this; log in as a person.";
    WorkspaceSuspended 403 "workspace_suspended" "Workspace is suspended", "Its operator suspended this workspace; nothing in it can be used.";
    SignUpClosed 403 "sign_up_closed" "Sign-up is closed", "This deployment makes accounts by invitation, or not at all.";
    ForeignOrigin 403 "foreign_origin" "Request from another site", "Cookies are only taken from this server's own pages.";
    InvalidSignature 403 "invalid_signature" "Invalid signature", "The signature does not belong to this body and a known key.";
    NotFound 404 "not_found" "Not found", "It does not exist, or it is not yours: the two are not told apart.";
    InvalidTicket 404 "invalid_ticket" "Link is not valid", "The set-up, invitation or reset link is unknown, was used already, or has expired.";
    MethodNotAllowed 405 "method_not_allowed" "Method not allowed", "The path exists; `Allow` lists the methods it takes.";
    RequestTimeout 408 "request_timeout" "Request took too long", "The body did not arrive, or the answer was not ready, within the time limit.";
    Conflict 409 "conflict" "Conflict", "The resource is in a state in which this cannot be done; the detail says which.";
    AliasTaken 409 "alias_taken" "Alias is taken", "Another link of this domain has it. `suggestion` is a free one.";
    EmailTaken 409 "email_taken" "E-mail is taken", "Somebody with this address has an account already.";
    LastOwner 409 "last_owner" "Last owner", "A workspace keeps at least one owner. Make somebody else owner first.";
    SecretAlreadyShown 409 "secret_already_shown" "Secret was shown already", "The first call with this Idempotency-Key answered with a secret, which is never sent twice. Rotate the key if it was lost.";
    RequestInProgress 409 "request_in_progress" "Still running", "The first call with this Idempotency-Key has not ended. Try again shortly.";
    ResourceArchived 409 "resource_archived" "Archived", "It is archived and cannot be changed. Unarchive it first.";
    Gone 410 "gone" "Gone", "The QR code is archived: it is neither drawn nor scanned. Unarchive it first.";
    PreconditionFailed 412 "precondition_failed" "Changed meanwhile", "`If-Match` names another version than the current one. Read it again, then change it.";
    BodyTooLarge 413 "body_too_large" "Body too large", "The body is larger than this route takes.";
    UnsupportedMediaType 415 "unsupported_media_type" "Unsupported media type", "Send JSON with `Content-Type: application/json`.";
    IdempotencyKeyReused 422 "idempotency_key_reused" "Idempotency-Key was used for another request", "Same key, other method, path or body. Use a new key for a new request.";
    TooManyAttempts 429 "too_many_attempts" "Too many attempts", "Too many failed logins or unknown keys from this network, or for this account. Wait `Retry-After` seconds.";
    TooManyStreams 429 "too_many_streams" "Too many live streams", "The workspace listens to as many live streams as it may. End one of them first.";
    RateLimitMinute 429 "rate_limit_minute" "Too many requests this minute", "The plan, or the key itself, allows no more requests at this pace. Wait `Retry-After` seconds; the call cost nothing.";
    RateLimitDay 429 "rate_limit_day" "Too many requests today", "The plan, or the key itself, allows no more requests until the next day begins, in UTC. `Retry-After` says in how many seconds.";
    RateLimitMonth 429 "rate_limit_month" "Too many requests this month", "The plan, or the key itself, allows no more requests until the next month begins, in UTC. `Retry-After` says in how many seconds.";
    Internal 500 "internal_error" "Internal error", "A fault of ours. The `request_id` finds it in the log.";
    Unavailable 503 "unavailable" "Temporarily unavailable", "The database does not answer, or too many passwords are being checked or images drawn at once. Nothing was changed; try again after `Retry-After` seconds.";
}

/// One wrong field, in the words a person can act on.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct FieldError {
    /// Where: a field of the body (`tags[3]`), a parameter, or a header.
    #[schema(examples("destination_url"))]
    pub field: Cow<'static, str>,
    /// What kind of wrong, for programs: `required`, `unknown`, `type`, `range`, `format`, `duplicate`, …
    #[schema(examples("format"))]
    pub code: Cow<'static, str>,
    /// What would be right.
    #[schema(examples("give an address that begins with http:// or https://"))]
    pub message: String,
}

impl FieldError {
    pub fn new(
        field: impl Into<Cow<'static, str>>,
        code: impl Into<Cow<'static, str>>,
        message: impl Into<String>,
    ) -> Self {
        Self { field: field.into(), code: code.into(), message: message.into() }
    }
}

/// A refusal on its way to the client. The HTTP shell adds `type`, `title`, `status` and `request_id`.
#[derive(Debug, Clone)]
pub struct Problem {
    pub code: Code,
    pub detail: Cow<'static, str>,
    pub errors: Vec<FieldError>,
    pub retry_after_seconds: Option<u64>,
    /// A value to try instead, where there is one.
    pub suggestion: Option<Box<str>>,
    /// Methods for `Allow`, or the challenge for `WWW-Authenticate`.
    pub header: Option<Box<(http::HeaderName, http::HeaderValue)>>,
}

impl Problem {
    pub fn new(code: Code, detail: impl Into<Cow<'static, str>>) -> Self {
        let detail = detail.into();
        Self { code, detail, errors: Vec::new(), retry_after_seconds: None, suggestion: None, header: None }
    }

    /// The code's own words, where there is nothing to add.
    pub fn plain(code: Code) -> Self {
        Self::new(code, code.meaning())
    }

    pub fn not_found() -> Self {
        Self::new(Code::NotFound, "There is nothing here, or it is not yours.")
    }

    pub fn fields(errors: Vec<FieldError>) -> Self {
        let detail = match errors.as_slice() {
            [only] => format!("{}: {}", only.field, only.message),
            many => format!("{} fields are wrong; errors lists them.", many.len()),
        };
        Self { errors, ..Self::new(Code::InvalidRequest, detail) }
    }

    pub fn field(
        field: impl Into<Cow<'static, str>>,
        code: impl Into<Cow<'static, str>>,
        message: impl Into<String>,
    ) -> Self {
        Self::fields(vec![FieldError::new(field, code, message)])
    }

    pub fn retry_after(mut self, seconds: u64) -> Self {
        self.retry_after_seconds = Some(seconds.max(1));
        self
    }

    /// With the challenge for a credential that was sent and is no good (RFC 6750 §3.1).
    pub fn challenged(mut self) -> Self {
        let challenge = http::HeaderValue::from_static("Bearer error=\"invalid_token\"");
        self.header = Some(Box::new((http::header::WWW_AUTHENTICATE, challenge)));
        self
    }

    /// A fault of ours. The cause is logged here, once, and not sent.
    pub fn internal(cause: impl std::fmt::Display) -> Self {
        tracing::error!(%cause, "request failed");
        Self::new(Code::Internal, "Something went wrong on our side. The request_id finds it in the log.")
    }
}

impl From<DbError> for Problem {
    fn from(error: DbError) -> Self {
        match error {
            DbError::Unavailable(cause) => {
                tracing::warn!(%cause, "database unavailable");
                Self::plain(Code::Unavailable).retry_after(1)
            }
            // Where a race is expected the feature catches `Taken` itself; elsewhere it is a surprise.
            DbError::Taken(_) | DbError::Broken(_) => Self::internal(error),
        }
    }
}

/// The body of every error answer, `application/problem+json`.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Problem)]
pub struct ProblemBody<'a> {
    /// A page about this code.
    #[schema(examples("https://go.example.com/docs/errors#not_found"))]
    pub r#type: String,
    pub title: &'a str,
    #[schema(examples(404))]
    pub status: u16,
    pub detail: &'a str,
    /// Branch on this; it never changes.
    #[schema(examples("not_found"))]
    pub code: &'a str,
    /// Also in `X-Request-Id` and in the server's log.
    pub request_id: String,
    #[serde(skip_serializing_if = "<[FieldError]>::is_empty")]
    #[schema(value_type = Option<Vec<FieldError>>)]
    pub errors: &'a [FieldError],
    #[serde(skip_serializing_if = "Option::is_none")]
    pub suggestion: Option<&'a str>,
}

/// Collects what is wrong with a request, so that all of it is said at once.
#[derive(Debug, Default)]
pub struct Checks(Vec<FieldError>);

impl Checks {
    /// Keeps the value, or notes what is wrong with `field` and goes on.
    pub fn keep<T>(&mut self, field: &'static str, parsed: Result<T, impl Into<Wrong>>) -> Option<T> {
        match parsed {
            Ok(value) => Some(value),
            Err(wrong) => {
                let Wrong { code, message } = wrong.into();
                self.0.push(FieldError::new(field, code, message));
                None
            }
        }
    }

    pub fn refuse(
        &mut self,
        field: impl Into<Cow<'static, str>>,
        code: &'static str,
        message: impl Into<String>,
    ) {
        self.0.push(FieldError::new(field, code, message));
    }

    /// Notes what somebody else found.
    pub fn extend(&mut self, errors: impl IntoIterator<Item = FieldError>) {
        self.0.extend(errors);
    }

    /// # Errors
    /// Everything noted so far.
    pub fn done(self) -> Result<(), Problem> {
        if self.0.is_empty() { Ok(()) } else { Err(Problem::fields(self.0)) }
    }
}

/// What is wrong with one value, before it is known which field it came from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Wrong {
    pub code: &'static str,
    pub message: String,
}

impl Wrong {
    pub fn new(code: &'static str, message: impl Into<String>) -> Self {
        Self { code, message: message.into() }
    }
}
