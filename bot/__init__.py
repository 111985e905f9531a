"""Starts, joins and runs the parts: command line, settings, inbox, outbox, jobs, web endpoints."""
