import type { PutOff } from '../core/index.ts'
import { type Context, keySpace, type Row, table, take, type Transaction } from '../store/index.ts'
import { digestOfWord, MASKED_WORD } from './holds/reply-word.ts'
import type { LetterText } from './letters/writer.ts'
import type { NoticePart } from './notice-part.ts'
import type { Letter } from './notice.ts'

export interface EnvelopeClear extends PutOff {
  /** `open`: handed over, or about to be, and no answer heard yet. */
  readonly state: 'open' | 'sent' | 'failed'
  readonly channel: Letter['channel']
  readonly noticeIds: readonly string[]
  readonly composedAt: string
  /** Whether it may have been taken: whenever it is sent again, then with the same bytes. */
  readonly uncertain: boolean
  /** The word that a letter can be answered with. */
  readonly replyWord?: KeptWord
}

/** What is kept of the word by which a letter is answered. */
export interface KeptWord {
  /** The keyed digest of the word and the envelope. */
  readonly digest: string
  readonly expiresAt: string
  readonly usedAt: string | null
}

interface EnvelopeSealed {
  readonly messageId: string
  readonly from: string
  readonly to: string
  /** The whole message, one character a byte. */
  readonly raw: string
  readonly part: NoticePart
  /** The letter as people read it; absent where it had no words, and in records of before it was kept. */
  readonly text?: LetterText
}

export type EnvelopeRow = Row<EnvelopeClear, EnvelopeSealed>

const envelopeTable = table<EnvelopeClear, EnvelopeSealed>(keySpace('envelope')).with({
  by: {
    open: { keys: keySpace('envelope-open'), at: ({ clear }) => clear.state === 'open' && [] },
  },
})

export type Envelopes = ReturnType<typeof createEnvelopes>

/** The letters, kept from before they are handed over, so that a crash loses none. */
export function createEnvelopes({ sealer }: Context) {
  const envelopes = envelopeTable(sealer)

  return {
    /** @param wordExpiresAt Of the word in the part, which is kept by its digest alone. */
    add(
      tx: Transaction,
      letter: Letter,
      part: NoticePart,
      { words, wordExpiresAt }: { words: LetterText | undefined; wordExpiresAt: string },
    ): void {
      const { envelopeId, messageId, channel, from, to, raw } = letter
      const { hold } = part
      const word = hold?.replyWord ?? null
      const clear: EnvelopeClear = {
        state: 'open',
        channel,
        noticeIds: part.notices.map(({ noticeId }) => noticeId),
        composedAt: part.composedAt,
        retryAt: null,
        uncertain: false,
        ...(word === null
          ? {}
          : {
              replyWord: {
                digest: digestOfWord(sealer, envelopeId, word),
                expiresAt: wordExpiresAt,
                usedAt: null,
              },
            }),
      }
      const bytes = Buffer.from(raw).toString('latin1')
      const kept = hold === null ? part : { ...part, hold: { ...hold, replyWord: MASKED_WORD } }
      const text = words === undefined ? {} : { text: masked(words, word) }
      const sealed = { messageId, from, to, raw: bytes, part: kept, ...text }
      envelopes.add(tx, { id: envelopeId, clear, sealed })
    },

    change(tx: Transaction, row: EnvelopeRow, change: Partial<EnvelopeClear>): void {
      const clear = { ...row.clear, ...change }
      // The bytes hold the word, and are needed only as long as they may have to go again.
      const isSpent = clear.state !== 'open' && clear.replyWord !== undefined
      const sealed = isSpent ? { ...row.sealed, raw: '' } : row.sealed
      envelopes.change(tx, row, { id: row.id, clear, sealed })
    },

    /** Drops what never left, or must not leave again: its notices go into other envelopes. */
    drop: envelopes.remove.bind(envelopes),

    /** One of its notices is to be forgotten; without any left the letter is, too. */
    async forget(tx: Transaction, id: string, noticeId: string): Promise<void> {
      const row = await envelopes.get(tx, id)
      if (row === undefined) return
      const notices = row.sealed.part.notices.filter((line) => line.noticeId !== noticeId)
      if (notices.length === 0) {
        envelopes.remove(tx, row)
        return
      }
      const noticeIds = row.clear.noticeIds.filter((held) => held !== noticeId)
      const part = { ...row.sealed.part, notices }
      const { messageId, from, to } = row.sealed
      const sealed = { messageId, from, to, raw: '', part }
      envelopes.change(tx, row, { id, clear: { ...row.clear, noticeIds }, sealed })
    },

    get: envelopes.get.bind(envelopes),
    need: envelopes.need.bind(envelopes),

    openIds: (tx: Transaction): Promise<string[]> => take(envelopes.by.open.ids(tx, [])),
  }
}

export function toLetter({ id, clear: { channel }, sealed }: EnvelopeRow): Letter {
  const { messageId, from, to, raw } = sealed
  return { envelopeId: id, messageId, channel, from, to, raw: Buffer.from(raw, 'latin1') }
}

function masked({ subject, body }: LetterText, word: string | null): LetterText {
  return { subject, body: word === null ? body : body.replaceAll(word, MASKED_WORD) }
}
