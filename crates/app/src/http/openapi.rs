//! The contract: OpenAPI 3.1, made from the handlers' own types.
//!
//! Each handler says what it needs (`x-needs`) and which refusals are its own (`x-errors`). The refusals that
//! follow from those and from the shape of the call are added here, so that no operation forgets one.

use serde_json::{Map, Value, json};
use utoipa::OpenApi;

use crate::problem::{Code, FieldError, ProblemBody};

#[derive(OpenApi)]
#[openapi(
    info(
        title = "Tessera",
        description = "API keys that open short links and their QR codes, self-hosted.\n\n\
            Send an API key as `Authorization: Bearer <key>`. Errors are RFC 9457 problems: branch on `code`. \
            Every POST takes an `Idempotency-Key`. Lists take `page` and `limit`, or `cursor`.",
        license(name = "MIT OR Apache-2.0", identifier = "MIT OR Apache-2.0")
    ),
    components(schemas(ProblemBody, FieldError)),
    tags(
        (name = "Links", description = "Short links and what they count."),
        (name = "QR codes", description = "Codes to design, print and trust to scan; their templates and logos."),
        (name = "Bulk", description = "Many at once: in one call, or from a file."),
        (name = "Analytics", description = "What links were clicked: reports, single clicks, a live stream."),
        (name = "API keys", description = "Keys that open this API: mint, rotate, revoke, verify."),
        (name = "Account", description = "Logging in, sessions, passwords."),
        (name = "Workspaces", description = "Workspaces, members, invitations."),
        (name = "Audit", description = "Who changed what."),
        (name = "Guides", description = "What readers say of the guides."),
        (name = "Leaks", description = "Ending keys that got out."),
        (name = "Health", description = "For load balancers and monitoring.")
    )
)]
pub struct Base;

/// Completes the document that the routes produced.
pub fn complete(document: &utoipa::openapi::OpenApi) -> Value {
    let mut document = serde_json::to_value(document).unwrap_or_default();
    document["components"]["securitySchemes"] = security_schemes();
    document["components"]["responses"] = Value::Object(
        Code::ALL.iter().map(|code| (code.as_str().to_owned(), problem_response(*code))).collect(),
    );
    let schemas = document["components"]["schemas"].clone();
    let Some(paths) = document["paths"].as_object_mut() else { return document };
    link_what_follows(paths);
    for (path, item) in paths {
        for (method, operation) in item.as_object_mut().into_iter().flatten() {
            if operation.is_object() {
                free_body(operation, &schemas);
                complete_operation(path, method, operation);
            }
        }
    }
    document
}

fn complete_operation(path: &str, method: &str, operation: &mut Value) {
    let needs = operation["x-needs"].as_str().unwrap_or("public").to_owned();
    let mut codes: Vec<Code> = vec![Code::InvalidRequest, Code::Internal, Code::Unavailable];
    if needs != "public" {
        codes.extend([
            Code::MultipleCredentials,
            Code::Unauthorized,
            Code::ApiKeyInactive,
            Code::ApiKeyExpired,
        ]);
        codes.extend([Code::SessionEnded, Code::IpNotAllowed, Code::PlanRequired, Code::TooManyAttempts]);
        codes.push(Code::WorkspaceSuspended);
        codes.extend([Code::RateLimitMinute, Code::RateLimitDay, Code::RateLimitMonth]);
        operation["security"] = json!([{"bearer": []}, {"apiKeyHeader": []}, {"apiKeyQuery": []}]);
    } else {
        operation["security"] = json!([]);
    }
    if needs.starts_with("role:") || ["person", "operator"].contains(&needs.as_str()) {
        codes.push(Code::PersonRequired);
        operation["security"] = json!([{"bearer": []}]);
    }
    if needs.starts_with("role:") || needs == "operator" || needs.contains('.') {
        codes.push(Code::InsufficientScope);
    }
    if path.contains('{') {
        codes.push(Code::NotFound);
    }
    if operation.get("requestBody").is_some() {
        codes.extend([
            Code::InvalidJson,
            Code::BodyTooLarge,
            Code::UnsupportedMediaType,
            Code::RequestTimeout,
        ]);
    }
    if method == "post" && needs != "public" {
        codes.extend([Code::InvalidIdempotencyKey, Code::RequestInProgress, Code::IdempotencyKeyReused]);
        add_parameter(
            operation,
            "Idempotency-Key",
            "header",
            "Sent again with the same body within 24 hours, the first answer comes again.",
        );
    }
    let own: Vec<String> = serde_json::from_value(operation["x-errors"].clone()).unwrap_or_default();
    codes.extend(Code::ALL.iter().filter(|code| own.iter().any(|name| name == code.as_str())));
    if codes.contains(&Code::PreconditionFailed) {
        add_parameter(
            operation,
            "If-Match",
            "header",
            "The `ETag` of the version to change; another one answers 412.",
        );
    }
    operation["x-errors"] = json!(sorted_names(&codes));
    if let Some(responses) = operation["responses"].as_object_mut() {
        add_problems(responses, &codes);
    }
    if needs.contains('.') && !needs.starts_with("role:") {
        let told = operation["description"].as_str().unwrap_or_default();
        operation["description"] = format!("{told}\n\nScope: `{needs}`.").trim().into();
    }
}

