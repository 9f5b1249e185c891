//! Changes seeds at random, the same in each run.

/// A generator of numbers (xorshift64).
struct Random(u64);

impl Random {
    fn next(&mut self) -> u64 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        self.0
    }

    /// A number below `end`, which is above 0.
    fn below(&mut self, end: usize) -> usize {
        (self.next() % end as u64) as usize
    }

    /// A part of a text that is not empty.
    fn part<'a>(&mut self, text: &'a [u8]) -> &'a [u8] {
        let start = self.below(text.len());
        &text[start..=start + self.below(text.len() - start)]
    }
}

/// Makes this many inputs of the seeds. The first ones are the seeds themselves.
pub(super) fn inputs(seeds: &[&str], count: usize) -> impl Iterator<Item = Vec<u8>> {
    let mut random = Random(0x9E37_79B9_7F4A_7C15);
    (0..count).map(move |number| {
        let seed = |random: &mut Random| seeds[random.below(seeds.len())].as_bytes();
        if let Some(seed) = seeds.get(number) {
            return seed.as_bytes().to_vec();
        }
        let mut input = seed(&mut random).to_vec();
        for _ in 0..=random.below(4) {
            mutate(&mut input, &mut random, seed);
        }
        input
    })
}

fn mutate<'a>(input: &mut Vec<u8>, random: &mut Random, seed: impl Fn(&mut Random) -> &'a [u8]) {
    const SIGNS: &[u8] = b"&=%+?#/\\:@.,;-_~\"'<>{}[]|\t \0\x7f\xc3\xbc09azAZ";
    if input.is_empty() {
        input.extend_from_slice(seed(random));
    }
    let at = random.below(input.len());
    match random.below(7) {
        0 => input[at] = SIGNS[random.below(SIGNS.len())],
        1 => input[at] ^= 1 << random.below(8),
        2 => input.insert(at, SIGNS[random.below(SIGNS.len())]),
        3 => {
            let end = (at + 1 + random.below(12)).min(input.len());
            input.drain(at..end);
        }
        // A part of another seed, or of the same.
        4 => {
            let other = seed(random);
            let part = random.part(other).to_vec();
            input.splice(at..at, part);
        }
        5 => {
            let part = random.part(input).to_vec();
            input.splice(at..at, part);
        }
        // A parameter of another seed.
        _ => {
            let parameters: Vec<&[u8]> = seed(random).split(|byte| *byte == b'&').collect();
            input.push(b'&');
            input.extend_from_slice(parameters[random.below(parameters.len())]);
        }
    }
    input.truncate(4096);
}
