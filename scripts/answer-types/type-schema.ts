import ts from 'typescript'

type Schema = Readonly<Record<string, unknown>>

/** TypeScript types to JSON Schema (2020-12), for what is plain data. */
export interface SchemaWriter {
  /** Types with a name that were met so far. */
  readonly schemas: Record<string, Schema>
  /** Those of them that only their own file knows: what it writes may go further than it thinks. */
  readonly unexported: readonly string[]
  /** The schema of one of these types; undefined where that is nothing at all. Throws where JSON cannot hold it. */
  anyOf(types: readonly ts.Type[], where: string): Schema | undefined
}

export function createSchemaWriter(
  checker: ts.TypeChecker,
  { sources, taken }: { readonly sources: string; readonly taken: readonly string[] },
): SchemaWriter {
  const schemas: Record<string, Schema> = {}
  const named = new Map<ts.Symbol, string>()
  const unexported: string[] = []

  function anyOf(types: readonly ts.Type[], where: string): Schema | undefined {
    const parts = types.flatMap(partsOf).filter(({ flags }) => !(flags & NOTHING))
    if (parts.length === 0) return undefined
    const texts = parts.filter((part) => part.isStringLiteral()).map(({ value }) => value)
    const numbers = parts.filter((part) => part.isNumberLiteral()).map(({ value }) => value)
    const truths = parts.filter(({ flags }) => flags & ts.TypeFlags.BooleanLiteral)
    const others = parts.filter(
      (part) => !part.isLiteral() && !(part.flags & ts.TypeFlags.BooleanLiteral),
    )
    const schemas = [
      ...(texts.length === 0 ? [] : [{ enum: texts.sort() }]),
      ...(numbers.length === 0 ? [] : [{ enum: numbers.sort((a, b) => a - b) }]),
      ...(truths.length === 0 ? [] : [{ type: 'boolean' }]),
      ...others.map((part) => one(part, where)),
    ]
    const [only, ...more] = distinct(schemas)
    return more.length === 0 ? only : { anyOf: [only, ...more] }
  }

  /** Named where it has a name of ours. */
  function of(type: ts.Type, where: string): Schema {
    const name = nameOf(type)
    if (name === undefined) return anyOf([type], where) ?? {}
    if (schemas[name] === undefined) {
      // Before it is filled, for a type may hold itself.
      schemas[name] = {}
      schemas[name] = { ...documented(symbolOf(type)), ...bare(type, where) }
    }
    return { $ref: `#/components/schemas/${name}` }
  }

  function bare(type: ts.Type, where: string): Schema {
    return type.isUnion() ? (anyOf([type], where) ?? {}) : structure(type, where)
  }

  function one(type: ts.Type, where: string): Schema {
    return nameOf(type) === undefined ? structure(type, where) : of(type, where)
  }

  function structure(type: ts.Type, where: string): Schema {
    const { flags } = type
    if (flags & (ts.TypeFlags.Any | ts.TypeFlags.Unknown)) return {}
    if (flags & ts.TypeFlags.StringLike) return { type: 'string' }
    if (flags & ts.TypeFlags.NumberLike) return { type: 'number' }
    if (flags & ts.TypeFlags.BooleanLike) return { type: 'boolean' }
    if (flags & ts.TypeFlags.Null) return { type: 'null' }
    if (flags & ts.TypeFlags.NonPrimitive) return { type: 'object' }
    if (checker.isTupleType(type) || checker.isArrayType(type)) {
      const elements = checker.getTypeArguments(type as ts.TypeReference)
      return { type: 'array', items: anyOf(elements, where) ?? {} }
    }
    if (type.getCallSignatures().length > 0 || type.getProperty('byteLength') !== undefined) {
      throw new Error(`${where} answers what JSON cannot hold: ${checker.typeToString(type)}`)
    }
    return object(type, where)
  }

  function object(type: ts.Type, where: string): Schema {
    const properties: Record<string, Schema> = {}
    const required: string[] = []
    for (const property of checker.getPropertiesOfType(type)) {
      const { name } = property
      const value = checker.getTypeOfSymbol(property)
      if (partsOf(value).every(({ flags }) => flags & NOTHING)) continue
      properties[name] = { ...documented(property), ...of(value, `${where} ${name}`) }
      if (!isOptional(property, value)) required.push(name)
    }
    const [index] = checker.getIndexInfosOfType(type)
    return {
      type: 'object',
      ...(Object.keys(properties).length === 0 ? {} : { properties }),
      ...(required.length === 0 ? {} : { required }),
      ...(index === undefined ? {} : { additionalProperties: of(index.type, where) }),
    }
  }

  function isOptional(property: ts.Symbol, value: ts.Type): boolean {
    return (
      (property.flags & ts.SymbolFlags.Optional) !== 0 ||
      partsOf(value).some(({ flags }) => flags & NOTHING)
    )
  }

  function nameOf(type: ts.Type): string | undefined {
    const symbol = symbolOf(type)
    const isGeneric =
      (type.aliasTypeArguments ?? (type as ts.TypeReference).typeArguments ?? []).length > 0
    if (symbol === undefined || isGeneric || symbol.name.startsWith('__')) return undefined
    const isOurs = symbol.declarations?.some((at) =>
      at.getSourceFile().fileName.startsWith(sources),
    )
    if (isOurs !== true) return undefined
    return named.get(symbol) ?? newName(symbol)
  }

  /** Its own, unless that means something else already; then with the stage that it comes from. */
  function newName(symbol: ts.Symbol): string {
    const { name } = symbol
    const stage = symbol.declarations?.[0]?.getSourceFile().fileName.slice(sources.length)
    const folder = stage?.split(/[/.]/)[0] ?? ''
    const used = [...taken, ...named.values()]
    const own = used.includes(name) ? capital(folder) + name : name
    if (used.includes(own)) throw new Error(`two types that are answered are called ${own}`)
    named.set(symbol, own)
    if (!isExported(symbol)) unexported.push(own)
    return own
  }

  function documented(symbol: ts.Symbol | undefined): Schema {
    const told = symbol?.getDocumentationComment(checker) ?? []
    const description = ts
      .displayPartsToString([...told])
      .replaceAll(/\s+/g, ' ')
      .trim()
    return description === '' ? {} : { description }
  }

  return {
    schemas,
    unexported,
    anyOf: (types, where) => {
      const [only, ...others] = types
      return only !== undefined && others.length === 0 && nameOf(only) !== undefined
        ? of(only, where)
        : anyOf(types, where)
    },
  }
}

const NOTHING = ts.TypeFlags.Undefined | ts.TypeFlags.Void | ts.TypeFlags.Never

function capital(word: string): string {
  return word.charAt(0).toUpperCase() + word.slice(1)
}

function isExported({ declarations = [] }: ts.Symbol): boolean {
  return declarations.some((at) => {
    return (ts.getCombinedModifierFlags(at) & ts.ModifierFlags.Export) !== 0
  })
}

function symbolOf(type: ts.Type): ts.Symbol | undefined {
  return type.aliasSymbol ?? (type.isUnion() ? undefined : type.getSymbol())
}

function partsOf(type: ts.Type): readonly ts.Type[] {
  return type.isUnion() ? type.types : [type]
}

function distinct(schemas: readonly Schema[]): readonly Schema[] {
  const seen = new Map(schemas.map((schema) => [JSON.stringify(schema), schema]))
  return [...seen.values()]
}
