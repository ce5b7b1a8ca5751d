//! JPEG (ITU-T T.81): baseline, full colour resolution, quality 92.
//!
//! Written here because the encoders at hand bring a licence of their own or a whole framework. The tables are those of the
//! standard's annex K; colours are not thinned out, because edges between modules are what matters.

/// How much detail is kept, as libjpeg counts it: 1–100.
const QUALITY: u32 = 92;

/// Order of the 64 frequencies in the file (figure 5 of the standard): row * 8 + column.
const ZIGZAG: [usize; 64] = [
    0, 1, 8, 16, 9, 2, 3, 10, 17, 24, 32, 25, 18, 11, 4, 5, 12, 19, 26, 33, 40, 48, 41, 34, 27, 20, 13, 6, 7,
    14, 21, 28, 35, 42, 49, 56, 57, 50, 43, 36, 29, 22, 15, 23, 30, 37, 44, 51, 58, 59, 52, 45, 38, 31, 39,
    46, 53, 60, 61, 54, 47, 55, 62, 63,
];

/// Table K.1, row by row.
const LUMA_STEPS: [u8; 64] = [
    16, 11, 10, 16, 24, 40, 51, 61, 12, 12, 14, 19, 26, 58, 60, 55, 14, 13, 16, 24, 40, 57, 69, 56, 14, 17,
    22, 29, 51, 87, 80, 62, 18, 22, 37, 56, 68, 109, 103, 77, 24, 35, 55, 64, 81, 104, 113, 92, 49, 64, 78,
    87, 103, 121, 120, 101, 72, 92, 95, 98, 112, 100, 103, 99,
];

/// Table K.2, row by row.
const CHROMA_STEPS: [u8; 64] = [
    17, 18, 24, 47, 99, 99, 99, 99, 18, 21, 26, 66, 99, 99, 99, 99, 24, 26, 56, 99, 99, 99, 99, 99, 47, 66,
    99, 99, 99, 99, 99, 99, 99, 99, 99, 99, 99, 99, 99, 99, 99, 99, 99, 99, 99, 99, 99, 99, 99, 99, 99, 99,
    99, 99, 99, 99, 99, 99, 99, 99, 99, 99, 99, 99,
];

/// How many codes of 1, 2, … 16 bits there are, and what they stand for.
struct Huffman {
    counts: [u8; 16],
    values: &'static [u8],
}

