import { z } from 'zod'
import { hashesSchema } from './sighting-schema.ts'
import { TIP_PRIORITIES, TIP_SOURCES, type TipInput } from './tip-fields.ts'
import { noteText, referenceText, toldUrlText, validate } from './validation.ts'

const MUNICIPALITY_CHARS_MAX = 64
const municipalityText = z.string().trim().min(1).max(MUNICIPALITY_CHARS_MAX)

/** A tip as it is sent, and the source of its published JSON Schema. */
export const tipSchema: z.ZodType<TipInput> = z
  .strictObject({
    url: toldUrlText.describe('Of the media, or of a page that shows it'),
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
  .transform((tip) => ({ ...tip, priority: tip.priority ?? urgencyOf(tip) }))

/** What is said to be urgent is, whoever says so. */
function urgencyOf({ source, inDangerNow }: Pick<TipInput, 'source' | 'inDangerNow'>): 1 | 2 | 3 {
  return inDangerNow === true ? 1 : TIP_PRIORITIES[source]
}

/** Throws INVALID_INPUT, URL_INVALID or HASH_INVALID with the field. */
export function parseTip(value: unknown): TipInput {
  return validate(tipSchema, value)
}
