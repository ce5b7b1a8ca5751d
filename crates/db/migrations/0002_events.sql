-- What is folded from the event log. Counts stand apart from what they count, in narrow rows: they change every few
-- seconds, and what they belong to hardly ever.

-- Requests that count towards plans and limits: one row for a UTC day, an owner and a class of calls.
create table daily_requests (
    owner_id         uuid   not null,                -- a workspace or a key
    day              integer not null,               -- days since 1970-01-01
    class            integer not null,               -- 0 read, 1 write, 2 delete, 3 report
    requests         bigint not null,
    primary key (owner_id, day, class)
);
create index daily_requests_by_day on daily_requests (day);

-- How far the event log has been folded into the counts above. One row.
create table event_log (
    id               integer not null primary key,
    counted          bigint not null                 -- position in bytes
);
insert into event_log values (1, 0);

-- The Parquet files that hold events, and how far into the log they reach.
create table event_segments (
    id               uuid   not null primary key,
    kind             text   not null,                -- click request
    state            text   not null,                -- live; retired: replaced, its file is about to be deleted
    row_count        bigint not null,
    first_ms         bigint not null,
    last_ms          bigint not null,
    bytes            bigint not null,
    log_until        bigint not null,                -- every event of its kind before this position is in a segment
    created_at       bigint not null
);

-- Limits of one key, lower than its plan's: JSON {"requests_per_minute", "requests_per_day", "requests_per_month"}.
alter table api_keys add column rate_limits text;
