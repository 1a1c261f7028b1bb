"""The version, where both the engine and the tools around it can read it without importing one another."""

VERSION = "0.1.0"
