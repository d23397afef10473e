import PostalMime from 'postal-mime'
import type { Cases } from '../cases/index.ts'
import { type Config, UNNAMED } from '../config.ts'
import { defangedText } from '../core/index.ts'
import { HindraError } from '../errors.ts'
import { confirmedLaws, isConfirmed, type Router, unconfirmedLaws } from '../route/index.ts'
import type { Transaction } from '../store/index.ts'
import { recipientOf } from './addressee.ts'
import type { createComposition } from './composition.ts'
import type { EnvelopeRow, Envelopes } from './envelopes.ts'
import type { LetterFacts } from './letters/facts.ts'
import type { LetterKind } from './letters/kinds.ts'
import { sampleLetter } from './letters/samples.ts'
import type { Draft, LetterText, LetterWriter } from './letters/writer.ts'
import type { NoticeRow, Outbox } from './outbox.ts'
import type { Language, LetterView } from './notice.ts'

const HINDRA = 'hindra'
const WITHOUT_LETTER = 'No letter: this leaves as a record of a file.'

/** Letters as people look at them: as they went out, as they would go out now, or of things that never happened. */
export function createPreviews(parts: {
  readonly outbox: Outbox
  readonly envelopes: Envelopes
  readonly cases: Pick<Cases, 'read'>
  readonly composition: Pick<ReturnType<typeof createComposition>, 'draft'>
  readonly letters: LetterWriter
  readonly router: Pick<Router, 'jurisdiction' | 'digitalServicesAct' | 'home'>
  readonly settings: Config['takedown']
  readonly house: Config['house']
  readonly mail: Pick<Config['mail'], 'organisation' | 'from'>
}) {
  const { outbox, envelopes, cases, composition, letters, router, settings, house, mail } = parts

  return {
    /** Subject and text of one notice, or that it leaves without a letter. Throws NOT_FOUND. */
    async of(tx: Transaction, id: string): Promise<string> {
      const row = await outbox.need(tx, id)
      const { subject, body } = shown((await sent(tx, row)) ?? (await unsent(tx, row)))
      return subject === '' && body === '' ? WITHOUT_LETTER : `Subject: ${subject}\n\n${body}`
    },

    /** The letter of one notice, as it left or would leave now. Throws NOT_FOUND. */
    letter: async (tx: Transaction, id: string): Promise<LetterView> =>
      viewOf(tx, await outbox.need(tx, id)),

    /** Throws NOT_FOUND. */
    async ofCase(tx: Transaction, caseId: string): Promise<readonly LetterView[]> {
      await cases.read(tx, caseId)
      const views: LetterView[] = []
      for (const row of await outbox.list(tx, { caseId, limit: Infinity })) {
        if (row.clear.state !== 'withdrawn') views.push(await viewOf(tx, row))
      }
      return views
    },

    /** Throws LETTER_UNKNOWN. */
    sample(kind: LetterKind, language: Language): LetterView {
      const { role, step } = kind
      const draft = letters.draft(housed(kind, language))
      return {
        role,
        step,
        language,
        notice: null,
        state: null,
        recipient: null,
        ...shown(draft),
        missing: missingOf(kind, language),
        unconfirmedLaws: leftOut(draft, router.home.country, language),
      }
    },
  }

  async function viewOf(tx: Transaction, row: NoticeRow): Promise<LetterView> {
    const { to } = row.sealed
    const { state, step } = row.clear
    const draft = await unsent(tx, row)
    const text = await sent(tx, row)
    const { subject, body } = text ?? draft
    return {
      notice: row.id,
      state,
      role: to.role,
      step,
      language: to.language,
      recipient: recipientOf(to),
      ...shown({ subject, body }),
      missing: text === undefined ? draft.missing : [],
      unconfirmedLaws: leftOut(draft, to.jurisdiction, to.language).filter(
        (law) => !body.replace(/\s+/g, ' ').includes(law),
      ),
    }
  }

  /** Undefined of what has not been put together yet. */
  async function sent(tx: Transaction, { clear }: NoticeRow): Promise<LetterText | undefined> {
    if (clear.envelopeId === null) return undefined
    return textOf(await envelopes.need(tx, clear.envelopeId))
  }

  /** The letter as it would go out now, or word that none is written. */
  async function unsent(tx: Transaction, row: NoticeRow): Promise<Draft> {
    try {
      return await composition.draft(tx, HINDRA, row)
    } catch (error) {
      if (!(error instanceof HindraError) || error.code !== 'LETTER_UNKNOWN') throw error
      return { subject: '', body: '', missing: [error.message], used: [] }
    }
  }

  /** What a letter would cite if somebody had confirmed it, of all that its words ask for. */
  function leftOut(
    { used }: Pick<Draft, 'used'>,
    country: string | null,
    language: Language,
  ): readonly string[] {
    const { digitalServicesAct: act } = router
    return [
      ...(used.includes('laws') ? unconfirmedLaws(router.jurisdiction(country)) : []),
      ...(used.includes('digitalServicesAct') && !isConfirmed(act) ? [act] : []),
    ].map((law) => law[language])
  }

  /** A sample as this house would write it. */
  function housed(kind: LetterKind, language: Language): LetterFacts {
    const sample = sampleLetter(kind, language)
    const { flaggerBy: by, flaggerSince: since, flaggerLink: link, flaggerArea } = house
    const area = flaggerArea[language]
    const isWhole = by !== undefined && since !== undefined && link !== undefined
    const flagger = isWhole && area !== undefined ? { by, since, link, area } : null
    const laws = confirmedLaws(router.jurisdiction(router.home.country))
    const { digitalServicesAct: act } = router
    return {
      ...sample,
      timeZone: settings.timeZone,
      organisation: mail.organisation,
      contact: mail.from,
      telephone: house.telephone ?? null,
      dutyHours: house.dutyHours[language] ?? null,
      laws: sample.laws.length === 0 ? [] : laws.map((law) => law[language]),
      digitalServicesAct: isConfirmed(act) ? sample.digitalServicesAct && act[language] : null,
      trustedFlagger: sample.trustedFlagger && flagger,
    }
  }

  /** The settings in which the house says nothing of itself. */
  function missingOf({ role }: LetterKind, language: Language): readonly string[] {
    const { telephone, dutyHours, flaggerBy, flaggerSince, flaggerLink, flaggerArea } = house
    const flagger = [flaggerBy, flaggerSince, flaggerLink, flaggerArea[language]]
    return [
      ...(mail.organisation === UNNAMED ? ['mail.organisation'] : []),
      // Of a domain that nobody has (RFC 2606): what is answered reaches nobody.
      ...(mail.from.endsWith('.invalid') ? ['mail.from'] : []),
      ...(telephone === undefined ? ['house.telephone'] : []),
      ...(dutyHours[language] === undefined ? [`house.dutyHours: {${language}: ...}`] : []),
      ...(role === 'platform' && flagger.includes(undefined) ? ['house.flagger...'] : []),
    ]
  }
}

/** The text as people see it: no URL that can be clicked by accident. */
function shown({ subject, body }: LetterText): LetterText {
  return { subject: defangedText(subject), body: defangedText(body) }
}

/** What was sent, in words; of records that did not keep them, out of the bytes. */
async function textOf({ sealed }: EnvelopeRow): Promise<LetterText> {
  const { text, raw } = sealed
  if (text !== undefined) return text
  if (raw === '') return { subject: '', body: 'The bytes of this letter are not kept any more.' }
  if (raw.startsWith('{')) return { subject: '', body: raw }
  const { subject = '', text: body = '' } = await PostalMime.parse(Buffer.from(raw, 'latin1'))
  return { subject, body }
}
