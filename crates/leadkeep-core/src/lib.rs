//! The domain of leadkeep: rules, values, schema, and what a store can do.
