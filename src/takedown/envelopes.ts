import { Collection, type Context, keySpace, type Row, type Transaction } from '../store/index.ts'
import { digestOfWord, MASKED_WORD } from './holds/reply-word.ts'
import type { LetterText } from './letters/writer.ts'
import type { NoticePart } from './notice-part.ts'
import type { Letter } from './types.ts'

export interface EnvelopeClear {
  /** `open`: handed over, or about to be, and no answer heard yet. */
  readonly state: 'open' | 'sent' | 'failed'
  readonly channel: Letter['channel']
  readonly noticeIds: readonly string[]
  readonly composedAt: string
  /** Not sent again before this time. */
  readonly retryAt: string | null
  /** It may have been taken: whenever it is sent again, then with the same bytes. */
  readonly uncertain: boolean
  /** Of a letter that can be answered with a word. */
  readonly replyWord?: KeptWord
}

/** What is kept of the word by which a letter is answered. */
export interface KeptWord {
  /** Keyed, of the word and the envelope. */
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

const OPEN = 'envelope-open'

export type Envelopes = ReturnType<typeof createEnvelopes>

/** The letters, kept from before they are handed over, so that a crash loses none. */
export function createEnvelopes({ sealer }: Context) {
  const envelopes = new Collection<EnvelopeClear, EnvelopeSealed>(keySpace('envelope'), sealer)

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
      envelopes.put(tx, envelopeId, clear, sealed)
      tx.put([OPEN, envelopeId], new Uint8Array())
    },

    change(tx: Transaction, row: EnvelopeRow, change: Partial<EnvelopeClear>): void {
      const clear = { ...row.clear, ...change }
      // The bytes hold the word, and are needed only as long as they may have to go again.
      const isSpent = clear.state !== 'open' && clear.replyWord !== undefined
      envelopes.put(tx, row.id, clear, isSpent ? { ...row.sealed, raw: '' } : row.sealed)
      if (clear.state !== 'open') tx.delete([OPEN, row.id])
    },

    /** It never left, or must not leave again: its notices go into other envelopes. */
    drop(tx: Transaction, id: string): void {
      envelopes.delete(tx, id)
      tx.delete([OPEN, id])
    },

    /** One of its notices is to be forgotten; without any left the letter is, too. */
    async forget(tx: Transaction, id: string, noticeId: string): Promise<void> {
      const row = await envelopes.get(tx, id)
      if (row === undefined) return
      const notices = row.sealed.part.notices.filter((line) => line.noticeId !== noticeId)
      if (notices.length === 0) {
        envelopes.delete(tx, id)
        tx.delete([OPEN, id])
        return
      }
      const noticeIds = row.clear.noticeIds.filter((held) => held !== noticeId)
      const part = { ...row.sealed.part, notices }
      const { messageId, from, to } = row.sealed
      envelopes.put(tx, id, { ...row.clear, noticeIds }, { messageId, from, to, raw: '', part })
    },

    get: envelopes.get.bind(envelopes),
    need: envelopes.need.bind(envelopes),

    async openIds(tx: Transaction): Promise<string[]> {
      const ids: string[] = []
      for await (const { key } of tx.range({ prefix: [OPEN] })) ids.push(String(key[1]))
      return ids
    },
  }
}

export function toLetter({ id, clear: { channel }, sealed }: EnvelopeRow): Letter {
  const { messageId, from, to, raw } = sealed
  return { envelopeId: id, messageId, channel, from, to, raw: Buffer.from(raw, 'latin1') }
}

function masked({ subject, body }: LetterText, word: string | null): LetterText {
  return { subject, body: word === null ? body : body.replaceAll(word, MASKED_WORD) }
}
