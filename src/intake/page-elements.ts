import { Parser } from 'htmlparser2'

export type Attributes = Readonly<Record<string, string | undefined>>

/**
 * Every start tag of a page, in order, whatever it is nested in. Elements have no content here: the
 * parser would keep a stack of those that are open, which a hostile page makes as long as itself,
 * and the time to handle it grows with its square.
 */
class FlatParser extends Parser {
  protected override isVoidElement(): boolean {
    return true
  }
}

/** Calls back for each start tag until one answers `stop`. Names are in lower case. */
export function eachElement(
  html: string,
  visit: (name: string, attributes: Attributes) => 'stop' | undefined,
): void {
  let isStopped = false
  const parser: Parser = new FlatParser({
    onopentag(name, attributes) {
      if (isStopped) return
      isStopped = visit(name, attributes) === 'stop'
      if (isStopped) parser.pause()
    },
  })
  // As HTML has it for attributes, and for names.
  parser.write(html.replaceAll('\0', '\ufffd'))
}