/// Tables K.3 to K.6: luma and chroma, differences of means and the other frequencies.
const LUMA_DC: Huffman = Huffman {
    counts: [0, 1, 5, 1, 1, 1, 1, 1, 1, 0, 0, 0, 0, 0, 0, 0],
    values: &[0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11],
};
const CHROMA_DC: Huffman = Huffman {
    counts: [0, 3, 1, 1, 1, 1, 1, 1, 1, 1, 1, 0, 0, 0, 0, 0],
    values: &[0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11],
};
const LUMA_AC: Huffman = Huffman {
    counts: [0, 2, 1, 3, 3, 2, 4, 3, 5, 5, 4, 4, 0, 0, 1, 0x7d],
    values: &[
        0x01, 0x02, 0x03, 0x00, 0x04, 0x11, 0x05, 0x12, 0x21, 0x31, 0x41, 0x06, 0x13, 0x51, 0x61, 0x07, 0x22,
        0x71, 0x14, 0x32, 0x81, 0x91, 0xa1, 0x08, 0x23, 0x42, 0xb1, 0xc1, 0x15, 0x52, 0xd1, 0xf0, 0x24, 0x33,
        0x62, 0x72, 0x82, 0x09, 0x0a, 0x16, 0x17, 0x18, 0x19, 0x1a, 0x25, 0x26, 0x27, 0x28, 0x29, 0x2a, 0x34,
        0x35, 0x36, 0x37, 0x38, 0x39, 0x3a, 0x43, 0x44, 0x45, 0x46, 0x47, 0x48, 0x49, 0x4a, 0x53, 0x54, 0x55,
        0x56, 0x57, 0x58, 0x59, 0x5a, 0x63, 0x64, 0x65, 0x66, 0x67, 0x68, 0x69, 0x6a, 0x73, 0x74, 0x75, 0x76,
        0x77, 0x78, 0x79, 0x7a, 0x83, 0x84, 0x85, 0x86, 0x87, 0x88, 0x89, 0x8a, 0x92, 0x93, 0x94, 0x95, 0x96,
        0x97, 0x98, 0x99, 0x9a, 0xa2, 0xa3, 0xa4, 0xa5, 0xa6, 0xa7, 0xa8, 0xa9, 0xaa, 0xb2, 0xb3, 0xb4, 0xb5,
        0xb6, 0xb7, 0xb8, 0xb9, 0xba, 0xc2, 0xc3, 0xc4, 0xc5, 0xc6, 0xc7, 0xc8, 0xc9, 0xca, 0xd2, 0xd3, 0xd4,
        0xd5, 0xd6, 0xd7, 0xd8, 0xd9, 0xda, 0xe1, 0xe2, 0xe3, 0xe4, 0xe5, 0xe6, 0xe7, 0xe8, 0xe9, 0xea, 0xf1,
        0xf2, 0xf3, 0xf4, 0xf5, 0xf6, 0xf7, 0xf8, 0xf9, 0xfa,
    ],
};
const CHROMA_AC: Huffman = Huffman {
    counts: [0, 2, 1, 2, 4, 4, 3, 4, 7, 5, 4, 4, 0, 1, 2, 0x77],
    values: &[
        0x00, 0x01, 0x02, 0x03, 0x11, 0x04, 0x05, 0x21, 0x31, 0x06, 0x12, 0x41, 0x51, 0x07, 0x61, 0x71, 0x13,
        0x22, 0x32, 0x81, 0x08, 0x14, 0x42, 0x91, 0xa1, 0xb1, 0xc1, 0x09, 0x23, 0x33, 0x52, 0xf0, 0x15, 0x62,
        0x72, 0xd1, 0x0a, 0x16, 0x24, 0x34, 0xe1, 0x25, 0xf1, 0x17, 0x18, 0x19, 0x1a, 0x26, 0x27, 0x28, 0x29,
        0x2a, 0x35, 0x36, 0x37, 0x38, 0x39, 0x3a, 0x43, 0x44, 0x45, 0x46, 0x47, 0x48, 0x49, 0x4a, 0x53, 0x54,
        0x55, 0x56, 0x57, 0x58, 0x59, 0x5a, 0x63, 0x64, 0x65, 0x66, 0x67, 0x68, 0x69, 0x6a, 0x73, 0x74, 0x75,
        0x76, 0x77, 0x78, 0x79, 0x7a, 0x82, 0x83, 0x84, 0x85, 0x86, 0x87, 0x88, 0x89, 0x8a, 0x92, 0x93, 0x94,
        0x95, 0x96, 0x97, 0x98, 0x99, 0x9a, 0xa2, 0xa3, 0xa4, 0xa5, 0xa6, 0xa7, 0xa8, 0xa9, 0xaa, 0xb2, 0xb3,
        0xb4, 0xb5, 0xb6, 0xb7, 0xb8, 0xb9, 0xba, 0xc2, 0xc3, 0xc4, 0xc5, 0xc6, 0xc7, 0xc8, 0xc9, 0xca, 0xd2,
        0xd3, 0xd4, 0xd5, 0xd6, 0xd7, 0xd8, 0xd9, 0xda, 0xe2, 0xe3, 0xe4, 0xe5, 0xe6, 0xe7, 0xe8, 0xe9, 0xea,
        0xf2, 0xf3, 0xf4, 0xf5, 0xf6, 0xf7, 0xf8, 0xf9, 0xfa,
    ],
};

