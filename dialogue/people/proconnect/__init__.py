"""Sign-in with ProConnect, the State's identity federation for professionals (OpenID Connect)."""
