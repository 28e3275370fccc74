//! Slows down who guesses passwords.

use std::collections::HashMap;
use std::net::IpAddr;
use std::sync::{Mutex, PoisonError};
use std::time::{Duration, Instant};

/// Failures that are forgiven.
const FREE: u32 = 5;
/// What the first failure after them costs; each further one costs twice as much.
const FIRST: Duration = Duration::from_secs(15);
/// What a failure costs at the most. Failures that are so long ago are forgotten.
const MOST: Duration = Duration::from_secs(15 * 60);
/// Names and addresses that are remembered at the most.
const REMEMBERED: usize = 10_000;

/// Who has failed how often: a name, or an address.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
enum Who {
    Name(String),
    Address(IpAddr),
}

#[derive(Debug, Clone, Copy)]
struct Failures {
    count: u32,
    last: Instant,
}

impl Failures {
    fn wait(self) -> Duration {
        match self.count.checked_sub(FREE) {
            None => Duration::ZERO,
            Some(more) => FIRST.saturating_mul(2_u32.saturating_pow(more)).min(MOST),
        }
    }
}

/// Counts failures to sign in.
#[derive(Debug, Default)]
pub(crate) struct Throttle(Mutex<HashMap<Who, Failures>>);

impl Throttle {
    /// Counts a try to sign in as a failure until it has succeeded, so that many at once are no more than one after the
    /// other. Gives how long to wait instead, if there were too many; then it is not counted.
    pub(crate) fn attempt(&self, name: &str, address: IpAddr, now: Instant) -> Duration {
        let mut known = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let wait = wait(&known, name, address, now);
        if wait.is_zero() {
            failed(&mut known, name, address, now);
        }
        wait
    }

    /// Forgets the failures of a name that was right at last, and that this one of the address was one; others of the
    /// address stay.
    pub(crate) fn succeeded(&self, name: &str, address: IpAddr) {
        let mut known = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let [name, address] = both(name, address);
        known.remove(&name);
        if let Some(failures) = known.get_mut(&address) {
            failures.count = failures.count.saturating_sub(1);
        }
    }
}

type Known = HashMap<Who, Failures>;

/// How long this one has to wait before the next try.
fn wait(known: &Known, name: &str, address: IpAddr, now: Instant) -> Duration {
    let left = |failures: &Failures| {
        let since = now.saturating_duration_since(failures.last);
        failures.wait().saturating_sub(since)
    };
    both(name, address)
        .iter()
        .filter_map(|who| known.get(who))
        .map(left)
        .max()
        .unwrap_or_default()
}

/// Remembers a failure.
fn failed(known: &mut Known, name: &str, address: IpAddr, now: Instant) {
    known.retain(|_, failures| now.saturating_duration_since(failures.last) < MOST);
    for who in both(name, address) {
        if known.len() >= REMEMBERED && !known.contains_key(&who) {
            // Who has failed least, and longest ago, makes room: else who fails under many names at once could guess at one freely.
            let least = known.iter().min_by_key(|(_, own)| (own.count, own.last));
            if let Some(least) = least.map(|(who, _)| who.clone()) {
                known.remove(&least);
            }
        }
        let own = known.entry(who).or_insert(Failures {
            count: 0,
            last: now,
        });
        own.count = own.count.saturating_add(1);
        own.last = now;
    }
}

fn both(name: &str, address: IpAddr) -> [Who; 2] {
    let name = name.trim().chars().take(256).collect::<String>();
    // Whoever has one IPv6 address has a whole network of them.
    let address = match address.to_canonical() {
        IpAddr::V6(address) => {
            let [a, b, c, d, ..] = address.segments();
            IpAddr::from([a, b, c, d, 0, 0, 0, 0])
        }
        address => address,
    };
    [Who::Name(name.to_lowercase()), Who::Address(address)]
}

#[cfg(test)]
mod tests {
    use super::*;

    const HERE: IpAddr = IpAddr::V4(std::net::Ipv4Addr::LOCALHOST);

    fn there(text: &str) -> IpAddr {
        text.parse().unwrap()
    }

