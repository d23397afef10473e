import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import type { BatchReport } from '../../batches/index.ts'
import {
  answerPage,
  type ConsolePage,
  type FormFields,
  inputOfForm,
  PAGES,
  renderAnswer,
  showsStill,
} from '../../console/index.ts'
import { own } from '../../core/index.ts'
import { HindraError } from '../../errors.ts'
import { ask, isJudging, namedOperations, type Operation } from '../../operations/index.ts'
import type { OpenSession } from '../../sessions/index.ts'
import type { AppOptions } from '../app-options.ts'
import { contentSecurityPolicy } from './content-security.ts'
import { fieldsOf, ownPlace, textOf, theirs } from './forms.ts'
import { sendProof, withProof } from './proofs.ts'
import {
  donePlace,
  HTML,
  problemOf,
  refusalOf,
  requireToken,
  requireUse,
  sendPage,
  visitOf,
} from './visits.ts'

/** Stands in a place for the id of what an operation answered. */
const ANSWERED_ID = ':id'

/** What can be undone on the page from which it was done. */
const UNDONE_THERE: ReadonlySet<string> = new Set([
  'cases.decide',
  'tips.dismiss',
  'assessments.assess',
])

const OPERATIONS: ReadonlyMap<string, Operation> = new Map(
  namedOperations().flatMap(([name, operation]) =>
    operation.kind === 'call' && operation.method === 'POST' ? [[name, operation] as const] : [],
  ),
)

/** Forms that call an operation, whatever it is: guarded, checked and audited as for every other caller. */
export function mountActs(pages: FastifyInstance, options: AppOptions): void {
  const { parts, limits, engine } = options
  const { looks, sessions } = engine.stages

  pages.post(
    '/console/do/:operation',
    { config: { gatekeeping: 'public' } },
    async (request, reply) => {
      const use = await requireUse(request, options)
      const fields = fieldsOf(request)
      requireToken(request, sessions, use.token)
      const { operation: name = '' } = request.params as { readonly operation?: string }
      const operation = OPERATIONS.get(name)
      if (operation === undefined) throw new HindraError('NOT_FOUND', 'there is no such operation')
      limits.admit(use.principal, operation.rate)
      try {
        const proved = await withProof(fields, sessions, use)
        const input = inputOfForm(operation, theirs(fields))
        if (isJudging(operation.needs)) await looks.worked(proved.principal)
        const act = async () => (await ask(parts, operation, proved.principal, input)).answer
        let answer = await act()
        // An act upon many does some of them at a time: the same call goes on.
        while (isBatch(answer) && answer.state === 'running') answer = await act()
        const next = ownPlace(textOf(fields, '_next').replace(ANSWERED_ID, idOfAnswer(answer)))
        const shown = answerPage(name)
        if (shown !== undefined) {
          const place = ownPlace(textOf(fields, '_place'))
          const visit = { ...visitOf(request, options, use), place }
          if (showsStill(name)) {
            reply.header('content-security-policy', contentSecurityPolicy([], 'still'))
          }
          const html = await renderAnswer(shown, visit, { answer, next })
          return await reply.type(HTML).send(html)
        }
        const to = isBatch(answer) ? { done: answer.done, left: answer.leftOut.length } : undefined
        const from = ownPlace(textOf(fields, '_place'))
        const back = UNDONE_THERE.has(name) && from !== next ? from : undefined
        return await reply.redirect(donePlace(next, to, back), 303)
      } catch (cause) {
        const error = refusalOf(request, cause)
        if (error.code === 'STEP_UP_NEEDED') {
          const action = `/console/do/${name}`
          return sendProof(request, reply, options, { use, action, fields, error })
        }
        return sendAgain(request, reply, options, { use, name, fields, error })
      }
    },
  )
}

function isBatch(answer: unknown): answer is BatchReport {
  return typeof answer === 'object' && answer !== null && 'batchId' in answer
}

function idOfAnswer(answer: unknown): string {
  const [one] = Array.isArray(answer) ? (answer as readonly unknown[]) : [answer]
  const id = own((one ?? {}) as Readonly<Record<string, unknown>>, 'id')
  return typeof id === 'string' ? id : ''
}

/** The page that the form stands on, with why it was refused and what was typed. */
async function sendAgain(
  request: FastifyRequest,
  reply: FastifyReply,
  options: AppOptions,
  {
    use,
    name,
    fields,
    error,
  }: {
    readonly use: OpenSession & { readonly token: string }
    /** Of the operation. */
    readonly name: string
    readonly fields: FormFields
    readonly error: HindraError
  },
): Promise<FastifyReply> {
  const place = ownPlace(textOf(fields, '_place'))
  const found = pageAt(place)
  if (found === undefined || found.page.isPosted === true) throw error
  const refused = { why: problemOf(error), operation: name, sent: theirs(fields), place }
  const visit = visitOf(request, options, use, refused)
  return sendPage(reply, found.page, { visit, given: found.given, status: error.status })
}

/** The page at a place of the console, and what its path and query say. */
function pageAt(place: string): { readonly page: ConsolePage; readonly given: object } | undefined {
  const { pathname, searchParams } = new URL(place, 'http://console')
  const steps = pathname.split('/')
  for (const page of PAGES) {
    const pattern = page.path.split('/')
    if (pattern.length !== steps.length) continue
    const pairs = pattern.map((part, at) => [part, steps[at] ?? ''] as const)
    if (!pairs.every(([part, step]) => part.startsWith(':') || part === step)) continue
    const params = pairs.flatMap(([part, step]) =>
      part.startsWith(':') ? [[part.slice(1), step] as const] : [],
    )
    return { page, given: Object.fromEntries([...searchParams, ...params]) }
  }
  return undefined
}
