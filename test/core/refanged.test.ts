import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { defang, refanged } from '../../src/core/index.ts'

describe('a URL that was made unclickable', () => {
  it.each([
    ['hxxps://host[.]example/x', 'https://host.example/x'],
    ['hxxp://host[.]example', 'http://host.example'],
    ['HXXPS://Host(.)Example/X', 'https://Host.Example/X'],
    ['hxxps[:]//host[dot]example/x', 'https://host.example/x'],
    ['h**ps://host(DOT)example/x', 'https://host.example/x'],
    ['https://cdn[.]host.example:8443/a?b=c.d#e', 'https://cdn.host.example:8443/a?b=c.d#e'],
    ['hxxp://192[.]0[.]2[.]7/a', 'http://192.0.2.7/a'],
    ['host[.]example/a', 'host.example/a'],
    ['hxxps://räksmörgås[.]example/å', 'https://räksmörgås.example/å'],
  ])('%s is %s', (told, meant) => {
    expect(refanged(told)).toBe(meant)
  })

  it.each([
    'https://host.example/a[.]b(dot)c',
    'https://host.example/?next=hxxp://other[.]example',
    'http://[2001:db8::1]/a',
    'pictures/a[.]b.jpg',
    'no url at all',
    '',
  ])('%s is none, and stays as it is', (text) => {
    expect(refanged(text)).toBe(text)
  })

  it('is what it was before, whatever its path holds', () => {
    const path = fc.string({
      unit: fc.constantFrom(...'ab.[]()/dot?#%å '.split('')),
      maxLength: 40,
    })
    fc.assert(
      fc.property(fc.webAuthority(), path, (host, rest) => {
        const url = `https://${host}/${rest}`
        expect(refanged(defang(url))).toBe(url)
      }),
    )
  })

  it('may be 8 KiB of brackets', () => {
    const text = `hxxps://${'[.]'.repeat(2_700)}`
    expect(refanged(text)).toBe(`https://${'.'.repeat(2_700)}`)
  })
})
