//! Masks, and how hard a masked symbol would be to read (clause 7.8.3, table 11).
//!
//! All four penalties are counted by shifting rows against each other: a bit that is left over is a place where a
//! pattern begins.

use super::grid::{Grid, columns};

/// Every mask repeats after so many rows.
pub(super) const PERIOD: usize = 12;
/// By mask and row: which modules are turned over.
pub(super) const PATTERNS: [[[u64; 3]; PERIOD]; 8] = patterns();

const RUN: u32 = 3;
const BLOCK: u32 = 3;
const FINDER: u32 = 40;
const BALANCE: u32 = 10;

const fn patterns() -> [[[u64; 3]; PERIOD]; 8] {
    let mut patterns = [[[0; 3]; PERIOD]; 8];
    let mut mask = 0;
    while mask < 8 {
        let mut y = 0;
        while y < PERIOD {
            let mut x = 0;
            while x < 192 {
                if is_turned(mask, x, y) {
                    patterns[mask][y][x / 64] |= 1 << (x % 64);
                }
                x += 1;
            }
            y += 1;
        }
        mask += 1;
    }
    patterns
}

/// Table 10, where i is the row and j the column.
const fn is_turned(mask: usize, j: usize, i: usize) -> bool {
    0 == match mask {
        0 => (i + j) % 2,
        1 => i % 2,
        2 => j % 3,
        3 => (i + j) % 3,
        4 => (i / 2 + j / 3) % 2,
        5 => i * j % 2 + i * j % 3,
        6 => (i * j % 2 + i * j % 3) % 2,
        _ => ((i + j) % 2 + i * j % 3) % 2,
    }
}

/// The sum of the four penalties.
pub(super) fn penalty<const W: usize>(grid: &Grid<W>) -> u32 {
    let rows = &grid.dark;
    runs_in_rows(rows, grid.side)
        + runs_in_columns(rows, grid.side)
        + blocks(rows, grid.side)
        + finders_in_rows(rows)
        + finders_in_columns(rows)
        + balance(rows, grid.side)
}

/// Runs of five and more: 3, and 1 for each module beyond five.
fn runs_in_rows<const W: usize>(rows: &[[u64; W]], side: usize) -> u32 {
    let pairs = columns::<W>(side - 1);
    let mut sum = 0;
    for row in rows {
        let next = later(row, 1);
        let same: [u64; W] = std::array::from_fn(|word| !(row[word] ^ next[word]) & pairs[word]);
        let two = both(&same, &later(&same, 1));
        let four = both(&two, &later(&two, 2));
        // A run of n leaves n − 4 bits, of which one has none before it.
        let before = earlier(&four, 1);
        let starts: [u64; W] = std::array::from_fn(|word| four[word] & !before[word]);
        sum += ones(&four) + (RUN - 1) * ones(&starts);
    }
    sum
}

fn runs_in_columns<const W: usize>(rows: &[[u64; W]], side: usize) -> u32 {
    let inside = columns::<W>(side);
    let mut before = [0; W];
    let mut sum = 0;
    for five in rows.windows(5) {
        let four: [u64; W] = std::array::from_fn(|word| {
            let all = five.iter().fold(u64::MAX, |all, row| all & row[word]);
            let none = five.iter().fold(0, |any, row| any | row[word]);
            (all | !none) & inside[word]
        });
        let starts: [u64; W] = std::array::from_fn(|word| four[word] & !before[word]);
        sum += ones(&four) + (RUN - 1) * ones(&starts);
        before = four;
    }
    sum
}

/// Squares of two by two in one colour, overlapping ones too.
fn blocks<const W: usize>(rows: &[[u64; W]], side: usize) -> u32 {
    let pairs = columns::<W>(side - 1);
    let count = |upper: &[u64; W], lower: &[u64; W]| {
        let (upper_next, lower_next) = (later(upper, 1), later(lower, 1));
        let square: [u64; W] = std::array::from_fn(|word| {
            let all = upper[word] & lower[word] & upper_next[word] & lower_next[word];
            let any = upper[word] | lower[word] | upper_next[word] | lower_next[word];
            (all | !any) & pairs[word]
        });
        ones(&square)
    };
    BLOCK * rows.windows(2).map(|two| count(&two[0], &two[1])).sum::<u32>()
}

/// What looks like an eye: 1:1:3:1:1, with four light modules before or after. Outside the symbol all is light.
fn finders_in_rows<const W: usize>(rows: &[[u64; W]]) -> u32 {
    let mut sum = 0;
    for row in rows {
        let at: [[u64; W]; 7] = std::array::from_fn(|offset| later(row, offset));
        let after: [[u64; W]; 4] = std::array::from_fn(|offset| later(row, 7 + offset));
        let before: [[u64; W]; 4] = std::array::from_fn(|offset| earlier(row, 1 + offset));
        sum += eyes(&at, &before, &after);
    }
    FINDER * sum
}

fn finders_in_columns<const W: usize>(rows: &[[u64; W]]) -> u32 {
    let row = |y: usize| rows.get(y).copied().unwrap_or([0; W]);
    let mut sum = 0;
    for y in 0..rows.len().saturating_sub(6) {
        let at: [[u64; W]; 7] = std::array::from_fn(|offset| row(y + offset));
        let after: [[u64; W]; 4] = std::array::from_fn(|offset| row(y + 7 + offset));
        let before: [[u64; W]; 4] = std::array::from_fn(|offset| row(y.wrapping_sub(1 + offset)));
        sum += eyes(&at, &before, &after);
    }
    FINDER * sum
}

fn eyes<const W: usize>(at: &[[u64; W]; 7], before: &[[u64; W]; 4], after: &[[u64; W]; 4]) -> u32 {
    let found: [u64; W] = std::array::from_fn(|word| {
        let [a, b, c, d, e, f, g] = at.map(|row| row[word]);
        let pattern = a & !b & c & d & e & !f & g;
        let light = |rows: &[[u64; W]; 4]| !rows.iter().fold(0, |any, row| any | row[word]);
        pattern & (light(before) | light(after))
    });
    ones(&found)
}

/// 10 for every full 5 % by which dark and light differ from half.
fn balance<const W: usize>(rows: &[[u64; W]], side: usize) -> u32 {
    let dark: u32 = rows.iter().map(ones).sum();
    let all = (side * side) as u32;
    (dark * 20).abs_diff(all * 10) / all * BALANCE
}

/// Bit x of the result is bit x + `by` of the row.
fn later<const W: usize>(row: &[u64; W], by: usize) -> [u64; W] {
    std::array::from_fn(|word| {
        let next = row.get(word + 1).copied().unwrap_or_default();
        if by == 0 { row[word] } else { row[word] >> by | next << (64 - by) }
    })
}

/// Bit x of the result is bit x − `by` of the row; `by` is not 0.
fn earlier<const W: usize>(row: &[u64; W], by: usize) -> [u64; W] {
    std::array::from_fn(|word| {
        let previous = if word == 0 { 0 } else { row[word - 1] };
        row[word] << by | previous >> (64 - by)
    })
}

fn both<const W: usize>(one: &[u64; W], other: &[u64; W]) -> [u64; W] {
    std::array::from_fn(|word| one[word] & other[word])
}

fn ones<const W: usize>(row: &[u64; W]) -> u32 {
    row.iter().map(|word| word.count_ones()).sum()
}
