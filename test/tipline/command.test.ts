import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { ReceiptView, ToldReceipt } from '../../src/tipline/index.ts'
import { createHome, type Home, type Serving } from '../cli/hindra.ts'

let home: Home
let served: Serving
let reporter: string
let analyst: string

beforeAll(async () => {
  home = createHome()
  await home.json(['init', '--features', 'no'])
  served = await home.serveWith({ env: { HINDRA_TIPLINE_WORK_BITS: '8' } })
  reporter = (await home.person('Page', 'reporter')).key
  analyst = (await home.person('Ann', 'analyst')).key
})
afterAll(async () => {
  await served.end('SIGTERM')
  await home.dispose()
})

const MINE = 'https://told.example/mine'
const page = async (...args: readonly string[]) =>
  home.json(['tipline', ...args], { key: reporter })
const run = (key: string, ...args: readonly string[]) => home.run(args, { key })

/** What an attacker writes where an analyst reads it on a terminal, or a page shows it. */
const HOSTILE: readonly string[] = [
  ...[
    '\u001b[2J\u001b[1;1H',
    '\u001b]0;owned\u0007',
    '\u001b]8;;https://evil.example\u0007x',
    '\u009b31m',
  ],
  ...[
    '\u202egpj.exe',
    '\u2066\u2067x\u2069',
    '\u200ehidden\u200f',
    '\u061cx',
    '\ufeffx',
    '\u0000x',
  ],
  ...['\r state  own-accepted', '\b\b\bx', '\u0085x', '\u2028x', '\u2029x', '\u007fx', '\u0008'],
  ...['<script>alert(1)</script>', '<img src=x onerror=alert(1)>', '"><svg/onload=alert(1)>'],
  ...[
    "'; DROP TABLE tips; --",
    '${7*7}',
    '{{7*7}}',
    '<%= 7*7 %>',
    '#{7*7}',
    '%n%n%s',
    '$(id)',
    '`id`',
  ],
  ...['../../../../etc/passwd', 'file:///etc/passwd', 'javascript:alert(1)', 'data:text/html,x'],
  ...['=HYPERLINK("http://x")', '+1+1', '-1+1', '@SUM(1)', '|cmd', '__proto__', 'constructor'],
  ...[
    '{"receipt":"1"}',
    'null',
    '[object Object]',
    '\ud800',
    'a\udc00',
    '🏳️‍🌈',
    'ä'.normalize('NFD'),
  ],
  ...[
    'Ж'.repeat(300),
    'x'.repeat(3_000),
    '\n\n\n',
    '- - -',
    '2026-11-02T08:00:00Z we',
    '# heading',
  ],
  ...[
    '](https://evil.example)',
    '![x](https://evil.example/x.png)',
    'https://evil.example/a?b=c#d',
  ],
  ...[
    'http://127.0.0.1:7080/',
    '\\\\evil\\share',
    'x\ty',
    'a\u00adb',
    '\ue000',
    '￿',
    '\u{e0041}',
    '\u180ex',
  ],
  ...['\u001b[8mhidden\u001b[0m', '\u0007\u0007', '\u000c', '\u000b'],
]

describe('by command', () => {
  it('somebody tips, is answered, and reads it by the receipt', async () => {
    const told = (await page(
      'tell',
      '--words',
      'i ett spel',
      '--category',
      'grooming',
    )) as ToldReceipt
    const shown = await run(reporter, 'tipline', 'look', told.receipt)
    expect(shown.stdout).toMatch(/^state +received\nsays +Vi har fått ditt tips\./)
    await page('write', told.receipt, '--text', 'han heter @varg')
    const more = await page('add', told.receipt, 'https://told.example/2')
    expect(more).toMatchObject({ urlsLeft: 18 })
    const waits = await run(analyst, 'waiting')
    const [, id = ''] = /tip-message-([0-9a-f-]{36}) /.exec(waits.stdout) ?? []
    expect((await run(analyst, 'tips', 'answer', id, '--text', 'Tack!')).code).toBe(0)
    expect((await run(analyst, 'waiting')).stdout).toBe('nothing waits for a person\n')
    const { messages } = (await page('look', told.receipt)) as ReceiptView
    expect(messages.map(({ text }) => text)).toEqual(['han heter @varg', 'Tack!'])
  })

  it('a child asks, and an analyst decides', async () => {
    const hash = `sha256=${'ab'.repeat(32)}`
    const told = (await page('tell', MINE, '--about-me', '--picture', hash)) as ToldReceipt
    const listed = await run(analyst, 'tips', 'own-requests', '--state', 'asked')
    const [, id = ''] = /^([0-9a-f-]{36}) +asked /m.exec(listed.stdout) ?? []
    const accepted = await run(analyst, 'tips', 'accept-own', id)
    expect(accepted.stdout).toMatch(/looked for +1\n/)
    const withdrawn = await run(reporter, 'tipline', 'withdraw', told.receipt)
    expect(withdrawn.stdout).toMatch(/^state +own-withdrawn\n/)
    const late = await run(analyst, 'tips', 'decline-own', id, '--reason', 'x')
    expect(late.code).not.toBe(0)
    expect(late.stderr).toMatch(/CONFLICT/)
  })

  it('refuses a wrong receipt and a wrong picture in words that say what to do', async () => {
    const wrong = await run(reporter, 'tipline', 'look', '1111222233334444')
    expect(wrong).toMatchObject({ code: 4 })
    expect(wrong.stderr).toMatch(/^RECEIPT_UNKNOWN: .*\n {2}Compare all 16 digits/)
    const picture = await run(reporter, 'tipline', 'tell', '--about-me', '--picture', 'crc=1')
    expect(picture.stderr).toMatch(/^INVALID_INPUT: --picture takes/)
  })
})

describe('hostile words', () => {
  it('are shown as text: nothing moves the cursor, hides, turns the writing or looks like a line of ours', async () => {
    expect(HOSTILE.length).toBeGreaterThanOrEqual(60)
    for (let at = 0; at < HOSTILE.length; at += 16) {
      const text = HOSTILE.slice(at, at + 16).join('\n')
      const words = `${text}\nEND`.slice(0, 3_400)
      const told = (await page('tell', '--words', words, '--category', 'other')) as ToldReceipt
      await page('write', told.receipt, '--text', words)
      const waits = await run(analyst, 'waiting')
      const [, id = ''] = /tip-message-([0-9a-f-]{36}) /.exec(waits.stdout) ?? []
      for (const shown of [
        await run(analyst, 'tips', 'messages', id),
        await run(analyst, 'tips', 'show', id),
        await run(analyst, 'tips', 'list'),
        await run(reporter, 'tipline', 'look', told.receipt),
      ]) {
        expect(shown.code).toBe(0)
        const lines = shown.stdout.replaceAll('\n', '')
        expect(lines).not.toMatch(/[\p{Cc}\p{Bidi_Control}\u2028\u2029\ufeff]/u)
        expect(shown.stdout).not.toMatch(/https?:\/\/evil/)
      }
      // Each line of a stranger's is indented: none passes for one of the command's.
      const { stdout } = await run(reporter, 'tipline', 'look', told.receipt)
      expect(stdout.match(/^state /gm)).toHaveLength(1)
      expect(stdout.match(/^\S*Z we$/gm)).toBeNull()
      await run(analyst, 'tips', 'heard', id)
    }
  })
})
