import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { Principal } from '../../src/access/index.ts'
import { type Audit, createAudit } from '../../src/audit/index.ts'
import { createRegister, type Item, type Register } from '../../src/register/index.ts'
import { openTestContext, type TestContext } from '../context.ts'
import { person, pictureOf } from './material.ts'

const ANNA = person('anna')
const BO = person('bo')
const MACHINE: Principal = { ...person('robot'), kind: 'machine' }

let context: TestContext
let audit: Audit
let register: Register

beforeEach(async () => {
  context = await openTestContext()
  audit = createAudit(context)
  register = createRegister(context, audit)
})

afterEach(() => context.dispose())

function propose(seed: number, by: Principal): Promise<Item> {
  return register.propose(by, { fingerprint: pictureOf(seed), classification: 'Baseline' })
}

describe('what a machine proposed', () => {
  it('is verified by nobody who owns the machine that proposed it, or ever did', async () => {
    const owners: Record<string, string[]> = { robot: ['anna'], second: ['anna', 'cleo'] }
    const owned = createRegister(context, audit, undefined, { retractionFourEyes: true }, (_, id) =>
      Promise.resolve(owners[id] ?? [id]),
    )
    const verify = (by: Principal, id: string) =>
      context.store.transact((tx) => owned.verify(tx, by, { itemId: id }))
    const [one, two] = [await propose(1, MACHINE), await propose(2, person('second'))]
    for (const [by, id] of [
      [ANNA, one.id],
      [ANNA, two.id],
      [person('cleo'), two.id],
    ] as const) {
      await expect(verify(by, id)).rejects.toMatchObject({ code: 'SAME_PERSON' })
    }
    expect(await verify(BO, one.id)).toMatchObject({ status: 'verified' })
    // Two machines of one owner are that owner; so are the owner and a machine.
    const retract = (by: Principal) =>
      context.store.transact((tx) => owned.retract(tx, by, { itemId: one.id }, 'adult'))
    await retract(MACHINE)
    for (const by of [MACHINE, person('second'), ANNA]) {
      await expect(retract(by)).rejects.toMatchObject({ code: 'SAME_PERSON' })
    }
    expect(await retract(BO)).toMatchObject({ status: 'retracted' })
  })

  it('takes two persons where nobody answers for the machine that proposed it', async () => {
    const ownerless = createRegister(context, audit, undefined, undefined, (_, id) =>
      Promise.resolve(id === 'robot' ? [] : [id]),
    )
    const { id } = await propose(1, MACHINE)
    const verify = (by: Principal) =>
      context.store.transact((tx) => ownerless.verify(tx, by, { itemId: id }))
    expect(await verify(BO)).toMatchObject({
      status: 'proposed',
      matching: 'review',
      entries: [{ confirmedBy: 'bo', verifiedBy: null }],
    })
    await expect(verify(BO)).rejects.toMatchObject({ code: 'SAME_PERSON' })
    expect(await verify(ANNA)).toMatchObject({
      status: 'verified',
      entries: [{ confirmedBy: 'bo', verifiedBy: 'anna', onePerson: false }],
    })
  })
})
