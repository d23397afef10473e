import { PERMISSIONS, type Permission, ROLES, type Role } from '../../src/access/index.ts'
import { ROLE_PERMISSIONS } from '../../src/access/permissions.ts'
import { configWith } from '../../src/config.ts'
import { HMA_OPERATIONS } from '../../src/http/hma/operations.ts'
import type { HmaOperation } from '../../src/http/hma/operation.ts'
import {
  type AnyOperation,
  type Asked,
  inputSchema,
  type JsonSchema,
  namedOperations,
  RATES,
  usualRate,
} from '../../src/operations/index.ts'
import { fieldsOf } from './schema-words.ts'

const HEAD = `<!-- Written by: npx vitest run test/docs/reference.test.ts --update=true -->`

/** Whom a role is for. */
const FOR: Readonly<Record<Role, string>> = {
  reporter: 'a web form for the public: brings tips and reads none',
  intake: 'who takes calls and reads tips',
  analyst: 'who assesses, proposes items and decides the review band',
  verifier: 'the second person, who verifies what others proposed',
  officer: 'who is responsible for notices, retractions, lists and contacts',
  crawler: 'a machine that submits sightings and reads nothing',
  'crawler-verdict': 'the same, which is told what came of each sighting',
  'hma-client': 'a client of HMA’s API that looks up',
  'hma-evidence': 'the same, with content ids and distances',
  'hma-curator': 'the same, which also proposes content',
  pipeline: 'the machine that consumes alerts',
  auditor: 'who checks what was done, and changes nothing',
  statistics: 'who reads figures and nothing else',
  monitor: 'Prometheus: reads metrics and nothing else',
  exchange: 'who brings lists in and takes lists out',
  admin: 'who manages people, keys, webhooks, backups and retention, and touches no material',
}

/** What a permission decides beside operations, or within some. */
const BESIDE: Readonly<Partial<Record<Permission, string>>> = {
  'sighting:verdict':
    '[answers to sightings](crawlers.md#what-comes-back): verdict and case, not just `received`',
  'notice:forbid': 'in `holds.change`: let the host be told, or sooner; forbid it; agree to either',
}

/** What an operation's own line does not tell. */
const NOTES: Readonly<Record<string, string>> = {
  'tips.submit': ' A list needs `tip:read`, too.',
}

/** What a topic's operations are about. */
const ABOUT: Readonly<Record<string, string>> = {
  people: 'People and named machines',
  keys: 'The keys by which they sign in',
  sessions: 'Who signs in by a browser, and is signed in',
  views: 'Lists of the console that a person keeps by a name',
  looks: 'What a person is shown of what a URL shows, and how much of it',
  tips: 'What the public and others tell of',
  tipAssignments: 'Who works on which tip',
  tipImports: 'Lists of tips, row by row',
  sightings: 'What crawlers and analysts see',
  items: 'The register of known material',
  corpus: 'Benign pictures, which nothing verified may be like unseen',
  lists: 'Whose entries the register holds',
  imports: 'Lists of others, line by line',
  listExports: 'Lists that leave',
  sources: 'Exchanges that are asked on a schedule',
  tipline: 'Tips of the public without an account, and the receipts of who sent them',
  ownRequests: 'Children who ask for pictures of themselves',
  sisterMails: 'Mails of sister hotlines that wait for a person',
  assessments: 'Judgements of something new at a URL',
  cases: 'One subject at one URL, from first sighting to removal',
  caseAssignments: 'Who works on which case',
  assignments: 'Who works on what, and who gives it to whom',
  find: 'What somebody who rings asks after',
  rejudgements: 'What a changed rule of matching would not confirm',
  samples: 'Decisions that another person decides again, blind',
  alerts: 'What happened to cases, in order',
  webhooks: 'Endpoints that alerts are posted to',
  hosts: 'Who can remove what a URL shows, and who is told',
  overrides: 'What an analyst knows better than every look-up',
  contacts: 'Addresses that wait for approval',
  policy: 'What the house laid down in files',
  notices: 'What is told to whom',
  objections: 'What is brought against what was told',
  dossiers: 'The evidence of one case for the police, encrypted',
  holds: 'Cases that wait for the police',
  policeMails: 'What the police wrote without citing a letter',
  waiting: 'What waits for a person',
  hotlineExports: 'Files for other hotlines and for INTERPOL',
  iccam: 'The line to ICCAM',
  stats: 'Figures of a quarter or month',
  reports: 'Reports for others',
  audit: 'Who did what, and the proof of it',
  dataKey: 'The key that seals the records',
  retention: 'What is kept for how long',
  backup: 'All of the store as of one moment',
  system: 'Settings, health, descriptions, metrics',
}

