"""What we keep: tables, sessions, sealed columns, migrations. Knows nothing of Telegram or of rules."""
