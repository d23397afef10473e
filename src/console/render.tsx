import { documentText } from './components/document.tsx'
import { Frame } from './components/frame.tsx'
import { Message } from './components/message.tsx'
import type { ConsolePage, PageBody, PageProblem, Visit } from './page.ts'
import type { AnswerPage } from './pages/answers.tsx'
import { failedPage } from './pages/failed.tsx'
import { Visiting } from './visiting.ts'

/** The document of a page. Rejects as the operations do that it asks. */
export async function renderPage(
  shown: ConsolePage,
  visit: Visit,
  input: unknown,
): Promise<string> {
  return documentOf(visit, await shown.show(visit, input), shown.hashesFiles)
}

/** The document of what an operation answered, which no address leads to again. */
export function renderAnswer(
  shown: AnswerPage,
  visit: Visit,
  { answer, next }: { readonly answer: unknown; readonly next: string },
): Promise<string> {
  return documentOf(visit, shown(visit, answer, next))
}

/** The document that says why there is no page. */
export function renderFailure(visit: Visit, why: PageProblem): Promise<string> {
  return documentOf(visit, failedPage(visit, why))
}

function documentOf(visit: Visit, { title, body }: PageBody, hashesFiles = false): Promise<string> {
  return documentText(
    <Visiting value={visit}>
      <Frame visit={visit} title={title} hashesFiles={hashesFiles}>
        <Message />
        {body}
      </Frame>
    </Visiting>,
  )
}
