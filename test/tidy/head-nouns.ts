import ts from 'typescript'

export interface SourceText {
  /** Path below src, as `access/keys.ts`. */
  readonly name: string
  readonly text: string
}

/** `Keys` and `Key` are one noun; `Status` and `Radius` are no plurals. */
function singular(noun: string): string {
  if (/(?:ss|us|is)$/.test(noun)) return noun
  return noun.replace(/ies$/, 'y').replace(/s$/, '')
}

/** The nouns that a glossary explains: the last word of each term in the first column of its tables. */
export function glossaryNouns(text: string): ReadonlySet<string> {
  const terms = [...text.matchAll(/^\| ([^|]+) \|/gm)].flatMap(([, cell = '']) => cell.split(', '))
  return new Set(terms.map((term) => singular(term.split(' ').at(-1)?.toLowerCase() ?? '')))
}

/**
 * Nouns that types exported by two or more folders end in, with these types. What one folder alone uses is
 * local to it, and the type of a function is named by what it does.
 */
export function sharedNouns(sources: readonly SourceText[]): ReadonlyMap<string, string[]> {
  const types = new Map<string, string[]>()
  for (const { name, text } of sources) {
    const [folder = ''] = name.split('/')
    for (const type of exportedTypes(ts.createSourceFile(name, text, ts.ScriptTarget.Latest))) {
      const noun = singular(/[A-Z][a-z0-9]*$/.exec(type)?.[0].toLowerCase() ?? type)
      types.set(noun, [...(types.get(noun) ?? []), `${folder}/${type}`])
    }
  }
  const isShared = (names: readonly string[]) =>
    new Set(names.map((name) => name.split('/')[0])).size > 1
  return new Map([...types].filter(([, names]) => isShared(names)))
}

function exportedTypes({ statements }: ts.SourceFile): readonly string[] {
  return statements.flatMap((statement) => {
    const isType =
      ts.isInterfaceDeclaration(statement) ||
      ts.isClassDeclaration(statement) ||
      (ts.isTypeAliasDeclaration(statement) && !ts.isFunctionTypeNode(statement.type))
    if (!isType || statement.name === undefined) return []
    const isExported = statement.modifiers?.some(({ kind }) => kind === ts.SyntaxKind.ExportKeyword)
    return isExported === true ? [statement.name.text] : []
  })
}
