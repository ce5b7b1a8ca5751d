-- When a link was last reached by its QR code. Unknown of scans that were counted before there was this column.
alter table link_counts add column last_scanned_at bigint;
