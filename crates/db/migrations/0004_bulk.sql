-- Jobs that make many things from a file. The files lie in the data directory: what was sent, the report, the result.

create table bulk_jobs (
    id               uuid   not null primary key,
    workspace_id     uuid   not null references workspaces(id),
    resource         text   not null,                -- links qr_codes
    on_error         text   not null,                -- abort skip
    start_mode       text   not null,                -- auto manual
    state            text   not null,                -- validating ready running undoing refused done failed cancelled
    mapping          text   not null,                -- JSON: columns and the fields they stand for
    source_bytes     bigint not null,
    place_bytes      bigint not null,                -- how far the file was read in this state …
    place_row        bigint not null,                -- … and how many rows that were
    rows_total       bigint not null,
    valid            bigint not null,
    invalid          bigint not null,
    errors_total     bigint not null,
    first_errors     text   not null,                -- JSON
    created          bigint not null,
    refused          bigint not null,
    removed          bigint not null,
    result_bytes     bigint not null,                -- how much of the result file is whole
    failure          text,
    ending           text,                           -- where undoing leads
    actor            text   not null,                -- JSON, for the audit log
    created_by       text   not null,                -- usr_… or key_…
    created_at       bigint not null,
    started_at       bigint,
    finished_at      bigint,
    updated_at       bigint not null
);
create index bulk_jobs_by_workspace on bulk_jobs (workspace_id, created_at);
create index bulk_jobs_by_state on bulk_jobs (state, updated_at);
