import { beforeAll, describe, expect, it } from 'vitest'
import { nativeCore } from '../../native/binding.ts'
import { scenePixels } from '../../fixtures/index.ts'
import { decodePicture, everyPage } from '../../src/decode/index.ts'
import { HindraError } from '../../src/errors.ts'
import { bySharp } from './jpeg-forms.ts'
import { decodeLimits } from './limits.ts'

const limits = decodeLimits()
const core = nativeCore()
if (core === undefined) console.warn('skipped: there is no native core to read luma')

/** Kinds of JPEG of which something is made damaged. */
let baseline = Buffer.alloc(0)
let progressive = Buffer.alloc(0)

beforeAll(async () => {
  const picture = bySharp(scenePixels(3, { width: 320, height: 240 }))
  baseline = await picture.clone().jpeg().toBuffer()
  progressive = await picture.clone().jpeg({ progressive: true }).toBuffer()
})

/** Where the nth marker of this code is, from 0. */
function placeOf(file: Buffer, code: number, nth = 0): number {
  let at = -1
  for (let found = 0; found <= nth; found += 1) at = file.indexOf(Buffer.from([0xff, code]), at + 1)
  return at
}

function inserted(file: Buffer, at: number, hex: string): Buffer {
  return Buffer.concat([file.subarray(0, at), Buffer.from(hex, 'hex'), file.subarray(at)])
}

function without(file: Buffer, from: number, to: number): Buffer {
  return Buffer.concat([file.subarray(0, from), file.subarray(to)])
}

/** The file without the first segment of this code. */
function withoutSegment(file: Buffer, code: number): Buffer {
  const at = placeOf(file, code)
  return without(file, at, at + 2 + file.readUInt16BE(at + 2))
}

function twice(file: Buffer, code: number): Buffer {
  const at = placeOf(file, code)
  const end = at + 2 + file.readUInt16BE(at + 2)
  return Buffer.concat([file.subarray(0, end), file.subarray(at)])
}

const SCAN = 0xda
const TABLES = 0xc4
const middle = () => baseline.length >> 1
const scanOf = () => placeOf(baseline, SCAN)
/** In the second scan of the progressive file, which has no first coefficients. */
const within = () => placeOf(progressive, SCAN, 1) + 100
const lastScan = () => progressive.lastIndexOf(Buffer.from([0xff, SCAN]))

/** The table of native/jpeg/README.md: what the reader of luma says, and what sharp makes of the whole picture. */
const DAMAGE: readonly (readonly [
  what: string,
  file: () => Buffer,
  reader: string,
  sharp: string,
])[] = [
  ['cut off', () => baseline.subarray(0, middle()), 'cut-off', 'MEDIA_CORRUPT'],
  ['without its last byte', () => baseline.subarray(0, -1), 'cut-off', 'MEDIA_CORRUPT'],
  [
    'progressive, cut off',
    () => progressive.subarray(0, progressive.length - 50),
    'cut-off',
    'MEDIA_CORRUPT',
  ],
  ['bytes behind the end', () => inserted(baseline, baseline.length, '0102'), 'read', 'picture'],
  [
    'stray bytes between segments',
    () => inserted(baseline, placeOf(baseline, SCAN), '010203'),
    'damaged',
    'picture',
  ],
  [
    'stray bytes before the end',
    () => inserted(baseline, baseline.length - 2, '010203'),
    'damaged',
    'picture',
  ],
  [
    'bytes changed in a scan that is walked',
    () => Buffer.from(baseline).fill(0x55, middle(), middle() + 40),
    'damaged',
    'picture',
  ],
  [
    '0xff before a 0xff of a scan that is walked',
    () => inserted(baseline, placeOf(baseline.subarray(scanOf()), 0) + scanOf(), 'ff'),
    'damaged',
    'picture',
  ],
  [
    'a marker in a scan that is walked',
    () => inserted(baseline, middle(), 'ffd0'),
    'damaged',
    'picture',
  ],
  [
    'the end in a scan that is walked',
    () => inserted(baseline, middle(), 'ffd9'),
    'damaged',
    'picture',
  ],
  [
    'bytes changed in a scan that is skipped',
    () => inserted(progressive, within(), '55555555'),
    'read',
    'picture',
  ],
  [
    'a restart in a scan that is skipped',
    () => inserted(progressive, within(), 'ffd0'),
    'read',
    'picture',
  ],
  [
    'an unknown marker in a scan that is skipped',
    () => inserted(progressive, within(), 'ff02'),
    'damaged',
    'MEDIA_CORRUPT',
  ],
  [
    'the end in a scan that is skipped',
    () => inserted(progressive, within(), 'ffd9'),
    'scans',
    'picture',
  ],
  [
    'the last scan is not there',
    () => without(progressive, lastScan(), progressive.length - 2),
    'scans',
    'picture',
  ],
  ['no Huffman table', () => withoutSegment(progressive, TABLES), 'tables', 'MEDIA_CORRUPT'],
  ['no table of steps', () => withoutSegment(baseline, 0xdb), 'tables', 'MEDIA_CORRUPT'],
  ['two frames', () => twice(baseline, 0xc0), 'damaged', 'MEDIA_CORRUPT'],
]

describe.skipIf(core === undefined)('a JPEG that is damaged', () => {
  it.each(DAMAGE)('%s', async (_, file, reader, sharp) => {
    const bytes = Uint8Array.from(file())
    const found = core?.lumaAtEighth(bytes, 1, limits.pixelsMax)
    expect(typeof found === 'string' ? found : 'read').toBe(reader)
    // Pixels are read of all scans or none.
    const pixels = core?.shrunkPixels(bytes, 2, limits.pixelsMax)
    const isProgressive = placeOf(Buffer.from(bytes), 0xc2) > 0
    expect(typeof pixels === 'string' ? pixels : 'read').toBe(isProgressive ? 'coding' : reader)
    expect(await wholeOf(bytes)).toBe(sharp)
  })
})

async function wholeOf(bytes: Uint8Array): Promise<string> {
  try {
    await everyPage(decodePicture(bytes, limits))
    return 'picture'
  } catch (error) {
    if (error instanceof HindraError) return error.code
    throw error
  }
}
