"""Records that look alike: the same name, birth date and telephone number under two identifiers."""
