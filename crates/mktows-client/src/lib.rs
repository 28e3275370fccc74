//! A typed async client for any mktows endpoint.
