import type { Audit } from '../audit/index.ts'
import { defined, isoTime } from '../core/index.ts'
import { HindraError } from '../errors.ts'
import { type Context, keySpace, type Row, table, type Transaction } from '../store/index.ts'
import { asGranted, type OfRoleTable, ROLE_TABLE } from './former-roles.ts'
import { HINDRA_ITSELF, OPERATOR, requireFresh } from './permissions.ts'
import { checkPerson, checkRoles, type PersonInput } from './person-input.ts'
import type { AccessCautions, PersonView, Principal, Role } from './principal.ts'

interface PersonClear extends OfRoleTable {
  readonly pseudonym: string
  readonly kind: 'person' | 'machine'
  readonly roles: readonly Role[]
  readonly active: boolean
  readonly createdAt: string
  /** Who made it a principal; absent in records of before it was kept. */
  readonly addedBy?: string
  /** Everybody who ever answered for the machine, the present one last. */
  readonly owners?: readonly string[]
}

interface PersonSealed {
  readonly name: string
}

type PersonRow = Row<PersonClear, PersonSealed>

/** Those who act and have no record: whoever runs the server, and Hindra itself. */
const WITHOUT_RECORD: ReadonlyMap<string, string> = new Map(
  [OPERATOR, HINDRA_ITSELF].map(({ id, pseudonym }) => [id, pseudonym]),
)

const personTable = table<PersonClear, PersonSealed>(keySpace('person')).with({
  by: {
    pseudonym: {
      unique: true,
      keys: keySpace('person-pseudonym'),
      at: ({ clear }) => [clear.pseudonym.toLowerCase()],
    },
  },
})

/** The questions about people that other stages ask within their own transactions. */
export interface PersonLookUp {
  /** Throws NOT_FOUND. */
  person(tx: Transaction, personId: string): Promise<PersonView>
  /** The person, as by `person`; throws CONFLICT where the person is not active. */
  needActive(tx: Transaction, personId: string): Promise<PersonView>
  /** Whoever has that pseudonym, in whatever case, or that id. Throws as `needActive`. */
  colleague(tx: Transaction, pseudonymOrId: string): Promise<PersonView>
  /**
   * Whose eyes stand behind whoever acted: of a machine everybody who owns it or ever did, else themselves.
   * Nobody's, where nobody answers for the machine.
   */
  readonly behind: (tx: Transaction, principalId: string) => Promise<readonly string[]>
  /** The pseudonym of each of these principals; a principal whom nobody knows has no entry. */
  readonly pseudonyms: (
    tx: Transaction,
    principalIds: Iterable<string>,
  ) => Promise<ReadonlyMap<string, string>>
  /** Who made them a principal; undefined where that is not known. */
  readonly addedBy: (tx: Transaction, principalId: string) => Promise<string | undefined>
}

export interface People extends PersonLookUp {
  /** Throws INVALID_INPUT, NOT_FOUND (the owner), CONFLICT where the pseudonym is taken, STEP_UP_NEEDED. */
  addPerson(by: Principal, input: PersonInput): Promise<PersonView>
  people(): Promise<readonly PersonView[]>
  /**
   * Throws INVALID_INPUT, NOT_FOUND, CONFLICT where the person is not active, STEP_UP_NEEDED, and SAME_PERSON where it is
   * oneself and a role would be gained.
   */
  setRoles(by: Principal, personId: string, roles: readonly Role[]): Promise<PersonView>
  /**
   * Takes the right to be told verdicts, that of before too; what else the roles allow stays. Throws NOT_FOUND,
   * and CONFLICT where they are told none by a role of crawlers.
   */
  withholdVerdicts(by: Principal, personId: string): Promise<PersonView>
  /**
   * Names who answers for a machine; whoever did before still counts as one who proposed what it proposed.
   * Throws INVALID_INPUT, NOT_FOUND, CONFLICT (not active), STEP_UP_NEEDED.
   */
  own(by: Principal, machineId: string, personId: string): Promise<PersonView>
  accessCautions(tx: Transaction): Promise<AccessCautions>
  /** Ends a person for good: its keys open nothing from now on. Throws NOT_FOUND, CONFLICT, STEP_UP_NEEDED. */
  deactivate(by: Principal, personId: string): Promise<PersonView>
}

