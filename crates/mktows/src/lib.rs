//! The Marketo SOAP API protocol: bytes to typed messages and back.
