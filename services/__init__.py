"""The rules: people, questions, privacy, and what is to come. No Telegram; callers commit."""
