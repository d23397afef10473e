import type { SaidRefusals } from './said.ts'

/** What is wrong with a field, which is named beside. */
export const fields = {
  'field-missing': () => 'Det här fältet måste fyllas i.',
  'field-kind': () => 'Värdet är av fel slag.',
  'field-choice': ({ choices }) => `Välj något av: ${choices}.`,
  'field-long': ({ most }) => `Texten får ha högst ${most} tecken.`,
  'field-short': ({ least }) =>
    least === 1 ? 'Det här fältet måste fyllas i.' : `Texten måste ha minst ${least} tecken.`,
  'field-many': ({ most }) => `Det får vara högst ${most}.`,
  'field-few': ({ least }) => `Det måste vara minst ${least}.`,
  'field-large': ({ most }) => `Värdet får vara högst ${most}.`,
  'field-small': ({ least }) => `Värdet måste vara minst ${least}.`,
  'field-form': () => 'Värdet är inte skrivet som det måste vara.',
  'field-unknown': ({ names }) => `Det finns inget fält som heter ${names}.`,
} as const satisfies SaidRefusals
