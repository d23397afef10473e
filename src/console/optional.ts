import { z } from 'zod'

/** A field that may be left empty: what a form sends of it then is nothing. */
export const optional = <Schema extends z.ZodType>(schema: Schema) =>
  z.preprocess((given) => (given === '' ? undefined : given), schema.optional())
