use std::sync::{Arc, Mutex};

use super::*;

/// The names of the jobs that were served, and of those that were dropped, in their order.
#[derive(Clone, Default)]
struct Record(Arc<Mutex<(Vec<String>, Vec<String>)>>);

impl Record {
    fn push(&self, queue: &Queue, caller: Caller, name: impl Into<String>) {
        let (record, name) = (self.clone(), name.into());
        queue.push(
            caller,
            Box::new(move |worker| {
                let mut record = record.0.lock().unwrap();
                if worker.is_some() { record.0.push(name) } else { record.1.push(name) }
            }),
        );
    }

    /// Serves `count` jobs and returns the names of all that were served so far.
    fn serve(&self, queue: &Queue, count: usize) -> Vec<String> {
        let context = doorward_password::PasswordContext::builder().argon2id(8, 1, 1).build().unwrap();
        let mut worker = context.worker();
        for _ in 0..count {
            if queue.is_empty() {
                break;
            }
            let job = queue.pop().expect("a job waits");
            job(Some(&mut worker));
        }
        self.0.lock().unwrap().0.clone()
    }

    fn dropped(&self) -> Vec<String> {
        self.0.lock().unwrap().1.clone()
    }
}

fn from(class: Class, ip: &str) -> Caller {
    Caller::new(class, Some(ip.parse().unwrap()))
}

fn count(names: &[String], prefix: &str) -> usize {
    names.iter().filter(|name| name.starts_with(prefix)).count()
}

/// Makes all waiting jobs older.
fn age(queue: &Queue, by: Duration) {
    fn age(line: &mut Line, by: Duration) {
        for (since, _) in &mut line.jobs {
            *since = since.checked_sub(by).unwrap();
        }
        line.below.values_mut().for_each(|below| age(below, by));
    }
    queue.lock().lines.iter_mut().for_each(|line| age(line, by));
}

#[test]
fn classes_get_turns_in_proportion_to_their_weights() {
    let (queue, record) = (Queue::new(64), Record::default());
    for (number, class) in
        [Class::Register, Class::LogIn, Class::Session, Class::KnownDevice].repeat(30).iter().enumerate()
    {
        record.push(&queue, from(*class, "192.0.2.1"), format!("{class:?} {number}"));
    }
    let served = record.serve(&queue, 30);
    for (class, turns) in [("KnownDevice", 16), ("Session", 8), ("LogIn", 4), ("Register", 2)] {
        assert_eq!(count(&served, class), turns, "{served:?}");
    }
    // The first turn is for the class with the greatest weight.
    assert!(served[0].starts_with("KnownDevice"), "{served:?}");
    // A class that waits alone gets all turns.
    assert_eq!(record.serve(&queue, 200).len(), 120);
}

#[test]
fn a_full_class_takes_no_room_from_another() {
    let (queue, record) = (Queue::new(4), Record::default());
    for number in 0..100 {
        record.push(&queue, from(Class::Register, &format!("10.0.{number}.1")), "flood");
    }
    record.push(&queue, from(Class::LogIn, "192.0.2.1"), "owner");
    assert_eq!(record.dropped().len(), 96);
    assert!(record.serve(&queue, 2).contains(&"owner".into()));
}

#[test]
fn networks_take_turns_however_many_jobs_they_have() {
    for (attackers, owner) in [
        // One address, many addresses of a /24, and many networks of an IPv6 allocation.
        (["10.0.0.1"; 4], "192.0.2.1"),
        (["10.0.0.1", "10.0.0.2", "10.0.0.3", "10.0.0.4"], "10.0.1.1"),
        (["2001:db8:0:1::1", "2001:db8:0:2::1", "2001:db8:0:100::1", "2001:db8:0:1ff::1"], "2001:db8:1::1"),
        (
            ["2001:db8:0:101::1", "2001:db8:0:102::1", "2001:db8:0:103::1", "2001:db8:0:104::1"],
            "2001:db8:0:201::1",
        ),
        // Clients behind a translator, and a site behind 6to4.
        (
            ["64:ff9b::10.0.0.1", "64:ff9b::10.0.0.2", "64:ff9b::10.0.0.3", "64:ff9b::10.0.0.4"],
            "64:ff9b::10.0.1.1",
        ),
        (
            ["2002:a00:1:1::1", "2002:a00:1:101::1", "2002:a00:1:201::1", "2002:a00:1:ffff::1"],
            "2002:a00:101::1",
        ),
        (
            ["2001:db8:0:101::1", "2001:db8:0:101::2", "2001:db8:0:101:ffff::", "2001:db8:0:101::9"],
            "2001:db8:0:102::1",
        ),
    ] {
        let (queue, record) = (Queue::new(64), Record::default());
        for number in 0..200 {
            record.push(&queue, from(Class::LogIn, attackers[number % 4]), format!("attacker {number}"));
        }
        for number in 0..4 {
            record.push(&queue, from(Class::LogIn, owner), format!("owner {number}"));
        }
        let served = record.serve(&queue, 8);
        assert_eq!(count(&served, "owner"), 4, "{attackers:?} {served:?}");
        assert_eq!(count(&record.dropped(), "owner"), 0);
    }
}