/// Three bytes a pixel; both sides 1–65,535. `dpi` goes into the JFIF header.
pub(crate) fn write(width: u32, height: u32, rgb: &[u8], dpi: Option<f32>) -> Vec<u8> {
    let steps = [scaled(&LUMA_STEPS), scaled(&CHROMA_STEPS)];
    let mut out = Vec::with_capacity(rgb.len() / 8 + 1024);
    header(&mut out, width, height, dpi, &steps);
    let codes = [(codes(&LUMA_DC), codes(&LUMA_AC)), (codes(&CHROMA_DC), codes(&CHROMA_AC))];
    let cosines = cosines();
    let mut bits = Bits { out, held: 0, count: 0 };
    let mut means = [0i32; 3];
    let (across, down) = (width.div_ceil(8), height.div_ceil(8));
    for block in 0..across * down {
        let channels = block_of(rgb, width, height, (block % across) * 8, (block / across) * 8);
        for (channel, samples) in channels.iter().enumerate() {
            let table = usize::from(channel > 0);
            let frequencies = transformed(samples, &cosines, &steps[table]);
            let (dc, ac) = &codes[table];
            write_block(&mut bits, &frequencies, &mut means[channel], dc, ac);
        }
    }
    bits.finish()
}

/// Annex K's steps, finer for a higher quality; libjpeg's rule.
fn scaled(steps: &[u8; 64]) -> [u8; 64] {
    let percent = 200 - 2 * QUALITY;
    steps.map(|step| ((u32::from(step) * percent + 50) / 100).clamp(1, 255) as u8)
}

fn header(out: &mut Vec<u8>, width: u32, height: u32, dpi: Option<f32>, steps: &[[u8; 64]; 2]) {
    out.extend([0xff, 0xd8]);
    let (unit, density) = dpi.map_or((0, 1), |dpi| (1, dpi.round().clamp(1.0, 65_535.0) as u16));
    let [high, low] = density.to_be_bytes();
    segment(out, 0xe0, &[b'J', b'F', b'I', b'F', 0, 1, 1, unit, high, low, high, low, 0, 0]);
    for (table, steps) in steps.iter().enumerate() {
        let mut body = vec![table as u8];
        body.extend(ZIGZAG.iter().map(|at| steps[*at]));
        segment(out, 0xdb, &body);
    }
    let ([_, _, h1, h0], [_, _, w1, w0]) = (height.to_be_bytes(), width.to_be_bytes());
    segment(out, 0xc0, &[8, h1, h0, w1, w0, 3, 1, 0x11, 0, 2, 0x11, 1, 3, 0x11, 1]);
    for (class, table) in [(0x00, &LUMA_DC), (0x10, &LUMA_AC), (0x01, &CHROMA_DC), (0x11, &CHROMA_AC)] {
        let mut body = vec![class];
        body.extend(table.counts);
        body.extend(table.values);
        segment(out, 0xc4, &body);
    }
    segment(out, 0xda, &[3, 1, 0x00, 2, 0x11, 3, 0x11, 0, 63, 0]);
}

fn segment(out: &mut Vec<u8>, marker: u8, body: &[u8]) {
    out.extend([0xff, marker]);
    out.extend((body.len() as u16 + 2).to_be_bytes());
    out.extend(body);
}

/// Value → code and its length in bits (annex C).
fn codes(table: &Huffman) -> [(u16, u8); 256] {
    let mut codes = [(0, 0); 256];
    let mut values = table.values.iter();
    let mut code = 0u16;
    for (bits, count) in (1u8..).zip(table.counts) {
        for value in values.by_ref().take(usize::from(count)) {
            codes[usize::from(*value)] = (code, bits);
            code += 1;
        }
        code <<= 1;
    }
    codes
}

/// Luma and both chromas of 8 × 8 pixels, around 0; the edge is repeated where the picture ends (JFIF 1.02).
fn block_of(rgb: &[u8], width: u32, height: u32, left: u32, top: u32) -> [[f32; 64]; 3] {
    let mut channels = [[0.0; 64]; 3];
    for at in 0..64 {
        let x = (left + at % 8).min(width - 1) as usize;
        let y = (top + at / 8).min(height - 1) as usize;
        let from = (y * width as usize + x) * 3;
        let [r, g, b] = [rgb[from], rgb[from + 1], rgb[from + 2]].map(f32::from);
        let at = at as usize;
        channels[0][at] = 0.299 * r + 0.587 * g + 0.114 * b - 128.0;
        channels[1][at] = -0.168_735_9 * r - 0.331_264_1 * g + 0.5 * b;
        channels[2][at] = 0.5 * r - 0.418_687_6 * g - 0.081_312_4 * b;
    }
    channels
}

