//! The HTTP edge of leadkeep: the SOAP endpoint.
