// Browsers make no MD5, and lists of others know files by it. Nothing is believed for its sake: collisions are made on
// purpose. Source: RFC 1321.

const BLOCK_BYTES = 64
const LENGTH_BYTES = 8
const TURNS = [7, 12, 17, 22, 5, 9, 14, 20, 4, 11, 16, 23, 6, 10, 15, 21]
const SINES = Array.from({ length: 64 }, (_, at) =>
  Math.floor(Math.abs(Math.sin(at + 1)) * 2 ** 32),
)

/** The digest of the bytes: 16 of them. */
export function md5(bytes: Uint8Array): Uint8Array {
  const state = Uint32Array.of(0x67452301, 0xefcdab89, 0x98badcfe, 0x10325476)
  const whole = Math.floor(bytes.length / BLOCK_BYTES) * BLOCK_BYTES
  takeBlocks(state, viewOf(bytes.subarray(0, whole)))
  takeBlocks(state, viewOf(padded(bytes.subarray(whole), bytes.length)))
  const digest = new Uint8Array(16)
  state.forEach((word, at) => {
    viewOf(digest).setUint32(at * 4, word, true)
  })
  return digest
}

/** The rest of the bytes, one bit, zeros, and the length of all in bits. */
function padded(rest: Uint8Array, length: number): Uint8Array {
  const blocks = Math.ceil((rest.length + 1 + LENGTH_BYTES) / BLOCK_BYTES)
  const filled = new Uint8Array(blocks * BLOCK_BYTES)
  filled.set(rest)
  filled[rest.length] = 0x80
  const view = viewOf(filled)
  view.setUint32(filled.length - LENGTH_BYTES, (length * 8) >>> 0, true)
  view.setUint32(filled.length - LENGTH_BYTES / 2, Math.floor(length / 2 ** 29), true)
  return filled
}

function takeBlocks(state: Uint32Array, view: DataView): void {
  for (let from = 0; from < view.byteLength; from += BLOCK_BYTES) takeBlock(state, view, from)
}

function takeBlock(state: Uint32Array, view: DataView, from: number): void {
  let [a = 0, b = 0, c = 0, d = 0] = state
  for (let step = 0; step < 64; step += 1) {
    const round = step >> 4
    const [mixed, word] = stepOf(round, step, b, c, d)
    const sum = (a + mixed + (SINES[step] ?? 0) + view.getUint32(from + word * 4, true)) | 0
    const turn = TURNS[round * 4 + (step & 3)] ?? 0
    a = d
    d = c
    c = b
    b = (b + ((sum << turn) | (sum >>> (32 - turn)))) | 0
  }
  for (const [at, word] of [a, b, c, d].entries()) state[at] = ((state[at] ?? 0) + word) >>> 0
}

/** What a step mixes, and which word of the block it takes. */
function stepOf(
  round: number,
  step: number,
  b: number,
  c: number,
  d: number,
): readonly [mixed: number, word: number] {
  switch (round) {
    case 0:
      return [(b & c) | (~b & d), step]
    case 1:
      return [(d & b) | (~d & c), (5 * step + 1) % 16]
    case 2:
      return [b ^ c ^ d, (3 * step + 5) % 16]
    default:
      return [c ^ (b | ~d), (7 * step) % 16]
  }
}

function viewOf({ buffer, byteOffset, byteLength }: Uint8Array): DataView {
  return new DataView(buffer, byteOffset, byteLength)
}
