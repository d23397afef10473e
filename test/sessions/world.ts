import { cpSync, mkdirSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import { Secret, TOTP } from 'otpauth'
import { expect } from 'vitest'
import { type Access, createAccess, OPERATOR, type Role } from '../../src/access/index.ts'
import { type Audit, createAudit } from '../../src/audit/index.ts'
import { configWith } from '../../src/config.ts'
import { ManualClock, type Sealer } from '../../src/core/index.ts'
import {
  createSessions,
  type Enrolled,
  type Sessions,
  type NewSession,
} from '../../src/sessions/index.ts'
import type { HashCost } from '../../src/sessions/passwords.ts'
import { openLevelStore, type Store } from '../../src/store/index.ts'
import { openTestContext, type TestContext } from '../context.ts'

/** As little as the library takes: what a hash costs is another test's matter. */
export const CHEAP: HashCost = { memoryCost: 8, timeCost: 1, parallelism: 1 }

export const PASSWORD = 'seven green kettles'
const STEP_MS = 30_000

/** What hashes, and how often it was asked. */
export interface Counter {
  hashes: number
  comparisons: number
}

/** Somebody with a telephone that shows codes. */
export interface Person {
  readonly id: string
  readonly name: string
  readonly secret: string
  readonly recoveryCodes: readonly string[]
  readonly first: Enrolled
}

/** People who sign in, on a real store. */
export interface SignInWorld {
  context: TestContext
  audit: Audit
  access: Access
  sessions: Sessions
  readonly clock: ManualClock
  readonly counter: Counter
  /** A person whom nobody has invited. */
  add(pseudonym: string, ...roles: readonly Role[]): Promise<string>
  /** One who has set password and second factor. */
  person(pseudonym: string, ...roles: readonly Role[]): Promise<Person>
  /** Sets them up anew, with a code. */
  enrol(id: string, name: string, code: string): Promise<Person>
  /** Signs in with the next code of the telephone. */
  begin(person: Person, changes?: { password?: string; device?: string }): Promise<NewSession>
  /** Whether a session is open. */
  opens(token: string): Promise<boolean>
  /** What the audit tells, in order. */
  actions(): Promise<readonly string[]>
  /** The code that the telephone shows; the clock has gone on to one that was not used. */
  nextCode(of: Pick<Person, 'secret'>): string
  /** Goes on with what is on the disk at this moment, by a data key: nothing is closed before. */
  crash(sealer?: Sealer): Promise<void>
  /** As a version does that hashes at another cost. */
  useCost(cost: HashCost): void
  dispose(): Promise<void>
}

export function codeOf(secret: string, atMs: number): string {
  return new TOTP({ secret: Secret.fromBase32(secret) }).generate({ timestamp: atMs })
}

/** Comes from an address that nobody else has. */
export function from(address = '192.0.2.7', device?: string) {
  return { address, device }
}

export async function openSignInWorld(
  settings: Readonly<Record<string, unknown>> = {},
): Promise<SignInWorld> {
  const { hash, verify } = await import('@node-rs/argon2')
  const counter: Counter = { hashes: 0, comparisons: 0 }
  const clock = new ManualClock(Date.UTC(2026, 10, 29, 8))
  const config = configWith(settings)
  const hashing = {
    hash(password: string, options: object) {
      counter.hashes += 1
      return hash(password, options)
    },
    verify(kept: string, password: string) {
      counter.comparisons += 1
      return verify(kept, password)
    },
  }
  const context = await openTestContext()
  const crashed: Store[] = []
  const world: SignInWorld = {
    ...wire(context),
    clock,
    counter,
    async add(pseudonym, ...roles) {
      const name = `Name of ${pseudonym}`
      const kind = 'person'
      const { id } = await world.access.addPerson(OPERATOR, { name, pseudonym, kind, roles })
      return id
    },
    async person(pseudonym, ...roles) {
      const id = await world.add(pseudonym, ...roles)
      const { code } = await world.sessions.invite(OPERATOR, id)
      return world.enrol(id, pseudonym, code)
    },
    async enrol(id, name, code) {
      const { secret } = await world.sessions.welcome(code, from())
      const totp = codeOf(secret, clock.now())
      const first = await world.sessions.enrol({ code, password: PASSWORD, totp }, from())
      return { id, name, secret, first, recoveryCodes: first.recoveryCodes }
    },
    begin(person, { password = PASSWORD, device } = {}) {
      const signIn = { name: person.name, password, code: world.nextCode(person) }
      return world.sessions.begin(signIn, from('192.0.2.7', device))
    },
    opens: (token) =>
      world.sessions.of(token).then(
        () => true,
        (error: unknown) => {
          expect(error).toMatchObject({ code: 'UNAUTHENTICATED' })
          return false
        },
      ),
    actions: async () => (await world.audit.entries({})).map(({ action }) => action),
    nextCode({ secret }) {
      clock.advance(STEP_MS)
      return codeOf(secret, clock.now())
    },
    async crash(sealer = world.context.sealer) {
      const directory = join(context.directory, `after-${String(crashed.length)}`)
      const files = readdirSync(world.context.directory, { withFileTypes: true })
      mkdirSync(directory)
      for (const { name } of files.filter((file) => file.isFile() && file.name !== 'owner.pid')) {
        cpSync(join(world.context.directory, name), join(directory, name))
      }
      crashed.push(world.context.store)
      const store = await openLevelStore({ directory })
      Object.assign(world, wire({ ...world.context, directory, store, sealer }))
    },
    useCost(cost) {
      Object.assign(world, wire(world.context, cost))
    },
    async dispose() {
      if (crashed.length > 0) await world.context.store.close()
      for (const store of crashed.slice(1)) await store.close()
      await context.dispose()
    },
  }
  return world

  function wire(on: TestContext, cost = CHEAP) {
    const audit = createAudit(on)
    const access = createAccess(on, audit, clock)
    const sessions = createSessions(on, audit, access, config, clock, { cost, hashing })
    return { context: on, audit, access, sessions }
  }
}
