-- Which process has written last: a number that it draws whenever another one has written since, so that others see that
-- what they remember may have changed.
ALTER TABLE schema_version ADD COLUMN writer INTEGER NOT NULL DEFAULT 0;
