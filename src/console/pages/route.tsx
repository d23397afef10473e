import { z } from 'zod'
import { triedText } from '../components/conditions.ts'
import { channelText } from '../../channels/terms.ts'
import { HindraError } from '../../errors.ts'
import { CLASSIFICATIONS } from '../../register/terms.ts'
import type { Recipient } from '../../route/index.ts'
import type { RouteExplanation } from '../../takedown/index.ts'
import { Problem } from '../components/document.tsx'
import { Field } from '../components/field.tsx'
import { HiddenToken } from '../components/form.tsx'
import { Pairs } from '../components/pairs.tsx'
import { Rows } from '../components/rows.tsx'
import { Section } from '../components/section.tsx'
import { DefangedUrl } from '../components/url.tsx'
import { When } from '../components/when.tsx'
import { problemIn } from '../problem.ts'
import { page, type Visit } from '../page.ts'
import { laidDownIn } from '../words/laid-down.ts'
import { tracedIn, unreachableIn } from '../words/said.ts'

const KINDS = ['provider', 'platform', 'proxy', 'onion'] as const
const TRUTHS = ['ownRequest', 'account', 'referral', 'inDangerNow'] as const

const text = z.string().trim().max(8_192).default('')
const asked = z.object({
  url: text,
  kind: z.enum(['', ...KINDS]).default(''),
  name: text,
  country: text.transform((given) => given.toUpperCase()),
  classification: z.enum(CLASSIFICATIONS).default('Baseline'),
  childCountry: text.transform((given) => given.toUpperCase()),
  offenderCountry: text.transform((given) => given.toUpperCase()),
  childMunicipality: text,
  ownRequest: text,
  account: text,
  referral: text,
  inDangerNow: text,
})
type Asked = z.output<typeof asked>

/**
 * What would become of a URL, or of a host that is assumed: who would be told, and by which rule. It comes in the body:
 * a URL of suspected material is in no request line.
 */
export const routePage = page({
  path: '/console/policy/route',
  isPosted: true,
  needs: 'route:explain',
  input: asked,
  async show(visit, given) {
    const { route: said } = visit.words.policy
    const isAsked = [given.url, given.kind, given.name, given.country].some((one) => one !== '')
    const { shown, problem } = isAsked ? await tried(visit, given) : {}
    return {
      title: said.title,
      body: (
        <>
          <Problem text={problem} />
          <p>{said.intro}</p>
          {shown !== undefined && (
            <Section id="shown" title={said.asked}>
              {given.url !== '' && (
                <p>
                  <DefangedUrl url={given.url} />
                </p>
              )}
              <Shown shown={shown} visit={visit} />
            </Section>
          )}
          <Section id="ask" title={said.go}>
            <Ask given={given} visit={visit} />
          </Section>
        </>
      ),
    }
  },
})

async function tried(
  { calls, language, config }: Visit,
  given: Asked,
): Promise<{ readonly shown?: RouteExplanation; readonly problem?: string }> {
  const said = (fields: Readonly<Record<string, string>>) => {
    const filled = Object.entries(fields).filter(([, value]) => value !== '')
    return filled.length === 0 ? undefined : Object.fromEntries(filled)
  }
  const { url, kind, name, country, classification } = given
  const { childCountry, offenderCountry, childMunicipality } = given
  const truths = TRUTHS.filter((one) => given[one] !== '')
  try {
    const shown = await calls.hosts.explainRoute({
      url: url === '' ? undefined : url,
      assume: said({ kind, name, country }),
      classification,
      circumstances: {
        ...Object.fromEntries(truths.map((one) => [one, true])),
        ...said({ childCountry, offenderCountry, childMunicipality }),
      },
    })
    return { shown }
  } catch (error) {
    // What was typed stays: it is mended in the form, and not typed again.
    if (!(error instanceof HindraError) || error.status !== 400) throw error
    const { code, message, said: told, remedy } = error
    const { timeZone } = config.takedown
    return {
      problem: problemIn({ language, timeZone }, { code, message, said: told, remedy }).message,
    }
  }
}

