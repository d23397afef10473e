import { createHash } from 'node:crypto'
import { assertTwoPersons, type PersonLookUp, type Principal } from '../access/index.ts'
import type { Audit } from '../audit/index.ts'
import { type Case, isDecided, isTakenBack } from '../cases/index.ts'
import type { Confidence, RecipientKey } from '../confidence/index.ts'
import { isoTime } from '../core/index.ts'
import { HindraError } from '../errors.ts'
import { isCrime } from '../register/index.ts'
import type { Router } from '../route/index.ts'
import type { Context, Transaction } from '../store/index.ts'
import type { Errands, Language, StillKnown } from '../takedown/index.ts'
import { LANGUAGES } from '../takedown/index.ts'
import type { CaseEvidence, SectionDigests } from './content.ts'
import type { Dossier, DossierDetail, DossierFile, DossierPreview } from './dossier.ts'
import type { DossierPolicy } from './dossier-policy.ts'
import { createDossierRecords, type DossierRow } from './dossier-records.ts'
import { type EvidenceParts, gatherEvidence } from './gather.ts'
import { tarOf } from './tar.ts'
import { DOSSIER_PARTS, type DossierPart } from './terms.ts'
import { withheld } from './withheld.ts'
import { dossierText } from './writing.ts'

const SCHEMA = 'hindra-dossier/1'

/** The evidence of one case, handed to the police in a file that nobody else can open. */
export interface Dossiers {
  /**
   * What would leave now, without the values of hashes. Throws NOT_FOUND, CASE_STATE; CONTACT_UNSUITABLE where one is
   * named who cannot be sent it.
   */
  preview(caseId: string, to: string | undefined, language: Language): Promise<DossierPreview>
  /** Throws as `preview`, FORBIDDEN for who is no person, DOSSIER_LIMIT. */
  propose(
    by: Principal,
    wanted: { readonly caseId: string; readonly to: string; readonly reason: string },
  ): Promise<Dossier>
  list(page: {
    readonly caseId?: string
    readonly after?: string
    readonly limit?: number
  }): Promise<readonly Dossier[]>
  /** With what would leave now. Throws NOT_FOUND. */
  show(dossierId: string, language: Language): Promise<DossierDetail>
  /**
   * Lets it go: the file, encrypted. Throws as `propose`, SAME_PERSON, CONFLICT where it does not wait any more, and
   * DOSSIER_CHANGED where the case is not what was proposed, unless the digest of what it is now is repeated.
   */
  release(by: Principal, dossierId: string, digest?: string): Promise<DossierFile>
  /** It does not go. Throws NOT_FOUND, CONFLICT where it does not wait any more. */
  withdraw(by: Principal, dossierId: string, reason: string): Promise<Dossier>
  /** What was released, once more: the same bytes. Throws NOT_FOUND, CONFLICT where nothing was. */
  file(dossierId: string): Promise<DossierFile>
  /** For retention. */
  eraseForCase(tx: Transaction, caseId: string): Promise<void>
}

interface Reading {
  readonly evidence: CaseEvidence
  readonly sections: SectionDigests
  readonly digest: string
}

