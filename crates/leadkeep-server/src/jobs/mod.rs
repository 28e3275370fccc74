//! Work that goes on after its call was answered.

mod campaigns;
mod imports;
mod sizes;

pub(crate) use campaigns::campaigns;
pub(crate) use imports::imports;
pub(crate) use sizes::sizes;

use std::time::Duration;
use tokio::sync::Notify;

/// How often somebody looks for work that nobody announced: another process may have taken it, or its time has come.
const LOOK: Duration = Duration::from_secs(1);
/// How long to wait after the first failure; twice as long after each further one.
const PAUSE: Duration = Duration::from_millis(200);
/// The longest wait.
const LONGEST_PAUSE: Duration = Duration::from_secs(60);

/// Wakes those who do the work.
#[derive(Debug, Default)]
pub struct Jobs {
    imports: Notify,
    campaigns: Notify,
}

impl Jobs {
    /// Says that there is an import to be done.
    pub(crate) fn wake_imports(&self) {
        self.imports.notify_one();
    }

    /// Says that a campaign has something to do.
    pub(crate) fn wake_campaigns(&self) {
        self.campaigns.notify_one();
    }
}

/// Waits until somebody says that there is work, or for a while.
async fn rest(work: &Notify) {
    // Either will do.
    let _ = tokio::time::timeout(LOOK, work.notified()).await;
}

fn pause(failures: u32) -> Duration {
    let doubled = failures.saturating_sub(1).min(16);
    PAUSE.saturating_mul(1 << doubled).min(LONGEST_PAUSE)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pauses_grow_up_to_a_minute() {
        let pauses: Vec<_> = [0, 1, 2, 3, 9, 10, u32::MAX]
            .map(|failures| pause(failures).as_millis())
            .to_vec();
        assert_eq!(pauses, [200, 200, 400, 800, 51_200, 60_000, 60_000]);
    }
}
