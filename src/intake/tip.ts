import { z } from 'zod'
import { TIP_SOURCES, type TipInput } from './types.ts'
import { noteText, referenceText, urlText, validate } from './validation.ts'

const tip: z.ZodType<TipInput> = z.strictObject({
  url: urlText,
  pageUrl: urlText.exactOptional(),
  source: z.enum(TIP_SOURCES).default('public'),
  priority: z.union([z.literal(1), z.literal(2), z.literal(3)]).default(3),
  reference: referenceText.exactOptional(),
  note: noteText.exactOptional(),
})

/** Throws INVALID_INPUT or URL_INVALID with the field. */
export function parseTip(value: unknown): TipInput {
  return validate(tip, value)
}
