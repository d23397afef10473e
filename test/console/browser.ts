import { OPERATOR, type Role } from '../../src/access/index.ts'
import { type Api, startApi } from '../http/api.ts'
import { codeOf, PASSWORD } from '../sessions/world.ts'

/** What a browser without script does: it keeps cookies, follows where it is sent, and posts forms. */
export interface Browser {
  readonly cookies: ReadonlyMap<string, string>
  get(path: string): Promise<ShownPage>
  /** Posts a form, with the token of the page that was shown last, and follows. */
  post(path: string, fields: Fields): Promise<ShownPage>
  /** Posts the form of the page shown last that calls an operation, with what is typed over what stands in it. */
  submit(operation: string, typed: Fields): Promise<ShownPage>
}

/** What is sent under each name: one text, or several. */
type Fields = Readonly<Record<string, string | readonly string[]>>

export interface ShownPage {
  readonly status: number
  readonly url: string
  readonly html: string
  readonly headers: Headers
}

const REDIRECTS_MAX = 4

interface Asked {
  readonly method?: string
  readonly headers?: Readonly<Record<string, string>>
  readonly body?: string
}

export function openBrowser(origin: string): Browser {
  const cookies = new Map<string, string>()
  let shown = ''

  async function ask(
    path: string,
    { headers = {}, ...init }: Asked,
    redirects = 0,
  ): Promise<ShownPage> {
    const cookie = Array.from(cookies, ([name, value]) => `${name}=${value}`).join('; ')
    const response = await fetch(new URL(path, origin), {
      ...init,
      redirect: 'manual',
      headers: { ...headers, cookie, 'accept-language': 'en' },
    })
    for (const line of response.headers.getSetCookie()) {
      const [name = '', value = ''] = (line.split(';')[0] ?? '').split('=')
      if (value === '') cookies.delete(name)
      else cookies.set(name, value)
    }
    const html = await response.text()
    const location = response.headers.get('location')
    if (location !== null && redirects < REDIRECTS_MAX) return ask(location, {}, redirects + 1)
    shown = html
    return { status: response.status, url: path, html, headers: response.headers }
  }

  const post = (path: string, fields: Fields) =>
    ask(path, {
      method: 'POST',
      headers: {
        'content-type': 'application/x-www-form-urlencoded',
        'sec-fetch-site': 'same-origin',
      },
      body: encoded({ _token: fieldsIn(shown)['_token']?.[0] ?? '', ...fields }),
    })

  return {
    cookies,
    get: (path) => ask(path, {}),
    post,
    submit(operation, typed) {
      const action = `/console/do/${operation}`
      const form = shown.split('<form').find((one) => one.includes(`action="${action}"`))
      if (form === undefined) throw new Error(`the page has no form for ${operation}`)
      return post(action, { ...fieldsIn(form.split('</form>')[0] ?? ''), ...typed })
    },
  }
}

function encoded(fields: Fields): string {
  const pairs = Object.entries(fields).flatMap(([name, values]) =>
    [values].flat().map((value): [string, string] => [name, value]),
  )
  return new URLSearchParams(pairs).toString()
}

/** The hidden fields of a form, by name. */
function fieldsIn(html: string): Readonly<Record<string, readonly string[]>> {
  const fields = new Map<string, string[]>()
  for (const [, name = '', value = ''] of html.matchAll(
    /<input type="hidden" name="([^"]*)" value="([^"]*)"/g,
  )) {
    fields.set(name, [...(fields.get(name) ?? []), decoded(value)])
  }
  return Object.fromEntries(fields)
}

const ENTITIES: Readonly<Record<string, string>> = {
  '&amp;': '&',
  '&lt;': '<',
  '&gt;': '>',
  '&quot;': '"',
  '&#39;': "'",
}

function decoded(html: string): string {
  return html.replace(/&(?:amp|lt|gt|quot|#39);/g, (entity) => ENTITIES[entity] ?? entity)
}

export interface ConsoleWorld {
  readonly api: Api
  /** A browser in which somebody new with these roles has signed in. */
  signIn(pseudonym: string, ...roles: readonly Role[]): Promise<Browser & { readonly id: string }>
  dispose(): Promise<void>
}

/** A real server, to which people sign in as they do: by an invitation, a password and a second factor. */
export async function openConsole(
  settings: Readonly<Record<string, unknown>> = {},
  changes: Parameters<typeof startApi>[1] = {},
): Promise<ConsoleWorld> {
  // A busy machine is no concern of these tests: how overload is answered has its own.
  const api = await startApi({ 'server.loopDelayMsMax': 60_000, ...settings }, changes)
  return {
    api,
    async signIn(pseudonym, ...roles) {
      const as = api.engine.as(OPERATOR)
      const { id } = await as.people.add({ name: pseudonym, pseudonym, kind: 'person', roles })
      const { code } = await as.sessions.invite({ person: pseudonym })
      const browser = openBrowser(api.url)
      const { html } = await browser.post('/console/welcome', { code })
      const secret = /<code class="url">([A-Z2-7]+)<\/code>/.exec(html)?.[1] ?? ''
      const totp = codeOf(secret, Date.now())
      const enrolled = await browser.post('/console/enrol', { code, password: PASSWORD, totp })
      if (enrolled.status !== 200) throw new Error(enrolled.html)
      return { ...browser, id }
    },
    dispose: () => api.dispose(),
  }
}