#[test]
fn a_client_without_competition_may_use_the_whole_room() {
    let (queue, record) = (Queue::new(64), Record::default());
    for number in 0..70 {
        record.push(&queue, from(Class::LogIn, "192.0.2.1"), number.to_string());
    }
    // The newest ones are refused at once, and the others are served in their order.
    assert_eq!(record.dropped(), (64..70).map(|number| number.to_string()).collect::<Vec<_>>());
    assert_eq!(record.serve(&queue, 70), (0..64).map(|number| number.to_string()).collect::<Vec<_>>());
}

#[test]
fn a_full_room_drops_stale_jobs_first() {
    let (queue, record) = (Queue::new(4), Record::default());
    for number in 0..4 {
        record.push(&queue, from(Class::LogIn, &format!("10.0.{number}.1")), format!("stale {number}"));
    }
    age(&queue, STALE + Duration::from_millis(1));
    for number in 0..4 {
        record.push(&queue, from(Class::LogIn, &format!("10.1.{number}.1")), format!("fresh {number}"));
    }
    assert_eq!(count(&record.dropped(), "stale"), 4);
    assert_eq!(count(&record.serve(&queue, 9), "fresh"), 4);
}

#[test]
fn a_stale_job_is_dropped_at_its_turn_only_in_a_crowded_class() {
    let (queue, record) = (Queue::new(8), Record::default());
    let push = |name: &str| {
        for number in 0..3 {
            record.push(&queue, from(Class::LogIn, &format!("10.0.{number}.1")), format!("{name} {number}"));
        }
    };
    push("calm");
    age(&queue, 2 * STALE);
    // Half of the room is free.
    assert_eq!(record.serve(&queue, 3).len(), 3);
    push("stale");
    age(&queue, 2 * STALE);
    push("fresh");
    let served = record.serve(&queue, 6);
    assert_eq!(count(&record.dropped(), "stale"), 2, "{served:?}");
    assert_eq!(count(&served, "fresh") + count(&served, "stale"), 4);
}

#[test]
fn clients_without_an_address_share_one_turn() {
    let (queue, record) = (Queue::new(64), Record::default());
    for number in 0..10 {
        record.push(&queue, Caller::BACKGROUND, format!("own {number}"));
    }
    record.push(&queue, from(Class::LogIn, "192.0.2.1"), "client");
    assert!(record.serve(&queue, 2).contains(&"client".into()));
}

#[test]
fn the_late_thread_waits_until_a_job_is_late() {
    let queue = Arc::new(Queue::new(64));
    let record = Record::default();
    let (tell, served) = std::sync::mpsc::channel();
    let late = Arc::clone(&queue);
    let thread = std::thread::spawn(move || {
        while let Some(job) = late.pop_late(Duration::from_secs(3600)) {
            job(None);
            tell.send(()).unwrap();
        }
    });
    record.push(&queue, from(Class::LogIn, "192.0.2.1"), "late");
    assert!(served.try_recv().is_err());
    age(&queue, Duration::from_secs(3600));
    // This stands for the hour that has passed.
    queue.late.notify_one();
    served.recv().unwrap();
    assert_eq!(record.dropped(), ["late"]);
    queue.close();
    thread.join().unwrap();
}

proptest::proptest! {
    /// Whatever happens, the counts fit the jobs, and every job is called exactly once.
    #[test]
    fn no_job_is_lost(steps in proptest::collection::vec((0..6_usize, 0..4_usize, 0..40_u32), 1..300)) {
        let (queue, record) = (Queue::new(5), Record::default());
        let mut pushed = 0;
        for (step, class, ip) in steps {
            match step {
                0..4 => {
                    let ip = IpAddr::V4((ip * 64).into());
                    record.push(&queue, Caller::new(Class::ALL[class], (ip.to_string() != "0.0.0.0").then_some(ip)), "job");
                    pushed += 1;
                }
                4 => drop(record.serve(&queue, 1)),
                _ => age(&queue, STALE),
            }
            let state = queue.lock();
            for line in &state.lines {
                proptest::prop_assert!(line.waiting <= 5 && counted(line) == line.waiting);
            }
        }
        record.serve(&queue, pushed);
        let (served, dropped) = &*record.0.lock().unwrap();
        proptest::prop_assert_eq!(served.len() + dropped.len(), pushed);
    }
}

/// Counts the jobs of a line, and checks that exactly the networks with jobs have a turn.
fn counted(line: &Line) -> usize {
    assert_eq!(line.turns.len(), line.below.len());
    assert!(line.turns.iter().all(|network| line.below[network].waiting > 0));
    line.jobs.len() + line.below.values().map(counted).sum::<usize>()
}
