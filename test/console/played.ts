import { existsSync } from 'node:fs'
import { type BrowserContextOptions, chromium, type Locator, type Page } from 'playwright-core'
import { PATIENCE_MS } from './patience.ts'

const CHROMIUM = '/usr/bin/chromium'
/** More presses than any page takes from its first link to its last. */
const TABS_MAX = 250

export const isChromiumThere = existsSync(CHROMIUM)
if (!isChromiumThere) console.warn(`skipped: stories need ${CHROMIUM} (Debian: chromium)`)

/** Real browsers, each of them somebody's own. */
export interface Seats {
  /** A page in a browser of their own, with what a visitor has kept so far. */
  sit(
    at: string,
    visitor?: { readonly cookies: ReadonlyMap<string, string> },
    options?: BrowserContextOptions,
  ): Promise<Page>
  close(): Promise<void>
}

export async function openSeats(): Promise<Seats> {
  const browser = await chromium.launch({ executablePath: CHROMIUM, args: ['--no-sandbox'] })
  return {
    async sit(at, visitor, options = {}) {
      const context = await browser.newContext({ locale: 'en-GB', ...options })
      context.setDefaultTimeout(PATIENCE_MS)
      const cookies = visitor?.cookies ?? new Map<string, string>()
      const { origin } = new URL(at)
      await context.addCookies(
        Array.from(cookies, ([name, value]) => ({ name, value, url: origin })),
      )
      const page = await context.newPage()
      await page.goto(at)
      return page
    },
    close: () => browser.close(),
  }
}

/** The form of a page that calls an operation. */
export function formOf(page: Page, operation: string): Locator {
  return page.locator(`form[action="/console/do/${operation}"]`)
}

/** What is said on the page, as somebody reads it. */
export function read(page: Page): Promise<string> {
  return page.locator('main').innerText()
}

/** Goes there by the Tab key alone. Throws where nobody comes there so. */
export async function tabTo(target: Locator): Promise<void> {
  const page = target.page()
  await target.waitFor()
  for (let pressed = 0; pressed <= TABS_MAX; pressed += 1) {
    if ((await target.and(page.locator(':focus')).count()) > 0) return
    await page.keyboard.press('Tab')
  }
  throw new Error(`the Tab key never comes to ${String(target)}`)
}

/** Goes there by the Tab key, and presses Enter. */
export async function pressAt(target: Locator): Promise<void> {
  await tabTo(target)
  await target.page().keyboard.press('Enter')
}

/** Goes there by the Tab key, and writes. */
export async function writeAt(target: Locator, text: string): Promise<void> {
  await tabTo(target)
  await target.page().keyboard.type(text)
}

/** Chooses one of several buttons by Tab, Space and the arrows. Throws where nobody comes there so. */
export async function chooseAt(group: Locator, value: string): Promise<void> {
  const { keyboard } = group.page()
  const buttons = group.locator('input[type=radio]')
  const wanted = group.locator(`input[type=radio][value="${value}"]`)
  await tabTo(buttons.first())
  await keyboard.press('Space')
  for (let pressed = await buttons.count(); pressed > 0; pressed -= 1) {
    if (await wanted.isChecked()) return
    await keyboard.press('ArrowDown')
  }
  throw new Error(`no arrow comes to ${value}`)
}

/** Drops a file where a page has it hashed. */
export async function dropOn(
  page: Page,
  { name, bytes }: { readonly name: string; readonly bytes: Uint8Array },
): Promise<void> {
  // It is hidden until the script listens.
  await page.locator('form[data-hashes-files]').waitFor()
  await page.evaluate(`(() => {
    const carried = new DataTransfer()
    const base64 = ${JSON.stringify(Buffer.from(bytes).toString('base64'))}
    const bytes = Uint8Array.from(atob(base64), (one) => one.charCodeAt(0))
    carried.items.add(new File([bytes], ${JSON.stringify(name)}))
    document.querySelector('[data-drop]').dispatchEvent(
      new DragEvent('drop', { bubbles: true, cancelable: true, dataTransfer: carried }),
    )
  })()`)
}
