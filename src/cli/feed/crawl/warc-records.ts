import { ByteReader } from './byte-reader.ts'
import { type HeadLines, readHead } from './fields.ts'
import { gzipMembers, isGzip } from './gzip-members.ts'
import { type RecordFault, UnreadableRecord } from './record-fault.ts'
import type { RecordPlace } from '../record-line.ts'

/** One record of a WARC file (ISO 28500). */
export interface WarcRecord {
  readonly place: RecordPlace
  readonly fields: HeadLines['fields']
  /** Its content, as it comes: to be read before the next record is asked for, or not at all. */
  block(): AsyncIterable<Uint8Array>
}

/** The latest record is not to be relied on, or what came instead of one. */
export interface BrokenRecord {
  readonly place: RecordPlace
  readonly fault: RecordFault
  /** Whether nothing behind it is read. */
  readonly isLast: boolean
}

/** Before the number of the version. */
const BEGINS = 'WARC/'
const BLANKS = new Set([0x0d, 0x0a])

/**
 * The records from where the reader stands, each a gzip member or none of them compressed. In a member of its own, a
 * broken record is passed by. Elsewhere nothing behind one is read: where the next record begins cannot be told from
 * what some site may have put into a file of its own, and what such a one says of other sites is not to be believed.
 *
 * @param leftOut How many records of the first member are passed by
 */
export async function* warcRecords(
  reader: ByteReader,
  leftOut = 0,
): AsyncGenerator<WarcRecord | BrokenRecord> {
  if (!isGzip(await reader.fill(2))) {
    const placeOf = () => ({ position: reader.position, inside: 0 })
    for await (const found of recordsIn(reader, placeOf, 'truncated')) {
      yield 'fault' in found ? { ...found, isLast: true } : found
    }
    return
  }
  let from = leftOut
  for await (const inflated of gzipMembers(reader)) {
    const { position } = reader
    let place: RecordPlace = { position, inside: 0 }
    const member = new ByteReader(inflated)
    const placeOf = (inside: number) => ({ position, inside })
    for await (const found of recordsIn(member, placeOf, 'wrong-length')) {
      place = found.place
      if (place.inside < from) continue
      if (!('fault' in found)) yield found
      else if (!isOfFile(found.fault)) yield { ...found, isLast: false }
    }
    try {
      await member.passTo(Infinity)
    } catch (error) {
      yield { place, fault: faultOf(error), isLast: true }
      return
    }
    from = 0
  }
}

/** Whether the file is broken, rather than the record: then its end throws the same. */
function isOfFile(fault: RecordFault): boolean {
  return fault === 'damaged' || fault === 'truncated'
}

/** Up to the first that is broken. */
async function* recordsIn(
  bytes: ByteReader,
  placeOf: (at: number) => RecordPlace,
  atEnd: RecordFault,
): AsyncGenerator<WarcRecord | Omit<BrokenRecord, 'isLast'>> {
  for (let at = 0; ; at += 1) {
    let place = placeOf(at)
    try {
      await passBlanks(bytes)
      place = placeOf(at)
      if ((await bytes.fill(1)).length === 0) return
      const fields = await readFields(bytes, atEnd)
      const length = lengthOf(fields)
      const end = bytes.position + length
      yield { place, fields, block: () => bytes.take(length) }
      if (!(await bytes.passTo(end))) throw new UnreadableRecord(atEnd)
      await passBlanks(bytes)
      const isOver = (await bytes.fill(1)).length === 0
      if (!isOver && !(await isAtRecord(bytes))) throw new UnreadableRecord('wrong-length')
    } catch (error) {
      yield { place, fault: faultOf(error) }
      return
    }
  }
}

async function readFields(bytes: ByteReader, atEnd: RecordFault): Promise<HeadLines['fields']> {
  if (!(await isAtRecord(bytes))) throw new UnreadableRecord('no-record')
  const head = await readHead(bytes, 'utf8')
  if (head === undefined) throw new UnreadableRecord(atEnd)
  return head.fields
}

function lengthOf(fields: HeadLines['fields']): number {
  const text = fields.get('content-length') ?? ''
  if (!/^\d{1,15}$/.test(text)) throw new UnreadableRecord('wrong-length')
  return Number(text)
}

/** Also where the source ends before it could tell. */
async function isAtRecord(bytes: ByteReader): Promise<boolean> {
  const held = await bytes.fill(BEGINS.length)
  return BEGINS.startsWith(held.toString('latin1', 0, BEGINS.length))
}

async function passBlanks(bytes: ByteReader): Promise<void> {
  for (;;) {
    const held = await bytes.fill(1)
    const end = held.findIndex((byte) => !BLANKS.has(byte))
    bytes.pass(end === -1 ? held.length : end)
    if (end !== -1 || held.length === 0) return
  }
}

/** Throws what says nothing of a record. */
function faultOf(error: unknown): RecordFault {
  if (error instanceof UnreadableRecord) return error.fault
  throw error
}
