"""The one-file report: everything said of a comparison's run on one page that needs no network and no scripts."""
