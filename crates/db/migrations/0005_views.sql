-- What people keep of the dashboard: views of analytics by name, and whether a guide helped.

create table views (
    id               uuid   not null primary key,
    workspace_id     uuid   not null references workspaces(id),
    name             text   not null,
    name_key         text   not null,                -- the name in lower case: as compared
    query            text   not null,                -- the address' search string, without the ?
    created_by       text   not null,
    created_at       bigint not null,
    updated_at       bigint not null,
    version          bigint not null
);
create unique index views_by_name on views (workspace_id, name_key);

create table feedback (
    workspace_id     uuid   not null references workspaces(id),
    created_by       text   not null,                -- usr_…, or key_… of a key that is nobody's own
    article          text   not null,
    is_helpful       boolean not null,
    comment          text,
    created_at       bigint not null,                -- of what was said last
    primary key (workspace_id, article, created_by)
);
