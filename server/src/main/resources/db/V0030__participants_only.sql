-- Events of conversations among people: whoever does not take part learns nothing of them, whatever else they may read.
ALTER TABLE events ADD COLUMN participants_only boolean NOT NULL DEFAULT false;
