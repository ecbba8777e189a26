"""Django's SQLite backend, with connections that rest between two requests (docs/adr/0034)."""