export function createDossiers(
  context: Context,
  audit: Audit,
  parts: EvidenceParts & {
    readonly access: Pick<PersonLookUp, 'pseudonyms' | 'behind'>
    readonly dossierPolicy: DossierPolicy
    readonly confidence: Confidence
    readonly router: Pick<Router, 'policeAddresses'>
    readonly stillKnown: StillKnown
    readonly takedown: EvidenceParts['takedown'] & {
      readonly errands: Pick<Errands, 'open' | 'close'>
    }
    readonly config: { readonly mail: { readonly organisation: string } }
  },
): Dossiers {
  const { store, clock, newId } = context
  const { access, cases, dossierPolicy: policy, confidence, router, stillKnown } = parts
  const { errands } = parts.takedown
  const house = parts.config.mail.organisation
  const records = createDossierRecords(context)

  /** Throws NOT_FOUND, CASE_STATE. */
  async function read(tx: Transaction, caseId: string): Promise<Reading> {
    const entry = await cases.read(tx, caseId)
    const why = await whyNot(tx, entry)
    if (why !== undefined) throw new HindraError('CASE_STATE', { says: 'dossier-none', why })
    const evidence = await gatherEvidence(tx, parts, caseId)
    const sections = sectionsOf(evidence)
    return { evidence, sections, digest: digestOf(Object.values(sections).join('\n')) }
  }

  /** The police are given what a notice could be sent of, whatever became of it at its host since. */
  async function whyNot(tx: Transaction, entry: Case): Promise<string | undefined> {
    if (isTakenBack(entry.status)) return `it was taken back (${entry.status})`
    if (entry.status === 'disputed') return 'it is disputed'
    if (!isDecided(entry)) return 'nobody has decided yet that it is what it is taken for'
    if (!isCrime(entry.classification)) return `${entry.classification} is no crime`
    return (await stillKnown(tx, entry.subject)) ? undefined : 'its item does not stand any more'
  }

  /** The key with which this contact is written to now. Throws CONTACT_UNSUITABLE. */
  async function keyOf(to: string): Promise<RecipientKey> {
    const refused = (why: string) =>
      new HindraError('CONTACT_UNSUITABLE', `${to}: ${why}`, { field: 'to' })
    if (!router.policeAddresses.includes(to))
      throw refused('is no address of the police in the routes')
    if (confidence.isPortalOnly(to)) throw refused('is told by a portal only')
    const key = confidence.keyFor(to)
    if (key === undefined) throw refused('has no certificate and no key in takedown.confidence')
    // A key that has ended, or is not valid yet, is found when it is used.
    await key.encrypt(Buffer.from(SCHEMA), clock.now()).catch((cause: unknown) => {
      throw refused(
        `nothing can be encrypted: ${cause instanceof Error ? cause.message : 'no reason'}`,
      )
    })
    return key
  }

  function previewOf(
    { evidence, digest }: Reading,
    to: string | null,
    language: Language,
    key?: RecipientKey,
  ): DossierPreview {
    const shown = withheld(evidence)
    const head = { house, to, madeAt: isoTime(clock.now()), digest }
    return {
      caseId: evidence.case.id,
      digest,
      evidence: shown,
      text: dossierText(head, shown, language),
      key:
        key === undefined || to === null
          ? null
          : {
              address: to,
              kind: key.kind,
              fingerprints: key.fingerprints,
              expiresAt: key.expiresAt,
            },
    }
  }

  function assertPerson(by: Principal): void {
    if (by.kind === 'person') return
    throw new HindraError('FORBIDDEN', { says: 'dossier-by-person' })
  }

  function assertRoom(count: number, act: string): void {
    if (count < policy.perPersonDay) return
    const most = policy.perPersonDay
    throw new HindraError('DOSSIER_LIMIT', {
      says: 'dossier-limit',
      act,
      count,
      most,
    })
  }

  /** Throws CONFLICT. */
  function assertWaits({ clear: { state } }: DossierRow): void {
    if (state === 'proposed') return
    const again = state === 'released' ? ': hindra dossiers file ID gives the same file again' : ''
    throw new HindraError('CONFLICT', { says: 'dossier-over', state, again })
  }

  /** Whether this person may let it go as it is. Throws as `release`. */
  async function assertMayRelease(
    tx: Transaction,
    by: Principal,
    row: DossierRow,
    now: Reading,
    digest: string | undefined,
  ): Promise<void> {
    assertWaits(row)
    if (row.clear.needsAnother) {
      const acted = { first: row.clear.proposedBy, second: by.id }
      const message = 'whoever proposed a dossier does not release it as well'
      await assertTwoPersons(tx, access.behind, acted, message)
    }
    assertRoom(await records.releasedBy(tx, by.id), 'released')
    if (now.digest === (digest ?? row.clear.digest)) return
    const changed = changedSince(row, now.sections).join(', ')
    const message = `since it was ${digest === undefined ? 'proposed' : 'looked at'} the case has changed (${changed}); it is ${now.digest} now`
    throw new HindraError('DOSSIER_CHANGED', message, { field: 'digest' })
  }

  async function shown(tx: Transaction, { id, clear, sealed }: DossierRow): Promise<Dossier> {
    const { caseId, state, proposedBy, proposedAt, digest, needsAnother, ended, released } = clear
    const names = await access.pseudonyms(tx, [proposedBy, ...(ended === null ? [] : [ended.by])])
    const name = ended === null ? null : (names.get(ended.by) ?? null)
    return {
      id,
      caseId,
      to: sealed.to,
      state,
      reason: sealed.reason,
      proposedBy,
      proposer: names.get(proposedBy) ?? null,
      proposedAt,
      digest,
      needsAnother,
      released: ended && released && { ...ended, releaser: name, ...released },
      withdrawn:
        ended === null || sealed.withdrawnFor === null
          ? null
          : { ...ended, withdrawer: name, reason: sealed.withdrawnFor },
    }
  }

  async function fileOf(tx: Transaction, row: DossierRow): Promise<DossierFile> {
    const { file } = row.sealed
    if (file === null) throw new HindraError('CONFLICT', { says: 'dossier-unreleased' })
    return { dossier: await shown(tx, row), fileName: file.name, text: file.text }
  }

  return {
    async preview(caseId, address, language) {
      const to = address?.toLowerCase()
      const key = to === undefined ? undefined : await keyOf(to)
      const now = await store.transact((tx) => read(tx, caseId))
      return previewOf(now, to ?? null, language, key)
    },

    async propose(by, { caseId, to: address, reason }) {
      assertPerson(by)
      const to = address.toLowerCase()
      await keyOf(to)
      const id = newId()
      return store.transact(async (tx) => {
        assertRoom(await records.proposedBy(tx, by.id), 'proposed')
        const { digest, sections } = await read(tx, caseId)
        const needsAnother = policy.release === 'another-person'
        const row: DossierRow = {
          id,
          clear: {
            caseId,
            state: 'proposed',
            proposedBy: by.id,
            proposedAt: isoTime(clock.now()),
            digest,
            needsAnother,
            ended: null,
            released: null,
          },
          sealed: { to, reason, withdrawnFor: null, sections, file: null },
        }
        records.add(tx, row)
        const detail = { case: caseId, digest, needsAnother }
        audit.append(tx, { by: by.id, action: 'dossier.propose', subject: id, detail })
        if (needsAnother) {
          await errands.open(tx, by.id, { kind: 'dossier', about: id, caseId }, null)
        }
        return shown(tx, row)
      })
    },

    list: (page) =>
      store.transact(async (tx) => {
        const found: Dossier[] = []
        for (const row of await records.page(tx, page)) found.push(await shown(tx, row))
        return found
      }),

    show: (dossierId, language) =>
      store.transact(async (tx) => {
        const row = await records.need(tx, dossierId)
        const dossier = await shown(tx, row)
        if (row.clear.state !== 'proposed') return { ...dossier, changed: [], now: null }
        const now = await read(tx, row.clear.caseId)
        const changed = changedSince(row, now.sections)
        const key = confidence.keyFor(row.sealed.to)
        return { ...dossier, changed, now: previewOf(now, row.sealed.to, language, key) }
      }),

    async release(by, dossierId, digest) {
      assertPerson(by)
      const looked = await store.transact(async (tx) => {
        const row = await records.need(tx, dossierId)
        assertWaits(row)
        const now = await read(tx, row.clear.caseId)
        await assertMayRelease(tx, by, row, now, digest)
        return { now, to: row.sealed.to, caseId: row.clear.caseId }
      })
      const key = await keyOf(looked.to)
      const madeAt = isoTime(clock.now())
      const file = await encrypted(
        key,
        { house, to: looked.to, madeAt, ...looked.now },
        clock.now(),
      )
      return store.transact(async (tx) => {
        const row = await records.need(tx, dossierId)
        // While it was encrypted somebody else may have released it, or the case may have changed.
        await assertMayRelease(tx, by, row, await read(tx, looked.caseId), looked.now.digest)
        const { text } = file
        const released = {
          digest: looked.now.digest,
          fileSha256: digestOf(text),
          fileBytes: Buffer.byteLength(text),
          keys: key.fingerprints,
        }
        const ended = { by: by.id, at: madeAt }
        const after: DossierRow = {
          id: row.id,
          clear: { ...row.clear, state: 'released', ended, released },
          sealed: { ...row.sealed, file },
        }
        records.change(tx, row, after)
        const { fileSha256, fileBytes } = released
        const detail = { case: looked.caseId, digest: released.digest, fileSha256, fileBytes }
        audit.append(tx, { by: by.id, action: 'dossier.release', subject: row.id, detail })
        errands.close(tx, 'dossier', row.id)
        return fileOf(tx, after)
      })
    },

    withdraw: (by, dossierId, reason) =>
      store.transact(async (tx) => {
        const row = await records.need(tx, dossierId)
        assertWaits(row)
        const ended = { by: by.id, at: isoTime(clock.now()) }
        const after: DossierRow = {
          id: row.id,
          clear: { ...row.clear, state: 'withdrawn', ended },
          sealed: { ...row.sealed, withdrawnFor: reason },
        }
        records.change(tx, row, after)
        const detail = { case: row.clear.caseId }
        audit.append(tx, { by: by.id, action: 'dossier.withdraw', subject: row.id, detail })
        errands.close(tx, 'dossier', row.id)
        return shown(tx, after)
      }),

    file: (dossierId) =>
      store.transact(async (tx) => fileOf(tx, await records.need(tx, dossierId))),

    async eraseForCase(tx, caseId) {
      for (const { id } of await records.eraseCase(tx, caseId)) errands.close(tx, 'dossier', id)
    },
  }
}

