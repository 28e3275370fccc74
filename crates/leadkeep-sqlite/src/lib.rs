//! A leadkeep store in one SQLite file.
