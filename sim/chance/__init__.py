"""All luck: named streams, and the tape laid from them before anything happens."""