function aboutOf(topic: string): string {
  const about = ABOUT[topic]
  if (about === undefined) throw new Error(`ABOUT says nothing of the topic ${topic}`)
  return about
}

interface Topic {
  readonly topic: string
  readonly operations: readonly { readonly name: string; readonly operation: AnyOperation }[]
}

function topics(): readonly Topic[] {
  const all = namedOperations().map(([name, operation]) => ({ name, operation }))
  const names = new Set(all.map(({ name }) => topicOf(name)))
  return Array.from(names, (topic) => ({
    topic,
    operations: all.filter(({ name }) => topicOf(name) === topic),
  }))
}

function topicOf(name: string): string {
  return name.split('.')[0] ?? name
}

function rolesWith(...permissions: readonly Permission[]): readonly Role[] {
  return ROLES.filter((role) => permissions.every((one) => ROLE_PERMISSIONS[role].includes(one)))
}

/** What somebody must hold to call it; nothing where it is enough to have signed in. */
function asked({ needs }: Pick<Asked, 'needs'>): readonly Permission[] {
  if (needs === 'signed-in') return []
  return typeof needs === 'string' ? [needs] : needs
}

/** docs/roles.md */
export function rolesPage(): string {
  const head = `${HEAD}
# What each role may do

This page is made from the permissions and the operations in the code. What is not listed for a role is refused. A person
may have several roles; a key may be narrowed to some of them. [people-and-roles.md](people-and-roles.md) tells how to
give them.

| role | for |
| --- | --- |
${ROLES.map((role) => `| [\`${role}\`](#${role}) | ${FOR[role]} |`).join('\n')}

**The operator** is whoever reaches the Unix socket of the server without a key. The operator may manage people and keys,
exchange the data key, back up, and see settings, health and metrics, and has none of the permissions below by that fact.
`
  const permissions = `## Permissions

| permission | roles |
| --- | --- |
${PERMISSIONS.map(
  (one) =>
    `| \`${one}\` | ${rolesWith(one)
      .map((role) => `\`${role}\``)
      .join(', ')} |`,
).join('\n')}
`
  return [head, ...ROLES.map(roleSection), permissions].join('\n')
}

function roleSection(role: Role): string {
  const allowed = topics().flatMap(({ topic, operations }) => {
    const names = operations
      .filter(({ operation }) => {
        const permissions = asked(operation)
        return permissions.length > 0 && rolesWith(...permissions).includes(role)
      })
      .map(({ name }) => `\`${name}\``)
    return names.length === 0
      ? []
      : [`| [${aboutOf(topic)}](operations.md#${topic.toLowerCase()}) | ${names.join(', ')} |`]
  })
  const byHma = HMA_OPERATIONS.filter(
    (operation) => !operation.isRefused && rolesWith(...asked(operation)).includes(role),
  ).map(({ method, path }) => `\`${method} ${path}\``)
  const hma = byHma.length === 0 ? [] : [`| [HMA’s API](operations.md#hma) | ${byHma.join(', ')} |`]
  const beside = ROLE_PERMISSIONS[role].flatMap((permission) => {
    const what = BESIDE[permission]
    return what === undefined ? [] : [`| \`${permission}\` | ${what} |`]
  })
  return `## ${role}
${FOR[role].charAt(0).toUpperCase()}${FOR[role].slice(1)}.

| about | operations |
| --- | --- |
${[...allowed, ...hma, ...beside].join('\n')}
`
}

/** docs/operations.md */
export function operationsPage(): string {
  const contents = topics().map(
    ({ topic, operations }) =>
      `| [${topic}](#${topic.toLowerCase()}) | ${aboutOf(topic)} | ${operations.length} |`,
  )
  return `${HEAD}
# Every operation

This page is made from the declarations in the code. The name of an operation is how the client calls it
(\`hindra.cases.show({ id })\`), its place how HTTP does: fields of the path stand behind a colon, others go into the
query of a GET and into the JSON body of a POST. \`hindra openapi\` prints the same with all that is answered. Commands
call these operations, too.

A field with a question mark may be left out. A field whose name is \`id\` or ends in \`Id\` takes an id, as Hindra gives them. A list takes \`limit\` (1 to 1,000) and
\`after\`, the id or cursor of the last row of the page before, and its answer has how many rows there are in the header
\`Total-Count\` where somebody counts. Times are in UTC; the header \`Time-Zone\` of every answer to a key names the time
zone of the house (\`takedown.timeZone\`), by which commands show them.

A GET counts against \`limits.${RATES.read}\` of the key that asks, a POST against \`limits.${RATES.write}\`, unless it
says otherwise here.

| topic | about | operations |
| --- | --- | --- |
${contents.join('\n')}
| [hma](#hma) | HMA’s API, for clients that speak it | ${HMA_OPERATIONS.length} |

${topics().map(topicSection).join('\n')}
${hmaSection()}`
}

