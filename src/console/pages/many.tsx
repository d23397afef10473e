import { z } from 'zod'
import { DISMISSALS } from '../../intake/terms.ts'
import type { BatchReport } from '../../batches/index.ts'
import type { LocalCalls } from '../../operations/index.ts'
import { OperationForm } from '../components/form.tsx'
import { Rows } from '../components/rows.tsx'
import { Section } from '../components/section.tsx'
import { shortId } from '../names.ts'
import { page } from '../page.ts'

const IDS_MAX = 900
/** A form sends one as a text and several as a list. */
const ids = z.preprocess(
  (given) => (typeof given === 'string' ? [given] : given),
  z.array(z.string()).min(1).max(IDS_MAX),
)
const reason = z.string().trim().min(1).max(4_000)

/** What the console does to many at once: what is said of all, and the words for it. */
const asked = z.discriminatedUnion('operation', [
  z.object({
    operation: z.literal('tips.dismissMany'),
    ids,
    'said.why': z.enum(DISMISSALS),
    'said.reason': reason,
  }),
  z.object({
    operation: z.literal('cases.decideMany'),
    'query.alike': z.string(),
    'said.decision': z.enum(['accepted', 'rejected']),
    'said.reason': reason,
  }),
])
type Asked = z.output<typeof asked>

/** Shows what an act upon many would do, before it is done: to how many, and which are left out. */
export const manyPage = page({
  path: '/console/many',
  isPosted: true,
  needs: 'signed-in',
  input: asked,
  async show({ words, calls }, input) {
    const { many } = words
    const report = await dryRun(calls, input)
    const { operation, ...given } = input
    const would = report.found - report.leftOut.length
    return {
      title: many.title,
      body: (
        <>
          <p>
            {operation === 'tips.dismissMany'
              ? `${many.dismiss}: ${words.tip.dismissals[input['said.why']]}`
              : `${many.decide}: ${words.case.decisions[input['said.decision']]}`}
          </p>
          <p>{many.reason(input['said.reason'])}</p>
          <p class="message" role="status">
            {would === 0 ? many.wouldNone : many.would(would)}
          </p>
          {would > 0 && (
            <OperationForm
              operation={operation}
              next="/console"
              label={many.title}
              given={{ ...given, count: String(report.found) }}
            >
              <button type="submit">{many.go(would)}</button>
            </OperationForm>
          )}
          {report.leftOut.length > 0 && (
            <Section id="left-out" title={many.leftOut}>
              <Rows
                caption={many.leftOut}
                rows={report.leftOut}
                idOf={({ id }) => id}
                empty={words.none}
                columns={[
                  { head: 'id', cell: ({ id }) => <code>{shortId(id)}</code> },
                  { head: words.reason, cell: ({ why }) => why },
                ]}
              />
            </Section>
          )}
        </>
      ),
    }
  },
})

function dryRun(calls: LocalCalls, input: Asked): Promise<BatchReport> {
  if (input.operation === 'tips.dismissMany') {
    const said = { why: input['said.why'], reason: input['said.reason'] }
    return calls.tips.dismissMany({ ids: input.ids, said, dryRun: true })
  }
  const said = { decision: input['said.decision'], reason: input['said.reason'] }
  const query = { alike: input['query.alike'] }
  return calls.cases.decideMany({ query, said, dryRun: true })
}
