import { Frame } from './components/frame.tsx'
import { Message } from './components/message.tsx'
import type { Page, Visit } from './page.ts'
import { Visiting } from './visiting.ts'

/** The document of a page. Rejects as the operations do that it asks. */
export async function renderPage(shown: Page, visit: Visit, input: unknown): Promise<string> {
  const { title, body } = await shown.show(visit, input)
  const document = (
    <Visiting value={visit}>
      <Frame visit={visit} title={title}>
        <Message />
        {body}
      </Frame>
    </Visiting>
  )
  return `<!doctype html>${await document}`
}