function hmaSection(): string {
  const sections = HMA_OPERATIONS.map((operation) => {
    const place = `${operation.method} ${operation.path}`
    const takes = operation.isRefused ? '' : `\n${hmaTakes(operation)}\n`
    return `### ${place}\n${operation.says}. ${who(operation)}\n${takes}`
  })
  return `## hma
What a client of Hasher-Matcher-Actioner calls, in HMA’s shapes; [hma.md](hma.md) tells where it departs from it. The
client of Hindra has no names for these.

${sections.join('\n')}`
}

/** Fields of path and query, a file, the fields of a JSON body. */
function hmaTakes({ input, form }: HmaOperation): string {
  const schema = inputSchema(input)
  const all = schema['properties'] as Record<string, JsonSchema>
  const { json } = all
  const fields = Object.fromEntries(
    Object.entries(all).filter(([name]) => name !== 'json' && name !== 'file'),
  )
  const parts = Object.keys(form?.(configWith({})) ?? {}).map((part) => `\`${part}\``)
  const ways = [
    ...(Object.keys(fields).length === 0 ? [] : [fieldsOf({ ...schema, properties: fields })]),
    ...(parts.length === 0
      ? []
      : [`Takes a form with ${parts.join(' or ')} (up to \`decode.bytesMax\`).`]),
    ...(json === undefined ? [] : [`Takes JSON:\n\n${fieldsOf(json)}`]),
  ]
  return ways.length === 0 ? 'Takes nothing.' : ways.join('\n\n')
}

function topicSection({ topic, operations }: Topic): string {
  const sections = operations.map(({ name, operation }) => operationSection(name, operation))
  return `## ${topic}
${aboutOf(topic)}.

${sections.join('\n')}`
}

function operationSection(name: string, operation: AnyOperation): string {
  const { method, path, says } = operation
  return `### ${name}
\`${method} ${path}\`  
${says}. ${who(operation)}${NOTES[name] ?? ''}${boundedBy(operation)}

${takes(operation)}
`
}

function who(operation: Pick<Asked, 'needs'>): string {
  const permissions = asked(operation)
  if (permissions.length === 0) return 'Anybody with a key.'
  const roles = rolesWith(...permissions).map((role) => `\`${role}\``)
  return `Needs ${permissions.map((one) => `\`${one}\``).join(' and ')}: ${roles.join(', ')}.`
}

/** What bounds how often it is asked, where its method does not tell. */
function boundedBy({ method, rate }: AnyOperation): string {
  if (rate === usualRate(method)) return ''
  const setting = RATES[rate]
  return setting === null ? ' Never refused as too many.' : ` Counts against \`limits.${setting}\`.`
}

function takes(operation: AnyOperation): string {
  switch (operation.kind) {
    case 'call':
      return fieldsOf(inputSchema(operation.input))
    case 'feed':
      return 'Takes lines of NDJSON, each a `Sighting` (`hindra openapi --schema Sighting`), or [media lines](api.md#sightings), and answers each with a line.'
    case 'upload': {
      const parts = Object.entries(operation.form(configWith({}))).map(
        // A limit that is no setting is told by its size.
        ([part, { setting, bytesMax }]) =>
          `\`${part}\` (up to ${setting.includes('.') ? `\`${setting}\`` : `${bytesMax / 1024} KiB`})`,
      )
      return `Takes a form with ${parts.join(' and ')}.`
    }
    case 'download':
    case 'text':
      return `Takes nothing, and answers \`${operation.contentType}\`.`
  }
}

/** What a client must know of each operation that answers JSON, as a source of its own. */
export function routesTable(): string {
  const topics = new Map<string, string[]>()
  for (const [name, { kind, method, path }] of namedOperations()) {
    const [topic = '', call = ''] = name.split('.')
    const lines = kind === 'call' ? [`\n    ${call}: '${method} ${path}',`] : []
    topics.set(topic, [...(topics.get(topic) ?? []), ...lines])
  }
  const entries = Array.from(topics, ([topic, lines]) => {
    return `  ${topic}: {${lines.join('')}${lines.length === 0 ? '' : '\n  '}},\n`
  })
  return `// Written by: npx vitest run test/docs/reference.test.ts --update=true
import type { Calls, RoutePlace } from '../operations/index.ts'

/** Method and path of every operation that answers JSON, as it declares them. */
export const ROUTES = {
${entries.join('')}} as const satisfies {
  readonly [Topic in keyof Calls]: { readonly [Name in keyof Calls[Topic]]: RoutePlace }
}
`
}
