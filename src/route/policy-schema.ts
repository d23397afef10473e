import { z } from 'zod'
import { TIP_CATEGORIES } from '../intake/index.ts'
import { CLASSIFICATIONS } from '../register/index.ts'

/** A place that no case has: where no look-up told the country. */
export const UNKNOWN = 'unknown'
export const HOME = 'home'
/** Recipients that the trace finds; the rest are named in the policy. */
export const TRACED = ['host', 'hotline', 'interpol'] as const
/** What the ladder may name beside those. */
export const LADDER = ['host', 'site-owner', 'registrar', 'upstream', 'regulator'] as const

const isoCountry = z.string().regex(/^[A-Z]{2}$/, 'a country is two capital letters (ISO 3166-1)')
const place = z.union([isoCountry, z.enum([HOME, UNKNOWN])], {
  error: `a country is two capital letters (ISO 3166-1), ${HOME} or ${UNKNOWN}`,
})
const name = z.string().regex(/^[a-z][a-z0-9-]{0,63}$/, 'lower-case letters, digits and -')

function oneOrMore<Value extends z.ZodType>(value: Value) {
  return z.union([value.transform((one) => [one]), z.array(value).min(1)])
}

const conditions = {
  nature: z.enum(['illegal', 'harmful']),
  classification: oneOrMore(z.enum(CLASSIFICATIONS)),
  ownRequest: z.boolean(),
  account: z.boolean(),
  referral: z.boolean(),
  inDangerNow: z.boolean(),
  municipality: z.boolean(),
  host: oneOrMore(z.enum(['provider', 'platform', 'proxy', 'onion'])),
  hostName: oneOrMore(z.string().min(1)),
  country: oneOrMore(place),
  child: oneOrMore(place),
  offender: oneOrMore(place),
  hotline: z.boolean(),
}

const all = z.strictObject(conditions).partial()
const when = z.strictObject({ ...conditions, any: z.array(all).min(1) }).partial()

const hold = z.strictObject({
  until: z.literal('police-release'),
  timeoutHours: z.number().min(1).max(8_760),
})

const told = z.strictObject({ to: name, when: when.optional(), hold: hold.optional() })

const rule = z.strictObject({
  rule: name,
  why: z.string().trim().min(1),
  when: when.optional(),
  priority: z.union([z.literal(1), z.literal(2), z.literal(3)]).default(3),
  tell: z
    .array(
      z.union([name.transform((to) => ({ to, when: undefined, hold: undefined })), told], {
        error: 'who is told: a name, or {to, when, hold: {until, timeoutHours}}',
      }),
    )
    .min(1),
  ladder: z.array(z.enum(LADDER)).optional(),
})

const named = z.strictObject({
  role: z.enum(['police', 'social-services', 'regulator', 'hotline']),
  name: z.string().min(1),
  language: z.string().min(2),
  jurisdiction: isoCountry,
})

/** Of a tip in words: whom the police are, for nobody else is told of it. */
const wordsRule = z.strictObject({
  rule: name,
  why: z.string().trim().min(1),
  when: z
    .strictObject({
      country: oneOrMore(place),
      category: oneOrMore(z.enum(TIP_CATEGORIES)),
      inDangerNow: z.boolean(),
    })
    .partial()
    .optional(),
  tell: name,
})

export const policySchema = z.strictObject({
  version: z.literal(1),
  home: isoCountry,
  recipients: z.record(name, named),
  inDanger: z.strictObject({ call: z.array(name) }).default({ call: [] }),
  rules: z.array(rule).min(1),
  withoutUrl: z.array(wordsRule).default([]),
  ladder: z.array(z.enum(LADDER)),
})

export type Policy = z.output<typeof policySchema>
export type Rule = Policy['rules'][number]
export type When = NonNullable<Rule['when']>
export type ToldRecipient = Rule['tell'][number]