function Ask({ given, visit }: { readonly given: Asked; readonly visit: Visit }) {
  const { words } = visit
  const { policy: said } = words
  const { route } = said
  return (
    <form method="post" action="/console/policy/route" class="act try">
      <HiddenToken />
      <Field name="url" label={route.url} hint={route.urlHint} value={given.url} />
      <div class="field">
        <label for="classification">{words.case.class}</label>
        <select id="classification" name="classification">
          {CLASSIFICATIONS.filter((one) => one !== 'Ignore').map((one) => (
            <option key={one} value={one} selected={one === given.classification}>
              {words.classes[one]}
            </option>
          ))}
        </select>
      </div>
      <fieldset>
        <legend>{route.assume}</legend>
        <div class="field">
          <label for="kind">{route.kind}</label>
          <select id="kind" name="kind">
            <option value="" />
            {KINDS.map((one) => (
              <option key={one} value={one} selected={one === given.kind}>
                {said.values[one]}
              </option>
            ))}
          </select>
        </div>
        <Field
          name="country"
          label={said.conditions.country}
          hint={route.countryHint}
          value={given.country}
          maxlength={2}
        />
        <Field name="name" label={route.name} value={given.name} />
      </fieldset>
      <fieldset class="choice">
        <legend>{route.circumstances}</legend>
        {TRUTHS.map((one) => (
          <label key={one}>
            <input type="checkbox" name={one} value="true" checked={given[one] !== ''} />{' '}
            {said.conditions[one]}
          </label>
        ))}
        <Field
          name="childCountry"
          label={said.conditions.child}
          value={given.childCountry}
          maxlength={2}
        />
        <Field
          name="offenderCountry"
          label={said.conditions.offender}
          value={given.offenderCountry}
          maxlength={2}
        />
        <Field
          name="childMunicipality"
          label={route.municipality}
          value={given.childMunicipality}
        />
      </fieldset>
      <button type="submit">{route.go}</button>
    </form>
  )
}

function Shown({ shown, visit }: { readonly shown: RouteExplanation; readonly visit: Visit }) {
  const { policy: said, none, yes, no } = visit.words
  const { route } = said
  const { facts, trials, decision, problem, host } = shown
  const { hostName, country } = facts
  return (
    <>
      <Pairs
        rows={[
          [
            route.host,
            [
              laidDownIn(visit.language, hostName),
              said.values[facts.host],
              country ?? said.values.unknown,
            ].join(', '),
          ],
          [route.decided, <strong key="rule">{decision.rule}</strong>],
          [said.why, laidDownIn(visit.language, decision.why)],
        ]}
      />
      {problem !== null && (
        <>
          <p class="badge late">{route.nobody}</p>
          {visit.language === 'en' && <p>{problem}</p>}
        </>
      )}
      {host === null && problem === null && <p class="hint">{route.assumed}</p>}
      <h3>{route.told}</h3>
      <Told title={route.told} recipients={decision.recipients} visit={visit} />
      {decision.unreachable.length > 0 && (
        <p>
          {route.unreachable}:{' '}
          {decision.unreachable
            .map((told) => unreachableIn(visit.language, told, said.roles))
            .join('; ')}
        </p>
      )}
      <h3>{route.ladder}</h3>
      <Told title={route.ladder} recipients={decision.ladder} visit={visit} />
      <h3>{route.trials}</h3>
      <Rows
        caption={route.trials}
        rows={trials}
        idOf={({ rule }) => rule}
        empty={none}
        columns={[
          { head: said.rule, cell: ({ rule }) => rule },
          { head: route.fits, cell: ({ fits }) => (fits ? <strong>{yes}</strong> : no) },
          {
            head: route.because,
            cell: ({ because, conditions }) =>
              visit.language === 'en' ? because.join('; ') : triedText(conditions, said),
          },
        ]}
      />
      {host !== null && host.evidence.length > 0 && (
        <>
          <h3>{route.evidence}</h3>
          <Rows
            caption={route.evidence}
            rows={host.evidence.map((one, place) => ({ ...one, place }))}
            idOf={({ place }) => String(place)}
            empty={none}
            columns={[
              { head: route.step, cell: ({ step }) => step },
              { head: route.question, cell: ({ question }) => question },
              { head: route.answer, cell: ({ answer }) => tracedIn(visit.language, answer) },
              { head: said.when, cell: ({ at }) => <When at={at} /> },
            ]}
          />
        </>
      )}
    </>
  )
}

function Told({
  title,
  recipients,
  visit,
}: {
  readonly title: string
  readonly recipients: readonly Recipient[]
  readonly visit: Visit
}) {
  const { policy: said, queue } = visit.words
  const { route } = said
  return (
    <Rows
      caption={title}
      rows={recipients}
      idOf={({ key }) => key}
      empty={queue.nobody}
      columns={[
        {
          head: route.who,
          cell: ({ name, role }) => `${laidDownIn(visit.language, name)} (${said.roles[role]})`,
        },
        { head: route.way, cell: ({ channel }) => wayText(channel, visit) },
        { head: said.language, cell: ({ language }) => language },
        { head: said.priority, cell: ({ priority }) => priority },
        {
          head: route.waits,
          cell: ({ hold, needsApproval }) =>
            [
              ...(hold === null ? [] : [said.waits(hold.timeoutHours)]),
              ...(needsApproval ? [route.approval] : []),
            ].join('; ') || route.nothing,
        },
      ]}
    />
  )
}

/** Where it goes: an address as it is, and a way without one by its name in the language of the reader. */
function wayText(channel: Recipient['channel'], { language, words }: Visit): string {
  if (language === 'en') return channelText(channel)
  const way = words.notices.ways[channel.kind]
  switch (channel.kind) {
    case 'by-hand':
      return channel.form === undefined ? way : `${way}: ${channel.form}`
    case 'iccam-export':
      return `${way} (${channel.country})`
    case 'interpol-export':
      return way
    default:
      return channelText(channel)
  }
}
