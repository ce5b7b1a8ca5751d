-- One text for SQLite and PostgreSQL: SQLite accepts any type name, and stores uuid and bytea as blobs.
-- Times are milliseconds since 1970 (UTC); *_digest columns hold keyed hashes, never a secret.

create table users (
    id             uuid   not null primary key,
    email          text   not null unique,           -- lower case
    name           text   not null,
    password_hash  text   not null,                  -- argon2id, PHC string
    is_operator    boolean not null,                 -- the person who set this deployment up
    created_at     bigint not null,
    updated_at     bigint not null
);

create table workspaces (
    id             uuid   not null primary key,
    name           text   not null,
    plan           text   not null,                  -- a name from the settings' [plans]
    timezone       text   not null,
    query_key_off  boolean not null,                 -- refuses ?api_key= for this workspace
    key_prefix     text,                             -- overrides keys.prefix for new keys
    suspended_at   bigint,
    created_at     bigint not null,
    updated_at     bigint not null,
    version        bigint not null
);

create table members (
    workspace_id   uuid   not null references workspaces(id),
    user_id        uuid   not null references users(id),
    role           text   not null,                  -- owner admin editor viewer
    created_at     bigint not null,
    primary key (workspace_id, user_id)
);
create index members_by_user on members (user_id);

-- Links that let a person in once: set-up, invitation, password reset.
create table tickets (
    id             uuid   not null primary key,
    kind           text   not null,                  -- setup invitation reset
    token_digest   bytea  not null unique,
    workspace_id   uuid   references workspaces(id),
    user_id        uuid   references users(id),
    email          text,
    role           text,
    created_by     uuid,
    created_at     bigint not null,
    expires_at     bigint not null,
    used_at        bigint
);
create index tickets_by_workspace on tickets (workspace_id, kind);

-- One row for a login; the refresh token inside rotates.
create table sessions (
    id               uuid   not null primary key,
    user_id          uuid   not null references users(id),
    refresh_digest   bytea  not null unique,
    previous_digest  bytea  unique,                  -- presented again, it proves theft
    rotated_at       bigint not null,
    created_at       bigint not null,
    last_seen_at     bigint not null,
    expires_at       bigint not null,
    ended_at         bigint,
    address          text   not null,
    user_agent       text   not null
);
create index sessions_by_user on sessions (user_id);

create table api_keys (
    id               uuid   not null primary key,
    workspace_id     uuid   not null references workspaces(id),
    owner_user_id    uuid   references users(id),    -- personal key: dies with this member
    name             text   not null,
    search_text      text   not null,                -- the name in lower case
    scopes           text   not null,                -- a preset's name or a comma list
    is_active        boolean not null,
    expires_at       bigint,
    revoked_at       bigint,
    deleted_at       bigint,
    ip_allow         text   not null,                -- comma list of CIDRs
    ip_allow_mode    text   not null,                -- off report_only enforce
    created_by       text   not null,                -- usr_…, key_… or operator
    created_at       bigint not null,
    updated_at       bigint not null,
    version          bigint not null,
    request_count    bigint not null,
    last_used_at     bigint,
    last_used_ip     text,
    last_used_agent  text
);
create index api_keys_by_workspace on api_keys (workspace_id, created_at);

create table api_key_secrets (
    id               uuid   not null primary key,
    key_id           uuid   not null references api_keys(id),
    digest_kind      text   not null,                -- hmac-sha256, or sha256/sha512 of an imported key
    pepper_version   integer not null,
    digest           bytea  not null,
    prefix           text   not null,
    start_chars      text   not null,
    end_chars        text   not null,
    created_at       bigint not null,
    retired_at       bigint,                         -- when it was rotated away
    valid_until      bigint,                         -- how long its grace lasts
    last_used_at     bigint
);
create unique index api_key_secrets_digest on api_key_secrets (pepper_version, digest);
create index api_key_secrets_by_key on api_key_secrets (key_id);

create table audit_rows (
    id               uuid   not null primary key,
    chain_id         uuid   not null,                -- a workspace, or nil for the deployment itself
    seq              bigint not null,
    at               bigint not null,
    actor            text   not null,                -- JSON
    action           text   not null,
    target           text   not null,                -- an id
    address          text,
    request_id       text,
    change           text   not null,                -- JSON {before, after}
    pepper_version   integer not null,
    hash             bytea  not null
);
create unique index audit_rows_chain on audit_rows (chain_id, seq);

-- The end of each chain: what an append locks, and what makes a cut-off tail visible.
create table audit_heads (
    chain_id         uuid   not null primary key,
    seq              bigint not null,
    pepper_version   integer not null,
    hash             bytea  not null,                -- of the last row
    seal             bytea  not null                 -- keyed hash of the above: a head cannot be moved back by hand
);

create table links (
    id               uuid   not null primary key,
    workspace_id     uuid   not null references workspaces(id),
    domain           text   not null,
    alias            text   not null,                -- as written
    alias_key        text   not null,                -- as compared
    destination_url  text   not null,
    title            text,
    notes            text,
    metadata         text   not null,                -- JSON object
    utm_source       text,
    utm_medium       text,
    utm_campaign     text,
    utm_term         text,
    utm_content      text,
    redirect_status  integer not null,
    forward_query    boolean not null,
    starts_at        bigint,
    expires_at       bigint,
    expired_url      text,
    max_clicks       bigint,
    password_hash    text,
    paused_at        bigint,
    archived_at      bigint,
    clicks           bigint not null,
    last_clicked_at  bigint,
    search_text      text   not null,                -- lower case of what a person would look for
    created_by       text   not null,                -- usr_… or key_…
    created_at       bigint not null,
    updated_at       bigint not null,
    version          bigint not null
);
create unique index links_live_alias on links (domain, alias_key) where archived_at is null;
create index links_by_alias on links (domain, alias_key, archived_at);
create index links_by_workspace on links (workspace_id, created_at);

create table link_tags (
    link_id          uuid   not null references links(id) on delete cascade,
    workspace_id     uuid   not null,
    tag              text   not null,
    place            integer not null,
    primary key (link_id, tag)
);
create index link_tags_by_tag on link_tags (workspace_id, tag);

create table idempotency_keys (
    caller           text   not null,
    idempotency_key  text   not null,
    fingerprint      bytea  not null,                -- of method, path and body
    state            text   not null,                -- running answered secret
    status           integer,
    headers          text,
    body             bytea,
    created_at       bigint not null,
    primary key (caller, idempotency_key)
);
create index idempotency_keys_by_age on idempotency_keys (created_at);
