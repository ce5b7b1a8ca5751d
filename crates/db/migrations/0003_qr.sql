-- QR codes, their looks, and the pages they show.

-- A link that a QR code leads to belongs to the code. What is printed stays reserved: archiving such a link does
-- not free its alias.
alter table links add column qr_code_id uuid;
-- JSON of a payload that is shown as a page of ours (a contact, a network, an event, an app) instead of leading on.
-- `destination_url` is empty then.
alter table links add column landing text;
drop index links_live_alias;
create unique index links_live_alias on links (domain, alias_key) where archived_at is null or qr_code_id is not null;
-- An address is looked for among those that are held, then among those that were: one index of random keys for a link, not two.
drop index links_by_alias;
create index links_by_former_alias on links (domain, alias_key, archived_at) where archived_at is not null and qr_code_id is null;
create unique index links_of_qr_codes on links (qr_code_id) where qr_code_id is not null;

-- Those of the clicks that came by a QR code.
alter table link_counts add column scans bigint not null default 0;

create table logos (
    id               uuid   not null primary key,
    workspace_id     uuid   not null references workspaces(id),
    name             text   not null,
    media_type       text   not null,                -- image/png image/jpeg image/svg+xml, of what is stored
    content          bytea  not null,                -- looked through, and written anew where that was needed
    digest           bytea  not null,                -- SHA-256 of the content
    width_px         integer not null,
    height_px        integer not null,
    created_by       text   not null,
    created_at       bigint not null
);
create unique index logos_once on logos (workspace_id, digest);
create index logos_by_workspace on logos (workspace_id, created_at);

create table templates (
    id               uuid   not null primary key,
    workspace_id     uuid   not null references workspaces(id),
    name             text   not null,
    style            text   not null,                -- JSON, the option object
    logo_id          uuid   references logos(id),    -- the one that the style names
    search_text      text   not null,                -- the name in lower case
    created_by       text   not null,
    created_at       bigint not null,
    updated_at       bigint not null,
    version          bigint not null
);
create index templates_by_workspace on templates (workspace_id, created_at);
create index templates_by_logo on templates (logo_id);

create table qr_codes (
    id               uuid   not null primary key,
    workspace_id     uuid   not null references workspaces(id),
    name             text   not null,
    kind             text   not null,                -- dynamic static
    payload_type     text   not null,                -- url vcard wifi …
    payload          text   not null,                -- JSON: what the symbol holds, or what the link behind it shows
    link_id          uuid   unique references links(id),   -- of a dynamic code
    domain           text,                           -- of that link, as is the next; neither ever changes
    alias            text,
    style            text   not null,                -- JSON, the option object
    logo_id          uuid   references logos(id),    -- the one that the style names
    verdict          text   not null,                -- good risky fails
    score            integer not null,               -- 0 to 100
    judgement        text   not null,                -- JSON: the whole verdict
    notes            text,
    metadata         text   not null,                -- JSON object
    archived_at      bigint,
    search_text      text   not null,                -- lower case of what a person would look for
    created_by       text   not null,
    created_at       bigint not null,
    updated_at       bigint not null,
    version          bigint not null
);
create index qr_codes_by_workspace on qr_codes (workspace_id, created_at);
create index qr_codes_by_logo on qr_codes (logo_id);

create table qr_code_tags (
    qr_code_id       uuid   not null references qr_codes(id) on delete cascade,
    workspace_id     uuid   not null,
    tag              text   not null,
    place            integer not null,
    primary key (qr_code_id, tag)
);
create index qr_code_tags_by_tag on qr_code_tags (workspace_id, tag);
