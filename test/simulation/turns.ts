import { BACKGROUND_LEASE } from '../../src/engine.ts'
import type { HouseProcess } from './house-process.ts'
import type { SharedMemory } from './shared-memory.ts'
import { Violation } from './violation.ts'

const RULE = 'nobody sends late'
const TAKEDOWN_LEASE = 'takedown'

/** By whose turn what is sent is sent: at most what was under way when a turn was lost comes after it. */
export class Turns {
  readonly #memory: SharedMemory
  readonly #late = new Set<string>()
  #isLate = false

  constructor(memory: SharedMemory) {
    this.#memory = memory
  }

  /** The process begins to send something. Throws Violation where another one has its turn. */
  begin({ name, isDispatching }: HouseProcess, hook: string | undefined): void {
    const lease = leaseFor(hook)
    if (isOfPerson(isDispatching, hook) || this.#isOf(lease, name)) return
    throw new Violation(
      RULE,
      `${name} begins, and ${this.#holder(lease) ?? 'nobody'} has its turn (${lease})`,
    )
  }

  /** It arrives. Throws Violation where something was late before. */
  arrive({ name, isDispatching }: HouseProcess, hook: string | undefined): void {
    const lease = leaseFor(hook)
    this.#isLate = !isOfPerson(isDispatching, hook) && !this.#isOf(lease, name)
    if (!this.#isLate) return
    const one = `${name} ${hook ?? ''}`
    if (this.#late.has(one)) throw new Violation(RULE, `${one}, more than once`)
    this.#late.add(one)
  }

  /** Whether the turn of whoever sent what arrived last was lost while that was under way. */
  get isLate(): boolean {
    return this.#isLate
  }

  #isOf(lease: string, name: string): boolean {
    return this.#holder(lease) === name
  }

  #holder(lease: string): string | undefined {
    return this.#memory.leaseOf(lease)?.holder
  }
}

/** @param hook Where an alert is posted to; undefined for what tells of notices */
function leaseFor(hook: string | undefined): string {
  return hook === undefined ? TAKEDOWN_LEASE : BACKGROUND_LEASE
}

/** An admin posts alerts again in person, wherever that is asked for; who tells of notices has a turn in any case. */
function isOfPerson(isDispatching: boolean, hook: string | undefined): boolean {
  return !isDispatching && hook !== undefined
}
