//! *What do these bytes say?* The only room that sees bytes: encoding, dialect, rows, types, roles, limits.
