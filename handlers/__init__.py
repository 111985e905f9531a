"""Conversations: one module a capability, its keyboards and message views. No SQL, no rules."""
