-- What is folded from the event log.

-- Clicks stand apart from their links, in narrow rows: they change every few seconds, and links hardly ever.
create table link_counts (
    link_id          uuid   not null primary key,
    clicks           bigint not null,                -- without robots
    last_clicked_at  bigint not null
);
insert into link_counts select id, clicks, last_clicked_at from links where clicks > 0 and last_clicked_at is not null;
alter table links drop column clicks;
alter table links drop column last_clicked_at;

-- Requests that count towards plans and limits: one row for a UTC day, an owner and a class of calls.
create table daily_requests (
    owner_id         uuid   not null,                -- a workspace or a key
    day              integer not null,               -- days since 1970-01-01
    class            integer not null,               -- 0 read, 1 write, 2 delete, 3 report
    requests         bigint not null,
    primary key (owner_id, day, class)
);
create index daily_requests_by_day on daily_requests (day);

-- How far a log has been folded. One row for a data directory, which knows its id.
create table event_logs (
    id               uuid   not null primary key,
    counted          bigint not null,                -- position in bytes: every count above includes what is before it
    stored           bigint not null                 -- what is before it stands in a segment; never beyond counted
);

-- The Parquet files that hold events.
create table event_segments (
    id               uuid   not null primary key,    -- the file's name
    log_id           uuid   not null references event_logs(id),
    kind             text   not null,                -- click request
    is_retired       boolean not null,               -- replaced; its file is about to be deleted
    row_count        bigint not null,
    first_ms         bigint not null,
    last_ms          bigint not null,
    bytes            bigint not null,
    created_at       bigint not null
);

-- Limits of one key, lower than its plan's: JSON {"requests_per_minute", "requests_per_day", "requests_per_month"}.
alter table api_keys add column rate_limits text;

-- What somebody should know about a key, told once for a key, a topic and a period.
create table notices (
    id               uuid   not null primary key,
    workspace_id     uuid   not null references workspaces(id),
    api_key_id       uuid   not null references api_keys(id),
    kind             text   not null,                -- api_key.expiring api_key.unused api_key.limit_reached
    topic            text   not null,                -- of a limit its window, else empty
    period           bigint not null,                -- its beginning: a time, or of a limit a day since 1970-01-01
    at               bigint not null,
    detail           text   not null                 -- JSON
);
create unique index notices_once on notices (api_key_id, kind, topic, period);
create index notices_by_workspace on notices (workspace_id, at);
create index notices_by_age on notices (at);
