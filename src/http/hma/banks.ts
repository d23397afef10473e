import { z } from 'zod'
import { HindraError } from '../../errors.ts'
import { type ListView, OWN_LIST } from '../../register/index.ts'
import { deleteBank } from './deleting.ts'
import { asBank, banksOf, named, type Registering } from './bank.ts'
import { CONTENT_TYPES, NO_OBJECT, SIGNAL_TYPES } from './fields.ts'
import { badRequest, hma } from './operation.ts'

const bank = z.string()
const NAME = /^[A-Z_][A-Z0-9_]{0,254}$/

const bankName = z
  .string('name is required')
  .regex(NAME, 'Bank names must be UPPER_WITH_UNDERSCORE, at most 255 characters')

/** How much of what it is asked a bank answers, as HMA's clients write it: `true`, `"1"`, `1.0`. */
const share = z
  .union([z.boolean(), z.number(), z.string()])
  .nullable()
  .exactOptional()
  .describe('1 or `true`')

const ALWAYS = new Set(['1', 'true', 't', 'yes', 'y', 'on'])
const isAlways = (given: z.output<typeof share> | undefined) =>
  given === undefined ||
  given === null ||
  ALWAYS.has(String(given).toLowerCase()) ||
  Number(given) === 1

const shares = { enabled: share, enabled_ratio: share }
const NEVER_IN_PART =
  'a bank answers always: known material that is let through by chance, or while a bank is off, spreads. ' +
  'What shall not match is disabled content by content, or the bank is deleted'

function matchesAlways(given: { readonly [Name in keyof typeof shares]?: z.output<typeof share> }) {
  return isAlways(given.enabled) && isAlways(given.enabled_ratio)
}

/** Banks are lists, but those of harmless material and of what children ask for: a hit there proves nothing. */
export const banks = [
  hma('GET /hma/c/banks', {
    needs: 'hma:use',
    says: 'Banks: lists of known material',
    input: {},
    // The house's own list is there before anybody made it: it is told of once it holds something.
    run: async (parts) =>
      (await banksOf(parts))
        .filter(({ name, entries }) => name !== OWN_LIST || holdsAny(entries))
        .map(asBank),
  }),
  hma('POST /hma/c/banks', {
    needs: 'list:manage',
    says: 'A new bank',
    input: {
      json: z.object({ name: bankName, ...shares }, NO_OBJECT).refine(matchesAlways, NEVER_IN_PART),
    },
    status: 201,
    async run({ store, register }, by, { json: { name } }) {
      const made = await store.transact(async (tx) => {
        if ((await register.banks.deletion(tx, name))?.isDone === true) {
          register.banks.restore(tx, name)
          return register.lists.needOpen(tx, name)
        }
        return register.lists.create(tx, by, { name, kind: 'own' }).catch((error: unknown) => {
          const isThere = error instanceof HindraError && error.code === 'CONFLICT'
          throw isThere ? new HindraError('FORBIDDEN', 'Bank already exists') : error
        })
      })
      return asBank(made)
    },
  }),
  hma('GET /hma/c/bank/:bank', {
    needs: 'hma:use',
    says: 'One bank',
    input: { bank },
    run: async (parts, _by, asked) => asBank(await named(parts, asked.bank)),
  }),
  hma('PUT /hma/c/bank/:bank', {
    needs: ['list:manage', 'hma:use'],
    says: 'Says of a bank what it is already; refused is another name, and to match in part',
    input: {
      bank,
      json: z.object({ name: bankName.nullable().exactOptional(), ...shares }, NO_OBJECT),
    },
    async run(parts, _by, { bank: asked, json }) {
      const list = await named(parts, asked)
      if ((json.name ?? list.name) !== list.name) throw renamed()
      if (!matchesAlways(json)) throw badRequest(NEVER_IN_PART)
      return asBank(list)
    },
  }),
  hma('DELETE /hma/c/bank/:bank', {
    needs: ['item:retract', 'list:manage', 'hma:use'],
    says: 'Takes all that a bank holds out of matching, and the bank out of the banks',
    input: { bank },
    async run(parts, by, { bank: asked }) {
      const list = await find(parts, asked)
      return list === undefined ? { message: 'Done' } : deleteBank(parts, by, list)
    },
  }),
  hma('GET /hma/c/signal_type', {
    needs: 'hma:use',
    says: 'Kinds of hashes',
    input: {},
    run: () => Promise.resolve(SIGNAL_TYPES.map((name) => ({ name, enabled_ratio: 1 }))),
  }),
  hma('GET /hma/c/content_type', {
    needs: 'hma:use',
    says: 'Kinds of content',
    input: {},
    run: () => Promise.resolve(CONTENT_TYPES.map((name) => ({ name, enabled: true }))),
  }),
]

async function find(parts: Registering, asked: string) {
  return (await banksOf(parts)).find(({ name }) => name === asked)
}

function holdsAny({ proposed, verified, disputed }: ListView['entries']): boolean {
  return proposed + verified + disputed > 0
}

function renamed(): HindraError {
  return new HindraError(
    'FORBIDDEN',
    'a list keeps its name, by which audit and evidence speak of it: make another bank, and delete this one',
  )
}