function sectionsOf(evidence: CaseEvidence): SectionDigests {
  const digests = DOSSIER_PARTS.map(
    (section) => [section, digestOf(JSON.stringify(evidence[section]))] as const,
  )
  return Object.fromEntries(digests) as SectionDigests
}

function changedSince({ sealed }: DossierRow, now: SectionDigests): readonly DossierPart[] {
  return DOSSIER_PARTS.filter((section) => sealed.sections[section] !== now[section])
}

function digestOf(text: string): string {
  return createHash('sha256').update(text).digest('hex')
}

/**
 * The package: the text in each language, the same for machines, and a list of digests that `sha256sum -c` checks;
 * packed, then encrypted.
 */
async function encrypted(
  key: RecipientKey,
  made: Reading & { readonly house: string; readonly to: string; readonly madeAt: string },
  nowMs: number,
): Promise<{ readonly name: string; readonly text: string }> {
  const { house, to, madeAt, digest, evidence } = made
  const head = { house, to, madeAt, digest }
  const document = { schema: SCHEMA, ...head, sections: made.sections, ...evidence }
  const files = [
    ...LANGUAGES.map((language) => ({
      name: `dossier.${language}.txt`,
      text: dossierText(head, evidence, language),
    })),
    { name: 'dossier.json', text: `${JSON.stringify(document, null, 2)}\n` },
  ]
  const sums = files.map(({ name, text }) => `${digestOf(text)}  ${name}\n`).join('')
  const packed = tarOf([...files, { name: 'SHA256SUMS', text: sums }], nowMs)
  const bytes = Buffer.from(await key.encrypt(packed, nowMs))
  const name = `dossier-${evidence.case.id}.tar`
  return key.kind === 'openpgp'
    ? { name: `${name}.asc`, text: bytes.toString('utf8') }
    : { name: `${name}.pem`, text: pemOf(bytes) }
}

/** CMS as text (RFC 7468, 9). */
function pemOf(bytes: Buffer): string {
  const lines = bytes.toString('base64').match(/.{1,64}/g) ?? []
  return ['-----BEGIN CMS-----', ...lines, '-----END CMS-----', ''].join('\n')
}
