"""Files in and out, from the declarations: read, match, check, write; export and templates."""
