import { describe, expect, it } from 'vitest'
import { NO_CIRCUMSTANCES } from '../../src/cases/index.ts'
import { accountNames, judgeAccount } from '../../src/recheck/account.ts'

interface Told {
  readonly profileId?: string
  readonly profileName?: string
}

function judged(rawUrl: string, html: string, told: Told = {}) {
  const circumstances = { ...NO_CIRCUMSTANCES, account: true, ...told }
  const names = accountNames({ rawUrl, circumstances })
  if (names === undefined) throw new Error('it is an account')
  const { outcome, cause } = judgeAccount(Buffer.from(`<!doctype html><html>${html}`), names)
  return outcome === 'present' ? cause : outcome
}

const titled = (title: string) => `<head><title>${title}</title></head><p>Posts and followers</p>`
const meta = (content: string) =>
  `<head><title>App</title><meta property="og:title" content="${content}">`

describe('the page of an account', () => {
  it.each([
    ['https://x.example/@anna_1', titled('Anna (@anna_1) · X')],
    ['https://x.example/anna_1/', titled('anna_1')],
    ['https://x.example/anna_1/status/4711', titled('Anna (@Anna_1)')],
    ['https://x.example/user/anna_1', meta('anna_1 on Pictures')],
    ['https://x.example/u/Anna_1?tab=posts', '<h1>u/anna_1</h1>'],
    ['https://x.example/profile.php?id=100044711', titled('100044711')],
    ['https://anna-1.blogs.example/', titled('anna-1')],
    ['https://x.example/%C3%A5sa.berg', titled('Åsa.Berg')],
  ])('%s is there where it names it in its title: %s', (url, html) => {
    expect(judged(url, html)).toBe('account')
  })

  it.each([
    ['https://x.example/anna_1', titled('Pictures of everybody')],
    ['https://x.example/anna', titled('anna.b')],
    ['https://x.example/anna', titled('Joanna')],
    ['https://x.example/anna', titled('anna_b')],
    // A site that answers everybody alike repeats what it was asked for in its links.
    ['https://x.example/anna_1', '<head><link rel="canonical" href="https://x.example/anna_1">'],
    ['https://x.example/anna_1', '<script>var path = "/anna_1"</script>'],
    ['https://x.example/', titled('x')],
    ['https://x.example/user/', titled('user')],
    ['https://www.x.example/', titled('www')],
    ['https://x.example/ab', titled('ab')],
    ['https://x.example/%E0%A4%A', titled('Pictures')],
  ])('%s proves nothing where it does not: %s', (url, html) => {
    expect(judged(url, html)).toBe('unverifiable')
  })

  it('is there by the name that it shows, and by its lasting id where the URL does not have it', () => {
    const url = 'https://x.example/new-handle'
    const shown = '<p>Anna &amp; Bo</p>'
    expect(judged(url, shown, { profileName: 'Anna & Bo' })).toBe('account')
    expect(judged(url, shown, { profileName: 'Anna & Co' })).toBe('unverifiable')
    const data = '<script>{"owner":"1000471100"}</script>'
    expect(judged(url, data, { profileId: '1000471100' })).toBe('account')
    expect(judged(url, data, { profileId: '10004711' })).toBe('unverifiable')
    const echoed = 'https://x.example/profile?id=1000471100'
    expect(judged(echoed, data, { profileId: '1000471100' })).toBe('unverifiable')
  })

  it('is read in linear time', () => {
    const names = ['<meta name=description content="', 'anna_1.', 'anna_1b ', '<title>', 'content=']
    for (const piece of names) {
      expect(judged('https://x.example/anna_1', piece.repeat(100_000 / piece.length))).toBeDefined()
    }
  })
})
