import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { generateKey } from 'openpgp'
import { expect } from 'vitest'
import { sceneJpeg } from '../../fixtures/index.ts'
import { ROLES } from '../../src/access/index.ts'
import { defined } from '../../src/core/index.ts'
import { httpHost } from '../intake/hosts.ts'
import { Authenticator } from '../sessions/authenticator.ts'
import { codeOf, from, PASSWORD } from '../sessions/world.ts'
import { ALPHA } from '../takedown/world.ts'
import { startApi } from './api.ts'
import { createConformance, type Described } from './conformance.ts'

export const POLICE = 'police@police.example'
/** Where people would reach the console. */
const CONSOLE = 'https://console.example'

export type Answer = Readonly<Record<string, string>> & {
  readonly entries?: readonly { id: string }[]
}

export type DescribedApi = Awaited<ReturnType<typeof openDescribedApi>>

/**
 * A real server with a host that shows a page with a picture at `/page` and the picture elsewhere, and two people who are
 * asked about what is National; each answer is held against the document that describes the API.
 */
export async function openDescribedApi() {
  const size = { width: 320, height: 240 }
  const known = await sceneJpeg(41, size)
  const other = await sceneJpeg(42, size)
  const policy = mkdtempSync(join(tmpdir(), 'hindra-conformance-'))
  const two = 'version: "1"\ncases: { National: two, Ignore: two }\n'
  writeFileSync(join(policy, 'second-assessments.yaml'), two)
  const all = 'version: "1"\nofHundred: { matches: 100, assessments: 100 }\n'
  writeFileSync(join(policy, 'blind-samples.yaml'), all)
  const host = await httpHost((request, response) => {
    const isPage = request.url === '/page'
    response.setHeader('content-type', isPage ? 'text/html' : 'image/jpeg')
    response.end(isPage ? '<!doctype html><img src="/shown.jpg"><a href=/b>b</a>' : other)
  })
  const api = await startApi({
    'policy.directory': policy,
    'sessions.url': CONSOLE,
    'openid.issuer': 'https://provider.example',
    'openid.clientId': 'hindra',
    'openid.clientSecret': 'not asked for here',
    'openid.amr': ['mfa'],
    'fetch.allowNetworks': ['127.0.0.0/8'],
    'fetch.allowPorts': [host.port],
    'server.loopDelayMsMax': 60_000,
    'webhooks.allowHttpLoopback': true,
    'tipline.workBits': 8,
    'trace.providers': [ALPHA],
    'route.addresses': { police: POLICE },
    'takedown.confidence': { [POLICE]: { openpgp: await policeKey(policy) } },
    'limits.writesPerMinute': 100_000,
  })
  // Who watches has no other role.
  const roles = ROLES.filter((role) => role !== 'monitor')
  const one = (await api.keyOf(...roles)).key
  const second = (await api.keyOf(...roles)).key
  const document = (await api.call('GET', '/v1/openapi.json', { key: one })).body as Described
  const conformance = createConformance(document)

  /** Calls, and fails where the answer is not as described. */
  async function ask(
    method: string,
    path: string,
    body?: unknown,
    options: { key?: string | null; headers?: Readonly<Record<string, string>> } = {},
  ): Promise<Answer> {
    const { key = one, headers = {} } = options
    const answer = await api.call(method, path, {
      ...(key === null ? {} : { key }),
      ...defined({ body }),
      headers,
    })
    held(method, path, answer)
    return answer.body as Answer
  }

  function held(
    method: string,
    path: string,
    answer: { readonly status: number; readonly headers: Headers; readonly body: unknown },
  ): void {
    const { status, body } = answer
    const contentType = answer.headers.get('content-type') ?? ''
    const faults = conformance.faults({ method, path, status, contentType, body })
    expect([method, path, status, body, faults]).toEqual([method, path, status, body, []])
  }

  async function upload(path: string, parts: Readonly<Record<string, string | Buffer>>) {
    const form = new FormData()
    for (const [name, part] of Object.entries(parts)) {
      if (typeof part === 'string') form.append(name, part)
      else form.append(name, new Blob([Uint8Array.from(part)]), name)
    }
    const headers = { authorization: `Bearer ${one}` }
    const answer = await fetch(`${api.url}${path}`, { method: 'POST', headers, body: form })
    const { status, headers: given } = answer
    const body: unknown = await answer.json()
    held('POST', path, { status, headers: given, body })
    return body as Answer
  }

  /** As a browser does: the id of the session, and of a passkey that was added in it. */
  async function signIn(
    personId: string,
  ): Promise<{ readonly session: string; readonly passkey: string }> {
    const { code = '' } = await ask('POST', '/v1/invitations', { person: personId })
    const { sessions } = api.engine.stages
    const { secret } = await sessions.welcome(code, from())
    const totp = codeOf(secret, Date.now())
    const { token, session } = await sessions.enrol({ code, password: PASSWORD, totp }, from())
    const registration = new Authenticator(CONSOLE).create(await sessions.passkeys.askToAdd(token))
    const { id: passkey } = await sessions.passkeys.add(token, { name: 'key', registration })
    return { session: session.id, passkey }
  }

  return {
    api,
    host,
    conformance,
    document,
    one,
    second,
    known,
    other,
    ask,
    upload,
    signIn,
    async dispose() {
      await api.dispose()
      await host.close()
      rmSync(policy, { recursive: true, force: true })
    },
  }
}

/** The public key of police, in a file. */
async function policeKey(folder: string): Promise<string> {
  const { publicKey } = await generateKey({ userIDs: [{ email: POLICE }] })
  const file = join(folder, 'police.asc')
  writeFileSync(file, publicKey)
  return file
}