/// A body whose every field may be left out may be left out itself: none reads as `{}`.
fn free_body(operation: &mut Value, schemas: &Value) {
    let schema = operation.pointer("/requestBody/content/application~1json/schema/$ref");
    let name = schema.and_then(Value::as_str).and_then(|path| path.rsplit('/').next()).map(str::to_owned);
    if name.is_some_and(|name| schemas[name].get("required").is_none()) {
        operation["requestBody"]["required"] = json!(false);
    }
}

/// Tells of each create which operations its `id` leads to (OpenAPI's links), for clients that follow them.
fn link_what_follows(paths: &mut Map<String, Value>) {
    let mut followers: Vec<(String, String)> = Vec::new();
    for (path, item) in paths.iter() {
        let Some((collection, _)) = path.split_once("/{id}") else { continue };
        let operations =
            item.as_object().into_iter().flatten().map(|(_, operation)| &operation["operationId"]);
        followers.extend(operations.filter_map(|id| Some((collection.to_owned(), id.as_str()?.to_owned()))));
    }
    for (collection, follower) in followers {
        let created = paths.get_mut(&collection).and_then(|item| item.pointer_mut("/post/responses/201"));
        let Some(created) = created else { continue };
        created["links"][&follower] =
            json!({"operationId": follower, "parameters": {"id": "$response.body#/id"}});
    }
}

fn sorted_names(codes: &[Code]) -> Vec<&'static str> {
    let mut names: Vec<_> = codes.iter().map(|code| code.as_str()).collect();
    names.sort_unstable();
    names.dedup();
    names
}

/// One response per status; codes that share a status become its examples.
fn add_problems(responses: &mut Map<String, Value>, codes: &[Code]) {
    for &code in codes {
        let response = responses.entry(code.status().to_string()).or_insert_with(|| problem_response(code));
        if response["content"]["application/problem+json"].is_object() {
            response["content"]["application/problem+json"]["examples"][code.as_str()] = example(code);
        }
    }
}

fn problem_response(code: Code) -> Value {
    json!({
        "description": code.title(),
        "content": {"application/problem+json": {
            "schema": {"$ref": "#/components/schemas/Problem"},
            "examples": {code.as_str(): example(code)},
        }},
    })
}

fn example(code: Code) -> Value {
    json!({"summary": code.title(), "value": {
        "type": format!("https://go.example.com/docs/errors#{}", code.as_str()),
        "title": code.title(),
        "status": code.status(),
        "detail": code.meaning(),
        "code": code.as_str(),
        "request_id": "req_01jd8qd4vkf4ktabjqvqxgqzne",
    }})
}

fn add_parameter(operation: &mut Value, name: &str, place: &str, description: &str) {
    let parameter = json!({"name": name, "in": place, "required": false, "description": description, "schema": {"type": "string"}});
    match operation["parameters"].as_array_mut() {
        Some(list) if list.iter().any(|known| known["name"] == name) => {}
        Some(list) => list.push(parameter),
        None => operation["parameters"] = json!([parameter]),
    }
}

fn security_schemes() -> Value {
    json!({
        "bearer": {"type": "http", "scheme": "bearer", "description": "An API key, or the access token of a login. The recommended way."},
        "apiKeyHeader": {"type": "apiKey", "in": "header", "name": "X-API-Key", "description": "An API key."},
        "apiKeyQuery": {"type": "apiKey", "in": "query", "name": "api_key", "description": "An API key, for trying things out: queries end up in logs. Can be switched off."},
    })
}

/// `docs/errors.md`, from the table of codes.
pub fn errors_page() -> String {
    let mut page = String::from(
        "# Errors\n\nEvery error is an RFC 9457 problem (`application/problem+json`). Branch on `code`; it never changes.\n\
         This page is made from the table in the source.\n\n| status | code | when, and what to do |\n|---|---|---|\n",
    );
    for code in Code::ALL {
        let name = code.as_str();
        page.push_str(&format!(
            "| {} | <a id=\"{name}\"></a>`{name}` | {} |\n",
            code.status(),
            code.meaning()
        ));
    }
    page
}

/// `docs/scopes.md`, from the table of scopes.
pub fn scopes_page() -> String {
    use tessera_keys::{Preset, Scope};
    let presets = [Preset::Read, Preset::ReadWrite, Preset::All];
    let mut page = String::from(
        "# Scopes\n\nA key carries a preset, or a list of these. This page is made from the table in the source.\n\n\
         | scope | what it allows | `read` | `read_write` | `all` |\n|---|---|---|---|---|\n",
    );
    for scope in Scope::ALL {
        let marks = presets.map(|preset| if preset.scopes().contains(*scope) { "✓" } else { "" });
        page.push_str(&format!("| `{}` | {} | {} |\n", scope.as_str(), scope.describe(), marks.join(" | ")));
    }
    page
}
