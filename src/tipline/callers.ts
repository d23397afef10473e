import { createHmac } from 'node:crypto'
import { BlockList, isIP } from 'node:net'
import type { Config } from '../config.ts'
import { type Clock, HOUR_MS, type Random, SECOND_MS } from '../core/index.ts'
import { HindraError } from '../errors.ts'

export type CallerCount = 'tips' | 'messages' | 'looks' | 'wrong-receipts'

type CallerSettings = Pick<
  Config['tipline'],
  | 'tipsPerHour'
  | 'callerTipsPerHour'
  | 'messagesPerHour'
  | 'callerMessagesPerHour'
  | 'looksPerHour'
  | 'callerLooksPerHour'
  | 'wrongReceiptsPerHour'
  | 'callerWrongReceiptsPerHour'
  | 'sharedAddresses'
>

const KEY_BYTES = 32
/** Whoever has one IPv6 address has all 2^64 of its network. */
const NETWORK_GROUPS = 4

/**
 * How much comes from one caller, and from all, in this hour and to this process. An address is known by a digest alone,
 * keyed anew each hour and held in memory: when the hour is over nobody can tell any more who it was. So each process
 * counts for itself, and what all processes take together is counted without callers. What many share is not counted.
 */
export interface Callers {
  /** Whether the hour is used up, by this caller or by all together. */
  isOver(act: CallerCount, caller: string | undefined): boolean
  count(act: CallerCount, caller: string | undefined): void
  /** Counts it. Throws TIPLINE_BUSY where the hour is used up. */
  admit(act: CallerCount, caller: string | undefined): void
}

export function createCallers(parts: {
  readonly clock: Clock
  readonly random: Random
  readonly settings: CallerSettings
}): Callers {
  const { clock, random, settings } = parts
  const shared = blockListOf(settings.sharedAddresses)
  const limits: Readonly<Record<CallerCount, { readonly all: number; readonly one: number }>> = {
    tips: { all: settings.tipsPerHour, one: settings.callerTipsPerHour },
    messages: { all: settings.messagesPerHour, one: settings.callerMessagesPerHour },
    looks: { all: settings.looksPerHour, one: settings.callerLooksPerHour },
    'wrong-receipts': {
      all: settings.wrongReceiptsPerHour,
      one: settings.callerWrongReceiptsPerHour,
    },
  }
  let hour = -1
  let key: Uint8Array = new Uint8Array()
  let counts = new Map<string, number>()

  return {
    isOver,
    count,
    admit(act, caller) {
      if (isOver(act, caller)) throw busy(clock)
      count(act, caller)
    },
  }

  function isOver(act: CallerCount, caller: string | undefined): boolean {
    turn()
    if (of(act) >= limits[act].all) return true
    const name = nameOf(caller)
    return name !== undefined && of(`${act} ${name}`) >= limits[act].one
  }

  /** Beyond the limit of all nothing is noted: what is held is bounded by it. */
  function count(act: CallerCount, caller: string | undefined): void {
    turn()
    if (of(act) >= limits[act].all) return
    counts.set(act, of(act) + 1)
    const name = nameOf(caller)
    if (name !== undefined) counts.set(`${act} ${name}`, of(`${act} ${name}`) + 1)
  }

  function of(name: string): number {
    return counts.get(name) ?? 0
  }

  function turn(): void {
    const now = Math.floor(clock.now() / HOUR_MS)
    if (now === hour) return
    hour = now
    key = random.bytes(KEY_BYTES)
    counts = new Map()
  }

  /** Undefined for whom an address does not tell apart from others. */
  function nameOf(caller: string | undefined): string | undefined {
    if (caller === undefined) return undefined
    const address = caller.replace(/^::ffff:(?=\d+\.)/i, '')
    const family = isIP(address)
    if (family !== 0 && shared.check(address, family === 6 ? 'ipv6' : 'ipv4')) return undefined
    const told = family === 6 ? networkOf(address) : address
    return createHmac('sha256', key).update(told).digest('base64url')
  }
}

/** Until the next hour begins. */
export function busy(clock: Clock): HindraError {
  const retryAfterSeconds = Math.ceil((HOUR_MS - (clock.now() % HOUR_MS)) / SECOND_MS)
  return new HindraError('TIPLINE_BUSY', 'too much came in this hour', { retryAfterSeconds })
}

function blockListOf(blocks: readonly string[]): BlockList {
  const list = new BlockList()
  // The service of Tor and a proxy beside Hindra come from here, whoever is behind them.
  for (const block of ['127.0.0.0/8', '::1', ...blocks]) {
    const [address = '', bits] = block.split('/')
    const family = isIP(address) === 6 ? 'ipv6' : 'ipv4'
    if (bits === undefined) list.addAddress(address, family)
    else list.addSubnet(address, Number(bits), family)
  }
  return list
}

/** The first 64 bits. */
function networkOf(address: string): string {
  const [bare = ''] = address.split('%')
  const [head = '', tail] = bare.split('::')
  const groups = head === '' ? [] : head.split(':')
  const after = tail === undefined || tail === '' ? [] : tail.split(':')
  const left = tail === undefined ? 0 : Math.max(0, 8 - groups.length - after.length)
  const all = [...groups, ...Array.from({ length: left }, () => '0'), ...after]
  return all
    .slice(0, NETWORK_GROUPS)
    .map((group) => Number.parseInt(group, 16).toString(16))
    .join(':')
}
