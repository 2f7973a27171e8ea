-- genesys: when a conversation of Genesys was last asked for, and when it was found to be over.
ALTER TABLE genesys_conversations ADD COLUMN asked_at timestamptz, ADD COLUMN ended_at timestamptz;

-- The last message that is part of the text with which somebody handed it over; those after it are told one by one.
ALTER TABLE conversation_desks ADD COLUMN told_seq bigint NOT NULL DEFAULT 0;
