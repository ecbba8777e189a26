"""What strangers send: judged by its content, shown to the antivirus. No model, no domain."""
