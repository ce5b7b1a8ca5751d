//! Keccak-256 with the padding from before it became SHA-3, as Ethereum uses it.
//!
//! Source: the Keccak reference, version 3.0. Only short inputs are hashed here, one address at a time.

const RATE_BYTES: usize = 136;
const ROUND: [u64; 24] = [
    0x0000_0000_0000_0001,
    0x0000_0000_0000_8082,
    0x8000_0000_0000_808a,
    0x8000_0000_8000_8000,
    0x0000_0000_0000_808b,
    0x0000_0000_8000_0001,
    0x8000_0000_8000_8081,
    0x8000_0000_0000_8009,
    0x0000_0000_0000_008a,
    0x0000_0000_0000_0088,
    0x0000_0000_8000_8009,
    0x0000_0000_8000_000a,
    0x0000_0000_8000_808b,
    0x8000_0000_0000_008b,
    0x8000_0000_0000_8089,
    0x8000_0000_0000_8003,
    0x8000_0000_0000_8002,
    0x8000_0000_0000_0080,
    0x0000_0000_0000_800a,
    0x8000_0000_8000_000a,
    0x8000_0000_8000_8081,
    0x8000_0000_0000_8080,
    0x0000_0000_8000_0001,
    0x8000_0000_8000_8008,
];

/// The digest of `input`.
pub(super) fn keccak256(input: &[u8]) -> [u8; 32] {
    let mut state = [0_u64; 25];
    let mut padded = input.to_vec();
    padded.push(0x01);
    padded.resize(padded.len().next_multiple_of(RATE_BYTES), 0);
    if let Some(last) = padded.last_mut() {
        *last |= 0x80;
    }
    for block in padded.chunks_exact(RATE_BYTES) {
        for (lane, bytes) in state.iter_mut().zip(block.as_chunks::<8>().0) {
            *lane ^= u64::from_le_bytes(*bytes);
        }
        permute(&mut state);
    }
    let mut digest = [0; 32];
    for (out, lane) in digest.as_chunks_mut::<8>().0.iter_mut().zip(state) {
        *out = lane.to_le_bytes();
    }
    digest
}

fn permute(state: &mut [u64; 25]) {
    for constant in ROUND {
        // Theta
        let column = |x: usize| (0..5).fold(0, |sum, y| sum ^ state[x + 5 * y]);
        let columns: [u64; 5] = std::array::from_fn(column);
        for (at, lane) in state.iter_mut().enumerate() {
            *lane ^= columns[(at + 4) % 5] ^ columns[(at + 1) % 5].rotate_left(1);
        }
        // Rho and pi, along the one cycle of lanes
        let (mut x, mut y) = (1, 0);
        let mut carried = state[1];
        for step in 0..24_u32 {
            (x, y) = (y, (2 * x + 3 * y) % 5);
            let turned = carried.rotate_left((step + 1) * (step + 2) / 2 % 64);
            carried = std::mem::replace(&mut state[x + 5 * y], turned);
        }
        // Chi
        for row in state.as_chunks_mut::<5>().0 {
            let before = *row;
            for (x, lane) in row.iter_mut().enumerate() {
                *lane = before[x] ^ (!before[(x + 1) % 5] & before[(x + 2) % 5]);
            }
        }
        // Iota
        state[0] ^= constant;
    }
}
