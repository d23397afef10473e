import { z } from 'zod'
import { defined, isName } from '../core/index.ts'
import {
  hashesSchema,
  legible,
  parseTip,
  TIP_CATEGORIES,
  TIP_CATEGORY_WORDS,
  TIP_SEEN_IN,
  toldUrlText,
} from '../intake/terms.ts'
import { LANGUAGES } from '../takedown/terms.ts'
import { TIPLINE_SENTENCES } from './sentences.ts'

export { OWN_REQUEST_STATES, type OwnRequestState } from './values.ts'
export {
  TIPLINE_SENTENCES,
  TIPLINE_STATES,
  type TiplineState,
} from './sentences.ts'

/** With what stands around it, words beside a URL still fit into the note of a tip. */
const TEXT_CHARS_MAX = 3_500
const ACCOUNT_CHARS_MAX = 200
const PICTURES_MAX = 20
const TOKEN_CHARS_MAX = 256
const NONCE_CHARS_MAX = 64
const RECEIPT_CHARS_MAX = 64

const text = z.string().max(TEXT_CHARS_MAX).transform(legible).pipe(z.string().min(1))

const language = z.enum(LANGUAGES)

const caller = z
  .string()
  .min(1)
  .max(64)
  .exactOptional()
  .describe('Address of whoever sends it: digested under a key of this hour, never kept or logged')

const work = z.strictObject({
  token: z.string().max(TOKEN_CHARS_MAX),
  nonce: z
    .string()
    .max(NONCE_CHARS_MAX)
    .exactOptional()
    .describe('What makes the SHA-256 of TOKEN.NONCE begin with zeros; absent where one waited'),
})

/** What somebody of the public tells, with or without a picture of themselves. */
export const toldFields = {
  language: language.default('sv'),
  url: toldUrlText.exactOptional().describe('Where it was seen'),
  words: text.exactOptional().describe('What was seen, with or without a URL'),
  category: z.enum(TIP_CATEGORIES).exactOptional(),
  seenIn: z.enum(TIP_SEEN_IN).exactOptional().describe('Where there is no URL'),
  account: z
    .string()
    .trim()
    .min(1)
    .max(ACCOUNT_CHARS_MAX)
    .refine(isName, 'is one line without control characters')
    .exactOptional()
    .describe('An account that shows it, threatens or extorts'),
  inDangerNow: z
    .boolean()
    .exactOptional()
    .describe('A child is in danger at this moment: the duty desk is called at once'),
  aboutMe: z.boolean().exactOptional().describe('The sender is the child that it is about'),
  childMunicipality: z.string().trim().min(1).max(64).exactOptional(),
  pictures: z
    .array(hashesSchema)
    .min(1)
    .max(PICTURES_MAX)
    .exactOptional()
    .describe('Of what is about the sender: the hashes of each picture, made on their own device'),
  work,
  caller,
}

const receipt = z.string().max(RECEIPT_CHARS_MAX).describe('16 digits, in groups or not')

/** Of whoever comes back; `work` is needed only while many wrong receipts are tried. */
export const receiptFields = {
  receipt,
  language: language.exactOptional().describe('Of the sentences; by default that of the tip'),
  work: work.exactOptional(),
  caller,
}

export const messageText = text
export const addedUrl = toldUrlText

export type TiplineInput = z.output<z.ZodObject<typeof toldFields>>
export type ReceiptQuestion = z.output<z.ZodObject<typeof receiptFields>>

/**
 * The tip that it is. Words beside a URL are its note, since a tip is of a URL or in words; of a child's request without
 * any words it is said that there are none. Throws INVALID_INPUT with the field.
 *
 * @param isOwnRequest Whether it goes to the front of the queue as one
 */
export function tipOfTold(
  { language: spoken, url, words, account, category, seenIn, ...told }: TiplineInput,
  isOwnRequest: boolean,
) {
  const { inDangerNow, childMunicipality, aboutMe = false } = told
  const say = TIPLINE_SENTENCES[spoken]
  const ownRequest = isOwnRequest ? true : undefined
  const common = { source: 'public', ...defined({ inDangerNow, childMunicipality, ownRequest }) }
  const named = account === undefined ? [] : [`${say.account}: ${account}`]
  const written = [...named, ...(words === undefined ? [] : [words])]
  if (url !== undefined) {
    const about =
      category === undefined ? [] : [`${say.category}: ${TIP_CATEGORY_WORDS[category][spoken]}`]
    const note = joined([...about, ...written])
    return parseTip({ ...common, url, ...defined({ note }) })
  }
  const isBare = words === undefined && aboutMe
  const said = joined([...written, ...(isBare ? [say.noWords] : [])])
  const kind = category ?? (aboutMe ? 'other' : undefined)
  return parseTip({ ...common, ...defined({ words: said, category: kind, seenIn }) })
}

/** Undefined where there is nothing to say. */
function joined(lines: readonly string[]): string | undefined {
  return lines.length === 0 ? undefined : lines.join('\n')
}
