import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import type { Principal } from '../../access/index.ts'
import {
  type FormFields,
  HASHER,
  PICTURE_WORDS,
  PUBLIC_WORDS,
  type PublicView,
  renderGivenReceipt,
  renderReceiptForm,
  renderTipForm,
  renderTipState,
} from '../../console/index.ts'
import { defined } from '../../core/index.ts'
import { HindraError } from '../../errors.ts'
import { TIP_CATEGORIES } from '../../intake/terms.ts'
import { callsFor, type LocalCalls } from '../../operations/index.ts'
import { TIPLINE_SENTENCES } from '../../tipline/terms.ts'
import type { AppOptions } from '../app-options.ts'
import { cutOffLater } from '../refuse.ts'
import { contentSecurityPolicy } from './content-security.ts'
import { sendHtml } from './doorway.ts'
import { fieldsOf, requireOwnForm, takeUrlencoded, textOf } from './forms.ts'
import { isLanguage, refusalOf } from './visits.ts'

const PUBLIC = { config: { gatekeeping: 'public' } } as const

/** Who asks for the public: a machine that may bring tips and open receipts, and nothing else. */
const PAGE: Principal = { id: 'page', pseudonym: 'page', kind: 'machine', roles: ['reporter'] }

type Calls = LocalCalls['tipline']

/** What somebody who has a receipt does with it; `said`: what they are told of it. */
type Act = (
  calls: Calls,
  asked: Parameters<Calls['look']>[0],
  fields: FormFields,
) => ReturnType<Calls['look']>

/**
 * The page on which the public tells, without an account and without a cookie. No address of anybody is kept or logged:
 * the tipline digests it, under a key that changes each hour.
 */
export function mountPublic(app: FastifyInstance, options: AppOptions): void {
  const { engine, parts, pressure } = options
  const { frameOrigins, leaveTo } = engine.config.tipline
  const calls = callsFor(parts, PAGE).tipline

  void app.register((pages, _options, registered) => {
    takeUrlencoded(pages)
    pages.addHook('onRequest', (request, reply, done) => {
      pressure.check()
      reply.header(
        'content-security-policy',
        contentSecurityPolicy(frameOrigins, HASHER === undefined ? undefined : 'hasher'),
      )
      if (frameOrigins.length > 0) reply.removeHeader('x-frame-options')
      if (request.method === 'POST') requireOwnForm(request)
      done()
    })
    pages.setErrorHandler(async (cause, request, reply) => {
      const error = refusalOf(request, cause)
      cutOffLater(request)
      return sendHtml(reply, tipForm(viewOf(request, fieldsOf(request)), error), error.status)
    })

    pages.get('/tip', PUBLIC, (request, reply) => sendHtml(reply, tipForm(viewOf(request))))

    pages.post('/tip', PUBLIC, async (request, reply) => {
      const fields = fieldsOf(request)
      const view = viewOf(request, fields)
      const typed = typedOf(fields)
      try {
        const { url, words } = typed
        const { receipt } = await calls.tell({
          language: view.language,
          ...defined({
            url,
            words,
            category: TIP_CATEGORIES.find((one) => one === typed.category),
            // Pictures are taken of the sender alone, and the form says so above them.
            aboutMe: (typed.aboutMe ?? typed.pictures) === undefined ? undefined : true,
            inDangerNow: typed.inDangerNow === undefined ? undefined : true,
            pictures: picturesOf(typed),
          }),
          work: workOf(fields),
          caller: request.ip,
        })
        return await sendHtml(reply, renderGivenReceipt({ ...view, receipt }), 201)
      } catch (cause) {
        const error = refusalOf(request, cause)
        return sendHtml(reply, tipForm(view, error, typed), error.status)
      }
    })

    pages.post('/tip/keep', PUBLIC, async (request, reply) => {
      const fields = fieldsOf(request)
      const view = viewOf(request, fields)
      const receipt = textOf(fields, 'receipt')
      if (!receipt.endsWith(textOf(fields, 'end')) || textOf(fields, 'end').length !== 4) {
        const problem = TIPLINE_SENTENCES[view.language].lastFourWrong
        return sendHtml(reply, renderGivenReceipt({ ...view, receipt, problem }), 400)
      }
      return open(request, reply, (one, asked) => one.keep(asked))
    })

    pages.get('/tip/receipt', PUBLIC, (request, reply) =>
      sendHtml(reply, renderReceiptForm(viewOf(request))),
    )
    pages.post('/tip/receipt', PUBLIC, (request, reply) =>
      open(request, reply, (one, asked) => one.look(asked)),
    )
    pages.post('/tip/message', PUBLIC, (request, reply) =>
      open(
        request,
        reply,
        (one, asked, fields) => one.write({ ...asked, text: textOf(fields, 'text') }),
        'messageTaken',
      ),
    )
    pages.post('/tip/url', PUBLIC, (request, reply) =>
      open(
        request,
        reply,
        (one, asked, fields) => one.add({ ...asked, url: textOf(fields, 'url') }),
        'urlTaken',
      ),
    )
    pages.post('/tip/withdraw', PUBLIC, (request, reply) =>
      open(request, reply, (one, asked) => one.withdraw(asked)),
    )
    registered()
  })

  function viewOf(request: FastifyRequest, fields: FormFields = {}): PublicView {
    const { language = '' } = request.query as { readonly language?: string }
    const asked = [textOf(fields, 'language'), language].find(isLanguage)
    const { 'accept-language': preferred = '' } = request.headers
    return { language: asked ?? (/^\s*en\b/i.test(preferred) ? 'en' : 'sv'), leaveTo }
  }

  async function tipForm(
    view: PublicView,
    error?: HindraError,
    typed: ReturnType<typeof typedOf> = {},
  ): Promise<string> {
    const work = await calls.challenge()
    const problem = error === undefined ? undefined : problemOf(view, error)
    return renderTipForm({ ...view, work, typed, ...defined({ problem }) })
  }

  async function open(
    request: FastifyRequest,
    reply: FastifyReply,
    act: Act,
    taken?: 'messageTaken' | 'urlTaken',
  ): Promise<FastifyReply> {
    const fields = fieldsOf(request)
    const view = viewOf(request, fields)
    const receipt = textOf(fields, 'receipt')
    const { language } = view
    try {
      const asked = { receipt, language, work: workOf(fields), caller: request.ip }
      const tip = await act(calls, asked, fields)
      const said = taken === undefined ? undefined : TIPLINE_SENTENCES[language][taken]
      return await sendHtml(reply, renderTipState({ ...view, receipt, tip, ...defined({ said }) }))
    } catch (cause) {
      const error = refusalOf(request, cause)
      const work = error.code === 'WORK_REFUSED' ? await calls.challenge() : undefined
      const again = { ...view, work, problem: problemOf(view, error) }
      return sendHtml(reply, renderReceiptForm(again), error.status)
    }
  }
}

