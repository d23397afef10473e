import { z } from 'zod'

export const MIB = 1024 * 1024
/** Title that marks a setting whose value is never shown. */
export const SECRET = 'secret'

export function section<Shape extends z.ZodRawShape>(shape: Shape) {
  return z.strictObject(shape).prefault({} as z.input<z.ZodObject<Shape>>)
}

export function bytes(defaultBytes: number) {
  return z
    .int()
    .min(1)
    .max(4 * 1024 * MIB)
    .default(defaultBytes)
}

export function perKey(defaultCount: number) {
  return z.int().min(0).max(1_000_000_000).default(defaultCount)
}

export function secret() {
  return z.string().min(1).meta({ title: SECRET })
}

/** Names to secrets; none of it is shown. */
export function secrets(name: z.ZodType<string, string>, form: RegExp) {
  return z
    .record(name, z.string().regex(form, 'has not the form of a secret'))
    .meta({ title: SECRET })
}

/** HH:MM */
export function timeOfDay() {
  return z.string().regex(/^([01]\d|2[0-3]):[0-5]\d$/, 'is not a time of day, HH:MM')
}

export function timeZone() {
  return z
    .string()
    .refine((name) => Intl.supportedValuesOf('timeZone').includes(name) || name === 'UTC', {
      error: 'is no time zone of the IANA database',
    })
}
