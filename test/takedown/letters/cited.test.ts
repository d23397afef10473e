import { describe, expect, it } from 'vitest'
// The parts of one folder that no other folder may enter are tested where they are.
import { allKinds, type LetterRole, type Matter } from '../../../src/takedown/letters/kinds.ts'
import { sampleLetter } from '../../../src/takedown/letters/samples.ts'
import { createLetterWriter } from '../../../src/takedown/letters/writer.ts'
import { LANGUAGES } from '../../../src/takedown/notice.ts'
import { asShipped, nameOf, shownAs, variantsOf } from './changed-facts.ts'

const writer = createLetterWriter()

describe.each(LANGUAGES)('what letters cite, in %s', (language) => {
  const variants = allKinds().flatMap((kind) => variantsOf(sampleLetter(kind, language)))

  /** A first letter of a house where nobody has confirmed anything, in one line. */
  function asked(role: LetterRole, matter: Matter): string {
    const facts = asShipped(sampleLetter({ role, matter, step: 'first' }, language))
    return writer.write(facts).body.replace(/\s+/g, ' ')
  }

  it('is written down for a house whose lawyer has confirmed it', async () => {
    const cited = variants.flatMap(({ title, facts }) => {
      const named = `${facts.role}: ${title}`
      const text = shownAs(writer, named, facts)
      return text === shownAs(writer, named, asShipped(facts)) ? [] : [text]
    })
    await expect(cited.join('\n')).toMatchFileSnapshot(`rendered/${language}/confirmed.txt`)
  })

  it('is neither the Regulation nor an article of it, nor an Act, that nobody has confirmed', () => {
    for (const { facts } of variants) {
      const { subject, body } = writer.write(asShipped(facts))
      expect(`${subject}\n${body}`, nameOf(facts)).not.toMatch(
        /articles?\b|artik(el|lar)|regulation|förordning|digital services|digitala tjänster|\bDSA\b|brottsbalken|criminal code/i,
      )
    }
  })

  it.each(['host', 'platform'] as const)(
    'is no condition of what %s is asked for: receipt, decision, and the police where life is at stake',
    (role) => {
      expect(asked(role, 'media')).toMatch(
        /Detta är en anmälan om olagligt innehåll\. |This is a notice of illegal content\. /,
      )
      expect(asked(role, 'media')).toMatch(
        /Vi ber er att bekräfta att ni har tagit emot anmälan, .* beslutet\.|Please confirm that you have received this notice, .* the decision\./,
      )
      expect(asked(role, 'account')).toMatch(
        /säkerhet ber vi er att underrätta polis\.|safety, please inform the police\./,
      )
    },
  )

  it('is no condition of the status that the house has: who gave it, and when', () => {
    for (const matter of ['media', 'account'] as const) {
      expect(asked('platform', matter)).toMatch(
        /Vi är betrodd anmälare\. Post- och telestyrelsen gav oss den ställningen den 2 mars 2026 .* Vi ber er att behandla anmälan med förtur|We are a trusted flagger\. Post- och telestyrelsen gave us that status on 2 March 2026, .* Please give this notice priority/,
      )
    }
  })
})
