import type { Command } from 'commander'
import type { Description } from '../register/index.ts'
import { collect } from './help.ts'

/** Flags that describe material; `hindra vocabulary` prints the terms that they take. */
export interface DescriptionOptions
  extends Partial<
    Pick<
      { readonly [Field in keyof Description]: string },
      | 'source'
      | 'sourceReference'
      | 'jurisdiction'
      | 'ageBand'
      | 'siteType'
      | 'commerciality'
      | 'policeReference'
      | 'reference'
      | 'note'
    >
  > {
  readonly victimIdentified?: true
  readonly selfGenerated?: true
  readonly ucs: readonly string[]
}

export function describing(command: Command): Command {
  return command
    .option('--reference <text>', 'your own reference, for all of them')
    .option('--note <text>', 'a note, for all of them')
    .option('--source <term>', 'where it came from; terms: hindra vocabulary')
    .option('--source-reference <text>', 'what the source calls it')
    .option('--jurisdiction <country>', 'whose law the class follows, two letters')
    .option('--age-band <term>', 'of the child')
    .option('--site-type <term>', 'where it was found')
    .option('--commerciality <term>')
    .option('--victim-identified', 'the child is known to the police')
    .option('--self-generated', 'the child made it')
    .option('--police-reference <text>')
    .option('--ucs <term>', 'of the Universal Classification Schema (repeat)', collect, [])
}

/** What was said of it; what was not said is left out. */
export function descriptionOf(options: DescriptionOptions): Partial<Description> {
  const { source, sourceReference, jurisdiction, ageBand, siteType, commerciality } = options
  const { policeReference, reference, note, victimIdentified, selfGenerated, ucs } = options
  const said = {
    source,
    sourceReference,
    jurisdiction,
    ageBand,
    siteType,
    commerciality,
    policeReference,
    reference,
    note,
    victimIdentified,
    selfGenerated,
    ucs: ucs.length > 0 ? ucs : undefined,
  }
  return Object.fromEntries(Object.entries(said).filter(([, value]) => value !== undefined))
}
