import type { Sentences } from '../sentence.ts'

/** What is wrong with a field, whatever its operation; which one it is stands beside. */
export const FIELD_REFUSALS = {
  'field-missing': () => 'it is missing',
  'field-kind': ({ wanted }: { readonly wanted: string }) => `it is no ${wanted}`,
  'field-choice': ({ choices }: { readonly choices: string }) => `it is one of ${choices}`,
  'field-long': ({ most }: { readonly most: number }) => `it has at most ${most} characters`,
  'field-short': ({ least }: { readonly least: number }) => `it has at least ${least} characters`,
  'field-many': ({ most }: { readonly most: number }) => `they are at most ${most}`,
  'field-few': ({ least }: { readonly least: number }) => `they are at least ${least}`,
  'field-large': ({ most }: { readonly most: number }) => `it is at most ${most}`,
  'field-small': ({ least }: { readonly least: number }) => `it is at least ${least}`,
  'field-form': () => 'it is not written as it has to be',
  'field-unknown': ({ names }: { readonly names: string }) => `nothing takes ${names}`,
} as const satisfies Sentences
