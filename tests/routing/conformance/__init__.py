"""Cases from other engines' tests and manuals, put to our own rules.

``python -m tests.routing.conformance FILE.json`` judges every case of a file and prints the pass rate per provenance.
"""
