import { Secret, TOTP } from 'otpauth'
import { OPERATOR } from '../../src/access/index.ts'
import type { Engine } from '../../src/engine.ts'

const PASSWORD = 'seven green kettles'
const REDIRECTS_MAX = 4

export interface ShownPage {
  readonly place: string
  readonly html: string
}

/** A browser in which an analyst has signed in, as far as the server can tell. */
export interface Desk {
  readonly cookies: ReadonlyMap<string, string>
  get(place: string): Promise<ShownPage>
  /** Posts a form with the token of the page that was shown last, and follows. */
  post(place: string, fields: Readonly<Record<string, string>>): Promise<ShownPage>
  /** Posts the form of the page shown last that calls an operation. */
  submit(operation: string, typed: Readonly<Record<string, string>>): Promise<ShownPage>
}

/** Invites somebody, who sets password and second factor by the forms of the console. */
export async function signIn(engine: Engine, origin: string): Promise<Desk> {
  const as = engine.as(OPERATOR)
  const roles = ['analyst', 'officer', 'auditor'] as const
  const person = { name: 'Bench', pseudonym: 'BENCH', kind: 'person', roles: [...roles] } as const
  await as.people.add(person)
  const { code } = await as.sessions.invite({ person: 'BENCH' })
  const desk = openDesk(origin)
  const { html } = await desk.post('/console/welcome', { code })
  const secret = /<code class="url">([A-Z2-7]+)<\/code>/.exec(html)?.[1] ?? ''
  const totp = new TOTP({ secret: Secret.fromBase32(secret) }).generate()
  await desk.post('/console/enrol', { code, password: PASSWORD, totp })
  return desk
}

function openDesk(origin: string): Desk {
  const cookies = new Map<string, string>()
  let shown = ''

  async function ask(place: string, body?: string, redirects = 0): Promise<ShownPage> {
    const cookie = Array.from(cookies, ([name, value]) => `${name}=${value}`).join('; ')
    const response = await fetch(new URL(place, origin), {
      redirect: 'manual',
      headers: {
        cookie,
        'sec-fetch-site': 'same-origin',
        ...(body !== undefined && { 'content-type': 'application/x-www-form-urlencoded' }),
      },
      ...(body !== undefined && { method: 'POST', body }),
    })
    for (const line of response.headers.getSetCookie()) {
      const [name = '', value = ''] = (line.split(';')[0] ?? '').split('=')
      cookies.set(name, value)
    }
    const html = await response.text()
    const location = response.headers.get('location')
    if (location !== null && redirects < REDIRECTS_MAX)
      return ask(location, undefined, redirects + 1)
    if (response.status >= 400)
      throw new Error(`${place}: ${response.status} ${html.slice(0, 2_000)}`)
    shown = html
    return { place, html }
  }

  const post = (place: string, fields: Readonly<Record<string, string>>) =>
    ask(
      place,
      new URLSearchParams({ _token: hiddenIn(shown)['_token'] ?? '', ...fields }).toString(),
    )

  return {
    cookies,
    get: (place) => ask(place),
    post,
    submit(operation, typed) {
      const action = `/console/do/${operation}`
      const form = shown.split('<form').find((one) => one.includes(`action="${action}"`))
      if (form === undefined) throw new Error(`the page has no form for ${operation}`)
      return post(action, { ...hiddenIn(form.split('</form>')[0] ?? ''), ...typed })
    },
  }
}

function hiddenIn(html: string): Readonly<Record<string, string>> {
  const fields = html.matchAll(/<input type="hidden" name="([^"]*)" value="([^"]*)"/g)
  return Object.fromEntries(
    Array.from(fields, ([, name = '', value = '']) => [name, value.replaceAll('&amp;', '&')]),
  )
}
