-- What other columns tell is not stored twice: docs/adr/0028-what-is-told-is-not-stored.md. A column that held all of it gets another name, and
-- from here on holds only what is not told; the next migration gives the name back. What is stored stays as it is. A migration of
-- its own: once the names are given back, these statements could not be run again.
-- A purge that was killed may be deleting rows still, by these columns: to delete none waits for it, since changes of rows go one after the other.
ALTER TABLE events DELETE WHERE false SETTINGS mutations_sync = 2;
ALTER TABLE events RENAME COLUMN IF EXISTS person_key TO own_person_key;
ALTER TABLE events RENAME COLUMN IF EXISTS url TO own_url;
ALTER TABLE events RENAME COLUMN IF EXISTS request_id TO own_request_id;