    fn fail(throttle: &Throttle, name: &str, address: IpAddr, now: Instant) {
        failed(&mut throttle.0.lock().unwrap(), name, address, now);
    }

    fn wait_of(throttle: &Throttle, name: &str, address: IpAddr, now: Instant) -> Duration {
        wait(&throttle.0.lock().unwrap(), name, address, now)
    }

    /// Who guesses on many connections at once does not get more guesses.
    #[test]
    fn tries_count_before_they_have_failed() {
        let throttle = Throttle::default();
        let now = Instant::now();
        let tries = std::thread::scope(|scope| {
            let threads: Vec<_> = (0..20)
                .map(|_| scope.spawn(|| throttle.attempt("ann", HERE, now).is_zero()))
                .collect();
            let outcomes = threads.into_iter().map(|own| own.join().unwrap());
            outcomes.filter(|is_allowed| *is_allowed).count()
        });
        assert_eq!(tries, FREE as usize);
    }

    #[test]
    fn who_is_right_is_not_held_up() {
        let throttle = Throttle::default();
        let now = Instant::now();
        for _ in 0..50 {
            assert!(throttle.attempt("ann", HERE, now).is_zero());
            throttle.succeeded("ann", HERE);
        }
    }

    #[test]
    fn who_fails_often_waits_longer_and_longer() {
        let throttle = Throttle::default();
        let start = Instant::now();
        let seconds = |seconds| start + Duration::from_secs(seconds);
        let mut waits = Vec::new();
        for _ in 0..14 {
            fail(&throttle, "Ann", HERE, start);
            waits.push(wait_of(&throttle, "ann ", HERE, start).as_secs());
        }
        assert_eq!(
            waits,
            [0, 0, 0, 0, 15, 30, 60, 120, 240, 480, 900, 900, 900, 900]
        );
        assert_eq!(wait_of(&throttle, "ann", HERE, seconds(600)).as_secs(), 300);
        // By name from elsewhere, by address with another name.
        assert!(wait_of(&throttle, "ann", there("10.0.0.9"), start) > Duration::ZERO);
        assert!(wait_of(&throttle, "bob", HERE, start) > Duration::ZERO);
        assert_eq!(
            wait_of(&throttle, "bob", there("10.0.0.9"), start),
            Duration::ZERO
        );
        throttle.succeeded("ANN", HERE);
        assert_eq!(
            wait_of(&throttle, "ann", there("10.0.0.9"), start),
            Duration::ZERO
        );
        assert!(wait_of(&throttle, "ann", HERE, start) > Duration::ZERO);
        assert_eq!(
            wait_of(&throttle, "ann", HERE, seconds(900)),
            Duration::ZERO
        );
        fail(&throttle, "ann", HERE, seconds(901));
        assert_eq!(
            wait_of(&throttle, "ann", HERE, seconds(901)),
            Duration::ZERO
        );
    }

    #[test]
    fn a_network_of_addresses_is_one() {
        let throttle = Throttle::default();
        let now = Instant::now();
        for host in 0..5 {
            let name = format!("name {host}");
            fail(
                &throttle,
                &name,
                there(&format!("2001:db8:1:2:{host}::1")),
                now,
            );
        }
        let wait = |address| wait_of(&throttle, "x", there(address), now);
        assert!(wait("2001:db8:1:2:ffff::") > Duration::ZERO);
        assert_eq!(wait("2001:db8:1:3::1"), Duration::ZERO);
    }

    #[test]
    fn what_is_remembered_is_bounded() {
        let throttle = Throttle::default();
        let now = Instant::now();
        for number in 0..REMEMBERED {
            fail(&throttle, &number.to_string(), HERE, now);
        }
        for count in 1..=FREE {
            let wait = throttle.attempt("one more", there("10.0.0.9"), now);
            assert_eq!(wait, Duration::ZERO, "{count}");
            assert_eq!(throttle.0.lock().unwrap().len(), REMEMBERED);
        }
        // Who comes when it is full is counted all the same, also while others come.
        fail(&throttle, "another", there("10.0.0.8"), now);
        assert!(wait_of(&throttle, "one more", there("10.0.0.7"), now) > Duration::ZERO);
    }
}
