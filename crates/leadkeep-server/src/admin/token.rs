//! Random tokens: what the browser has, and what is kept of it.

use sha2::{Digest, Sha256};

/// A token that nobody can guess.
pub(crate) struct Token(String);

impl Token {
    /// A fresh one.
    ///
    /// # Errors
    /// When the system gives no randomness.
    pub(crate) fn fresh() -> Result<Self, getrandom::Error> {
        let mut bytes = [0; 32];
        getrandom::fill(&mut bytes)?;
        Ok(Self(hex(&bytes)))
    }

    /// One that a browser sent.
    pub(crate) fn sent(text: &str) -> Self {
        Self(text.to_owned())
    }

    /// What the browser gets.
    pub(crate) fn as_str(&self) -> &str {
        &self.0
    }

    /// What is kept: it cannot be turned back.
    pub(crate) fn kept(&self) -> Vec<u8> {
        Sha256::digest(&self.0).to_vec()
    }

    /// What forms carry so that nobody else can make them: it follows from the token and tells nothing of it.
    pub(crate) fn form(&self) -> String {
        hex(&Sha256::digest(format!("form {}", self.0)))
    }

    /// Whether this is what was kept. Hashes are compared, so that the time tells nothing that helps.
    pub(crate) fn is(&self, kept: &[u8]) -> bool {
        self.kept() == kept
    }
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_kept_and_what_forms_carry_tells_nothing() {
        let token = Token::fresh().unwrap();
        assert_eq!(token.as_str().len(), 64);
        assert_ne!(token.as_str(), Token::fresh().unwrap().as_str());
        assert_ne!(hex(&token.kept()), token.as_str());
        assert_ne!(token.form(), token.as_str());
        assert_ne!(token.form(), hex(&token.kept()));
        assert!(token.is(&token.kept()));
        assert!(!token.is(&Token::fresh().unwrap().kept()));
        assert!(Token::sent(token.as_str()).is(&token.kept()));
    }
}
