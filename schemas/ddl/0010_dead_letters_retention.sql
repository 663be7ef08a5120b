-- A dead letter holds an event's bytes: it goes after 90 days, or with its project's events where those go sooner.
ALTER TABLE dead_letters ADD COLUMN IF NOT EXISTS retain_until Date DEFAULT toDate(received_at) + 90 AFTER stored_at;
ALTER TABLE dead_letters MODIFY TTL retain_until;
