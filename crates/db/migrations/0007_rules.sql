-- Who is taken elsewhere: JSON of targets by country, device and language, addresses for phones, and variants by share.
alter table links add column rules text;