/// cos((2x + 1) uπ / 16), with the norm of the transform. Written out: a library's cosine may differ in its last bit from
/// machine to machine.
fn cosines() -> [[f32; 8]; 8] {
    const COS: [f32; 8] =
        [1.0, 0.980_785_25, 0.923_879_5, 0.831_469_6, 0.707_106_77, 0.555_570_24, 0.382_683_43, 0.195_090_32];
    // cos(kπ/16) for any k, from the first quarter.
    let cos = |k: usize| match k % 32 {
        k @ 0..=7 => COS[k],
        8 | 24 => 0.0,
        k @ 9..=15 => -COS[16 - k],
        16 => -1.0,
        k @ 17..=23 => -COS[k - 16],
        k => COS[32 - k],
    };
    let mut table = [[0.0; 8]; 8];
    for (u, row) in table.iter_mut().enumerate() {
        for (x, entry) in row.iter_mut().enumerate() {
            *entry = 0.5 * if u == 0 { COS[4] } else { cos((2 * x + 1) * u) };
        }
    }
    table
}

fn transformed(samples: &[f32; 64], cosines: &[[f32; 8]; 8], steps: &[u8; 64]) -> [i32; 64] {
    // Most blocks of a code are of one colour: only their mean is left.
    if samples.iter().all(|sample| *sample == samples[0]) {
        let mut flat = [0; 64];
        flat[0] = (samples[0] * 8.0 / f32::from(steps[0])).round() as i32;
        return flat;
    }
    let mut rows = [0.0f32; 64];
    for y in 0..8 {
        for u in 0..8 {
            rows[y * 8 + u] = (0..8).map(|x| samples[y * 8 + x] * cosines[u][x]).sum();
        }
    }
    let mut out = [0; 64];
    for v in 0..8 {
        for u in 0..8 {
            let sum: f32 = (0..8).map(|y| rows[y * 8 + u] * cosines[v][y]).sum();
            out[v * 8 + u] = (sum / f32::from(steps[v * 8 + u])).round() as i32;
        }
    }
    out
}

fn write_block(
    bits: &mut Bits,
    block: &[i32; 64],
    mean: &mut i32,
    dc: &[(u16, u8); 256],
    ac: &[(u16, u8); 256],
) {
    let difference = block[0] - *mean;
    *mean = block[0];
    let size = size_bits(difference);
    bits.code(dc[usize::from(size)]);
    bits.number(difference, size);
    let mut zeros = 0u8;
    for at in &ZIGZAG[1..] {
        let value = block[*at];
        if value == 0 {
            zeros += 1;
            continue;
        }
        while zeros > 15 {
            bits.code(ac[0xf0]);
            zeros -= 16;
        }
        let size = size_bits(value);
        bits.code(ac[usize::from(zeros << 4 | size)]);
        bits.number(value, size);
        zeros = 0;
    }
    if zeros > 0 {
        bits.code(ac[0]);
    }
}

fn size_bits(value: i32) -> u8 {
    (32 - value.unsigned_abs().leading_zeros()) as u8
}

struct Bits {
    out: Vec<u8>,
    held: u64,
    count: u32,
}

impl Bits {
    fn code(&mut self, (code, bits): (u16, u8)) {
        self.push(u32::from(code), u32::from(bits));
    }

    /// Negative numbers are written as their ones' complement.
    fn number(&mut self, value: i32, size: u8) {
        let value = if value < 0 { value + (1 << size) - 1 } else { value };
        self.push(value as u32, u32::from(size));
    }

    fn push(&mut self, value: u32, bits: u32) {
        self.held = self.held << bits | u64::from(value);
        self.count += bits;
        while self.count >= 8 {
            self.count -= 8;
            let byte = (self.held >> self.count) as u8;
            self.out.push(byte);
            // A byte of ones would begin a marker.
            if byte == 0xff {
                self.out.push(0);
            }
        }
    }

    fn finish(mut self) -> Vec<u8> {
        self.push(0x7f, 7);
        self.out.extend([0xff, 0xd9]);
        self.out
    }
}
