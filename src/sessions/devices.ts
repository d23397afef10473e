import { timingSafeEqual } from 'node:crypto'
import { HOUR_MS, type Random } from '../core/index.ts'
import type { Digester } from '../store/index.ts'

const DAY_MS = 24 * HOUR_MS
const ID_BYTES = 16

/** Whose browser it is: void once the person sets up password and second factor anew. */
export interface DeviceOwner {
  readonly personId: string
  /** Of the present password and second factor. */
  readonly epoch: string
}

/**
 * Values that a browser keeps after a sign-in, and that show it is one that the person has used. They open nothing: who
 * brings one is slowed down by their own tries alone.
 */
export interface Devices {
  /** A value to keep; of a browser that is known, its own prolonged. */
  valueOf(owner: DeviceOwner, nowMs: number, known: string | undefined): string
  /** Which browser it is; undefined for a value that is not this person's, or too old. */
  idIn(value: string | undefined, owner: DeviceOwner, nowMs: number): string | undefined
}

export function createDevices(digester: Digester, random: Random, days: number): Devices {
  function sign(id: string, issued: string, { personId, epoch }: DeviceOwner): string {
    return digester.digest('sign-in-device', [personId, epoch, id, issued].join('\n'))
  }

  return {
    valueOf(owner, nowMs, known) {
      const id = known ?? Buffer.from(random.bytes(ID_BYTES)).toString('hex')
      const issued = String(nowMs)
      return `hd_${id}_${issued}_${sign(id, issued, owner)}`
    },
    idIn(value = '', owner, nowMs) {
      const parts = /^hd_([0-9a-f]{32})_(\d{1,15})_([0-9a-f]{64})$/.exec(value)
      const [id, issued, signature] = [parts?.[1] ?? '', parts?.[2] ?? '0', parts?.[3] ?? '']
      const right = Buffer.from(sign(id, issued, owner))
      const isRight = timingSafeEqual(Buffer.from(signature.padEnd(right.length, '-')), right)
      const isLiving = nowMs - Number(issued) < days * DAY_MS
      return isRight && isLiving ? id : undefined
    },
  }
}
