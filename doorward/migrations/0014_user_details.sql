-- What is known of a user beside the address. Only operators and the host write the roles and the attributes. The roles are
-- sorted and separated by spaces. The attributes and the profile are JSON objects; NULL stands for an empty one.
ALTER TABLE users ADD COLUMN display_name TEXT;
ALTER TABLE users ADD COLUMN roles TEXT NOT NULL DEFAULT '';
ALTER TABLE users ADD COLUMN attributes TEXT;
ALTER TABLE users ADD COLUMN profile TEXT;
