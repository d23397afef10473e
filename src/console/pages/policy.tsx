import { z } from 'zod'
import { own } from '../../core/index.ts'
import type { LaidDownFile } from '../../policy/index.ts'
import type { Policy } from '../../route/index.ts'
import { conditionsText } from '../components/conditions.ts'
import { PAGE_ROWS, PlacePager } from '../components/pager.tsx'
import { Pairs } from '../components/pairs.tsx'
import { Rows } from '../components/rows.tsx'
import { Section } from '../components/section.tsx'
import { page, type Visit } from '../page.ts'
import { laidDownIn } from '../words/laid-down.ts'

/** What the house laid down, as it is in force: who is told of what, and every file line by line. */
export const policyPage = page({
  path: '/console/policy',
  needs: 'contact:read',
  input: z.object({
    file: z.string().max(256).optional(),
    from: z.coerce.number().int().min(0).default(0),
  }),
  async show(visit, { file, from }) {
    const { words, calls } = visit
    const { policy: said } = words
    if (file !== undefined) {
      const { lines, linesInAll } = await calls.policy.show({ file, from, limit: PAGE_ROWS })
      return {
        title: file,
        body: (
          <>
            <p>
              <a href="/console/policy">{said.title}</a>
            </p>
            <Rows
              caption={file}
              rows={lines}
              idOf={({ at }) => at}
              empty={words.none}
              columns={[
                { head: said.at, cell: ({ at }) => <code class="url">{at}</code> },
                { head: said.says, cell: ({ says }) => says ?? said.open },
              ]}
            />
            <PlacePager filter={{ file }} from={from} shown={lines.length} all={linesInAll} />
          </>
        ),
      }
    }
    const [files, rules] = await Promise.all([calls.policy.list(), calls.policy.rules()])
    return {
      title: said.title,
      body: (
        <>
          <p>{said.intro}</p>
          {visit.may('route:explain') && (
            <p>
              <a href="/console/policy/route">{said.explain}</a>
            </p>
          )}
          <Section id="rules" title={said.rules}>
            <p class="hint">{said.rulesSays}</p>
            <Rules policy={rules} visit={visit} />
          </Section>
          <Section id="words-rules" title={said.inWords}>
            <WordsRules policy={rules} visit={visit} />
          </Section>
          <Section id="recipients" title={said.recipients}>
            <Recipients policy={rules} visit={visit} />
          </Section>
          <Section id="files" title={said.files}>
            <Files files={files} visit={visit} />
          </Section>
        </>
      ),
    }
  },
})

function Rules({ policy, visit }: { readonly policy: Policy; readonly visit: Visit }) {
  const { policy: said } = visit.words
  return (
    <Rows
      caption={said.rules}
      rows={policy.rules}
      idOf={({ rule }) => rule}
      empty={visit.words.none}
      columns={[
        { head: said.rule, cell: ({ rule }) => <strong>{rule}</strong> },
        { head: said.when, cell: ({ when }) => conditionsText(when, said) },
        {
          head: said.tells,
          cell: ({ tell }) => (
            <ol class="told-list">
              {tell.map(({ to, when, hold }) => (
                <li key={to}>
                  {[
                    called(to, policy, visit),
                    ...(when === undefined ? [] : [said.onlyWhen(conditionsText(when, said))]),
                    ...(hold === undefined ? [] : [said.waits(hold.timeoutHours)]),
                  ].join(', ')}
                </li>
              ))}
            </ol>
          ),
        },
        {
          head: said.later,
          cell: ({ ladder }) =>
            (ladder ?? policy.ladder).map((to) => called(to, policy, visit)).join(', '),
        },
        { head: said.priority, cell: ({ priority }) => priority },
        { head: said.why, cell: ({ why }) => laidDownIn(visit.language, why) },
      ]}
    />
  )
}

/** Those of the policy by the name that it gives them, those that are found by what they are. */
function called(to: string, { recipients }: Policy, { words }: Visit): string {
  return own(recipients, to)?.name ?? own(words.policy.roles, to) ?? to
}

function WordsRules({ policy, visit }: { readonly policy: Policy; readonly visit: Visit }) {
  const { policy: said } = visit.words
  return (
    <>
      <Rows
        caption={said.inWords}
        rows={policy.withoutUrl}
        idOf={({ rule }) => rule}
        empty={visit.words.none}
        columns={[
          { head: said.rule, cell: ({ rule }) => <strong>{rule}</strong> },
          { head: said.when, cell: ({ when }) => conditionsText(when, said) },
          { head: said.tells, cell: ({ tell }) => called(tell, policy, visit) },
          { head: said.why, cell: ({ why }) => laidDownIn(visit.language, why) },
        ]}
      />
      <Pairs
        rows={[
          [
            said.inDanger,
            policy.inDanger.call.map((to) => called(to, policy, visit)).join(', ') ||
              visit.words.queue.nobody,
          ],
        ]}
      />
    </>
  )
}

function Recipients({ policy, visit }: { readonly policy: Policy; readonly visit: Visit }) {
  const { policy: said } = visit.words
  return (
    <Rows
      caption={said.recipients}
      rows={Object.entries(policy.recipients)}
      idOf={([name]) => name}
      empty={visit.words.none}
      columns={[
        { head: said.recipient, cell: ([name]) => name },
        { head: said.called, cell: ([, { name }]) => name },
        { head: said.role, cell: ([, { role }]) => said.roles[role] },
        { head: said.language, cell: ([, { language }]) => language },
        { head: said.country, cell: ([, { jurisdiction }]) => jurisdiction },
      ]}
    />
  )
}

function Files({
  files,
  visit,
}: {
  readonly files: readonly LaidDownFile[]
  readonly visit: Visit
}) {
  const { policy: said, none } = visit.words
  return (
    <Rows
      caption={said.files}
      rows={files}
      idOf={({ name }) => name}
      empty={none}
      columns={[
        {
          head: said.file,
          cell: ({ name, isRead }) =>
            isRead ? (
              <a href={`/console/policy?file=${encodeURIComponent(name)}`} data-open>
                {name}
              </a>
            ) : (
              name
            ),
        },
        {
          head: said.whose,
          cell: ({ isOwn, isRead }) => {
            if (!isRead) return <span class="badge late">{said.unread}</span>
            return isOwn ? said.own : said.shipped
          },
        },
        { head: said.version, cell: ({ version }) => version !== null && <code>{version}</code> },
        { head: said.asOf, cell: ({ asOf }) => asOf },
      ]}
    />
  )
}
