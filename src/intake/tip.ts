import { z } from 'zod'
import { hashesSchema } from './sighting-schema.ts'
import { TIP_PRIORITIES, TIP_SOURCES, type TipInput } from './tip-fields.ts'
import { legible, TIP_CATEGORIES, TIP_SEEN_IN } from './tip-words.ts'
import { noteText, refuse, referenceText, toldUrlText, validate } from './validation.ts'

const WORDS_CHARS_MAX = 10_000

const MUNICIPALITY_CHARS_MAX = 64
const municipalityText = z.string().trim().min(1).max(MUNICIPALITY_CHARS_MAX)

/** A tip as it is sent, and the source of its published JSON Schema. */
export const tipSchema: z.ZodType<TipInput> = z
  .strictObject({
    url: toldUrlText.exactOptional().describe('Of the media, or of a page that shows it'),
    words: z
      .string()
      .max(WORDS_CHARS_MAX)
      .transform(legible)
      .pipe(z.string().min(1))
      .exactOptional()
      .describe('In place of a URL: what was seen in an app, in a chat, off the net; plain text'),
    category: z
      .enum(TIP_CATEGORIES)
      .exactOptional()
      .describe('What the words are about; needed with them'),
    seenIn: z.enum(TIP_SEEN_IN).exactOptional().describe('Where that was seen'),
    country: z
      .string()
      .regex(/^[A-Z]{2}$/, 'a country is two capital letters (ISO 3166-1)')
      .exactOptional()
      .describe('Where that happens (ISO 3166-1)'),
    pageUrl: toldUrlText.exactOptional().describe('The page that shows the media'),
    source: z.enum(TIP_SOURCES).default('public'),
    priority: z
      .union([z.literal(1), z.literal(2), z.literal(3)])
      .exactOptional()
      .describe('1 is the most urgent; by default that of its source'),
    reference: referenceText.exactOptional().describe("The sender's reference"),
    note: noteText.exactOptional(),
    hashes: hashesSchema.exactOptional().describe('Of the media at the URL: they lead to a look'),
    inDangerNow: z
      .boolean()
      .exactOptional()
      .describe('A child is in danger at this moment: the duty desk is called at once'),
    childMunicipality: municipalityText
      .exactOptional()
      .describe("Code or name of the municipality where the child lives: '0180', 'Stockholm'"),
    ownRequest: z.boolean().exactOptional().describe('The depicted child itself asks'),
  })
  // The same for those who read the published schema.
  .meta({ anyOf: [{ required: ['url'] }, { required: ['words', 'category'] }] })
  .superRefine(checkWhole)
  .transform((tip) => ({ ...tip, priority: tip.priority ?? urgencyOf(tip) }))

const OF_URLS = ['pageUrl', 'hashes'] as const
const OF_WORDS = ['words', 'category', 'seenIn', 'country'] as const

/** A tip is of a URL or in words: of both, nobody could say what a case and what the police would be told of. */
function checkWhole(tip: Partial<TipInput>, context: z.RefinementCtx): void {
  const stray = (tip.url === undefined ? OF_URLS : OF_WORDS).find((name) => tip[name] !== undefined)
  if (tip.url === undefined && tip.words === undefined) {
    refuse(context, 'INVALID_INPUT', 'a tip has a URL, or words and their category', 'url')
  } else if (stray !== undefined) {
    const what =
      tip.url === undefined ? 'belongs to a tip with a URL' : 'belongs to a tip without a URL'
    refuse(context, 'INVALID_INPUT', what, stray)
  } else if (tip.url === undefined && tip.category === undefined) {
    refuse(context, 'INVALID_INPUT', 'words need a category', 'category')
  }
}

/** What is said to be urgent is, whoever says so. */
function urgencyOf({ source, inDangerNow }: Pick<TipInput, 'source' | 'inDangerNow'>): 1 | 2 | 3 {
  return inDangerNow === true ? 1 : TIP_PRIORITIES[source]
}

/** Throws INVALID_INPUT, URL_INVALID or HASH_INVALID with the field. */
export function parseTip(value: unknown): TipInput {
  return validate(tipSchema, value)
}