function typedOf(fields: FormFields) {
  const [url, words, category, aboutMe, inDangerNow, pictures] = [
    'url',
    'words',
    'category',
    'aboutMe',
    'inDangerNow',
    'pictures',
  ].map((name) => textOf(fields, name).trim() || undefined)
  return defined({ url, words, category, aboutMe, inDangerNow, pictures })
}

type Pictures = Exclude<Parameters<Calls['tell']>[0]['pictures'], undefined>

/** The hashes that the browser made. Throws INVALID_INPUT where they are no JSON; the operation checks what they are. */
function picturesOf({ pictures }: ReturnType<typeof typedOf>): Pictures | undefined {
  if (pictures === undefined) return undefined
  try {
    return JSON.parse(pictures) as Pictures
  } catch (cause) {
    throw new HindraError('INVALID_INPUT', 'pictures: no JSON', { field: 'pictures', cause })
  }
}

function workOf(fields: FormFields) {
  const nonce = textOf(fields, 'nonce')
  return { token: textOf(fields, 'token'), ...(nonce !== '' && { nonce }) }
}

/** In words for the public, which quote nothing of ours. */
function problemOf({ language }: PublicView, { code, field }: HindraError): string {
  const isOfPictures = field?.startsWith('pictures') === true
  if (isOfPictures) return PICTURE_WORDS[language].refused
  const say = TIPLINE_SENTENCES[language]
  switch (code) {
    case 'RECEIPT_UNKNOWN':
      return say.receiptUnknown
    case 'TIPLINE_BUSY':
    case 'OVERLOADED':
      return say.busy
    case 'INVALID_INPUT':
    case 'URL_INVALID':
      return PUBLIC_WORDS[language].nothing
    default:
      return say.sendAgain
  }
}
