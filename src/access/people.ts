import type { Audit } from '../audit/index.ts'
import { isoTime } from '../core/index.ts'
import { HindraError } from '../errors.ts'
import { type Context, keySpace, type Row, table, type Transaction } from '../store/index.ts'
import { OPERATOR } from './permissions.ts'
import { checkPerson, checkRoles, type PersonInput } from './person-input.ts'
import type { PersonView, Principal, Role } from './types.ts'

interface PersonClear {
  readonly pseudonym: string
  readonly kind: 'person' | 'machine'
  readonly roles: readonly Role[]
  readonly active: boolean
  readonly createdAt: string
}

interface PersonSealed {
  readonly name: string
}

type PersonRow = Row<PersonClear, PersonSealed>

const personTable = table<PersonClear, PersonSealed>(keySpace('person')).with({
  unique: {
    pseudonym: {
      keys: keySpace('person-pseudonym'),
      at: ({ clear }) => [clear.pseudonym.toLowerCase()],
    },
  },
})

/** For a transaction of another part that needs to know whom it deals with. */
export interface PersonLookUp {
  /** Throws NOT_FOUND. */
  person(tx: Transaction, personId: string): Promise<PersonView>
  /** As `person`; throws CONFLICT where the person is not active. */
  needActive(tx: Transaction, personId: string): Promise<PersonView>
}

export interface People extends PersonLookUp {
  /** Throws INVALID_INPUT, and CONFLICT where the pseudonym is taken. */
  addPerson(by: Principal, input: PersonInput): Promise<PersonView>
  people(): Promise<readonly PersonView[]>
  /** Throws INVALID_INPUT, NOT_FOUND, and CONFLICT where the person is not active. */
  setRoles(by: Principal, personId: string, roles: readonly Role[]): Promise<PersonView>
  /** For good: its keys open nothing from now on. Throws NOT_FOUND, CONFLICT. */
  deactivate(by: Principal, personId: string): Promise<PersonView>
}

/** Persons and named machines. Nobody is deleted: the audit log goes on naming them. */
export function createPeople(context: Context, audit: Audit): People {
  const persons = personTable(context.sealer)

  return {
    async addPerson(by, input) {
      const { name, ...rest } = checkPerson(input)
      const id = context.newId()
      const clear = { ...rest, active: true, createdAt: isoTime(context.clock.now()) }
      return context.store.transact(async (tx) => {
        const pseudonym = clear.pseudonym.toLowerCase()
        const isOperator = pseudonym === OPERATOR.pseudonym
        if (isOperator || (await persons.unique.pseudonym.has(tx, [pseudonym]))) {
          throw new HindraError('CONFLICT', `the pseudonym ${clear.pseudonym} is taken`, {
            field: 'pseudonym',
          })
        }
        const row = { id, clear, sealed: { name } }
        persons.add(tx, row)
        const detail = { kind: clear.kind, roles: clear.roles.join(' ') }
        audit.append(tx, { by: by.id, action: 'person.add', subject: id, detail })
        return view(row)
      })
    },

    people() {
      return context.store.transact(async (tx) => (await persons.page(tx)).map(view))
    },

    setRoles(by, personId, roles) {
      return context.store.transact(async (tx) => {
        const row = await needActiveRow(tx, personId)
        const checked = checkRoles(roles, row.clear.kind)
        const detail = { roles: checked.join(' ') }
        audit.append(tx, { by: by.id, action: 'person.roles', subject: personId, detail })
        return change(tx, row, { roles: checked })
      })
    },

    deactivate(by, personId) {
      return context.store.transact(async (tx) => {
        const row = await needActiveRow(tx, personId)
        audit.append(tx, { by: by.id, action: 'person.deactivate', subject: personId })
        return change(tx, row, { active: false })
      })
    },

    async person(tx, personId) {
      return view(await persons.need(tx, personId))
    },

    async needActive(tx, personId) {
      return view(await needActiveRow(tx, personId))
    },
  }

  function change(tx: Transaction, row: PersonRow, changes: Partial<PersonClear>): PersonView {
    const next = { ...row, clear: { ...row.clear, ...changes } }
    persons.change(tx, row, next)
    return view(next)
  }

  async function needActiveRow(tx: Transaction, personId: string): Promise<PersonRow> {
    const row = await persons.need(tx, personId)
    if (row.clear.active) return row
    throw new HindraError('CONFLICT', `the person ${row.clear.pseudonym} is not active`)
  }
}

function view(row: PersonRow): PersonView {
  return { id: row.id, ...row.clear, name: row.sealed.name }
}
