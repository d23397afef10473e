import { describe, expect, it } from 'vitest'
import { HindraError } from '../../src/errors.ts'
import type { Fetched, Fetcher } from '../../src/intake/index.ts'
import { securityContact } from '../../src/trace/security-txt.ts'

/** A site needs port 443, which no test may take: it answers in place of one. */
async function contactIn(answer: string | number | HindraError) {
  const asked: string[] = []
  const notes: string[] = []
  const fetcher: Fetcher = {
    fetch(url) {
      asked.push(url)
      if (answer instanceof HindraError) return Promise.reject(answer)
      const bytes = Buffer.from(typeof answer === 'string' ? answer : '')
      const status = typeof answer === 'number' ? answer : 200
      return Promise.resolve({ bytes, status } as unknown as Fetched)
    },
    close: () => Promise.resolve(),
  }
  const contact = await securityContact('site.example', {
    fetcher,
    note: (_step, _question, said) => notes.push(said),
    nowIso: '2026-11-02T08:00:00.000Z',
  })
  expect(asked).toEqual(['https://site.example/.well-known/security.txt'])
  return { contact, notes }
}

describe('security.txt', () => {
  it('gives its first mail contact', async () => {
    const text = [
      '# comment',
      'Contact: https://site.example/form',
      'contact: mailto:first@site.example?subject=x',
      'Contact: mailto:second@site.example',
      'Expires: 2027-01-01T00:00:00Z',
    ]
    expect((await contactIn(text.join('\r\n'))).contact).toBe('first@site.example')
  })

  it.each([
    ['Contact: mailto:a@site.example\nExpires: 2026-11-01T00:00:00Z\n', 'expired 2026-11-01'],
    ['Contact: mailto:not-an-address\n', 'no mail contact'],
    ['<html>Not here</html>', 'no mail contact'],
    [404, 'none (404)'],
    [new HindraError('TLS_FAILED', 'bad certificate'), 'no answer (TLS_FAILED)'],
  ])('gives none where it says %j', async (answer, said) => {
    const { contact, notes } = await contactIn(answer)
    expect(contact).toBeUndefined()
    expect(notes[0]).toContain(said)
  })
})