/** Persons and named machines. Nobody is deleted: the audit log goes on naming them. */
export function createPeople(context: Context, audit: Audit): People {
  const persons = personTable(context.sealer)

  return {
    async addPerson(by, input) {
      requireFresh(by)
      const { name, owner, ...rest } = checkPerson(input)
      const id = context.newId()
      const clear: PersonClear = {
        ...rest,
        active: true,
        createdAt: isoTime(context.clock.now()),
        roleTable: ROLE_TABLE,
        addedBy: by.id,
        ...(owner === undefined ? {} : { owners: [owner] }),
      }
      return context.store.transact(async (tx) => {
        const pseudonym = clear.pseudonym.toLowerCase()
        const isOperator = pseudonym === OPERATOR.pseudonym
        if (isOperator || (await persons.by.pseudonym.has(tx, [pseudonym]))) {
          throw new HindraError(
            'CONFLICT',
            { says: 'pseudonym-taken', pseudonym: clear.pseudonym },
            {
              field: 'pseudonym',
            },
          )
        }
        if (owner !== undefined) await needOwner(tx, owner)
        const row = { id, clear, sealed: { name } }
        persons.add(tx, row)
        const owned = defined({ owner })
        const detail = { kind: clear.kind, roles: clear.roles.join(' '), ...owned }
        audit.append(tx, { by: by.id, action: 'person.add', subject: id, detail })
        return view(row)
      })
    },

    people() {
      return context.store.transact(async (tx) => (await persons.page(tx)).map(view))
    },

    async setRoles(by, personId, roles) {
      requireFresh(by)
      return context.store.transact(async (tx) => {
        const row = await needActiveRow(tx, personId)
        const checked = checkRoles(roles, row.clear.kind)
        const gained = checked.find((role) => !rolesOf(row).includes(role))
        if (by.id === personId && gained !== undefined) {
          const how = 'another admin does, or whoever runs the server'
          throw new HindraError('SAME_PERSON', { says: 'role-to-oneself', role: gained, how })
        }
        const detail = { roles: checked.join(' ') }
        audit.append(tx, { by: by.id, action: 'person.roles', subject: personId, detail })
        return change(tx, row, { roles: checked, roleTable: ROLE_TABLE })
      })
    },

    withholdVerdicts(by, personId) {
      return context.store.transact(async (tx) => {
        const row = await needActiveRow(tx, personId)
        const held = rolesOf(row)
        if (!held.includes('crawler-verdict')) {
          throw new HindraError(
            'CONFLICT',
            `${row.clear.pseudonym} is told no verdicts as a crawler`,
          )
        }
        const kept = new Set<Role>([...held, 'crawler'])
        kept.delete('crawler-verdict')
        const roles = checkRoles([...kept], row.clear.kind)
        const detail = { roles: roles.join(' ') }
        audit.append(tx, { by: by.id, action: 'person.verdicts-end', subject: personId, detail })
        return change(tx, row, { roles, roleTable: ROLE_TABLE })
      })
    },

    async own(by, machineId, personId) {
      requireFresh(by)
      return context.store.transact(async (tx) => {
        const row = await needActiveRow(tx, machineId)
        if (row.clear.kind !== 'machine') throw wrongOwner('only a machine has one')
        await needOwner(tx, personId)
        const before = (row.clear.owners ?? []).filter((id) => id !== personId)
        const detail = { owner: personId, before: before.at(-1) ?? null }
        audit.append(tx, { by: by.id, action: 'person.own', subject: machineId, detail })
        return change(tx, row, { owners: [...before, personId] })
      })
    },

    async accessCautions(tx) {
      const rows = (await persons.page(tx)).filter(({ clear }) => clear.active)
      const told = rows.filter((row) => rolesOf(row).includes('crawler-verdict'))
      const isGranted = ({ clear }: PersonRow) => clear.roles.includes('crawler-verdict')
      return {
        formerVerdicts: told.filter((row) => !isGranted(row)).map(named),
        grantedVerdicts: told.filter(isGranted).map(named),
        ownerless: rows.filter((row) => row.clear.kind === 'machine' && !isOwned(row)).map(named),
      }
    },

    async deactivate(by, personId) {
      requireFresh(by)
      return context.store.transact(async (tx) => {
        const row = await needActiveRow(tx, personId)
        audit.append(tx, { by: by.id, action: 'person.deactivate', subject: personId })
        return change(tx, row, { active: false })
      })
    },

    async person(tx, personId) {
      return view(await persons.need(tx, personId))
    },

    async colleague(tx, said) {
      const row = await persons.by.pseudonym.find(tx, [said.toLowerCase()])
      return view(await needActiveRow(tx, row?.id ?? said))
    },

    async needActive(tx, personId) {
      return view(await needActiveRow(tx, personId))
    },

    async behind(tx, principalId) {
      const row = await persons.get(tx, principalId)
      return row?.clear.kind === 'machine' ? (row.clear.owners ?? []) : [principalId]
    },

    async pseudonyms(tx, principalIds) {
      const found = new Map<string, string>()
      for (const id of new Set(principalIds)) {
        const pseudonym = WITHOUT_RECORD.get(id) ?? (await persons.getClear(tx, id))?.pseudonym
        if (pseudonym !== undefined) found.set(id, pseudonym)
      }
      return found
    },

    addedBy: async (tx, principalId) => (await persons.get(tx, principalId))?.clear.addedBy,
  }

  /** Throws INVALID_INPUT, NOT_FOUND, CONFLICT. */
  async function needOwner(tx: Transaction, personId: string): Promise<void> {
    const { clear } = await needActiveRow(tx, personId)
    if (clear.kind !== 'person') throw wrongOwner('only a person can own a machine')
  }

  function change(tx: Transaction, row: PersonRow, changes: Partial<PersonClear>): PersonView {
    const next = { ...row, clear: { ...row.clear, ...changes } }
    persons.change(tx, row, next)
    return view(next)
  }

  async function needActiveRow(tx: Transaction, personId: string): Promise<PersonRow> {
    const row = await persons.need(tx, personId)
    if (row.clear.active) return row
    throw new HindraError('CONFLICT', { says: 'person-inactive', pseudonym: row.clear.pseudonym })
  }
}

function rolesOf({ clear }: PersonRow): readonly Role[] {
  return asGranted(clear.roles, clear)
}

function isOwned({ clear }: PersonRow): boolean {
  return (clear.owners ?? []).length > 0
}

function named({ id, clear }: PersonRow) {
  return { id, pseudonym: clear.pseudonym }
}

function wrongOwner(why: string): HindraError {
  return new HindraError('INVALID_INPUT', `owner: ${why}`, { field: 'owner' })
}

function view(row: PersonRow): PersonView {
  const { id, clear, sealed } = row
  const { pseudonym, kind, active, createdAt, owners = [] } = clear
  return {
    id,
    pseudonym,
    kind,
    roles: rolesOf(row),
    active,
    createdAt,
    name: sealed.name,
    owner: owners.at(-1) ?? null,
  }
}
