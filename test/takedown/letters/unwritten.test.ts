import { expect, it } from 'vitest'
import { defined } from '../../../src/core/index.ts'
import { type PolicyFiles, policyFiles } from '../../../src/policy/index.ts'
import { readRoutes } from '../../../src/route/index.ts'
import { checkWritten, unwrittenOf } from '../../../src/takedown/index.ts'

const shipped = policyFiles('/nonexistent')
const ADDRESSES = { police: 'ocg@police.example', authority: 'dsc@authority.example' }

/** The shipped policy with other rules, and with a regulator who can be named. */
function policy(...rules: readonly object[]) {
  const { content } = shipped.read('routes.yaml') as { content: { recipients: object } }
  const recipients = {
    ...content.recipients,
    authority: { role: 'regulator', name: 'PTS', language: 'sv', jurisdiction: 'SE' },
  }
  const files: PolicyFiles = {
    read: (name) =>
      name === 'routes.yaml'
        ? { path: 'routes.yaml', content: { ...content, recipients, rules } }
        : shipped.read(name),
    list: (folder) => shipped.list(folder),
  }
  return readRoutes(files)
}

function rule(name: string, tell: readonly unknown[], when?: object): object {
  return { rule: name, why: 'as tested', tell, ...defined({ when }) }
}

const problems = (...rules: readonly object[]) =>
  unwrittenOf(policy(...rules), ADDRESSES).map(({ problem }) => problem)

it('the policy that ships tells nobody of what no letter is written of', () => {
  const routes = readRoutes(shipped)
  expect(unwrittenOf(routes, ADDRESSES)).toEqual([])
  expect(() => {
    checkWritten(routes, ADDRESSES)
  }).not.toThrow()
})

it('a rule that tells the police of what is no crime is refused, by its name', () => {
  const routes = policy(rule('all', ['police', 'host']))
  expect(() => {
    checkWritten(routes, ADDRESSES)
  }).toThrow(
    /^routes\.yaml: rules\.0 \(all\): it can tell police of what is harmful and no crime, and no such first letter to police is written: .*nature: illegal/,
  )
})

it.each([
  ['the rule', [rule('crimes', ['police'], { nature: 'illegal' }), rule('rest', ['host'])]],
  ['its class', [rule('a', ['police'], { classification: ['Baseline'] }), rule('rest', ['host'])]],
  ['a rule before it', [rule('a', ['host'], { nature: 'harmful' }), rule('b', ['police'])]],
  ['its recipient', [rule('a', ['host', { to: 'police', when: { nature: 'illegal' } }])]],
  [
    'rules before it together',
    [
      rule('a', ['host'], { nature: 'harmful', inDangerNow: true }),
      rule('b', ['host'], { nature: 'harmful', host: ['platform', 'proxy'] }),
      rule('c', ['host'], { any: [{ nature: 'harmful', account: true }, { host: 'onion' }] }),
      rule('d', ['host'], { nature: 'harmful' }),
      rule('e', ['police']),
    ],
  ],
  [
    'halves before it',
    [
      rule('a', ['host'], { nature: 'harmful', ownRequest: true }),
      rule('b', ['host'], { nature: 'harmful', ownRequest: false }),
      rule('c', ['police']),
    ],
  ],
])('what is no crime is kept from the police by %s', (_by, rules) => {
  expect(problems(...rules)).toEqual([])
})

it.each([
  ['a country', { nature: 'harmful', country: ['SE', 'NL'] }],
  ['the home country', { nature: 'harmful', child: 'home' }],
  ['a host', { nature: 'harmful', hostName: 'Alpha' }],
  ['a case', { nature: 'harmful', inDangerNow: true }],
])('but not by a rule before it that takes it of %s alone', (_what, when) => {
  expect(problems(rule('a', ['host'], when), rule('b', ['police']))).toEqual([
    expect.stringMatching(/^rules\.1 \(b\): it can tell police of what is harmful/),
  ])
})

it('a condition of the recipient counts together with that of the rule', () => {
  const police = (when: object) => [{ to: 'police', when }, 'host']
  const rest = rule('rest', ['host'])
  const taken = rule('a', police({ inDangerNow: false }), { inDangerNow: true })
  expect(problems(taken, rest)).toEqual([])
  const free = rule('a', police({ account: true }), { inDangerNow: true })
  expect(problems(free, rest)).toHaveLength(1)
})

it('all problems are told at once, in the order of the rules', () => {
  const rules = [
    rule('a', ['police', 'host'], { account: true }),
    rule('b', ['police', 'host'], { country: 'home' }),
    rule('c', ['host']),
  ]
  expect(problems(...rules).map((text) => text.slice(0, 11))).toEqual([
    'rules.0 (a)',
    'rules.1 (b)',
  ])
})

it('a regulator has no first letter of anything, and is named for the ladder', () => {
  expect(problems(rule('all', ['host', 'authority']))).toEqual([
    expect.stringMatching(
      /^rules\.0 \(all\): it can tell authority of pictures and films and of accounts and of what is harmful and no crime, and no such first letter to regulator is written: .*ladder/,
    ),
  ])
  expect(
    problems(
      rule('media', ['authority'], { account: false, nature: 'illegal' }),
      rule('rest', ['host']),
    ),
  ).toEqual([expect.stringMatching(/it can tell authority of pictures and films, and no/)])
})

it('who has no address is told by hand, in the words of whoever does it; a municipality may get one', () => {
  const routes = policy(rule('all', ['police', 'social-services', 'host']))
  expect(unwrittenOf(routes, {}).map(({ byHand }) => byHand)).toEqual([true, false])
  expect(() => {
    checkWritten(routes, {})
  }).toThrow(/^(?!.*tell police).*tell social-services/)
  expect(() => {
    checkWritten(policy(rule('all', ['police', 'host'])), {})
  }).not.toThrow()
})

it('a host, a hotline by its file and the ladder ask for no letter that is not there', () => {
  const ladder = ['site-owner', 'registrar', 'upstream', 'regulator']
  expect(problems({ ...rule('all', ['host', 'hotline', 'interpol']), ladder })).toEqual([])
})
