import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createAccess, type Principal, type Role } from '../../src/access/index.ts'
import { createAssignments } from '../../src/assignments/index.ts'
import { configWith } from '../../src/config.ts'
import { type Find, type Hosts, openFind } from '../../src/find/index.ts'
import { createTips, parseTip, type Tips } from '../../src/intake/index.ts'
import { createRegister, type Register } from '../../src/register/index.ts'
import { createOverrides } from '../../src/trace/index.ts'
import { QUEUE_HOURS } from '../intake/queue-hours.ts'
import { openTakedownWorld, type TakedownWorld } from '../takedown/world.ts'

export interface FindWorld extends TakedownWorld {
  readonly tips: Tips
  readonly register: Register
  /** Takes in what lacks it, as a start would, and finds by it. */
  finder(): Promise<
    Find & { readonly takeIn: () => Promise<void>; readonly areLeft: () => boolean }
  >
  hosts(): Promise<Hosts>
  tip(fields: object): Promise<string>
  /** Lets the next collection find a mail. */
  deliver(lines: readonly string[]): void
}

export function personOf(...roles: readonly Role[]): Principal {
  return { id: 'person', pseudonym: 'P', kind: 'person', roles }
}

export const ANALYST = personOf('analyst')

/** Cases, notices by mail, tips and a register on one store, and what finds them. */
export async function openFindWorld(): Promise<FindWorld> {
  const directory = mkdtempSync(join(tmpdir(), 'hindra-find-'))
  for (const folder of ['new', 'cur', 'tmp']) mkdirSync(join(directory, folder))
  const world = await openTakedownWorld({}, { flags: { 'inbox.maildir': directory } })
  const { context, audit, cases, takedown, router } = world
  const people = createAccess(context, audit, context.clock)
  const assignments = createAssignments(context, audit, people, configWith({}).assignments)
  const tips = createTips(context, audit, assignments, QUEUE_HOURS)
  const register = createRegister(context, audit)
  const overrides = createOverrides(context, audit)
  const named = { router, overrides, assignments, access: people }
  const stages = { cases, takedown, tips, register, ...named }
  let delivered = 0
  return {
    ...world,
    tips,
    register,
    async finder() {
      const { find, old } = await openFind(context, { ...stages, rules: [] })
      const fail = (error: unknown) => {
        throw error
      }
      return { ...find, takeIn: () => old.takeIn(fail), areLeft: () => old.areLeft() }
    },
    hosts: async () => (await openFind(context, { ...stages, rules: [] })).hosts,
    tip: async (fields) =>
      (await world.transact((tx) => tips.submit(tx, ANALYST, parseTip(fields)))).id,
    deliver(lines) {
      delivered += 1
      writeFileSync(join(directory, 'new', `${delivered}.M1.host`), lines.join('\r\n'))
    },
    async dispose() {
      await world.dispose()
      rmSync(directory, { recursive: true })
    },
  }
}
